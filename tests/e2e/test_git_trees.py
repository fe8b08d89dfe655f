"""Files of the index and of commits, read through git."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gitmig.adapters.gitrepo import discover
from gitmig.adapters.gittree import GitTree
from gitmig.errors import GitError
from tests.e2e.gitkit import Repo


@pytest.fixture
def plain(home: Path, tmp_path: Path) -> Repo:
    repo = Repo(tmp_path / "plain", home)
    repo.top.mkdir()
    repo.git("init", "-q")
    return repo


def paths(tree: GitTree, folder: str, *, recursive: bool = False) -> list[str]:
    return [entry.path for entry in tree.list(folder, recursive=recursive)]


def test_the_index_and_a_commit_each_have_their_files(plain: Repo) -> None:
    plain.write("a.py", "one\n")
    plain.git("add", ".")
    plain.git("commit", "-qm", "one")
    plain.write("a.py", "two\n")
    plain.write("b.py", "new\n")
    plain.git("add", ".")
    plain.write("a.py", "three\n")
    repository = discover(plain.top)
    assert GitTree(repository).read("a.py") == b"two\n"
    commit = GitTree(repository, oid=plain.head())
    assert commit.read("a.py") == b"one\n"
    assert not commit.exists("b.py")
    with pytest.raises(FileNotFoundError):
        commit.read("b.py")


def test_a_project_inside_a_repository_has_its_own_root(plain: Repo) -> None:
    plain.write("shop/migrations/versions/a.py", "")
    plain.write("shop/migrations/env.py", "")
    plain.write("shop/pyproject.toml", "")
    plain.write("shopping.py", "")
    plain.write("blog/b.py", "blog\n")
    plain.git("add", ".")
    tree = GitTree(discover(plain.top), "shop/")
    assert paths(tree, "") == ["pyproject.toml"]
    assert paths(tree, "", recursive=True) == ["migrations/env.py", "migrations/versions/a.py", "pyproject.toml"]
    assert paths(tree, "migrations") == ["migrations/env.py"]
    assert paths(tree, "nowhere") == []
    assert paths(tree, "../blog") == ["../blog/b.py"]
    assert tree.read("../blog/b.py") == b"blog\n"
    assert tree.read(str(plain.top / "blog" / "b.py")) == b"blog\n"
    assert paths(tree, str(plain.top / "blog")) == [str(plain.top / "blog" / "b.py")]


def test_links_are_followed_inside_the_tree(plain: Repo) -> None:
    plain.write("real/models.py", "models\n")
    (plain.top / "app").mkdir()
    (plain.top / "app" / "models.py").symlink_to("../real/models.py")
    (plain.top / "linked").symlink_to("real")
    (plain.top / "circle").symlink_to("circle")
    plain.git("add", ".")
    plain.write("real/models.py", "edited\n")
    tree = GitTree(discover(plain.top))
    assert tree.read("app/models.py") == b"models\n"
    assert tree.read("linked/models.py") == b"models\n"
    assert paths(tree, "linked") == ["linked/models.py"]
    assert not tree.exists("circle")


def test_what_lies_outside_is_read_from_disk(plain: Repo, tmp_path: Path) -> None:
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed" / "a.py").write_text("installed\n")
    tree = GitTree(discover(plain.top))
    assert tree.read(str(tmp_path / "installed" / "a.py")) == b"installed\n"
    assert paths(tree, str(tmp_path / "installed")) == [str(tmp_path / "installed" / "a.py")]


def test_a_submodule_is_read_from_its_work_tree(plain: Repo, tmp_path: Path) -> None:
    inner = Repo(tmp_path / "inner", plain.home)
    inner.top.mkdir()
    inner.git("init", "-q")
    inner.write("models.py", "inner\n")
    inner.git("add", ".")
    inner.git("commit", "-qm", "inner")
    plain.git("submodule", "add", "-q", inner.top, "sub")
    tree = GitTree(discover(plain.top))
    assert tree.read("sub/models.py") == b"inner\n"
    assert tree.exists("sub/models.py")
    assert "sub/models.py" in paths(tree, "sub")


def test_odd_names(plain: Repo) -> None:
    for name in ("with space.py", "quote'\".py", "ümläut.py", "new\nline.py", "tab\t.py", "-dash.py", ":colon.py", "star*.py"):
        plain.write(name, name)
    plain.git("add", ".")
    tree = GitTree(discover(plain.top))
    for entry in tree.list(""):
        assert tree.read(entry.path).decode() == entry.path
    assert len(tree.list("")) == 8


def test_an_unmerged_path_is_named(plain: Repo) -> None:
    plain.write("a.py", "base\n")
    plain.git("add", ".")
    plain.git("commit", "-qm", "base")
    plain.git("switch", "-qc", "other")
    plain.write("a.py", "other\n")
    plain.git("commit", "-qam", "other")
    plain.git("switch", "-q", "-")
    plain.write("a.py", "main\n")
    plain.git("commit", "-qam", "main")
    plain.git("merge", "other", check=False)
    with pytest.raises(GitError, match=r"a\.py has conflicts"):
        GitTree(discover(plain.top)).list("")


def test_gits_variables_count_only_for_the_repository_that_they_name(plain: Repo, repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(plain.top)
    monkeypatch.setenv("GIT_DIR", ".git")
    monkeypatch.setenv("GIT_INDEX_FILE", ".git/next-index-7.lock")
    inside = discover(plain.top)
    assert inside.index_file == str(plain.top / ".git" / "next-index-7.lock")
    assert inside.committing
    other = discover(repo.top)
    assert other.top == os.path.realpath(repo.top)
    assert other.index_file == str(repo.top / ".git" / "index")
    assert not other.committing


def test_a_repository_reached_through_a_link(plain: Repo, tmp_path: Path) -> None:
    plain.write("sub/a.py", "a\n")
    plain.git("add", ".")
    (tmp_path / "link").symlink_to(plain.top)
    repository = discover(tmp_path / "link" / "sub")
    assert repository.top == os.path.realpath(plain.top)
    assert repository.prefix(tmp_path / "link" / "sub") == "sub/"
