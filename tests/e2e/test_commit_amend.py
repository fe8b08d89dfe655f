"""`git commit --amend` with a further change of the models: one revision that holds all of it, or a second one and why."""

from __future__ import annotations

import os
import re
import sqlite3
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo
from tests.e2e.test_commit_modes import set_modes, with_write_hook
from tests.e2e.test_precommit_framework import _framework, framework, shim

__all__ = ["_framework", "framework"]


@pytest.fixture
def emails(repo: Repo) -> Repo:
    """A second commit that brought a column and its revision."""
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    return repo


def brought(repo: Repo) -> list[str]:
    """The revision files that HEAD adds."""
    return [path for path in repo.changed() if path.startswith("migrations/versions/")]


def holds_one_revision_for(repo: Repo, *columns: str) -> str:
    (path,) = brought(repo)
    text = repo.new_revision()
    for column in columns:
        assert f"'{column}'" in text or f'"{column}"' in text
    assert len(repo.revisions()) == 2
    assert repo.status() == ""
    assert sorted(each.name for each in (repo.top / "migrations/versions").glob("*.py")) == sorted(
        Path(each).name for each in repo.revisions()
    )
    return path


def stays(repo: Repo, err: str, reason: str) -> None:
    """A second revision follows the first, and the reason is told."""
    assert reason in err
    assert "instead of replacing it" in err
    assert repo.status() == ""


WAYS = {
    "all": ("-qa", "--amend", "--no-edit"),
    "staged": ("-q", "--amend", "-m", "other words"),
    "path": ("-q", "--amend", "--no-edit", "--", "models.py"),
    "abbreviated": ("-q", "--ame", "--no-edit", "models.py"),
}


@pytest.mark.parametrize("way", WAYS)
def test_one_revision_holds_the_whole_change(emails: Repo, way: str) -> None:
    (first,) = brought(emails)
    emails.add_columns("phone")
    if way == "staged":
        emails.git("add", "models.py")
    done = emails.git("commit", *WAYS[way])
    path = holds_one_revision_for(emails, "email", "phone")
    assert path != first
    assert f"{path} takes the place of {first}" in done.err


def test_amended_again_and_again(emails: Repo) -> None:
    for column in ("phone", "street", "town"):
        emails.add_columns(column)
        emails.git("commit", "-qa", "--amend", "--no-edit")
    holds_one_revision_for(emails, "email", "phone", "street", "town")


def test_a_database_that_ran_the_old_one_goes_back_with_the_line_that_is_told(emails: Repo) -> None:
    emails.gitmig("upgrade")
    emails.add_columns("phone")
    done = emails.git("commit", "-qa", "--amend", "--no-edit")
    (line,) = re.findall(r"goes back first: (.*)", done.err)
    path = f"{shim(emails.top.parent / 'bin')}{os.pathsep}{os.environ['PATH']}"
    emails.run("sh", "-c", line, check=True, env={"PATH": path})
    emails.gitmig("upgrade")
    with sqlite3.connect(emails.top / "app.db") as database:
        assert [row[1] for row in database.execute("pragma table_info(users)")] == ["id", "email", "phone"]
    assert emails.status() == "?? app.db\n"


def test_the_first_commit_amended(fresh: Repo) -> None:
    fresh.git("add", ".")
    fresh.git("commit", "-qm", "first")
    fresh.add_columns("email")
    fresh.git("commit", "-qa", "--amend", "--no-edit")
    text = fresh.new_revision()
    assert "create_table" in text
    assert "email" in text
    assert len(fresh.revisions()) == 1
    assert fresh.status() == ""


def test_a_change_taken_back_takes_its_revision_along(emails: Repo) -> None:
    (first,) = brought(emails)
    emails.write("models.py", emails.read("models.py").replace("    email: Mapped[str | None]\n", "    # no e-mail\n"))
    done = emails.git("commit", "-qa", "--amend", "--no-edit")
    assert f"{first} is out of this commit" in done.err
    assert emails.changed() == ["models.py"]
    assert emails.status() == ""
    assert not (emails.top / first).exists()


