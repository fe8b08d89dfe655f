"""Ctrl-C during a run: the statement under way is finished, then the run stops, so that what a database can roll back is rolled back."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# SIGTERM is how a container is asked to end; after some seconds it is killed.
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class StopAsked(Exception):
    """The run was asked to stop, and stops here. (No KeyboardInterrupt: SQLAlchemy would throw the connection away.)"""


class Stop:
    """What a signal asked for. ``within`` is set while a script runs: its next statement is then refused, and ``refused`` tells of it, in
    case that the script catches exceptions and goes on."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._asked = False
        self.within = False
        self.refused = False

    def asked(self, number: int, frame: Any) -> None:
        """The signal handler. Asked twice, it breaks off at once."""
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        self._say("Stopping when the statement that is running has ended; once more breaks it off.")

    def check(self) -> None:
        """Raises StopAsked if a signal came."""
        if self._asked:
            raise StopAsked

    def before_statement(self, *_arguments: Any) -> None:
        """For SQLAlchemy's ``before_cursor_execute``."""
        if self.within and self._asked:
            self.refused = True
            raise StopAsked


@contextmanager
def stopping(connection: Connection, say: Callable[[str], None]) -> Iterator[Stop]:
    """SIGINT and SIGTERM inside the block set the `Stop` that it gives. A signal that is ignored stays so; so does everything where this
    is not the main thread, which alone can be told of signals."""
    stop = Stop(say)
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    taken = [number for number, handler in before.items() if handler not in (signal.SIG_IGN, None)]
    sa.event.listen(connection, "before_cursor_execute", stop.before_statement)
    for number in taken:
        signal.signal(number, stop.asked)
    try:
        yield stop
    finally:
        for number in taken:
            signal.signal(number, before[number])
        sa.event.remove(connection, "before_cursor_execute", stop.before_statement)
