"""PostgreSQL's enumerated types in operation objects: lines of their own make them, so no table and no column does it again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from gitmig.compat.alembic.opsbase import MigrateOperation, ModifyTableOps
from gitmig.compat.alembic.opscolumns import AddColumnOp
from gitmig.compat.alembic.opstables import CreateTableOp


def made_apart(operation: MigrateOperation) -> MigrateOperation:
    """The operation with types that say ``create_type=False``. The models' own columns stay as they are."""
    match operation:
        case CreateTableOp() if any(_native(each) for each in operation.columns):
            table = operation.to_table()
            for column in table.columns:
                _retype(column)
            made = CreateTableOp.from_table(table, _namespace_metadata=operation._namespace_metadata)
            made.if_not_exists = operation.if_not_exists
            return made
        case AddColumnOp() if _native(operation.column):
            column = operation.column._copy()
            _retype(column)
            return AddColumnOp(operation.table_name, column, schema=operation.schema, if_not_exists=operation.if_not_exists)
        case ModifyTableOps():
            operation.ops[:] = [made_apart(each) for each in operation.ops]
            return operation
        case _:
            return operation


def _native(column: Any) -> bool:
    """Whether it is a column of a type that PostgreSQL has by name."""
    if not isinstance(column, sa.Column):
        return False
    type_ = column.type.item_type if isinstance(column.type, sa.ARRAY) else column.type
    return isinstance(type_, sa.Enum) and bool(type_.native_enum) and bool(type_.name)


def _retype(column: sa.Column[Any]) -> None:
    if not _native(column):
        return
    if isinstance(column.type, sa.ARRAY):
        held = column.type.item_type
        column.type = postgresql.ARRAY(_apart(held), dimensions=column.type.dimensions, zero_indexes=column.type.zero_indexes)
    else:
        column.type = _apart(column.type)


def _apart(type_: Any) -> postgresql.ENUM:
    return postgresql.ENUM(*type_.enums, name=type_.name, schema=type_.schema, create_type=False)
