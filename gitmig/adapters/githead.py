"""The commit and the branch that a work tree is at, read from files: the runner works without a git binary."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Head:
    """``commit`` in hex, ``branch`` its short name (None when detached); ``git_dir`` and ``common_dir`` are absolute."""

    commit: str | None
    branch: str | None
    git_dir: Path
    common_dir: Path


def read_head(folder: Path) -> Head | None:
    """The head of the work tree that holds ``folder``; None outside of one, or where its files cannot be read."""
    dot_git = next((each / ".git" for each in (folder, *folder.parents) if (each / ".git").exists()), None)
    if dot_git is None:
        return None
    try:
        git_dir = _git_dir(dot_git)
        common = git_dir / "commondir"
        common_dir = (git_dir / common.read_text().strip()).resolve() if common.is_file() else git_dir
        head = (git_dir / "HEAD").read_text().strip()
        if not head.startswith("ref: "):
            return Head(head, None, git_dir, common_dir)
        ref = head.removeprefix("ref: ")
        return Head(_commit(ref, git_dir, common_dir), ref.removeprefix("refs/heads/"), git_dir, common_dir)
    except (OSError, UnicodeDecodeError):
        return None


def blob_id(content: bytes) -> str:
    """The id that git gives the content in a repository with SHA-1."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _git_dir(dot_git: Path) -> Path:
    """A linked worktree or a submodule has a file there that says where the directory is."""
    if dot_git.is_dir():
        return dot_git
    target = dot_git.read_text().strip().removeprefix("gitdir: ")
    return (dot_git.parent / target).resolve()


def _commit(ref: str, git_dir: Path, common_dir: Path) -> str | None:
    for folder in (git_dir, common_dir):
        loose = folder / ref
        if loose.is_file():
            return loose.read_text().strip()
    packed = common_dir / "packed-refs"
    if packed.is_file():
        for line in packed.read_text().splitlines():
            if line.endswith(f" {ref}"):
                return line.split(" ", 1)[0]
    return None
