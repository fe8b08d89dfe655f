"""Raw SQL of a revision, read: plain DDL becomes operations, statements on rows are known to leave the schema alone, the rest says so.

sqlglot splits the text into tokens; the grammar of DDL here is strict: a statement whose every word is not understood is opaque.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from gitmig.errors import SchemaError
from gitmig.ops import Operation
from gitmig.schema.values import Schema, TableName
from gitmig.script import rawsql_index, rawsql_objects, rawsql_tables
from gitmig.script.rawsql_tokens import Reader, Token, Unread, statements

Kind = Literal["ddl", "data", "beside", "opaque", "query"]

_DATA = {"INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "TRUNCATE", "COPY", "ANALYZE", "VACUUM", "LOCK", "UNLOCK", "OPTIMIZE"}
_QUERY = {"SELECT", "VALUES", "SHOW", "EXPLAIN", "DESCRIBE", "DESC", "WITH", "("}
_SESSION = {"BEGIN", "START", "COMMIT", "END", "ROLLBACK", "SAVEPOINT", "RELEASE", "DISCARD", "LISTEN", "NOTIFY", "CHECKPOINT", "RESET"}
_RIGHTS = {"GRANT", "REVOKE", "REINDEX", "CLUSTER", "REFRESH", "SECURITY", "REASSIGN"}
_BESIDE = (
    "VIEW",
    "MATERIALIZED VIEW",
    "RECURSIVE VIEW",
    "FUNCTION",
    "PROCEDURE",
    "AGGREGATE",
    "TRIGGER",
    "CONSTRAINT TRIGGER",
    "EXTENSION",
    "POLICY",
    "RULE",
    "ROLE",
    "USER",
    "GROUP",
    "STATISTICS",
    "PUBLICATION",
    "SUBSCRIPTION",
    "COLLATION",
    "CAST",
    "OPERATOR",
    "EVENT",
    "VIRTUAL TABLE",
    "DEFAULT PRIVILEGES",
    "TEXT SEARCH",
)
_HARMLESS = re.compile(
    r"(?i)\b(?:pg_)?(?:setval|nextval|currval|lastval|set_config|current_setting|advisory_(?:xact_)?(?:un)?lock|coalesce|count|sum|min|max|avg|now|"
    r"lower|upper|length|concat|substring|substr|replace|trim|exists|in|values|cast|and|or|not|on|as|from|where|select|over|any|all|round|abs|"
    r"group_concat|string_agg|array_agg|json_build_object|jsonb_build_object|to_char|to_timestamp|date|datetime|strftime|ifnull|nullif|case|"
    r"to_\w+|pg_\w+|json\w*|array_\w+|string_\w+|regexp_\w+|date_\w+|has_\w+_privilege|format|quote_\w+|unnest|generate_series|current_\w+|"
    r"md5|sha\d+|position|char_length|ltrim|rtrim|initcap|left|right|split_part|extract|age|sign|mod|power|floor|ceil|ceiling|instr|printf|"
    r"typeof|total_changes|changes|last_insert_rowid|last_insert_id|if|uuid|json_\w+|convert|field|find_in_set|interval|lag|lead|first_value|"
    r"get_serial_sequence|database|version|row_number|rank|hex|randomblob|random|gen_random_uuid|uuid_generate_v4|greatest|least|using|by|is)\s*\($"
)
_CALL = re.compile(r"[A-Za-z_][\w.]*\s*\(")


@dataclass(frozen=True, slots=True)
class Reading:
    """What SQL does. ``kind`` "query": it gives rows and changes nothing; ``touches``: tables whose rows a "data" statement writes;
    ``reason``: what was not understood, for "opaque"."""

    kind: Kind
    effects: tuple[Operation, ...] = ()
    touches: tuple[TableName, ...] = ()
    reason: str = ""


def read(text: str, dialect: str, schema: Schema) -> Reading:
    """What one or more statements do to ``schema`` on ``dialect`` (SQLAlchemy's name)."""
    found: list[Reading] = []
    try:
        for source, tokens in statements(text, dialect):
            reading = _one(Reader(source, tokens, dialect), source, schema)
            for operation in reading.effects:
                schema = operation.apply(schema)
            found.append(reading)
    except Unread as error:
        return Reading("opaque", reason=str(error))
    except SchemaError as error:
        return Reading("opaque", reason=error.message)
    if not found:
        return Reading("data")
    effects = tuple(operation for reading in found for operation in reading.effects)
    touches = tuple(dict.fromkeys(name for reading in found for name in reading.touches))
    for kind in ("opaque", "ddl", "beside", "data", "query"):
        first = next((reading for reading in found if reading.kind == kind), None)
        if first is not None:
            return Reading(first.kind, () if kind == "opaque" else effects, touches, first.reason)
    raise AssertionError(found)


def _one(reader: Reader, source: str, schema: Schema) -> Reading:
    word = reader.token.word or reader.token.text if reader.token is not None else ""
    if word in _QUERY:
        return _query(source, reader)
    if word in _DATA:
        return Reading("data", touches=_written(reader))
    if word in _SESSION:
        return Reading("beside")
    if word in _RIGHTS:
        return Reading("beside")
    if word == "SET":
        return _set(reader)
    if word == "PRAGMA":
        return _pragma(reader)
    reader.next()
    match word:
        case "CREATE":
            return _create(reader, schema)
        case "DROP":
            return _drop(reader, schema)
        case "ALTER":
            return _alter(reader, schema)
        case "COMMENT":
            return _ddl(rawsql_objects.comment, reader, schema)
        case "RENAME":
            reader.need("TABLE")
            return _ddl(rawsql_objects.rename_tables, reader, schema)
    raise Unread(f"a statement that begins with {word}")


def _ddl(read_it: Callable[[Reader, Schema], list[Operation] | None], reader: Reader, schema: Schema) -> Reading:
    """``read_it`` gives None for what is not modelled."""
    effects = read_it(reader, schema)
    return Reading("beside") if effects is None else Reading("ddl", tuple(effects))


def _query(source: str, reader: Reader) -> Reading:
    """A query changes nothing, unless it calls a function that might."""
    if reader.sees("WITH") and any(token.word in ("INSERT", "UPDATE", "DELETE", "MERGE") for token in _rest(reader)):
        return Reading("data")
    if any(token.word == "INTO" for token in _rest(reader)):
        raise Unread("SELECT ... INTO")
    for call in _CALL.findall(source):
        if not _HARMLESS.search(call):
            raise Unread(f"the function {call[:-1].strip()}")
    return Reading("query")


def _rest(reader: Reader) -> list[Token]:
    start, found = reader.at, []
    while not reader.done:
        found.append(reader.next())
    reader.at = start
    return found


def _written(reader: Reader) -> tuple[TableName, ...]:
    """The table that a statement on rows writes, as far as it says so plainly."""
    start = reader.at
    try:
        reader.next()
        reader.takes_one("IGNORE")
        reader.takes("OR", "IGNORE")
        reader.takes("OR", "REPLACE")
        reader.takes_one("INTO", "FROM", "TABLE")
        reader.takes_one("ONLY")
        return (TableName(*reader.path()),)
    except Unread:
        return ()
    finally:
        reader.at = start


def _set(reader: Reader) -> Reading:
    """A setting of the session. Where names are looked up is a setting too, and a change of it is not followed."""
    words = [token.text.lower() for token in _rest(reader)]
    if "search_path" in words and not set(words) <= {
        "set",
        "local",
        "session",
        "search_path",
        "to",
        "=",
        "public",
        ",",
        "default",
        "pg_catalog",
    }:
        raise Unread("SET search_path")
    return Reading("beside")


def _pragma(reader: Reader) -> Reading:
    words = [token.text.lower() for token in _rest(reader)]
    if "writable_schema" in words:
        raise Unread("PRAGMA writable_schema")
    return Reading("beside" if "=" in words else "query")


def _create(reader: Reader, schema: Schema) -> Reading:
    reader.takes("OR", "REPLACE")
    temporary = reader.takes_one("TEMP", "TEMPORARY") is not None
    reader.takes("UNLOGGED")
    if reader.takes("TABLE"):
        if temporary:
            return Reading("beside")
        return _ddl(rawsql_tables.create_table, reader, schema)
    if reader.takes("UNIQUE", "INDEX"):
        return Reading("ddl", tuple(rawsql_index.create_index(reader, schema, True)))
    if reader.takes("INDEX"):
        return Reading("ddl", tuple(rawsql_index.create_index(reader, schema, False)))
    for word, read_it in rawsql_objects.CREATED.items():
        if reader.takes(word):
            return _ddl(read_it, reader, schema)
    return _beside(reader)


def _beside(reader: Reader) -> Reading:
    """An object that is not modelled; MySQL says DEFINER and the like before its kind."""
    if reader.dialect in ("mysql", "mariadb") and any(
        token.word in ("VIEW", "TRIGGER", "FUNCTION", "PROCEDURE", "EVENT") for token in _rest(reader)
    ):
        return Reading("beside")
    if any(reader.sees(*words.split()) for words in _BESIDE):
        return Reading("beside")
    raise reader.unread()


def _drop(reader: Reader, schema: Schema) -> Reading:
    if reader.takes("TABLE"):
        return _ddl(rawsql_objects.drop_tables, reader, schema)
    if reader.takes("INDEX"):
        return _ddl(rawsql_index.drop_index, reader, schema)
    for word, read_it in rawsql_objects.DROPPED.items():
        if reader.takes(word):
            return _ddl(read_it, reader, schema)
    if reader.sees("EXTENSION") and any(token.word == "CASCADE" for token in _rest(reader)):
        raise Unread("DROP EXTENSION ... CASCADE")
    return _beside(reader)


def _alter(reader: Reader, schema: Schema) -> Reading:
    if reader.takes("TABLE"):
        return _ddl(rawsql_tables.alter_table, reader, schema)
    for word, read_it in rawsql_objects.ALTERED.items():
        if reader.takes(word):
            return _ddl(read_it, reader, schema)
    if any(reader.sees(word) for word in ("DATABASE", "SYSTEM", "LANGUAGE", "SERVER")):
        return Reading("beside")
    return _beside(reader)
