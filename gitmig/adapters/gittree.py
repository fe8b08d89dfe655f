"""Files of the index and of commits as a `Tree`, rooted at a project inside the repository."""

from __future__ import annotations

import bisect
import os
import posixpath
from collections.abc import Mapping, Sequence
from pathlib import Path

from gitmig.adapters.disk import DiskTree
from gitmig.adapters.gitrepo import Blobs, Repository, relative_to, split_nul
from gitmig.errors import GitError
from gitmig.ports import Entry

SYMLINK, SUBMODULE = "120000", "160000"
_TOO_MANY_LINKS = 40


class GitTree:
    """What git holds under ``prefix`` ("" or "folder/"), in the index or in the commit ``oid``.

    Paths are posix and relative to the project root; "../x" reaches the rest of the repository. An absolute path inside the repository
    means the tree's file, one outside (an installed package) the file on disk. Symbolic links are followed inside the tree; a submodule's
    files are those of its own work tree.
    """

    def __init__(self, repository: Repository, prefix: str = "", *, oid: str | None = None) -> None:
        self.repository = repository
        self.prefix = prefix
        self.oid = oid
        self._blobs = Blobs(repository)
        self._inside: _Listing | None = None
        self._everything: _Listing | None = None

    def __repr__(self) -> str:
        return f"GitTree({self.repository.top!r}, {self.prefix!r}, {self.oid or 'index'})"

    def read(self, path: str) -> bytes:
        """The file's content. Raises FileNotFoundError."""
        place = self._place(path)
        if place is None:
            return DiskTree(self.repository.top).read(path)
        entry = self._entry(place)
        if isinstance(entry, str):
            return DiskTree(self.repository.top).read(entry)
        if entry is None or entry.oid is None:
            raise FileNotFoundError(2, "Not in the index" if self.oid is None else f"Not in {self.oid[:12]}", path)
        return self._blobs.read(entry.oid)

    def exists(self, path: str) -> bool:
        """Whether ``path`` is a file."""
        place = self._place(path)
        if place is None:
            return os.path.isfile(path)
        entry = self._entry(place)
        return os.path.isfile(os.path.join(self.repository.top, entry)) if isinstance(entry, str) else entry is not None

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        """The files in ``folder`` ("" is the root), sorted by path."""
        place = self._place(folder)
        if place is None:
            return DiskTree(self.repository.top).list(folder, recursive=recursive)
        place = self._folder(place)
        listing = self._listing(place)
        if any(listing.entries[each].mode == SUBMODULE for each in (place, *_ancestors(place)) if each in listing.entries):
            return self._from_disk(folder, place, recursive)
        shown = folder.rstrip("/")
        return [
            Entry(f"{shown}/{name}" if shown and shown != "." else name, entry.oid, entry.mode)
            for name, entry in listing.under(place)
            if entry.mode != SUBMODULE and (recursive or "/" not in name)
        ]

    def close(self) -> None:
        """End the git process that reads contents; the next read starts another."""
        self._blobs.close()

    def _from_disk(self, folder: str, place: str, recursive: bool) -> Sequence[Entry]:
        found = DiskTree(os.path.join(self.repository.top, place)).list("", recursive=recursive)
        return [Entry(f"{folder.rstrip('/')}/{entry.path}") for entry in found]

    def _place(self, path: str) -> str | None:
        """``path`` relative to the top of the repository; None for an absolute path outside."""
        if os.path.isabs(path):
            parent, name = os.path.split(path)
            return relative_to(self.repository.top, os.path.join(os.path.realpath(parent), name))
        joined = posixpath.normpath(posixpath.join(self.prefix, path))
        return "" if joined == "." else joined

    def _listing(self, place: str) -> _Listing:
        if place == self.prefix.rstrip("/") or place.startswith(self.prefix):
            if self._inside is None:
                self._inside = _Listing(self._load(self.prefix))
            return self._inside
        if self._everything is None:
            self._everything = _Listing(self._load(""))
        return self._everything

    def _entry(self, place: str) -> Entry | str | None:
        """The entry at ``place``, its links followed; a text is a place whose file must be read from disk."""
        for _ in range(_TOO_MANY_LINKS):
            entry = self._listing(place).entries.get(place)
            if entry is None:
                parents = [each for each in _ancestors(place) if each in self._listing(each).entries]
                if not parents:
                    return None
                link = self._listing(parents[0]).entries[parents[0]]
                if link.mode == SUBMODULE:
                    return place
                if link.mode != SYMLINK:
                    return None
                place = self._target(parents[0], link) + place[len(parents[0]) :]
            elif entry.mode == SUBMODULE:
                return None
            elif entry.mode == SYMLINK:
                place = self._target(place, entry)
            else:
                return entry
            if os.path.isabs(place) or place.startswith("../"):
                return place
        return None

    def _folder(self, place: str) -> str:
        for _ in range(_TOO_MANY_LINKS):
            links = [
                each
                for each in (place, *_ancestors(place))
                if (found := self._listing(each).entries.get(each)) is not None and found.mode == SYMLINK
            ]
            if not links:
                break
            place = self._target(links[0], self._listing(links[0]).entries[links[0]]) + place[len(links[0]) :]
        return place

    def _target(self, place: str, entry: Entry) -> str:
        assert entry.oid is not None
        return posixpath.normpath(posixpath.join(posixpath.dirname(place), os.fsdecode(self._blobs.read(entry.oid))))

    def _load(self, prefix: str) -> dict[str, Entry]:
        paths = ["--", f":(top,literal){prefix}"] if prefix else []
        if self.oid is None:
            return read_index_entries(self.repository.git("ls-files", "-s", "-z", *paths))
        if prefix:
            paths = ["--", prefix]
        entries: dict[str, Entry] = {}
        for line in split_nul(self.repository.git("ls-tree", "-r", "-z", "--full-tree", self.oid, *paths)):
            meta, _, path = line.partition("\t")
            mode, _, oid = meta.split(" ")
            entries[path] = Entry(path, oid, mode)
        return entries


class _Listing:
    """Entries by path from the top, with their paths in order so that one folder is found without a walk."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self._paths = sorted(entries)

    def under(self, place: str) -> list[tuple[str, Entry]]:
        """(path relative to ``place``, entry) of the files under it, by path."""
        start = f"{place}/" if place else ""
        first = bisect.bisect_left(self._paths, start)
        found = []
        for path in self._paths[first:]:
            if not path.startswith(start):
                break
            found.append((path[len(start) :], self.entries[path]))
        return found


def read_index_entries(output: bytes) -> dict[str, Entry]:
    """The entries that `git ls-files -s -z` printed, by path from the top.

    Raises GitError when a path has unresolved conflicts.
    """
    entries: dict[str, Entry] = {}
    for line in split_nul(output):
        meta, _, path = line.partition("\t")
        mode, oid, stage = meta.split(" ")
        if stage != "0":
            raise unmerged(path)
        entries[path] = Entry(path, oid, mode)
    return entries


def unmerged(path: str) -> GitError:
    """What is said of an index with conflicts."""
    return GitError(f"{path} has conflicts that are not resolved", f"Resolve them, then git add {Path(path).as_posix()}.")


def _ancestors(place: str) -> list[str]:
    """The folders above ``place``, nearest first."""
    parts = place.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
