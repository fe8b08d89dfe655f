"""New revisions as the project's env.py wants them: ``process_revision_directives``, and ``template_args`` for the template.

Runs in the child process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Any

from gitmig import ops
from gitmig.adapters.importerrors import importing
from gitmig.autogen.classify import classify
from gitmig.autogen.naming import default_message
from gitmig.commands.autogenerate import Asked, Difference, Proposed, compare, propose, revision_id, same_place, written
from gitmig.commands.baseline import Source
from gitmig.commands.envcontext import env_context
from gitmig.commands.loading import Models
from gitmig.commands.newrevision import NewFile, Placement, RevisionRequest, compose, place, random_id
from gitmig.commands.parts import bare_parts
from gitmig.compat.alembic.opsbase import DowngradeOps, MigrationScript, UpgradeOps
from gitmig.compat.alembic.rewriting import Objects, call_directives
from gitmig.errors import ConfigError, SchemaError
from gitmig.runtime.envcapture import Captured, env_path
from gitmig.schema.spelling import dialect_named
from gitmig.script.template import NewRevision, RevisionPart


def propose_directed(source: Source, models: Models, asked: Asked, *, even_empty: bool = False) -> Proposed:
    """As `propose`, and then as env.py's function has it, where there is one. With ``even_empty`` it is called for no change too.

    Raises as `propose` does; ConfigError where what it leaves cannot be written.
    """
    directives = models.options.get("process_revision_directives")
    if not callable(directives):
        return propose(source, models, asked)
    request = asked.revision
    placement = place(source.tree, source.config, source.revisions, request)
    difference = compare(source, models, asked.against)
    if not difference and not even_empty:
        return Proposed(difference, None)
    message = request.message or (default_message(difference.operations()) if difference else None)
    id = request.id or revision_id(placement, difference)
    forward, back = objects_of(difference.forward, models), objects_of(difference.back, models)
    first = next(iter(difference.forward), None)
    script = migration_script(id, message, request)
    if first is not None:
        script.upgrade_ops, script.downgrade_ops = UpgradeOps(forward[first].top), DowngradeOps(back[first].top)
    left = _called(source, models.options, models.env_config, first or models.dialects(source.config)[0], script)
    wanted = None if left is None else changed(difference, left.upgrade_ops, left.downgrade_ops, forward, back)
    if left is None or not wanted:
        return Proposed(replace(difference, forward={}, back={}, findings=()), None)
    if wanted is not difference:
        # Another change has another id and another title, unless somebody gave them.
        new_id = left.rev_id if left.rev_id != id else request.id
        message = left.message if left.message != message or request.message else default_message(wanted.operations())
    else:
        new_id, message = left.rev_id, left.message
    told = told_request(left, new_id, message)
    where = placement if same_place(told, request) else place(source.tree, source.config, source.revisions, told)
    file = written(source, models, wanted, where, message or default_message(wanted.operations()), new_id, imports=left.imports)
    return Proposed(wanted, file, message or "")


def plain_revision(source: Source, captured: Captured, request: RevisionRequest, dialect: Callable[[], str]) -> NewFile | None:
    """The empty revision that ``request`` asks for, env.py having run (`revision_environment`); None where env.py wants none."""
    directives = captured.options.get("process_revision_directives")
    placement = place(source.tree, source.config, source.revisions, request)
    id, message, told, imports = request.id or random_id(), request.message, request, frozenset[str]()
    if callable(directives):
        left = _called(source, captured.options, captured.config, dialect(), migration_script(id, message, request))
        if left is None:
            return None
        if any(each.ops for each in (*left.upgrade_ops_list, *left.downgrade_ops_list)):
            raise ConfigError(
                "process_revision_directives puts operations into a revision that is made without looking at the models",
                "`gitmig revision --autogenerate` looks at them.",
            )
        id, message, imports = left.rev_id or id, left.message, frozenset(left.imports)
        told = told_request(left, id, message)
        placement = placement if same_place(told, request) else place(source.tree, source.config, source.revisions, told)
    return environment_file(source, captured, placement, id, message, imports)


def environment_file(
    source: Source, captured: Captured, placement: Placement, id: str, message: str | None, imports: Iterable[str] = ()
) -> NewFile:
    """The file of an empty revision, its template given what env.py configured."""
    parts = tuple(RevisionPart(part.name) for part in bare_parts(source))
    lines = "\n".join(sorted(imports))
    new = NewRevision(id, message, placement.down, placement.labels, placement.depends_on, lines, parts=parts)
    extra = captured.options.get("template_args")
    return compose(source.tree, source.config, source.revisions.graph, placement, new, script_config=captured.config, extra=extra)


def _called(source: Source, options: Mapping[str, Any], env_config: Any, dialect: str, script: MigrationScript) -> MigrationScript | None:
    context = env_context(options, env_config, dialect_named(dialect))
    with directives_running(source):
        return call_directives(options["process_revision_directives"], context, source.revisions.graph.heads(), script)


def directives_running(source: Source) -> AbstractContextManager[None]:
    """What env.py's function raises is told as an error of env.py."""
    return importing(f"process_revision_directives of {env_path(source.config)} fails", source.config, source.tree)


