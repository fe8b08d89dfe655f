"""The work tree as a `Tree`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from gitmig.ports import Entry

NOT_OURS = frozenset({".git", ".hg", ".svn", ".tox", ".nox", "__pycache__", "node_modules", "site-packages"})


class DiskTree:
    """Files under ``root`` as they are on disk. Paths are posix, relative to ``root`` or absolute."""

    def __init__(self, root: str | os.PathLike[str]) -> None:
        self.root = Path(root)

    def __repr__(self) -> str:
        return f"DiskTree({str(self.root)!r})"

    def read(self, path: str) -> bytes:
        """The file's content. Raises FileNotFoundError (also where ``path`` is a folder)."""
        try:
            return (self.root / path).read_bytes()
        except (IsADirectoryError, NotADirectoryError) as error:
            raise FileNotFoundError(error.errno, "Not a file", str(self.root / path)) from error

    def exists(self, path: str) -> bool:
        """Whether ``path`` is a file."""
        return (self.root / path).is_file()

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        """The files in ``folder``, sorted by path.

        Recursion passes over version control, virtual environments and caches.
        """
        prefix = folder.rstrip("/")
        if folder.startswith("/") and not prefix:
            prefix = "/"
        start = self.root / folder if folder else self.root
        return [Entry(path) for path in sorted(_files(start, "" if prefix in ("", ".") else f"{prefix}/", recursive))]


def _files(folder: Path, prefix: str, recursive: bool) -> Iterator[str]:
    try:
        found = list(os.scandir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for entry in found:
        if entry.is_file():
            yield prefix + entry.name
        elif recursive and entry.is_dir(follow_symlinks=False) and _is_source(entry):
            yield from _files(Path(entry.path), f"{prefix}{entry.name}/", recursive)


def _is_source(folder: os.DirEntry[str]) -> bool:
    return folder.name not in NOT_OURS and not (Path(folder.path) / "pyvenv.cfg").exists()
