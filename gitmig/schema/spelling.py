"""SQL expressions as text, and text as SQLAlchemy elements, for each dialect that reads them differently."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import registry
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import functions
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement, ColumnElement, TextClause, UnaryExpression

from gitmig.schema.values import ServerDefault, Sql

DIALECTS = ("mariadb", "mssql", "mysql", "oracle", "postgresql", "sqlite")

# As SQLAlchemy reads ``:name`` in text() (sql/compiler.py, BIND_PARAMS and BIND_PARAMS_ESC).
_BIND = re.compile(r"(?<![:\w\x5c]):([\w$]+)(?![:\w$])")
_ESCAPED = re.compile(r"\x5c(:[\w$]*)(?![:\w$])")

_V = TypeVar("_V")


@functools.cache
def dialect_named(name: str) -> Any:
    """A dialect without a driver. Its paramstyle is one for which SQLAlchemy does not double percent signs: the texts stay as written."""
    kind: Any
    if name == "mariadb":
        # The registry gives no class for the bare name; projects without it shall not pay for its import.
        from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect

        kind = MariaDBDialect
    else:
        kind = registry.load(name)
    dialect = kind(paramstyle="named")
    if name == "mariadb":
        dialect.supports_sequences = True  # which SQLAlchemy learns from the server, and every one that is maintained has
    return dialect


def dialect_names(dialect: Any) -> tuple[str, ...]:
    """The names under which a dialect's texts and options are found, best first: MariaDB's server speaks through either of two dialects."""
    if dialect.name == "mysql" and getattr(dialect, "is_mariadb", False):
        return ("mariadb", "mysql")
    return ("mariadb", "mysql") if dialect.name == "mariadb" else (dialect.name,)


def for_dialect(pairs: Mapping[str, _V], dialect: Any) -> _V | None:
    """The entry of the dialect, or None."""
    for name in dialect_names(dialect):
        if name in pairs:
            return pairs[name]
    return None


class WrittenSql(ColumnElement[Any]):
    """An SQL expression of which only the texts are known; compiles to the text of the dialect."""

    __visit_name__ = "gitmig_written_sql"
    inherit_cache = False

    def __init__(self, sql: Sql) -> None:
        self.sql = sql
        self.type = sa.types.NullType()


@compiles(WrittenSql)
def _compile_written(element: WrittenSql, compiler: Any, **kw: Any) -> str:
    kw.pop("within_columns_clause", None)
    if element.sql.original is not None:
        kw.update(include_table=False, literal_binds=True)
        return str(compiler.process(element.sql.original, **kw))
    spelled = for_dialect(dict(element.sql.spelled), compiler.dialect)
    return str(compiler.process(text_element(element.sql.text if spelled is None else spelled)))


class IndexKey(ColumnElement[Any]):
    """An expression as a key of an index: MySQL wants those in parentheses of their own, which SQLAlchemy puts in CREATE INDEX by class."""

    __visit_name__ = "gitmig_index_key"
    inherit_cache = False

    def __init__(self, element: ClauseElement) -> None:
        self.element = element
        self.type = sa.types.NullType()


@compiles(IndexKey)
def _compile_index_key(key: IndexKey, compiler: Any, **kw: Any) -> str:
    return str(compiler.process(key.element, **kw))


@compiles(IndexKey, "mysql", "mariadb")
def _compile_index_key_mysql(key: IndexKey, compiler: Any, **kw: Any) -> str:
    text = compiler.process(key.element, **kw)
    wrapped = isinstance(key.element, (functions.FunctionElement, BinaryExpression, UnaryExpression))
    return f"({text})" if wrapped else str(text)


def text_element(text: str) -> TextClause:
    """``sa.text`` that renders exactly ``text``: nothing in it is a bind parameter."""
    return sa.text(_BIND.sub(r"\\:\1", _ESCAPED.sub(r"\\\\\1", text)))


def plain_text(element: TextClause) -> str | None:
    """What a text() without parameters renders; None when it has some."""
    if _BIND.search(element.text):
        return None
    return _ESCAPED.sub(r"\1", element.text) if "\\" in element.text else element.text


def element_of(sql: Sql) -> ClauseElement:
    """The SQLAlchemy element that renders ``sql`` on any dialect. The original's own columns stay where they are."""
    if sql.expression:
        return WrittenSql(sql)
    return text_element(sql.text)


