"""Which revision files this machine has run, by their blob ids: kept under the git directory, where no clone and no dump brings it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path


def _file(common_dir: Path) -> Path:
    return common_dir / "gitmig" / "ran"


def remember_ran(common_dir: Path, blobs: Iterable[str]) -> None:
    """Enter them, each once."""
    fresh = sorted(set(blobs) - ran_here(common_dir))
    if not fresh:
        return
    # Where nothing can be written a later `sync` asks once more than it would; the run itself is done.
    with contextlib.suppress(OSError):
        _file(common_dir).parent.mkdir(parents=True, exist_ok=True)
        with _file(common_dir).open("a", encoding="ascii") as file:
            file.write("".join(f"{blob}\n" for blob in fresh))


def ran_here(common_dir: Path) -> frozenset[str]:
    """The blob ids (as `githead.blob_id` makes them) that ran on this machine."""
    try:
        return frozenset(_file(common_dir).read_text("ascii", "replace").split())
    except OSError:
        # Nothing ran yet.
        return frozenset()
