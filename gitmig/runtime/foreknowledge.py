"""What a revision's source says before it runs."""

from __future__ import annotations

import re

# Calls that may rebuild a table on SQLite, and the pragma itself, which does nothing inside a transaction.
_REBUILDS = re.compile(
    rb"\b(?:batch_alter_table|alter_column|drop_column|drop_constraint|create_foreign_key|create_unique_constraint|create_check_constraint"
    rb"|create_primary_key|PRAGMA\s+foreign_keys|foreign_keys\s*=\s*(?:off|0))\b"
    rb"|\badd_column\b[^#\n]*(?:\n[^\n]*){0,6}?(?:ForeignKey|Computed|CheckConstraint|unique\s*=\s*True)",
    re.IGNORECASE,
)


_TOOLS = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(alembic|gitmig)\b", re.MULTILINE)


def keeps_unsaid(source: bytes) -> bool:
    """Whether the file is written for gitmig, which leaves alone what ``alter_column`` does not name: it imports gitmig, and no alembic.

    Any other file is written for Alembic, for which a MODIFY of MySQL's says the whole column: what ``existing_*`` leave out goes.
    """
    return {match[1] for match in _TOOLS.finditer(source)} == {b"gitmig"}


def needs_foreign_keys_off(source: bytes) -> bool:
    """Whether the script may rebuild a table that others refer to, or says the pragma itself."""
    return _REBUILDS.search(source) is not None


_ROWS = re.compile(rb"\b(?:execute|exec_driver_sql|bulk_insert|begin_nested|session|sessionmaker)\b", re.IGNORECASE)


def changes_rows(source: bytes) -> bool:
    """Whether the script may change rows, as far as its own text says."""
    return _ROWS.search(source) is not None
