"""`wait`: until the database is where this checkout wants it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from gitmig.commands.current import Place, current
from gitmig.commands.project import Project
from gitmig.commands.running import Say
from gitmig.errors import DatabaseError, sentence

TIMEOUT = 300.0
INTERVAL = 1.0
"""Seconds between two questions."""


@dataclass(frozen=True, slots=True)
class Waited:
    """``place`` is where the database is, None where it did not answer; ``reason`` why it is not ready (without a full stop), and
    ``hint`` what to do, both empty where it is; ``seconds`` how long it was waited."""

    place: Place | None
    reason: str
    hint: str
    seconds: float

    @property
    def ready(self) -> bool:
        return not self.reason

    def to_json(self) -> dict[str, Any]:
        place = self.place
        return {
            "ready": self.ready,
            "reason": self.reason or None,
            "seconds": round(self.seconds, 3),
            "database": None if place is None else place.database,
            "rows": None if place is None else list(place.rows),
            "unknown": None if place is None else list(place.unknown),
            "missing_heads": None if place is None else list(place.missing_heads),
        }


def wait(project: Project, say: Say, *, timeout: float = TIMEOUT, interval: float = INTERVAL) -> Waited:
    """Asks until the database is at all heads, or ``timeout`` seconds are over (0 asks once). A database that does not answer may still
    come up; one at a revision that no file here defines will not come back, so that ends the waiting at once.

    Raises ConfigError, RevisionFileError, GraphError.
    """
    start = time.monotonic()
    told = ""
    while True:
        place, reason, hint = _ask(project)
        passed = time.monotonic() - start
        final = not reason or (place is not None and bool(place.unknown))
        if final or passed >= timeout:
            return Waited(place, reason, hint, passed)
        if reason != told:
            say(f"Waiting: {sentence(reason)}")
            told = reason
        time.sleep(max(0.0, min(interval, timeout - passed)))


def _ask(project: Project) -> tuple[Place | None, str, str]:
    try:
        place = current(project)
    except DatabaseError as error:
        return None, error.message, error.hint
    reason, hint = place.complaint()
    return place, reason, hint
