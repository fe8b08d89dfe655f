"""The keys of an index in their normal form: column or expression, direction, and on PostgreSQL the class of operators.

A key may be SQLAlchemy's (``lower(c).desc()`` with ``postgresql_ops``) or text, ``text("lower(name) text_pattern_ops DESC")``, that says
all of it. As PostgreSQL reads it: a column, a function or an expression in parentheses; then COLLATE, a class, a direction (manual,
"CREATE INDEX").
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gitmig.schema.sqltext import canonical_sql, squeezed, unwrapped
from gitmig.schema.typecompare import sql_for
from gitmig.schema.values import IndexElement, Sql, Table, Value

_SORTED_KEY = re.compile(r"\s*(?P<key>.*?)(?P<sort>(?:\s+(?:ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?)\s*", re.IGNORECASE | re.DOTALL)
_BARE_NAME = re.compile(r'(?P<plain>[a-z_][a-z0-9_$]*)|"(?P<quoted>[^"]+)"')
_SORTED = re.compile(r"(.*\S)((?:\s+(?:ASC|DESC))?(?:\s+NULLS\s+(?:FIRST|LAST))?)", re.I | re.S)
_NAME = r"(?:[^\W\d][\w$]*|\"(?:[^\"]|\"\")+\")"
_WITH_CLASS = re.compile(
    rf"(?P<key>(?P<name>{_NAME}(?:\.{_NAME})?)?\s*(?P<brackets>\(.*\))?)(?P<collation>\s*COLLATE\s+{_NAME}(?:\.{_NAME})?)?\s*"
    rf"(?<=[\s\")])(?:{_NAME}\.)?(?P<class>{_NAME})",
    re.IGNORECASE | re.DOTALL,
)
_NO_CLASS = frozenset({"isnull", "notnull"})
# Those that a type has without being told (pg_opclass.opcdefault); the server tells only of others.
_USUAL = frozenset(
    f"{name}_ops"
    for name in (
        *("text", "varchar", "bpchar", "name", "int2", "int4", "int8", "float4", "float8", "numeric", "bool", "bytea", "uuid", "date"),
        *("time", "timetz", "timestamp", "timestamptz", "interval", "jsonb", "array", "tsvector", "range", "enum", "money"),
    )
)


def normal_keys(
    elements: Iterable[IndexElement], table: Table, dialect: Any, classes: Value = ()
) -> tuple[tuple[IndexElement, ...], tuple[tuple[str, str], ...]]:
    """The keys, and the classes of those that say one, as (key, class); ``classes`` are the index's own, by column or label."""
    given = {str(pair[0]): str(pair[1]) for pair in classes if isinstance(pair, tuple)} if isinstance(classes, tuple) else {}
    keys, found = [], []
    for element in elements:
        said = given.get(element.column or element.label or "")
        if dialect.name == "postgresql" and element.sql is not None and said is None:
            element, said = _without_class(element, element.sql, dialect)
        key = _element(element, table, dialect)
        keys.append(key)
        if said is not None and said not in _USUAL:
            found.append((key.column or (key.sql.text if key.sql else ""), said))
    return tuple(keys), tuple(sorted(found))


def _without_class(element: IndexElement, sql: Sql, dialect: Any) -> tuple[IndexElement, str | None]:
    """A key written as text, and the class that stands in it."""
    whole = _SORTED_KEY.fullmatch(squeezed(sql_for(sql, dialect)))
    found = _WITH_CLASS.fullmatch(whole["key"]) if whole is not None else None
    if whole is None or found is None or not found["key"].strip() or found["class"].lower() in _NO_CLASS:
        return element, None
    brackets = found["brackets"]
    if brackets is not None and unwrapped(brackets) == brackets:
        return element, None  # more than one pair: an expression, not a function's
    key = f"{found['key'].strip()}{found['collation'] or ''}"
    text = f"{key}{whole['sort'] or ''}"
    return replace(element, sql=Sql(text), label=None), found["class"].strip('"')


def _element(element: IndexElement, table: Table, dialect: Any) -> IndexElement:
    if element.sql is not None:
        element = _read_element(element, element.sql, table, dialect)
    element = _sorted_key(element)
    words = element.sort.upper()
    down = "DESC" in words
    nulls = "FIRST" if "NULLS FIRST" in words else "LAST" if "NULLS LAST" in words else ""
    if dialect.name == "postgresql" and nulls == ("FIRST" if down else "LAST"):
        nulls = ""
    sort = " ".join(word for word in ("DESC" if down else "", f"NULLS {nulls}" if nulls else "") if word)
    if element.sql is None:
        return IndexElement(element.column, None, sort)
    return IndexElement(None, Sql(canonical_sql(sql_for(element.sql, dialect), dialect.name)), sort)


def _sorted_key(element: IndexElement) -> IndexElement:
    """A key written as text, ``text("a DESC")``: its column and its direction are what a column and a direction are elsewhere."""
    if element.sql is None or element.sql.expression:
        return element
    found = _SORTED_KEY.fullmatch(element.sql.text)
    if found is None:
        return element
    sort = element.sort or " ".join((found["sort"] or "").upper().split())
    bare = _BARE_NAME.fullmatch(found["key"])
    if bare is not None:
        return IndexElement(bare["quoted"] or bare["plain"], None, sort)
    return IndexElement(None, replace(element.sql, text=found["key"], original=None), sort)


def _read_element(element: IndexElement, sql: Sql, table: Table, dialect: Any) -> IndexElement:
    """Text may say a plain column, and how it is sorted: ``text("created DESC")`` is ``created.desc()``."""
    text = squeezed(sql_for(sql, dialect))
    match = _SORTED.fullmatch(text)
    if match is not None and not element.sort:
        text, sort = match[1].strip(), " ".join(match[2].split())
    else:
        sort = element.sort
    name = text[1:-1] if text[:1] in ('"', "`") and text[-1:] == text[:1] else text
    for column in table.columns:
        if column.name == name or (name is text and dialect.name != "postgresql" and column.name.lower() == text.lower()):
            return IndexElement(column.name, None, sort)
    return IndexElement(None, Sql(text), sort)
