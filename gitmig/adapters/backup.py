"""Files changed together, with a way back: what they held is kept under a ref before the first of them is touched."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.gitrepo import Blobs, Repository
from gitmig.errors import CheckFailed, GitmigError, UsageError

REFS = "refs/worktree/gitmig/backup"
"""Refs below refs/worktree/ belong to one work tree (git's manual, gitrepository-layout)."""
KEPT = 10


@dataclass(frozen=True, slots=True)
class Edit:
    """One file, by its path from the repository's top; ``before`` None: it is new, ``after`` None: it goes."""

    path: str
    before: bytes | None
    after: bytes | None


def back_up(repository: Repository, edits: Sequence[Edit], note: str) -> str:
    """Keep what ``edits`` replace and make, under a new ref; its name."""
    lines, told = [], []
    for number, edit in enumerate(edits):
        names: dict[str, str | None] = {}
        for side, content in (("before", edit.before), ("after", edit.after)):
            names[side] = None
            if content is not None:
                oid = repository.git("hash-object", "-w", "--stdin", stdin=content).decode().strip()
                lines.append(f"100644 blob {oid}\t{side}-{number}\n")
                names[side] = oid
        told.append({"path": edit.path, **names})
    tree = repository.git("mktree", stdin="".join(lines).encode()).decode().strip()
    head = repository.attempt("rev-parse", "-q", "--verify", "HEAD")
    parent = ["-p", head.stdout.decode().strip()] if head.returncode == 0 else []
    message = json.dumps({"form": 1, "note": note, "edits": told}, indent=1)
    who = ("-c", "user.name=gitmig", "-c", "user.email=gitmig@localhost", "-c", "commit.gpgSign=false")
    commit = repository.git(*who, "commit-tree", *parent, "-m", message, tree).decode().strip()
    numbers = _numbers(repository)
    ref = f"{REFS}/{max(numbers, default=0) + 1}"
    repository.git("update-ref", ref, commit)
    for old in sorted(numbers)[: -KEPT + 1]:
        repository.git("update-ref", "-d", f"{REFS}/{old}")
    return ref


def write_edits(repository: Repository, edits: Sequence[Edit]) -> None:
    """Write all of them, or none. Raises GitmigError."""
    done: list[Edit] = []
    for edit in edits:
        try:
            _write(Path(repository.top, edit.path), edit.after)
        except OSError as error:
            take_back(repository, done)
            raise GitmigError(f"{edit.path}: cannot be written: {error.strerror or error}", "Nothing was changed.") from error
        done.append(edit)


def take_back(repository: Repository, edits: Sequence[Edit]) -> None:
    """Write what was there before."""
    for edit in reversed(edits):
        _write(Path(repository.top, edit.path), edit.before)


def undo(repository: Repository) -> tuple[Edit, ...]:
    """Take back what stands under the newest ref, and forget it.

    Raises UsageError where there is none, CheckFailed for a file that was changed since; then nothing is changed.
    """
    numbers = _numbers(repository)
    if not numbers:
        raise UsageError("there is nothing to undo here")
    ref = f"{REFS}/{max(numbers)}"
    data = json.loads(repository.git("log", "-1", "--format=%B", ref))
    edits = []
    with Blobs(repository) as blobs:
        for each in data["edits"]:
            before, after = (None if each[side] is None else blobs.read(each[side]) for side in ("before", "after"))
            edits.append(Edit(each["path"], before, after))
    for edit in edits:
        path = Path(repository.top, edit.path)
        if (path.read_bytes() if path.is_file() else None) != edit.after:
            raise CheckFailed(f"{edit.path} was changed since", f"Its earlier content is in `git show {ref}`; nothing was changed now.")
    take_back(repository, edits)
    repository.git("update-ref", "-d", ref)
    return tuple(edits)


def _numbers(repository: Repository) -> list[int]:
    names = os.fsdecode(repository.git("for-each-ref", "--format=%(refname)", REFS)).split()
    return [int(name.rpartition("/")[2]) for name in names if name.rpartition("/")[2].isdigit()]


def _write(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    part = path.with_name(f".{path.name[:100]}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        with contextlib.suppress(FileNotFoundError):
            part.chmod(path.stat().st_mode & 0o777)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
