"""Steps as statements, for each dialect.

``statements`` is the whole of it; ``tables_needed`` says what a run has to know of the tables before (reflected online, replayed offline),
and ``live_query`` what it has to read of a live SQLite besides.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from gitmig import ops
from gitmig.ddl.needs import ALL_TABLES, live_query, needs_before, needs_foreign_keys_off, tables_needed
from gitmig.ddl.statement import AnyStatement, Row, Statement, TableEvent, TypeIfMissing
from gitmig.ddl.writers import writer

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def statements(step: ops.Step, dialect: Dialect, *, offline: bool = False, live: Sequence[Row] | None = None) -> tuple[AnyStatement, ...]:
    """What executes the step on the dialect, in order.

    ``step.before`` and ``step.after`` need hold only what ``tables_needed`` names. ``offline``: the statements are printed, so rows stand
    in them as literals. ``live``: the rows of ``live_query``, where it gave a query and there is a database.
    Raises SchemaError where the step cannot be said without something that is not known.
    """
    return tuple(writer(dialect, offline, live).statements(step))


__all__ = [
    "ALL_TABLES",
    "AnyStatement",
    "Row",
    "Statement",
    "TableEvent",
    "TypeIfMissing",
    "live_query",
    "needs_before",
    "needs_foreign_keys_off",
    "statements",
    "tables_needed",
]
