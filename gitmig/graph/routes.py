"""Which revisions run, in which order and direction, to come from the database's rows to a target; and what each does to the rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from gitmig.errors import GraphError
from gitmig.graph.errors import NoRoute, SeveralHeads
from gitmig.graph.graph import RevisionGraph
from gitmig.graph.names import branch, find, many, one, relative, resolve, split_label, walk
from gitmig.graph.rows import (
    Delete,
    RowChange,
    applied,
    check_rows,
    downgrade_changes,
    stamp_changes,
    upgrade_changes,
)

Direction = Literal["upgrade", "downgrade", "stamp"]


@dataclass(frozen=True, slots=True)
class Move:
    """One revision on a route. ``changes`` turn ``before`` into ``after``, the rows of the version table."""

    revision: str
    direction: Direction
    before: tuple[str, ...]
    changes: tuple[RowChange, ...]
    after: tuple[str, ...]


def upgrade_route(graph: RevisionGraph, rows: Sequence[str], target: str | Sequence[str] = "heads") -> tuple[Move, ...]:
    """The revisions to run up, oldest first, until ``target`` (any name, or several) is applied. Empty if it is.

    Raises UnknownRevision (also for a row that no file defines), AmbiguousRevision, SeveralHeads, NoRoute.
    """
    check_rows(graph, rows)
    targets = upgrade_targets(graph, rows, target)
    missing = graph.ancestors(*targets) - graph.ancestors(*rows)
    moves: list[Move] = []
    now = tuple(rows)
    for id in reversed(graph.sorted(missing)):
        changes = upgrade_changes(graph, now, id)
        after = applied(now, changes)
        moves.append(Move(id, "upgrade", now, changes, after))
        now = after
    return tuple(moves)


def upgrade_targets(graph: RevisionGraph, rows: Sequence[str], target: str | Sequence[str]) -> tuple[str, ...]:
    """The ids that an upgrade to ``target`` must apply; ``+2`` and ``label@+2`` count from ``rows``."""
    if not isinstance(target, str):
        return tuple(dict.fromkeys(id for name in target for id in upgrade_targets(graph, rows, name)))
    steps = relative(graph, target)
    if steps is None or steps.symbol is not None:
        return resolve(graph, target)
    if steps.steps <= 0:
        raise NoRoute(
            f"'{target}' leads down, and an upgrade leads up",
            f"`gitmig downgrade {target}` steps back; `gitmig upgrade +1` takes one step up.",
            kind="short",
        )
    end = walk(graph, _start(graph, rows, target, steps.label), steps.steps, name=target, label=steps.label)
    return () if end is None else (end,)


def _start(graph: RevisionGraph, rows: Sequence[str], target: str, label: str | None) -> str | None:
    """Where counting upwards begins: the row; on a branch that has none, the newest applied revision that it shares."""
    starts = tuple(rows)
    if label is not None:
        on_branch = branch(graph, label)
        starts = tuple(row for row in rows if row in on_branch)
        if not starts:
            starts = graph.maximal(graph.ancestors(*rows) & on_branch)
    if len(starts) > 1:
        raise NoRoute(
            f"'{target}' could count from several revisions that the database is at: {', '.join(starts)}",
            "Say from which, such as `<branch>@+1`, or take all with `gitmig upgrade heads`.",
            kind="starts",
        )
    return starts[0] if starts else None


def downgrade_route(graph: RevisionGraph, rows: Sequence[str], target: str) -> tuple[Move, ...]:
    """The revisions to run down, newest first, until nothing above ``target`` is applied; ``base`` leaves nothing.

    What depends on a dropped revision is dropped with it. ``label@base`` and ``label@rev`` drop only that branch.
    Raises UnknownRevision, AmbiguousRevision, SeveralHeads, NoRoute (``target`` is not applied, or a count leads nowhere).
    """
    check_rows(graph, rows)
    label, goal = _downgrade_target(graph, rows, target)
    roots = graph.bases() if goal is None else graph.children(goal)
    if label is not None and len(roots) > 1:
        roots = _on_branch(graph, roots, label, target)
    active = set(graph.ancestors(*rows))
    drop = graph.descendants(*roots) & active
    if goal is not None and not drop and goal not in rows:
        raise NoRoute(
            f"'{target}' is not a valid downgrade target: nothing above revision '{goal}' is applied"
            + ("" if goal in active else ", nor is it itself"),
            "`gitmig current` shows where the database is.",
        )
    return _down(graph, rows, drop, active)


def retreat_route(graph: RevisionGraph, rows: Sequence[str], drop: Collection[str]) -> tuple[Move, ...]:
    """The revisions of ``drop`` that are applied, to run down, newest first; what builds on one of them goes with it.

    Raises UnknownRevision for a row that the graph does not have.
    """
    check_rows(graph, rows)
    active = set(graph.ancestors(*rows))
    return _down(graph, rows, graph.descendants(*(id for id in drop if id in graph)) & active, active)


def _down(graph: RevisionGraph, rows: Sequence[str], drop: Collection[str], active: set[str]) -> tuple[Move, ...]:
    """``active`` is what is applied; it is used up."""
    moves: list[Move] = []
    now = tuple(rows)
    for id in graph.sorted(drop):
        changes = downgrade_changes(graph, now, id, active)
        after = applied(now, changes)
        moves.append(Move(id, "downgrade", now, changes, after))
        active.discard(id)
        now = after
    return tuple(moves)


def _on_branch(graph: RevisionGraph, roots: Sequence[str], label: str, target: str) -> tuple[str, ...]:
    owner = find(graph, label)
    below, around = graph.ancestors(owner, dependencies=False), branch(graph, label)
    found = tuple(id for id in roots if id in below) or tuple(id for id in roots if id in around)
    if not found:
        raise NoRoute(f"'{target}' is not a valid downgrade target: branch '{label}' has nothing above it", kind="branch")
    return found


def _downgrade_target(graph: RevisionGraph, rows: Sequence[str], target: str) -> tuple[str | None, str | None]:
    """The branch to keep to, and the revision to arrive at (None is below everything)."""
    steps = relative(graph, target)
    if steps is None:
        label = None if target in graph else split_label(target)[0]
        return label, one(graph, target)
    if steps.symbol is not None:
        return steps.label, one(graph, target)
    if steps.steps >= 0:
        raise NoRoute(
            f"'{target}' leads up, and a downgrade leads down",
            f"`gitmig upgrade {target}` goes up; `gitmig downgrade -1` takes one step back.",
            kind="short",
        )
    starts = tuple(rows)
    if steps.label is not None:
        on_branch = branch(graph, steps.label)
        starts = tuple(row for row in rows if row in on_branch)
    if not starts:
        where = f"on branch '{steps.label}' " if steps.label else ""
        raise NoRoute(f"'{target}' has nothing to step back over: nothing {where}is applied", kind="short")
    if len(starts) > 1:
        # Alembic takes whichever row comes first; which one loses its tables must not be left to chance.
        raise SeveralHeads(
            target,
            starts,
            "Say which to step back from: " + " or ".join(f"`gitmig downgrade {row}-{-steps.steps}`" for row in starts) + ".",
        )
    return steps.label or starts[0], walk(graph, starts[0], steps.steps, name=target)


def stamp_route(graph: RevisionGraph, rows: Sequence[str], targets: str | Sequence[str]) -> tuple[Move, ...]:
    """The row changes that make the database count as being at ``targets``; nothing runs.

    ``base`` deletes every row, ``label@base`` those of that branch. Rows above or below a target join to it, rows of
    other branches stay. Raises UnknownRevision, AmbiguousRevision, SeveralHeads.
    """
    check_rows(graph, rows)
    names = (targets,) if isinstance(targets, str) else tuple(targets)
    moves: list[Move] = []
    now = tuple(rows)

    def move(id: str, changes: tuple[RowChange, ...]) -> None:
        nonlocal now
        after = applied(now, changes)
        moves.append(Move(id, "stamp", now, changes, after))
        now = after

    for name in names:
        label, symbol = split_label(name)
        if symbol == "base":
            keep = None if label is None else graph.lineage(find(graph, label), dependencies=True)
            for row in [row for row in now if keep is None or row in keep]:
                move(row, (Delete(row),))
    for id in many(graph, names):
        changes = stamp_changes(graph, now, id)
        if changes:
            move(id, changes)
    return tuple(moves)


def purge_route(graph: RevisionGraph, rows: Sequence[str], targets: str | Sequence[str]) -> tuple[Move, ...]:
    """As `stamp_route` from an empty table, with every row of ``rows``, known here or not, deleted first."""
    return purging(rows, stamp_route(graph, (), targets))


def purging(rows: Sequence[str], route: Sequence[Move]) -> tuple[Move, ...]:
    """``route``, which begins at an empty table, for one that holds ``rows``: its first move deletes them, so that no transaction leaves
    the table empty on the way."""
    before, deletes = tuple(rows), tuple(Delete(row) for row in rows)
    if not before:
        return tuple(route)
    if {id for move in route for id in move.after} == set(before):
        return ()
    if not route:
        return (Move(before[0], "stamp", before, deletes, ()),)
    return (replace(route[0], before=before, changes=(*deletes, *route[0].changes)), *route[1:])


def between(graph: RevisionGraph, lower: str | Sequence[str] = "base", upper: str | Sequence[str] = "heads") -> tuple[str, ...]:
    """The revisions from ``lower`` to ``upper``, both included, newest first: what `history -r lower:upper` lists.

    ``upper`` may count upwards from ``lower`` (``+3``). Raises NoRoute where ``lower`` lies under no ``upper``.
    """
    start = many(graph, lower)
    steps = relative(graph, upper) if isinstance(upper, str) else None
    if steps is not None and steps.symbol is None and steps.steps > 0:
        begin = _start(graph, start, str(upper), steps.label)
        end = walk(graph, begin, steps.steps, name=str(upper), label=steps.label, strict=False)
        ends: tuple[str, ...] = () if end is None else (end,)
    else:
        ends = resolve(graph, upper, strict=False) if isinstance(upper, str) else many(graph, upper)
    wanted = graph.ancestors(*ends)
    if start:
        outside = [id for id in start if id not in wanted]
        if outside:
            raise _no_range(lower, upper, outside[0])
        above = graph.descendants(*start, dependencies=False)
        if above.isdisjoint(ends):
            above = graph.descendants(*start)
        wanted &= above
    elif isinstance(lower, str) and (label := split_label(lower)[0]) is not None:
        wanted &= branch(graph, label) | graph.ancestors(*resolve(graph, f"{label}@heads"))
    return graph.sorted(wanted)


def _no_range(lower: str | Sequence[str], upper: str | Sequence[str], outside: str) -> GraphError:
    said = ":".join(name if isinstance(name, str) else ",".join(name) for name in (lower, upper))
    return NoRoute(
        f"the range '{said}' joins nothing: revision '{outside}' lies under none of its upper end",
        "The older revision comes first: `-r older:newer`.",
        kind="range",
    )