def migration_script(id: str, message: str | None, request: RevisionRequest) -> MigrationScript:
    """The script that env.py's function is given, with nothing to do yet."""
    return MigrationScript(
        id,
        UpgradeOps(),
        DowngradeOps(),
        message=message,
        imports=set(),
        head=None if request.head == "head" else request.head,
        splice=request.splice,
        branch_label=list(request.branch_labels) or None,
        version_path=request.version_path,
        depends_on=list(request.depends_on) or None,
    )


def told_request(script: MigrationScript, id: str | None, message: str | None) -> RevisionRequest:
    """Where the script that env.py's function left wants to be."""
    path = script.version_path
    return RevisionRequest(
        message,
        script.head or "head",
        bool(script.splice),
        _words(script.branch_label),
        None if path is None else str(path),
        id,
        _words(script.depends_on),
    )


def _words(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


def objects_of(by_dialect: Mapping[str, tuple[ops.Step, ...]], models: Models) -> dict[str, Objects]:
    """The steps of each dialect as operation objects."""
    convention = models.metadatas[0].naming_convention if models.metadatas else None
    return {name: Objects(steps, dialect_named(name), convention, options=models.options) for name, steps in by_dialect.items()}


def changed(
    difference: Difference,
    upgrade_ops: UpgradeOps | None,
    downgrade_ops: DowngradeOps | None,
    forward: Mapping[str, Objects],
    back: Mapping[str, Objects],
) -> Difference:
    """The ``difference`` that the containers hold now; itself where its operations were left alone. Raises ConfigError."""
    first = next(iter(forward), None)
    if first is None or not forward[first].steps:
        if any(each is not None and each.ops for each in (upgrade_ops, downgrade_ops)):
            raise ConfigError(
                "process_revision_directives adds operations where the models ask for nothing", "Leave the empty revision as it is."
            )
        return difference
    try:
        up = forward[first].read(upgrade_ops, forward[first].steps[0].before)
        down = back[first].read(downgrade_ops, back[first].steps[0].before) if back[first].steps else ()
    except SchemaError as error:
        raise ConfigError(f"what process_revision_directives left does not fit the schema: {error.message}", "Correct it.") from error
    if up == forward[first].steps and down == back[first].steps:
        return difference
    if len({objects.steps for objects in forward.values()}) > 1 and up:
        raise ConfigError(
            "process_revision_directives changed operations that differ between the dialects of this project", "Name one `dialect`."
        )
    findings = tuple(finding for _, finding in classify(up, dialect_named(first)))
    return replace(difference, forward=dict.fromkeys(forward, up), back=dict.fromkeys(back, down), findings=findings)
