"""The way of Alembic's tutorials, command by command, with `gitmig` in place of `alembic`."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo

ACCOUNT = """\
    op.create_table(
        "account",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50), nullable=False),
    )
"""


@pytest.fixture
def folder(tmp_path: Path, home: Path) -> Repo:
    """A folder outside of any repository, with no git on the PATH."""
    top = tmp_path / "project"
    top.mkdir()
    return Repo(top, home, {"PATH": ""})


def tables(folder: Repo) -> list[str]:
    with sqlite3.connect(folder.top / "tutorial.db") as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in names if name not in ("alembic_version", "gitmig_history") and not name.startswith("gitmig")]


def replace(folder: Repo, path: str, old: str, new: str) -> None:
    text = folder.read(path)
    assert old in text, (path, old)
    folder.write(path, text.replace(old, new))


def new_revision(folder: Repo, directory: str, message: str, up: str, down: str) -> str:
    before = set((folder.top / directory / "versions").glob("*.py"))
    folder.gitmig("revision", "-m", message)
    (made,) = set((folder.top / directory / "versions").glob("*.py")) - before
    text = made.read_text("utf-8")
    assert text.count("    pass\n") == 2, text
    head, _, tail = text.partition("    pass\n")
    made.write_text(head + up + tail.replace("    pass\n", down), "utf-8")
    return made.stem.partition("_")[0]


@pytest.mark.parametrize("directory", ["alembic", "migrations"])
def test_the_tutorial_works_without_git(folder: Repo, directory: str) -> None:
    folder.gitmig("init", directory)
    replace(folder, "gitmig.ini", "sqlite:///app.db", "sqlite:///tutorial.db")
    folder.write("mymodel.py", "from sqlalchemy import MetaData\nmetadata = MetaData()\n")
    replace(folder, f"{directory}/env.py", "target_metadata = None", "from mymodel import metadata as target_metadata")
    account = ACCOUNT
    first = new_revision(folder, directory, "create account table", account, "    op.drop_table('account')\n")
    assert folder.gitmig("upgrade", "head").code == 0
    assert tables(folder) == ["account"]
    column = "    op.add_column('account', sa.Column('last_transaction_date', sa.DateTime))\n"
    second = new_revision(folder, directory, "Add a column", column, "    op.drop_column('account', 'last_transaction_date')\n")
    assert first in folder.gitmig("current").out
    folder.gitmig("upgrade", "+1")
    assert second in folder.gitmig("current").out
    folder.gitmig("downgrade", "-1")
    assert first in folder.gitmig("current").out
    history = folder.gitmig("history").out
    assert f"{first} -> {second} (head), Add a column" in history
    assert f"<base> -> {first}, create account table" in history
    folder.gitmig("upgrade", second[:4])
    folder.gitmig("downgrade", "base")
    assert tables(folder) == []
    assert folder.gitmig("heads").out.startswith(second)


def test_without_env_py_everything_works_the_same(folder: Repo) -> None:
    folder.gitmig("init")
    replace(folder, "gitmig.ini", "sqlite:///app.db", "sqlite:///tutorial.db")
    (folder.top / "migrations/env.py").unlink()
    new_revision(folder, "migrations", "one", "    op.create_table('one', sa.Column('id', sa.Integer))\n", "    op.drop_table('one')\n")
    folder.gitmig("upgrade")
    assert tables(folder) == ["one"]


def test_alembics_own_env_py_runs_unchanged(folder: Repo) -> None:
    folder.gitmig("init")
    replace(folder, "gitmig.ini", "sqlite:///app.db", "sqlite:///tutorial.db")
    replace(folder, "migrations/env.py", "from gitmig import context", "from logging.config import fileConfig\nfrom alembic import context")
    replace(folder, "migrations/env.py", "config = context.config", "config = context.config\nfileConfig(config.config_file_name)")
    new_revision(folder, "migrations", "one", "    op.create_table('one', sa.Column('id', sa.Integer))\n", "    op.drop_table('one')\n")
    folder.gitmig("upgrade")
    assert tables(folder) == ["one"]


def test_commands_work_from_a_folder_below(tmp_path: Path, home: Path) -> None:
    top = tmp_path / "project"
    (top / "deep/down").mkdir(parents=True)
    repo = Repo(top, home)
    repo.git("init", "-q")
    repo.gitmig("init")
    replace(repo, "gitmig.ini", "sqlite:///app.db", "sqlite:///tutorial.db")
    new_revision(repo, "migrations", "one", "    op.create_table('one', sa.Column('id', sa.Integer))\n", "    op.drop_table('one')\n")
    repo.gitmig("upgrade", cwd=top / "deep/down")
    assert tables(repo) == ["one"]
    assert not list((top / "deep").rglob("*.db"))
