"""`upgrade`: runs what is missing up to a target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.running import USUAL, RunOptions, offline_range, refuse_range, run
from gitmig.graph.names import many
from gitmig.graph.routes import Move, upgrade_route, upgrade_targets
from gitmig.graph.rows import check_rows

if TYPE_CHECKING:
    from gitmig.graph import RevisionGraph
    from gitmig.revision import Revision
    from gitmig.runtime.settings import Outcome


@dataclass(slots=True)
class _Fixed:
    """A target that counts from the database ("+1") keeps its first meaning when a run plans again."""

    graph: RevisionGraph
    target: str
    ids: tuple[str, ...] | None = None

    def plan(self, rows: tuple[str, ...]) -> Sequence[Move]:
        route = upgrade_route(self.graph, rows, self.target if self.ids is None else self.ids)
        if self.ids is None:
            self.ids = upgrade_targets(self.graph, rows, self.target)
        return route


def upgrade(project: Project, target: str = "heads", options: RunOptions = USUAL) -> Outcome:
    """Runs every revision that ``target`` needs and the database lacks; offline (``options.sql``) prints them, perhaps of a range.

    Raises UsageError, GraphError (an unknown or ambiguous name, several heads, a database at a revision that no file defines), ConfigError,
    DatabaseError (down, locked, a script that failed).
    """
    revisions = project_revisions(project)
    graph = revisions.graph
    if options.sql:
        start, end = offline_range(target)
        rows = () if start is None else many(graph, start)
        return run(project, revisions, "upgrade", lambda at: upgrade_route(graph, at, end), options, target=end, start=rows)
    refuse_range(target, "upgrade")
    return run(project, revisions, "upgrade", _Fixed(graph, target).plan, options, target=target)


@dataclass(frozen=True, slots=True)
class Planned:
    """What an upgrade would run now: the version rows ``before`` and ``after``, and the revisions between in order."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    revisions: tuple[Revision, ...]
    target: str

    def to_json(self) -> dict[str, Any]:
        steps = [{"revision": each.id, "direction": "upgrade", "path": each.path, "doc": each.doc} for each in self.revisions]
        return {"before": list(self.before), "after": list(self.after), "steps": steps}


def planned(project: Project, target: str = "heads") -> Planned:
    """What `upgrade` would run now: the database is asked where it is, and nothing is changed. Raises as `upgrade`."""
    refuse_range(target, "upgrade")
    revisions = project_revisions(project)

    def check(rows: tuple[str, ...]) -> Sequence[Move]:
        check_rows(revisions.graph, rows)
        return ()

    rows = run(project, revisions, "current", check, USUAL).before
    moves = upgrade_route(revisions.graph, rows, target)
    after = moves[-1].after if moves else rows
    return Planned(rows, after, tuple(revisions.by_id[move.revision] for move in moves), target)


def print_planned(project: Project, plan: Planned, options: RunOptions = USUAL) -> None:
    """Prints the SQL of ``plan``, as offline mode does. Raises as `upgrade`."""
    revisions = project_revisions(project)
    route = upgrade_route(revisions.graph, plan.before, plan.target)
    printing = replace(options, sql=True)
    run(project, revisions, "upgrade", lambda at: route, printing, target=plan.target, start=plan.before)
