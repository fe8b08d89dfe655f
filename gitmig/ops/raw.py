"""Operations that hold SQL or code of the user's: what could be read of it, and what could not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, runtime_checkable

from gitmig.ops import footprint as refs
from gitmig.ops.base import Nothing, Op
from gitmig.ops.footprint import Footprint
from gitmig.ops.tables import AlterTable
from gitmig.schema.values import Schema, Sql, TableName


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a revision file something stands: posix path and line, counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Execute:
    """A statement given to ``op.execute`` or to the bind.

    ``reading`` is what was made of it: "ddl" (``effects`` are its operations), "data" (no effect on the schema), "beside" (an object
    that is not modelled: view, function, trigger, grant), "declared" (its author said what it touches), "opaque" (unknown).
    ``options`` are execution options.
    """

    sql: Sql
    reading: Literal["ddl", "data", "beside", "declared", "opaque"] = "opaque"
    effects: tuple[Op, ...] = ()
    touches: tuple[TableName, ...] = ()
    place: Place | None = field(default=None, compare=False)
    statement: Any = field(default=None, compare=False, hash=False, repr=False)
    options: Any = field(default=None, compare=False, hash=False, repr=False)

    def apply(self, schema: Schema) -> Schema:
        for operation in self.effects:
            schema = operation.apply(schema)
        return schema

    def invert(self, before: Schema) -> Op:
        """What undoes its effects on the schema; its data cannot be brought back."""

        inverted: list[Op] = []
        for operation in self.effects:
            inverted.append(operation.invert(before))
            before = operation.apply(before)
        if not inverted:
            return Nothing()
        return inverted[0] if len(inverted) == 1 else AlterTable(TableName(""), tuple(reversed(inverted)))

    def footprint(self) -> Footprint:
        if self.reading == "opaque":
            return Footprint(everything=True)
        result = Footprint(writes=frozenset(refs.table(name) for name in self.touches))
        for operation in self.effects:
            result = result | operation.footprint()
        return result

    def describe(self) -> str:
        words = " ".join(self.sql.text.split())
        return f"execute {words[:60]}…" if len(words) > 60 else f"execute {words}"


@dataclass(frozen=True, slots=True)
class Opaque:
    """From here on the revision could not be read: a query for rows, an exception. ``touches``: the tables its author declared, if any."""

    reason: str
    place: Place | None = None
    touches: tuple[TableName, ...] | None = None

    def apply(self, schema: Schema) -> Schema:
        return schema

    def invert(self, before: Schema) -> Op:
        return self

    def footprint(self) -> Footprint:
        if self.touches is None:
            return Footprint(everything=True)
        return Footprint(writes=frozenset(refs.table(name) for name in self.touches))

    def describe(self) -> str:
        return f"unreadable from {self.place}: {self.reason}" if self.place else f"unreadable: {self.reason}"


@dataclass(frozen=True, slots=True)
class InsertRows:
    """``op.bulk_insert``: rows into a table; data only. ``rows`` and the table construct are the script's own objects."""

    table: TableName
    count: int
    target: Any = field(default=None, compare=False, hash=False, repr=False)
    rows: Any = field(default=None, compare=False, hash=False, repr=False)
    multiinsert: bool = True

    def apply(self, schema: Schema) -> Schema:
        return schema

    def invert(self, before: Schema) -> Op:
        return Nothing()

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({refs.table(self.table)}))

    def describe(self) -> str:
        return f"insert {self.count} rows into {self.table}"


@runtime_checkable
class Custom(Protocol):
    """The door for operations that users or packages define.

    ``statements(dialect)`` gives SQLAlchemy executables, ``source()`` the lines of Python that stand for it in a revision file.
    """

    def apply(self, schema: Schema) -> Schema: ...
    def invert(self, before: Schema) -> Op: ...
    def footprint(self) -> Footprint: ...
    def describe(self) -> str: ...
    def statements(self, dialect: Any) -> tuple[Any, ...]: ...
    def source(self) -> tuple[str, ...]: ...


@runtime_checkable
class Importing(Protocol):
    """A custom operation whose source needs import lines."""

    def imports(self) -> tuple[str, ...]: ...
