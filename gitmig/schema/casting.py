"""PostgreSQL's USING: how the values of a column get another type where no assignment cast exists.

The families follow pg_cast (https://www.postgresql.org/docs/current/catalog-pg-cast.html): inside a family, and from anything to text,
there is an assignment cast; between others only an explicit one over text, if any.
"""

from __future__ import annotations

from gitmig.schema.spelling import dialect_named
from gitmig.schema.thawtypes import thaw_type
from gitmig.schema.values import Type

_FAMILIES = {
    "text": ("CHAR", "VARCHAR", "TEXT", "CHARACTER"),
    "number": ("SMALLINT", "INTEGER", "BIGINT", "NUMERIC", "DECIMAL", "REAL", "FLOAT", "DOUBLE", "MONEY"),
    "moment": ("DATE", "TIMESTAMP"),
    "time": ("TIME",),
    "boolean": ("BOOLEAN",),
    "json": ("JSON", "JSONB"),
    "uuid": ("UUID",),
    "bytes": ("BYTEA",),
}


def postgresql_ddl(type_: Type) -> str:
    """The type as PostgreSQL's DDL writes it."""
    return str(thaw_type(type_).compile(dialect=dialect_named("postgresql")))


def cast(column: str, before: Type, after: Type) -> str | None:
    """The expression for USING; None where PostgreSQL casts by itself."""
    old, new = postgresql_ddl(before), postgresql_ddl(after)
    if old == new or not crosses(old, new):
        return None
    quoted = dialect_named("postgresql").identifier_preparer.quote(column)
    over = "" if family(old) == "text" else "::text[]" if old.endswith("[]") else "::text"
    if {family(old), family(new)} == {"number", "boolean"}:
        over = ""  # an explicit cast exists
    return f"{quoted}{over}::{new}"


def crosses(old: str, new: str) -> bool:
    """Whether the two PostgreSQL types, as DDL, have no assignment cast from the one to the other."""
    if old.endswith("[]") != new.endswith("[]"):
        return not (family(new) == "text" and not new.endswith("[]"))
    if family(new) == "text":
        return False
    return family(old) != family(new) or family(old) == ""


def family(ddl: str) -> str:
    """The family of a PostgreSQL type, "" where each type is its own."""
    word = ddl.upper().partition("(")[0].split()[0].removesuffix("[]") if ddl else ""
    return next((name for name, words in _FAMILIES.items() if word in words), "")
