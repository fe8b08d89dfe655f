"""Oracle: MODIFY in place of ALTER COLUMN."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from gitmig.ddl import elements
from gitmig.ddl.elements import alter_table, format_column_name, format_server_default, format_table_name, format_type
from gitmig.ddl.generic import Generic


class Oracle(Generic):
    """As Generic: what differs is in the words alone."""


def _modify(compiler: Any, element: elements.AlterColumn, verb: str) -> str:
    column = format_column_name(compiler, element.column_name)
    return f"{alter_table(compiler, element.table_name, element.schema)} MODIFY {column} {verb}"


@compiles(elements.AddColumn, "oracle")
def visit_add_column(element: elements.AddColumn, compiler: Any, **kw: Any) -> str:
    column = compiler.get_column_specification(element.column, **kw)
    return f"{alter_table(compiler, element.table_name, element.schema)} ADD {column}"


@compiles(elements.ColumnNullable, "oracle")
def visit_column_nullable(element: elements.ColumnNullable, compiler: Any, **kw: Any) -> str:
    return _modify(compiler, element, "NULL" if element.nullable else "NOT NULL")


@compiles(elements.ColumnType, "oracle")
def visit_column_type(element: elements.ColumnType, compiler: Any, **kw: Any) -> str:
    return _modify(compiler, element, format_type(compiler, element.type_))


@compiles(elements.ColumnDefault, "oracle")
def visit_column_default(element: elements.ColumnDefault, compiler: Any, **kw: Any) -> str:
    default = "NULL" if element.default is None else format_server_default(compiler, element.default)
    return _modify(compiler, element, f"DEFAULT {default}")


@compiles(elements.ColumnName, "oracle")
def visit_column_name(element: elements.ColumnName, compiler: Any, **kw: Any) -> str:
    old, new = format_column_name(compiler, element.column_name), format_column_name(compiler, element.newname)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME COLUMN {old} TO {new}"


@compiles(elements.RenameTable, "oracle")
def visit_rename_table(element: elements.RenameTable, compiler: Any, **kw: Any) -> str:
    new = format_table_name(compiler, element.new_table_name, None)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME TO {new}"


@compiles(elements.ColumnComment, "oracle")
def visit_column_comment(element: elements.ColumnComment, compiler: Any, **kw: Any) -> str:
    comment = compiler.sql_compiler.render_literal_value(element.comment or "", sa.String())
    table = format_table_name(compiler, element.table_name, element.schema)
    return f"COMMENT ON COLUMN {table}.{format_column_name(compiler, element.column_name)} IS {comment}"


@compiles(elements.IdentityColumnDefault, "oracle")
def visit_identity_column(element: elements.IdentityColumnDefault, compiler: Any, **kw: Any) -> str:
    return _modify(compiler, element, "DROP IDENTITY" if element.default is None else compiler.visit_identity_column(element.default))
