"""Operations on whole tables."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from gitmig.errors import SchemaError
from gitmig.ops import footprint as refs
from gitmig.ops.base import Nothing, Op
from gitmig.ops.footprint import Footprint, Ref
from gitmig.schema.values import ForeignKey, Options, Schema, Table, TableName, options


@dataclass(frozen=True, slots=True)
class CreateTable:
    """CREATE TABLE, with its constraints and indexes."""

    table: Table
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.table.name in schema.tables:
            if self.if_not_exists:
                return schema
            raise SchemaError(f"table {self.table.name} exists already")
        return schema.with_table(self.table)

    def invert(self, before: Schema) -> Op:
        if self.table.name in before.tables:
            return Nothing()
        return DropTable(self.table.name)

    def footprint(self) -> Footprint:
        targets = frozenset(refs.table(key.target) for key in self.table.foreign_keys if key.target != self.table.name)
        return Footprint(reads=targets | frozenset(_enums(self.table)), writes=frozenset({refs.table(self.table.name)}))

    def describe(self) -> str:
        return f"create table {self.table.name}"


def _enums(table: Table) -> list[Ref]:
    """The enumerated types that the table's columns name; harmless where the dialect has none."""
    found = []
    for column in table.columns:
        names = dict(column.type.args)
        if column.type.path.rpartition(".")[2].upper() == "ENUM" and isinstance(names.get("name"), str):
            enum_schema = names.get("schema")
            found.append(Ref("enum", TableName(str(names["name"]), enum_schema if isinstance(enum_schema, str) else None)))
    return found


@dataclass(frozen=True, slots=True)
class DropTable:
    """DROP TABLE. ``references`` says what becomes of other tables' foreign keys into it: refused (most servers), dropped (CASCADE),
    or left dangling (SQLite, MySQL with checks off)."""

    name: TableName
    if_exists: bool = False
    references: Literal["refuse", "drop", "dangle"] = "refuse"

    def apply(self, schema: Schema) -> Schema:
        if self.name not in schema.tables:
            if self.if_exists:
                return schema
            raise SchemaError(f"there is no table {self.name} to drop")
        rest = schema.without_table(self.name)
        if self.references == "dangle":
            return rest
        for other, key in referencing(rest, self.name):
            if self.references == "refuse":
                raise SchemaError(f"table {self.name} cannot be dropped while {other.name} ({', '.join(key.columns)}) refers to it")
            kept = tuple(each for each in rest.table(other.name).foreign_keys if each.target != self.name)
            rest = rest.with_table(replace(rest.table(other.name), foreign_keys=kept))
        return rest

    def invert(self, before: Schema) -> Op:
        if self.name not in before.tables:
            return Nothing()
        return CreateTable(before.table(self.name))

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({refs.table(self.name)}))

    def describe(self) -> str:
        return f"drop table {self.name}"


@dataclass(frozen=True, slots=True)
class RenameTable:
    """ALTER TABLE ... RENAME TO, within one schema; foreign keys into it follow."""

    old: TableName
    new: TableName

    def apply(self, schema: Schema) -> Schema:
        moved = schema.table(self.old)
        if self.new in schema.tables:
            raise SchemaError(f"table {self.old} cannot be renamed: {self.new} exists already")
        result = schema.without_table(self.old).with_table(replace(moved, name=self.new, original=None))
        for other in list(result.tables.values()):
            if any(key.target == self.old for key in other.foreign_keys):
                keys = tuple(replace(key, target=self.new, original=None) if key.target == self.old else key for key in other.foreign_keys)
                result = result.with_table(replace(other, foreign_keys=keys, original=None))
        return result

    def invert(self, before: Schema) -> Op:
        return RenameTable(self.new, self.old)

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({refs.table(self.old), refs.table(self.new)}))

    def describe(self) -> str:
        return f"rename table {self.old} to {self.new}"


@dataclass(frozen=True, slots=True)
class SetTableComment:
    """The table's comment becomes ``comment``; None removes it."""

    table: TableName
    comment: str | None

    def apply(self, schema: Schema) -> Schema:
        return schema.with_table(replace(schema.table(self.table), comment=self.comment, original=None))

    def invert(self, before: Schema) -> Op:
        return SetTableComment(self.table, before.table(self.table).comment)

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({refs.comment(self.table)}))

    def describe(self) -> str:
        return f"comment on table {self.table}" if self.comment else f"drop the comment of table {self.table}"


@dataclass(frozen=True, slots=True)
class AlterTable:
    """Several operations on one table as a group: a batch block, or an operation and what went with it.

    ``recreate`` is Alembic's word: on SQLite the group is one rebuild of the table. What else a batch block was given (table_args,
    copy_from, ...) travels in ``batch``: objects of the script, neither compared nor written. ``table_options`` are options that the table
    then has, None those that it then has no more.
    """

    table: TableName
    ops: tuple[Op, ...]
    recreate: Literal["auto", "always", "never"] = "auto"
    batch: Any = field(default=None, compare=False, hash=False, repr=False)
    table_options: Options = ()

    def apply(self, schema: Schema) -> Schema:
        for operation in self.ops:
            schema = operation.apply(schema)
        if self.table_options:
            table = schema.table(self.table)
            merged = options(
                {key: value for key, value in {**dict(table.options), **dict(self.table_options)}.items() if value is not None}
            )
            schema = schema.with_table(replace(table, options=merged, original=None))
        return schema

    def invert(self, before: Schema) -> Op:
        known = before.tables.get(self.table)
        had = {**dict(known.implied), **dict(known.options)} if known is not None else {}
        inverted: list[Op] = []
        for operation in self.ops:
            inverted.append(operation.invert(before))
            before = operation.apply(before)
        back = options({key: had.get(key) for key, _ in self.table_options})
        return AlterTable(self.table, tuple(reversed(inverted)), self.recreate, table_options=back)

    def footprint(self) -> Footprint:
        result = Footprint()
        for operation in self.ops:
            result = result | operation.footprint()
        return result | Footprint(writes=frozenset({refs.table(self.table)})) if self.table_options else result

    def describe(self) -> str:
        told = [f"change {', '.join(key for key, _ in self.table_options)} of table {self.table}"] if self.table_options else []
        return "; ".join([*(operation.describe() for operation in self.ops), *told])


def referencing(schema: Schema, name: TableName) -> list[tuple[Table, ForeignKey]]:
    """The foreign keys of other tables that point to ``name``, in order of table name."""
    return [(other, key) for other in schema if other.name != name for key in other.foreign_keys if key.target == name]
