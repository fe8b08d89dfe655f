"""Which changes of type take every old value as it is, without writing the table anew."""

from __future__ import annotations

import re
from typing import Any

from gitmig.schema.typecompare import canonical_type
from gitmig.schema.values import Type

_SIZED = re.compile(r"([A-Z ]+)\((\d+)(?:,\s*(-?\d+))?\)(.*)", re.DOTALL)
_MEMBERS = re.compile(r"'((?:[^']|'')*)'")


def widens(before: Type, after: Type, dialect: Any) -> bool:
    """Whether ``after`` is a widened ``before`` on the dialect.

    - PostgreSQL: a longer or unlimited VARCHAR, VARCHAR to TEXT, NUMERIC of higher precision and equal scale or without any
      (https://www.postgresql.org/docs/current/sql-altertable.html, Notes; release notes 9.2, "Reduce need to rebuild tables").
    - MySQL, MariaDB: a longer VARCHAR as long as its length takes as many bytes; members added behind an ENUM's
      (https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html, "Extending VARCHAR column size", "Modifying the
      definition of an ENUM or SET column").
    - SQLite: none, every change of type is a new table there.
    """
    old, new = canonical_type(before, dialect), canonical_type(after, dialect)
    match dialect.name:
        case "postgresql":
            return _postgresql(old, new)
        case "mysql" | "mariadb":
            return _mysql(old, new)
        case _:
            return False


def _sized(ddl: str) -> tuple[str, int, int | None] | None:
    match = _SIZED.fullmatch(ddl)
    if match is None or match[4].strip():
        return None
    return match[1].strip(), int(match[2]), int(match[3]) if match[3] is not None else None


def _postgresql(old: str, new: str) -> bool:
    before, after = _sized(old), _sized(new)
    if before is None:
        return old == "VARCHAR" and new == "TEXT"
    kind, size, scale = before
    if kind == "VARCHAR":
        return new in ("VARCHAR", "TEXT") or (after is not None and after[0] == "VARCHAR" and after[1] >= size)
    if kind == "NUMERIC":
        return new == "NUMERIC" or (after is not None and after[0] == "NUMERIC" and after[1] >= size and after[2] == scale)
    return False


def _mysql(old: str, new: str) -> bool:
    before, after = _sized(old), _sized(new)
    if before is not None and after is not None and before[0] == after[0] == "VARCHAR":
        # The bytes of a length count bytes of text, at most four to a character.
        return after[1] >= before[1] and (after[1] * 4 < 256 or before[1] * 4 >= 256)
    if old.startswith("ENUM(") and new.startswith("ENUM("):
        members, more = _MEMBERS.findall(old), _MEMBERS.findall(new)
        return more[: len(members)] == members and (len(more) < 256 or len(members) >= 256)
    return False
