"""What is said when a run stops in the middle: where the database is now, and what to type next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitmig.adapters.database import recognised
from gitmig.adapters.versiontable import RowMoved
from gitmig.errors import DatabaseError, GitmigError, StatementChanged
from gitmig.graph.routes import Move
from gitmig.runtime.script_module import RunStopped
from gitmig.runtime.stepinfo import arrow

if TYPE_CHECKING:
    from gitmig.adapters.journal import Journal
    from gitmig.runtime.migrationcontext import MigrationContext

_ALREADY = ("already exists", "duplicate column", "duplicate key name")


@dataclass(slots=True)
class Aftermath:
    """``outside``: a transaction of env.py's own was around the run when it began. ``began``: the script was called. ``committed``: it
    committed by itself. ``set_back``: revisions that the history knows as applied, and that something else took out of the version table,
    whose rows it knows as ``was``."""

    context: MigrationContext
    move: Move
    journal: Journal | None
    outside: bool
    set_back: tuple[str, ...] = ()
    was: tuple[str, ...] = ()
    began: bool = False
    committed: bool = False

    def explain(self, error: GitmigError) -> None:
        """Adds to ``error`` what state the database is in and what to type next."""
        if isinstance(error, (RowMoved, StatementChanged)) or not self.began:
            return
        state, again = self._state()
        if isinstance(error, RunStopped):
            error.hint = f"{state}. {again} goes on from there."
            return
        then = again.rstrip(",")
        cause = self._moved(again) or self._set_back() if any(words in error.message.lower() for words in _ALREADY) else ""
        error.hint = f"{state}. {cause or error.hint or f'Correct the file, then {then}.'}"

    def _state(self) -> tuple[str, str]:
        """Where the database is, and the command to go on."""
        direction = self.move.direction
        again = "`gitmig stamp`" if direction == "stamp" else f"`gitmig {direction}`"
        connection = self.context.connection
        at = arrow(self.context.outcome.committed) or "base (nothing is applied)"
        if connection.invalidated or connection.closed:
            return "The connection broke; `gitmig current` says where the database is", again
        if self.outside:
            return "The transaction around it belongs to env.py", again
        if self.journal is not None:
            left = self.journal.under_way()
            connection.rollback()
            if left is None:
                return f"The database is at {at}, and nothing of this revision was done", again
            done = left.place().replace(f"of its {left.direction} ", "")
            return f"The database is at {at}; of this revision, {done}, and noted", f"{again}, which goes on after them,"
        if self.committed:
            # On SQLite the driver begins no transaction before DDL, so what came after that commit may stay as well.
            least = " at least" if self.context.dialect.name == "sqlite" else ""
            return f"It committed in its midst, and what it did until then{least} stays: the database is at {at}", again
        return f"It was rolled back: the database is at {at}", again

    def _moved(self, again: str) -> str:
        """The likely cause where another tool moved the version rows while we ran: what we make it has made."""
        context = self.context
        connection = context.connection
        if connection.invalidated or connection.closed or self.outside or connection.in_transaction():
            return ""
        now = context.version.rows_if_there(connection)
        connection.rollback()
        if set(now) == set(context.outcome.committed):
            return ""
        return f"Something else moved {context.version} meanwhile: it says {arrow(now) or 'base'} now. {again} looks at it again."

    def _set_back(self) -> str:
        """The likely cause where what the revision makes is there already."""
        if self.move.revision not in self.set_back:
            return ""
        names = " ".join(self.was)
        return (
            f"The history says that it ran here, and that something else emptied {self.context.version} since: "
            f"if its changes are there, `gitmig stamp {names}`."
        )


def bookkeeping_failed(move: Move, reason: str) -> DatabaseError:
    """The error for version rows or a history that could not be written after the script had run."""
    known = recognised(reason, True)
    words = f"the database {known[0]}: {reason}" if known is not None else reason
    what = f"revision '{move.revision}' was not entered" if move.direction != "stamp" else "the stamp was not entered"
    return DatabaseError(f"{what} in the version table and the history: {words}", known[1] if known is not None else "")
