"""Tables as SQLAlchemy's Inspector tells them: what every dialect has in common."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import NoSuchTableError, SAWarning

from gitmig.schema.freezetypes import freeze_type, plain_value
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    IndexElement,
    Options,
    PrimaryKey,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
    Value,
    options,
)

TypeOf = Callable[[str, str, Any], Type]
"""From table, column and SQLAlchemy's type to the type: what the dialect knows better."""


def tables(connection: Connection, schema: str | None, names: Sequence[str] | None) -> list[Table]:
    """The tables of a schema, or those of these names that exist, sorted by name."""
    parts = Parts(connection, schema, names)
    return [parts.table(name) for name in parts.names()]


class Parts:
    """What the Inspector says of the tables of one schema, each kind of part read once for all."""

    def __init__(self, connection: Connection, schema: str | None, names: Sequence[str] | None) -> None:
        self.schema = schema
        self._inspector: Any = sa.inspect(connection)
        self._filter = None if names is None else list(names)
        self._read: dict[str, dict[tuple[str | None, str], Any]] = {}

    def names(self) -> list[str]:
        return sorted(name for _, name in self.of("columns"))

    def of(self, kind: str) -> dict[tuple[str | None, str], Any]:
        """``get_multi_<kind>``; nothing where the dialect does not reflect that kind or a table went away meanwhile."""
        if kind not in self._read:
            method = getattr(self._inspector, f"get_multi_{kind}")
            arguments: dict[str, Any] = {"schema": self.schema}
            if self._filter is not None:
                arguments["filter_names"] = self._filter
            try:
                with warnings.catch_warnings():
                    # A type that SQLAlchemy does not know is told by its DDL instead.
                    warnings.simplefilter("ignore", SAWarning)
                    self._read[kind] = dict(method(**arguments))
            except (NotImplementedError, NoSuchTableError):
                self._read[kind] = {}
        return self._read[kind]

    def get(self, kind: str, name: str) -> Any:
        return self.of(kind).get((self.schema, name))

    def table(self, name: str, type_of: TypeOf | None = None) -> Table:
        key = self.get("pk_constraint", name) or {}
        comment = self.get("table_comment", name) or {}
        return Table(
            TableName(name, self.schema),
            tuple(column(each, name, type_of) for each in self.get("columns", name)),
            primary_key(key) if key.get("constrained_columns") else None,
            tuple(foreign_key(each, self.schema) for each in self.get("foreign_keys", name) or ()),
            tuple(unique(each) for each in self.get("unique_constraints", name) or ()),
            tuple(check(each) for each in self.get("check_constraints", name) or ()),
            (),
            tuple(index(each) for each in self.get("indexes", name) or () if not each.get("duplicates_constraint")),
            comment.get("text"),
            plain_options(self.get("table_options", name) or {}),
        )


def column(row: Mapping[str, Any], table: str, type_of: TypeOf | None) -> Column:
    name = str(row["name"])
    type_ = type_of(table, name, row["type"]) if type_of else freeze_type(row["type"])
    computed, identity, default = row.get("computed"), row.get("identity"), row.get("default")
    return Column(
        name,
        type_,
        bool(row["nullable"]),
        ServerDefault("sql", str(default)) if default is not None and not computed else None,
        Computed(Sql(str(computed["sqltext"])), computed.get("persisted")) if computed else None,
        _identity(identity) if identity else None,
        bool(row["autoincrement"]) if isinstance(row.get("autoincrement"), bool) else "auto",
        row.get("comment"),
        plain_options(row.get("dialect_options") or {}),
    )


def _identity(row: Mapping[str, Any]) -> Identity:
    found = {key: plain_value(value) for key, value in row.items() if key not in ("always", "on_null") and value is not None}
    return Identity(bool(row.get("always")), row.get("on_null"), options(found))


def primary_key(row: Mapping[str, Any]) -> PrimaryKey:
    return PrimaryKey(tuple(row["constrained_columns"]), row.get("name"), _with_comment(row))


def foreign_key(row: Mapping[str, Any], schema: str | None) -> ForeignKey:
    found = dict(row.get("options") or {})
    target = TableName(str(row["referred_table"]), row["referred_schema"])
    return ForeignKey(
        tuple(row["constrained_columns"]),
        target,
        tuple(row["referred_columns"]),
        row.get("name"),
        found.get("ondelete"),
        found.get("onupdate"),
        found.get("deferrable"),
        found.get("initially"),
        found.get("match"),
        options=_with_comment(row),
    )


def unique(row: Mapping[str, Any]) -> Unique:
    return Unique(tuple(row["column_names"]), row.get("name"), options=_with_comment(row))


def check(row: Mapping[str, Any]) -> Check:
    return Check(Sql(str(row["sqltext"])), row.get("name"), options=_with_comment(row))


def index(row: Mapping[str, Any]) -> Index:
    sorting = row.get("column_sorting") or {}
    texts = row.get("expressions") or row["column_names"]
    elements = []
    for name, text in zip(row["column_names"], texts, strict=True):
        sort = " ".join(word.upper().replace("_", " ") for word in sorting.get(name if name is not None else text, ()))
        elements.append(IndexElement(str(name), None, sort) if name is not None else IndexElement(None, Sql(str(text)), sort))
    return Index(row["name"], tuple(elements), bool(row["unique"]), plain_options(row.get("dialect_options") or {}))


def _with_comment(row: Mapping[str, Any]) -> Options:
    found = dict(plain_options(row.get("dialect_options") or {}))
    if row.get("comment"):
        found["comment"] = str(row["comment"])
    return options(found)


def plain_options(found: Mapping[str, Any]) -> Options:
    """A dialect's options as the Inspector gives them, without those that say nothing."""
    kept: dict[str, Value] = {}
    for key, value in found.items():
        if value is None or value is False or value in ((), [], {}):
            continue
        kept[key] = Sql(str(value)) if key.endswith("_where") else plain_value(value)
    return options(kept)
