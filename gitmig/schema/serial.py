"""What makes a column of PostgreSQL's SERIAL: a sequence that belongs to it, and a default that asks it for numbers.

CREATE TABLE and ADD COLUMN make both, once; a key that comes or goes later changes neither (manual, "Serial Types"). So a column whose
counting is no longer what its table's definition says carries that as a fact of its own, ``Column.serial``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from gitmig.schema.madenames import object_name
from gitmig.schema.spelling import dialect_named
from gitmig.schema.typecompare import canonical_type
from gitmig.schema.values import ServerDefault, Table, TableName, Type

_NEXT = re.compile(
    r"nextval\(\s*(?:CAST\()?'(?P<name>(?:[^']|'')+)'(?:::(?:regclass|text))?(?:::regclass)?(?:\s+AS\s+regclass\))?\s*\)", re.I
)
_PATH = re.compile(r'(?:(?P<schema>"(?:[^"]|"")+"|[^".]+)\.)?(?P<name>"(?:[^"]|"")+"|[^".]+)')
_KINDS = {"SMALLINT": "SMALLINT", "BIGINT": "BIGINT"}


def made_sequence(table: TableName, column: str) -> TableName:
    """The sequence that SERIAL makes, as PostgreSQL names it (ChooseRelationName in src/backend/commands/indexcmds.c)."""
    return TableName(object_name(table.name, column, "seq"), table.schema)


def sequence_asked(default: ServerDefault | None) -> TableName | None:
    """The sequence that a default asks for its next number; None for any other default."""
    found = _NEXT.fullmatch(default.text.strip()) if default is not None and default.kind == "sql" else None
    path = _PATH.fullmatch(found["name"].replace("''", "'")) if found is not None else None
    if path is None:
        return None
    return TableName(_bare(path["name"]), _bare(path["schema"]) if path["schema"] else None)


def _bare(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()


def asked_by_tables(tables: dict[TableName, Table]) -> Iterator[tuple[TableName, str, TableName]]:
    """(table, column, sequence) for each default that asks a sequence."""
    for table in tables.values():
        for column in table.columns:
            if (sequence := sequence_asked(column.default)) is not None:
                yield table.name, column.name, sequence


def create_sql(table: TableName, column: str, type_: Type) -> str:
    """CREATE SEQUENCE, of a column's own: it goes when the column goes."""
    kind = _KINDS.get(canonical_type(type_, dialect_named("postgresql")), "INTEGER")
    return f"CREATE SEQUENCE {quoted(made_sequence(table, column))} AS {kind} OWNED BY {quoted(table)}.{_quote(column)}"


def default_sql(table: TableName, column: str) -> str:
    """The default that asks it."""
    literal = quoted(made_sequence(table, column)).replace("'", "''")
    return f"nextval('{literal}'::regclass)"


def start_sql(table: TableName, column: str) -> str:
    """The next number is one that no row has."""
    literal = quoted(made_sequence(table, column)).replace("'", "''")
    return f"SELECT setval('{literal}', coalesce(max({_quote(column)}), 0) + 1, false) FROM {quoted(table)}"


def drop_sql(table: TableName, column: str) -> str:
    """DROP SEQUENCE, when no default asks it any more. One that got its name from an older name of the table stays, unused."""
    return f"DROP SEQUENCE IF EXISTS {quoted(made_sequence(table, column))}"


def quoted(name: TableName) -> str:
    return f"{_quote(name.schema)}.{_quote(name.name)}" if name.schema else _quote(name.name)


def _quote(name: str) -> str:
    return str(dialect_named("postgresql").identifier_preparer.quote(name))
