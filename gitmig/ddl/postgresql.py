"""PostgreSQL: USING, comments, identities, enumerated types, names that the server makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ENUM, named_types
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import DDLCompiler

from gitmig import ops
from gitmig.ddl import constructs, elements
from gitmig.ddl.elements import alter_column, alter_table, format_column_name, format_table_name, format_type
from gitmig.ddl.generic import Generic, column_before
from gitmig.ddl.readd import readded
from gitmig.ddl.statement import AnyStatement, Statement, TypeIfMissing
from gitmig.errors import ArgumentMissing
from gitmig.ops import UNSET
from gitmig.ops.objects import retyped
from gitmig.schema import serial
from gitmig.schema.enumtypes import named_in_ddl
from gitmig.schema.spelling import text_element
from gitmig.schema.values import Column, Enum, Identity, Table, TableName, Type

# ALTER TYPE ... ADD VALUE runs inside a transaction from PostgreSQL 12 on (release notes of 12, E.23.3.5).
_ADD_VALUE_IN_TRANSACTION = (12,)
_DROP_EXPRESSION = (13,)
_SET_EXPRESSION = (17,)


class PostgresqlColumnType(elements.ColumnType):
    """``using``: the expression that makes the new values of the old ones."""

    def __init__(self, name: str, column_name: str, type_: Any, **kw: Any) -> None:
        using = kw.pop("using", None)
        super().__init__(name, column_name, type_, **kw)
        self.using = using


class AddEnumValue(sa.schema.DDLElement):
    """ALTER TYPE ... ADD VALUE. ``near``: before or after which member."""

    inherit_cache = False

    def __init__(self, name: TableName, value: str, near: tuple[str, str] | None, if_not_exists: bool) -> None:
        self.name, self.value, self.near, self.if_not_exists = name, value, near, if_not_exists


class RenameType(sa.schema.DDLElement):
    """ALTER TYPE ... RENAME TO."""

    inherit_cache = False

    def __init__(self, name: TableName, new: str) -> None:
        self.name, self.new = name, new


class Postgresql(Generic):
    def alter_column(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        """The type first: the default and the rest are read with the new one."""
        change = op.change
        if op.using is not None and change.type is UNSET:
            raise ArgumentMissing(
                "postgresql_using must be used with the type_ parameter", f"Give the new type of {op.table}.{op.name} too: type_=..."
            )
        if change.type is not UNSET:
            new = constructs.type_of(change.type)
            yield self._retype(op.table, op.name, new, op.using)
        rest = replace(op, change=replace(change, type=UNSET, comment=UNSET, name=UNSET))
        yield from super().alter_column(step, rest)
        if change.serial is not UNSET:
            yield from self._serial(step, op, counts=change.serial)
        last = replace(op, change=ops.ColumnChange(comment=change.comment, name=change.name))
        yield from super().alter_column(step, last)

    def _retype(self, table: TableName, column: str, new: Any, using: str | None) -> Statement:
        """A statement that is executed goes through the driver's own "%"."""
        if using is not None and not self.offline and self.dialect.paramstyle in ("format", "pyformat"):
            using = using.replace("%", "%%")
        return Statement(PostgresqlColumnType(table.name, column, new, using=using, schema=table.schema))

    def _serial(self, step: ops.Step, op: ops.AlterColumn, *, counts: bool) -> Iterator[AnyStatement]:
        """What SERIAL makes, made for a column that is there; or taken away."""
        table, name = op.table, op.name
        if not counts:
            yield self.column(op, elements.ColumnDefault, None)
            yield Statement(text_element(serial.drop_sql(table, name)))
            return
        yield Statement(text_element(serial.create_sql(table, name, step.after.table(table).column(name).type)))
        yield self.column(op, elements.ColumnDefault, text_element(serial.default_sql(table, name)))
        yield Statement(text_element(serial.start_sql(table, name)))

    def alter_default(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        change = op.change
        before = column_before(step, op)
        if change.computed is not UNSET and not (before is not None and before.computed == change.computed):
            yield from self._computed(step, op)
        if change.identity is not UNSET and change.identity is not None and op.existing.default not in (UNSET, None):
            # A column has a default or an identity.
            yield self.column(op, elements.ColumnDefault, None)
        if change.identity is not UNSET:
            old = op.existing.identity if op.existing.identity is not UNSET else before.identity if before is not None else None
            new = constructs.identity_of(change.identity) if change.identity is not None else None
            changed = _changed_identity(old, change.identity) if old is not None and change.identity is not None else None
            if changed != ():
                existing = constructs.identity_of(old) if old is not None else False
                yield Statement(
                    elements.IdentityColumnDefault(
                        op.table.name, op.name, new, changed or (), schema=op.table.schema, existing_server_default=existing
                    )
                )
        if change.default is not UNSET:
            yield self.column(op, elements.ColumnDefault, constructs.default_of(change.default))

    def _computed(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        """DROP EXPRESSION keeps the values; an expression that is new or other makes them anew, so the column is dropped and added."""
        computed = op.change.computed
        version = self._version()
        if computed is UNSET:
            return
        if computed is None and version >= _DROP_EXPRESSION:
            yield self.column(op, elements.ComputedColumnDefault, None)
            return
        was_computed = (before := column_before(step, op)) is not None and before.computed is not None
        if computed is not None and was_computed and version >= _SET_EXPRESSION:
            yield self.column(op, elements.ComputedColumnDefault, constructs.computed_of(computed))
            return
        yield from readded(self, step, op)

    def _version(self) -> tuple[int, ...]:
        """The server's version; offline, where none is known, one that is still supported."""
        return tuple(getattr(self.dialect, "server_version_info", None) or (14,))

    # Enumerated types

    def enum(self, step: ops.Step, op: ops.CreateEnum | ops.DropEnum | ops.SetEnumValues) -> Iterator[AnyStatement]:
        match op:
            case ops.CreateEnum(enum, if_not_exists):
                yield TypeIfMissing("create", _type(enum)) if if_not_exists else Statement(named_types.CreateEnumType(_type(enum)))
            case ops.DropEnum(name, if_exists):
                dropped = _type(Enum(name.name, (), name.schema))
                yield TypeIfMissing("drop", dropped) if if_exists else Statement(named_types.DropEnumType(dropped))
            case ops.SetEnumValues():
                added = op.added(step.before) if op.name in step.before.enums else None
                yield from self._recreate(step, op) if added is None else self._add_values(op, added)

    def _add_values(self, op: ops.SetEnumValues, added: tuple[str, ...]) -> Iterator[AnyStatement]:
        """Each beside a member that is there already: after the one before it, or before the first."""
        transactional = self._version() >= _ADD_VALUE_IN_TRANSACTION
        for position, value in enumerate(op.values):
            if value not in added:
                continue
            near: tuple[str, str] | None
            if position:
                near = ("AFTER", op.values[position - 1])
            else:
                first = next((each for each in op.values if each not in added), None)
                near = ("BEFORE", first) if first is not None else None
            if position and not any(each not in added for each in op.values[position:]):
                near = None  # behind all that are there: where ADD VALUE puts it by itself
            yield Statement(AddEnumValue(op.name, value, near, op.if_not_exists), transactional)

    def _recreate(self, step: ops.Step, op: ops.SetEnumValues) -> Iterator[AnyStatement]:
        """A new type under the old name, every column cast to it over text; what depends on the old type in between is put aside."""
        old = TableName(f"{op.name.name}__old", op.name.schema)
        yield Statement(RenameType(op.name, old.name))
        yield Statement(named_types.CreateEnumType(_type(Enum(op.name.name, op.values, op.name.schema))))
        for before in step.before:
            after = step.after.table(before.name)
            pairs = zip(before.columns, after.columns, strict=True)
            changed = [(was, now) for was, now in pairs if was.type != now.type or _is_of(was.type, op.name)]
            if not changed:
                continue
            aside = [index for index in before.indexes if any(name == "postgresql_where" for name, _ in index.options)]
            for index in aside:
                yield self.drop_index(step, ops.DropIndex(before.name, index.name))
            checks = [check for check in before.checks if any(was.name in check.sql.text for was, _ in changed)]
            for check in checks:
                yield from self.drop_constraint(step, ops.DropConstraint(before.name, check.name, "check", check))
            for was, now in changed:
                yield from self._cast(before, was, now)
            for check in checks:
                yield from self.add_constraint(step, ops.AddConstraint(before.name, check))
            for index in aside:
                yield self.create_index(ops.CreateIndex(before.name, index))
        yield Statement(named_types.DropEnumType(_type(Enum(old.name, (), old.schema))))

    def _cast(self, table: Table, was: Column, now: Column) -> Iterator[AnyStatement]:
        """A default is of the old type, and PostgreSQL casts none: it is dropped, and set again."""
        name, schema = table.name.name, table.name.schema
        new = constructs.type_of(now.type)
        text = "text[]" if was.type.path.endswith("ARRAY") else "text"
        quoted = self.dialect.identifier_preparer.quote(was.name)
        using = f"{quoted}::{text}::{new.compile(dialect=self.dialect)}"
        if was.default is not None:
            yield Statement(elements.ColumnDefault(name, was.name, None, schema=schema))
        yield self._retype(table.name, was.name, new, using)
        if now.default is not None:
            yield Statement(elements.ColumnDefault(name, was.name, constructs.default_of(_uncast(now.default)), schema=schema))


def _uncast(default: Any) -> Any:
    """A reflected default speaks of the old type ('a'::kind): the literal alone is cast by PostgreSQL itself."""
    if default.kind == "sql" and default.text.startswith("'") and "'::" in default.text:
        return replace(default, text=default.text.rpartition("'::")[0] + "'", original=None, expression=False, spelled=())
    return default


def _is_of(type_: Type, name: TableName) -> bool:
    """Whether the type is, or holds, the native enumerated type ``name``."""
    return retyped(type_, name, ("\0",)) != type_ or named_in_ddl(type_, name)


def _type(enum: Enum) -> ENUM:
    return ENUM(*enum.values, name=enum.name, schema=enum.schema)


def _changed_identity(old: Identity, new: Identity) -> tuple[str, ...]:
    """The options that differ, sorted; an option that is not said is the server's own default, which SQLAlchemy's names give."""
    before, after = _identity_options(old), _identity_options(new)
    return tuple(sorted(name for name in {*before, *after} if name in after and before.get(name) != after.get(name)))


_SERVER_DEFAULTS: dict[str, Any] = {"start": 1, "increment": 1, "cycle": False, "cache": 1}


def _identity_options(identity: Identity) -> dict[str, Any]:
    given = {**_SERVER_DEFAULTS, **{name: value for name, value in identity.options if value is not None}, "always": bool(identity.always)}
    return {name: value for name, value in given.items() if name not in ("order", "on_null")}


@compiles(elements.RenameTable, "postgresql")
def visit_rename_table(element: elements.RenameTable, compiler: DDLCompiler, **kw: Any) -> str:
    new = format_table_name(compiler, element.new_table_name, None)
    return f"{alter_table(compiler, element.table_name, element.schema)} RENAME TO {new}"


@compiles(PostgresqlColumnType, "postgresql")
def visit_column_type(element: PostgresqlColumnType, compiler: DDLCompiler, **kw: Any) -> str:
    using = f" USING {element.using}" if element.using is not None else ""
    verb = f"{alter_column(compiler, element.column_name)} TYPE {format_type(compiler, element.type_)}"
    return f"{alter_table(compiler, element.table_name, element.schema)} {verb}{using}"


@compiles(elements.ColumnComment, "postgresql")
def visit_column_comment(element: elements.ColumnComment, compiler: DDLCompiler, **kw: Any) -> str:
    comment = "NULL"
    if element.comment is not None:
        comment = compiler.sql_compiler.render_literal_value(element.comment, sa.String())
    table = format_table_name(compiler, element.table_name, element.schema)
    return f"COMMENT ON COLUMN {table}.{format_column_name(compiler, element.column_name)} IS {comment}"


@compiles(elements.ComputedColumnDefault, "postgresql")
def visit_computed_column(element: elements.ComputedColumnDefault, compiler: DDLCompiler, **kw: Any) -> str:
    verb = "DROP EXPRESSION"
    if element.default is not None:
        expression = compiler.sql_compiler.process(element.default.sqltext, include_table=False, literal_binds=True)
        verb = f"SET EXPRESSION AS ({expression})"
    return f"{alter_table(compiler, element.table_name, element.schema)} {alter_column(compiler, element.column_name)} {verb}"


@compiles(elements.IdentityColumnDefault, "postgresql")
def visit_identity_column(element: elements.IdentityColumnDefault, compiler: Any, **kw: Any) -> str:
    text = f"{alter_table(compiler, element.table_name, element.schema)} {alter_column(compiler, element.column_name)} "
    identity = element.default
    if identity is None:
        return text + "DROP IDENTITY"
    if not element.changed:
        return text + f"ADD {compiler.visit_identity_column(identity)}"
    for name in element.changed:
        if name == "always":
            text += f"SET GENERATED {'ALWAYS' if identity.always else 'BY DEFAULT'} "
        else:
            value = getattr(identity, name, _SERVER_DEFAULTS.get(name))
            value = _SERVER_DEFAULTS.get(name) if value is None else value
            text += f"SET {compiler.get_identity_options(sa.Identity(**{name: value}))} "
    return text.rstrip()


@compiles(AddEnumValue, "postgresql")
def visit_add_enum_value(element: AddEnumValue, compiler: DDLCompiler, **kw: Any) -> str:
    def literal(text: str) -> str:
        return str(compiler.sql_compiler.render_literal_value(text, sa.String()))

    exists = "IF NOT EXISTS " if element.if_not_exists else ""
    near = f" {element.near[0]} {literal(element.near[1])}" if element.near else ""
    name = format_table_name(compiler, element.name.name, element.name.schema)
    return f"ALTER TYPE {name} ADD VALUE {exists}{literal(element.value)}{near}"


@compiles(RenameType, "postgresql")
def visit_rename_type(element: RenameType, compiler: DDLCompiler, **kw: Any) -> str:
    name = format_table_name(compiler, element.name.name, element.name.schema)
    return f"ALTER TYPE {name} RENAME TO {compiler.preparer.quote(element.new)}"
