"""The same scene under the pre-commit framework."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

from gitmig.adapters.hookfiles import HOOKS
from tests.e2e.gitkit import CONFIG, MODELS, ROOT, Repo, copy_repo, new_home

ENTRY = """\
  - repo: local
    hooks:
      - id: gitmig
"""


def shim(folder: Path) -> Path:
    """A folder for PATH that holds `gitmig`, as an active virtual environment does."""
    folder.mkdir()
    (folder / "gitmig").write_text(f'#!/bin/sh\nexec {sys.executable} -m gitmig "$@"\n')
    (folder / "gitmig").chmod(0o755)
    return folder


def precommit(repo: Repo, *words: str, check: bool = True, **options: object):  # type: ignore[no-untyped-def]
    return repo.run(sys.executable, "-m", "pre_commit", *words, check=check, **options)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def _framework(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    folder = tmp_path_factory.mktemp("framework")
    path = f"{shim(folder / 'bin')}{os.pathsep}{os.environ['PATH']}"
    repo = Repo(folder / "repo", new_home(folder / "home"), {"PATH": path})
    repo.top.mkdir()
    repo.git("init", "-q")
    repo.write("pyproject.toml", CONFIG)
    repo.write("models.py", MODELS)
    repo.write("app.py", "VERSION = 1\n")
    repo.write(".gitignore", "__pycache__/\n")
    done = repo.gitmig("install", "--pre-commit")
    assert "pre-commit install" in done.err
    repo.git("add", ".")
    precommit(repo, "install")
    repo.git("commit", "-qm", "first")
    assert repo.status() == ""
    return repo


@pytest.fixture
def framework(_framework: Repo, tmp_path: Path) -> Repo:
    return copy_repo(_framework, tmp_path / "repo")


def test_first_commit_and_the_text_is_shown(_framework: Repo) -> None:
    assert "users" in next(iter(_framework.revisions().values()))


def test_plain_commit(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("add", "models.py")
    done = framework.git("commit", "-qm", "email")
    assert "email" in framework.new_revision()
    assert framework.status() == ""
    assert "is part of this commit" in done.out + done.err


def test_commit_all(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("commit", "-qam", "email")
    assert "email" in framework.new_revision()
    assert framework.status() == ""


def test_partial_commit(framework: Repo) -> None:
    framework.write("app.py", "VERSION = 2\n")
    framework.git("add", "app.py")
    framework.add_columns("email")
    framework.git("commit", "-qm", "email", "models.py")
    assert "email" in framework.new_revision()
    assert framework.status() == "M  app.py\n"


def test_amend(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("commit", "-qam", "email", "--no-verify")
    framework.git("commit", "-q", "--amend", "--no-edit")
    assert "email" in framework.new_revision()
    assert framework.status() == ""


def test_from_a_linked_worktree(framework: Repo, tmp_path: Path) -> None:
    framework.git("worktree", "add", "-q", tmp_path / "linked", "-b", "other")
    linked = Repo(tmp_path / "linked", framework.home, framework.extra)
    linked.add_columns("email")
    linked.git("commit", "-qam", "email")
    assert "email" in linked.new_revision()
    assert linked.status() == ""


def test_an_unstaged_edit_does_not_leak_in_and_survives(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("add", "models.py")
    framework.add_columns("phone")
    framework.git("commit", "-qm", "email")
    text = framework.new_revision()
    assert "email" in text
    assert "phone" not in text
    assert framework.status() == " M models.py\n"
    assert "phone" in framework.read("models.py")


def test_no_byte_code_of_the_users_is_poisoned(framework: Repo) -> None:
    framework.write("models.py", framework.read("models.py").replace("class User", "SIZE = 51\n\n\nclass User"))
    framework.add_columns("email")
    framework.git("add", "models.py")
    framework.write("models.py", framework.read("models.py").replace("SIZE = 51", "SIZE = 81"))
    framework.git("commit", "-qm", "size")
    assert framework.run(sys.executable, "-c", "import models; print(models.SIZE)").out == "81\n"


def test_a_stop_for_review_and_the_commit_after_it(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("commit", "-qam", "email")
    framework.write("models.py", framework.read("models.py").replace("    email: Mapped[str | None]\n", ""))
    stopped = framework.git("commit", "-qam", "drop", check=False)
    assert stopped.code == 1
    assert "git commit again" in stopped.out + stopped.err
    framework.git("commit", "-qam", "drop")
    assert len(framework.changed()) == 2
    assert framework.status() == ""


def test_removing_a_model_is_seen(framework: Repo) -> None:
    """With `files:` the framework would skip a commit that only deletes."""
    framework.git("rm", "-q", "models.py")
    done = framework.git("commit", "-qm", "no models", check=False)
    assert done.code == 1
    assert "models" in done.out + done.err


def test_a_rebase_is_not_disturbed(framework: Repo) -> None:
    start = framework.head()
    framework.add_columns("email")
    framework.git("commit", "-qam", "email", "--no-verify")
    framework.write("two.txt", "2\n")
    framework.git("add", ".")
    framework.git("commit", "-qm", "two", "--no-verify")
    framework.git(
        "rebase", "-q", "-i", start, env={"GIT_SEQUENCE_EDITOR": "sed -i '1s/^pick/reword/'", "GIT_EDITOR": "sed -i 1s/^/better-/"}
    )
    assert framework.git("log", "--format=%s", f"{start}..").out.split() == ["two", "better-email"]
    assert framework.status() == ""


def test_run_all_files_checks_and_writes_nothing(framework: Repo) -> None:
    precommit(framework, "run", "--all-files")
    framework.add_columns("email")
    framework.git("add", "models.py")
    before = framework.status()
    done = precommit(framework, "run", "--all-files", check=False)
    assert done.code == 1
    assert "email" in done.out
    assert framework.status() == before


def test_skip_names_the_hook(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("commit", "-qam", "email", env={"SKIP": "gitmig"})
    assert framework.changed() == ["models.py"]


def test_an_existing_configuration_is_extended_and_taken_back(framework: Repo) -> None:
    text = (
        "# ours\nrepos:\n- repo: local\n  hooks:\n  - id: other\n    name: other\n    entry: 'true'\n    language: system\n"
        "\n# after\nfail_fast: true\n"
    )
    framework.write(".pre-commit-config.yaml", text)
    framework.gitmig("install", "--pre-commit")
    extended = framework.read(".pre-commit-config.yaml")
    assert text.partition("\n\n#")[0].removeprefix("# ours\n") in extended
    precommit(framework, "validate-config")
    assert "already" in framework.gitmig("install", "--pre-commit").out
    framework.git("add", ".")
    framework.add_columns("email")
    framework.git("commit", "-qam", "email")
    assert "email" in "".join(framework.revisions().values())
    framework.gitmig("uninstall", "--pre-commit")
    assert "gitmig" not in framework.read(".pre-commit-config.yaml")
    precommit(framework, "validate-config")


def test_the_hooks_file_of_this_project_is_valid_and_has_every_hook() -> None:
    told = [(each["stages"], each["entry"]) for each in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())]
    assert told == [([each.name], f"python -m gitmig.cli.launch {each.name}") for each in HOOKS]
    subprocess.run([sys.executable, "-m", "pre_commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"], check=True)


def test_the_launcher_becomes_the_projects_interpreter(framework: Repo, tmp_path: Path) -> None:
    launch = (sys.executable, "-m", "gitmig.cli.launch", "pre-commit")
    done = framework.run(*launch)
    assert done.code == 2
    assert "GITMIG_PYTHON" in done.err
    assert framework.run(*launch, env={"GITMIG_PYTHON": sys.executable}).code == 0
    empty = tmp_path / "empty"
    venv.create(empty, with_pip=False)
    done = framework.run(*launch, env={"GITMIG_PYTHON": str(empty / "bin" / "python"), "PYTHONPATH": str(ROOT)})
    assert done.code == 2
    assert "pip install gitmig" in done.err
    (framework.top / ".venv" / "bin").mkdir(parents=True)
    python = framework.top / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    framework.write(".gitignore", "__pycache__/\n.venv/\n")
    assert framework.run(*launch).code == 0


@pytest.mark.real
def test_this_project_as_a_repo_of_the_framework(framework: Repo, tmp_path: Path) -> None:
    """`repo: <this project>`: the framework installs it into an environment of its own, the launcher leaves that one."""
    source = tmp_path / "gitmig-source"
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    for name in filter(lambda name: (ROOT / name).is_file(), tracked.decode().split("\0")):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    origin = Repo(source, framework.home)
    for words in (("init", "-q"), ("add", "."), ("commit", "-qm", "all"), ("tag", "v1")):
        origin.git(*words)
    framework.write(".pre-commit-config.yaml", f"repos:\n  - repo: {source}\n    rev: v1\n    hooks:\n      - id: gitmig\n")
    framework.add_columns("email")
    framework.git("add", ".")
    framework.git("commit", "-qm", "email", env={"GITMIG_PYTHON": sys.executable})
    assert "email" in framework.new_revision()
    assert framework.status() == ""


def test_a_file_staged_and_then_edited_stops_with_the_line_to_type(framework: Repo) -> None:
    """The framework takes the edit out of the work tree before our hook could see it."""
    framework.add_columns("email")
    framework.git("commit", "-qam", "email")
    framework.write("models.py", framework.read("models.py").replace("    email: Mapped[str | None]\n", ""))
    framework.git("commit", "-qam", "drop", check=False)
    (path,) = [line[3:] for line in framework.status().splitlines() if line.startswith("??")]
    framework.git("add", "models.py", path)
    framework.write(path, framework.read(path) + "# one more thought\n")
    done = framework.git("commit", "-qm", "drop", check=False)
    assert done.code == 1
    assert f"git add {path}" in done.out + done.err
    assert "one more thought" in framework.read(path)
    framework.git("add", path)
    framework.git("commit", "-qm", "drop")
    assert "one more thought" in framework.new_revision()
