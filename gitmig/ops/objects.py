"""Operations on what lives beside tables: enumerated types, sequences, schemas."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gitmig.errors import SchemaError
from gitmig.ops.base import Nothing, Op
from gitmig.ops.footprint import Footprint, Ref
from gitmig.ops.tables import AlterTable, CreateTable
from gitmig.schema.values import Column, Enum, Schema, Sequence, TableName, Type


@dataclass(frozen=True, slots=True)
class CreateEnum:
    """CREATE TYPE ... AS ENUM."""

    enum: Enum
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.enum.key() in schema.enums:
            if self.if_not_exists:
                return schema
            raise SchemaError(f"type {self.enum.key()} exists already")
        return schema.with_enum(self.enum)

    def invert(self, before: Schema) -> Op:

        return Nothing() if self.enum.key() in before.enums else DropEnum(self.enum.key())

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({Ref("enum", self.enum.key())}))

    def describe(self) -> str:
        return f"create type {self.enum.key()} ({', '.join(self.enum.values)})"


@dataclass(frozen=True, slots=True)
class DropEnum:
    """DROP TYPE."""

    name: TableName
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.name not in schema.enums:
            if self.if_exists:
                return schema
            raise SchemaError(f"there is no type {self.name} to drop")
        return schema.without_enum(self.name)

    def invert(self, before: Schema) -> Op:

        return CreateEnum(before.enums[self.name]) if self.name in before.enums else Nothing()

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({Ref("enum", self.name)}))

    def describe(self) -> str:
        return f"drop type {self.name}"


@dataclass(frozen=True, slots=True)
class SetEnumValues:
    """The members of an enumerated type become ``values``.

    Members that are only added are ALTER TYPE ... ADD VALUE; a removed or moved one needs a new type and a cast of every column that has it
    (PostgreSQL's manual, ALTER TYPE: a value cannot be removed, nor can the order be changed, short of dropping and re-creating the type).
    """

    name: TableName
    values: tuple[str, ...]
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.name not in schema.enums:
            raise SchemaError(f"there is no type {self.name} to change")
        old = schema.enums[self.name]
        schema = schema.with_enum(replace(old, values=self.values))
        for table in schema:
            columns = tuple(self._retyped(column) for column in table.columns)
            if columns != table.columns:
                schema = schema.with_table(replace(table, columns=columns, original=None))
        return schema

    def _retyped(self, column: Column) -> Column:
        new = retyped(column.type, self.name, self.values)
        return column if new == column.type else replace(column, type=new, original=None)

    def added(self, before: Schema) -> tuple[str, ...] | None:
        """The new members when nothing else changes, else None."""
        old = before.enums[self.name].values
        kept = tuple(value for value in self.values if value in old)
        return tuple(value for value in self.values if value not in old) if kept == old else None

    def invert(self, before: Schema) -> Op:
        return SetEnumValues(self.name, before.enums[self.name].values)

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({Ref("enum", self.name)}))

    def describe(self) -> str:
        return f"change type {self.name} to ({', '.join(self.values)})"


def retyped(type_: Type, name: TableName, values: tuple[str, ...]) -> Type:
    """The type with other members where it is, holds (ARRAY) or varies into the native enumerated type ``name``."""
    args = dict(type_.args)
    schema = args.get("schema")
    members: tuple[object, ...] = args["*"] if isinstance(args.get("*"), tuple) else ()  # type: ignore[assignment]
    is_enum = type_.path.rpartition(".")[2].upper() == "ENUM"
    if is_enum and args.get("name") == name.name and schema == name.schema and args.get("native_enum") is not False:
        members = values
    else:
        members = tuple(retyped(each, name, values) if isinstance(each, Type) else each for each in members)
    if "*" in args:
        args["*"] = members  # type: ignore[assignment]
    for key, value in args.items():
        if isinstance(value, Type):
            args[key] = retyped(value, name, values)
    variants = tuple((dialect, retyped(variant, name, values)) for dialect, variant in type_.variants)
    new = replace(type_, args=tuple(sorted(args.items(), key=lambda pair: pair[0])), variants=variants, original=None)
    return type_ if new == type_ else new


@dataclass(frozen=True, slots=True)
class CreateSequence:
    """CREATE SEQUENCE."""

    sequence: Sequence
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.sequence.key() in schema.sequences:
            if self.if_not_exists:
                return schema
            raise SchemaError(f"sequence {self.sequence.key()} exists already")
        return schema.with_sequence(self.sequence)

    def invert(self, before: Schema) -> Op:

        return Nothing() if self.sequence.key() in before.sequences else DropSequence(self.sequence.key())

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({Ref("sequence", self.sequence.key())}))

    def describe(self) -> str:
        return f"create sequence {self.sequence.key()}"


@dataclass(frozen=True, slots=True)
class DropSequence:
    """DROP SEQUENCE."""

    name: TableName
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.name not in schema.sequences:
            if self.if_exists:
                return schema
            raise SchemaError(f"there is no sequence {self.name} to drop")
        return schema.without_sequence(self.name)

    def invert(self, before: Schema) -> Op:

        return CreateSequence(before.sequences[self.name]) if self.name in before.sequences else Nothing()

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({Ref("sequence", self.name)}))

    def describe(self) -> str:
        return f"drop sequence {self.name}"


@dataclass(frozen=True, slots=True)
class CreateSchema:
    """CREATE SCHEMA."""

    name: str
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.name in schema.schemas and not self.if_not_exists:
            raise SchemaError(f"schema {self.name} exists already")
        return replace(schema, schemas=schema.schemas | {self.name})

    def invert(self, before: Schema) -> Op:

        return Nothing() if self.name in before.schemas else DropSchema(self.name)

    def footprint(self) -> Footprint:
        return Footprint(writes=frozenset({Ref("schema", TableName(self.name))}))

    def describe(self) -> str:
        return f"create schema {self.name}"


@dataclass(frozen=True, slots=True)
class DropSchema:
    """DROP SCHEMA; refused while a table stands in it, unless ``cascade``."""

    name: str
    if_exists: bool = False
    cascade: bool = False

    def apply(self, schema: Schema) -> Schema:
        if self.name not in schema.schemas and not self.if_exists:
            raise SchemaError(f"there is no schema {self.name} to drop")
        inside = [table for table in schema if table.name.schema == self.name]
        if inside and not self.cascade:
            raise SchemaError(f"schema {self.name} cannot be dropped while {inside[0].name} stands in it")
        for table in inside:
            schema = schema.without_table(table.name)
        return replace(schema, schemas=schema.schemas - {self.name})

    def invert(self, before: Schema) -> Op:

        if self.name not in before.schemas:
            return Nothing()
        back: list[Op] = [CreateSchema(self.name)]
        back += [CreateTable(table) for table in before if table.name.schema == self.name]
        return back[0] if len(back) == 1 else AlterTable(TableName(self.name), tuple(back))

    def footprint(self) -> Footprint:
        return Footprint(everything=True) if self.cascade else Footprint(writes=frozenset({Ref("schema", TableName(self.name))}))

    def describe(self) -> str:
        return f"drop schema {self.name}"
