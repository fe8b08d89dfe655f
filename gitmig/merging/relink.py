"""Rebasing revisions: which headers change so that the work of one head follows another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from gitmig.graph import RevisionGraph


def own(graph: RevisionGraph, head: str, others: Sequence[str]) -> tuple[str, ...]:
    """The revisions that ``head`` has and none of ``others`` has, newest first."""
    return graph.sorted(graph.ancestors(head) - graph.ancestors(*others))


def relinked(graph: RevisionGraph, head: str, onto: str, others: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """New parents, by revision, that put what only ``head`` has on top of ``onto``.

    ``others`` are the heads that come below, ``onto`` among them: only where the work of ``head`` begins do parents change, and those that
    the others have already give way to ``onto``.
    """
    below = graph.ancestors(*others)
    result = {}
    for id in own(graph, head, others):
        parents = graph.down(id)
        if not parents or any(parent in below for parent in parents):
            result[id] = (onto, *(parent for parent in parents if parent not in below))
    return result
