"""MySQL and MariaDB: MODIFY and CHANGE say a whole column, so what does not change is said too; drops name the kind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import CompileError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeEngine

from gitmig import ops
from gitmig.ddl import constructs, elements
from gitmig.ddl.elements import alter_column, alter_table, format_column_name, format_server_default, format_type
from gitmig.ddl.generic import Generic, advanced, column_before, dropped
from gitmig.ddl.readd import readded
from gitmig.ddl.statement import AnyStatement, Statement
from gitmig.errors import ArgumentMissing, SchemaError
from gitmig.ops import UNSET
from gitmig.schema.values import Column, PrimaryKey, Table, TableName


class MySQLAddColumn(elements.AddColumn):
    """ADD COLUMN at a place: behind the column ``after``, or before all others (None)."""

    def __init__(self, name: str, column: sa.Column[Any], schema: str | None, after: str | None) -> None:
        super().__init__(name, column, schema=schema)
        self.after = after


class MySQLAlterDefault(elements.AlterColumn):
    """ALTER COLUMN ... SET DEFAULT, the one change that needs no MODIFY."""

    def __init__(self, name: str, column_name: str, default: Any, schema: str | None = None) -> None:
        super().__init__(name, column_name, schema=schema)
        self.default = default


class MySQLChangeColumn(elements.AlterColumn):
    """CHANGE: the whole column, under a new name. ``nullable`` None says nothing of NULL; ``default`` False nothing of a default."""

    def __init__(
        self,
        name: str,
        column_name: str,
        schema: str | None = None,
        newname: str | None = None,
        type_: Any = None,
        nullable: bool | None = None,
        default: Any = False,
        autoincrement: bool | None = None,
        comment: str | bool | None = False,
        computed: sa.Computed | None = None,
    ) -> None:
        super().__init__(name, column_name, schema=schema)
        if type_ is None:
            raise CompileError(f"{name}.{column_name}: all MySQL CHANGE/MODIFY COLUMN operations require the existing type")
        self.nullable = nullable
        self.newname = newname
        self.default = default
        self.autoincrement = autoincrement
        self.comment = comment
        self.computed = computed
        self.type_: TypeEngine[Any] = sa.types.to_instance(type_)


class MySQLModifyColumn(MySQLChangeColumn):
    """MODIFY: the whole column, under its name."""


class ReplacePrimaryKey(elements.AlterTable):
    """DROP PRIMARY KEY and ADD PRIMARY KEY in one statement: an AUTO_INCREMENT column is never without a key."""

    def __init__(self, name: str, key: sa.PrimaryKeyConstraint, schema: str | None = None) -> None:
        super().__init__(name, schema=schema)
        self.key = key


class Mysql(Generic):
    def alter_table(self, step: ops.Step, op: ops.AlterTable) -> Iterator[AnyStatement]:
        """A primary key that is dropped and one that is added are one statement, at the place of the second."""
        members = list(ops.members(op))
        replaced = _replaced_key(members)
        before = step.before
        for position, member in enumerate(members):
            after = advanced(before, member)
            if replaced is not None and position == replaced[0]:
                pass
            elif replaced is not None and position == replaced[1] and isinstance(member, ops.AddConstraint):
                key = constructs.constraint_of(member.table, member.constraint)
                yield Statement(ReplacePrimaryKey(member.table.name, key, schema=member.table.schema))
            else:
                yield from self.statements(ops.Step(member, before, after))
            before = after
        yield from self.table_options(op)

    def add_column(self, op: ops.AddColumn) -> Iterator[AnyStatement]:
        """At the place that is asked for; a column that this one stands before is the first of the table."""
        if op.after_column is None and op.before_column is None:
            yield from super().add_column(op)
            return
        yield Statement(MySQLAddColumn(op.table.name, constructs.added_column(op), op.table.schema, op.after_column))

    def alter_column(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        """One MODIFY or CHANGE. The script's ``existing_*`` win over what is known of the column before."""
        if not op.change.given():
            return
        if op.change.identity is not UNSET:
            yield self.column(op, elements.IdentityColumnDefault, None)  # which says that there is no such thing
        table = step.before.tables.get(op.table)
        before = column_before(step, op)
        if op.change.computed is not UNSET and _needs_readding(before, op):
            yield from readded(self, step, op)
            return
        yield Statement(self._alteration(op, before, table))

    def _alteration(self, op: ops.AlterColumn, before: Column | None, table: Table | None) -> elements.AlterColumn:
        change, name, schema = op.change, op.table.name, op.table.schema
        whole = _merged(op, before)
        type_ = constructs.type_of(whole["type"]) if whole["type"] is not UNSET else None
        # A datetime takes CURRENT_TIMESTAMP and ON UPDATE, which ALTER COLUMN SET DEFAULT could not say before MySQL 8.0.13.
        timelike = type_ is not None and issubclass(type_._type_affinity, sa.DateTime) and change.default is not None
        changed = change.given()
        renamed = isinstance(change.name, str)
        if not renamed and not timelike and set(changed) <= {"default"}:
            return MySQLAlterDefault(name, op.name, constructs.default_of(whole["default"]), schema)
        if type_ is None:
            raise ArgumentMissing(
                "All MySQL CHANGE/MODIFY COLUMN operations require the existing type",
                f"Give it in the script for {op.table}.{op.name}: existing_type=...",
            )
        computed = constructs.computed_of(whole["computed"]) if whole["computed"] not in (UNSET, None) else None
        default = False if whole["default"] is UNSET or computed is not None else constructs.default_of(whole["default"])
        autoincrement = whole["autoincrement"] is True or (
            whole["autoincrement"] in ("auto", "ignore_fk") and before is not None and _counts(table, before)
        )
        keywords: dict[str, Any] = {
            "schema": schema,
            "type_": type_,
            "nullable": True if whole["nullable"] is UNSET else whole["nullable"],
            "default": default,
            "autoincrement": autoincrement,
            "comment": False if whole["comment"] is UNSET else whole["comment"],
            "computed": computed,
        }
        if renamed or timelike:
            return MySQLChangeColumn(name, op.name, newname=str(change.name) if renamed else op.name, **keywords)
        return MySQLModifyColumn(name, op.name, **keywords)

    def drop_constraint(self, step: ops.Step, op: ops.DropConstraint) -> Iterator[AnyStatement]:
        name, kind = dropped(step.before, op, self.dialect)
        if kind is None:
            raise SchemaError(
                f"constraint {op.name} of {op.table}: MySQL drops a constraint by its kind, and it is not known here",
                "Give it in the script: op.drop_constraint(..., type_='foreignkey'), 'unique', 'check' or 'primary'",
            )
        if kind == "primary":
            yield from self._uncounted(step, op.table)
            name = name or "PRIMARY"
        if name is None:
            raise SchemaError(
                f"{op.describe()}: the name that the server gave to it is not known",
                'Give the name in the script: op.drop_constraint("name", ...)',
            )
        yield Statement(sa.schema.DropConstraint(constructs.named_constraint(op.table, name, kind)))

    def _uncounted(self, step: ops.Step, name: TableName) -> Iterator[AnyStatement]:
        """AUTO_INCREMENT is taken off before its key goes (error 1075 otherwise)."""
        table = step.before.tables.get(name)
        if table is None or table.primary_key is None:
            return
        for column in table.columns:
            if column.name not in table.primary_key.columns or not _counts(table, column):
                continue
            if any(index.columns()[:1] == (column.name,) for index in table.indexes):
                continue  # another key begins with it
            plain = ops.AlterColumn(name, column.name, ops.ColumnChange(autoincrement=False))
            yield Statement(self._alteration(plain, column, table))


