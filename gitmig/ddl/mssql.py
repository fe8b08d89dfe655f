"""Microsoft SQL Server: T-SQL's own words for defaults, renames and comments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from gitmig import ops
from gitmig.ddl import constructs, elements
from gitmig.ddl.elements import (
    alter_column,
    alter_table,
    format_column_name,
    format_server_default,
    format_table_name,
    format_type,
)
from gitmig.ddl.generic import Generic, column_before
from gitmig.ddl.statement import AnyStatement, Statement
from gitmig.errors import ArgumentMissing
from gitmig.ops import UNSET
from gitmig.schema.values import option


class DropBoundConstraint(elements.AlterTable):
    """Drops the default, check or foreign key of one column, whose name the server made: looked up in the catalogue as it runs."""

    def __init__(self, name: str, column_name: str, kind: str, schema: str | None = None) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.kind = kind


class Mssql(Generic):
    def drop_column(self, step: ops.Step, op: ops.DropColumn) -> Iterator[AnyStatement]:
        """With mssql_drop_default, mssql_drop_check and mssql_drop_foreign_key: what hangs on the column first."""
        for word, kind in (("default", "sys.default_constraints"), ("check", "sys.check_constraints"), ("foreign_key", "sys.foreign_keys")):
            if option(op.options, f"mssql_drop_{word}"):
                yield Statement(DropBoundConstraint(op.table.name, op.name, kind, schema=op.table.schema))
        yield from super().drop_column(step, op)

    def alter_column(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        """The old default goes, type and nullability come as one, the new default comes."""
        change, existing = op.change, op.existing
        before = column_before(step, op)
        if change.default is not UNSET:
            known = before.default if before is not None else None
            if change.default is None or existing.default is not UNSET or known is not None:
                yield Statement(DropBoundConstraint(op.table.name, op.name, "sys.default_constraints", schema=op.table.schema))
        if change.type is not UNSET or change.nullable is not UNSET:
            yield self._retype(op, before)
        rest = ops.ColumnChange(comment=change.comment, computed=change.computed, identity=change.identity)
        yield from super().alter_column(step, ops.AlterColumn(op.table, op.name, rest, existing, options=op.options))
        if change.default is not UNSET and change.default is not None:
            yield self.column(op, elements.ColumnDefault, constructs.default_of(change.default))
        renamed = ops.ColumnChange(name=change.name)
        yield from super().alter_column(step, ops.AlterColumn(op.table, op.name, renamed, existing, options=op.options))

    def insert_rows(self, op: ops.InsertRows) -> Iterator[AnyStatement]:
        """Printed rows may hold values of an identity column, which has to be allowed."""
        if not self.offline:
            yield from super().insert_rows(op)
            return
        preparer = self.dialect.identifier_preparer
        schema = f"{preparer.quote_schema(op.table.schema)}." if op.table.schema else ""
        table = f"{schema}{preparer.quote(op.table.name)}"
        yield Statement(sa.text(f"SET IDENTITY_INSERT {table} ON"))
        yield from super().insert_rows(op)
        yield Statement(sa.text(f"SET IDENTITY_INSERT {table} OFF"))

    def _retype(self, op: ops.AlterColumn, before: Any) -> Statement:
        change, existing = op.change, op.existing
        types = (change.type, existing.type, before.type if before is not None else UNSET)
        type_ = next((each for each in types if each is not UNSET), None)
        nulls = (change.nullable, existing.nullable, before.nullable if before is not None else UNSET)
        nullable = next((each for each in nulls if each is not UNSET), None)
        if type_ is None:
            raise ArgumentMissing(
                "MS-SQL ALTER COLUMN operations with NULL or NOT NULL require the existing_type or a new type_ be passed",
                f"Give it in the script for {op.table}.{op.name}: existing_type=...",
            )
        element = elements.ColumnType(
            op.table.name,
            op.name,
            constructs.type_of(type_),
            schema=op.table.schema,
            existing_nullable=nullable,
        )
        return Statement(element)


_BOUND = """declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from {kind}
where parent_object_id = object_id('{table}')
and col_name(parent_object_id, parent_column_id) = '{column}'
exec('alter table {table} drop constraint ' + @const_name)"""

_BOUND_KEY = """declare @const_name varchar(256)
select @const_name = QUOTENAME([name]) from
sys.foreign_keys fk join sys.foreign_key_columns fkc
on fk.object_id=fkc.constraint_object_id
where fkc.parent_object_id = object_id('{table}')
and col_name(fkc.parent_object_id, fkc.parent_column_id) = '{column}'
exec('alter table {table} drop constraint ' + @const_name)"""


@compiles(DropBoundConstraint, "mssql")
def visit_drop_bound(element: DropBoundConstraint, compiler: Any, **kw: Any) -> str:
    text = _BOUND_KEY if element.kind == "sys.foreign_keys" else _BOUND
    table = format_table_name(compiler, element.table_name, element.schema).replace("'", "''")
    return text.format(kind=element.kind, table=table, column=element.column_name.replace("'", "''"))


@compiles(elements.AddColumn, "mssql")
def visit_add_column(element: elements.AddColumn, compiler: Any, **kw: Any) -> str:
    column = compiler.get_column_specification(element.column, **kw)
    return f"{alter_table(compiler, element.table_name, element.schema)} ADD {column}"


@compiles(elements.ColumnType, "mssql")
def visit_column_type(element: elements.ColumnType, compiler: Any, **kw: Any) -> str:
    null = {None: "", True: " NULL", False: " NOT NULL"}[element.existing_nullable]
    verb = f"{alter_column(compiler, element.column_name)} {format_type(compiler, element.type_)}{null}"
    return f"{alter_table(compiler, element.table_name, element.schema)} {verb}"


@compiles(elements.ColumnDefault, "mssql")
def visit_column_default(element: elements.ColumnDefault, compiler: Any, **kw: Any) -> str:
    verb = f"ADD DEFAULT {format_server_default(compiler, element.default)} FOR {format_column_name(compiler, element.column_name)}"
    return f"{alter_table(compiler, element.table_name, element.schema)} {verb}"


@compiles(elements.ColumnName, "mssql")
def visit_column_name(element: elements.ColumnName, compiler: Any, **kw: Any) -> str:
    table = format_table_name(compiler, element.table_name, element.schema)
    old = f"{table}.{format_column_name(compiler, element.column_name)}".replace("'", "''")
    return f"EXEC sp_rename '{old}', {format_column_name(compiler, element.newname)}, 'COLUMN'"


@compiles(elements.RenameTable, "mssql")
def visit_rename_table(element: elements.RenameTable, compiler: Any, **kw: Any) -> str:
    old = format_table_name(compiler, element.table_name, element.schema).replace("'", "''")
    return f"EXEC sp_rename '{old}', {format_table_name(compiler, element.new_table_name, None)}"


@compiles(elements.ColumnComment, "mssql")
def visit_column_comment(element: elements.ColumnComment, compiler: Any, **kw: Any) -> str:
    schema = compiler.preparer.quote_schema(element.schema or compiler.dialect.default_schema_name)
    table = format_table_name(compiler, element.table_name, None)
    place = f"'schema', {schema}, 'table', {table}, 'column', {format_column_name(compiler, element.column_name)}"
    if element.comment is None:
        return f"exec sp_dropextendedproperty 'MS_Description', {place}"
    verb = "sp_updateextendedproperty" if element.existing_comment is not None else "sp_addextendedproperty"
    comment = compiler.sql_compiler.render_literal_value(element.comment, sa.NVARCHAR())
    return f"exec {verb} 'MS_Description', {comment}, {place}"
