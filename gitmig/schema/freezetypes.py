"""Column types as values: ``freeze_type``."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from gitmig.schema.spelling import sql_of, type_ddl
from gitmig.schema.thawtypes import build, written_value
from gitmig.schema.values import Options, Type, Value, options

# Arguments that act in Python only and have no JSON: the original object keeps them.
_PYTHON_ONLY = frozenset(
    {"pickler", "comparator", "values_callable", "sort_key_function", "metadata", "omit_aliases", "_create_events", "_adapted_from"}
)
# Types that the constructor puts in where it was given none.
_USUAL = {"impl": Type("sqlalchemy.LargeBinary"), "astext_type": Type("sqlalchemy.Text"), "text_type": Type("sqlalchemy.Text")}
_DIALECT_PACKAGES = ("mssql", "mysql", "oracle", "postgresql", "sqlite")


class NotPlain(Exception):
    """A value of the user's that has no JSON."""


def plain_value(value: Any) -> Value:
    """Any argument that SQLAlchemy takes, as a value: dictionaries become pairs, columns their names. Raises NotPlain."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, TypeEngine) or (isinstance(value, type) and issubclass(value, TypeEngine)):
        return freeze_type(value)
    if isinstance(value, sa.Column):
        return str(value.name)
    if isinstance(value, ClauseElement):
        return sql_of(value)
    if isinstance(value, (tuple, list)):
        return tuple(plain_value(each) for each in value)
    if isinstance(value, dict):
        return tuple((str(key), plain_value(each)) for key, each in value.items())
    raise NotPlain


def public_path(cls: type) -> str:
    """The shortest path by which a type's class is imported: "sqlalchemy.String", "sqlalchemy.dialects.postgresql.JSONB"."""
    module, name = cls.__module__, cls.__qualname__
    if module.startswith("sqlalchemy."):
        parts = module.split(".")
        homes = [("sqlalchemy", sa), ("sqlalchemy.types", sa.types)]
        if parts[1] == "dialects" and parts[2] in _DIALECT_PACKAGES:
            home = f"sqlalchemy.dialects.{parts[2]}"
            homes = [(home, __import__(home, fromlist=["*"]))]
        for path, package in homes:
            if getattr(package, name, None) is cls:
                return f"{path}.{name}"
    return f"{module}.{name}"


def _class(type_: Any) -> Any:
    return type(type_)


@functools.lru_cache(maxsize=1024)
def _parameters(cls: Any) -> tuple[tuple[tuple[str, Any], ...], bool]:
    """The named parameters of a type's constructors with their defaults, up to where no more is handed on; and whether
    TypeDecorator's own constructor is reached, which hands everything to the type that it decorates."""
    found: dict[str, Any] = {}
    for base in cls.__mro__:
        if base is TypeDecorator:
            return tuple(found.items()), True
        if "__init__" not in base.__dict__ or base is object:
            continue
        parameters = list(inspect.signature(base.__dict__["__init__"]).parameters.values())[1:]
        handed_on = False
        for parameter in parameters:
            if parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL):
                handed_on = True
            else:
                found.setdefault(parameter.name, parameter.default)
        if not handed_on:
            break
    return tuple(found.items()), False


def is_sqlalchemy(cls: type) -> bool:
    """True for a type that SQLAlchemy ships, false for a package's or a user's."""
    return cls.__module__.startswith("sqlalchemy.")


def freeze_type(type_: Any) -> Type:
    """A type, or a type's class, as a value."""
    if isinstance(type_, type):
        type_ = type_()
    known = written_value(type_)
    if known is not None:
        return known
    cls = type(type_)
    variants = _variants(type_)
    path = public_path(cls)
    if is_sqlalchemy(cls):
        return Type(path, _own_arguments(type_), variants, original=type_)
    try:
        arguments = _user_arguments(type_)
        rebuilt = build(cls, dict(arguments))
        faithful = str(rebuilt) == str(type_) and _same_ddl(rebuilt, type_)
    except Exception:
        # A constructor of the user's may raise anything when it is handed what we could read of its arguments: then the type
        # cannot be built again, and is told by its DDL.
        faithful = False
    if not faithful:
        ddl = type_ddl(type_)
        arguments = options({"*ddl": ddl})
    return Type(path, arguments, variants, source=repr(type_), original=type_)


