"""What becomes of PostgreSQL's SERIAL columns: CREATE TABLE and ADD COLUMN make them, and only a default takes or gives that later."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.errors import SchemaError
from gitmig.ops import Operation
from gitmig.schema.normal import counts_up
from gitmig.schema.serial import made_sequence, sequence_asked
from gitmig.schema.values import Column, PrimaryKey, Schema, ServerDefault, Table, TableName


def counted(operation: Operation, schema: Schema, dialect: Any) -> Iterator[Operation]:
    """The operation as the server takes it, before it the facts that it would otherwise seem to change: whether a column counts is what it
    was made with, whatever its key, its type or a foreign key on it say later (see ``schema.serial``)."""
    match operation:
        case ops.AddColumn(table=name) if name in schema.tables and operation.column.serial is None:
            yield _added(operation, schema.tables[name], dialect)
        case ops.AlterColumn(table=name) if name in schema.tables and schema.tables[name].has_column(operation.name):
            operation = _altered(operation, schema, dialect)
            yield from _kept(operation, name, schema, dialect)
            yield operation
        case ops.AddConstraint(table=name) | ops.DropConstraint(table=name) | ops.DropColumn(table=name) if name in schema.tables:
            yield from _kept(operation, name, schema, dialect)
            yield operation
        case _:
            yield operation


def behind(sequence: TableName, schema: Schema) -> bool:
    """Whether it is the sequence behind a SERIAL column, which is part of the column, and can only be dropped once that counts no more."""
    return any(made_sequence(table.name, column.name) == sequence for table in schema for column in table.columns)


def _kept(
    operation: ops.AddConstraint | ops.DropConstraint | ops.DropColumn | ops.AlterColumn, name: TableName, schema: Schema, dialect: Any
) -> Iterator[Operation]:
    """The columns whose counting the operation's outcome would say otherwise than it is, saying it themselves."""
    table = schema.tables[name]
    try:
        after = operation.apply(schema).tables[name]
    except SchemaError:
        return  # who applies it is told
    renamed, told = "", False
    if isinstance(operation, ops.AlterColumn):
        renamed = operation.change.name if isinstance(operation.change.name, str) else operation.name
        told = operation.change.serial is not ops.UNSET
    for column in table.columns:
        own = isinstance(operation, ops.AlterColumn) and column.name == operation.name
        new = renamed if own else column.name
        if (own and told) or not after.has_column(new):
            continue
        fact = counts_up(column, table, dialect)
        if counts_up(after.column(new), after, dialect) != fact and after.column(new).identity is None:
            yield ops.AlterColumn(name, column.name, ops.ColumnChange(serial=fact))


def _added(operation: ops.AddColumn, table: Table, dialect: Any) -> ops.AddColumn:
    """SQLAlchemy makes SERIAL of a column that says ``primary_key=True``, in whatever key the column then is."""
    column = operation.column
    given = column.original
    keyed = operation.primary_key or (isinstance(given, sa.Column) and given.primary_key)
    alone = Table(table.name, (column,), PrimaryKey((column.name,)) if keyed else None)
    fact = counts_up(column, alone, dialect)
    stated = counts_up(column, _with(table, column, keyed=operation.primary_key), dialect)
    return operation if fact == stated else replace(operation, column=replace(column, serial=fact))


def _with(table: Table, column: Column, *, keyed: bool) -> Table:
    key = PrimaryKey((column.name,)) if keyed and table.primary_key is None else table.primary_key
    return replace(table, columns=(*table.columns, column), primary_key=key, original=None)


def _altered(operation: ops.AlterColumn, schema: Schema, dialect: Any) -> ops.AlterColumn:
    """A SERIAL is an integer with a default (manual, 8.1.4): another one, or none, takes what makes it count, and a default from a sequence
    of its own gives it."""
    change = operation.change
    if change.default is ops.UNSET or change.serial is not ops.UNSET:
        return operation
    table = schema.tables[operation.table]
    if isinstance(change.default, ServerDefault) and _is_own(change.default, operation, schema):
        return replace(operation, change=replace(change, default=None, serial=True))
    if counts_up(table.column(operation.name), table, dialect):
        return replace(operation, change=replace(change, serial=False))
    return operation


def _is_own(default: ServerDefault, operation: ops.AlterColumn, schema: Schema) -> bool:
    """Whether it asks a sequence of the column's own: one that does not stand alone, and is not behind another column."""
    sequence = sequence_asked(default)
    if sequence is None or sequence in schema.sequences:
        return False
    return sequence == made_sequence(operation.table, operation.name) or not behind(sequence, schema)
