"""What a diff leaves aside: the tables of migration tools, and what env.py's ``include_name`` and ``include_object`` say."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeVar

from gitmig.autogen.settings import Settings
from gitmig.schema.thaw import thaw_table
from gitmig.schema.values import Column, Constraint, Index, Schema, Table, TableName, kind_of

_T = TypeVar("_T")


def filtered(before: Schema, after: Schema, dialect: Any, settings: Settings) -> tuple[Schema, Schema]:
    """Both sides without what is not to be compared."""
    default = getattr(dialect, "default_schema_name", None)
    left = _without_ours(_in_default(before, default), settings)
    right = _without_ours(_in_default(after, default), settings)
    if settings.include_name is None and settings.include_object is None:
        return left, right
    return _Filter(settings, from_database=True).schema(left, right), _Filter(settings, from_database=False).schema(right, left)


def _without_ours(schema: Schema, settings: Settings) -> Schema:
    if not settings.ours & schema.tables.keys():
        return schema
    return replace(schema, tables={name: table for name, table in schema.tables.items() if name not in settings.ours})


def _in_default(schema: Schema, default: str | None) -> Schema:
    """A table in the schema that is the default one anyway has no schema of its own."""
    if default is None or not any(name.schema == default for name in schema.tables):
        return schema

    def plain(name: TableName) -> TableName:
        return replace(name, schema=None) if name.schema == default else name

    tables = {}
    for name, table in schema.tables.items():
        keys = tuple(replace(key, target=plain(key.target)) for key in table.foreign_keys)
        tables[plain(name)] = replace(table, name=plain(name), foreign_keys=keys)
    return replace(schema, tables=tables)


class _Filter:
    """One side. Names are asked about what the database has only, objects about both sides, as in Alembic."""

    def __init__(self, settings: Settings, *, from_database: bool) -> None:
        self._settings = settings
        self._from_database = from_database

    def schema(self, schema: Schema, other: Schema) -> Schema:
        tables = {}
        for name, table in schema.tables.items():
            counterpart = other.tables.get(name)
            if self._keeps_table(table, counterpart):
                tables[name] = self._table(table, counterpart)
        return replace(schema, tables=tables)

    def _keeps_table(self, table: Table, counterpart: Table | None) -> bool:
        name = table.name
        if self._from_database and self._settings.include_name is not None:
            if name.schema is not None and not self._settings.include_name(name.schema, "schema", {}):
                return False
            parents = {"schema_name": name.schema, "schema_qualified_table_name": str(name)}
            if not self._settings.include_name(name.name, "table", parents):
                return False
        ask = self._settings.include_object
        other = _sqlalchemy(counterpart) if counterpart is not None else None
        return ask is None or bool(ask(_sqlalchemy(table), name.name, "table", self._from_database, other))

    def _table(self, table: Table, counterpart: Table | None) -> Table:
        """The table without its parts that are left out. A part of a table that stands on one side only is not asked about."""
        if counterpart is None:
            return table
        kept = replace(
            table,
            columns=self._kept(table.columns, table, counterpart, "column", _column_of),
            uniques=self._kept(table.uniques, table, counterpart, "unique_constraint", _original_of),
            checks=self._kept(table.checks, table, counterpart, "check_constraint", _original_of),
            foreign_keys=self._kept(table.foreign_keys, table, counterpart, "foreign_key_constraint", _original_of),
            indexes=self._kept(table.indexes, table, counterpart, "index", _original_of),
        )
        return table if kept == table else kept

    def _kept(
        self, things: Iterable[_T], table: Table, counterpart: Table, kind: str, sqlalchemy: Callable[[Table, Any], Any]
    ) -> tuple[_T, ...]:
        found = []
        for thing in things:
            name = getattr(thing, "name", None)
            if self._from_database and self._settings.include_name is not None:
                parents = {
                    "schema_name": table.name.schema,
                    "table_name": table.name.name,
                    "schema_qualified_table_name": str(table.name),
                }
                if not self._settings.include_name(name, kind, parents):
                    continue
            other = _counterpart(thing, counterpart)
            ask = self._settings.include_object
            if ask is None or ask(
                sqlalchemy(table, thing),
                name,
                kind,
                self._from_database,
                sqlalchemy(counterpart, other) if other is not None else None,
            ):
                found.append(thing)
        return tuple(found)


def _counterpart(thing: Any, table: Table) -> Any:
    if isinstance(thing, Column):
        return table.column(thing.name) if table.has_column(thing.name) else None
    if isinstance(thing, Index):
        return next((index for index in table.indexes if index.name == thing.name), None)
    same = [each for each in table.constraints() if kind_of(each) == kind_of(thing) and each.name == thing.name]
    return same[0] if same and thing.name is not None else None


def _sqlalchemy(table: Table) -> Any:
    return table.original if table.original is not None else thaw_table(table)


def _column_of(table: Table, column: Column) -> Any:
    return _sqlalchemy(table).c[column.name] if column.original is None else column.original


def _original_of(table: Table, thing: Constraint | Index) -> Any:
    if thing.original is not None:
        return thing.original
    whole = _sqlalchemy(table)
    parts = whole.indexes if isinstance(thing, Index) else whole.constraints
    return next((part for part in parts if part.name == thing.name), None)
