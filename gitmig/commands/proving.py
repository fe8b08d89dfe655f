"""Whether the heads of a tree agree: each pair proved over what both have. For the child process: revisions are the user's code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import combinations
from typing import Any

from gitmig.commands.replayed import History
from gitmig.merging.acts import Act, Side, acts_of
from gitmig.merging.proof import Conflict, Normal, Proof, prove
from gitmig.ops.footprint import Ref
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named


def proofs(history: History, heads: Sequence[str], dialect: str) -> tuple[Proof, ...]:
    """A proof of each pair of ``heads``, in their order.

    The base of a pair is everything that both have, so that a merge that both contain, a fan-in or a criss-cross is no work of either side.
    """
    normal = partial(normalise, dialect=dialect_named(dialect))
    return tuple(_proof(history, left, right, normal) for left, right in combinations(heads, 2))


def _proof(history: History, left: str, right: str, normal: Normal) -> Proof:
    graph = history.revisions.graph
    common = graph.ancestors(left) & graph.ancestors(right)
    base = history.replayed(graph.maximal(common)).schema
    sides = []
    for head in (left, right):
        recorded = history.recorded(graph.ancestors(head) - common, base)
        sides.append(Side(head, tuple(act for each in recorded for act in acts_of(each.revision.id, each.operations, each.places))))
    return prove(base, sides[0], sides[1], normal)


def told(proof: Proof) -> dict[str, Any]:
    """A proof as JSON: ``left``, ``right``, ``verdict``, ``conflicts``, ``duplicates``, ``unproved``."""
    return {
        "left": proof.left,
        "right": proof.right,
        "verdict": proof.verdict,
        "conflicts": [_conflict(each) for each in proof.conflicts],
        "duplicates": [{"left": _act(each.left), "right": _act(each.right)} for each in proof.duplicates],
        "unproved": [{**_act(each.act), "reason": each.reason} for each in proof.unproved],
    }


def _conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "objects": list(objects(conflict)),
        "left": _act(conflict.left),
        "right": _act(conflict.right),
        "reason": conflict.reason,
        "proposal": conflict.proposal,
    }


def objects(conflict: Conflict) -> Iterator[str]:
    """What both operations touch, in words: "users.email", "index ix_email", "table users"."""
    for ref in conflict.refs:
        yield _object(ref)


def _object(ref: Ref) -> str:
    kind, _, name = ref.part.partition(":")
    if kind == "column":
        return f"{ref.name}.{name}"
    if ref.part:
        return f"{kind} {name} of {ref.name}".replace("  ", " ") if name else f"{kind} of {ref.name}"
    return f"{ref.kind} {ref.name}" if ref.kind != "name" else str(ref.name)


def _act(act: Act) -> dict[str, Any]:
    return {
        "revision": act.revision,
        "operation": act.operation.describe(),
        "path": act.place.path if act.place is not None else None,
        "line": act.place.line if act.place is not None else None,
    }
