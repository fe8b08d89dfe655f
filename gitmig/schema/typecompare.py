"""Whether two types, two defaults or two expressions are the same to a database, however they are spelled.

Types are equal by value, or when their DDL on the dialect is the same after the spellings that the dialect itself folds together:

- everywhere: DECIMAL is NUMERIC (SQL standard; every manual says so); letter case and white space.
- PostgreSQL, manual chapter 8 ("Data Types", table of aliases; 8.1.2 NUMERIC(p) has scale 0; 8.1.3 FLOAT(1..24) is REAL, FLOAT(25..53)
  DOUBLE PRECISION; 8.3 CHAR is CHAR(1); 8.10 BIT is BIT(1); 8.15 the number of dimensions of an array "is simply documentation").
- MySQL and MariaDB, manual ("Numeric Type Syntax": INT is INTEGER, BOOL is TINYINT(1), the display width says nothing about the values
  unless ZEROFILL is there, which makes the column UNSIGNED, DECIMAL is DECIMAL(10, 0), DOUBLE PRECISION and REAL are DOUBLE, FLOAT(p) is
  FLOAT up to 24 and DOUBLE from 25; "String Type Syntax": CHAR is CHAR(1)); TINYINT(1) is kept apart from TINYINT, since it is what a
  BOOL is reported as.
- MariaDB: "JSON is an alias for LONGTEXT" (its manual, "JSON Data Type").
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.types import TypeEngine

from gitmig.errors import SchemaError
from gitmig.schema.spelling import compiled, for_dialect
from gitmig.schema.sqlitetypes import as_reflected
from gitmig.schema.sqltext import canonical_sql, lowered, squeezed
from gitmig.schema.thawtypes import thaw_type
from gitmig.schema.values import ServerDefault, Sql, Type

_PIECES = re.compile(r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\"|`[^`]*`|[^'\"`]+")
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_POSTGRESQL: tuple[tuple[str, str], ...] = (
    (r"INT4|INT(?!EGER|ERVAL|4|8|2)\b", "INTEGER"),
    (r"INT8", "BIGINT"),
    (r"INT2", "SMALLINT"),
    (r"BOOL", "BOOLEAN"),
    (r"FLOAT4", "REAL"),
    (r"FLOAT8", "DOUBLE PRECISION"),
    (r"CHARACTER VARYING", "VARCHAR"),
    (r"CHARACTER|BPCHAR", "CHAR"),
    (r"VARBIT", "BIT VARYING"),
    (r"TIMESTAMPTZ(\(\d\))?", r"TIMESTAMP\1 WITH TIME ZONE"),
    (r"TIMETZ(\(\d\))?", r"TIME\1 WITH TIME ZONE"),
    (r"(TIMESTAMP|TIME)(\(\d\))?(?= ?\[|$)", r"\1\2 WITHOUT TIME ZONE"),
    (r"NUMERIC\((\d+)\)", r"NUMERIC(\1,0)"),
    (r"CHAR(?!\()", "CHAR(1)"),
    (r"BIT(?!\(| VARYING)", "BIT(1)"),
)
_SIZES = (("TINY", 2**8 - 1), ("", 2**16 - 1), ("MEDIUM", 2**24 - 1))
_MYSQL: tuple[tuple[str, str], ...] = (
    (r"(TINY|SMALL|MEDIUM|BIG|)INT(?!EGER)\b", r"\1INTEGER"),
    (r"BOOLEAN|BOOL", "TINYINTEGER(1)"),
    (r"TINYINTEGER\(1\)", "BOOL"),
    (r"((?:TINY|SMALL|MEDIUM|BIG|)INTEGER)\(\d+\)(?!.*ZEROFILL)", r"\1"),
    (r"\bDEC\b|FIXED", "NUMERIC"),
    (r"NUMERIC(?!\()", "NUMERIC(10,0)"),
    (r"NUMERIC\((\d+)\)", r"NUMERIC(\1,0)"),
    (r"DOUBLE PRECISION|REAL", "DOUBLE"),
    (r"(?<!UNSIGNED )ZEROFILL", "UNSIGNED ZEROFILL"),
    (r"YEAR\(4\)", "YEAR"),
    (r"(DATETIME|TIMESTAMP|TIME)\(0\)", r"\1"),
    (r"\bCHAR(?!\(|ACTER)", "CHAR(1)"),
    (r"\bBIT(?!\()", "BIT(1)"),
    (r"CHARACTER SET|CHARSET", "CHARACTER SET"),
)


def same_type(one: Type, other: Type, dialect: Any) -> bool:
    """True when both are the same column type on the dialect."""
    return one == other or canonical_type(one, dialect) == canonical_type(other, dialect)


def canonical_type(type_: Type, dialect: Any) -> str:
    """The one spelling of a type's DDL on the dialect; a type that has none there is told by path and arguments."""
    try:
        text = thawed(type_).compile(dialect=dialect)
    except (SQLAlchemyError, SchemaError, NotImplementedError, AttributeError, TypeError):
        # Not a type of this dialect, or one whose class is not here and that never was compiled for it.
        return f"{type_.path}{type_.args}{type_.variants}"
    if dialect.name == "sqlite":
        text = as_reflected(str(text))  # so it stands in a table that Alembic has rebuilt
    return canonical_ddl(str(text), _family(dialect))