def test_an_ordinary_commit_rewrites_nothing(emails: Repo) -> None:
    """Its author and its date may be HEAD's, even by `-C HEAD`; nothing but `--amend` amends."""
    for column, words in (("phone", ("-m", "--amend")), ("street", ("-C", "HEAD")), ("town", ("-m", "x", "--amend", "--no-amend"))):
        emails.add_columns(column)
        emails.git("commit", "-qa", *words)
        assert column in emails.new_revision()
    assert len(emails.revisions()) == 5
    fixed = {"GIT_AUTHOR_DATE": "2001-02-03T04:05:06Z", "GIT_COMMITTER_DATE": "2001-02-03T04:05:06Z"}
    for column in ("one", "two"):
        emails.add_columns(column)
        emails.git("commit", "-qa", "--author", "A U Thor <author@example.org>", "-m", "--amend", env=fixed)
        assert column in emails.new_revision()


def test_with_an_author_or_a_date_of_its_own(emails: Repo) -> None:
    columns = ["email"]
    for column, words in {
        "phone": ("--author=Another <another@example.org>",),
        "town": ("--reset-author", "--date=now"),
    }.items():
        emails.add_columns(column)
        columns.append(column)
        emails.git("commit", "-qa", "--amend", "--no-edit", *words)
        holds_one_revision_for(emails, *columns)


def test_by_an_alias_from_a_folder_below(emails: Repo) -> None:
    emails.git("config", "alias.again", "commit --amend --no-edit -q")
    (emails.top / "deep").mkdir()
    emails.add_columns("phone")
    done = emails.git("again", "-a", cwd=emails.top / "deep")
    path = holds_one_revision_for(emails, "email", "phone")
    assert f"../{path} takes the place of ../" in done.err
    assert "> ../migrations/versions/" in done.err


def test_in_a_linked_worktree(emails: Repo, tmp_path: Path) -> None:
    emails.git("worktree", "add", "-q", tmp_path / "linked", "-b", "other")
    linked = Repo(tmp_path / "linked", emails.home)
    linked.add_columns("phone")
    linked.git("commit", "-q", "--amend", "--no-edit", "models.py")
    holds_one_revision_for(linked, "email", "phone")


def test_under_the_framework(framework: Repo) -> None:
    framework.add_columns("email")
    framework.git("commit", "-qam", "email")
    framework.add_columns("phone")
    framework.git("add", "models.py")
    framework.add_columns("later")
    framework.git("commit", "-q", "--amend", "--no-edit")
    assert "phone" in framework.new_revision()
    assert "later" not in framework.new_revision()
    assert len(framework.revisions()) == 2
    assert framework.status() == " M models.py\n"


def test_a_message_given_by_hand_stays(repo: Repo) -> None:
    repo.add_columns("email")
    repo.gitmig("revision", "--autogenerate", "-m", "people have mail")
    repo.git("add", ".")
    repo.git("commit", "-qm", "email")
    repo.add_columns("phone")
    repo.git("commit", "-qa", "--amend", "--no-edit")
    assert "people_have_mail" in holds_one_revision_for(repo, "email", "phone")


def test_what_post_write_hooks_made_of_it_is_known(emails: Repo) -> None:
    with_write_hook(emails)
    emails.add_columns("phone")
    emails.git("commit", "-qam", "phone")
    emails.add_columns("street")
    emails.git("commit", "-qa", "--amend", "--no-edit")
    assert "street" in emails.new_revision()
    assert emails.new_revision().count("# tidied") == 1
    assert emails.status() == ""


def test_one_that_was_edited_stays(emails: Repo) -> None:
    (first,) = brought(emails)
    emails.write(first, emails.read(first) + "# mine\n")
    emails.git("commit", "-qa", "--amend", "--no-edit")
    emails.add_columns("phone")
    done = emails.git("commit", "-qa", "--amend", "--no-edit")
    stays(emails, done.err, "it is not what gitmig makes")
    assert "# mine" in emails.read(first)
    assert len(brought(emails)) == 2
    emails.add_columns("street")
    done = emails.git("commit", "-qa", "--amend", "--no-edit")
    stays(emails, done.err, "the commit holds 2 revisions")


def test_one_with_an_unstaged_edit_stays(emails: Repo) -> None:
    (first,) = brought(emails)
    emails.write(first, emails.read(first) + "# mine\n")
    emails.add_columns("phone")
    done = emails.git("commit", "-q", "--amend", "--no-edit", "models.py")
    assert "it was edited since" in done.err
    assert emails.status() == f" M {first}\n"


