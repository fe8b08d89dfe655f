"""Commits that fail, are repeated, were made without the hook, or are killed: nothing comes twice and nothing is missing."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from tests.e2e.gitkit import Repo


def refuse_messages(repo: Repo) -> None:
    hook = repo.top / ".git" / "hooks" / "commit-msg"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)


def accept_messages(repo: Repo) -> None:
    (repo.top / ".git" / "hooks" / "commit-msg").unlink()


WAYS = {
    "plain": ("-qm", "email"),
    "all": ("-qam", "email"),
    "path": ("-qm", "email", "models.py"),
    "include": ("-qm", "email", "-i", "models.py"),
}


@pytest.mark.parametrize("first", WAYS)
@pytest.mark.parametrize("second", WAYS)
def test_a_failed_commit_repeated_in_any_way_has_one_revision(repo: Repo, first: str, second: str) -> None:
    refuse_messages(repo)
    repo.add_columns("email")
    if first == "plain" or second == "plain":
        repo.git("add", "models.py")
    assert repo.git("commit", *WAYS[first], check=False).code == 1
    accept_messages(repo)
    repo.git("commit", *WAYS[second])
    if second != "path" or first != "plain":
        assert "email" in repo.new_revision()
    assert repo.status() == ""
    assert len(repo.revisions()) == 2


def test_a_failed_commit_whose_models_then_change_has_one_revision(repo: Repo) -> None:
    refuse_messages(repo)
    repo.add_columns("email")
    assert repo.git("commit", "-qam", "email", check=False).code == 1
    accept_messages(repo)
    repo.add_columns("phone")
    repo.git("commit", "-qam", "both")
    text = repo.new_revision()
    assert "email" in text
    assert "phone" in text
    assert repo.status() == ""


@pytest.mark.parametrize("start", ["repo", "fresh"])
def test_a_failed_commit_that_staged_its_revision_and_whose_models_then_change(start: str, request: pytest.FixtureRequest) -> None:
    place: Repo = request.getfixturevalue(start)
    refuse_messages(place)
    place.add_columns("email")
    place.git("add", ".")
    assert place.git("commit", "-qm", "email", check=False).code == 1
    accept_messages(place)
    place.add_columns("phone")
    place.git("add", "models.py")
    place.git("commit", "-qm", "both")
    text = place.new_revision()
    assert "email" in text
    assert "phone" in text
    assert place.status() == ""
    assert len(list((place.top / "migrations/versions").glob("*.py"))) == len(place.revisions())


def test_a_revision_that_a_failed_commit_staged_goes_when_a_commit_of_paths_replaces_it(repo: Repo) -> None:
    refuse_messages(repo)
    repo.add_columns("email")
    repo.git("add", "models.py")
    assert repo.git("commit", "-qm", "email", check=False).code == 1
    accept_messages(repo)
    repo.add_columns("phone")
    repo.git("commit", "-qm", "both", "models.py")
    text = repo.new_revision()
    assert "email" in text
    assert "phone" in text
    assert repo.status() == ""


def test_a_staged_revision_of_a_failed_commit_that_was_edited_stays(repo: Repo) -> None:
    refuse_messages(repo)
    repo.add_columns("email")
    repo.git("add", "models.py")
    assert repo.git("commit", "-qm", "email", check=False).code == 1
    accept_messages(repo)
    (path,) = [each for each in repo.revisions("") if each not in repo.revisions()]
    repo.write(path, repo.read(path) + "# mine\n")
    repo.add_columns("phone")
    repo.git("add", ".")
    repo.git("commit", "-qm", "both")
    assert "# mine" in repo.revisions()[path]
    assert len(repo.revisions()) == 3
    assert repo.status() == ""


def test_an_aborted_message_leaves_nothing_twice(repo: Repo) -> None:
    repo.add_columns("email")
    assert repo.git("commit", "-a", check=False, env={"GIT_EDITOR": "false"}).code == 1
    repo.git("commit", "-qam", "email")
    assert "email" in repo.new_revision()
    assert repo.status() == ""


def test_a_commit_made_without_the_hook_is_repaired_by_the_next(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email", "--no-verify")
    repo.write("README.md", "words\n")
    repo.git("add", "README.md")
    repo.git("commit", "-qm", "words")
    assert "email" in repo.new_revision()
    assert "README.md" in repo.changed()
    assert repo.status() == ""


def test_a_commit_made_without_the_hook_is_repaired_by_amending_it(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email", env={"GITMIG": "0"})
    assert repo.changed() == ["models.py"]
    repo.git("commit", "-q", "--amend", "--no-edit")
    assert "email" in repo.new_revision()
    assert repo.status() == ""


def test_a_revision_deleted_from_the_commit_is_missed(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    (path,) = [each for each in repo.changed() if each.startswith("migrations/")]
    repo.git("rm", "-q", path)
    repo.git("commit", "-q", "--amend", "--no-edit")
    assert path in repo.changed()
    assert repo.status() == ""


def test_amending_a_model_change_again_adds_to_the_same_commit(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("commit", "-qam", "email")
    repo.add_columns("phone")
    repo.git("commit", "-qa", "--amend", "--no-edit")
    text = "".join(repo.revisions().values())
    assert text.count("phone") >= 1
    assert repo.status() == ""


def test_a_hook_after_ours_that_fails_leaves_the_index_to_git(repo: Repo) -> None:
    refuse_messages(repo)
    repo.add_columns("email")
    assert repo.git("commit", "-qam", "email", check=False).code == 1
    assert [line[:2] for line in repo.status().splitlines()] == [" M", "??"]


def test_killed_in_the_middle_the_next_commit_is_whole(repo: Repo) -> None:
    repo.add_columns("email")
    repo.git("add", "models.py")
    repo.write("models.py", "import time\n" + repo.read("models.py") + "time.sleep(float(__import__('os').environ.get('SLOW', 0)))\n")
    repo.git("add", "models.py")
    process = subprocess.Popen(
        ["git", "commit", "-qm", "email"], cwd=repo.top, env=repo.environment({"SLOW": "30"}), start_new_session=True
    )
    time.sleep(1)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert repo.status() == "M  models.py\n"
    repo.git("commit", "-qm", "email")
    assert "email" in repo.new_revision()
    assert repo.status() == ""


def interrupted(repo: Repo, *words: str, until: str, **env: str) -> str:
    """`git commit`, ended by Ctrl-C in its terminal once the file ``until`` is there; what it said."""
    process = subprocess.Popen(
        ["git", "commit", *words], cwd=repo.top, env=repo.environment(env), start_new_session=True, stderr=subprocess.PIPE
    )
    while not (repo.top.parent / until).exists():
        assert process.poll() is None
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)
    said = process.communicate()[1].decode()
    assert process.returncode != 0
    return said


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_while_the_models_are_imported_leaves_everything_as_it_was(repo: Repo, way: str) -> None:
    wait = "import os, pathlib, time\nif 'SLOW' in os.environ:\n    pathlib.Path('../importing').touch()\n    time.sleep(30)\n"
    repo.write("models.py", wait + repo.read("models.py"))
    repo.add_columns("email")
    if way == "plain":
        repo.git("add", "models.py")
    before = (repo.head(), repo.git("ls-files", "-s").out, repo.status())
    assert "Traceback" not in interrupted(repo, *WAYS[way], until="importing", SLOW="1")
    assert (repo.head(), repo.git("ls-files", "-s").out, repo.status()) == before
    assert not list((repo.top / ".git").glob("*.lock"))
    repo.git("commit", *WAYS[way])
    assert "email" in repo.new_revision()
    assert repo.status() == ""


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_while_the_revision_is_written_leaves_everything_as_it_was(repo: Repo, way: str) -> None:
    script = repo.write("tidy.sh", '#!/bin/sh\n[ -z "$SLOW" ] || { touch ../writing; exec sleep 30; }\n')
    script.chmod(0o755)
    hooks = '[[tool.gitmig.post_write_hooks]]\nname = "tidy"\ntype = "exec"\nexecutable = "./tidy.sh"\n'
    repo.write("pyproject.toml", repo.read("pyproject.toml") + hooks)
    repo.git("add", ".")
    repo.git("commit", "-qm", "tidy")
    repo.add_columns("email")
    if way == "plain":
        repo.git("add", "models.py")
    before = (repo.head(), repo.git("ls-files", "-s").out, repo.status())
    assert "Traceback" not in interrupted(repo, *WAYS[way], until="writing", SLOW="1")
    assert (repo.head(), repo.git("ls-files", "-s").out, repo.status()) == before
    assert not list((repo.top / ".git").glob("*.lock"))
    repo.git("commit", *WAYS[way])
    assert "email" in repo.new_revision()
    assert repo.status() == ""


def test_a_revision_made_by_hand_and_not_staged_is_named(repo: Repo) -> None:
    """The same change is the same revision, whatever its file is called: the commit shall not bring a second one of its id."""
    repo.add_columns("email")
    repo.gitmig("revision", "--autogenerate", "-m", "by hand")
    repo.git("add", "models.py")
    before = repo.status()
    done = repo.git("commit", "-qm", "email", check=False)
    (path,) = [line[3:] for line in before.splitlines() if line.startswith("??")]
    assert done.code == 1
    assert f"Run: git add {path}" in done.err
    assert repo.status() == before
    repo.git("add", path)
    repo.git("commit", "-qm", "email")
    assert repo.changed() == [path, "models.py"]
    assert repo.status() == ""
