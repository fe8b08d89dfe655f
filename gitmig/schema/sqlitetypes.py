"""What a declared type is to SQLite, and how it reads after SQLAlchemy's reflection, on which Alembic's rebuild of a table rests."""

from __future__ import annotations

import functools
import warnings

import sqlalchemy as sa


def affinity(type_: str) -> str:
    """https://www.sqlite.org/datatype3.html, section 3.1."""
    upper = type_.upper()
    if "INT" in upper:
        return "INTEGER"
    if any(word in upper for word in ("CHAR", "CLOB", "TEXT")):
        return "TEXT"
    if "BLOB" in upper or not upper:
        return "BLOB"
    if any(word in upper for word in ("REAL", "FLOA", "DOUB")):
        return "REAL"
    return "NUMERIC"


@functools.lru_cache(maxsize=512)
def as_reflected(type_: str) -> str:
    """INT as INTEGER, BINARY(16) as NUMERIC(16), BOOL as BOOLEAN; as it is where that would be another type to SQLite."""
    from sqlalchemy.dialects.sqlite.base import SQLiteDialect

    dialect = SQLiteDialect()
    with warnings.catch_warnings():
        # Numbers behind a type that takes none are left out with a warning, which is for whoever wrote the type.
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        found = dialect._resolve_type_affinity(type_.upper())  # type: ignore[no-untyped-call]
    if isinstance(found, sa.types.NullType) or getattr(found, "collation", None) is not None:
        return type_  # no type; or a second number behind a VARCHAR, which reflection takes for a collation
    text = str(dialect.type_compiler_instance.process(found))
    return text if affinity(text) == affinity(type_) else type_