def test_one_that_was_pushed_stays(emails: Repo, tmp_path: Path) -> None:
    emails.git("init", "-q", "--bare", tmp_path / "origin.git")
    emails.git("remote", "add", "origin", tmp_path / "origin.git")
    emails.git("push", "-q", "origin", "main")
    emails.add_columns("phone")
    done = emails.git("commit", "-qa", "--amend", "--no-edit")
    stays(emails, done.err, "origin/main has it already")
    assert len(brought(emails)) == 2


def test_one_that_was_pushed_by_another_commit_stays(emails: Repo, tmp_path: Path) -> None:
    """Cherry-picked and pushed: the commit is not published, its revision is."""
    emails.git("init", "-q", "--bare", tmp_path / "origin.git")
    emails.git("remote", "add", "origin", tmp_path / "origin.git")
    emails.git("push", "-q", "origin", "main")
    emails.git("commit", "-q", "--amend", "-m", "other words")
    emails.add_columns("phone")
    done = emails.git("commit", "-qa", "--amend", "--no-edit")
    stays(emails, done.err, "origin/main has it already")


def test_a_merge_keeps_its_revision(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    repo.write("two.txt", "2\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "two")
    repo.git("switch", "-q", "main")
    repo.write("three.txt", "3\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "three")
    repo.git("merge", "-q", "--no-commit", "feature")
    repo.add_columns("email")
    repo.git("commit", "-qam", "merged")
    repo.add_columns("phone")
    done = repo.git("commit", "-qa", "--amend", "--no-edit")
    stays(repo, done.err, "the commit is a merge")
    assert len(repo.revisions()) == 3


def test_what_a_person_has_to_look_at_is_a_revision_of_its_own(emails: Repo) -> None:
    emails.write("models.py", emails.read("models.py").replace("    id: Mapped[int]", "    id: Mapped[str]"))
    done = emails.git("commit", "-qa", "--amend", "--no-edit", check=False)
    assert done.code == 1
    assert "a person has to look" in done.err
    assert len([line for line in emails.status().splitlines() if line.startswith("??")]) == 1


def test_what_was_looked_at_once_is_not_asked_again(emails: Repo) -> None:
    emails.write("models.py", emails.read("models.py").replace("    email: Mapped[str | None]\n", ""))
    emails.git("commit", "-qam", "drop", check=False)
    emails.git("commit", "-qam", "drop")
    emails.add_columns("phone")
    emails.git("commit", "-qa", "--amend", "--no-edit")
    text = emails.new_revision()
    assert "drop_column" in text
    assert "phone" in text
    assert emails.status() == ""


@pytest.mark.parametrize("way", ["all", "path", "staged"])
def test_an_amend_that_fails_later_and_is_repeated(emails: Repo, way: str) -> None:
    hook = emails.top / ".git" / "hooks" / "commit-msg"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    emails.add_columns("phone")
    if way == "staged":
        emails.git("add", "models.py")
    assert emails.git("commit", *WAYS[way], check=False).code == 1
    hook.unlink()
    emails.git("commit", *WAYS[way])
    holds_one_revision_for(emails, "email", "phone")


def test_nothing_changes_where_the_new_file_cannot_be_written(emails: Repo) -> None:
    (first,) = brought(emails)
    emails.add_columns("phone")
    emails.git("commit", "-qa", "--amend", "--no-edit")
    (second,) = brought(emails)
    emails.git("reset", "-q", "--hard", "HEAD@{1}")
    emails.add_columns("phone")
    emails.git("add", "models.py")
    emails.write(second, "# mine\n")
    before = (emails.git("ls-files", "-s").out, emails.status())
    done = emails.git("commit", "-q", "--amend", "--no-edit", check=False)
    assert done.code != 0
    assert second in done.err
    assert (emails.git("ls-files", "-s").out, emails.status()) == before
    assert (emails.top / first).exists()


def test_review_of_everything_and_off_are_left_alone(emails: Repo) -> None:
    set_modes(emails, autogenerate="check")
    emails.add_columns("phone")
    done = emails.git("commit", "-qa", "--amend", "--no-edit", check=False)
    assert done.code == 1
    assert "instead of replacing" not in done.err
    assert emails.status() == " M models.py\n"
