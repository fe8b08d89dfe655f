"""Rebase, cherry-pick, revert, am and merges: never disturbed, and two heads become one."""

from __future__ import annotations

import re
from pathlib import Path

from tests.e2e.gitkit import Repo


def commit_file(repo: Repo, name: str) -> str:
    repo.write(name, f"{name}\n")
    repo.git("add", name)
    repo.git("commit", "-qm", name)
    return repo.head()


def without_revision(repo: Repo, column: str) -> str:
    """A commit whose models lack their revision: what a hook would want to repair."""
    repo.add_columns(column)
    repo.git("commit", "-qam", column, "--no-verify")
    return repo.head()


def test_a_rebase_is_not_disturbed(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    without_revision(repo, "email")
    commit_file(repo, "two.txt")
    repo.git("switch", "-q", "main")
    commit_file(repo, "three.txt")
    repo.git("switch", "-q", "feature")
    repo.git("reset", "-q", "--hard", "HEAD~1")
    commit_with = repo.head()
    repo.git("rebase", "-q", "main")
    assert repo.head() != commit_with
    assert repo.status() == ""


def test_reword_in_the_middle_of_a_rebase_is_not_disturbed(repo: Repo) -> None:
    start = repo.head()
    without_revision(repo, "email")
    commit_with_hook_off = {"GITMIG": "0"}
    repo.write("two.txt", "2\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "two", env=commit_with_hook_off)
    repo.git("rebase", "-q", "-i", start, env={"GIT_SEQUENCE_EDITOR": "sed -i '1s/^pick/reword/'", "GIT_EDITOR": "sed -i 1s/^/better-/"})
    assert repo.git("log", "--format=%s", f"{start}..").out.split() == ["two", "better-email"]
    assert repo.status() == ""
    assert repo.revisions().keys() == repo.revisions(start).keys()


def test_edit_and_amend_in_a_rebase_is_not_disturbed(repo: Repo) -> None:
    start = repo.head()
    without_revision(repo, "email")
    repo.write("two.txt", "2\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "two", env={"GITMIG": "0"})
    repo.git("rebase", "-q", "-i", start, env={"GIT_SEQUENCE_EDITOR": "sed -i '1s/^pick/edit/'"})
    repo.write("app.py", "VERSION = 3\n")
    done = repo.git("commit", "-qa", "--amend", "--no-edit")
    assert "gitmig check" in done.err
    repo.git("rebase", "--continue")
    assert repo.status() == ""
    assert repo.revisions().keys() == repo.revisions(start).keys()
    commit_file(repo, "after.txt")
    assert "email" in repo.new_revision()


def test_a_cherry_pick_is_not_disturbed(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    picked = without_revision(repo, "email")
    repo.git("switch", "-q", "main")
    repo.git("cherry-pick", picked)
    assert repo.changed() == ["models.py"]
    assert repo.status() == ""


def test_a_cherry_pick_finished_by_commit_is_not_disturbed(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    repo.write("app.py", "VERSION = 'feature'\n")
    repo.add_columns("email")
    repo.git("commit", "-qam", "both", "--no-verify")
    picked = repo.head()
    repo.git("switch", "-q", "main")
    repo.write("app.py", "VERSION = 'main'\n")
    repo.git("commit", "-qam", "main")
    assert repo.git("cherry-pick", picked, check=False).code
    repo.write("app.py", "VERSION = 'both'\n")
    repo.git("add", "app.py")
    done = repo.git("commit", "-qm", "picked")
    assert sorted(repo.changed()) == ["app.py", "models.py"]
    assert repo.status() == ""
    assert "cherry-pick" in done.err


def test_a_revert_is_not_disturbed(repo: Repo) -> None:
    without_revision(repo, "email")
    repo.git("revert", "--no-edit", "HEAD")
    assert repo.changed() == ["models.py"]
    assert repo.status() == ""


def test_am_is_not_disturbed(repo: Repo, tmp_path: Path) -> None:
    start = repo.head()
    without_revision(repo, "email")
    repo.git("format-patch", "-q", "-1", "-o", tmp_path)
    repo.git("reset", "-q", "--hard", start)
    repo.git("am", "-q", next(tmp_path.glob("*.patch")))
    assert repo.changed() == ["models.py"]
    assert repo.status() == ""


def test_a_clean_merge_is_not_disturbed(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    repo.git("switch", "-q", "main")
    commit_file(repo, "two.txt")
    repo.git("merge", "-q", "--no-edit", "feature")
    assert repo.status() == ""


def two_heads(repo: Repo) -> None:
    """A merge, not committed yet, in which both sides added a revision."""
    repo.git("switch", "-qc", "feature")
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    repo.git("switch", "-q", "main")
    repo.write("models.py", repo.read("models.py") + "    phone: Mapped[str | None]\n")
    repo.git("commit", "-qam", "phone")
    assert repo.git("merge", "--no-commit", "feature", check=False).code
    repo.git("checkout", "-q", "--ours", "models.py")
    repo.add_columns("email")
    repo.git("add", "models.py")


def test_two_heads_become_one_in_the_commit_that_ends_the_merge(repo: Repo) -> None:
    two_heads(repo)
    done = repo.git("commit", "-qm", "merged")
    assert " joins " in done.err
    assert len([path for path in repo.changed() if "_merge_" in path]) == 1
    assert repo.status() == ""


def test_a_merge_revision_in_the_index_lets_the_commit_through(repo: Repo) -> None:
    two_heads(repo)
    repo.gitmig("merge", "heads", "-m", "join")
    repo.git("add", "migrations")
    repo.git("commit", "-qm", "merged")
    assert repo.status() == ""
    assert len(repo.revisions()) == 4


def test_two_heads_that_are_labelled_apart_are_no_mistake(repo: Repo) -> None:
    (path,) = repo.revisions()
    text = re.sub(r"^branch_labels.*\n", "", repo.read(path), flags=re.MULTILINE)
    repo.write(path, text + "\nbranch_labels = ('main_line',)\n")
    repo.write(
        "migrations/versions/aside.py",
        "revision = 'a51de'\ndown_revision = None\nbranch_labels = ('aside',)\n\n\n"
        "def upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n",
    )
    repo.git("add", ".")
    repo.git("commit", "-qm", "aside")
    assert repo.status() == ""
    repo.add_columns("email")
    done = repo.git("commit", "-qam", "email", check=False)
    assert done.code == 1
    assert "--head" in done.err
    assert repo.status() == " M models.py\n"


def test_an_unmerged_index_is_named_outside_a_commit(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    repo.write("app.py", "VERSION = 'feature'\n")
    repo.git("commit", "-qam", "feature")
    repo.git("switch", "-q", "main")
    repo.write("app.py", "VERSION = 'main'\n")
    repo.git("commit", "-qam", "main")
    assert repo.git("merge", "feature", check=False).code
    done = repo.gitmig("hook", "pre-commit", check=False)
    assert done.code == 2
    assert "app.py" in done.err
    assert "conflict" in done.err
