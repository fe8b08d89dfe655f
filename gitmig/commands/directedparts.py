"""``process_revision_directives`` where a revision is for several databases: one MigrationScript with an UpgradeOps for each, as in
Alembic. The function is called once for each database, and sees those that came before.

Runs in the child process.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gitmig.commands.autogenerate import Difference
from gitmig.commands.baseline import Source
from gitmig.commands.directing import changed, directives_running, migration_script, objects_of, told_request
from gitmig.commands.envcontext import env_context
from gitmig.commands.newrevision import RevisionRequest
from gitmig.commands.parts import Part, tokens_of
from gitmig.compat.alembic.opsbase import DowngradeOps, MigrationScript, UpgradeOps
from gitmig.compat.alembic.rewriting import Objects, call_directives
from gitmig.errors import ConfigError
from gitmig.runtime.envcapture import env_path
from gitmig.schema.spelling import dialect_named


@dataclass(frozen=True, slots=True)
class Directed:
    """What env.py's function left: the changes of each database, where and as what the revision is wanted, and its import lines."""

    differences: Mapping[str, Difference]
    request: RevisionRequest
    imports: tuple[str, ...]


def direct_parts(source: Source, parts: Sequence[Part], differences: Mapping[str, Difference], request: RevisionRequest) -> Directed | None:
    """None where it wants no file. Raises ConfigError where what it leaves cannot be written, and what the function raises."""
    assert request.id is not None
    script = migration_script(request.id, request.message, request)
    script.upgrade_ops, script.downgrade_ops = [], []
    made: list[tuple[Part, Mapping[str, Objects], Mapping[str, Objects]]] = []
    for part in parts:
        difference = differences[part.shown]
        forward, back = objects_of(difference.forward, part.models), objects_of(difference.back, part.models)
        made.append((part, forward, back))
        first = next(iter(forward))
        upgrade, downgrade = tokens_of(part)
        script.upgrade_ops_list.append(UpgradeOps(forward[first].top, upgrade_token=upgrade))
        script.downgrade_ops_list.append(DowngradeOps(back[first].top, downgrade_token=downgrade))
        left = _called(source, part, first, script, len(made))
        if left is None:
            return None
        script = left
    found = {
        part.shown: changed(differences[part.shown], script.upgrade_ops_list[place], script.downgrade_ops_list[place], forward, back)
        for place, (part, forward, back) in enumerate(made)
    }
    return Directed(found, told_request(script, script.rev_id, script.message), tuple(sorted(script.imports)))


def _called(source: Source, part: Part, dialect: str, script: MigrationScript, databases: int) -> MigrationScript | None:
    options = part.models.options
    directives = options.get("process_revision_directives")
    if not callable(directives):
        return script
    context = env_context(options, part.models.env_config, dialect_named(dialect))
    with directives_running(source):
        left = call_directives(directives, context, source.revisions.graph.heads(), script, databases)
    if left is not None and not len(left.upgrade_ops_list) == len(left.downgrade_ops_list) == databases:
        raise ConfigError(
            f"{env_path(source.config)}: process_revision_directives left {len(left.upgrade_ops_list)} UpgradeOps and "
            f"{len(left.downgrade_ops_list)} DowngradeOps for {databases} databases",
            "Empty one in place of removing it.",
        )
    return left
