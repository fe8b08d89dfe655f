"""One run at a time for each version table: who holds the lock, and waiting for it.

PostgreSQL: an advisory lock on a connection of its own, asked for again and again outside any transaction, because a waiter that is
blocked inside one would deadlock with CREATE INDEX CONCURRENTLY. MariaDB and MySQL: GET_LOCK on the connection that does the work, so that
the server lets go only when it has finished what a killed client left behind. SQLite needs none: BEGIN IMMEDIATE is one.
"""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gitmig.errors import LockTimeout

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Say = Callable[[str], None]
PAUSE = 0.1
"""Seconds between two questions."""


@contextmanager
def run_lock(connection: Connection, version_table: str, *, timeout: float, say: Say, external: bool = False) -> Iterator[None]:
    """The lock on ``version_table`` (schema-qualified) is held inside the block.

    ``timeout`` in seconds; 0 asks once. ``external``: the connection is inside a transaction of the caller's, which on PostgreSQL then owns
    the lock. ``say`` is told once whom we wait for. Raises LockTimeout.
    """
    match connection.dialect.name:
        case "postgresql":
            with _postgresql(connection, version_table, timeout, say, external):
                yield
        case "mysql" | "mariadb":
            with _mysql(connection, version_table, timeout, say, external):
                yield
        case _:
            yield


def waiting_text(version_table: str, holder: str) -> str:
    """What is said while waiting."""
    return f"waiting for another run that holds the lock on {version_table}: {holder}"


def lock_timeout(version_table: str, holder: str, seconds: float) -> LockTimeout:
    """The error for a lock that was not got."""
    waited = f"after waiting {seconds:g} seconds" if seconds else "without waiting"
    return LockTimeout(
        f"the lock on {version_table} was not got {waited}: {holder} holds it",
        "Run the command again when that has finished; `--wait SECONDS` waits longer.",
    )


def _wait(take: Callable[[], bool], holder: Callable[[], str], version_table: str, timeout: float, say: Say) -> None:
    start = time.monotonic()
    said = False
    while not take():
        if time.monotonic() - start >= timeout:
            raise lock_timeout(version_table, holder(), timeout)
        if not said:
            say(waiting_text(version_table, holder()))
            said = True
        time.sleep(min(PAUSE, max(0.0, timeout - (time.monotonic() - start))))


def key_of(version_table: str) -> int:
    """PostgreSQL's lock key: a signed 64-bit number; advisory locks are per database there."""
    digest = hashlib.sha256(f"gitmig:{version_table}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


@contextmanager
def _postgresql(connection: Connection, version_table: str, timeout: float, say: Say, external: bool) -> Iterator[None]:
    key = key_of(version_table)
    if external:
        _wait(
            lambda: bool(connection.scalar(sa.text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": key})),
            lambda: _postgresql_holder(connection, key),
            version_table,
            timeout,
            say,
        )
        yield
        return
    # A pool of its own, so that neither a small pool runs dry nor a pool of one connection hands out the one that works.
    engine = sa.Engine(connection.engine.pool.recreate(), connection.dialect, connection.engine.url)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as own:
            # Whoever waits for us reads this in pg_stat_activity.
            own.execute(sa.text("SELECT set_config('application_name', :name, false)"), {"name": _ourselves()})
            _wait(
                lambda: bool(own.scalar(sa.text("SELECT pg_try_advisory_lock(:key)"), {"key": key})),
                lambda: _postgresql_holder(own, key),
                version_table,
                timeout,
                say,
            )
            try:
                yield
            finally:
                _release(own, sa.text("SELECT pg_advisory_unlock(:key)"), {"key": key})
    finally:
        engine.dispose()


def _release(connection: Connection, statement: sa.TextClause, parameters: dict[str, Any]) -> None:
    """Lets go; a connection that broke has let go by breaking."""
    try:
        connection.execute(statement, parameters)
    except sa.exc.DBAPIError as error:
        if not error.connection_invalidated:
            raise


def _postgresql_holder(connection: Connection, key: int) -> str:
    # The halves of the key stand in classid and objid (PostgreSQL manual, pg_locks).
    unsigned = key & 0xFFFFFFFFFFFFFFFF
    found = connection.execute(
        sa.text(
            "SELECT a.pid, a.usename, a.application_name, a.backend_start FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid "
            "WHERE l.locktype = 'advisory' AND l.granted AND l.classid = :high AND l.objid = :low AND l.objsubid = 1 "
            "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        ),
        {"high": unsigned >> 32, "low": unsigned & 0xFFFFFFFF},
    ).first()
    if found is None:
        return "a session that is just ending"
    since = found.backend_start.astimezone().isoformat(sep=" ", timespec="seconds") if found.backend_start else "unknown"
    return f"{found.application_name or 'unknown program'} as {found.usename}, server process {found.pid}, since {since}"


def _ourselves() -> str:
    # PostgreSQL cuts application_name at 63 bytes.
    return f"gitmig pid {os.getpid()} on {socket.gethostname()}"[:63]


def name_of(database: str, version_table: str) -> str:
    """The name for GET_LOCK: locks are server-wide there, and names end at 64 characters."""
    return f"gitmig:{hashlib.sha256(f'{database}:{version_table}'.encode()).hexdigest()[:40]}"


@contextmanager
def _mysql(connection: Connection, version_table: str, timeout: float, say: Say, external: bool) -> Iterator[None]:
    database = connection.scalar(sa.text("SELECT DATABASE()")) or connection.engine.url.database or ""
    name = name_of(str(database), version_table)
    asked = sa.text("SELECT GET_LOCK(:name, 0)")
    _wait(
        lambda: connection.scalar(asked, {"name": name}) == 1,
        lambda: _mysql_holder(connection, name),
        version_table,
        timeout,
        say,
    )
    if not external:
        connection.rollback()
    try:
        yield
    finally:
        if not connection.closed and not connection.invalidated:
            _release(connection, sa.text("SELECT RELEASE_LOCK(:name)"), {"name": name})
            if not external and not connection.invalidated:
                connection.rollback()


def _mysql_holder(connection: Connection, name: str) -> str:
    id = connection.scalar(sa.text("SELECT IS_USED_LOCK(:name)"), {"name": name})
    if id is None:
        return "a session that is just ending"
    found: Any = connection.execute(
        sa.text("SELECT user, host, time FROM information_schema.processlist WHERE id = :id"), {"id": id}
    ).first()
    if found is None:
        return f"server connection {id}"
    return f"{found[0]} from {found[1]}, server connection {id}, for {found[2]} seconds in its present state"
