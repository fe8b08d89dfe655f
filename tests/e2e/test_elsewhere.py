"""Where a revision lives that the checkout lacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitmig.adapters.elsewhere import Whereabouts, find
from gitmig.adapters.githead import blob_id
from gitmig.adapters.history import Entry
from tests.e2e.gitkit import Repo, new_home

FOLDERS = ("migrations/versions",)


def script(id: str, down: str | None = None, more: str = "") -> str:
    return f'"""{id}"""\nrevision = {id!r}\ndown_revision = {down!r}\n\n\ndef upgrade():\n    pass\n{more}'


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    (tmp_path / "repo").mkdir()
    repo = Repo(tmp_path / "repo", new_home(tmp_path / "home"))
    repo.git("init", "-q")
    add(repo, "a1")
    return repo


def add(repo: Repo, id: str, down: str | None = None, *, name: str | None = None, more: str = "") -> str:
    """Commits a revision; the id of its blob."""
    text = script(id, down, more)
    repo.write(name or f"migrations/versions/{id}.py", text)
    repo.git("add", ".")
    repo.git("commit", "-qm", f"add {id}")
    return blob_id(text.encode())


def one(repo: Repo, id: str, *history: Entry) -> Whereabouts:
    return find(repo.top, FOLDERS, [id], history)[id]


def ran(id: str, text: str, blob: str | None = None) -> Entry:
    path = f"migrations/versions/{id}.py"
    return Entry(id, "upgrade", "ran", (id,), "2026-01-01T00:00:00Z", blob or blob_id(text.encode()), path, text)


def test_branches_tags_remotes_reflogs_and_stashes_are_looked_through(repo: Repo, tmp_path: Path) -> None:
    repo.git("switch", "-qc", "feature")
    blob = add(repo, "b2", "a1")
    repo.git("switch", "-q", "main")
    found = one(repo, "b2")
    assert (found.where, found.refs, found.local, found.blob) == ("git", ("branch feature",), True, blob)
    assert found.header is not None and found.header.down == ("a1",)
    assert found.words().startswith("on branch feature, commit ") and " by Ada, 20" in found.words()

    repo.git("branch", "-D", "feature")
    gone = one(repo, "b2")
    assert (gone.where, gone.refs, gone.local) == ("git", (), True)
    assert gone.words().startswith("in git's reflog only")

    # Never committed, only stashed; the untracked part of a stash is a commit of its own.
    repo.write("migrations/versions/c3.py", script("c3", "a1"))
    repo.git("stash", "push", "-qu")
    assert one(repo, "c3").refs == ("stash@{0}",)

    # What another person pushed is known and not trusted, also where the reflog of the remote branch names it.
    (tmp_path / "other").mkdir()
    other = Repo(tmp_path / "other", repo.home)
    other.git("clone", "-q", repo.top, ".")
    other.git("switch", "-qc", "theirs")
    add(other, "d4", "a1", name="migrations/versions/renamed.py")
    repo.git("remote", "add", "origin", other.top)
    repo.git("fetch", "-q", "origin")
    theirs = one(repo, "d4")
    assert (theirs.where, theirs.refs, theirs.local) == ("git", ("origin/theirs",), False)
    # A branch that takes it makes it this machine's.
    repo.git("branch", "taken", "origin/theirs")
    assert one(repo, "d4").local

    # A folder that today's configuration does not name is found by the file's name.
    repo.git("switch", "-qc", "moved")
    add(repo, "e5", "a1", name="db/old/e5_users.py")
    repo.git("switch", "-q", "main")
    assert one(repo, "e5").path == "db/old/e5_users.py"


def test_a_revision_that_a_merge_commit_itself_brings_is_found(repo: Repo) -> None:
    repo.git("switch", "-qc", "left")
    add(repo, "l1", "a1")
    repo.git("switch", "-qc", "right", "main")
    add(repo, "r1", "a1")
    repo.git("merge", "-q", "--no-commit", "left")
    repo.write("migrations/versions/m1.py", script("m1").replace("None", "('l1', 'r1')"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "merge")
    repo.git("switch", "-q", "main")
    found = one(repo, "m1")
    assert found.header is not None and found.header.down == ("l1", "r1")
    assert found.refs == ("branch right",)


def test_the_content_that_ran_is_preferred_and_the_history_serves_only_what_has_its_blob_id(repo: Repo) -> None:
    repo.git("switch", "-qc", "feature")
    first = add(repo, "b2", "a1")
    newer = add(repo, "b2", "a1", more="# edited\n")
    repo.git("switch", "-q", "main")
    assert one(repo, "b2").blob == newer
    assert one(repo, "b2", ran("b2", script("b2", "a1"))).blob == first

    # A content that no commit holds comes from the table, and a doctored one does not.
    kept = script("b2", "a1", "# as it ran\n")
    assert one(repo, "b2", ran("b2", kept)).where == "history"
    assert one(repo, "b2", ran("b2", kept, blob="0" * 40)).where == "git"
    assert one(repo, "x9", ran("x9", script("x9"))).where == "history"
    assert one(repo, "x9", ran("x9", script("x9"), blob="0" * 40)).where == "nowhere"
    assert one(repo, "x9").where == "nowhere"


def test_without_a_repository_or_a_git_binary_the_history_is_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry = ran("b2", script("b2", "a1"))
    assert find(tmp_path, FOLDERS, ["b2"], [entry])["b2"].where == "history"
    assert find(tmp_path, FOLDERS, ["b2"])["b2"].where == "nowhere"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find(tmp_path, FOLDERS, ["b2"], [entry])["b2"].where == "history"
