"""A process in which every PostgreSQL connection looks names up in the schemas of one tenant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gitmig.errors import UsageError


def use_search_path(schemas: Sequence[str], *, creating: bool) -> None:
    """From now on, for the rest of the process, every new connection has this search path; ``creating``: the first schema is made where
    it is missing. Whatever engine env.py makes is meant, so this listens to all of them. Another database raises UsageError.
    """
    import sqlalchemy as sa

    names = [_quoted(each) for each in schemas]

    # Before SQLAlchemy's own look at a new connection, which asks for the default schema.
    @sa.event.listens_for(sa.pool.Pool, "connect", insert=True)
    def connect(connection: Any, record: Any) -> None:
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = current_schema()")
        except Exception as error:
            raise UsageError(
                "tenants in schemas need PostgreSQL", 'Write `url = "...{tenant}..."` under tenants: a database for each.'
            ) from error
        if creating:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {names[0]}")
        cursor.execute(f"SET SESSION search_path TO {', '.join(names)}")
        cursor.close()
        # What is set inside a transaction that is rolled back is not set.
        connection.commit()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
