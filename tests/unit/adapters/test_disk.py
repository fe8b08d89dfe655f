"""The work tree as a tree of files."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitmig.adapters.disk import DiskTree


@pytest.fixture
def tree(tmp_path: Path) -> DiskTree:
    for path in ("a.py", "b/c.py", "b/d e/ü.py", "b/__pycache__/c.pyc", ".git/config", ".venv/pyvenv.cfg", ".venv/x.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path, "utf-8")
    return DiskTree(tmp_path)


def listed(tree: DiskTree, folder: str, *, recursive: bool = False) -> list[str]:
    return [entry.path for entry in tree.list(folder, recursive=recursive)]


def test_files_are_listed_by_path_from_the_root(tree: DiskTree) -> None:
    assert listed(tree, "") == ["a.py"]
    assert listed(tree, "b") == listed(tree, "b/") == ["b/c.py"]
    assert listed(tree, "nothing") == listed(tree, "a.py") == []


def test_recursion_passes_over_what_is_not_the_projects_own(tree: DiskTree) -> None:
    assert listed(tree, "", recursive=True) == ["a.py", "b/c.py", "b/d e/ü.py"]
    assert listed(tree, "b/__pycache__") == ["b/__pycache__/c.pyc"]


def test_absolute_folders_are_understood(tree: DiskTree) -> None:
    assert listed(tree, f"{tree.root}/b") == [f"{tree.root}/b/c.py"]
    assert tree.read(f"{tree.root}/b/c.py") == b"b/c.py"


def test_what_is_no_file_is_not_found(tree: DiskTree) -> None:
    assert tree.exists("a.py") and not tree.exists("b")
    for path in ("b", "nothing", "a.py/x"):
        with pytest.raises(FileNotFoundError):
            tree.read(path)


def test_a_link_to_its_own_folder_does_not_loop(tree: DiskTree) -> None:
    (tree.root / "b" / "again").symlink_to(tree.root / "b", target_is_directory=True)
    assert listed(tree, "b", recursive=True) == ["b/c.py", "b/d e/ü.py"]
