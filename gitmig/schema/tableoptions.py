"""Options of whole tables that a database can change: which, to what, and how it is told.

MySQL and MariaDB: the engine, the row format, the character set and collation of a table with all its columns; PostgreSQL: the tablespace.
What a table has without being told is its database's affair: only what models or revisions say is compared.
"""

from __future__ import annotations

import re
from typing import Any

from gitmig.schema.normal import said_options, usual_option
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Options, Table, TableName, Type, Value, options

_CHARACTERS = ("mysql_charset", "mysql_collate")
ALTERED = frozenset({"mysql_engine", "mysql_row_format", "postgresql_tablespace", *_CHARACTERS})
_DEFAULT_NOW = {"mysql_engine": "InnoDB", "mysql_row_format": "DEFAULT", "postgresql_tablespace": "pg_default"}


def option_changes(before: Table, after: Table, dialect: Any) -> tuple[Options, tuple[str, ...]]:
    """The options to set (None: to the default), and the names of those that differ and cannot be set here."""
    if before.options == after.options and not before.implied:
        return (), ()
    was, new = said_options(before.options, dialect), said_options(after.options, dialect)
    implied = dict(before.implied)
    found: dict[str, Value] = {}
    for key, value in new.items():
        if before.implied and key not in ALTERED:
            continue  # a server tells these in words of its own, or not at all
        old = was.get(key, implied.get(key, usual_option(key)))
        if _plain(old) != _plain(value):
            found[key] = value
    for key, value in was.items():
        # A live table has options that nobody said; a history has those that a revision said.
        if key not in new and not before.implied and dialect.name != "postgresql" and _plain(usual_option(key)) != _plain(value):
            found[key] = None
    left = [key for key in found if key not in ALTERED or (key in _CHARACTERS and _own_characters(after))]
    doable = {key: value for key, value in found.items() if key not in left}
    if doable.keys() & set(_CHARACTERS):  # they are told together
        doable |= {key: new[key] for key in _CHARACTERS if key in new}
    spelled = {_one_name(key): value for key, value in after.options}
    doable = {key: spelled.get(key, value) if value is not None else None for key, value in doable.items()}
    return replacing(before, options(doable)), tuple(sorted(left))


def replacing(table: Table, changed: Options) -> Options:
    """The options that change, and None for those that say the same in another spelling."""
    names = dict(changed)
    older = {key: None for key, _ in table.options if key not in names and _one_name(key) in names}
    return options({**older, **names})


def alter_sql(table: TableName, changed: Options, dialect: str) -> tuple[str, ...]:
    """The statements that set them on a dialect, by SQLAlchemy's name; none for options of others."""
    preparer = dialect_named("mysql" if dialect == "mariadb" else dialect).identifier_preparer
    name = str(preparer.quote(table.name))
    if table.schema:
        name = f"{preparer.quote(table.schema)}.{name}"
    found: dict[str, Value] = {}
    for key, value in changed:
        if value is not None or _one_name(key) not in found:
            found[_one_name(key)] = value
    if dialect == "postgresql":
        if "postgresql_tablespace" not in found:
            return ()
        space = found["postgresql_tablespace"] or "pg_default"
        return (f"ALTER TABLE {name} SET TABLESPACE {preparer.quote(str(space))}",)
    if dialect not in ("mysql", "mariadb"):
        return ()
    told = [
        f"ALTER TABLE {name} {word}={found[key] or _DEFAULT_NOW[key]}"
        for key, word in (("mysql_engine", "ENGINE"), ("mysql_row_format", "ROW_FORMAT"))
        if key in found
    ]
    if found.keys() & set(_CHARACTERS):
        collate = found.get("mysql_collate")
        charset = found.get("mysql_charset") or (str(collate).partition("_")[0] if collate else "DEFAULT")
        told.append(f"ALTER TABLE {name} CONVERT TO CHARACTER SET {charset}" + (f" COLLATE {collate}" if collate else ""))
    return tuple(told)


def _plain(value: Value) -> Value:
    return value.lower() if isinstance(value, str) else value


def _one_name(key: str) -> str:
    """``mysql_default_charset`` and ``mariadb_character_set`` are ``mysql_charset``."""
    return re.sub(r"^(?:mysql|mariadb)_(?:default_)?", "mysql_", key.lower().replace("character_set", "charset").replace(" ", "_"))


def _own_characters(table: Table) -> bool:
    """Whether a column has a character set or a collation of its own, which a conversion of the table would take."""
    return any(_says_characters(column.type) for column in table.columns)


def _says_characters(type_: Type) -> bool:
    if {"charset", "collation"} & {key for key, value in type_.args if value is not None}:
        return True
    return any(_says_characters(variant) for dialect, variant in type_.variants if dialect in ("mysql", "mariadb"))
