"""SQLAlchemy's own DDL constructs as operations: what ``Table.create(bind)`` and ``op.execute(CreateSequence(...))`` do."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy import schema as ddl
from sqlalchemy.dialects.postgresql import named_types

from gitmig import ops
from gitmig.schema import freeze, freezeoptions
from gitmig.schema.values import Enum, Table, TableName


def operations_of(element: Any, dialect: str) -> tuple[ops.Operation, ...] | None:
    """What a DDL construct does; None where it is not known."""
    match element:
        case ddl.CreateTable():
            return (ops.CreateTable(_created(element), bool(element.if_not_exists)),)
        case ddl.DropTable():
            references = "dangle" if dialect == "sqlite" else "refuse"
            return (ops.DropTable(_name(element.element), bool(element.if_exists), references),)  # type: ignore[arg-type]
        case ddl.CreateIndex():
            index = element.element
            return (ops.CreateIndex(_name(index.table), freeze.freeze_index(index), bool(element.if_not_exists)),)
        case ddl.DropIndex():
            table = _name(element.element.table) if element.element.table is not None else None
            return (
                ops.DropIndex(
                    table, str(element.element.name), if_exists=bool(element.if_exists), schema=table.schema if table is not None else None
                ),
            )
        case ddl.AddConstraint():
            constraint: Any = element.element
            return (ops.AddConstraint(_name(constraint.table), freeze.freeze_constraint(constraint)),)
        case ddl.DropConstraint():
            constraint = element.element
            value = freeze.freeze_constraint(constraint)
            return (ops.DropConstraint(_name(constraint.table), value.name, constraint=value, if_exists=bool(element.if_exists)),)
        case ddl.CreateSequence():
            return (ops.CreateSequence(freezeoptions.freeze_sequence(element.element), bool(element.if_not_exists)),)
        case ddl.DropSequence():
            return (ops.DropSequence(_name(element.element), bool(element.if_exists)),)
        case ddl.CreateSchema():
            return (ops.CreateSchema(str(element.element), bool(element.if_not_exists)),)
        case ddl.DropSchema():
            return (ops.DropSchema(str(element.element), bool(element.if_exists), bool(element.cascade)),)
        case ddl.SetTableComment():
            return (ops.SetTableComment(_name(element.element), element.element.comment),)
        case ddl.DropTableComment():
            return (ops.SetTableComment(_name(element.element), None),)
        case ddl.SetColumnComment() | ddl.DropColumnComment():
            column: Any = element.element
            comment = column.comment if isinstance(element, ddl.SetColumnComment) else None
            return (ops.AlterColumn(_name(column.table), column.name, ops.ColumnChange(comment=comment)),)
        case named_types.CreateEnumType():
            return (ops.CreateEnum(_enum(element.element)),)
        case named_types.DropEnumType():
            return (ops.DropEnum(_enum(element.element).key()),)
        case _:
            return None


def _created(element: Any) -> Table:
    """The table as its statement makes it: indexes and foreign keys of a cycle come by themselves."""
    table: sa.Table = element.element
    value = freeze.freeze_table(table)
    included = element.include_foreign_key_constraints
    keys = value.foreign_keys
    if included is not None:
        keys = tuple(each for each in keys if each.original is None or each.original in included)
    return replace(value, indexes=(), foreign_keys=keys)


def _name(thing: Any) -> TableName:
    return TableName(str(thing.name), None if thing.schema is None else str(thing.schema))


def _enum(type_: Any) -> Enum:
    return Enum(str(type_.name), tuple(map(str, type_.enums)), None if type_.schema is None else str(type_.schema))
