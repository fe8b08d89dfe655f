"""A column type in SQL as SQLAlchemy's type: what the dialect's reflection makes of the same words."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from gitmig.schema.values import Enum, Schema, TableName
from gitmig.script.rawsql_tokens import Reader

_POSTGRESQL: dict[str, Any] = {
    "INT": sa.INTEGER,
    "INT4": sa.INTEGER,
    "INTEGER": sa.INTEGER,
    "INT8": sa.BIGINT,
    "BIGINT": sa.BIGINT,
    "INT2": sa.SMALLINT,
    "SMALLINT": sa.SMALLINT,
    "VARCHAR": sa.VARCHAR,
    "CHARACTER VARYING": sa.VARCHAR,
    "CHAR VARYING": sa.VARCHAR,
    "CHAR": sa.CHAR,
    "CHARACTER": sa.CHAR,
    "BPCHAR": sa.CHAR,
    "TEXT": sa.TEXT,
    "BOOL": sa.BOOLEAN,
    "BOOLEAN": sa.BOOLEAN,
    "REAL": sa.REAL,
    "FLOAT4": sa.REAL,
    "FLOAT8": sa.DOUBLE_PRECISION,
    "FLOAT": sa.DOUBLE_PRECISION,
    "DOUBLE PRECISION": sa.DOUBLE_PRECISION,
    "NUMERIC": sa.NUMERIC,
    "DECIMAL": sa.NUMERIC,
    "DATE": sa.DATE,
    "INTERVAL": postgresql.INTERVAL,
    "BYTEA": postgresql.BYTEA,
    "UUID": sa.UUID,
    "JSON": postgresql.JSON,
    "JSONB": postgresql.JSONB,
    "INET": postgresql.INET,
    "CIDR": postgresql.CIDR,
    "MACADDR": postgresql.MACADDR,
    "MONEY": postgresql.MONEY,
    "OID": postgresql.OID,
    "TSVECTOR": postgresql.TSVECTOR,
    "HSTORE": postgresql.HSTORE,
    "CITEXT": postgresql.CITEXT,
    "INT4RANGE": postgresql.INT4RANGE,
    "INT8RANGE": postgresql.INT8RANGE,
    "NUMRANGE": postgresql.NUMRANGE,
    "DATERANGE": postgresql.DATERANGE,
    "TSRANGE": postgresql.TSRANGE,
    "TSTZRANGE": postgresql.TSTZRANGE,
}
_SERIAL = {
    "SERIAL": sa.INTEGER,
    "SERIAL4": sa.INTEGER,
    "BIGSERIAL": sa.BIGINT,
    "SERIAL8": sa.BIGINT,
    "SMALLSERIAL": sa.SMALLINT,
    "SERIAL2": sa.SMALLINT,
}
_TWO_WORDS = (("CHARACTER", "VARYING"), ("CHAR", "VARYING"), ("DOUBLE", "PRECISION"), ("BIT", "VARYING"))
_MYSQL_WORDS = {"INTEGER": "int", "INT4": "int", "DEC": "decimal", "BOOL": "tinyint", "BOOLEAN": "tinyint", "CHARACTER": "char"}
_MYSQL_NUMBERS = ("tinyint", "smallint", "mediumint", "int", "bigint", "float", "double", "decimal", "numeric")
_MYSQL_STRINGS = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "enum", "set")


def read_type(reader: Reader, schema: Schema) -> tuple[Any, bool]:
    """The type that comes next, and whether it is one of PostgreSQL's serials. Raises Unread for one that is not known."""
    if reader.dialect == "postgresql":
        return _postgresql(reader, schema)
    if reader.dialect in ("mysql", "mariadb"):
        return _mysql(reader), False
    if reader.dialect == "sqlite":
        return _sqlite(reader), False
    raise reader.unread()


def _postgresql(reader: Reader, schema: Schema) -> tuple[Any, bool]:
    serial = next((word for word in _SERIAL if reader.takes(word)), None)
    if serial is not None:
        return _SERIAL[serial](), True
    type_ = _postgresql_scalar(reader, schema)
    dimensions = 0
    while reader.takes("[", "]"):
        dimensions += 1
    if reader.takes("ARRAY"):
        dimensions += 1
    return (postgresql.ARRAY(type_) if dimensions else type_), False


