"""Putting one new file into the commit under way, and taking it out again."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from gitmig.adapters import newfile
from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.gittree import read_index_entries
from gitmig.errors import ConfigError, GitmigError
from gitmig.ports import Entry

_PARTIAL = re.compile(r"next-index-\d+\.lock")


def blob_id(repository: Repository, path: str, content: bytes | None = None) -> str:
    """The id that git gives to ``content`` (default: the file on disk) at ``path`` from the top, clean filters applied."""
    if content is None:
        content = Path(repository.top, path).read_bytes()
    return repository.git("hash-object", f"--path={path}", "--stdin", stdin=content).decode().strip()


class IgnoreProbe:
    """Whether git would ignore a new file in ``folder`` (from the top); asked at once, answered when it is needed."""

    def __init__(self, repository: Repository, folder: str) -> None:
        self._path = f"{folder}/new_revision.py"
        self._running = repository.start("check-ignore", "-v", "--no-index", "-z", "--stdin", stdin=os.fsencode(self._path) + b"\0")

    def refuse(self) -> None:
        """Raises ConfigError when it would: a revision that nobody else gets is no revision."""
        code, output = self._running.finish()
        if code != 0:
            return
        source, line, pattern, _ = os.fsdecode(output).split("\0")[:4]
        if not pattern.startswith("!"):
            raise ConfigError(
                f"{os.path.dirname(self._path)} is ignored by git: {source}:{line} says {pattern}",
                "Revisions belong into the repository: take that line out, then commit again.",
            )


def write_new(repository: Repository, path: str, content: bytes) -> bool:
    """Write ``path`` (from the top) whole or not at all; False when it is there already with this very content.

    Raises GitmigError when another content is there, or the disk refuses.
    """
    target = Path(repository.top, path)
    if not target.is_file():
        newfile.write_new(target, content)
        return True
    if target.read_bytes() != content:
        raise GitmigError(f"{path} exists with another content and is not in this commit", f"Add it (git add) or remove it: {path}")
    return False


def stage(repository: Repository, path: str) -> str:
    """Put the file on disk at ``path`` (from the top) into the commit under way; return its blob id. Raises GitError."""
    oid = repository.git("hash-object", "-w", f"--path={path}", "--", path).decode().strip()
    for index in indexes(repository):
        repository.git("update-index", "-z", "--index-info", stdin=_info("100644", oid, path), index_file=index)
    return oid


def stat(repository: Repository, path: str) -> None:
    """Note in the index when the staged file at ``path`` was written. `git merge --abort` removes only files of which that is known."""
    for index in indexes(repository):
        repository.git("update-index", "-z", "--stdin", stdin=os.fsencode(path) + b"\0", index_file=index)


def stage_content(repository: Repository, path: str, content: bytes) -> list[tuple[str, Entry]]:
    """Give the file that the commit under way has at ``path`` (from the top) another content, in git's own form; what was there, for
    `put_back`. The disk stays as it is."""
    oid = repository.git("hash-object", "-w", "--no-filters", "--stdin", stdin=content).decode().strip()
    before = []
    for index in indexes(repository):
        listed = repository.git("ls-files", "-s", "-z", "--", f":(top,literal){path}", index_file=index)
        entry = read_index_entries(listed)[path]
        repository.git("update-index", "-z", "--index-info", stdin=_info(entry.mode, oid, path), index_file=index)
        before.append((index, entry))
    return before


def write_from_index(repository: Repository, path: str) -> None:
    """Make the file on disk what the commit under way has at ``path``, filters applied."""
    repository.git("checkout-index", "-f", "-q", "-u", "-z", "--stdin", stdin=os.fsencode(path) + b"\0")


def differs_on_disk(repository: Repository, path: str) -> bool:
    """Whether the file on disk is not what the commit under way has at ``path``."""
    return bool(repository.git("diff", "--name-only", "--no-ext-diff", "-z", "--", f":(top,literal){path}"))


def unstage(repository: Repository, path: str) -> None:
    """Take ``path`` out of the commit under way again; the file stays."""
    for index in indexes(repository):
        repository.git("update-index", "-z", "--index-info", stdin=_info("0", "0" * 40, path), index_file=index)


def take_out(repository: Repository, path: str, oid: str) -> list[tuple[str, Entry]]:
    """Take ``path`` out of each index of the commit under way that has it as the blob ``oid``; what was there, for `put_back`."""
    taken = []
    for index in indexes(repository):
        listed = repository.git("ls-files", "-s", "-z", "--", f":(top,literal){path}", index_file=index)
        entry = read_index_entries(listed).get(path)
        if entry is not None and entry.oid == oid:
            repository.git("update-index", "-z", "--index-info", stdin=_info("0", "0" * 40, path), index_file=index)
            taken.append((index, entry))
    return taken


def take_out_any(repository: Repository, path: str) -> list[tuple[str, Entry]]:
    """Take ``path`` out of each index of the commit under way, whatever it is there; what was there, for `put_back`."""
    taken = []
    for index in indexes(repository):
        listed = repository.git("ls-files", "-s", "-z", "--", f":(top,literal){path}", index_file=index)
        entry = read_index_entries(listed).get(path)
        if entry is not None and entry.oid is not None:
            taken += take_out(repository.with_index(index), path, entry.oid)
    return taken


def put_back(repository: Repository, taken: Iterable[tuple[str, Entry]]) -> None:
    """Undo `take_out`."""
    for index, entry in taken:
        assert entry.oid is not None
        repository.git("update-index", "-z", "--index-info", stdin=_info(entry.mode, entry.oid, entry.path), index_file=index)


class KeptIndexes:
    """The indexes of the commit under way as they are now, to go back to where there is no room left to write one anew.

    Git gives an index a new file each time, so a second name keeps the old one and takes no room.
    """

    def __init__(self, repository: Repository) -> None:
        self._kept: list[tuple[Path, Path]] = []
        for number, index in enumerate(indexes(repository)):
            place = repository.state_folder() / f"index.{os.getpid()}.{number}"
            # A file system may know no second names, and a first commit no index: then git alone can take back what it staged.
            with suppress(OSError):
                os.link(index, place)
                self._kept.append((Path(index), place))

    def restore(self) -> bool:
        """Whether all of them are as they were again; not while another git process writes one."""
        if not self._kept or any(index.with_name(f"{index.name}.lock").exists() for index, _ in self._kept):
            return False
        for index, place in self._kept:
            place.replace(index)
        return True

    def forget(self) -> None:
        for _, place in self._kept:
            place.unlink(missing_ok=True)


def indexes(repository: Repository) -> tuple[str, ...]:
    """The index files that the commit under way writes.

    `git commit path` runs hooks on a second index; the real one is written to index.lock already and only renamed afterwards, so a file
    that is to be in both must be added to both.
    """
    folder, name = os.path.split(repository.index_file)
    lock = os.path.join(folder, "index.lock")
    if _PARTIAL.fullmatch(name) and os.path.exists(lock):
        return repository.index_file, lock
    return (repository.index_file,)


@contextmanager
def scratch_index(repository: Repository, tree: str | None = None) -> Iterator[Repository]:
    """The repository with another index to try things in: a copy of the commit's, or ``tree`` of a commit. Removed afterwards."""
    folder = repository.state_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        scratch = tempfile.TemporaryDirectory(prefix="index.", dir=folder)
    except OSError as error:
        raise GitmigError(f"{folder} cannot be written: {error.strerror or error}") from error
    with scratch as place:
        trial = repository.with_index(os.path.join(place, "index"))
        if tree is not None:
            trial.git("read-tree", tree)
        elif os.path.exists(repository.index_file):
            _copy(repository.index_file, trial.index_file)
        yield trial


def _copy(source: str, target: str) -> None:
    try:
        shutil.copyfile(source, target)
    except OSError as error:
        raise GitmigError(f"{target} cannot be written: {error.strerror or error}") from error


def remove_written(repository: Repository, path: str, folders: list[Path]) -> None:
    """Undo `write_new`: the file, and the ``folders`` that it made, while they are empty."""
    Path(repository.top, path).unlink(missing_ok=True)
    remove_folders(folders)


def missing_folders(repository: Repository, path: str) -> list[Path]:
    """The folders that writing ``path`` would make, innermost first."""
    folder = Path(repository.top, path).parent
    return [each for each in (folder, *folder.parents) if not each.exists()]


def remove_folders(folders: list[Path]) -> None:
    """Remove ``folders`` (innermost first) as far as they are empty."""
    for folder in folders:
        try:
            folder.rmdir()
        except OSError:
            return


def _info(mode: str, oid: str, path: str) -> bytes:
    return f"{mode} {oid}\t".encode() + os.fsencode(path) + b"\0"
