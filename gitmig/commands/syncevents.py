"""What a walk over revisions does to data that is there: told as plain events by the child, folded into losses by the parent."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gitmig import ops
from gitmig.ops import UNSET, Operation
from gitmig.ops.union import members
from gitmig.schema.values import Schema, TableName

Event = Mapping[str, Any]
"""``kind`` with what it is about: "table dropped", "table renamed", "table made", "column dropped", "column renamed", "column made"
(``table`` is [schema, name], ``column``, ``new``), or "unsure" (``words``: what it does to data is not known)."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that goes with the data in it, as the database calls it now; ``column`` None is a whole table."""

    revision: str
    schema: str | None
    table: str
    column: str | None = None

    def __str__(self) -> str:
        table = f"{self.schema}.{self.table}" if self.schema else self.table
        return f"{table}.{self.column}" if self.column else table


def events(operations: Iterable[Operation], schema: Schema, dialect: Any) -> Iterator[Event]:
    """The events of recorded operations, which begin at ``schema``."""
    for operation in operations:
        inner = members(operation) if _is_group(operation) else ()  # type: ignore[arg-type]
        if inner:
            yield from events(inner, schema, dialect)
        else:
            event = _event(operation, schema, dialect)
            if event is not None:
                yield event
        schema = operation.apply(schema)


def _is_group(operation: Operation) -> bool:
    return isinstance(operation, ops.AlterTable) or (isinstance(operation, ops.Execute) and bool(operation.effects))


def _event(operation: Operation, schema: Schema, dialect: Any) -> Event | None:
    from gitmig.autogen.widening import widens

    match operation:
        case ops.DropTable(name):
            return {"kind": "table dropped", "table": _name(name)}
        case ops.CreateTable(table):
            return {"kind": "table made", "table": _name(table.name)}
        case ops.RenameTable(old, new):
            return {"kind": "table renamed", "table": _name(old), "new": _name(new)}
        case ops.DropColumn(table, column):
            there = schema.tables.get(table)
            if there is not None and any(each.name == column and each.computed is not None for each in there.columns):
                return None
            return {"kind": "column dropped", "table": _name(table), "column": column}
        case ops.AddColumn(table, added):
            return {"kind": "column made", "table": _name(table), "column": added.name}
        case ops.AlterColumn(table, column, change):
            name = change.given().get("name", column)
            if change.type is not UNSET and not widens(schema.table(table).column(column).type, change.type, dialect):
                return {"kind": "unsure", "words": operation.describe()}
            return None if name == column else {"kind": "column renamed", "table": _name(table), "column": column, "new": name}
        case ops.Execute() | ops.Opaque() | ops.Custom():
            return {"kind": "unsure", "words": operation.describe()}
        case _:
            # Constraints, indexes, comments, sequences, enums, new rows: what stands in tables stays.
            return None


def _name(name: TableName) -> list[str | None]:
    return [name.schema, name.name]


@dataclass(slots=True)
class Walk:
    """Follows names through a walk: which table or column of the database as it is now is meant when something is dropped later."""

    tables: dict[tuple[str | None, str], tuple[str | None, str] | None] = field(default_factory=dict)
    columns: dict[tuple[tuple[str | None, str], str], str | None] = field(default_factory=dict)

    def losses(self, revision: str, events: Sequence[Event]) -> Iterator[Loss]:
        for event in events:
            if event["kind"] == "unsure":
                continue
            table = (event["table"][0], event["table"][1])
            now = self.tables.get(table, table)
            column = event.get("column", "")
            origin = self.columns.get((table, column), column)
            match event["kind"]:
                case "table dropped":
                    self.tables[table] = None
                    if now is not None:
                        yield Loss(revision, now[0], now[1])
                case "table made":
                    self.tables[table] = None
                case "table renamed":
                    new = (event["new"][0], event["new"][1])
                    self.tables[table], self.tables[new] = None, now
                    self.columns |= {(new, name): was for (owner, name), was in list(self.columns.items()) if owner == table}
                case "column dropped":
                    self.columns[table, column] = None
                    if now is not None and origin is not None:
                        yield Loss(revision, now[0], now[1], origin)
                case "column made":
                    self.columns[table, column] = None
                case "column renamed":
                    self.columns[table, column], self.columns[table, event["new"]] = None, origin
