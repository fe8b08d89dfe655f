"""DDL elements that SQLAlchemy itself does not have: the forms of ALTER TABLE.

Names and attributes are those of ``alembic.ddl.base``, because third-party dialects hook ``@compiles`` on these classes by name. Here are
the classes and their default form; what a dialect says differently stands in its own module.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.schema import DDLElement
from sqlalchemy.sql.compiler import DDLCompiler
from sqlalchemy.sql.elements import quoted_name
from sqlalchemy.types import TypeEngine, to_instance


class AlterTable(DDLElement):
    """The base of the ALTER TABLE forms: a table's name and schema."""

    inherit_cache = False

    def __init__(self, table_name: str, schema: str | quoted_name | None = None) -> None:
        self.table_name = table_name
        self.schema = schema


class RenameTable(AlterTable):
    def __init__(self, old_table_name: str, new_table_name: str, schema: str | None = None) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name


class AddColumn(AlterTable):
    def __init__(
        self,
        name: str,
        column: sa.Column[Any],
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key


class DropColumn(AlterTable):
    def __init__(self, name: str, column: sa.Column[Any], schema: str | None = None, if_exists: bool | None = None) -> None:
        super().__init__(name, schema=schema)
        self.column = column
        self.if_exists = if_exists


class AlterColumn(AlterTable):
    """The base of the ALTER COLUMN forms. ``existing_*`` describe the column before, None (or False) where nothing is known."""

    def __init__(
        self,
        name: str,
        column_name: str,
        schema: str | None = None,
        existing_type: Any = None,
        existing_nullable: bool | None = None,
        existing_server_default: Any = False,
        existing_comment: str | None = None,
    ) -> None:
        super().__init__(name, schema=schema)
        self.column_name = column_name
        self.existing_type: TypeEngine[Any] | None = to_instance(existing_type) if existing_type is not None else None
        self.existing_nullable = existing_nullable
        self.existing_server_default = existing_server_default
        self.existing_comment = existing_comment


class ColumnNullable(AlterColumn):
    def __init__(self, name: str, column_name: str, nullable: bool, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.nullable = nullable


class ColumnType(AlterColumn):
    def __init__(self, name: str, column_name: str, type_: Any, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.type_: TypeEngine[Any] = to_instance(type_)


class ColumnName(AlterColumn):
    def __init__(self, name: str, column_name: str, newname: str, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.newname = newname


class ColumnDefault(AlterColumn):
    def __init__(self, name: str, column_name: str, default: Any, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class ComputedColumnDefault(AlterColumn):
    """A column becomes generated, changes its expression, or (``default`` None) is generated no longer."""

    def __init__(self, name: str, column_name: str, default: sa.Computed | None, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default


class IdentityColumnDefault(AlterColumn):
    """``changed``: the options that differ from those before, for dialects that can set single ones."""

    def __init__(self, name: str, column_name: str, default: sa.Identity | None, changed: tuple[str, ...] = (), **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.default = default
        self.changed = changed


class ColumnComment(AlterColumn):
    def __init__(self, name: str, column_name: str, comment: str | None, **kw: Any) -> None:
        super().__init__(name, column_name, **kw)
        self.comment = comment


def format_table_name(compiler: DDLCompiler, name: str, schema: str | quoted_name | None) -> str:
    """The table's name, quoted where needed, with its schema."""
    quoted = compiler.preparer.quote(name)
    return f"{compiler.preparer.quote_schema(schema)}.{quoted}" if schema else quoted


def format_column_name(compiler: DDLCompiler, name: str | None) -> str:
    return compiler.preparer.quote(name or "")


def format_type(compiler: DDLCompiler, type_: TypeEngine[Any]) -> str:
    return str(compiler.dialect.type_compiler_instance.process(type_))


def format_server_default(compiler: DDLCompiler, default: Any) -> str:
    """A server default as it stands after DEFAULT."""
    text = compiler.get_column_default_string(sa.Column("x", sa.Integer, server_default=default))
    return text or ""


def alter_table(compiler: DDLCompiler, name: str, schema: str | quoted_name | None) -> str:
    return f"ALTER TABLE {format_table_name(compiler, name, schema)}"


def alter_column(compiler: DDLCompiler, name: str) -> str:
    return f"ALTER COLUMN {format_column_name(compiler, name)}"


def drop_column(compiler: DDLCompiler, name: str, if_exists: bool | None = None, **kw: Any) -> str:
    return f"DROP COLUMN {'IF EXISTS ' if if_exists else ''}{format_column_name(compiler, name)}"


def add_column(
    compiler: DDLCompiler,
    column: sa.Column[Any],
    if_not_exists: bool | None = None,
    inline_references: bool | None = None,
    inline_primary_key: bool | None = None,
    **kw: Any,
) -> str:
    """ADD COLUMN with the column's definition, its own checks and, where asked for, PRIMARY KEY and REFERENCES."""
    parts = [f"ADD COLUMN {'IF NOT EXISTS ' if if_not_exists else ''}{compiler.get_column_specification(column, **kw)}"]
    if inline_primary_key and column.primary_key:
        parts.append("PRIMARY KEY")
    if inline_references and len(column.foreign_keys) == 1:
        parts.append(inline_foreign_key(compiler, next(iter(column.foreign_keys))))
    parts += [compiler.process(constraint) for constraint in column.constraints]
    return " ".join(part for part in parts if part)


def inline_foreign_key(compiler: DDLCompiler, key: sa.ForeignKey) -> str:
    """``REFERENCES t (c)`` with its clauses, as it stands in a column's definition; "" for a key over several columns."""
    constraint = key.constraint
    if constraint is None or len(constraint.elements) != 1:
        return ""
    target = key.column
    table = compiler.define_constraint_remote_table(constraint, target.table, compiler.preparer)  # type: ignore[no-untyped-call]
    text = f"REFERENCES {table} ({compiler.preparer.format_column(target)})"
    text += compiler.define_constraint_match(constraint)
    text += compiler.define_constraint_cascades(constraint)
    return text + compiler.define_constraint_deferrability(constraint)


@compiles(RenameTable)
def visit_rename_table(element: RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = format_table_name(compiler, element.new_table_name, element.schema)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME TO {new}"


@compiles(AddColumn)
def visit_add_column(element: AddColumn, compiler: DDLCompiler, **kw: Any) -> str:
    added = add_column(
        compiler,
        element.column,
        if_not_exists=element.if_not_exists,
        inline_references=element.inline_references,
        inline_primary_key=element.inline_primary_key,
        **kw,
    )
    return f"{alter_table(compiler, element.table_name, element.schema)} {added}"


@compiles(DropColumn)
def visit_drop_column(element: DropColumn, compiler: DDLCompiler, **kw: Any) -> str:
    dropped = drop_column(compiler, element.column.name, if_exists=element.if_exists, **kw)
    return f"{alter_table(compiler, element.table_name, element.schema)} {dropped}"


@compiles(ColumnNullable)
def visit_column_nullable(element: ColumnNullable, compiler: DDLCompiler, **kw: Any) -> str:
    verb = "DROP NOT NULL" if element.nullable else "SET NOT NULL"
    return f"{alter_table(compiler, element.table_name, element.schema)} {alter_column(compiler, element.column_name)} {verb}"


@compiles(ColumnType)
def visit_column_type(element: ColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    verb = f"TYPE {format_type(compiler, element.type_)}"
    return f"{alter_table(compiler, element.table_name, element.schema)} {alter_column(compiler, element.column_name)} {verb}"


@compiles(ColumnName)
def visit_column_name(element: ColumnName, compiler: DDLCompiler, **kw: Any) -> str:
    old, new = format_column_name(compiler, element.column_name), format_column_name(compiler, element.newname)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME {old} TO {new}"


@compiles(ColumnDefault)
def visit_column_default(element: ColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    verb = f"SET DEFAULT {format_server_default(compiler, element.default)}" if element.default is not None else "DROP DEFAULT"
    return f"{alter_table(compiler, element.table_name, element.schema)} {alter_column(compiler, element.column_name)} {verb}"


@compiles(ComputedColumnDefault)
def visit_computed_column(element: ComputedColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    raise CompileError(
        f"{compiler.dialect.name} cannot change whether {element.table_name}.{element.column_name} is computed: drop the column and add it"
    )


@compiles(IdentityColumnDefault)
def visit_identity_column(element: IdentityColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    raise CompileError(
        f"{compiler.dialect.name} cannot change whether {element.table_name}.{element.column_name} is an identity column: "
        "drop the column and add it"
    )
