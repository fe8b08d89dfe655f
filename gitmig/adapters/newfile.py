"""A file that is there whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from gitmig.errors import GitmigError


def write_new(path: Path, content: bytes) -> None:
    """Make the file, and its folders. Raises GitmigError where it exists already or cannot be written; then nothing is left."""
    made = _make_folders(path.parent)
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        try:
            with part.open("xb") as file:
                file.write(content)
            _name(part, path)
        finally:
            part.unlink(missing_ok=True)
    except FileExistsError:
        raise GitmigError(f"{path}: exists already", "Choose another message or `--rev-id`, or delete it.") from None
    except OSError as error:
        _remove_folders(made)
        raise GitmigError(f"{path}: cannot be written: {error.strerror or error}", "Nothing was changed.") from error


def exchange(path: Path, content: bytes) -> None:
    """Give the file this content. Raises OSError; then it is as it was, and nothing is left beside it."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _name(part: Path, path: Path) -> None:
    """Give the finished file its name. A link fails where the name is taken; a rename would replace what is there."""
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except (OSError, AttributeError):
        # A file system, or a Python, without links.
        if path.exists():
            raise FileExistsError(path) from None
        part.rename(path)


def _make_folders(folder: Path) -> list[Path]:
    missing: list[Path] = []
    here = folder
    while not here.exists() and here != here.parent:
        missing.append(here)
        here = here.parent
    made: list[Path] = []
    try:
        for each in reversed(missing):
            each.mkdir()
            made.append(each)
    except OSError as error:
        _remove_folders(made)
        raise GitmigError(f"{folder}: cannot be made: {error.strerror or error}", "Nothing was changed.") from error
    return made


def _remove_folders(made: list[Path]) -> None:
    for each in reversed(made):
        try:
            each.rmdir()
        except OSError:
            # Someone else put a file there meanwhile; it is theirs now.
            return
