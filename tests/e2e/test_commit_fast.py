"""The fast exit: commits that cannot matter start no Python, or none that imports the models; those that can are not missed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, table

WATCHER = """\
#!/bin/sh
echo "$@" >> '{log}'
exec '{python}' "$@"
"""


class Watched:
    """A repository whose hook's Python writes down every start, and whose child tells when it imports models."""

    def __init__(self, repo: Repo, folder: Path) -> None:
        self.repo = repo
        self.log = folder / "starts.log"
        python = folder / "watched-python"
        python.write_text(WATCHER.format(log=self.log, python=sys.executable))
        python.chmod(0o755)
        hook = repo.top / ".git" / "hooks" / "pre-commit"
        hook.write_text(hook.read_text().replace(f"python='{sys.executable}'", f"python='{python}'"))
        assert str(python) in hook.read_text()
        repo.extra["GITMIG_TEST_IMPORTED"] = str(folder / "imported.log")
        self.imported = folder / "imported.log"

    def starts(self) -> int:
        """How often the hook has started Python since the last question."""
        return _count(self.log)

    def imports(self) -> int:
        """How often the models have been imported since the last question."""
        return _count(self.imported)


def _count(path: Path) -> int:
    count = len(path.read_text().splitlines()) if path.exists() else 0
    path.unlink(missing_ok=True)
    return count


TELL = """\
import os

if os.environ.get("GITMIG_TEST_IMPORTED"):
    with open(os.environ["GITMIG_TEST_IMPORTED"], "a") as file:
        file.write("imported\\n")

"""


@pytest.fixture
def watched(repo: Repo, tmp_path: Path) -> Watched:
    watched = Watched(repo, tmp_path)
    repo.write("models.py", TELL + "import columns\nfrom columns import Text\n" + repo.read("models.py"))
    repo.write("columns.py", "Text = str\n")
    repo.write("pack/__init__.py", "")
    repo.write("pack/views.py", "")
    repo.git("add", ".")
    repo.git("commit", "-qm", "tell")
    assert (watched.starts(), watched.imports()) == (1, 1)
    return watched


def test_a_commit_without_python_starts_no_python(watched: Watched) -> None:
    watched.repo.write("README.md", "words\n")
    watched.repo.git("add", ".")
    watched.repo.git("commit", "-qm", "words")
    assert (watched.starts(), watched.imports()) == (0, 0)


