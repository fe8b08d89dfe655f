"""What a rebuild of a table on SQLite does besides what its operations say: arguments of the batch block, checks of types."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.ddl.writers import writer
from gitmig.ops import Operation
from gitmig.runtime import tableargs
from gitmig.runtime.batch import BatchArguments
from gitmig.schema import freeze
from gitmig.schema.thaw import thaw_table, thaw_type
from gitmig.schema.values import Check, Constraint, PrimaryKey, Schema, Table, TableName, Type, kind_of, options

_PLAIN = (ops.AddColumn, ops.CreateIndex, ops.DropIndex, ops.SetTableComment)


def in_batch(group: ops.AlterTable, schema: Schema, dialect: Any) -> ops.AlterTable:
    """The group with what its rebuild brings; as it is where none takes place."""
    table = schema.tables.get(group.table)
    members = ops.members(group)
    if table is None or not _rebuilds(group, members, schema, dialect):
        return group
    arguments = group.batch if isinstance(group.batch, BatchArguments) else BatchArguments()
    head: list[Operation] = []
    if arguments.copy_from is not None:
        copied = replace(freeze.freeze_table(arguments.copy_from), name=table.name)
        head += [ops.DropTable(table.name, references="dangle"), ops.CreateTable(copied)]
        table = copied
    if arguments.naming_convention:
        named = list(_named(table, arguments.naming_convention))
        head += [each for pair in named for each in pair]
    for column in arguments.reflect_args:
        if isinstance(column, sa.Column) and table.has_column(column.name):
            given = freeze.freeze_column(column)
            change = ops.ColumnChange(type=given.type, nullable=given.nullable, default=given.default)
            head.append(ops.AlterColumn(table.name, column.name, change))
    tail, kept = tableargs.given(table, arguments.table_args, arguments.table_kwargs)
    checked = [each for member in members for each in with_type_checks(member, schema, dialect)]
    settled = tuple(_settled((*head, *checked), schema, group.table))
    return replace(group, ops=(*settled, *tail), table_options=options({**dict(group.table_options), **dict(kept)}))


def _settled(members: tuple[Operation, ...], schema: Schema, name: TableName) -> Iterator[Operation]:
    """The members with what Alembic's batch block makes of them together: a constraint that a dropped column took along may be dropped
    as well, by its name, whatever kind is said; the key goes on with the columns that are left of it, or else with the new ones that
    say ``primary_key``."""
    gone: set[str | None] = set()
    key_name: str | None = None
    added: list[str] = []
    for member in members:
        if isinstance(member, ops.DropConstraint) and member.name is not None and member.find(schema.table(name)) is None:
            called = next((each for each in schema.table(name).constraints() if each.name == member.name), None)
            if called is None and member.name in gone:
                key_name = None if key_name == member.name else key_name
                continue
            member = member if called is None else replace(member, kind=kind_of(called))
        before = schema.table(name) if name in schema.tables else None
        yield member
        schema = member.apply(schema)
        if isinstance(member, ops.AddColumn):
            given = member.column.original
            added += [member.column.name] if isinstance(given, sa.Column) and given.primary_key else []
        elif isinstance(member, ops.DropColumn) and before is not None:
            kept = schema.table(name).constraints()
            gone |= {each.name for each in before.constraints() if each not in kept}
            key = before.primary_key
            if key is not None and key not in kept:
                left = tuple(column for column in key.columns if column != member.name)
                key_name = None if left else key.name
                if left:
                    again = ops.AddConstraint(name, replace(key, columns=left, original=None))
                    yield again
                    schema = again.apply(schema)
    if added and schema.table(name).primary_key is None:
        yield ops.AddConstraint(name, PrimaryKey(tuple(added), key_name))


def alone(operation: Operation, schema: Schema, dialect: Any) -> Iterator[Operation]:
    """An operation outside of a batch block, which may be a rebuild of its own."""
    native: Any = writer(dialect, offline=True)
    if native.is_native(schema, operation):
        yield operation
    else:
        yield from with_type_checks(operation, schema, dialect)


def _rebuilds(group: ops.AlterTable, members: tuple[Operation, ...], schema: Schema, dialect: Any) -> bool:
    if group.recreate != "auto":
        return group.recreate == "always"
    if any(not isinstance(each, _PLAIN) for each in members):
        return True
    native: Any = writer(dialect, offline=True)
    added = [each for each in members if isinstance(each, ops.AddColumn)]
    return any(not native.is_native(schema, each) or _checks(each.table, each.column.name, each.column.type, dialect) for each in added)


def _named(table: Table, convention: Mapping[str, Any]) -> Iterator[tuple[Operation, Operation]]:
    """Names for the keys that have none."""
    metadata = sa.MetaData(naming_convention=dict(convention))
    thawed = freeze.freeze_table(thaw_table(replace(table, original=None), metadata))
    pairs: list[tuple[Constraint | None, Constraint | None]] = [(table.primary_key, thawed.primary_key)]
    for kind in ("uniques", "foreign_keys"):
        for old in getattr(table, kind):
            pairs.append((old, next((new for new in getattr(thawed, kind) if replace(new, name=None) == replace(old, name=None)), None)))
    for old, new in pairs:
        if old is not None and new is not None and old.name is None and new.name is not None:
            yield ops.DropConstraint(table.name, None, kind_of(old), old), ops.AddConstraint(table.name, replace(new, original=None))


def with_type_checks(operation: Operation, schema: Schema, dialect: Any) -> Iterator[Operation]:
    """The operation and, since the table is rebuilt, the checks that a column's type (Boolean, Enum with create_constraint) makes."""
    match operation:
        case ops.AddColumn(table, column):
            yield operation
            yield from (ops.AddConstraint(table, each) for each in _checks(table, column.name, column.type, dialect))
        case ops.AlterColumn(table, name, change) if isinstance(change.type, Type) and table in schema.tables:
            gone = [each for each in schema.tables[table].checks if each.type_bound and each.column == name]
            yield from (ops.DropConstraint(table, each.name, "check", each) for each in gone)
            yield operation
            new = change.name if isinstance(change.name, str) else name
            yield from (ops.AddConstraint(table, each) for each in _checks(table, new, change.type, dialect))
        case _:
            yield operation


def _checks(table: TableName, column: str, type_: Type, dialect: Any) -> list[Check]:
    bound = sa.Table(table.name, sa.MetaData(), sa.Column(column, thaw_type(type_)))
    found = [check for check in freeze.freeze_table(bound).checks if check.type_bound]
    return [check for check in found if check.original is None or freeze.made_on(check.original, dialect)]
