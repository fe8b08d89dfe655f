"""`downgrade`: steps back to a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitmig.commands.databases import refuse_shared
from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.running import USUAL, RunOptions, offline_range, refuse_range, run
from gitmig.errors import UsageError
from gitmig.graph.names import many
from gitmig.graph.routes import Move, downgrade_route

if TYPE_CHECKING:
    from gitmig.graph import RevisionGraph
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.settings import Outcome


@dataclass(slots=True)
class _Fixed:
    """A target that counts from the database ("-1") keeps its first meaning when a run plans again."""

    graph: RevisionGraph
    target: str
    dropped: frozenset[str] | None = None

    def plan(self, rows: tuple[str, ...]) -> Sequence[Move]:
        if self.dropped is None:
            route = downgrade_route(self.graph, rows, self.target)
            self.dropped = frozenset(move.revision for move in route)
            return route
        left = self.dropped & self.graph.ancestors(*(row for row in rows if row in self.graph))
        if not left:
            return ()
        return tuple(move for move in downgrade_route(self.graph, rows, self.target) if move.revision in left)


def downgrade(project: Project, target: str, options: RunOptions = USUAL) -> Outcome:
    """Steps back until nothing above ``target`` is applied; offline (``options.sql``) ``target`` is a range. Raises as `upgrade`."""
    revisions = project_revisions(project)
    graph = revisions.graph
    if options.sql:
        start, end = offline_range(target)
        if start is None:
            raise UsageError(
                "downgrade --sql needs to know where the database is", f"Write a range, such as `gitmig downgrade head:{target} --sql`."
            )
        rows = many(graph, start)
        return run(project, revisions, "downgrade", lambda at: downgrade_route(graph, at, end), options, target=end, start=rows)
    refuse_range(target, "downgrade")
    refuse_shared(project, "downgrade")

    def look(context: MigrationContext, rows: tuple[str, ...]) -> None:
        # Where only env.py knows the URL it is known now.
        refuse_shared(project, "downgrade", context.connection.engine.url.render_as_string(hide_password=False))

    return run(project, revisions, "downgrade", _Fixed(graph, target).plan, options, target=target, look=look)