@functools.lru_cache(maxsize=512)
def _thawed(type_: Type) -> TypeEngine[Any]:
    found: TypeEngine[Any] = thaw_type(type_)
    return found


def thawed(type_: Type) -> TypeEngine[Any]:
    """The SQLAlchemy type; SQLAlchemy's own are made once for each value."""
    if type_.source is None and type_.original is None and not type_.ddl:
        return _thawed(type_)
    found: TypeEngine[Any] = type_.original if type_.original is not None else thaw_type(type_)
    return found


def _family(dialect: Any) -> str:
    if dialect.name == "mysql" and getattr(dialect, "is_mariadb", False):
        return "mariadb"
    return str(dialect.name)


@functools.lru_cache(maxsize=1024)
def canonical_ddl(text: str, dialect: str) -> str:
    """The one spelling of a type's DDL; ``dialect`` by name, MariaDB apart from MySQL."""
    if dialect in ("mysql", "mariadb"):
        text = _sized(_floats(text, "FLOAT", "DOUBLE"))
        # A collation belongs to one character set, which need not be said.
        text = re.sub(r"\bCHARACTER SET \w+ (?=COLLATE)", "", text, flags=re.I)
        if dialect == "mariadb":
            text = re.sub(r"^JSON$", "LONGTEXT", text, flags=re.I)
        rules = _MYSQL
    elif dialect == "postgresql":
        text = _floats(text, "REAL", "DOUBLE PRECISION")
        rules = _POSTGRESQL
    else:
        # SQLite's collations have no case (https://www.sqlite.org/datatype3.html, 7); quoted or not they are the same.
        text = re.sub(r'\bCOLLATE "(\w+)"', r"COLLATE \1", text, flags=re.I) if dialect == "sqlite" else text
        rules = ()
    pieces = []
    for piece in _PIECES.findall(text):
        if piece[0] in "'\"`":
            pieces.append(piece)
            continue
        piece = re.sub(r"\s+", " ", piece).upper()
        piece = re.sub(r" (?=[(),])|(?<=[(,]) ", "", piece)
        piece = re.sub(r"\bDECIMAL\b", "NUMERIC", piece)
        if dialect == "postgresql":
            piece = re.sub(r"( ?\[\d*\])+", "[]", piece)
        for pattern, replacement in rules:
            piece = re.sub(rf"(?<![A-Z_])(?:{pattern})(?![A-Z_0-9])", replacement, piece)
        pieces.append(piece)
    return "".join(pieces).strip()


