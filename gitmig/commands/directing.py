"""New revisions as the project's env.py wants them: ``process_revision_directives``, and ``template_args`` for the template.

Runs in the child process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from gitmig import ops
from gitmig.adapters.importerrors import importing
from gitmig.autogen.classify import classify
from gitmig.autogen.naming import default_message
from gitmig.commands.autogenerate import Asked, Difference, Proposed, compare, propose, revision_id, written
from gitmig.commands.baseline import Source
from gitmig.commands.envcontext import env_context
from gitmig.commands.loading import Models
from gitmig.commands.newrevision import NewFile, Placement, RevisionRequest, compose, place, random_id
from gitmig.compat.alembic.opsbase import DowngradeOps, MigrationScript, UpgradeOps
from gitmig.compat.alembic.rewriting import Objects, call_directives
from gitmig.errors import ConfigError, SchemaError
from gitmig.runtime.envcapture import Captured, env_path
from gitmig.schema.spelling import dialect_named
from gitmig.script.template import NewRevision


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
    forward, back = _objects(difference.forward, models), _objects(difference.back, models)
    first = next(iter(difference.forward), None)
    script = _script(id, message, request)
    if first is not None:
        script.upgrade_ops, script.downgrade_ops = UpgradeOps(forward[first].top), DowngradeOps(back[first].top)
    left = _called(source, models.options, models.env_config, first or models.dialects(source.config)[0], script)
    changed = None if left is None else _changed(difference, left, forward, back)
    if left is None or not changed:
        return Proposed(replace(difference, forward={}, back={}, findings=()), None)
    if changed is not difference:
        # Another change has another id and another title, unless somebody gave them.
        new_id = left.rev_id if left.rev_id != id else request.id
        message = left.message if left.message != message or request.message else default_message(changed.operations())
    else:
        new_id, message = left.rev_id, left.message
    told = _request(left, new_id, message)
    where = placement if _same_place(told, request) else place(source.tree, source.config, source.revisions, told)
    file = written(source, models, changed, where, message or default_message(changed.operations()), new_id, imports=left.imports)
    return Proposed(changed, file, message or "")


def plain_revision(source: Source, captured: Captured, request: RevisionRequest, dialect: Callable[[], str]) -> NewFile | None:
    """The empty revision that ``request`` asks for, env.py having run (`revision_environment`); None where env.py wants none."""
    directives = captured.options.get("process_revision_directives")
    placement = place(source.tree, source.config, source.revisions, request)
    id, message, told, imports = request.id or random_id(), request.message, request, frozenset[str]()
    if callable(directives):
        left = _called(source, captured.options, captured.config, dialect(), _script(id, message, request))
        if left is None:
            return None
        if any(each.ops for each in (*left.upgrade_ops_list, *left.downgrade_ops_list)):
            raise ConfigError(
                "process_revision_directives puts operations into a revision that is made without looking at the models",
                "`gitmig revision --autogenerate` looks at them.",
            )
        id, message, imports = left.rev_id or id, left.message, frozenset(left.imports)
        told = _request(left, id, message)
        placement = placement if _same_place(told, request) else place(source.tree, source.config, source.revisions, told)
    return environment_file(source, captured, placement, id, message, imports)


def environment_file(
    source: Source, captured: Captured, placement: Placement, id: str, message: str | None, imports: Iterable[str] = ()
) -> NewFile:
    """The file of an empty revision, its template given what env.py configured."""
    new = NewRevision(id, message, placement.down, placement.labels, placement.depends_on, "\n".join(sorted(imports)))
    extra = captured.options.get("template_args")
    return compose(source.tree, source.config, source.revisions.graph, placement, new, script_config=captured.config, extra=extra)


def _called(source: Source, options: Mapping[str, Any], env_config: Any, dialect: str, script: MigrationScript) -> MigrationScript | None:
    context = env_context(options, env_config, dialect_named(dialect))
    with importing(f"process_revision_directives of {env_path(source.config)} fails", source.config, source.tree):
        return call_directives(options["process_revision_directives"], context, source.revisions.graph.heads(), script)


def _script(id: str, message: str | None, request: RevisionRequest) -> MigrationScript:
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


def _request(script: MigrationScript, id: str | None, message: str | None) -> RevisionRequest:
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


def _same_place(one: RevisionRequest, other: RevisionRequest) -> bool:
    return replace(one, id=None, message=None) == replace(other, id=None, message=None)


def _words(given: Any) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


def _objects(by_dialect: Mapping[str, tuple[ops.Step, ...]], models: Models) -> dict[str, Objects]:
    convention = models.metadatas[0].naming_convention if models.metadatas else None
    return {name: Objects(steps, dialect_named(name), convention, options=models.options) for name, steps in by_dialect.items()}


def _changed(difference: Difference, script: MigrationScript, forward: Mapping[str, Objects], back: Mapping[str, Objects]) -> Difference:
    """``difference`` itself where its operations were left alone."""
    first = next(iter(forward), None)
    if first is None:
        if any(each.ops for each in script.upgrade_ops_list):
            raise ConfigError(
                "process_revision_directives adds operations where the models ask for nothing", "Leave the empty revision as it is."
            )
        return difference
    try:
        up = _read(forward[first], script.upgrade_ops)
        down = _read(back[first], script.downgrade_ops)
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


def _read(objects: Objects, container: UpgradeOps | DowngradeOps | None) -> tuple[ops.Step, ...]:
    return objects.read(container, objects.steps[0].before) if objects.steps else ()
