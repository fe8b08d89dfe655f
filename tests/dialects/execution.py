"""Operations executed on a live database as a run does it: for tests of statements, without revisions around them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from gitmig import ddl, ops
from gitmig.schema.values import Schema


@contextmanager
def database(url: str, *setup: str) -> Iterator[sa.Connection]:
    """A connection, after the statements of ``setup``; SQLite enforces foreign keys on it."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        for statement in setup:
            connection.exec_driver_sql(statement)
        connection.commit()
        yield connection
    engine.dispose()


def execute(connection: sa.Connection, operations: Iterable[ops.Operation], before: Schema | None = None) -> Schema:
    """Runs them one after the other; gives the schema that they lead to from ``before`` (None: nothing is known of the tables).

    As a run does, it lets SQLite not enforce foreign keys while a table is rebuilt, and checks them afterwards.
    """
    operations = tuple(operations)
    memo: dict[str, Any] = {}
    off = any(ddl.needs_foreign_keys_off(op, connection.dialect) for op in operations)
    if off:
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 0
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    schema = _execute(connection, operations, before, memo)
    if off:
        assert connection.exec_driver_sql("PRAGMA foreign_key_check").all() == []
        connection.commit()
        connection.exec_driver_sql("PRAGMA foreign_keys = ON")
    return schema


def _execute(connection: sa.Connection, operations: tuple[ops.Operation, ...], before: Schema | None, memo: dict[str, Any]) -> Schema:
    schema = before if before is not None else Schema()
    for op in operations:
        after = op.apply(schema) if before is not None else schema
        query = ddl.live_query(op, connection.dialect)
        live = [tuple(row) for row in connection.execute(query)] if query is not None else None
        for statement in ddl.statements(ops.Step(op, schema, after), connection.dialect, live=live):
            statement.run(connection, memo)
        schema = after
    return schema


def lines(schema: Schema) -> list[str]:
    """A schema in many short lines, so that a failing test shows where two of them differ."""
    found = []
    for table in schema:
        parts = (*table.columns, *table.constraints(), *table.indexes, table.comment, table.options)
        found += [f"{table.name}: {part}" for part in parts if part]
    return [*found, *map(str, schema.enums.values()), *map(str, schema.sequences.values())]
