"""Options of tables in raw SQL: behind CREATE TABLE (...), and in ALTER TABLE."""

from __future__ import annotations

from typing import Any

from gitmig.schema.values import Options, Value, options
from gitmig.script.rawsql_tokens import Reader

_MYSQL = ("mysql", "mariadb")
_WORDS = ("ENGINE", "CHARSET", "COLLATE", "ROW_FORMAT", "AUTO_INCREMENT", "COMMENT", "KEY_BLOCK_SIZE")


def table_options(reader: Reader) -> dict[str, Any]:
    """What stands behind the closing bracket, as SQLAlchemy's keywords of a table."""
    if reader.dialect == "sqlite":
        if reader.takes("WITHOUT", "ROWID"):
            return {"sqlite_with_rowid": False}
        return {"sqlite_strict": True} if reader.takes("STRICT") else {}
    if reader.dialect not in _MYSQL:
        return {}
    found: dict[str, Any] = {}
    while not reader.done:
        reader.takes("DEFAULT")
        word = "CHARSET" if reader.takes("CHARACTER", "SET") else reader.takes_one(*_WORDS)
        if word is None:
            raise reader.unread()
        reader.takes("=")
        value = reader.next().text
        if word == "COMMENT":
            found["comment"] = value
        elif word != "AUTO_INCREMENT":
            found[f"mysql_{word.lower()}"] = value
        reader.takes(",")
    return found


def altered_options(reader: Reader) -> Options | None:
    """An action of ALTER TABLE that sets options; None for any other action."""
    if reader.dialect == "postgresql":
        return options({"postgresql_tablespace": _space(reader.name())}) if reader.takes("SET", "TABLESPACE") else None
    if reader.dialect not in _MYSQL:
        return None
    found: dict[str, Value] = {}
    if reader.takes("CONVERT", "TO"):
        if not reader.takes("CHARSET"):
            reader.need("CHARACTER")
            reader.need("SET")
        charset = reader.next().text
        found["mysql_charset"] = None if charset.upper() == "DEFAULT" else charset
        found["mysql_collate"] = reader.next().text if reader.takes("COLLATE") else None
        return options(found)
    while True:
        reader.takes("DEFAULT")
        word = "CHARSET" if reader.takes("CHARACTER", "SET") else reader.takes_one("ENGINE", "CHARSET", "COLLATE", "ROW_FORMAT")
        if word is None:
            return options(found) if found else None
        reader.takes("=")
        value = reader.next().text
        found[f"mysql_{word.lower()}"] = None if value.upper() == "DEFAULT" else value
        if word == "CHARSET":
            found.setdefault("mysql_collate", None)


def _space(name: str) -> str | None:
    return None if name == "pg_default" else name
