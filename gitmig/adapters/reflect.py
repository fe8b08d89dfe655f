"""A live database as a schema."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gitmig.adapters import reflectmysql, reflectother, reflectpostgresql, reflectsqlite
from gitmig.schema.values import Enum, Schema, Table, TableName
from gitmig.schema.values import Sequence as SequenceValue

IncludeName: TypeAlias = Callable[[str | None, str, Mapping[str, str | None]], bool]
"""Alembic's ``include_name``: name, kind ("schema" or "table"), and the names of what holds it."""


def reflect(
    connection: Connection,
    *,
    schemas: Sequence[str | None] = (None,),
    include_name: IncludeName | None = None,
    tables: Collection[TableName] | None = None,
) -> Schema:
    """Everything in these schemas (None: the connection's default one), or of ``tables`` only.

    Names in the default schema have the schema None. Enumerated types and sequences are told whole, whatever ``tables`` says; a sequence
    that belongs to a column is part of it. Partitions are told by their parent alone.
    """
    default = connection.dialect.default_schema_name
    found: dict[TableName, Table] = {}
    enums: dict[TableName, Enum] = {}
    sequences: dict[TableName, SequenceValue] = {}
    asked = list(dict.fromkeys(None if name is None or name == default else name for name in schemas))
    if include_name is not None:
        asked = [name for name in asked if include_name(name, "schema", {})]
    for name in asked:
        wanted = None if tables is None else sorted(table.name for table in tables if table.schema == name)
        if wanted is None and include_name is not None:
            wanted = [table for table in _table_names(connection, name) if _included(include_name, table, name)]
        if wanted is None or wanted:
            for table in _tables(connection, name, wanted):
                found[table.name] = table
        if connection.dialect.name == "postgresql":
            enums.update((enum.key(), enum) for enum in reflectpostgresql.enums(connection, name))
            sequences.update((sequence.key(), sequence) for sequence in reflectpostgresql.sequences(connection, name))
        elif connection.dialect.name in ("mysql", "mariadb"):
            sequences.update((sequence.key(), sequence) for sequence in reflectmysql.sequences(connection, name))
    return Schema(found, enums, sequences, frozenset(name for name in asked if name is not None))


def reflect_table(connection: Connection, name: TableName) -> Table | None:
    """The table as it is now; None when there is none of that name."""
    default = connection.dialect.default_schema_name
    schema = None if name.schema == default else name.schema
    tables = _tables(connection, schema, [name.name])
    if not tables:
        return None
    table = tables[0]
    # The asker's name of it is kept: "public.users" stays so.
    return table if table.name == name else _named(table, name)


def _named(table: Table, name: TableName) -> Table:
    own = table.name
    keys = tuple(replace(key, target=name) if key.target == own else key for key in table.foreign_keys)
    return replace(table, name=name, foreign_keys=keys)


def _tables(connection: Connection, schema: str | None, names: Sequence[str] | None) -> list[Table]:
    match connection.dialect.name:
        case "sqlite":
            return reflectsqlite.tables(connection, schema, names)
        case "postgresql":
            return reflectpostgresql.tables(connection, schema, names)
        case "mysql" | "mariadb":
            return reflectmysql.tables(connection, schema, names)
        case _:
            return reflectother.tables(connection, schema, names)


def _table_names(connection: Connection, schema: str | None) -> list[str]:
    inspector: Any = sa.inspect(connection)
    return list(inspector.get_table_names(schema=schema))


def _included(include_name: IncludeName, table: str, schema: str | None) -> bool:
    qualified = f"{schema}.{table}" if schema else table
    return include_name(table, "table", {"schema_name": schema, "schema_qualified_table_name": qualified})
