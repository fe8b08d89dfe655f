"""Values as JSON and back, for the border between processes and for the cache.

A value becomes an object with its kind under "is" and each field that is not at its default; tuples become lists. ``original`` objects stay
behind: what they know beyond the value (how an expression reads on other dialects, a user type's DDL) is written out in their place.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Mapping
from dataclasses import MISSING
from typing import Any, TypeVar, cast

from gitmig.errors import SchemaError
from gitmig.schema import values
from gitmig.schema.values import Schema, ServerDefault, Sql, Type

FORM = 1
"""The version of the form; raised when old readers would misread new data."""

VALUES: Mapping[str, type] = {
    kind.__name__: kind
    for kind in (
        values.TableName,
        values.Sql,
        values.Type,
        values.ServerDefault,
        values.Computed,
        values.Identity,
        values.Column,
        values.PrimaryKey,
        values.ForeignKey,
        values.Unique,
        values.Check,
        values.Exclude,
        values.IndexElement,
        values.Index,
        values.Table,
        values.Enum,
        values.Sequence,
    )
}

_V = TypeVar("_V")
_PLAIN = (str, int, float, bool, type(None))


class NoForm(SchemaError):
    """Something in a value has no JSON."""


def to_json(schema: Schema) -> dict[str, Any]:
    """The schema as JSON, in a fixed order."""
    return {
        "form": FORM,
        "tables": [dump(table) for table in schema],
        "enums": [dump(schema.enums[name]) for name in _sorted(schema.enums)],
        "sequences": [dump(schema.sequences[name]) for name in _sorted(schema.sequences)],
        "schemas": sorted(schema.schemas),
    }


def from_json(data: Mapping[str, Any]) -> Schema:
    """Undoes ``to_json``. Raises SchemaError for a form of another version."""
    if data.get("form") != FORM:
        raise SchemaError(f"a schema of form {data.get('form')} cannot be read: this version reads form {FORM}")
    load = functools.partial(_load, kinds=VALUES, types={})
    tables = [load(each) for each in data["tables"]]
    enums = [load(each) for each in data["enums"]]
    sequences = [load(each) for each in data["sequences"]]
    return Schema(
        {table.name: table for table in tables},
        {enum.key(): enum for enum in enums},
        {sequence.key(): sequence for sequence in sequences},
        frozenset(data["schemas"]),
    )


def dump(value: Any) -> Any:
    """Any value, or dataclass that holds values, as JSON. Raises NoForm (a SchemaError) for anything else in a compared field."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, tuple):
        return [dump(each) for each in value]
    if isinstance(value, frozenset):
        return {"is": "frozenset", "of": sorted((dump(each) for each in value), key=repr)}
    if isinstance(value, (Sql, Type, ServerDefault)) and value.original is not None:
        value = _told(value)
    if not dataclasses.is_dataclass(value) or isinstance(value, type):
        raise NoForm(f"{type(value).__name__} has no JSON form")
    found: dict[str, Any] = {"is": type(value).__name__}
    for name, default, compared in _fields(type(value)):
        inner = getattr(value, name)
        if inner is default or (type(inner) is type(default) and inner == default):
            continue
        if compared:
            found[name] = dump(inner)
        elif _has_form(inner):
            found[name] = dump(inner)  # an object of the script's (rows, a batch block's arguments) stays behind
    return found


def load(data: Any, kinds: Mapping[str, type] = VALUES) -> Any:
    """Undoes ``dump``. ``kinds`` are the dataclasses that may stand in it, by name. Raises SchemaError for another one."""
    return _load(data, kinds, {})


def strip(value: _V) -> _V:
    """The value without SQLAlchemy objects, as it arrives in another process."""
    if isinstance(value, Schema):
        return cast(_V, from_json(to_json(value)))
    return cast(_V, load(dump(value)))


def _load(data: Any, kinds: Mapping[str, type], types: dict[str, Type]) -> Any:
    if isinstance(data, list):
        return tuple([_load(each, kinds, types) for each in data])
    if not isinstance(data, dict):
        return data
    name = data["is"]
    if name == "Type":
        # A schema has few types and many columns: equal ones are made once.
        key = repr(data)
        found = types.get(key)
        if found is None:
            arguments = {field: _load(each, kinds, types) for field, each in data.items() if field != "is"}
            found = types[key] = Type(**arguments)
        return found
    if name == "frozenset":
        return frozenset(_load(each, kinds, types) for each in data["of"])
    kind = kinds.get(name)
    if kind is None:
        raise SchemaError(f"a value of kind {name} cannot be read")
    arguments = {}
    for field, each in data.items():
        if field != "is":
            arguments[field] = _load(each, kinds, types) if isinstance(each, (list, dict)) else each
    return kind(**arguments)


@functools.cache
def _fields(kind: Any) -> tuple[tuple[str, Any, bool], ...]:
    """Name, default and whether it is compared, of each field that may be written."""
    found = []
    for field in dataclasses.fields(kind):
        default = field.default_factory() if field.default_factory is not MISSING else field.default
        if field.name != "original":
            found.append((field.name, default, field.compare))
    return tuple(found)


def _has_form(value: Any) -> bool:
    if isinstance(value, _PLAIN):
        return True
    if isinstance(value, tuple):
        return all(_has_form(each) for each in value)
    return dataclasses.is_dataclass(value) and not isinstance(value, type)


def _told(value: Sql | Type | ServerDefault) -> Sql | Type | ServerDefault:
    """The value with what its original knows beyond it."""
    from gitmig.schema import spelling  # SQLAlchemy is not needed to read JSON

    match value:
        case Sql():
            return spelling.spell(value)
        case ServerDefault():
            return spelling.spell_default(value)
        case Type() if value.source is not None and not value.ddl:
            return dataclasses.replace(value, ddl=spelling.type_ddl(value.original))
        case Type():
            return value


def _sorted(names: Iterable[values.TableName]) -> list[values.TableName]:
    return sorted(names, key=values.TableName.sort_key)
