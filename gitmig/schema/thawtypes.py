"""Types from values: ``thaw_type``."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.base import SchemaEventTarget  # what listens to its column

from gitmig.errors import SchemaError
from gitmig.schema.spelling import for_dialect, text_element
from gitmig.schema.values import Sql, Type, Value


class WrittenType(sa.types.UserDefinedType[Any]):
    """A user's type of which this process knows only the DDL."""

    cache_ok = False

    def __init__(self, value: Type) -> None:
        self.value = value

    def __repr__(self) -> str:
        return self.value.source or self.value.path


@compiles(WrittenType)
def _compile_written(type_: WrittenType, compiler: Any, **kw: Any) -> str:
    texts = dict(ddl_of(type_.value))
    found = for_dialect(texts, compiler.dialect)
    if found is None and compiler.dialect.name == "default" and texts:
        found = texts[min(texts)]
    if found is None:
        raise SchemaError(
            f"the type {type_.value.path} has no form on {compiler.dialect.name}",
            f"Import the module that defines it where the metadata is made, or give it a form for {compiler.dialect.name}",
        )
    return found


def written_value(type_: Any) -> Type | None:
    """The value behind a type that was thawed without its class, else None."""
    return type_.value if isinstance(type_, WrittenType) else None


def type_written(ddl: str, dialect_name: str) -> Type:
    """A type of which only the DDL on one dialect is known: what a database reports and SQLAlchemy has no class for."""
    return Type("gitmig.schema.thawtypes.WrittenType", (("*ddl", ((dialect_name, ddl),)),), source=ddl)


def ddl_of(value: Type) -> tuple[tuple[str, str], ...]:
    """The DDL by dialect name that a user's type carries."""
    for key, pairs in value.args:
        if key == "*ddl":
            return pairs  # type: ignore[return-value]
    return value.ddl


def python_value(value: Value) -> Any:
    """An option or argument as SQLAlchemy takes it: pairs become a dictionary, tuples lists, SQL text()."""
    if isinstance(value, tuple):
        if value and all(isinstance(each, tuple) and len(each) == 2 and isinstance(each[0], str) for each in value):
            return {str(pair[0]): python_value(pair[1]) for pair in value}  # type: ignore[index]
        return [python_value(each) for each in value]
    if isinstance(value, Type):
        return thaw_type(value)
    if isinstance(value, Sql):
        return text_element(value.text)
    return value


def build(cls: Any, arguments: dict[str, Value]) -> Any:
    """An instance of a type's class from its arguments; "*" are the positional ones."""
    named = {key: python_value(each) for key, each in arguments.items() if key != "*"}
    positional = arguments.get("*", ())
    if not isinstance(positional, tuple):
        positional = (positional,)
    return cls(*(python_value(each) for each in positional), **named)


def find_class(path: str) -> Any | None:
    """The class at an import path: SQLAlchemy's are imported, others taken only when their module is loaded already: user code is
    never run from here."""
    module, _, name = path.rpartition(".")
    if path.startswith("sqlalchemy."):
        return getattr(importlib.import_module(module), name, None)
    parts = path.split(".")
    for cut in range(len(parts) - 1, 0, -1):
        found: Any = sys.modules.get(".".join(parts[:cut]))
        if found is None:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found if isinstance(found, type) else None
    return None


def thaw_type(value: Type) -> Any:
    """The SQLAlchemy type. A user's type without its class in this process compiles to the DDL that it carries.

    Raises SchemaError for a class that is unknown and carries no DDL.
    """
    if value.original is not None and not value.path.startswith("sqlalchemy."):
        # A user's own object does what no copy of ours would; one that listens to its column is copied, as SQLAlchemy does.
        return _own_copy(value.original)
    type_ = _base(value)
    for name, variant in value.variants:
        type_ = type_.with_variant(thaw_type(variant), name)
    return type_


def _own_copy(type_: Any) -> Any:
    listens: bool = isinstance(type_, SchemaEventTarget)
    return type_.copy() if listens else type_


def _base(value: Type) -> Any:
    ddl = ddl_of(value)
    cls = find_class(value.path)
    if cls is not None and not any(key == "*ddl" for key, _ in value.args):
        return build(cls, dict(value.args))
    if ddl:
        return WrittenType(value)
    raise SchemaError(
        f"the type {value.path} is unknown here",
        f"Import its module ({value.path.rpartition('.')[0]}) in the script that uses it",
    )
