"""Drawn operations, executed: the reflected schema is the replayed one after each of them, and the first one after their inverses."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from gitmig import ops
from gitmig.adapters.reflect import reflect
from gitmig.schema.normal import normalise
from gitmig.schema.thaw import thaw
from gitmig.schema.values import Schema
from tests.dialects.execution import execute
from tests.dialects.test_reflect import differences
from tests.properties.strategies import histories

History = tuple[Schema, tuple[ops.Operation, ...]]


@contextmanager
def filled(url: str, schema: Schema) -> Iterator[sa.Connection]:
    """A database with the schema in it, emptied afterwards."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        thaw(schema).create_all(connection)
        connection.commit()
        yield connection


def known(connection: sa.Connection, expected: Schema) -> Schema:
    """The database as a run reflects it."""
    return reflect(connection, schemas=[None, *sorted(expected.schemas)])


def agree(connection: sa.Connection, expected: Schema) -> None:
    found, wanted = normalise(known(connection, expected), connection.dialect), normalise(expected, connection.dialect)
    assert not differences(wanted, found), "\n".join(differences(wanted, found))


def plain(operation: ops.Operation) -> bool:
    """Whether SQLite can be asked for it as drawn: it has no schemas, sequences or types, and the drawn SQL is about no real table."""
    beside = (ops.CreateSchema, ops.DropSchema, ops.CreateSequence, ops.DropSequence, ops.CreateEnum, ops.DropEnum, ops.SetEnumValues)
    return not isinstance(operation, (*beside, ops.Execute))


@settings(suppress_health_check=list(HealthCheck))
@given(history=histories())
def test_on_sqlite_every_step_up_and_down_is_what_replay_says(history: History) -> None:
    start, operations = history
    start = replace(start, sequences={})
    operations = tuple(each for each in operations if plain(each))
    with filled("sqlite://", start) as connection:
        agree(connection, start)
        steps = ops.steps(start, operations)
        for step in steps:
            execute(connection, [step.op], step.before)
            agree(connection, step.after)
        for step in reversed(steps):
            execute(connection, [step.op.invert(step.before)], step.after)  # type: ignore[list-item]
            agree(connection, step.before)


def castable(operation: ops.Operation) -> bool:
    """Whether PostgreSQL can do it as drawn: a type that it does not cast by itself needs an expression, which a script would give. Names
    that it made for unnamed keys stay when a table or column is renamed, and drawn values do not know them (recorded ones do)."""
    for each in ops.members(operation) if isinstance(operation, ops.AlterTable) else (operation,):
        if isinstance(each, (ops.RenameTable, ops.Execute)):
            return False
        if isinstance(each, ops.AlterColumn) and (each.change.type is not ops.UNSET or each.change.name is not ops.UNSET):
            return False
    return True


@pytest.mark.nightly  # a second and a half for each example
@pytest.mark.postgresql
@settings(suppress_health_check=list(HealthCheck), max_examples=100)
@given(history=histories())
def test_on_postgresql_every_step_up_and_down_is_what_replay_says(postgresql_url: str, history: History) -> None:
    start, operations = history
    operations = tuple(each for each in operations if castable(each))
    with filled(postgresql_url, start) as connection:
        try:
            agree(connection, start)
            steps = ops.steps(start, operations)
            for step in steps:
                execute(connection, [step.op], known(connection, step.before))
                agree(connection, step.after)
            for step in reversed(steps):
                execute(connection, [step.op.invert(step.before)], known(connection, step.after))  # type: ignore[list-item]
                agree(connection, step.before)
        finally:
            connection.rollback()
            for statement in ("DROP SCHEMA public CASCADE", "DROP SCHEMA IF EXISTS shop CASCADE", "CREATE SCHEMA public"):
                connection.exec_driver_sql(statement)
            connection.commit()
