"""A throw-away database beside another one: a file for SQLite, else a database on the same server, gone afterwards whatever happens."""

from __future__ import annotations

import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gitmig.adapters.database import engine_for, readable
from gitmig.adapters.syncurl import sync_url


@contextmanager
def scratch_database(url: str) -> Iterator[str]:
    """The URL (expanded) of an empty database of the kind that ``url`` names, with its driver and options.

    Raises ConfigError for a URL or driver that cannot be used, DatabaseError where the server is down or does not let us create one.
    """
    from sqlalchemy import text
    from sqlalchemy.engine import make_url

    with readable(url):
        made = make_url(url)
    if made.get_backend_name() == "sqlite":
        with tempfile.TemporaryDirectory(prefix="gitmig-") as folder:
            file = Path(folder, "scratch.db").as_posix()
            yield made.set(database=file, query={}).render_as_string(hide_password=False)
        return
    name = f"gitmig_scratch_{uuid.uuid4().hex[:12]}"
    engine = engine_for(sync_url(url)).execution_options(isolation_level="AUTOCOMMIT")
    quoted = engine.dialect.identifier_preparer.quote(name)
    with readable(url), engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {quoted}"))
    try:
        yield made.set(database=name).render_as_string(hide_password=False)
    finally:
        # A child that was killed may have left its connection behind, and PostgreSQL drops no database that somebody uses.
        force = " WITH (FORCE)" if _forces(engine.dialect) else ""
        with readable(url), engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {quoted}{force}"))
        engine.dispose()


def _forces(dialect: object) -> bool:
    """DROP DATABASE ... WITH (FORCE) came with PostgreSQL 13 (https://www.postgresql.org/docs/13/sql-dropdatabase.html)."""
    return getattr(dialect, "name", "") == "postgresql" and (getattr(dialect, "server_version_info", None) or (0,)) >= (13,)