def _same_ddl(left: Any, right: Any) -> bool:
    try:
        return bool(left.compile() == right.compile())
    except SQLAlchemyError:
        return type_ddl(left) == type_ddl(right)  # a type of one dialect only


def _variants(type_: Any) -> tuple[tuple[str, Type], ...]:
    mapping = getattr(type_, "_variant_mapping", None)
    if not mapping:
        return ()
    return tuple((name, freeze_type(mapping[name])) for name in sorted(mapping))


def _own_arguments(type_: Any) -> Options:
    """The arguments of one of SQLAlchemy's types; what acts in Python only is left out."""
    found: dict[str, Value] = {}
    for name, default in _parameters(_class(type_))[0]:
        if name in _PYTHON_ONLY:
            continue
        value = _argument(type_, name, default)
        if value is default or value is inspect.Parameter.empty or (type(value) is type(default) and value == default):
            continue
        try:
            found[name] = plain_value(value)
        except NotPlain:
            continue
    if isinstance(type_, sa.Enum):
        _enum_arguments(type_, found)
    elif isinstance(type_, sa.types.SchemaType):
        _named_type(type_, found)
    elif type_.__visit_name__ == "SET":
        found["*"] = tuple(str(each) for each in type_.values)
        if type_.length == max((len(str(each)) for each in type_.values), default=0):
            found.pop("length", None)
    for name, usual in _USUAL.items():
        if found.get(name) == usual:
            del found[name]
    return options(found)


def _argument(type_: Any, name: str, default: Any) -> Any:
    """The value that the constructor was given, as far as the object still has it."""
    hidden = f"_{name}"
    if hidden in type_.__dict__:
        value = type_.__dict__[hidden]
        return default if value == getattr(type(type_), hidden, default) else value
    return getattr(type_, name, default)


def _named_type(type_: Any, found: dict[str, Value]) -> None:
    """What the types that are schema objects themselves (Enum, DOMAIN, Boolean) have in common."""
    name = type_.name
    found.pop("name", None)
    if isinstance(name, str):
        found["name"] = str(name)
    quote = getattr(name, "quote", None)
    if quote is not None:
        found["quote"] = bool(quote)
    found.pop("schema", None)
    if getattr(type_, "schema", None) is not None:
        found["schema"] = str(type_.schema)
        found.pop("inherit_schema", None)  # it has done its work


def _enum_arguments(type_: Any, found: dict[str, Value]) -> None:
    members = tuple(str(each) for each in type_.enums)
    found.pop("enums", None)
    found["*"] = members
    if not type_.native_enum:
        found["native_enum"] = False
    if type_.create_constraint:
        found["create_constraint"] = True
    if type_.validate_strings:
        found["validate_strings"] = True
    if getattr(type_, "create_type", True) is False:
        found["create_type"] = False
    found.pop("length", None)
    if type_.length != max((len(each) for each in members), default=0):
        found["length"] = type_.length
    _named_type(type_, found)


def _user_arguments(type_: Any) -> Options:
    """Raises NotPlain (or whatever the user's attributes raise) when an argument cannot be read or has no JSON."""
    parameters, decorates = _parameters(_class(type_))
    found: dict[str, Value] = {}
    for name, default in parameters:
        if name in _PYTHON_ONLY and is_sqlalchemy_parameter(type(type_), name):
            continue
        if hasattr(type_, name):
            value = getattr(type_, name)
        elif hasattr(type_, f"_{name}"):
            value = getattr(type_, f"_{name}")
        elif is_sqlalchemy_parameter(type(type_), name):
            continue
        else:
            raise NotPlain
        if value is default or (type(value) is type(default) and value == default):
            continue
        found[name] = plain_value(value)
    if isinstance(type_, sa.Enum):
        _enum_arguments(type_, found)
    elif decorates and isinstance(type(type_).impl, type):
        inner = type_.impl_instance
        if is_sqlalchemy(type(inner)):
            default_args = dict(_own_arguments(type(type_).impl())) if not isinstance(inner, sa.Enum) else {}
            for key, value in _own_arguments(inner):
                if default_args.get(key) != value:
                    found.setdefault(key, value)
    return options(found)


def is_sqlalchemy_parameter(cls: type, name: str) -> bool:
    """True when the parameter is one of a constructor of SQLAlchemy's, not of the user's class."""
    for base in cls.__mro__:
        if "__init__" in base.__dict__ and name in inspect.signature(base.__dict__["__init__"]).parameters:
            return is_sqlalchemy(base)
    return False
