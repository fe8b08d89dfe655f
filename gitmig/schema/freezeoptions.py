"""What the parts of a schema have in common when they are frozen: names, options of dialects, sequences."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

from gitmig.schema.freezetypes import NotPlain, freeze_type, plain_value
from gitmig.schema.spelling import sql_of
from gitmig.schema.values import Identity, Sequence, Value, options

_SEQUENCE_OPTIONS = ("start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache")


def freeze_sequence(sequence: sa.Sequence) -> Sequence:
    found = _sequence_options(sequence)
    if sequence.data_type is not None:
        found["data_type"] = freeze_type(sequence.data_type)
    if sequence.optional:
        found["optional"] = True
    add_quote(sequence.name, found)
    schema = None if sequence.schema is None else str(sequence.schema)
    return Sequence(str(sequence.name), schema, options(found), original=sequence)


def freeze_identity(identity: sa.Identity) -> Identity:
    found = _sequence_options(identity)
    on_null = found.pop("on_null", None)
    if on_null is None:
        on_null = found.pop("oracle_on_null", None)
    always = identity.always
    if always is None:
        found["always"] = None  # the dialect's own default is left to it
    return Identity(bool(always), on_null if isinstance(on_null, bool) else None, options(found), original=identity)


def _sequence_options(sequence: Any) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name in _SEQUENCE_OPTIONS:
        value = getattr(sequence, name)
        if value is not None:
            found[name] = value
    if hasattr(sequence, "dialect_kwargs"):  # SQLAlchemy 2.1: order and on_null became options of the dialect
        extra: dict[str, Any] = dict(sequence.dialect_kwargs)
        renamed = {"oracle_order": "order", "oracle_on_null": "on_null"}
        found.update({renamed.get(key, key): plain_value(value) for key, value in extra.items()})
    else:
        found.update({key: value for key in ("order", "on_null") if (value := getattr(sequence, key, None)) is not None})
    return {key: value for key, value in found.items() if value is not None}


def final_name(thing: Any) -> tuple[str | None, bool]:
    """The final name, and whether it came from a naming convention (or op.f)."""
    name = thing.name
    if not isinstance(name, str):
        return None, False
    return str(name), isinstance(name, conv)


def add_quote(name: Any, found: dict[str, Value]) -> None:
    quote = getattr(name, "quote", None)
    if quote is not None:
        found["quote"] = bool(quote)


def add_dialects(thing: Any, found: dict[str, Value]) -> None:
    """``ddl_if(dialect=...)``."""
    only = getattr(getattr(thing, "_ddl_if", None), "dialect", None)
    if only is not None:
        found["dialects"] = (only,) if isinstance(only, str) else tuple(only)


def add_info(thing: Any, found: dict[str, Value]) -> None:
    info = thing.__dict__.get("info")
    if info and all(isinstance(key, str) for key in info):
        try:
            found["info"] = plain_value({key: info[key] for key in sorted(info)})
        except NotPlain:
            return  # Python objects in info are no part of a schema


def dialect_options(thing: Any, dialect: Any) -> dict[str, Value]:
    if "dialect_options" not in thing.__dict__:
        return {}
    found: dict[str, Value] = {}
    for key, value in thing.dialect_kwargs.items():
        key = key.replace(" ", "_")  # reflection of MySQL says "mysql_default charset", which is no keyword and means the same
        if hasattr(value, "compile") and not isinstance(value, (str, sa.Column)) and not hasattr(value, "as_generic"):
            found[key] = sql_of(value, dialect)
        else:
            found[key] = plain_value(value)
    return found


def by_name(pairs: Value, table: Any) -> Value:
    """Options by column key as options by column name."""
    if not isinstance(pairs, tuple) or table is None:
        return pairs
    names: dict[Value, str] = {column.key: str(column.name) for column in table.columns}
    return tuple((names.get(pair[0], pair[0]), pair[1]) for pair in pairs if isinstance(pair, tuple))
