"""The history as a run keeps it: what other tools did is entered first, each step adds its line, and a silent skip is found."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import nullcontext
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlalchemy.exc import DBAPIError

from gitmig.adapters.database import denied, driver_words
from gitmig.adapters.history import Entry, FileHistory, History, Kind, Record, TableHistory
from gitmig.adapters.machine import remember_ran
from gitmig.errors import DatabaseError
from gitmig.graph.applied import below, compare
from gitmig.graph.routes import Move

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.script_module import Scripts

_EMPTY = Record(None, frozenset())


def history_of(context: MigrationContext) -> History | None:
    """Where the history of this context's database is kept; None where it is switched off or has no place."""
    settings = context.settings
    version_table = str(context.version)
    if settings.history == "off" or not settings.history_table:
        return None
    # Alembic looks into a schema of ours only where env.py says include_schemas; else it is out of its sight.
    if settings.history == "file" and (context.dialect.name != "postgresql" or context.opts.get("include_schemas")):
        folder = settings.history_folder
        url = context.connection.engine.url.render_as_string(hide_password=True)
        return None if folder is None else FileHistory(folder, url, version_table)
    return TableHistory(context.connection, settings.history_table, version_table)


class Ledger:
    """``skipped`` are the revisions under the heads that never ran, were stamped, or came with another tool."""

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self._scripts: Scripts | None = context.scripts
        self._history = history_of(context)
        self._there = False
        self._gathers = False
        self._gathered: list[Entry] = []
        self._ran: list[str] = []
        self._record = _EMPTY
        self.skipped: frozenset[str] = frozenset()
        self._foreign: tuple[tuple[str, Literal["upgrade", "downgrade"]], ...] = ()
        self.set_back: tuple[str, ...] = ()
        """What the history knows as applied, and something else took out of the version table; newest first."""

    def look(self, rows: tuple[str, ...]) -> None:
        """Reads the history and compares it with the version rows. Writes nothing."""
        if self._history is None:
            return
        self._there = self._history.exists()
        if self._scripts is None:
            return
        self._record = self._read(self._history) if self._there else _EMPTY
        if self._history is None:
            return
        found = compare(self._scripts.graph, rows, self._record.rows, self._record.applied)
        self._foreign = (*((id, "downgrade") for id in found.gone), *((id, "upgrade") for id in found.came))
        self.set_back = found.gone
        self.skipped = frozenset(found.skipped)

    def _read(self, history: History) -> Record:
        """What it says. Without the right to read it: one warning, and the run goes on without a history."""
        connection = self._context.connection
        postgresql = connection.dialect.name == "postgresql"
        try:
            with connection.begin_nested() if postgresql else nullcontext():
                return history.record()
        except (DBAPIError, OSError) as error:
            words = driver_words(error)
            if not denied(words):
                raise
            self._context.settings.say(f"warning: {history} cannot be read, so what runs is not entered in it: {words}")
            self._history = None
            return _EMPTY

    @property
    def last_rows(self) -> tuple[str, ...]:
        """The version rows as the history last knew them."""
        return self._record.rows or ()

    def with_skipped(self, moves: tuple[Move, ...], rows: tuple[str, ...]) -> tuple[Move, ...]:
        """The moves of an upgrade with the skipped revisions before them. Raises DatabaseError unless the command runs those."""
        if not self.skipped or self._scripts is None or self._context.opts.get("command") != "upgrade":
            return moves
        graph = self._scripts.graph
        order = tuple(reversed(graph.sorted(self.skipped)))
        if not self._context.settings.run_skipped:
            first = order[0]
            above = next((id for id in graph.children(first) if id in below(graph, rows)), first)
            more = f" (and {len(order) - 1} more)" if len(order) > 1 else ""
            option = self._context.settings.database
            raise DatabaseError(
                f"revision '{first}' ({self._scripts.revisions[first].path}){more} never ran on this database, although '{above}' above it "
                "did: it was probably put under it by a rebase",
                f"`gitmig{option} sync` steps back over what was moved, as it was applied, and forward again; `gitmig{option} upgrade "
                f"--run-skipped` runs it late; or, if its changes are there already, `gitmig{option} stamp {arrow_names(rows)}`.",
            )
        late = tuple(Move(id, "upgrade", rows, (), rows) for id in order)
        return (*late, *moves)

    @property
    def needs_preparing(self) -> bool:
        return self._history is not None and (not self._there or bool(self._foreign))

    def prepare(self, rows: tuple[str, ...], *, foreign: bool = True) -> None:
        """Creates the history where it is missing and (``foreign``) enters what other tools did. Without the right to: one warning."""
        if self._history is None:
            return
        if not self._there and not self._create(self._history):
            self._history = None
            return
        if foreign:
            self._write([self._entry(id, direction, "foreign", rows) for id, direction in self._foreign])
        self._foreign = ()

    def _create(self, history: History) -> bool:
        connection = self._context.connection
        postgresql = connection.dialect.name == "postgresql"
        try:
            # A refused statement spoils a transaction of PostgreSQL's; a savepoint keeps the run's own whole.
            with connection.begin_nested() if postgresql else nullcontext():
                history.create()
        except (DBAPIError, OSError) as error:
            reason = " ".join(str(getattr(error, "orig", None) or error).split())
            self._context.settings.say(f"warning: {history} cannot be created, so what runs is not entered in a history: {reason}")
            return False
        self._there = True
        return True

    def add(self, move: Move, seconds: float) -> None:
        """Enters one step, in its transaction (a history in a file, and what this machine remembers: after it)."""
        head = self._context.settings.head
        if move.direction == "upgrade" and head is not None and self._scripts is not None:
            if not self._ran:
                self._context.after_commit(lambda: self._remember(head.common_dir))
            self._ran.append(self._scripts.blob(move.revision))
        if self._history is None:
            return
        if move.direction == "stamp":
            self._write(self._stamped(move))
        else:
            self._write([self._entry(move.revision, move.direction, "ran", move.after, seconds)])

    def _stamped(self, move: Move) -> list[Entry]:
        if self._scripts is None:
            return []
        graph = self._scripts.graph
        before, after = below(graph, move.before), below(graph, move.after)
        down = [self._entry(id, "downgrade", "stamped", move.after) for id in graph.sorted(before - after)]
        # A stamp says that everything below is applied: that also settles what was skipped.
        up = [self._entry(id, "upgrade", "stamped", move.after) for id in reversed(graph.sorted(after - before))]
        return down + up

    def settle(self, rows: tuple[str, ...]) -> None:
        """After a stamp: what was skipped below its rows counts as applied from now on."""
        if self._history is None or not self.skipped or self._scripts is None:
            return
        graph = self._scripts.graph
        settled = self.skipped & below(graph, rows)
        self._write([self._entry(id, "upgrade", "stamped", rows) for id in reversed(graph.sorted(settled))])

    def _entry(self, id: str, direction: Literal["upgrade", "downgrade"], kind: Kind, rows: Iterable[str], seconds: float = 0.0) -> Entry:
        head = self._context.settings.head
        known = self._scripts is not None and id in self._scripts.revisions
        source = self._scripts.source(id) if known and kind == "ran" and self._scripts is not None else None
        path = self._scripts.revisions[id].path if known and self._scripts is not None else None
        return Entry(
            revision=id,
            direction=direction,
            kind=kind,
            rows=tuple(sorted(rows)),
            at=_now(),
            blob=None if source is None or self._scripts is None else self._scripts.blob(id),
            path=path,
            source=None if source is None or not (path or "").endswith(".py") else source.decode("utf-8", "replace"),
            seconds=round(seconds, 6),
            commit=head.commit if head is not None else None,
            branch=head.branch if head is not None else None,
        )

    def _write(self, entries: list[Entry]) -> None:
        history = self._history
        if history is None or not entries:
            return
        if isinstance(history, FileHistory):
            self._context.after_commit(lambda: self._append(history, entries))
        elif self._gathers:
            self._gathered += entries
        else:
            history.add(entries)

    def _append(self, history: FileHistory, entries: list[Entry]) -> None:
        try:
            history.add(entries)
        except OSError as error:
            # The revision itself is safe; the next run enters what is missing here as another tool's.
            self._context.settings.say(f"warning: {history} cannot be written, so what ran is not entered in it: {error.strerror}")

    def _remember(self, common_dir: Path) -> None:
        remember_ran(common_dir, self._ran)
        self._ran.clear()

    def gather(self) -> None:
        """From now on entries wait for `flush`: in a run that is one transaction they may as well be written together."""
        self._gathers = True

    def flush(self) -> None:
        """Writes what waits; called before its transaction commits."""
        if self._history is not None and self._gathered:
            self._history.add(self._gathered)
            self._gathered = []


def arrow_names(rows: Iterable[str]) -> str:
    return " ".join(rows) or "base"


def _now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="microseconds").replace("+00:00", "Z")
