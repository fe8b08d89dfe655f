"""What a name means in a graph: ids and their beginnings, head, heads, base, branch labels, and steps from a name.

4f2a91c07b3e  4f2a      an id, or the beginning of one
head  heads  base       the only head; every head; nothing
payments                the revision that declares that branch label
payments@head           the head of that branch; an id may stand in place of the label
4f2a+2  head-1          so many steps up or down from a name
-1  payments@-1         so many steps down from the head
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from gitmig.graph.errors import AmbiguousRevision, NoRoute, SeveralHeads, UnknownRevision
from gitmig.graph.graph import RevisionGraph

SHORTEST_FULL_NAME = 4
"""Ids and labels with fewer characters are only found by their whole name."""

_ENDS = ("head", "heads", "base")
_RELATIVE = re.compile(r"(?:(?P<label>.+?)@)?(?P<symbol>[^@+\-:]+)?(?P<steps>[+-]\d+)")


class Relative(NamedTuple):
    """``label@symbol±steps``; both names may be missing."""

    label: str | None
    symbol: str | None
    steps: int


def relative(graph: RevisionGraph, name: str) -> Relative | None:
    """``name`` taken apart where it counts steps; None where it is an absolute name."""
    if name in graph or graph.label_owner(name) is not None:
        return None
    match = _RELATIVE.fullmatch(name)
    if match is None:
        return None
    return Relative(match["label"], match["symbol"], int(match["steps"]))


def resolve(graph: RevisionGraph, name: str, *, strict: bool = True) -> tuple[str, ...]:
    """The ids that ``name`` means: none for ``base``, several for ``heads``, else one.

    Raises UnknownRevision, AmbiguousRevision, SeveralHeads, NoRoute (steps that could go several ways or, where ``strict``,
    leave the graph).
    """
    steps = relative(graph, name)
    if steps is None:
        return _absolute(graph, name)
    if steps.steps >= 0 and steps.symbol is None:
        raise UnknownRevision(
            f"'{name}' counts from where the database is, which means nothing here",
            name,
            hint="Say from which revision to count, such as `base+1`.",
        )
    symbol = steps.symbol or "head"
    start = one(graph, f"{steps.label}@{symbol}" if steps.label and steps.steps < 0 else symbol)
    end = walk(graph, start, steps.steps, name=name, label=steps.label, strict=strict)
    return () if end is None else (end,)


def one(graph: RevisionGraph, name: str) -> str | None:
    """The one id that ``name`` means, None for ``base``. Raises as `resolve` does, SeveralHeads for more than one."""
    found = resolve(graph, name)
    if len(found) > 1:
        raise SeveralHeads(name, found)
    return found[0] if found else None


def many(graph: RevisionGraph, names: str | Sequence[str]) -> tuple[str, ...]:
    """The ids that ``names`` mean together, each once, in the order given."""
    if isinstance(names, str):
        return resolve(graph, names)
    return tuple(dict.fromkeys(id for name in names for id in resolve(graph, name)))


def find(graph: RevisionGraph, name: str) -> str:
    """The id that ``name`` is, or begins, or that declares it as a label. Raises UnknownRevision, AmbiguousRevision."""
    return _find(graph, name, None)


def split_label(name: str) -> tuple[str | None, str]:
    """``label@rest`` taken apart; no label where there is none."""
    label, at, rest = name.partition("@")
    return (label or None, rest) if at else (None, name)


def branch(graph: RevisionGraph, label: str) -> frozenset[str]:
    """What lies on the branch ``label`` (a branch label, or an id): its revision with ancestors and descendants.

    Dependencies do not make a branch.
    """
    return graph.lineage(_branch_revision(graph, label))


def _absolute(graph: RevisionGraph, name: str) -> tuple[str, ...]:
    label, symbol = split_label(name)
    if not symbol:
        raise UnknownRevision(f"'{name}' names no revision", name)
    if label in _ENDS:
        label = None
    if symbol == "base":
        if label is not None:
            branch(graph, label)
        return ()
    if symbol not in _ENDS:
        return (_find(graph, symbol, label),)
    if label is None:
        found = graph.heads() if symbol == "head" else graph.real_heads()
    else:
        among = branch(graph, label)
        found = tuple(id for id in graph.heads() if id in among)
    if symbol == "head" and len(found) > 1:
        raise SeveralHeads(name, found)
    return found


def _find(graph: RevisionGraph, name: str, label: str | None) -> str:
    owner = name if name in graph else graph.label_owner(name)
    among = None if label is None else branch(graph, label)
    if owner is None:
        owner = _by_beginning(graph, name, among)
    if among is not None and owner not in among:
        raise UnknownRevision(f"revision '{owner}' is not on branch '{label}'", name, hint=f"Say `{owner}` without the branch.")
    return owner


def _by_beginning(graph: RevisionGraph, name: str, among: frozenset[str] | None) -> str:
    found = {
        each: graph.label_owner(each) or each
        for each in (*graph.nodes, *graph.labels)
        if len(each) >= SHORTEST_FULL_NAME and each.startswith(name)
    }
    if among is not None:
        found = {each: owner for each, owner in found.items() if owner in among}
    if not found:
        more = f"; give at least {SHORTEST_FULL_NAME} characters of an id" if len(name) < SHORTEST_FULL_NAME else ""
        raise UnknownRevision(f"no revision or branch is called '{name}'{more}", name, near_names(graph, name))
    owners = tuple(dict.fromkeys(found.values()))
    if len(found) > 1:
        shown = ", ".join(list(found)[:5]) + (", ..." if len(found) > 5 else "")
        raise AmbiguousRevision(f"'{name}' begins {len(found)} names: {shown}", name, owners)
    return owners[0]


def _branch_revision(graph: RevisionGraph, label: str) -> str:
    try:
        return _find(graph, label, None)
    except UnknownRevision as error:
        raise UnknownRevision(f"there is no branch '{label}'", label, error.near, error.hint) from None


def near_names(graph: RevisionGraph, name: str) -> tuple[str, ...]:
    """At most three ids or labels that look like ``name``, the most alike first."""
    import difflib

    return tuple(difflib.get_close_matches(name, [*graph.nodes, *graph.labels], n=3, cutoff=0.6))


def walk(
    graph: RevisionGraph,
    start: str | None,
    steps: int,
    *,
    name: str,
    label: str | None = None,
    strict: bool = True,
) -> str | None:
    """Where ``steps`` lead from ``start`` (None is below every base), over parents only; ``label`` chooses at branch points.

    Raises NoRoute where a step could go several ways, or (``strict``) where the graph ends too early; otherwise it stops
    there. ``name`` is what the user said.
    """
    among = branch(graph, label) if label is not None and steps > 0 else None
    here = start
    for done in range(abs(steps)):
        further = _above(graph, here, among) if steps > 0 else _below(graph, here)
        if not further:
            if not strict:
                return here
            which = "above" if steps > 0 else "to step back over"
            raise NoRoute(
                f"'{name}' asks for {abs(steps)} steps, and there {'is' if done == 1 else 'are'} only {done} {which}",
                "`gitmig history` shows what there is.",
                kind="short",
            )
        if len(further) > 1:
            said = ", ".join(str(each) for each in further)
            kind = f"at '{here}'" if here else "at the base"
            raise NoRoute(
                f"'{name}' could go several ways {kind}: {said}",
                "Name the revision that you mean, or narrow it as `<branch>@+1`.",
                kind="ways",
            )
        here = further[0]
    return here


def _above(graph: RevisionGraph, here: str | None, among: frozenset[str] | None) -> tuple[str, ...]:
    found: Iterable[str] = graph.bases() if here is None else graph.children(here)
    return tuple(id for id in found if among is None or id in among)


def _below(graph: RevisionGraph, here: str | None) -> tuple[str | None, ...]:
    if here is None:
        return ()
    return graph.down(here) or (None,)
