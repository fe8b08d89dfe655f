"""Enumerated types behind users' own types."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from gitmig.schema.freezetypes import freeze_type, is_sqlalchemy
from gitmig.schema.spelling import dialect_named, type_ddl
from gitmig.schema.values import TableName, Type, Value, options

ENUMS = frozenset({"sqlalchemy.Enum", "sqlalchemy.dialects.postgresql.ENUM"})


def enum_behind(type_: Type) -> Type:
    """SQLAlchemy's enumerated type that a user's type decorates or extends; any other type is itself.

    As far as the class is at hand: what a database is told is the same, but only SQLAlchemy's own can say that it is not to be created.
    """
    original = type_.original
    if original is None or is_sqlalchemy(type(original)):
        return type_
    if isinstance(original, TypeDecorator):
        behind = enum_behind(freeze_type(original.impl_instance))
        return behind if behind.path in ENUMS else type_
    if isinstance(original, sa.Enum):
        kept: dict[str, Value] = {"*": tuple(map(str, original.enums))}
        kept |= {key: value for key in ("name", "schema") if isinstance(value := getattr(original, key), str)}
        if not original.native_enum:
            kept |= {"native_enum": False, "length": original.length, "create_constraint": bool(original.create_constraint)}
        return Type("sqlalchemy.Enum", options(kept))
    return type_


def named_in_ddl(type_: Type, name: TableName) -> bool:
    """Whether a user's type, whose class may not be here, is PostgreSQL's type ``name`` or an array of it, by its DDL."""
    if type_.path.startswith("sqlalchemy."):
        return False
    told = dict(type_.ddl or (type_ddl(type_.original) if type_.original is not None else ()))
    quote = dialect_named("postgresql").identifier_preparer.quote
    own = f"{quote(name.schema)}.{quote(name.name)}" if name.schema else str(quote(name.name))
    return told.get("postgresql", "").removesuffix("[]") == own
