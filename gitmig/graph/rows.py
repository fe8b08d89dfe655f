"""The rows of the version table as arithmetic: what one revision, run up or down, does to them.

The rows are the heads of what is applied. A revision that another row's revision depends on has no row of its own, and
neither has one that is an ancestor of another row: the row above implies it.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from gitmig.graph.errors import UnknownRevision
from gitmig.graph.graph import RevisionGraph
from gitmig.graph.names import near_names


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row."""

    version: str


@dataclass(frozen=True, slots=True)
class Update:
    """The row ``old`` becomes ``new``."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Delete:
    """The row goes."""

    version: str


RowChange = Insert | Update | Delete


def applied(rows: Sequence[str], changes: Iterable[RowChange]) -> tuple[str, ...]:
    """The rows after ``changes``, those that stay in their places."""
    after = list(rows)
    for change in changes:
        match change:
            case Insert(version):
                after.append(version)
            case Update(old, new):
                after[after.index(old)] = new
            case Delete(version):
                after.remove(version)
    return tuple(after)


def check_rows(graph: RevisionGraph, rows: Iterable[str]) -> None:
    """Raises UnknownRevision for a row that no file defines."""
    for row in rows:
        if row not in graph:
            near = near_names(graph, row)
            raise UnknownRevision(
                f"the database is at revision '{row}', which no file here defines",
                row,
                hint="It belongs to another branch or checkout: switch to that, or `gitmig stamp --purge <revision>` if you "
                "are sure of where the database is" + (f" (near names: {', '.join(near)})." if near else "."),
            )


def upgrade_changes(graph: RevisionGraph, rows: Sequence[str], id: str) -> tuple[RowChange, ...]:
    """What ``rows`` become by running ``id`` up: a new row, or the row of a parent moves on; a merge joins the others to it."""
    present = [parent for parent in graph.normal_parents(id) if parent in rows]
    if not present:
        return (Insert(id),)
    return (*(Delete(parent) for parent in present[:-1]), Update(present[-1], id))


def downgrade_changes(graph: RevisionGraph, rows: Sequence[str], id: str, active: Container[str] | None = None) -> tuple[RowChange, ...]:
    """What ``rows`` become by running ``id``, which is one of them, down.

    Its parents come back as rows unless other rows imply them; with none left the row goes. ``active`` (everything applied,
    if the caller has it at hand) saves a walk through the graph.
    """
    others = [row for row in rows if row != id]
    below = graph.normal_parents(id)
    if others:
        implied = _implied_by(graph, others, id, active)
        back = [parent for parent in below if not implied(parent)]
    elif len(below) > 1:
        deeper = {far for parent in below for far in graph.ancestors(*graph.parents(parent))}
        back = [parent for parent in below if parent not in deeper]
    else:
        back = list(below)
    if not back:
        return (Delete(id),)
    return (*(Insert(parent) for parent in back[:-1]), Update(id, back[-1]))


def _implied_by(graph: RevisionGraph, others: Sequence[str], id: str, active: Container[str] | None) -> Callable[[str], bool]:
    """Whether a parent of ``id`` lies under one of ``others``."""
    if active is None:
        return graph.ancestors(*others).__contains__
    targets = frozenset(others)

    def implied(parent: str) -> bool:
        # Upwards from the parent over what is applied, without `id`: nearly always that ends at once.
        seen = {parent, id}
        stack = [parent]
        while stack:
            here = stack.pop()
            if here in targets:
                return True
            for above in (*graph.children(here), *graph.dependents(here)):
                if above in active and above not in seen:
                    seen.add(above)
                    stack.append(above)
        return False

    return implied


def stamp_changes(graph: RevisionGraph, rows: Sequence[str], id: str) -> tuple[RowChange, ...]:
    """What makes ``id`` a row without running anything: rows above or below it join to it, rows of other branches stay."""
    if id in rows:
        return ()
    lineage = graph.lineage(id, dependencies=True)
    related = [row for row in rows if row in lineage]
    if not related:
        return (Insert(id),)
    return (*(Delete(row) for row in related[:-1]), Update(related[-1], id))
