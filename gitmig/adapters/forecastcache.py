"""What forecasts found, remembered under the git directory by what they rest on. It only saves time: one that is damaged or cannot be
written changes nothing."""

from __future__ import annotations

import contextlib
import json
import os
from hashlib import sha256
from pathlib import Path
from typing import Any

KEPT = 8
"""How many answers are kept; the oldest go first."""


class ForecastCache:
    """Answers by key, in one file of ``folder``; None keeps nothing."""

    def __init__(self, folder: str | None) -> None:
        self._path = None if folder is None else Path(folder, "forecast.json")
        self._answers: dict[str, Any] = {}
        self._changed = False
        if self._path is not None:
            with contextlib.suppress(OSError, ValueError, TypeError):
                self._answers = dict(json.loads(self._path.read_bytes()))

    @property
    def empty(self) -> bool:
        return not self._answers

    def get(self, key: str) -> Any:
        """The answer; None where it is not known."""
        return self._answers.get(key)

    def put(self, key: str, answer: Any) -> None:
        self._answers.pop(key, None)
        self._answers[key] = answer
        self._changed = True

    def save(self) -> None:
        """Write what is new."""
        if self._path is None or not self._changed:
            return
        part = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps(list(self._answers.items())[-KEPT:]), "utf-8")
            part.replace(self._path)


def key_of(*parts: object) -> str:
    """One key of everything that an answer rests on."""
    return sha256(json.dumps(parts, default=str).encode()).hexdigest()[:40]
