"""The way back: the operations of ``downgrade()``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from gitmig import ops
from gitmig.autogen.keptindexes import with_kept_indexes
from gitmig.ops.union import members
from gitmig.schema.casting import crosses, postgresql_ddl
from gitmig.schema.normal import counts_up
from gitmig.schema.values import Check, Column, Index, Table, TableName


def backward(forward: Sequence[ops.Step], dialect: Any) -> tuple[ops.Operation, ...]:
    """What undoes the steps, last one first, one directive an operation."""
    serial = _serial(forward, dialect) if dialect.name == "postgresql" and forward else frozenset()
    inverted = (_counting(step, operation, serial) for step, operation in zip(reversed(forward), ops.inverted(forward), strict=True))
    back = tuple(_joined(_without_needless(list(_flat(inverted, dialect)))))
    return with_kept_indexes(forward[-1].after, back, dialect) if forward else ()


def _counting(step: ops.Step, inverse: ops.Operation, serial: frozenset[tuple[TableName, str]]) -> ops.Operation:
    """A column that is to count by itself no longer says so: "auto" would mean yes while it is still the key."""
    match step.op, inverse:
        case ops.AlterColumn(change=given), ops.AlterColumn(change=back):
            if given.autoincrement is not ops.UNSET:
                back = replace(back, autoincrement=given.autoincrement is False)
            if given.serial is not ops.UNSET:
                back = replace(back, serial=not given.serial)
            return _default_first(replace(inverse, change=back), given)
        case ops.DropIndex(table=TableName() as name, if_exists=True, index=Index() as kept), ops.Nothing():
            # The index that the server kept for a key without a name. Put back, the key has one, after which the server would name its
            # index: made first, that has the name by which it is dropped.
            return ops.CreateIndex(name, kept) if kept.name == kept.columns()[0] else inverse
        case ops.DropColumn(table=name, name=column), ops.AddColumn() if (name, column) in serial:
            return _with_sequence(inverse)
        case ops.DropColumn(table=name, name=column), ops.AlterTable() if (name, column) in serial:
            group = (_with_sequence(each) if isinstance(each, ops.AddColumn) else each for each in members(inverse))
            return replace(inverse, ops=tuple(group))
        case _:
            return inverse


def _default_first(inverse: ops.AlterColumn, given: ops.ColumnChange) -> ops.Operation:
    """A default that came with a type of another family goes before that type does: PostgreSQL casts it with the column, or refuses."""
    back = inverse.change
    if given.type is ops.UNSET or back.type is ops.UNSET or given.default in (ops.UNSET, None) or back.default is not None:
        return inverse
    if not crosses(postgresql_ddl(given.type), postgresql_ddl(back.type)):
        return inverse
    first = ops.AlterColumn(inverse.table, inverse.name, ops.ColumnChange(default=None))
    return ops.AlterTable(inverse.table, (first, replace(inverse, change=replace(back, default=ops.UNSET))))


def _serial(forward: Sequence[ops.Step], dialect: Any) -> frozenset[tuple[TableName, str]]:
    """The dropped columns that PostgreSQL's SERIAL made: their key may have gone before them."""
    first = forward[0].before.tables
    dropped = [step.op for step in forward if isinstance(step.op, ops.DropColumn) and step.op.table in first]
    return frozenset(
        (op.table, op.name)
        for op in dropped
        if first[op.table].has_column(op.name) and counts_up(first[op.table].column(op.name), first[op.table], dialect)
    )


def _with_sequence(operation: ops.AddColumn) -> ops.AddColumn:
    return replace(operation, column=replace(operation.column, serial=True, original=None))


def _flat(operations: Iterable[ops.Operation], dialect: Any) -> Iterator[ops.Operation]:
    """Groups as their members, indexes of tables by themselves, and nothing for nothing."""
    for operation in operations:
        match operation:
            case ops.AlterTable():
                yield from _flat(members(operation), dialect)
                if operation.table_options:
                    yield ops.AlterTable(operation.table, (), table_options=operation.table_options)
            case ops.CreateTable(table):
                definable = _as_definable(replace(table, indexes=()), dialect)
                yield replace(operation, table=definable)
                for column in table.columns:
                    if column.serial and definable.column(column.name).autoincrement is False:
                        yield ops.AlterColumn(table.name, column.name, ops.ColumnChange(serial=True))
                for index in table.indexes:
                    yield ops.CreateIndex(table.name, index)
            case ops.DropTable() if dialect.name == "sqlite":
                # SQLite lets a table go that others refer to, and holds tables that refer to each other.
                yield replace(operation, references="dangle")
            case ops.Nothing():
                continue
            case _:
                yield operation


def _as_definable(table: Table, dialect: Any) -> Table:
    """Every column counting as CREATE TABLE can make it: one that did by a sequence which its key does not bring gets that later."""
    if all(column.serial is None for column in table.columns):
        return table

    def definable(column: Column) -> Column:
        plain = replace(column, serial=None, original=None)
        usual = column.serial is None or counts_up(plain, table, dialect) == column.serial
        return plain if usual else replace(plain, autoincrement=False)

    return replace(table, columns=tuple(map(definable, table.columns)), original=None)


def _without_needless(operations: Sequence[ops.Operation]) -> Iterator[ops.Operation]:
    """An index goes with its table; MySQL and MariaDB refuse to drop it before, where a foreign key of the table rests on it."""
    for place, operation in enumerate(operations):
        if isinstance(operation, ops.DropIndex):
            rest = (each for each in operations[place:] if not isinstance(each, ops.DropIndex) or each.table != operation.table)
            match next(rest, None):
                case ops.DropTable(name=table) if table == operation.table:
                    continue
                case _:
                    pass
        yield operation


def _joined(operations: Iterable[ops.Operation]) -> list[ops.Operation]:
    """A check of a column's own definition comes with the column."""
    result: list[ops.Operation] = []
    for operation in operations:
        if isinstance(operation, ops.AddConstraint) and isinstance(operation.constraint, Check):
            check = operation.constraint
            place = _column_of(result, operation)
            if place is not None and not check.type_bound:
                added = result[place]
                assert isinstance(added, ops.AddColumn)
                result[place] = replace(added, checks=(*added.checks, check))
                continue
        result.append(operation)
    return result


def _column_of(operations: Sequence[ops.Operation], operation: ops.AddConstraint) -> int | None:
    check = operation.constraint
    for place, each in enumerate(operations):
        match each:
            case ops.AddColumn(table=table, column=column) if isinstance(check, Check):
                if table == operation.table and column.name == check.column:
                    return place
            case _:
                continue
    return None
