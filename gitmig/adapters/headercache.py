"""Headers of revision files, remembered between runs under the git directory.

A header is a function of the file's content, so git's blob id is its key where a tree knows it, and what the file system says
about the file where it does not. The cache only saves time: one that is missing, damaged or cannot be written changes nothing.
"""

from __future__ import annotations

import binascii
import marshal
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import cast

from gitmig.adapters.disk import DiskTree
from gitmig.adapters.headerparse import Packed, pack, parse_files, unpack
from gitmig.errors import RevisionFileError
from gitmig.ports import Entry, Tree
from gitmig.script.header import Header
from gitmig.script.load import header_of, read_one

FORMAT = b"gitmig headers 1\n"
MOST_BLOBS = 50_000
"""How many headers of blobs are kept; beyond it the cache of blobs begins anew."""

# A file changed again within the clock's step keeps its time. Linux steps 1 to 10 ms; some file systems keep whole seconds.
_CLOCK_STEP_NS = 50_000_000
_COARSE_STEP_NS = 2_000_000_000

_Stamp = tuple[int, ...]
_Key = str | _Stamp


class HeaderCache:
    """A `script.load.HeaderReader` that parses only what it has not seen; ``folder`` None keeps nothing."""

    def __init__(self, folder: str | None) -> None:
        self.folder = folder

    def read(self, tree: Tree, entries: Sequence[Entry]) -> Sequence[Header | RevisionFileError]:
        """The headers of ``entries`` in their order; in the place of a file that cannot be read, the error."""
        if isinstance(tree, DiskTree):
            return self._read_disk(tree, entries)
        blobs = all(entry.oid is not None for entry in entries)
        return self.read_blobs(entries, lambda entry: tree.read(entry.path)) if blobs else [read_one(tree, entry.path) for entry in entries]

    def _read_disk(self, tree: DiskTree, entries: Sequence[Entry]) -> Sequence[Header | RevisionFileError]:
        root = os.path.abspath(tree.root)
        file = f"headers-{binascii.crc32(os.fsencode(root)):08x}"
        known = self._load(file)
        now = time.time_ns()
        paths = [entry.path for entry in entries]
        stamps = _stamps(root, paths)
        missing = [
            place for place, path in enumerate(paths) if path not in known or stamps[place] is None or known[path][0] != stamps[place]
        ]
        if not missing and len(known) == len(paths):
            return [unpack(known[path][1]) for path in paths]
        parsed = dict(zip(missing, parse_files(tree, [paths[place] for place in missing]), strict=True))
        keep = {path: known[path] for place, path in enumerate(paths) if place not in parsed}
        for place, header in parsed.items():
            stamp = stamps[place]
            if isinstance(header, Header) and stamp is not None and _settled(stamp, now):
                keep[paths[place]] = (stamp, pack(header))
        if keep != known:
            self._save(file, keep)
        return [parsed[place] if place in parsed else unpack(keep[path][1]) for place, path in enumerate(paths)]

    def read_blobs(self, entries: Sequence[Entry], read: Callable[[Entry], bytes]) -> Sequence[Header | RevisionFileError]:
        """The same for files of any trees, whose blobs are known; ``read`` gives the content of one."""
        known = self._load("headers-blobs")
        fresh: dict[str, tuple[_Key, Packed]] = {}
        found: list[Header | RevisionFileError] = []
        for entry in entries:
            # A .pyc and a .py file of equal content are read differently; the ending is part of the key.
            key = f"{entry.oid}{os.path.splitext(entry.path)[1]}"
            before = known.get(key)
            if before is not None:
                found.append(unpack(before[1]))
                continue
            header = header_of(partial(read, entry), entry.path)
            found.append(header)
            if isinstance(header, Header):
                fresh[key] = (key, pack(header))
        if fresh:
            whole = {**known, **fresh}
            self._save("headers-blobs", whole if len(whole) <= MOST_BLOBS else fresh)
        return found

    def _load(self, name: str) -> Mapping[str, tuple[_Key, Packed]]:
        if self.folder is None:
            return {}
        try:
            with open(os.path.join(self.folder, name), "rb") as file:
                content = file.read()
        except OSError:
            return {}
        body = memoryview(content)[len(FORMAT) + 4 :]
        sound = content.startswith(FORMAT) and content[len(FORMAT) : len(FORMAT) + 4] == _sum(body)
        if not sound:
            return {}
        try:
            return cast("Mapping[str, tuple[_Key, Packed]]", marshal.loads(body))
        except (ValueError, EOFError, TypeError):
            # Written by a Python whose marshal this one does not read.
            return {}

    def _save(self, name: str, entries: dict[str, tuple[_Key, Packed]]) -> None:
        if self.folder is None:
            return
        body = marshal.dumps(entries, 4)
        path = os.path.join(self.folder, name)
        part = f"{path}.{os.getpid()}"
        try:
            os.makedirs(self.folder, exist_ok=True)
            with open(part, "wb") as file:
                file.write(FORMAT + _sum(body) + body)
            os.replace(part, path)
        except OSError:
            # A read-only checkout or a full disk: the next run parses again, that is all.
            _forget(part)


def header_cache(root: str | os.PathLike[str]) -> HeaderCache:
    """The cache for the project at ``root``: in ``gitmig/`` under its git directory, found without git; else none."""
    git_dir = find_git_dir(os.path.abspath(root))
    return HeaderCache(None if git_dir is None else os.path.join(git_dir, "gitmig"))


def find_git_dir(folder: str) -> str | None:
    """The git directory of the work tree that holds ``folder``; a linked worktree's or submodule's is its own."""
    while True:
        place = os.path.join(folder, ".git")
        if os.path.isdir(place):
            return place if os.path.exists(os.path.join(place, "HEAD")) else None
        try:
            with open(place, encoding="utf-8") as file:
                target = file.read().strip().removeprefix("gitdir: ")
            return os.path.normpath(os.path.join(folder, target))
        except (OSError, UnicodeDecodeError):
            parent = os.path.dirname(folder)
            if parent == folder:
                return None
            folder = parent


def _stamps(root: str, paths: Sequence[str]) -> list[_Stamp | None]:
    """What changes with each file: size, times, inode. The change time tells of a content written under an old date.

    Asking relative to an open folder spares the system the walk down to it for every file.
    """
    stamps: list[_Stamp | None] = []
    relative = os.stat in os.supports_dir_fd and os.open in os.supports_dir_fd
    folder: str | None = None
    descriptor: int | None = None
    try:
        for path in paths:
            parent, _, name = path.rpartition("/")
            if relative and parent != folder:
                if descriptor is not None:
                    os.close(descriptor)
                    descriptor = None
                folder, descriptor = parent, os.open(os.path.join(root, parent), os.O_RDONLY)
            try:
                status = os.stat(os.path.join(root, path)) if descriptor is None else os.stat(name, dir_fd=descriptor)
            except OSError:
                stamps.append(None)
            else:
                stamps.append((status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
    finally:
        if descriptor is not None:
            os.close(descriptor)
    return stamps


def _settled(stamp: _Stamp, now: int) -> bool:
    """Whether a later change must show in the stamp."""
    latest = max(stamp[1], stamp[2])
    step = _COARSE_STEP_NS if latest % 1_000_000_000 == 0 else _CLOCK_STEP_NS
    return now - latest > step


def _sum(body: bytes | memoryview) -> bytes:
    return binascii.crc32(body).to_bytes(4, "big")


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        # It was never made, or cannot be removed where it could not be written either.
        return
