"""Empty PostgreSQL databases, used more than once by a test process: making one costs half a second, emptying one a few milliseconds.

What would not go with the schemas (settings of the database, event triggers, large objects and the like) makes a database unfit for
that, and it is dropped.
"""

from __future__ import annotations

import atexit
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection

_spare: dict[URL, list[str]] = {}

_STAYS = """
    SELECT EXISTS (SELECT FROM pg_db_role_setting WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database()))
        OR EXISTS (SELECT FROM pg_event_trigger) OR EXISTS (SELECT FROM pg_publication) OR EXISTS (SELECT FROM pg_largeobject_metadata)
        OR EXISTS (SELECT FROM pg_default_acl) OR EXISTS (SELECT FROM pg_foreign_data_wrapper) OR EXISTS (SELECT FROM pg_seclabel)
        OR EXISTS (SELECT FROM pg_language WHERE lanname NOT IN ('internal', 'c', 'sql', 'plpgsql'))
        OR EXISTS (SELECT FROM pg_cast WHERE oid >= 16384)
        OR EXISTS (SELECT FROM pg_database WHERE datname = current_database() AND (datistemplate OR NOT datallowconn OR datconnlimit <> -1))
"""
_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
_SCHEMAS = "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'"
_EXTENSIONS = "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"


@contextmanager
def fresh(server: URL) -> Iterator[str]:
    """The URL of an empty database on ``server``, a URL of its superuser's."""
    waiting = _spare.setdefault(server, [])
    name = waiting.pop() if waiting else _made(server)
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        if _emptied(server.set(database=name)):
            waiting.append(name)
        else:
            _drop(server, name)


@atexit.register
def drop_all() -> None:
    """Drops what waits to be used again: at the end of a process, or of the tests where a worker is not left that way."""
    for server, names in _spare.items():
        while names:
            _drop(server, names.pop())


@contextmanager
def _connected(url: URL) -> Iterator[Connection]:
    engine = sa.create_engine(url, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _made(server: URL) -> str:
    name = f"gitmig_{uuid.uuid4().hex[:16]}"
    with _connected(server) as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    return name


def _drop(server: URL, name: str) -> None:
    # FORCE: a test that was killed inside a transaction must not keep its database.
    with _connected(server) as connection:
        connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _emptied(url: URL) -> bool:
    """Whether the database is as one that was just made; False where it is gone or holds what cannot be told to be away."""
    try:
        with _connected(url) as connection:
            connection.execute(sa.text(_SESSIONS))
            if connection.execute(sa.text(_STAYS)).scalar():
                return False
            quote = connection.dialect.identifier_preparer.quote
            for kind, listed in (("EXTENSION IF EXISTS", _EXTENSIONS), ("SCHEMA", _SCHEMAS)):
                for name in connection.execute(sa.text(listed)).scalars().all():
                    connection.exec_driver_sql(f"DROP {kind} {quote(name)} CASCADE")
            _make_public(connection)
    except sa.exc.SQLAlchemyError:
        return False
    return True


def _make_public(connection: Connection) -> None:
    """The schema as initdb makes it (PostgreSQL 15 took the right to create away from everybody)."""
    recent = (connection.dialect.server_version_info or (0,)) >= (15,)
    connection.exec_driver_sql("CREATE SCHEMA public" + (" AUTHORIZATION pg_database_owner" if recent else ""))
    connection.exec_driver_sql(f"GRANT {'USAGE' if recent else 'ALL'} ON SCHEMA public TO PUBLIC")
    connection.exec_driver_sql("COMMENT ON SCHEMA public IS 'standard public schema'")
