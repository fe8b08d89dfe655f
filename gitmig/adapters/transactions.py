"""Transactions around a run and around each revision, as each database needs them.

SQLite: BEGIN IMMEDIATE for each revision (or for the whole run), said by us, because the driver in its old mode begins only before data
statements and so would leave DDL outside. PostgreSQL and its like: one transaction for the run, or one for each revision. Where DDL commits
by itself (MySQL, MariaDB): one for each revision, which keeps data and version rows together.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from gitmig.adapters.lock import PAUSE, lock_timeout, waiting_text
from gitmig.errors import DatabaseError, UsageError

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Say = Callable[[str], None]
_LEGACY_TRANSACTION_CONTROL = -1  # sqlite3.LEGACY_TRANSACTION_CONTROL, which Python 3.11 has not got


class Transactions(Protocol):
    """How a run's statements are grouped.

    ``whole``: the run is one transaction. ``rereads``: another run may have moved the version rows since they were last read, so they are
    read again after each begin.
    """

    whole: bool
    rereads: bool

    def run(self, *, foreign_keys_off: bool = False) -> Any:
        """A context manager around everything that writes."""
        ...

    def step(self, *, foreign_keys_off: bool = False) -> Any:
        """A context manager around one revision with its version rows: commits at the end, rolls back when it raises."""
        ...

    def autocommit(self) -> Any:
        """A context manager inside a step: what ran so far is committed, and each statement inside commits by itself."""
        ...

    def ensure(self) -> None:
        """Inside a step: begins again if the script ended the transaction."""
        ...


def transactions_for(
    connection: Connection,
    *,
    transactional: bool,
    per_revision: bool,
    single: bool,
    external: bool,
    lock_timeout: float,
    say: Say,
    version_table: str,
) -> Transactions:
    """The right kind for the connection.

    ``external``: the caller has a transaction open, which stays his. ``transactional``: DDL belongs to transactions (as
    ``is_transactional_ddl()`` says). ``single``: --single-transaction. Raises UsageError where that cannot be.
    """
    if external:
        return External(connection)
    if connection.dialect.name == "sqlite":
        whole = single or (transactional and not per_revision)
        return Sqlite(connection, whole, lock_timeout, say, version_table)
    if not transactional and single:
        raise UsageError(
            f"--single-transaction is not possible on {connection.dialect.name}: its DDL statements commit by themselves",
            "Leave it out: each revision then commits by itself, and an interrupted one is resumed.",
        )
    return Plain(connection, single or (transactional and not per_revision))


class External:
    """The caller's transaction: nothing is begun or committed here."""

    whole = True
    rereads = False

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @contextmanager
    def run(self, *, foreign_keys_off: bool = False) -> Iterator[None]:
        yield

    @contextmanager
    def step(self, *, foreign_keys_off: bool = False) -> Iterator[None]:
        yield

    @contextmanager
    def autocommit(self) -> Iterator[None]:
        raise DatabaseError(
            "autocommit_block() cannot be used here: the connection given to context.configure() was already inside a transaction",
            "Give it a connection on which nothing has run yet, or commit before context.configure().",
        )
        yield

    def ensure(self) -> None:
        return None


class Plain:
    """SQLAlchemy's own transactions."""

    rereads = False

    def __init__(self, connection: Connection, whole: bool) -> None:
        self._connection = connection
        self.whole = whole

    @contextmanager
    def run(self, *, foreign_keys_off: bool = False) -> Iterator[None]:
        # env.py's context.begin_transaction() may have begun it already; then it also commits.
        if not self.whole or self._connection.in_transaction():
            yield
            return
        with _committed(self._connection):
            yield

    @contextmanager
    def step(self, *, foreign_keys_off: bool = False) -> Iterator[None]:
        if self.whole:
            yield
            return
        if self._connection.in_transaction():
            self._connection.commit()
        with _committed(self._connection):
            yield

    @contextmanager
    def autocommit(self) -> Iterator[None]:
        connection = self._connection
        level = connection.get_execution_options().get("isolation_level") or connection.default_isolation_level
        connection.commit()
        connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield
        finally:
            if not connection.invalidated:
                connection.rollback()
                connection.execution_options(isolation_level=level)
                connection.begin()

    def ensure(self) -> None:
        if not self._connection.in_transaction():
            self._connection.begin()


@contextmanager
def _committed(connection: Connection) -> Iterator[None]:
    """Like ``connection.begin()``, but for whatever transaction is there at the end: an autocommit block replaces it."""
    connection.begin()
    try:
        yield
    except BaseException:
        if not connection.invalidated:
            connection.rollback()
        raise
    connection.commit()


