"""Operations on columns."""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, TypeAlias

from gitmig.errors import SchemaError
from gitmig.ops import footprint as refs
from gitmig.ops.base import Nothing, Op
from gitmig.ops.constraints import AddConstraint
from gitmig.ops.footprint import Footprint
from gitmig.ops.indexes import CreateIndex
from gitmig.ops.tables import AlterTable
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Identity,
    Index,
    Options,
    PrimaryKey,
    Schema,
    ServerDefault,
    Table,
    TableName,
    Type,
    Unique,
)


class Unset(enum.Enum):
    """The one value of a change that is not made: None is a value of its own ("no default")."""

    UNSET = "unset"

    def __repr__(self) -> str:
        return "UNSET"


UNSET: Final = Unset.UNSET
Not: TypeAlias = Literal[Unset.UNSET]


@dataclass(frozen=True, slots=True)
class ColumnChange:
    """The attributes of a column that change, or that a script says exist; the others are UNSET. ``name`` renames.

    ``serial``: PostgreSQL gives the column a sequence of its own to count by, or takes it away; no directive says that by itself.
    """

    name: str | Not = UNSET
    type: Type | Not = UNSET
    nullable: bool | Not = UNSET
    default: ServerDefault | Not | None = UNSET
    computed: Computed | Not | None = UNSET
    identity: Identity | Not | None = UNSET
    autoincrement: bool | Literal["auto", "ignore_fk"] | Not = UNSET
    comment: str | Not | None = UNSET
    serial: bool | Not = UNSET

    def given(self) -> dict[str, Any]:
        """The attributes that are set, by name, in the order of the fields."""
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {name: value for name, value in values.items() if value is not UNSET}


@dataclass(frozen=True, slots=True)
class AddColumn:
    """ALTER TABLE ... ADD COLUMN. Keys and indexes that the column brings are operations of their own beside it.

    ``primary_key``: the column's own definition says PRIMARY KEY. ``references``: so for REFERENCES; it then is a foreign key of the table.
    ``checks``: the CHECK clauses that the column's own definition holds.
    ``before_column`` / ``after_column``: the place asked for in a rebuild.
    """

    table: TableName
    column: Column
    if_not_exists: bool = False
    primary_key: bool = False
    references: ForeignKey | None = None
    checks: tuple[Check, ...] = ()
    before_column: str | None = None
    after_column: str | None = None

    def apply(self, schema: Schema) -> Schema:
        table = schema.table(self.table)
        if table.has_column(self.column.name):
            if self.if_not_exists:
                return schema
            raise SchemaError(f"table {self.table} has a column {self.column.name} already")
        columns = list(table.columns)
        columns.insert(self._position(table), self.column)
        keys = (*table.foreign_keys, self.references) if self.references else table.foreign_keys
        key = PrimaryKey((self.column.name,)) if self.primary_key and table.primary_key is None else table.primary_key
        checks = (*table.checks, *self.checks)
        return schema.with_table(replace(table, columns=tuple(columns), foreign_keys=keys, primary_key=key, checks=checks, original=None))

    def _position(self, table: Table) -> int:
        names = [column.name for column in table.columns]
        if self.before_column in names:
            return names.index(self.before_column)
        if self.after_column in names:
            return names.index(self.after_column) + 1
        return len(names)

    def invert(self, before: Schema) -> Op:

        if before.table(self.table).has_column(self.column.name):
            return Nothing()
        return DropColumn(self.table, self.column.name)

    def footprint(self) -> Footprint:
        reads = frozenset({refs.table(self.references.target)}) if self.references else frozenset()
        return Footprint(reads=reads, writes=frozenset({refs.column(self.table, self.column.name)}))

    def describe(self) -> str:
        return f"add column {self.table}.{self.column.name}"


