"""``alembic.operations.toimpl``: how operation objects are carried out, as gitmig's own operations on the run of ``operations``.

``operations`` is an Operations object or the one of a batch block, whose run collects.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.compat.alembic.opscolumns import AddColumnOp, AlterColumnOp, BulkInsertOp, DropColumnOp, ExecuteSQLOp
from gitmig.compat.alembic.opsconstraints import (
    AddConstraintOp,
    CreateCheckConstraintOp,
    CreateExcludeConstraintOp,
    CreateForeignKeyOp,
    CreatePrimaryKeyOp,
    CreateUniqueConstraintOp,
    DropConstraintOp,
)
from gitmig.compat.alembic.opsmap import NativeOp
from gitmig.compat.alembic.opstables import (
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    RenameTableOp,
)
from gitmig.runtime.batch import BatchOperations
from gitmig.runtime.building import Builder
from gitmig.runtime.operations import Operations
from gitmig.schema.freeze import freeze_constraint, freeze_table
from gitmig.schema.values import TableName

__all__ = [
    "add_column",
    "alter_column",
    "bulk_insert",
    "create_constraint",
    "create_index",
    "create_table",
    "create_table_comment",
    "drop_column",
    "drop_constraint",
    "drop_index",
    "drop_table",
    "drop_table_comment",
    "execute_sql",
    "rename_table",
]


@Operations.implementation_for(CreateTableOp)
def create_table(operations: Any, operation: CreateTableOp) -> sa.Table:
    table = operation.to_table(operations.migration_context)
    operations.run.perform(ops.CreateTable(freeze_table(table), bool(operation.if_not_exists)))
    return table


@Operations.implementation_for(DropTableOp)
def drop_table(operations: Any, operation: DropTableOp) -> None:
    operations.run.perform(Builder(operations.run).drop_table(operation.table_name, operation.schema, operation.if_exists))


@Operations.implementation_for(RenameTableOp)
def rename_table(operations: Any, operation: RenameTableOp) -> None:
    old, new = TableName(operation.table_name, operation.schema), TableName(operation.new_table_name, operation.schema)
    operations.run.perform(ops.RenameTable(old, new))


@Operations.implementation_for(CreateTableCommentOp)
def create_table_comment(operations: Any, operation: CreateTableCommentOp) -> None:
    operations.run.perform(ops.SetTableComment(TableName(operation.table_name, operation.schema), operation.comment))


@Operations.implementation_for(DropTableCommentOp)
def drop_table_comment(operations: Any, operation: DropTableCommentOp) -> None:
    operations.run.perform(ops.SetTableComment(TableName(operation.table_name, operation.schema), None))


@Operations.implementation_for(AddColumnOp)
def add_column(operations: Any, operation: AddColumnOp) -> None:
    keywords = dict(operation.kw)
    for each in Builder(operations.run).add_column(
        TableName(operation.table_name, operation.schema),
        operation.column,
        if_not_exists=operation.if_not_exists,
        inline_references=operation.inline_references,
        inline_primary_key=operation.inline_primary_key,
        before_column=keywords.get("insert_before"),
        after_column=keywords.get("insert_after"),
    ):
        operations.run.perform(each)


@Operations.implementation_for(AlterColumnOp)
def alter_column(operations: Any, operation: AlterColumnOp) -> None:
    keywords = {name: value for name, value in operation.kw.items() if name not in ("insert_before", "insert_after")}
    for each in Builder(operations.run).alter_column(
        TableName(operation.table_name, operation.schema),
        operation.column_name,
        nullable=operation.modify_nullable,
        comment=operation.modify_comment,
        server_default=operation.modify_server_default,
        new_column_name=operation.modify_name,
        type_=operation.modify_type,
        existing_type=operation.existing_type,
        existing_server_default=operation.existing_server_default,
        existing_nullable=operation.existing_nullable,
        existing_comment=operation.existing_comment,
        **keywords,
    ):
        operations.run.perform(each)


@Operations.implementation_for(DropColumnOp)
def drop_column(operations: Any, operation: DropColumnOp) -> None:
    keywords = {**operation.kw, "if_exists": operation.if_exists}
    table = TableName(operation.table_name, operation.schema)
    operations.run.perform(Builder(operations.run).drop_column(table, operation.column_name, keywords))


@Operations.implementation_for(AddConstraintOp)
def create_constraint(operations: Any, operation: AddConstraintOp) -> None:
    constraint = operation.to_constraint(operations.migration_context)
    table = constraint.parent
    operations.run.perform(ops.AddConstraint(TableName(table.name, table.schema), freeze_constraint(constraint)))


@Operations.implementation_for(DropConstraintOp)
def drop_constraint(operations: Any, operation: DropConstraintOp) -> None:
    table = TableName(operation.table_name, operation.schema)
    name, kind = operation.constraint_name, operation.constraint_type
    operations.run.perform(Builder(operations.run).drop_constraint(table, name, kind, operation.if_exists))


@Operations.implementation_for(CreateIndexOp)
def create_index(operations: Any, operation: CreateIndexOp) -> None:
    keywords = {"unique": operation.unique, "if_not_exists": operation.if_not_exists, **operation.kw}
    table = TableName(operation.table_name, operation.schema)
    operations.run.perform(Builder(operations.run).create_index(table, operation.index_name, operation.columns, keywords))


@Operations.implementation_for(DropIndexOp)
def drop_index(operations: Any, operation: DropIndexOp) -> None:
    keywords = {"if_exists": operation.if_exists, **operation.kw}
    build = Builder(operations.run)
    operations.run.perform(build.drop_index(operation.index_name, operation.table_name, operation.schema, keywords))


@Operations.implementation_for(BulkInsertOp)
def bulk_insert(operations: Any, operation: BulkInsertOp) -> None:
    table = operation.table
    name = TableName(str(table.name), getattr(table, "schema", None))
    operations.run.perform(ops.InsertRows(name, len(operation.rows), table, operation.rows, operation.multiinsert))


@Operations.implementation_for(ExecuteSQLOp)
def execute_sql(operations: Any, operation: ExecuteSQLOp) -> None:
    operations.run.execute(operation.sqltext, operation.execution_options)


@Operations.implementation_for(NativeOp)
def _native(operations: Any, operation: NativeOp) -> None:
    operations.run.perform(operation.operation)


Operations.stands_for(CreateTableOp, create_table="create_table")
Operations.stands_for(DropTableOp, drop_table="drop_table")
Operations.stands_for(RenameTableOp, rename_table="rename_table")
Operations.stands_for(BulkInsertOp, bulk_insert="bulk_insert")
Operations.stands_for(ExecuteSQLOp, execute="execute")
BatchOperations.stands_for(ExecuteSQLOp, execute="batch_execute")
for _op, _name in (
    (CreateTableCommentOp, "create_table_comment"),
    (DropTableCommentOp, "drop_table_comment"),
    (AddColumnOp, "add_column"),
    (AlterColumnOp, "alter_column"),
    (DropColumnOp, "drop_column"),
    (CreatePrimaryKeyOp, "create_primary_key"),
    (CreateForeignKeyOp, "create_foreign_key"),
    (CreateUniqueConstraintOp, "create_unique_constraint"),
    (CreateCheckConstraintOp, "create_check_constraint"),
    (CreateExcludeConstraintOp, "create_exclude_constraint"),
    (DropConstraintOp, "drop_constraint"),
    (CreateIndexOp, "create_index"),
    (DropIndexOp, "drop_index"),
):
    Operations.stands_for(_op, **{_name: _name})
    BatchOperations.stands_for(_op, **{_name: f"batch_{_name}"})
