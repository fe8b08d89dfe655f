"""Recorded operations folded over a schema: what a history makes of an empty database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from gitmig.errors import SchemaError
from gitmig.ops import AlterTable, Execute, Opaque, Operation, Place, members
from gitmig.schema.values import Schema, TableName


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one revision's ``upgrade()`` does, as far as it could be read."""

    revision: str
    operations: tuple[Operation, ...]


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in a revision that could not be read: from here on its schema is not known."""

    revision: str
    reason: str
    place: Place | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place is not None else ""
        return f"{where}revision '{self.revision}' {self.reason}"


@dataclass(frozen=True, slots=True)
class Replayed:
    """The schema that revisions make.

    ``opaque``: what could not be read; where it is empty the schema is theirs, but for the tables ``declared``: those that authors
    declared to be touched by something that cannot be read.
    """

    schema: Schema
    opaque: tuple[Unread, ...] = ()
    declared: tuple[TableName, ...] = ()


def replay(recorded: Iterable[Recorded], start: Replayed | None = None) -> Replayed:
    """Fold what the revisions do over ``start`` (an empty database), in the order given.

    Operations that do not fit are told of as what cannot be read.
    """
    start = start or Replayed(Schema())
    schema, opaque, declared = start.schema, list(start.opaque), list(start.declared)
    for revision in recorded:
        opaque += unread(revision)
        declared += touched(revision.operations)
        for operation in revision.operations:
            try:
                schema = operation.apply(schema)
            except SchemaError as error:
                opaque.append(Unread(revision.revision, error.message))
                break
    return Replayed(schema, tuple(opaque), tuple(dict.fromkeys(declared)))


def unread(recorded: Recorded) -> Iterator[Unread]:
    """What could not be read of a revision, and was not declared."""
    for operation in _flat(recorded.operations):
        match operation:
            case Opaque(reason, place, None):
                yield Unread(recorded.revision, reason, place)
            case Execute(reading="opaque"):
                yield Unread(recorded.revision, "executes SQL that cannot be read", operation.place)


def touched(operations: Iterable[Operation]) -> Iterator[TableName]:
    """The tables that authors declared."""
    for operation in _flat(operations):
        match operation:
            case Opaque(touches=tuple(names)):
                yield from names
            case Execute(reading="declared", touches=names):
                yield from names


def _flat(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        if isinstance(operation, AlterTable):
            yield from _flat(members(operation))
