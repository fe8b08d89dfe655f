"""PostgreSQL's enumerated types: which are made, changed and dropped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from gitmig import ops
from gitmig.schema.enumtypes import enum_behind
from gitmig.schema.values import Enum, Schema, TableName, Type


@dataclass(frozen=True, slots=True)
class EnumChanges:
    """``first`` before anything that uses the types, ``last`` when nothing uses them any more."""

    first: tuple[ops.CreateEnum | ops.SetEnumValues, ...] = ()
    last: tuple[ops.DropEnum, ...] = ()


def enum_changes(before: Schema, after: Schema, dialect: Any) -> EnumChanges:
    """Types that only PostgreSQL has; a type that some column still names is not dropped, whoever made it."""
    if dialect.name != "postgresql":
        return EnumChanges()
    used = _used(before)
    first: list[ops.CreateEnum | ops.SetEnumValues] = []
    for name, enum in sorted(after.enums.items(), key=lambda pair: pair[0].sort_key()):
        old = before.enums.get(name) or used.get(name)
        if old is None:
            first.append(ops.CreateEnum(enum))
        elif old.values != enum.values and name in before.enums:
            first.append(ops.SetEnumValues(name, enum.values))
    still = _used(after).keys() | after.enums.keys()
    gone = sorted((name for name in before.enums if name not in still), key=TableName.sort_key)
    return EnumChanges(tuple(first), tuple(ops.DropEnum(name) for name in gone))


def _used(schema: Schema) -> dict[TableName, Enum]:
    """The enumerated types that columns name."""
    found: dict[TableName, Enum] = {}
    for table in schema.tables.values():
        for column in table.columns:
            for enum in named_enums(column.type):
                found.setdefault(enum.key(), enum)
    return found


def named_enums(type_: Type) -> list[Enum]:
    """The native enumerated types in a column type, also those that say ``create_type=False``."""
    type_ = enum_behind(type_)
    variants = dict(type_.variants)
    if "postgresql" in variants:
        return named_enums(variants["postgresql"])
    arguments = dict(type_.args)
    name, members, schema = arguments.get("name"), arguments.get("*", ()), arguments.get("schema")
    if type_.path.rpartition(".")[2].upper() == "ENUM":
        if isinstance(name, str) and isinstance(members, tuple) and arguments.get("native_enum") is not False:
            return [Enum(name, tuple(map(str, members)), schema if isinstance(schema, str) else None)]
        return []
    return [enum for value in arguments.values() if isinstance(value, Type) for enum in named_enums(value)]
