"""Writing several new files so that either all are there or nothing has changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from gitmig.errors import UsageError


def write_project_files(new: Mapping[Path, bytes], replaced: Mapping[Path, bytes], folders: tuple[Path, ...] = ()) -> None:
    """Create the files ``new``, exchange the content of ``replaced`` and make the empty ``folders``, with all folders around them.

    A file of ``new`` that exists already is never touched. Raises UsageError naming the path; everything is then as it was before.
    """
    made: list[Path] = []
    originals: dict[Path, bytes] = {}
    where: Path | None = None
    try:
        for folder in (*folders, *(path.parent for path in new)):
            where = folder
            made += _make_folder(folder)
        for path, content in new.items():
            where = path
            with path.open("xb") as file:
                made.append(path)
                file.write(content)
        for path, content in replaced.items():
            where = path
            before = path.read_bytes()
            _exchange(path, content)
            originals[path] = before
    except OSError as error:
        for path, content in originals.items():
            _exchange(path, content)
        for path in reversed(made):
            path.rmdir() if path.is_dir() else path.unlink()
        raise UsageError(
            f"{where} cannot be written: {error.strerror or error}; nothing was changed", "Make room or rights, and run it again."
        ) from error


def _make_folder(folder: Path) -> list[Path]:
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    made: list[Path] = []
    for each in reversed(missing):
        each.mkdir()
        made.append(each)
    return made


def _exchange(path: Path, content: bytes) -> None:
    """Through a file beside it, so that a full disk leaves the old content."""
    real = path.resolve()
    handle, name = tempfile.mkstemp(prefix=f".{real.name}.", dir=real.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        shutil.copymode(real, name)
        Path(name).replace(real)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
