"""The statements of a revision under way, where DDL commits by itself: what makes an interrupted run resumable on MySQL and MariaDB.

Every statement that changes something is numbered and hashed as it reaches the driver, also one that a script gives to its connection.
A DDL statement is written down before it runs; that it was done, the next note says, or a mark where the server would not refuse it the
second time. A data statement is written down in its own transaction. Resuming runs the script again: statements that are done are replaced
by nothing, the last one is tried, and the first one that is another than the time before is refused.
The tables exist only while revisions run, so that no comparison meets them.

What it costs is the wait for a disk, so notes on DDL statements wait for none of their own. On MariaDB their table has no transactions: a
note outlives the process that wrote it and the server's, though not the machine. On MySQL (where such tables may be forbidden) and Galera
(which does not replicate them) the commit that begins each DDL statement takes the note along. Notes on data statements need transactions,
so their table is another one, made when the run has any.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gitmig.errors import StatementChanged

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

TABLE = "gitmig_journal"
"""The table's name; one for each version table, so that projects in one database stay out of each other's way."""
_MOST = 1000
"""As many characters of a statement are kept, for people."""
_COLUMNS = (
    "step INTEGER NOT NULL, ordinal INTEGER NOT NULL, revision VARCHAR(255) NOT NULL, direction VARCHAR(9) NOT NULL,"
    f" hash CHAR(64) NOT NULL, done BOOL NOT NULL, statement VARCHAR({_MOST}) NOT NULL, PRIMARY KEY (step, ordinal)"
)
_LEADING = re.compile(r"(?:\s|--[^\n]*\n|#[^\n]*\n|/\*(?!!).*?\*/|\()*", re.DOTALL)
_SAVEPOINT = re.compile(r"\s*SAVEPOINT\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Za-z]+")
_READING = frozenset(
    {"SELECT", "SHOW", "DESCRIBE", "DESC", "EXPLAIN", "SET", "USE", "DO", "SAVEPOINT", "RELEASE", "ROLLBACK", "VALUES", "HELP", "KILL"}
)
_DATA = frozenset({"INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "COMMIT", "START", "BEGIN", "LOAD", "CALL"})
# What the server refuses the second time, or what may as well run twice; for the rest the note must say at once that it was done.
_REPEATABLE = re.compile(
    r"\W*(?:(?:CREATE|DROP|RENAME)\b"
    r"|ALTER\s+TABLE\s+\S+\s+(?!.*\bIF\b)(?:(?:ADD\s+COLUMN|DROP)\b|(?:MODIFY|ALTER)\b(?!.*\b(?:ADD|CHANGE|RENAME)\b)))",
    re.IGNORECASE | re.DOTALL,
)
# Exists already; column, key or foreign key of that name exists already; no such column or key to drop; no such table to drop or rename.
_DONE_BEFORE = frozenset({1007, 1008, 1050, 1051, 1060, 1061, 1068, 1091, 1146, 1826, 1304, 1305, 1359, 1360, 3822})
_NOTHING, _NO_ROWS = "DO 0", "SELECT NULL FROM DUAL WHERE FALSE"


@dataclass(frozen=True, slots=True)
class Noted:
    """One statement of the journal; ``done`` False: it was under way when the run ended."""

    ordinal: int
    hash: str
    done: bool
    statement: str


@dataclass(frozen=True, slots=True)
class Interrupted:
    """A revision that a run left behind half-way; ``step`` is its number in the journal."""

    step: int
    revision: str
    direction: str
    noted: tuple[Noted, ...]

    def place(self) -> str:
        """How far it came, in words."""
        done = sum(each.done for each in self.noted)
        words = f"{done} statement{'' if done == 1 else 's'} of its {self.direction} {'was' if done == 1 else 'were'} done"
        if self.noted and not self.noted[-1].done:
            words += f", and this one was under way: {shortened(self.noted[-1].statement)}"
        return words


def shortened(statement: str, width: int = 120) -> str:
    """The statement on one line, cut."""
    words = " ".join(statement.split())
    return words if len(words) <= width else f"{words[: width - 1]}…"


def journal_table(version_table: str) -> str:
    """The name of the journal that belongs to a version table."""
    if version_table == "alembic_version":
        return TABLE
    return f"{TABLE}_{hashlib.sha256(version_table.encode()).hexdigest()[:8]}"


class Journal:
    """The journal of one version table. A step is one revision of a run; notes of steps that are over stay until the end of the run."""

    def __init__(self, connection: Connection, version_table: str) -> None:
        self._connection = connection
        self._name = journal_table(version_table)
        self._rows_name = f"{self._name}_rows"
        self._has_rows = False
        self._outside = False
        self._ours = 0
        self._step = 0
        self._revision = ""
        self._direction = ""
        self._ordinal = 0
        self._running = 0
        self._left: dict[int, Noted] = {}

    def exists(self) -> bool:
        return self._connection.dialect.has_table(self._connection, self._name)

    def create(self, *, rows: bool) -> None:
        """``rows``: data statements are expected. Raises SQLAlchemy's error where that is not allowed."""
        self._outside = self._outside_transactions()
        engine = "Aria TRANSACTIONAL=0" if self._outside else "InnoDB"
        with self._silent():
            self._connection.exec_driver_sql(_creation(self._name, engine))
            if rows:
                self._connection.exec_driver_sql(_creation(self._rows_name, "InnoDB"))
        self._has_rows = rows

    def _outside_transactions(self) -> bool:
        if not getattr(self._connection.dialect, "is_mariadb", False):
            return False
        galera = self._connection.exec_driver_sql("SHOW VARIABLES LIKE 'wsrep_on'").first()
        return galera is None or str(galera[1]).upper() != "ON"

    def remove(self) -> None:
        """Drops the tables; that by which they are found goes last."""
        with self._silent():
            self._connection.exec_driver_sql(f"DROP TABLE IF EXISTS {self._rows_name}, {self._name}")

    def last(self) -> Interrupted | None:
        """The last step that was noted; whether it was finished after all, the version rows say."""
        found = list(self._noted(self._name))
        if self._connection.dialect.has_table(self._connection, self._rows_name):
            found += self._noted(self._rows_name)
        if not found:
            return None
        step = max(row.step for row in found)
        last = sorted((row for row in found if row.step == step), key=lambda row: row.ordinal)
        # A statement after which another one was noted was done, marked or not.
        noted = tuple(Noted(row.ordinal, row.hash, bool(row.done) or row is not last[-1], row.statement) for row in last)
        return Interrupted(step, last[0].revision, last[0].direction, noted)

    def under_way(self) -> Interrupted | None:
        """What is noted of the step that this run is in, or was in last; what it saw through is marked so now."""
        last = self.last()
        if last is None or last.step != self._step:
            return None
        if any(not each.done and each.ordinal != self._running for each in last.noted):
            self._run(f"UPDATE {self._name} SET done = 1 WHERE step = %s AND ordinal <> %s", (self._step, self._running))
            self._commit()
        return replace(last, noted=tuple(replace(each, done=each.ordinal != self._running) for each in last.noted))

    def _noted(self, name: str) -> Sequence[Any]:
        return self._connection.exec_driver_sql(f"SELECT step, ordinal, revision, direction, hash, done, statement FROM {name}").all()

    @contextmanager
    def following(self, revision: str, direction: str, left: Interrupted | None = None) -> Iterator[None]:
        """Inside the block every statement of the connection is noted; those in ``left`` are not run again."""
        self._revision, self._direction, self._ordinal, self._running = revision, direction, 0, 0
        self._step = self._step + 1 if left is None else left.step
        self._left = {each.ordinal: each for each in left.noted} if left is not None else {}
        sa.event.listen(self._connection, "before_cursor_execute", self._before, retval=True)
        sa.event.listen(self._connection, "after_cursor_execute", self._after)
        sa.event.listen(self._connection.engine, "handle_error", self._failed)
        try:
            yield
            if any(ordinal > self._ordinal for ordinal in self._left):
                gone = self._left[self._ordinal + 1]
                raise self._changed(gone, "its script ends before it")
        finally:
            sa.event.remove(self._connection, "before_cursor_execute", self._before)
            sa.event.remove(self._connection, "after_cursor_execute", self._after)
            sa.event.remove(self._connection.engine, "handle_error", self._failed)

    @contextmanager
    def _silent(self) -> Iterator[None]:
        self._ours += 1
        try:
            yield
        finally:
            self._ours -= 1

    def _before(
        self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool
    ) -> tuple[str, Any]:
        kind = _kind(statement)
        if not self._ours and not self._has_rows and (kind == "data" or _SAVEPOINT.match(statement)):
            # Before anything is in the transaction that the creation commits.
            self._run(_creation(self._rows_name, "InnoDB"))
            self._has_rows = True
        if self._ours or kind == "reading":
            return statement, parameters
        self._ordinal += 1
        digest = _digest(statement, parameters)
        noted = self._left.get(self._ordinal)
        if noted is None:
            if kind == "ddl":
                self._note(digest, statement, done=False)
                self._running = self._ordinal
            return statement, parameters
        if noted.hash != digest:
            raise self._changed(noted, f"its script now says: {shortened(statement)}")
        if not noted.done:
            self._again(cursor, statement, parameters)
        instead = _NO_ROWS if re.search(r"\bRETURNING\b", statement, re.IGNORECASE) else _NOTHING
        return instead, [()] if executemany else ()

    def _again(self, cursor: Any, statement: str, parameters: Any) -> None:
        """The statement that was under way: it may have been done after all, which the server then says."""
        try:
            cursor.execute(statement, parameters or None)
        except Exception as error:
            if not (error.args and error.args[0] in _DONE_BEFORE):
                self._unnote()
                raise
        self._mark()

    def _after(self, connection: Connection, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
        kind = _kind(statement)
        if self._ours or kind == "reading":
            return
        if kind != "ddl":
            self._note(_digest(statement, parameters), statement, done=True)
        else:
            self._running = 0
            if not _REPEATABLE.match(statement):
                self._mark()

    def _failed(self, context: Any) -> None:
        """A statement that failed has done nothing: DDL statements are atomic, each by itself."""
        if self._ours or context.connection is not self._connection or context.statement is None or context.is_disconnect:
            return
        # What is refused because it is not what it was (see `_before`) has not been noted now, and keeps its note.
        if self._running == self._ordinal and _kind(context.statement) == "ddl":
            self._running = 0
            self._unnote()

    def _note(self, digest: str, statement: str, *, done: bool) -> None:
        """Not committed here: a data statement's goes with its transaction, a DDL statement begins with a commit."""
        self._run(
            f"INSERT INTO {self._rows_name if done else self._name} (step, ordinal, revision, direction, hash, done, statement) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s)",
            (self._step, self._ordinal, self._revision, self._direction, digest, done, shortened(statement, _MOST)),
        )

    def _unnote(self) -> None:
        self._run(f"DELETE FROM {self._name} WHERE step = %s AND ordinal = %s AND NOT done", (self._step, self._ordinal))
        self._commit()

    def _mark(self) -> None:
        self._run(f"UPDATE {self._name} SET done = 1 WHERE step = %s AND ordinal = %s", (self._step, self._ordinal))
        self._commit()

    def _run(self, statement: str, parameters: tuple[Any, ...] = ()) -> None:
        """On the driver's connection, past the events."""
        cursor = self._connection.connection.cursor()
        try:
            cursor.execute(statement, parameters)
        finally:
            cursor.close()

    def _commit(self) -> None:
        """Next to the commit that the server makes with a DDL statement; nothing to do where notes are outside of transactions."""
        if not self._outside:
            self._connection.connection.commit()

    def _changed(self, noted: Noted, now: str) -> StatementChanged:
        return StatementChanged(
            f"revision '{self._revision}' was interrupted and cannot be resumed: its statement {noted.ordinal} was "
            f"`{shortened(noted.statement)}`, and {now}",
            f"Put the script back as it was and run `gitmig {self._direction}` again; or finish it by hand and "
            f"`gitmig stamp {self._revision}`.",
        )


def _creation(name: str, engine: str) -> str:
    return f"CREATE TABLE IF NOT EXISTS {name} ({_COLUMNS}) ENGINE={engine} DEFAULT CHARACTER SET utf8mb4"


def _kind(statement: str) -> str:
    """ "reading" (changes nothing that lasts), "data" (belongs to the transaction), or "ddl" (commits by itself)."""
    start = _LEADING.match(statement)
    word = _WORD.match(statement, start.end() if start else 0)
    name = word[0].upper() if word else ""
    if name in _READING:
        return "reading"
    return "data" if name in _DATA else "ddl"


def _digest(statement: str, parameters: Any) -> str:
    return hashlib.sha256(f"{' '.join(statement.split())}\n{parameters!r}".encode()).hexdigest()
