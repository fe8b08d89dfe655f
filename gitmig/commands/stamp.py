"""`stamp`: says where a database is, without running anything."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gitmig.adapters.history import Entry
from gitmig.commands.missing import find_missing, history_entries
from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.running import USUAL, RunOptions, offline_range, refuse_range, run
from gitmig.errors import UsageError
from gitmig.graph import UnknownRevision
from gitmig.graph.names import many, split_label
from gitmig.graph.routes import Move, purge_route, stamp_route

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.settings import Outcome


def stamp(project: Project, targets: Sequence[str], *, purge: bool = False, options: RunOptions = USUAL) -> Outcome:
    """The version table says ``targets`` from now on; ``purge`` deletes its rows first, whatever they are. Raises as `upgrade`."""
    revisions = project_revisions(project)
    graph = revisions.graph
    names = tuple(targets)
    if options.sql:
        if purge:
            raise UsageError("--purge and --sql do not go together: the rows to delete are not known", "Leave one of them out.")
        start, names = _range(names)
        rows = () if start is None else many(graph, start)
        return run(project, revisions, "stamp", lambda at: stamp_route(graph, at, names), options, target=names, start=rows)
    for name in names:
        refuse_range(name, "stamp")
    many(graph, names)

    seen: list[tuple[tuple[str, ...], tuple[Entry, ...]]] = []

    def look(context: MigrationContext, rows: tuple[str, ...]) -> None:
        if any(row not in graph for row in rows):
            seen.append((rows, history_entries(context, graph)))

    def plan(rows: tuple[str, ...]) -> Sequence[Move]:
        return purge_route(graph, rows, names) if purge else stamp_route(graph, rows, names)

    try:
        return run(project, revisions, "stamp", plan, options, target=names, look=look)
    except UnknownRevision as error:
        if not seen or error.name not in seen[-1][0]:
            raise
        missing = find_missing(project, revisions, *seen[-1])
        if missing.lost:
            raise
    # Where the rows stand in the graph is known from elsewhere; what is stamped are revisions of this checkout.
    wider = missing.revisions
    ids = tuple(name if split_label(name)[1] == "base" else id for name in names for id in (many(graph, name) or (name,)))
    return run(project, wider, "stamp", lambda rows: stamp_route(wider.graph, rows, ids), options, target=names)


def _range(names: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    starts: list[str] = []
    ends: list[str] = []
    for name in names:
        start, end = offline_range(name)
        ends.append(end)
        if start is not None and start not in starts:
            starts.append(start)
    if len(starts) > 1:
        raise UsageError("stamp --sql takes one starting revision", f"Give every range the same start, not {' and '.join(starts)}.")
    return (starts[0] if starts else None), tuple(ends)
