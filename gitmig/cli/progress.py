"""How a long run is shown: a bar on a terminal, else a line for each revision."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gitmig.errors import redact

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


class Bar:
    """A rich bar on stderr while revisions run; a single one is a line. Lines of talk and of scripts stand above it."""

    def __init__(self, say: Callable[[str], None], no_color: bool) -> None:
        self._say = say
        self._no_color = no_color
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        self._begun = 0
        self._total = 0
        self._start = time.monotonic()

    def plan(self, total: int) -> None:
        self._total = self._begun + total
        if self._total > 1 and self._progress is None:
            self._progress = self._made()
            self._task = self._progress.add_task("", total=self._total)
            self._progress.start()
        elif self._progress is not None and self._task is not None:
            self._progress.update(self._task, total=self._total)

    def begin(self, line: str) -> None:
        if self._progress is None or self._task is None:
            self._say(line)
        else:
            self._progress.update(self._task, completed=self._begun, description=redact(line))
        self._begun += 1

    def close(self, *, finished: bool) -> None:
        """Takes the bar away and says what it came to."""
        if self._progress is None:
            return
        self._progress.stop()
        if finished:
            self._say(f"{self._begun} revisions ran in {time.monotonic() - self._start:.1f} seconds.")

    def _made(self) -> Progress:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            BarColumn(bar_width=20),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
        )
        console = Console(stderr=True, no_color=self._no_color or None)
        return Progress(*columns, console=console, transient=True, redirect_stdout=sys.stdout.isatty())


@contextmanager
def bar(say: Callable[[str], None], *, no_color: bool) -> Iterator[Bar]:
    """A bar that goes away at the end of the block, whatever ends it."""
    made = Bar(say, no_color)
    finished = False
    try:
        yield made
        finished = True
    finally:
        made.close(finished=finished)
