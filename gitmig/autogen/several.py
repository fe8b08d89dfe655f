"""One list of steps for several dialects: what all of them do, and what only some do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from gitmig import ops
from gitmig.autogen.naming import canonical_text


@dataclass(frozen=True, slots=True)
class Shared:
    """``steps`` that are done on ``dialects``."""

    dialects: frozenset[str]
    steps: tuple[ops.Step, ...]


@dataclass(frozen=True, slots=True)
class _Entry:
    dialects: frozenset[str]
    text: str
    step: ops.Step


def shared(by_dialect: Mapping[str, Sequence[ops.Step]]) -> tuple[Shared, ...]:
    """The steps of each dialect, in their order, joined where they are the same operation. Of joined steps the schemas are those of the
    dialect that stands first."""
    entries: list[_Entry] = []
    for place, (dialect, steps) in enumerate(by_dialect.items()):
        mine = [_Entry(frozenset({dialect}), _text(step.op), step) for step in steps]
        entries = mine if place == 0 else _joined(entries, mine)
    result: list[Shared] = []
    for entry in entries:
        if result and result[-1].dialects == entry.dialects:
            result[-1] = Shared(entry.dialects, (*result[-1].steps, entry.step))
        else:
            result.append(Shared(entry.dialects, (entry.step,)))
    return tuple(result)


def _text(operation: ops.Operation) -> str:
    """Where a name is left to the server, each names what it makes in its own way, and so does the source. What becomes of keys into a
    dropped table is the dialect's own affair: the source says nothing of it."""
    made = ""
    if isinstance(operation, ops.DropTable):
        operation = replace(operation, references="refuse")
    if isinstance(operation, (ops.AddConstraint, ops.DropConstraint)) and operation.constraint is not None:
        made = operation.constraint.made or ""
    return f"{made} {canonical_text([operation])}"


def _joined(one: Sequence[_Entry], other: Sequence[_Entry]) -> list[_Entry]:
    matcher = SequenceMatcher(None, [entry.text for entry in one], [entry.text for entry in other], autojunk=False)
    result: list[_Entry] = []
    left = right = 0
    for block in matcher.get_matching_blocks():
        result += [*one[left : block.a], *other[right : block.b]]
        for offset in range(block.size):
            first, second = one[block.a + offset], other[block.b + offset]
            result.append(_Entry(first.dialects | second.dialects, first.text, first.step))
        left, right = block.a + block.size, block.b + block.size
    return result