class Sqlite:
    """BEGIN IMMEDIATE, polled until the lock timeout ends; foreign keys off, where needed, before it and checked at its end."""

    def __init__(self, connection: Connection, whole: bool, timeout: float, say: Say, version_table: str) -> None:
        self._connection = connection
        self.whole = whole
        self.rereads = not whole
        self._timeout = timeout
        self._say = say
        self._version_table = version_table
        self._said = False

    @contextmanager
    def run(self, *, foreign_keys_off: bool = False) -> Iterator[None]:
        if not self.whole:
            yield
            return
        with self._transaction(foreign_keys_off):
            yield

    @contextmanager
    def step(self, *, foreign_keys_off: bool = False) -> Iterator[None]:
        if self.whole:
            yield
            return
        with self._transaction(foreign_keys_off):
            yield

    @contextmanager
    def _transaction(self, foreign_keys_off: bool) -> Iterator[None]:
        if self._connection.in_transaction():
            self._connection.rollback()
        # With autocommit=False (Python 3.12) the driver begins by itself after every commit; the old way leaves that to us.
        driver: Any = self._connection.connection.driver_connection
        begins_itself = getattr(driver, "autocommit", None) is False
        if begins_itself:
            driver.autocommit = _LEGACY_TRANSACTION_CONTROL
            self._raw("COMMIT")
        enforced = foreign_keys_off and self._pragma("foreign_keys") == 1
        try:
            if enforced:
                self._raw("PRAGMA foreign_keys=OFF")
            self._begin()
            try:
                broken = self._broken() if enforced else None
                yield
                if enforced:
                    self._check(broken)
                self._commit()
            except BaseException:
                self._connection.rollback()
                raise
        finally:
            if enforced:
                self._raw("PRAGMA foreign_keys=ON")
            if begins_itself:
                driver.autocommit = False

    @contextmanager
    def autocommit(self) -> Iterator[None]:
        self._commit()
        self._connection.execution_options(isolation_level="AUTOCOMMIT")
        try:
            yield
        finally:
            self._connection.rollback()
            self._connection.execution_options(isolation_level=self._connection.default_isolation_level)
            self._begin()

    def ensure(self) -> None:
        # sqlite3's executescript() commits first, and a script may say COMMIT itself.
        if not in_transaction(self._connection):
            if self._connection.in_transaction():
                self._connection.rollback()
            self._begin()

    def _begin(self) -> None:
        connection = self._connection
        connection.begin()
        if in_transaction(connection):
            # An engine whose events or driver settings begin by themselves begins without the write lock: nothing was done in it yet.
            self._raw("COMMIT")
        patience = self._pragma("busy_timeout")
        self._raw("PRAGMA busy_timeout=0")
        start = time.monotonic()
        try:
            while not self._attempt("BEGIN IMMEDIATE"):
                self._wait(start)
        except BaseException:
            connection.rollback()
            raise
        finally:
            self._raw(f"PRAGMA busy_timeout={patience}")

    def _commit(self) -> None:
        # A reader in another process can keep COMMIT from its last lock; the transaction stays, and COMMIT may be said again.
        start = time.monotonic()
        if in_transaction(self._connection):
            while not self._attempt("COMMIT"):
                self._wait(start)
        self._connection.commit()

    def _wait(self, start: float) -> None:
        holder = "another process that uses the file"
        if time.monotonic() - start >= self._timeout:
            raise lock_timeout(self._file(), holder, self._timeout)
        if not self._said:
            self._say(waiting_text(self._file(), holder))
            self._said = True
        time.sleep(PAUSE / 4)

    def _file(self) -> str:
        return self._connection.engine.url.database or "the database"

    def _attempt(self, statement: str) -> bool:
        try:
            self._connection.exec_driver_sql(statement)
        except sa.exc.OperationalError as error:
            if "locked" in str(error.orig) or "busy" in str(error.orig):
                return False
            raise
        return True

    def _raw(self, statement: str) -> Any:
        """One statement past SQLAlchemy, which would begin a transaction: some of these must stand outside of one."""
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(statement)
            return cursor.fetchone() if cursor.description else None
        finally:
            cursor.close()

    def _pragma(self, name: str) -> int:
        found = self._raw(f"PRAGMA {name}")
        return int(found[0]) if found else 0

    def _broken(self) -> frozenset[Any] | None:
        """The rows without their parent; None where SQLite cannot tell, because a key refers to what is not unique or not there."""
        try:
            return frozenset(tuple(row) for row in self._connection.exec_driver_sql("PRAGMA foreign_key_check"))
        except sa.exc.OperationalError as error:
            if "foreign key mismatch" in str(error.orig):
                return None
            raise

    def _check(self, before: frozenset[Any] | None) -> None:
        """Raises DatabaseError for rows without their parent that were not already so."""
        if before is None:
            return
        after = [row for row in self._connection.exec_driver_sql("PRAGMA foreign_key_check") if tuple(row) not in before]
        if after:
            table, row, parent, _key = after[0]
            more = f" (and {len(after) - 1} more)" if len(after) > 1 else ""
            raise DatabaseError(
                f"row {row} of table {table} refers to no row of {parent}{more} after the revision, so it was rolled back",
                "Correct the revision, or those rows.",
            )


def in_transaction(connection: Connection) -> bool:
    """Whether SQLite itself is inside a transaction, whatever SQLAlchemy believes."""
    driver = connection.connection.driver_connection
    return bool(getattr(driver, "in_transaction", False))


def foreign_keys_enforced(connection: Connection) -> bool:
    """Whether SQLite enforces foreign keys on this connection now."""
    return connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1
