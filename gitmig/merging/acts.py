"""What one side of a merge does: its operations, each with the revision and the line that it stands on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from gitmig.ops import AlterTable, Execute, InsertRows, Nothing, Opaque, Operation, Place, members


@dataclass(frozen=True, slots=True)
class Act:
    """One operation of one revision. ``place`` is None where no line is known."""

    revision: str
    operation: Operation
    place: Place | None = None

    def __str__(self) -> str:
        where = f" ({self.place})" if self.place is not None else ""
        return f"{self.operation.describe()} in {self.revision}{where}"


@dataclass(frozen=True, slots=True)
class Side:
    """What the revisions of one head do beyond those that the other side has too, in the order in which they run."""

    head: str
    acts: tuple[Act, ...] = ()


def acts_of(revision: str, operations: Sequence[Operation], places: Sequence[Place | None]) -> tuple[Act, ...]:
    """The acts of one recorded revision; groups are taken apart, what does nothing is left out.

    ``places`` are those of ``operations``, one each.
    """
    return tuple(
        Act(revision, each, place)
        for operation, place in zip(operations, places, strict=True)
        for each in _flat((operation,))
        if not isinstance(each, Nothing)
    )


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, AlterTable):
            yield from _flat(members(operation))
        else:
            yield operation


def doubt(operation: Operation) -> str | None:
    """Why nothing can be proved of the operation, in a few words; None where its effect is known or was declared by its author."""
    match operation:
        case Opaque(reason, _, None):
            return reason
        case Execute(reading="opaque"):
            return "executes SQL that cannot be read"
        case Execute(reading="data") | InsertRows():
            return "changes rows"
        case Execute(reading="beside"):
            return "makes an object that is not modelled"
        case _:
            return None


def declared(operation: Operation) -> bool:
    """Whether the operation is known by what its author declared, and by nothing else."""
    match operation:
        case Opaque(touches=tuple()) | Execute(reading="declared"):
            return True
        case _:
            return False
