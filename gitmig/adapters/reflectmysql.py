"""The tables of MySQL and MariaDB: the Inspector's, and what it leaves out or says twice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gitmig.adapters.reflectother import Parts
from gitmig.schema.spelling import dialect_names
from gitmig.schema.sqltext import unwrapped
from gitmig.schema.values import Check, Column, Index, Sql, Table, Type, Unique, Value, options
from gitmig.schema.values import Sequence as SequenceValue

_JSON = re.compile(r"^json_valid\(`(.+)`\)$", re.I)
_DEFAULTS = sa.text("""
    SELECT default_character_set_name AS charset, default_collation_name AS collation, @@default_storage_engine AS engine
    FROM information_schema.schemata WHERE schema_name = coalesce(:schema, database())
""")
# MariaDB tells the table and whether the check stands in a column's definition (manual, "Information Schema CHECK_CONSTRAINTS Table").
_MARIADB_CHECKS = sa.text("""
    SELECT table_name AS tab, constraint_name AS name, level AS level, check_clause AS clause
    FROM information_schema.check_constraints WHERE constraint_schema = coalesce(:schema, database()) ORDER BY constraint_name
""")
_MYSQL_CHECKS = sa.text("""
    SELECT t.table_name AS tab, c.constraint_name AS name, 'Table' AS level, c.check_clause AS clause
    FROM information_schema.check_constraints c JOIN information_schema.table_constraints t
    ON t.constraint_schema = c.constraint_schema AND t.constraint_name = c.constraint_name AND t.constraint_type = 'CHECK'
    WHERE c.constraint_schema = coalesce(:schema, database()) ORDER BY c.constraint_name
""")

_DESCENDING = sa.text("""
    SELECT table_name AS tab, index_name AS name, column_name AS col FROM information_schema.statistics
    WHERE table_schema = coalesce(:schema, database()) AND collation = 'D'
