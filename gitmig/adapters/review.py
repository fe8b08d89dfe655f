"""Revision files that the hook wrote and that no commit holds yet: remembered by path and blob under the git directory.

Such a file is the one thing on disk that a commit may take without being told: it came from the hook, and a person was asked to read it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from gitmig.adapters.newfile import exchange

_NAME = "review.json"


@dataclass(frozen=True, slots=True)
class Pending:
    """One such file. ``path`` is from the repository's top, ``oid`` the blob as it was left on disk.

    ``source`` is the blob of the text as generated, before post-write hooks. ``project`` is the prefix of its project. ``why``: left for
    review, or written for a commit that may not have come about.
    """

    path: str
    oid: str
    source: str
    project: str
    why: Literal["review", "commit"]


def read_pending(folder: Path) -> tuple[Pending, ...]:
    """What is remembered, in the order written; empty where there is nothing or it cannot be read."""
    try:
        return tuple(Pending(**each) for each in json.loads((folder / _NAME).read_text("utf-8")))
    except (OSError, ValueError, TypeError):
        return ()


def write_pending(folder: Path, pending: Iterable[Pending]) -> None:
    """Remember exactly ``pending``. Raises OSError."""
    found = [asdict(each) for each in pending]
    path = folder / _NAME
    if not found:
        path.unlink(missing_ok=True)
        return
    folder.mkdir(parents=True, exist_ok=True)
    exchange(path, json.dumps(found, indent=1).encode())
