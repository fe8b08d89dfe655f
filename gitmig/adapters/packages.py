"""Folders of importable packages, found without importing them."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import PathFinder
from pathlib import Path


def package_folder(package: str, path: str, more: Sequence[str] = ()) -> str | None:
    """The folder ``path`` in ``package`` (dotted); ``more`` are folders to look in before ``sys.path``. None if there is none."""
    places: Sequence[str] | None = [*more, *sys.path]
    for name in package.split("."):
        spec = PathFinder.find_spec(name, places)
        if spec is None or spec.submodule_search_locations is None:
            return None
        places = list(spec.submodule_search_locations)
    found = (Path(place, *path.split("/")) for place in places or ())
    return next((str(each) for each in found if each.is_dir()), None)


def has_entry_points(group: str) -> bool:
    """Whether an installed package declares entry points of ``group``. Their files are searched as text: reading every package's metadata,
    as importlib.metadata does, costs a commit more."""
    return any(f"[{group}]".encode() in text for text in _declared())


def _declared() -> Iterator[bytes]:
    """The texts of entry_points.txt of what is on the path (packaging.python.org, "Entry points specification")."""
    for place in dict.fromkeys(sys.path):
        try:
            with os.scandir(place or ".") as entries:
                folders = [entry.path for entry in entries if entry.name.endswith((".dist-info", ".egg-info"))]
        except OSError:
            continue
        for folder in folders:
            with contextlib.suppress(OSError):
                yield Path(folder, "entry_points.txt").read_bytes()
