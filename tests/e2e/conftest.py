"""Repositories for the end-to-end tests: one is built once, each test gets a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, copy_repo, new_home, new_repo, table


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_home(tmp_path_factory.mktemp("git-home"))


@pytest.fixture(scope="session")
def _committed(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Repo:
    repo = new_repo(tmp_path_factory.mktemp("template") / "repo", home)
    repo.git("add", ".")
    repo.git("commit", "-qm", "users")
    assert repo.status() == ""
    return repo


@pytest.fixture(scope="session")
def _fresh(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Repo:
    return new_repo(tmp_path_factory.mktemp("fresh") / "repo", home)


@pytest.fixture
def repo(_committed: Repo, tmp_path: Path) -> Repo:
    """One commit: a model `users` with its revision; the hook is installed."""
    return copy_repo(_committed, tmp_path / "repo")


@pytest.fixture
def fresh(_fresh: Repo, tmp_path: Path) -> Repo:
    """Nothing committed yet; the hook is installed."""
    return copy_repo(_fresh, tmp_path / "repo")


@pytest.fixture(scope="session")
def _pushed(tmp_path_factory: pytest.TempPathFactory, home: Path) -> Repo:
    folder = tmp_path_factory.mktemp("pushed")
    repo = new_repo(folder / "repo", home)
    repo.write("orders.py", f"from models import Base, Mapped, mapped_column\n{table('orders')}")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("models:Base", "orders:Base"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    repo.git("init", "-q", "--bare", folder / "remote.git")
    repo.git("remote", "add", "origin", "../remote.git")
    repo.git("push", "-q", "--no-verify", "-u", "origin", "main")
    return repo


@pytest.fixture
def pushed(_pushed: Repo, tmp_path: Path) -> Repo:
    """Tables users and orders on main, in two files, pushed to a bare remote beside the repository; the hooks are installed."""
    shutil.copytree(_pushed.top.parent / "remote.git", tmp_path / "remote.git", symlinks=True)
    return copy_repo(_pushed, tmp_path / "repo")