def _is_mariadb(dialect: Any) -> bool:
    return bool(dialect.name == "mariadb" or getattr(dialect, "is_mariadb", False))


def _merged(op: ops.AlterColumn, before: Column | None) -> dict[str, Any]:
    """Each attribute of the column afterwards: changed, else as the script says it exists, else as it was; UNSET where nothing is known."""
    change, existing = op.change, op.existing
    result = {}
    for name in ("type", "nullable", "default", "computed", "autoincrement", "comment"):
        value = getattr(change, name)
        if value is UNSET:
            value = getattr(existing, name)
        if value is UNSET and before is not None:
            value = getattr(before, name)
        result[name] = value
    if change.default is not UNSET and change.default is not None:
        result["computed"] = None
    return result


def _counts(table: Table | None, column: Column) -> bool:
    """Whether the column is the table's AUTO_INCREMENT one."""
    if column.autoincrement is True:
        return True
    if table is None or table.primary_key is None or column.name not in table.primary_key.columns or column.autoincrement is False:
        return False
    counting = constructs.thawed(table).autoincrement_column
    return counting is not None and counting.name == column.name


def _needs_readding(before: Column | None, op: ops.AlterColumn) -> bool:
    """MODIFY changes between plain and STORED only, and no expression that exists (MySQL's manual, ALTER TABLE and generated columns)."""
    computed = op.change.computed
    if before is None or computed is UNSET or before.computed == computed:
        return False
    if computed is None:
        return before.computed is not None and before.computed.persisted is not True
    return True


