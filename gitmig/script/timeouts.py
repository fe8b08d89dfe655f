"""How long a revision lets its statements wait and run: ``# gitmig: lock_timeout 5s, statement_timeout 10min`` in its file."""

from __future__ import annotations

import io
import re
import tokenize
from dataclasses import dataclass

from gitmig.config.durations import FORMS, seconds
from gitmig.errors import RevisionFileError

_COMMENT = re.compile(r"#\s*gitmig:\s*(?P<settings>(?:lock_timeout|statement_timeout)\b.*)")
_SETTING = re.compile(r"(?P<name>lock_timeout|statement_timeout)\s*[ =]\s*(?P<value>\S+)")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """In seconds: how long a statement waits for a lock, and how long it may take. 0 is no limit, None the server's own setting."""

    lock: float | None = None
    statement: float | None = None

    def over(self, other: Timeouts) -> Timeouts:
        """These, and those of ``other`` where these say nothing."""
        return Timeouts(other.lock if self.lock is None else self.lock, other.statement if self.statement is None else self.statement)


NONE = Timeouts()


def read_timeouts(source: bytes, path: str) -> Timeouts:
    """What the comments of a file say. Raises RevisionFileError with the line of one that cannot be read."""
    if b"_timeout" not in source or b"gitmig:" not in source:
        return NONE
    found = NONE
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        comment = _COMMENT.match(token.string) if token.type == tokenize.COMMENT else None
        if comment is not None:
            found = _settings(comment["settings"], f"{path}:{token.start[0]}").over(found)
    return found


def _settings(text: str, where: str) -> Timeouts:
    found: dict[str, float] = {}
    for part in text.split("#")[0].split(","):
        setting = _SETTING.fullmatch(part.strip())
        length = None if setting is None else seconds(setting["value"])
        if setting is None or length is None:
            raise RevisionFileError(f"{where}: '{part.strip()}' is no timeout", f"Write `# gitmig: lock_timeout 5s`: {FORMS}.")
        found[setting["name"].removesuffix("_timeout")] = length
    return Timeouts(found.get("lock"), found.get("statement"))
