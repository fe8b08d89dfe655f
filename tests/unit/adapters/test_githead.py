"""Commit and branch, read without git; blob ids, compared with git's own."""

from __future__ import annotations

import subprocess
from pathlib import Path

from gitmig.adapters.githead import blob_id, read_head


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout.strip()


def repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    return folder


def test_outside_of_a_repository_nothing_is_known(tmp_path: Path) -> None:
    assert read_head(tmp_path) is None


def test_a_branch_without_commits(tmp_path: Path) -> None:
    head = read_head(repository(tmp_path / "r"))
    assert head is not None
    assert (head.commit, head.branch) == (None, "main")


def test_loose_packed_and_detached_heads_and_worktrees(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    (folder / "sub").mkdir()
    git(folder, "commit", "-q", "--allow-empty", "-m", "one")
    commit = git(folder, "rev-parse", "HEAD")
    loose = read_head(folder / "sub")
    assert loose is not None and (loose.commit, loose.branch) == (commit, "main")

    git(folder, "pack-refs", "--all")
    packed = read_head(folder)
    assert packed is not None and (packed.commit, packed.branch) == (commit, "main")

    git(folder, "worktree", "add", "-q", "-b", "feature/x", str(tmp_path / "w"))
    linked = read_head(tmp_path / "w")
    assert linked is not None and (linked.commit, linked.branch) == (commit, "feature/x")
    assert linked.common_dir == (folder / ".git").resolve() and linked.git_dir != linked.common_dir

    git(folder, "checkout", "-q", "--detach")
    detached = read_head(folder)
    assert detached is not None and (detached.commit, detached.branch) == (commit, None)


def test_blob_ids_are_gits(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    for content in (b"", b"hello\n", "é\r\n".encode()):
        (folder / "f").write_bytes(content)
        assert blob_id(content) == git(folder, "hash-object", "--no-filters", "f")