def compiled(element: ClauseElement, dialect: Any = None) -> str:
    """The element's text on a dialect (None: SQLAlchemy's default one), values in place, columns without their table.

    Raises SQLAlchemyError where the dialect has no form for it.
    """
    arguments = {"literal_binds": True, "include_table": False}
    text = str(element.compile(dialect=dialect, compile_kwargs=arguments))
    doubled = dialect is not None and getattr(dialect.identifier_preparer, "_double_percents", False)
    return text.replace("%%", "%") if doubled else text


def sql_of(element: Any, dialect: Any = None) -> Sql:
    """Any SQL that SQLAlchemy takes in DDL (string, text(), expression), spelled for ``dialect``."""
    if isinstance(element, str):
        return Sql(str(element))
    if isinstance(element, WrittenSql):
        return element.sql
    if isinstance(element, TextClause):
        plain = plain_text(element)
        if plain is not None:
            return Sql(plain)
    if dialect is None and isinstance(element, functions.FunctionElement) and not element.clauses.clauses:
        # func.now() stands in every other model: compiling it once is enough.
        kind: Any = type(element)
        text = _bare_function(kind, str(getattr(element, "name", "")), tuple(getattr(element, "packagenames", ())))
        if text is None:
            text = _text(element, dialect)
    else:
        text = _text(element, dialect)
    return Sql(text, expression=True, original=element)


def _text(element: ClauseElement, dialect: Any) -> str:
    try:
        return compiled(element, dialect)
    except SQLAlchemyError:
        # Has no form on this dialect (or a value without a literal form): the generic text still tells it from others.
        return str(element)


@functools.lru_cache(maxsize=256)
def _bare_function(kind: Any, name: str, packages: tuple[str, ...]) -> str | None:
    if not kind.__module__.startswith("sqlalchemy."):
        return None
    try:
        element = functions.Function(name, packagenames=packages) if kind is functions.Function else kind()
        return compiled(element)
    except (SQLAlchemyError, TypeError):
        return None


def spelled(element: ClauseElement, text: str) -> tuple[tuple[str, str], ...]:
    """How the element reads on each of DIALECTS that reads it otherwise than ``text``."""
    return _by_dialect(lambda dialect: compiled(element, dialect), text)


def type_ddl(type_: Any) -> tuple[tuple[str, str], ...]:
    """The type's DDL on each of DIALECTS that has one."""
    return _by_dialect(lambda dialect: str(type_.compile(dialect=dialect)), None)


def _by_dialect(compile_: Callable[[Any], str], text: str | None) -> tuple[tuple[str, str], ...]:
    found = []
    for name in DIALECTS:
        try:
            here = compile_(dialect_named(name))
        except Exception:
            # The dialect has no form for it, in whatever words (a user's @compiles may raise anything); it says so itself when it is asked.
            continue
        if here != text:
            found.append((name, here))
    return tuple(found)


def spell(value: Sql) -> Sql:
    """The value with its texts for every dialect in place of the SQLAlchemy object."""
    if value.original is None:
        return value
    return Sql(value.text, expression=value.expression, spelled=value.spelled or spelled(value.original, value.text))


def spell_default(value: ServerDefault) -> ServerDefault:
    """As ``spell``, for a server default."""
    if value.original is None or not value.expression:
        return ServerDefault(value.kind, value.text, expression=value.expression, spelled=value.spelled)
    texts = value.spelled or spelled(value.original, value.text)
    return ServerDefault(value.kind, value.text, expression=True, spelled=texts)
