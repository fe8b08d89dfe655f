"""What a command asks of a run beyond what Alembic's options say, and what it gets back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from gitmig.adapters.githead import Head
from gitmig.graph.routes import Direction
from gitmig.script.timeouts import NONE, Timeouts

if TYPE_CHECKING:
    from gitmig.adapters.history import Entry

LOCK_TIMEOUT = 300.0
"""Seconds that a run waits for another one."""


def _silent(text: str) -> None:
    return None


class Progress(Protocol):
    """Is told how a run goes on."""

    def plan(self, total: int) -> None:
        """So many revisions are to run; said again where a run plans anew."""
        ...

    def begin(self, line: str) -> None:
        """A revision begins; ``line`` says which."""
        ...


@dataclass(frozen=True, slots=True)
class Lines:
    """One line a revision."""

    say: Callable[[str], None] = _silent

    def plan(self, total: int) -> None:
        return None

    def begin(self, line: str) -> None:
        self.say(line)


@dataclass(frozen=True, slots=True)
class Settings:
    """``say`` is told lines for people, ``told`` which revision begins (without one they are lines too). ``lock_timeout`` is how many
    seconds a run waits for another one; ``timeouts`` are the server's, for statements. ``stops``: a signal waits for the statement that is
    running. ``run_skipped``: revisions that a rebase slipped under the heads are run too. ``looks_back``: a run that only reads also reads
    the history. ``database`` is what commands that are told say between `gitmig` and their name. ``history`` says where it is kept;
    ``history_folder`` is needed for "file". ``head`` is the work tree's, where known."""

    say: Callable[[str], None] = _silent
    lock_timeout: float = LOCK_TIMEOUT
    single_transaction: bool = False
    run_skipped: bool = False
    looks_back: bool = False
    database: str = ""
    history: Literal["table", "file", "off"] = "table"
    history_table: str = "gitmig_history"
    history_folder: Path | None = None
    head: Head | None = None
    timeouts: Timeouts = NONE
    stops: bool = False
    told: Progress | None = None

    @property
    def progress(self) -> Progress:
        return Lines(self.say) if self.told is None else self.told


def logged(text: str) -> None:
    """Tells what a run does where Alembic tells it, for those who configure their logs."""
    logging.getLogger("alembic.runtime.migration").info(text)


STANDALONE = Settings(say=logged, history="off")
"""A context that an application made by hand: nothing is written beside the version table."""


@dataclass(frozen=True, slots=True)
class Done:
    """One revision that a run went over. ``ran`` False: its script was not called (stamp, or a downgrade over one that never ran)."""

    revision: str
    direction: Direction
    seconds: float
    ran: bool = True


@dataclass(frozen=True, slots=True)
class Standing:
    """What a database has beside its version rows. ``skipped`` never ran although they lie under a row, ``foreign`` came with another
    tool since the last run of ours; oldest first.

    ``unknown`` are applied and defined by no file here, in the order in which they were applied. ``differing`` ran from a text that
    means something else than the file here. ``entries`` is the last line of the history for each applied revision that has one, with
    the source of those that are unknown or differ.
    """

    skipped: tuple[str, ...] = ()
    foreign: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()
    entries: Mapping[str, Entry] | None = None

    @property
    def has_history(self) -> bool:
        return self.entries is not None


@dataclass(slots=True)
class Outcome:
    """What a run did: the version rows ``before`` and ``after``, and the revisions in order; ``committed`` are the rows that are safe."""

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    committed: tuple[str, ...] = ()
    done: list[Done] = field(default_factory=list)
    database: str = ""
    """The URL of the connection, without its password."""
    standing: Standing | None = None
    """What the history says, where it was asked."""