def _postgresql_scalar(reader: Reader, schema: Schema) -> Any:
    for first, second in _TWO_WORDS:
        if reader.takes(first, second):
            if first == "BIT":
                return postgresql.BIT(_precision(reader), varying=True)
            return _with_arguments(reader, _POSTGRESQL[f"{first} {second}"])
    for word, kind in (("TIMESTAMPTZ", postgresql.TIMESTAMP), ("TIMETZ", postgresql.TIME)):
        if reader.takes(word):
            return kind(timezone=True, precision=_precision(reader))
    for word, kind in (("TIMESTAMP", postgresql.TIMESTAMP), ("TIME", postgresql.TIME)):
        if reader.takes(word):
            precision = _precision(reader)
            zone = reader.takes("WITH", "TIME", "ZONE")
            if not zone:
                reader.takes("WITHOUT", "TIME", "ZONE")
            return kind(timezone=zone, precision=precision)
    token = reader.token
    if token is not None and token.kind == "word" and token.word in _POSTGRESQL and not _is_enum(reader, schema):
        reader.next()
        return _with_arguments(reader, _POSTGRESQL[token.word])
    start = reader.at
    name, owner = reader.path()
    enum = schema.enums.get(TableName(name, owner)) or (schema.enums.get(TableName(name)) if owner == "public" else None)
    if enum is None:
        reader.at = start
        raise reader.unread()
    return native_enum(enum)


def native_enum(enum: Enum) -> Any:
    """SQLAlchemy's type over an enumerated type that is there."""
    return sa.Enum(*enum.values, name=enum.name, schema=enum.schema)


def _is_enum(reader: Reader, schema: Schema) -> bool:
    token = reader.token
    return token is not None and TableName(token.text.lower()) in schema.enums


def _precision(reader: Reader) -> int | None:
    if not reader.takes("("):
        return None
    precision = reader.integer()
    reader.need(")")
    return precision


def _with_arguments(reader: Reader, kind: Any) -> Any:
    arguments: list[int] = []
    if reader.takes("("):
        arguments.append(reader.integer())
        while reader.takes(","):
            arguments.append(reader.integer())
        reader.need(")")
    try:
        return kind(*arguments)
    except TypeError:
        raise reader.unread() from None


def _mysql(reader: Reader) -> Any:
    token = reader.next()
    if token.kind != "word":
        reader.at -= 1
        raise reader.unread()
    reader.takes("PRECISION")
    name = _MYSQL_WORDS.get(token.word, token.word.lower())
    kind: Any = mysql.dialect.ischema_names.get(name)
    if kind is None:
        reader.at -= 1
        raise reader.unread()
    arguments: list[Any] = [1] if token.word in ("BOOL", "BOOLEAN") else []
    if reader.takes("("):
        arguments.append(_mysql_argument(reader))
        while reader.takes(","):
            arguments.append(_mysql_argument(reader))
        reader.need(")")
    keywords: dict[str, Any] = {}
    if name in ("datetime", "timestamp", "time"):
        return kind(fsp=arguments[0]) if arguments else kind()
    if name in ("tinyint", "smallint", "mediumint", "int", "bigint", "year") and arguments:
        keywords["display_width"] = arguments.pop()
    while True:
        if name in _MYSQL_NUMBERS and reader.takes("UNSIGNED"):
            keywords["unsigned"] = True
        elif name in _MYSQL_NUMBERS and reader.takes("ZEROFILL"):
            keywords["zerofill"] = True
        elif name in _MYSQL_STRINGS and (reader.takes("CHARACTER", "SET") or reader.takes("CHARSET")):
            keywords["charset"] = reader.name()
        elif name in _MYSQL_STRINGS and reader.takes("COLLATE"):
            keywords["collation"] = reader.name()
        else:
            return kind(*arguments, **keywords)


def _mysql_argument(reader: Reader) -> Any:
    token = reader.token
    return reader.string() if token is not None and token.kind == "string" else reader.integer()


def _sqlite(reader: Reader) -> Any:
    """SQLite takes any words for a type; the affinity rules say what they are (https://www.sqlite.org/datatype3.html, 3.1)."""
    first = reader.at
    stops = {"CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"}
    while (token := reader.token) is not None and token.kind in ("word", "quoted") and token.word not in stops:
        reader.next()
    if reader.at == first:
        return sqlite.dialect()._resolve_type_affinity("")  # type: ignore[no-untyped-call]
    if reader.sees("("):
        reader.bracketed()
    return sqlite.dialect()._resolve_type_affinity(reader.text(first, reader.at))  # type: ignore[no-untyped-call]