""")


def tables(connection: Connection, schema: str | None, names: Sequence[str] | None) -> list[Table]:
    """The tables of a database, or those of these names; sorted by name."""
    if schema is not None and connection.execute(_DEFAULTS, {"schema": schema}).first() is None:
        return []
    parts = Parts(connection, schema, names)
    found = parts.names()
    if not found:
        return []
    beside = _Beside(connection, schema)
    return [beside.completed(parts.table(name)) for name in found]


class _Beside:
    """What information_schema says beside the Inspector."""

    def __init__(self, connection: Connection, schema: str | None) -> None:
        self._mariadb = dialect_names(connection.dialect)[0] == "mariadb"
        self._connection = connection
        self._own = str(connection.dialect.name)
        self._defaults = connection.execute(_DEFAULTS, {"schema": schema}).one()
        self._descending = {(str(row.tab), str(row.name), str(row.col)) for row in connection.execute(_DESCENDING, {"schema": schema})}
        self._checks: dict[str, list[tuple[str, str, str]]] = {}
        for row in connection.execute(_MARIADB_CHECKS if self._mariadb else _MYSQL_CHECKS, {"schema": schema}):
            self._checks.setdefault(str(row.tab), []).append((str(row.name), str(row.level), str(row.clause)))

    def completed(self, table: Table) -> Table:
        checks, documents = [], set()
        for name, level, clause in self._checks.get(table.name.name, ()):
            json = _JSON.match(clause)
            if self._mariadb and level == "Column" and json is not None and json[1] == name:
                documents.add(name)  # JSON is LONGTEXT with this check
            elif level == "Column":
                checks.append(Check(Sql(unwrapped(clause)), None, column=name))
            else:
                checks.append(Check(Sql(unwrapped(clause)), name))
        columns = tuple(self._column(column, column.name in documents) for column in table.columns)
        uniques, indexes = [], []
        for index in (self._sorted(each, table.name.name) for each in table.indexes):
            if index.unique and not index.options and all(each.column and not each.sort for each in index.elements):
                uniques.append(Unique(index.columns(), index.name))
            elif not self._is_of_a_key(index, table):
                indexes.append(index)
        return replace(
            table,
            columns=columns,
            uniques=tuple(uniques),
            checks=tuple(checks),
            indexes=tuple(indexes),
            comment=table.comment or None,
            options=options(self._told(dict(table.options))),
            implied=options({"mysql_engine": str(self._defaults.engine).lower(), **self._characters(dict(table.options))}),
        )

    def _characters(self, found: dict[str, Value]) -> dict[str, Value]:
        """Character set and collation of a table: its own, or the database's."""
        told = {key.lower().replace(" ", "_").removeprefix(f"{self._own}_").removeprefix("default_"): each for key, each in found.items()}
        charset = str(told.get("charset") or self._defaults.charset)
        collate = told.get("collate") or (self._defaults.collation if charset == self._defaults.charset else self._usual_collation(charset))
        return {"mysql_charset": charset.lower(), "mysql_collate": str(collate).lower()}

    def _sorted(self, index: Index, table: str) -> Index:
        down = [(table, index.name or "", each.column or "") in self._descending for each in index.elements]
        elements = zip(index.elements, down, strict=True)
        return replace(index, elements=tuple(replace(each, sort="DESC") if falls else each for each, falls in elements))

    def _column(self, column: Column, document: bool) -> Column:
        found = column
        if document and column.type.path.endswith(".LONGTEXT"):
            found = replace(found, type=Type("sqlalchemy.dialects.mysql.JSON"))
        found = replace(found, type=_unescaped(found.type))
        if column.default is not None and column.default.text.upper() == "NULL":
            found = replace(found, default=None)
        return replace(found, comment=found.comment or None, autoincrement=found.autoincrement is True)

    def _is_of_a_key(self, index: Index, table: Table) -> bool:
        """The index that the server makes for a foreign key, when no other serves it: named after the key or its first column."""
        for key in table.foreign_keys:
            if index.columns() == key.columns and not index.options and index.name in (key.name, key.columns[0]):
                return True
        return False

    def _usual_collation(self, charset: str) -> str:
        query = sa.text("SELECT default_collate_name FROM information_schema.character_sets WHERE character_set_name = :name")
        return str(self._connection.execute(query, {"name": charset}).scalar())

    def _told(self, found: dict[str, Value]) -> dict[str, Value]:
        """Without what every table of this database has anyway."""
        usual = {
            "engine": self._defaults.engine,
            "default charset": self._defaults.charset,
            "charset": self._defaults.charset,
            "collate": self._defaults.collation,
            "default collate": self._defaults.collation,
        }
        charset = next((value for key, value in found.items() if key.lower().endswith("charset")), None)
        if isinstance(charset, str) and charset != self._defaults.charset:
            usual["collate"] = usual["default collate"] = self._usual_collation(charset)
        kept: dict[str, Value] = {}
        for key, value in found.items():
            name = key.removeprefix(f"{self._own}_")
            plain = name.replace("_", " ").lower()
            same = isinstance(value, str) and str(usual.get(plain, "")).lower() == value.lower()
            if not same and plain not in ("comment", "auto increment"):
                kept[f"{self._own}_{name.replace(' ', '_').lower()}"] = value
        return kept


def _unescaped(type_: Type) -> Type:
    """SQLAlchemy leaves the backslashes of members as the server writes them in a string, twice."""
    members = dict(type_.args).get("*")
    if (
        type_.path.rpartition(".")[2] not in ("ENUM", "SET")
        or not isinstance(members, tuple)
        or not any("\\" in str(each) for each in members)
    ):
        return type_
    plain = tuple(str(each).replace("\\\\", "\\") for each in members)
    return Type(type_.path, options({**dict(type_.args), "*": plain}))


def sequences(connection: Connection, schema: str | None) -> list[SequenceValue]:
    """MariaDB's sequences; MySQL has none."""
    if dialect_names(connection.dialect)[0] != "mariadb":
        return []
    inspector: Any = sa.inspect(connection)
    quote = connection.dialect.identifier_preparer.quote_identifier
    found = []
    for name in inspector.get_sequence_names(schema=schema):
        full = f"{quote(schema)}.{quote(name)}" if schema else quote(name)
        row = connection.execute(sa.text(f"SELECT * FROM {full}")).mappings().one()
        details: dict[str, Value] = {
            "start": row["start_value"],
            "increment": row["increment"],
            "minvalue": row["minimum_value"],
            "maxvalue": row["maximum_value"],
            "cache": row["cache_size"],
            "cycle": bool(row["cycle_option"]),
        }
        found.append(SequenceValue(str(name), schema, options(details)))
    return found