def _replaced_key(members: list[ops.Operation]) -> tuple[int, int] | None:
    """The positions of a primary key's drop and of the next one's coming, where a group holds both."""
    drop = next((i for i, each in enumerate(members) if isinstance(each, ops.DropConstraint) and each.kind == "primary"), None)
    if drop is None:
        return None
    for i, each in enumerate(members[drop + 1 :], drop + 1):
        if isinstance(each, ops.AddConstraint) and isinstance(each.constraint, PrimaryKey):
            return drop, i
    return None


@compiles(MySQLAddColumn, "mysql", "mariadb")
def visit_placed_column(element: MySQLAddColumn, compiler: Any, **kw: Any) -> str:
    place = "FIRST" if element.after is None else f"AFTER {format_column_name(compiler, element.after)}"
    return f"{elements.visit_add_column(element, compiler, **kw)} {place}"


@compiles(MySQLAlterDefault, "mysql", "mariadb")
def visit_alter_default(element: MySQLAlterDefault, compiler: Any, **kw: Any) -> str:
    verb = f"SET DEFAULT {format_server_default(compiler, element.default)}" if element.default is not None else "DROP DEFAULT"
    return f"{alter_table(compiler, element.table_name, element.schema)} {alter_column(compiler, element.column_name)} {verb}"


@compiles(MySQLModifyColumn, "mysql", "mariadb")
def visit_modify_column(element: MySQLModifyColumn, compiler: Any, **kw: Any) -> str:
    column = format_column_name(compiler, element.column_name)
    return f"{alter_table(compiler, element.table_name, element.schema)} MODIFY {column} {_definition(element, compiler)}"


@compiles(MySQLChangeColumn, "mysql", "mariadb")
def visit_change_column(element: MySQLChangeColumn, compiler: Any, **kw: Any) -> str:
    old, new = format_column_name(compiler, element.column_name), format_column_name(compiler, element.newname)
    return f"{alter_table(compiler, element.table_name, element.schema)} CHANGE {old} {new} {_definition(element, compiler)}"


def _definition(element: MySQLChangeColumn, compiler: Any) -> str:
    parts = [format_type(compiler, element.type_)]
    if element.computed is not None:
        parts.append(compiler.process(element.computed))
    # MariaDB takes no NULL or NOT NULL on a generated column; MySQL takes both.
    if element.computed is None or (not element.nullable and not _is_mariadb(compiler.dialect)):
        parts.append("NULL" if element.nullable else "NOT NULL")
    if element.autoincrement:
        parts.append("AUTO_INCREMENT")
    if element.default is not False and element.default is not None:
        parts.append(f"DEFAULT {format_server_default(compiler, element.default)}")
    if element.comment is not None and element.comment is not False:
        parts.append(f"COMMENT {compiler.sql_compiler.render_literal_value(element.comment, sa.String())}")
    return " ".join(parts)


@compiles(ReplacePrimaryKey, "mysql", "mariadb")
def visit_replace_primary_key(element: ReplacePrimaryKey, compiler: Any, **kw: Any) -> str:
    return f"{alter_table(compiler, element.table_name, element.schema)} DROP PRIMARY KEY, ADD {compiler.process(element.key)}"