def _sized(text: str) -> str:
    """TEXT(n) and BLOB(n) become the smallest type that holds n characters or bytes (manual, "String Type Storage Requirements")."""

    def found(match: re.Match[str]) -> str:
        kind = match[1].upper()
        size = int(match[2]) * (4 if kind == "TEXT" else 1)  # a character of utf8mb4 takes up to four bytes
        return next((f"{prefix}{kind}" for prefix, most in _SIZES if size <= most), f"LONG{kind}")

    return re.sub(r"^(TEXT|BLOB)\((\d+)\)", found, text, flags=re.I)


def _floats(text: str, single: str, double: str) -> str:
    def found(match: re.Match[str]) -> str:
        return single if match[1] and int(match[1]) <= 24 else double

    if single == "FLOAT":
        return re.sub(r"^FLOAT\((\d+)\)", found, text, flags=re.I)
    return re.sub(r"^FLOAT(?:\((\d+)\))?(?!\d)", found, text, flags=re.I)


def sql_for(sql: Sql | ServerDefault, dialect: Any) -> str:
    """The text of an expression as it reads on the dialect."""
    if sql.expression and sql.original is not None:
        try:
            return compiled(sql.original, dialect)
        except SQLAlchemyError:
            return sql.text  # no form on this dialect: creating it would say so
    found = for_dialect(dict(sql.spelled), dialect)
    return sql.text if found is None else found


def same_sql(one: Sql, other: Sql, dialect: Any) -> bool:
    """True when both are the same expression on the dialect (see ``schema.sqltext``): for checks, computed columns and keys of indexes."""
    left, right = sql_for(one, dialect), sql_for(other, dialect)
    return left == right or canonical_sql(left, dialect.name) == canonical_sql(right, dialect.name)


def same_default(one: ServerDefault | None, other: ServerDefault | None, type_: Type, dialect: Any) -> bool:
    """True when both fill a column of that type with the same on the dialect. A default that a trigger makes counts as none."""
    return one == other or canonical_default(one, type_, dialect) == canonical_default(other, type_, dialect)


def canonical_default(default: ServerDefault | None, type_: Type, dialect: Any) -> str | None:
    """The one spelling of a server default; None where the server has none.

    - ``DEFAULT NULL`` is no default (SQL standard; PostgreSQL and MariaDB do not store it).
    - A number in quotes is that number in a column of numbers, as is true or false in one of truth values: each server converts when the
      default is set and then prints the value (PostgreSQL), or converts at each insert with the same result (SQLite's affinity, MySQL).
    - A number is its value: 1.50 is 1.5, as MariaDB prints the default of a NUMERIC(10, 2).
    - PostgreSQL prints the type of a literal behind it ('a'::character varying); now() is CURRENT_TIMESTAMP (manual 9.9.5).
    - MySQL and MariaDB: NOW(), LOCALTIME, LOCALTIMESTAMP and CURRENT_TIMESTAMP, with or without parentheses, are synonyms (manual,
      "Date and Time Functions").
    """
    if default is None or default.kind == "fetched":
        return None
    numeric, truth = _kind(type_, dialect)
    if default.kind == "literal" and not (dialect.name == "postgresql" and canonical_type(type_, dialect) == "JSONB"):
        text = _literal(default.text, numeric, truth, dialect)
        return text if text is not None else "'" + default.text.replace("'", "''") + "'"
    if default.kind == "sql" and not (dialect.name == "postgresql" and canonical_type(type_, dialect) == "JSONB"):
        raw = sql_for(default, dialect).strip()
        inner = _string(_without_cast(raw) if dialect.name == "postgresql" else raw, dialect)
        if inner is not None:
            return _literal(inner, numeric, truth, dialect) or "'" + inner.replace("'", "''") + "'"
    text = squeezed(sql_for(default, dialect)) if default.kind == "sql" else "'" + default.text.replace("'", "''") + "'"
    if dialect.name == "postgresql":
        text = _without_cast(text)
    if text.upper() == "NULL":
        return None
    if dialect.name == "postgresql" and canonical_type(type_, dialect) == "JSONB":
        return _jsonb(text)
    inner = _string(text, dialect)
    if inner is not None:
        return _literal(inner, numeric, truth, dialect) or "'" + inner.replace("'", "''") + "'"
    plain = _literal(text, numeric, truth, dialect)
    if plain is not None:
        return plain
    return _clock(lowered(text), dialect)