@dataclass(frozen=True, slots=True)
class DropColumn:
    """ALTER TABLE ... DROP COLUMN: keys, checks of its own and indexes that hold the column go with it, as on PostgreSQL
    (https://www.postgresql.org/docs/current/sql-altertable.html, DROP COLUMN). A foreign key of another table into it refuses."""

    table: TableName
    name: str
    if_exists: bool = False
    options: Options = ()

    def apply(self, schema: Schema) -> Schema:
        table = schema.table(self.table)
        if not table.has_column(self.name):
            if self.if_exists:
                return schema
            raise SchemaError(f"table {self.table} has no column {self.name} to drop")
        for other in schema:
            for key in other.foreign_keys:
                if other.name != self.table and key.target == self.table and self.name in key.target_columns:
                    raise SchemaError(
                        f"column {self.table}.{self.name} cannot be dropped while {other.name} ({', '.join(key.columns)}) refers to it"
                    )
        return schema.with_table(
            replace(
                table,
                columns=tuple(column for column in table.columns if column.name != self.name),
                primary_key=None if table.primary_key and self.name in table.primary_key.columns else table.primary_key,
                foreign_keys=tuple(key for key in table.foreign_keys if not self._holds(key)),
                uniques=tuple(unique for unique in table.uniques if self.name not in unique.columns),
                checks=tuple(check for check in table.checks if check.column != self.name and not _speaks_of(check.sql.text, self.name)),
                indexes=tuple(index for index in table.indexes if self.name not in index.columns()),
                original=None,
            )
        )

    def _holds(self, key: ForeignKey) -> bool:
        return self.name in key.columns or (key.target == self.table and self.name in key.target_columns)

    def invert(self, before: Schema) -> Op:

        table = before.table(self.table)
        if not table.has_column(self.name):
            return Nothing()
        after = self.apply(before).table(self.table)
        back: list[Op] = [AddColumn(self.table, table.column(self.name))]
        back += [AddConstraint(self.table, each) for each in table.constraints() if each not in after.constraints()]
        back += [CreateIndex(self.table, each) for each in table.indexes if each not in after.indexes]
        return back[0] if len(back) == 1 else AlterTable(self.table, tuple(back))

    def footprint(self) -> Footprint:
        # Keys and indexes that hold the column go too, and which they are is known only to the schema: so the whole table is written.
        return Footprint(writes=frozenset({refs.table(self.table)}))

    def describe(self) -> str:
        return f"drop column {self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class AlterColumn:
    """ALTER TABLE ... ALTER COLUMN. ``existing`` is what the script says of the column before (``existing_type=...``), ``using``
    PostgreSQL's expression for a type change."""

    table: TableName
    name: str
    change: ColumnChange
    existing: ColumnChange = ColumnChange()
    using: str | None = None
    options: Options = ()

    def apply(self, schema: Schema) -> Schema:
        table = schema.table(self.table)
        given = self.change.given()
        column = replace(table.column(self.name), **given, original=None)
        if column.name != self.name and table.has_column(column.name):
            raise SchemaError(f"column {self.table}.{self.name} cannot be renamed: {column.name} exists already")
        columns = tuple(column if each.name == self.name else each for each in table.columns)
        schema = schema.with_table(replace(table, columns=columns, original=None))
        return rename_in_keys(schema, self.table, self.name, column.name) if column.name != self.name else schema

    def invert(self, before: Schema) -> Op:
        column = before.table(self.table).column(self.name)
        given = self.change.given()
        back = ColumnChange(**{attribute: getattr(column, attribute) for attribute in given})
        name = self.change.name if isinstance(self.change.name, str) else self.name
        existing = ColumnChange(**{attribute: value for attribute, value in given.items() if attribute != "name"})
        return AlterColumn(self.table, name, back, existing, options=self.options)

    def footprint(self) -> Footprint:
        if isinstance(self.change.name, str) and self.change.name != self.name:
            return Footprint(writes=frozenset({refs.table(self.table)}))  # keys and indexes that hold the column are renamed too
        return Footprint(writes=frozenset({refs.column(self.table, self.name)}))

    def describe(self) -> str:
        given = self.change.given()
        new = given.pop("name", self.name)
        words = {"nullable": "NULL" if given.get("nullable") else "NOT NULL", "default": "server default"}
        words["serial"] = "SERIAL" if given.get("serial") else "no SERIAL"
        what = [f"rename column {self.table}.{self.name} to {new}"] if new != self.name else []
        if given:
            what.append(f"change {', '.join(words.get(each, each) for each in given)} of {self.table}.{new}")
        return " and ".join(what) or f"leave {self.table}.{self.name} as it is"


_NAMES = re.compile(r"""'(?:[^']|'')*'|"((?:[^"]|"")*)"|`([^`]*)`|([^\W\d]\w*)(?!\w|\s*\()""")


def _speaks_of(expression: str, name: str) -> bool:
    """Whether an expression names the column: as a word or in quotes, but not in a text and not as a function."""
    return any(name in match.groups() for match in _NAMES.finditer(expression))


def rename_in_keys(schema: Schema, name: TableName, old: str, new: str) -> Schema:
    """Every key and index that holds the column says its new name, in other tables too."""

    def renamed(columns: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(new if column == old else column for column in columns)

    def key_renamed(key: ForeignKey, here: bool) -> ForeignKey:
        columns = renamed(key.columns) if here else key.columns
        targets = renamed(key.target_columns) if key.target == name else key.target_columns
        changed = columns != key.columns or targets != key.target_columns
        return replace(key, columns=columns, target_columns=targets, original=None) if changed else key

    def unique_renamed(unique: Unique) -> Unique:
        return replace(unique, columns=renamed(unique.columns), original=None) if old in unique.columns else unique

    def index_renamed(index: Index) -> Index:
        elements = tuple(replace(each, column=new) if each.column == old else each for each in index.elements)
        return replace(index, elements=elements, original=None) if old in index.columns() else index

    table = schema.table(name)
    key = table.primary_key
    schema = schema.with_table(
        replace(
            table,
            primary_key=replace(key, columns=renamed(key.columns), original=None) if key and old in key.columns else key,
            foreign_keys=tuple(key_renamed(each, True) for each in table.foreign_keys),
            uniques=tuple(unique_renamed(each) for each in table.uniques),
            checks=tuple(replace(each, column=new, original=None) if each.column == old else each for each in table.checks),
            indexes=tuple(index_renamed(each) for each in table.indexes),
            original=None,
        )
    )
    for other in schema:
        if other.name != name and any(each.target == name and old in each.target_columns for each in other.foreign_keys):
            keys = tuple(key_renamed(each, False) for each in other.foreign_keys)
            schema = schema.with_table(replace(other, foreign_keys=keys, original=None))
    return schema
