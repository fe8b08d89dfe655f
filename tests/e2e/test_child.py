"""The child process: which files its imports see, what it may reach, and how its errors come back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from gitmig.adapters.child import call
from gitmig.errors import CheckFailed, GitError, GitmigError, ModelsError
from tests.e2e.gitkit import MODELS, Repo, new_repo

INDEX = {"kind": "index"}


def columns_wanted(repo: Repo, tree: dict[str, str] | None = None, root: str = ".") -> str:
    """The words of the revision that autogenerate proposes, of any tree."""
    result = call("autogenerate", {"against": "replay"}, project_root=repo.top / root, tree_spec=tree)
    return "; ".join(change["summary"] for change in result["changes"])


def test_the_work_tree_the_index_and_a_commit_each_show_their_models(repo: Repo) -> None:
    repo.add_columns("committed")
    repo.git("commit", "-qam", "committed", "--no-verify")
    repo.add_columns("staged")
    repo.git("add", "models.py")
    repo.add_columns("edited")
    assert "committed" in columns_wanted(repo, {"kind": "commit", "oid": repo.head()})
    assert "staged" not in columns_wanted(repo, {"kind": "commit", "oid": repo.head()})
    assert columns_wanted(repo, {"kind": "commit", "oid": f"{repo.head()}~1"}) == ""
    assert "staged" in columns_wanted(repo, INDEX)
    assert "edited" not in columns_wanted(repo, INDEX)
    assert "edited" in columns_wanted(repo)


def test_a_commit_of_which_nothing_is_left_on_disk(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email", "--no-verify")
    oid = repo.head()
    repo.git("rm", "-rq", ".")
    repo.git("commit", "-qm", "nothing", "--no-verify")
    assert repo.status() == ""
    assert "email" in columns_wanted(repo, {"kind": "commit", "oid": oid})


def test_files_added_since_a_commit_are_not_found_in_it(repo: Repo) -> None:
    oid = repo.head()
    repo.write("models/__init__.py", "raise RuntimeError('from the future')\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "package", "--no-verify")
    assert columns_wanted(repo, {"kind": "commit", "oid": oid}) == ""


def test_packages_namespaces_and_relative_imports(home: Path, tmp_path: Path) -> None:
    repo = new_repo(tmp_path / "repo", home)
    repo.write("shop/tables/users.py", "from ..base import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n" + _class("users"))
    repo.write("shop/base.py", "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n")
    repo.write("shop/tables/__init__.py", "from . import users\nfrom ..base import Base\n")
    repo.write("pyproject.toml", '[tool.gitmig]\nmodels = ["shop.tables:Base"]\nurl = "sqlite://"\n')
    repo.git("add", ".")
    repo.write("shop/tables/users.py", "raise RuntimeError('edited')\n")
    (repo.top / "shop" / "base.py").unlink()
    assert "users" in columns_wanted(repo, INDEX)


def test_src_layout_and_a_module_that_only_the_index_has(home: Path, tmp_path: Path) -> None:
    repo = new_repo(tmp_path / "repo", home)
    repo.write("src/shop/__init__.py", "")
    repo.write("src/shop/models.py", MODELS)
    repo.write("pyproject.toml", '[tool.gitmig]\nmodels = ["shop.models:Base"]\nurl = "sqlite://"\nprepend_sys_path = "src"\n')
    repo.git("add", ".")
    (repo.top / "src" / "shop" / "models.py").unlink()
    (repo.top / "src" / "shop" / "__init__.py").unlink()
    (repo.top / "src" / "shop").rmdir()
    assert "users" in columns_wanted(repo, INDEX)


def test_encodings_and_line_endings(repo: Repo) -> None:
    text = "# -*- coding: latin-1 -*-\r\n" + MODELS.replace("\n", "\r\n") + "    größe: Mapped[str | None]\r\n"
    (repo.top / "models.py").write_bytes(text.encode("latin-1"))
    repo.git("add", "models.py")
    repo.write("models.py", "raise RuntimeError\n")
    assert "größe" in columns_wanted(repo, INDEX)


def test_a_migrations_folder_called_alembic_is_not_in_the_way(home: Path, tmp_path: Path) -> None:
    config = '[tool.gitmig]\nmodels = ["models:Base"]\nurl = "sqlite://"\nscript_location = "alembic"\n'
    repo = new_repo(tmp_path / "repo", home, config=config)
    repo.write("alembic/__init__.py", "")
    repo.write("models.py", "from alembic import op\n" + MODELS)
    repo.git("add", ".")
    assert "users" in columns_wanted(repo, INDEX)


def test_a_module_named_like_one_of_the_standard_library_is_not_in_the_way(repo: Repo) -> None:
    repo.write("json.py", "raise RuntimeError('not this one')\n")
    repo.write("cli.py", "raise RuntimeError('not this one')\n")
    repo.write("child.py", "raise RuntimeError('not this one')\n")
    repo.add_columns("email")
    repo.git("add", ".")
    assert "email" in columns_wanted(repo, INDEX)


def test_errors_come_back_as_themselves(repo: Repo) -> None:
    repo.write("models.py", "import nowhere_at_all\n")
    with pytest.raises(ModelsError, match="nowhere_at_all"):
        columns_wanted(repo)
    repo.write("models.py", "import os\nos._exit(9)\n")
    with pytest.raises(GitmigError, match="exit code 9"):
        columns_wanted(repo)
    repo.write("models.py", "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n")
    with pytest.raises(GitmigError, match="signal 9"):
        columns_wanted(repo)


def test_sys_exit_in_models_is_an_error_and_no_success(repo: Repo) -> None:
    repo.write("models.py", "import sys\nsys.exit(0)\n")
    with pytest.raises(GitmigError, match="exit"):
        columns_wanted(repo)


def test_outside_a_repository_only_the_work_tree_is_there(repo: Repo, tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text(MODELS)
    (tmp_path / "pyproject.toml").write_text(repo.read("pyproject.toml"))
    assert "users" in columns_wanted(Repo(tmp_path, repo.home))
    with pytest.raises(GitError):
        columns_wanted(Repo(tmp_path, repo.home), INDEX)


def test_no_engine_connects(repo: Repo) -> None:
    attempts = {
        "engine": "sqlalchemy.create_engine('sqlite:///made.db').connect()",
        "creator": "sqlalchemy.create_engine('sqlite://', creator=lambda: sqlite3.connect('made.db')).connect()",
        "raw": "sqlalchemy.create_engine('sqlite:///made.db').raw_connection()",
        "session": "sqlalchemy.orm.Session(sqlalchemy.create_engine('sqlite:///made.db')).execute(sqlalchemy.text('select 1'))",
    }
    for attempt in attempts.values():
        repo.write("models.py", f"import sqlite3\nimport sqlalchemy, sqlalchemy.orm\n{attempt}\n" + MODELS)
        with pytest.raises(ModelsError):
            columns_wanted(repo)
        assert not (repo.top / "made.db").exists()


def test_code_that_copes_with_a_server_that_is_down_copes_with_this(repo: Repo) -> None:
    repo.write(
        "models.py",
        "import sqlalchemy\ntry:\n    sqlalchemy.create_engine('sqlite://').connect()\n"
        "except sqlalchemy.exc.OperationalError:\n    pass\n" + MODELS + "    email: Mapped[str | None]\n",
    )
    assert "email" in columns_wanted(repo)


def test_threads_and_exit_handlers_of_the_models_do_not_hold_it_up(repo: Repo) -> None:
    repo.write(
        "models.py",
        "import atexit, threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\natexit.register(time.sleep, 60)\n"
        + MODELS
        + "    email: Mapped[str | None]\n",
    )
    assert "email" in columns_wanted(repo)


def test_the_answer_is_not_disturbed_by_what_models_write(repo: Repo, capfd: pytest.CaptureFixture[str]) -> None:
    repo.write(
        "models.py", "import os, sys\nprint('{}')\nos.write(1, b'raw')\nsys.stdout.flush()\n" + MODELS + "    email: Mapped[str | None]\n"
    )
    assert "email" in columns_wanted(repo)
    said: Any = capfd.readouterr()
    assert said.out == ""
    assert "raw" in said.err


def test_a_broken_baseline_is_a_failed_check(repo: Repo) -> None:
    (path,) = repo.revisions()
    repo.write(
        path,
        repo.read(path)
        .replace("def upgrade", "import os\n\n\ndef upgrade")
        .replace("op.create_table(", "op.get_bind().execute(sa.text('select 1')).all()\n    op.create_table("),
    )
    with pytest.raises(CheckFailed):
        columns_wanted(repo)


def _class(name: str) -> str:
    return f"\n\nclass Row(Base):\n    __tablename__ = {name!r}\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n"