_ESCAPED = {"0": "\0", "b": "\b", "n": "\n", "r": "\r", "t": "\t", "Z": "\x1a", "%": "\\%", "_": "\\_"}


def _string(text: str, dialect: Any) -> str | None:
    """What a literal says; None for anything else. A backslash escapes on MySQL and MariaDB (manual, "String Literals"), and is itself
    elsewhere."""
    if dialect.name in ("mysql", "mariadb"):
        if not re.fullmatch(r"'(?:[^'\\]|''|\\.)*'", text, re.DOTALL):
            return None
        return re.sub(r"''|\\(.)", lambda match: "'" if match[1] is None else _ESCAPED.get(match[1], match[1]), text[1:-1], flags=re.DOTALL)
    return text[1:-1].replace("''", "'") if re.fullmatch(r"'(?:[^']|'')*'", text) else None


def _jsonb(text: str) -> str:
    """PostgreSQL orders the keys of a JSONB value and drops its white space when the default is set."""
    try:
        value = json.loads(text[1:-1].replace("''", "'"))
    except ValueError:
        return text
    return "'" + json.dumps(value, sort_keys=True).replace("'", "''") + "'"


def _kind(type_: Type, dialect: Any) -> tuple[bool, bool]:
    """Whether a type holds numbers, and whether it holds truth values."""
    try:
        affinity = thawed(type_)._type_affinity
    except SchemaError:
        return False, False
    if affinity is None:
        return False, False
    truth = issubclass(affinity, sa.Boolean)
    numeric = issubclass(affinity, (sa.Integer, sa.Numeric, sa.Float))  # from 2.1 on Float is no Numeric
    # A truth value is a number wherever the database has no type of its own for it.
    return numeric, truth or (numeric and canonical_type(type_, dialect) == "BOOL")


def _literal(text: str, numeric: bool, truth: bool, dialect: Any) -> str | None:
    """A number, or a truth value, in its one spelling; None when it is neither or the column holds other things."""
    if truth:
        word = text.lower()
        if word in ("1", "true") or (dialect.name == "postgresql" and word in ("t", "yes", "on", "y")):
            return "true"
        if word in ("0", "false") or (dialect.name == "postgresql" and word in ("f", "no", "off", "n")):
            return "false"
    if (numeric or truth) and _NUMBER.fullmatch(text):
        number = text.removeprefix("+")
        return number.rstrip("0").rstrip(".") if "." in number else number
    return None


def _without_cast(text: str) -> str:
    """Without the type that PostgreSQL prints behind a literal."""
    match = re.fullmatch(r"\(?((?:'(?:[^']|'')*')|-?\d+(?:\.\d+)?|NULL)\)?::[\w\s\".]+(?:\(\d+(?:,\s*\d+)?\))?[\w\s]*(?:\[\])*", text, re.I)
    return match[1] if match else text


def _clock(text: str, dialect: Any) -> str:
    if dialect.name == "postgresql":
        text = re.sub(r"^now\(\)$", "current_timestamp", text)
        text = re.sub(r"^(nextval\('[^']*')::regclass\)$", r"\1)", text)
    if dialect.name in ("mysql", "mariadb"):
        names = r"\b(?:now|localtime|localtimestamp|current_timestamp)\b"
        text = re.sub(names + r"\(\)", "current_timestamp", text)
        text = re.sub(names, "current_timestamp", text)
    if re.fullmatch(r"current_\w+(\(\d\))?( on update .*)?", text):
        return text
    return text if dialect.name in ("mysql", "mariadb") and " on update " in text else canonical_sql(text, dialect.name)
