"""What a database's version rows say, held against what its history knows: what other tools did, and what was skipped."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from gitmig.graph.graph import RevisionGraph


@dataclass(frozen=True, slots=True)
class Comparison:
    """``came``: applied by another tool since the history was last written, oldest first; ``gone``: taken back by one, newest first.

    ``skipped`` lie under the rows and never ran, were stamped, or came with another tool; oldest first. ``unknown``: what the history
    knows as applied and no file of the graph defines, and rows of that kind; in the order given.
    """

    came: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def compare(graph: RevisionGraph, rows: Collection[str], last: Collection[str] | None, applied: Collection[str]) -> Comparison:
    """``rows`` stand in the version table now, ``last`` when the history was last written (None: never), ``applied`` is what it knows.

    Where the two differ another tool moved the table: what it added is no skip, only what lay under both is.
    """
    now = below(graph, rows)
    known = set(applied)
    missing = [id for id in applied if id not in graph]
    rest = [row for row in rows if row not in graph and row not in missing]
    if last is not None and set(last) == set(rows):
        return Comparison(skipped=_oldest_first(graph, now - known), unknown=(*missing, *rest))
    before = below(graph, last or ())
    # Nothing tells which of the unknown ones a vanished row had under it: with the last such row all of them are gone.
    vanished = any(row not in graph and row not in rows for row in last or ()) and not any(row not in graph for row in rows)
    lost = tuple(missing) if vanished else ()
    return Comparison(
        came=_oldest_first(graph, (now - before) - known),
        gone=(*lost, *graph.sorted((before - now) & known)),
        skipped=_oldest_first(graph, (now & before) - known),
        unknown=(*(id for id in missing if id not in lost), *rest),
    )


def below(graph: RevisionGraph, rows: Iterable[str]) -> frozenset[str]:
    """What the rows imply, themselves included; rows that no file defines imply nothing here."""
    return graph.ancestors(*(row for row in rows if row in graph))


def _oldest_first(graph: RevisionGraph, ids: Iterable[str]) -> tuple[str, ...]:
    return tuple(reversed(graph.sorted(ids)))