def test_python_outside_the_imports_of_the_models_imports_no_models(watched: Watched) -> None:
    repo = watched.repo
    repo.write("pack/views.py", "VIEW = 1\n")
    repo.git("commit", "-qam", "changed")
    assert (watched.starts(), watched.imports()) == (1, 0)
    repo.write("pack/new_views.py", "VIEW = 2\n")
    repo.write("tests/test_views.py", "VIEW = 2\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "added")
    assert (watched.starts(), watched.imports()) == (1, 0)
    repo.git("rm", "-q", "pack/new_views.py")
    repo.git("commit", "-qm", "removed")
    assert (watched.starts(), watched.imports()) == (1, 0)
    repo.git("commit", "-q", "--amend", "-m", "other words")
    assert (watched.starts(), watched.imports()) == (0, 0)


def test_a_change_of_a_module_that_the_models_import_is_looked_at(watched: Watched) -> None:
    watched.repo.write("columns.py", "Text = str\nLONG = 1\n")
    watched.repo.git("commit", "-qam", "columns")
    assert (watched.starts(), watched.imports()) == (1, 1)


def test_a_change_of_configuration_is_looked_at(watched: Watched) -> None:
    repo = watched.repo
    repo.write("pyproject.toml", repo.read("pyproject.toml") + "# note\n")
    repo.git("commit", "-qam", "note")
    assert watched.imports() == 1


def test_a_change_of_a_lock_file_is_looked_at(watched: Watched) -> None:
    watched.repo.write("uv.lock", "1\n")
    watched.repo.git("add", ".")
    watched.repo.git("commit", "-qm", "lock")
    assert watched.imports() == 1


def test_a_revision_that_goes_is_looked_at(watched: Watched) -> None:
    repo = watched.repo
    (path,) = repo.revisions()
    repo.git("rm", "-q", path)
    repo.git("commit", "-qm", "gone")
    assert watched.imports() == 1
    assert repo.revisions()


def test_a_new_module_in_front_of_an_imported_one_is_looked_at(watched: Watched) -> None:
    repo = watched.repo
    repo.write("columns/__init__.py", "Text = int\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "in front")
    assert watched.imports() == 1


def test_a_new_module_that_the_models_had_tried_to_import_is_looked_at(watched: Watched) -> None:
    repo = watched.repo
    repo.write("models.py", "try:\n    import local_names\nexcept ImportError:\n    pass\n" + repo.read("models.py"))
    repo.git("commit", "-qam", "try")
    watched.imports()
    repo.write("local_names.py", "X = 1\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "there")
    assert watched.imports() == 1


@pytest.mark.parametrize(
    "find",
    [
        "[path.stem for path in sorted(pathlib.Path(__file__).parent.glob('*.py'))]",
        "[module.name for module in pkgutil.iter_modules(__path__)]",
        "[name[:-3] for name in sorted(os.listdir(os.path.dirname(__file__))) if name.endswith('.py')]",
    ],
)
def test_a_new_module_of_a_folder_that_the_models_list_is_looked_at(watched: Watched, find: str) -> None:
    repo = watched.repo
    imports = "import importlib, os, pathlib, pkgutil\n"
    repo.write(
        "tables/__init__.py",
        f"{imports}for name in {find}:\n    if name != '__init__':\n        importlib.import_module('tables.' + name)\n",
    )
    repo.write("all_models.py", "from models import Base\nimport tables\n")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("models:Base", "all_models:Base"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "list")
    repo.write("tables/orders.py", "from models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n" + table("orders"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "orders")
    assert "orders" in repo.new_revision()


def test_going_back_to_another_branch_and_forth_costs_time_but_writes_nothing(watched: Watched) -> None:
    repo = watched.repo
    repo.git("switch", "-qc", "feature")
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    repo.git("switch", "-q", "main")
    repo.write("README.md", "words\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "words")
    assert repo.changed() == ["README.md"]
    assert repo.status() == ""


def test_what_is_remembered_may_be_damaged_or_deleted(watched: Watched) -> None:
    repo = watched.repo
    state = repo.top / ".git" / "gitmig"
    for damage in (b"", b"\0\0\0", b"nonsense"):
        (state / "pre-commit.state").write_bytes(damage)
        repo.write("pack/views.py", f"VIEW = {damage!r}\n")
        repo.git("commit", "-qam", "views")
        assert watched.imports() == 1
    for file in state.iterdir():
        if file.is_file():
            file.unlink()
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    assert "email" in repo.new_revision()


def test_a_project_without_configuration_is_left_alone(watched: Watched) -> None:
    repo = watched.repo
    repo.git("rm", "-q", "pyproject.toml")
    repo.git("commit", "-qm", "no more")
    repo.add_columns("email")
    done = repo.git("commit", "-qam", "email")
    assert repo.changed() == ["models.py"]
    assert done.err == ""


def test_a_data_file_that_the_models_read_is_looked_at(watched: Watched) -> None:
    """It is no Python file, and the shell hook asks git for it all the same, once it is known."""
    repo = watched.repo
    repo.write("sizes [a].txt", "email\n")
    read = "open('sizes [a].txt').read().split()"
    repo.write(
        "models.py",
        repo.read("models.py") + f"    locals().update({{name: mapped_column(__import__('sqlalchemy').Text) for name in {read}}})\n",
    )
    repo.git("add", ".")
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    watched.starts(), watched.imports()
    repo.write("README.md", "words\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "words")
    assert (watched.starts(), watched.imports()) == (0, 0)
    repo.write("sizes [a].txt", "email\nphone\n")
    repo.git("commit", "-qam", "phone")
    assert "phone" in repo.new_revision()
    assert repo.status() == ""


def linked_tables(repo: Repo) -> None:
    """Models that come from a folder behind a symbolic link; another folder holds one more column."""
    start = "from models import Base\nfrom sqlalchemy.orm import Mapped, mapped_column\n" + table("orders")
    repo.write("first/tables/orders.py", start)
    repo.write("second/tables/orders.py", start + "    email: Mapped[str | None]\n")
    (repo.top / "current").symlink_to("first")
    repo.write("all_models.py", "import sys\nsys.path.insert(0, 'current')\nimport tables.orders\nfrom models import Base\n")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("models:Base", "all_models:Base"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "orders")
    assert "orders" in repo.new_revision()


def point(repo: Repo, folder: str) -> None:
    (repo.top / "current").unlink()
    (repo.top / "current").symlink_to(folder)


def test_a_folder_of_models_that_a_link_leads_to_is_looked_at_when_the_link_changes(watched: Watched) -> None:
    repo = watched.repo
    linked_tables(repo)
    point(repo, "second")
    repo.git("commit", "-qam", "second")
    assert "email" in repo.new_revision()
    assert repo.status() == ""


def test_a_link_that_leads_elsewhere_on_disk_than_in_the_commit_is_named(watched: Watched) -> None:
    repo = watched.repo
    linked_tables(repo)
    point(repo, "second")
    repo.git("add", "current")
    point(repo, "first")
    done = repo.git("commit", "-qm", "second", check=False)
    assert done.code == 1
    assert "git add current" in done.err
    assert repo.status() == "MM current\n"
