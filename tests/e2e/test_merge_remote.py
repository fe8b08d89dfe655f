"""Two developers and a bare remote: pull by merge and by rebase, and what is published stays as it is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.gitkit import CONFIG, MODELS, Repo, new_home, table
from tests.e2e.test_merge_scene import NICK, NOTE, append, commit, head_of, heads, snapshot


class Team:
    """Ada and Bob, each with a clone of one bare repository; a note of Ada's is pushed, a nick of Bob's is not."""

    def __init__(self, folder: Path) -> None:
        self.home = new_home(folder / "home")
        seed = Repo(folder / "seed", self.home)
        seed.top.mkdir()
        seed.git("init", "-q")
        seed.write("pyproject.toml", CONFIG.replace("models:Base", "orders:Base"))
        seed.write("models.py", MODELS)
        seed.write("orders.py", f"from models import Base, Mapped, mapped_column\n{table('orders')}")
        seed.write(".gitignore", "__pycache__/\napp.db\n")
        seed.gitmig("install")
        seed.git("add", ".")
        seed.git("commit", "-qm", "first")
        seed.git("clone", "-q", "--bare", ".", folder / "remote.git")
        self.ada, self.bob = (self.clone(folder, name) for name in ("Ada", "Bob"))
        commit(self.ada, "note", {"models.py": NOTE})
        self.ada.git("push", "-q")
        commit(self.bob, "nick", {"orders.py": NICK})

    def clone(self, folder: Path, name: str) -> Repo:
        repo = Repo(folder / name, self.home)
        repo.run("git", "clone", "-q", folder / "remote.git", folder / name, cwd=folder, check=True)
        repo.git("config", "user.name", name)
        repo.gitmig("install")
        return repo


@pytest.fixture
def team(tmp_path: Path) -> Team:
    return Team(tmp_path)


def one_head_in_each_commit(repo: Repo, since: str) -> None:
    for oid in repo.git("rev-list", f"{since}..HEAD").out.split():
        repo.git("checkout", "-q", oid)
        assert len(heads(repo)) == 1, oid


def test_pull_by_merge_and_by_rebase_end_with_one_head(team: Team) -> None:
    bob = team.bob
    theirs, mine = head_of(team.ada, "HEAD"), head_of(bob, "HEAD")
    start = bob.head()
    bob.gitmig("upgrade")
    done = bob.git("pull", "-q", "--no-rebase", "--no-edit", check=False)
    assert "`git commit` completes the merge" in done.err
    bob.git("commit", "--no-edit")
    assert (bob.status(), len(heads(bob)), bob.gitmig("check").code) == ("", 1, 0)

    bob.git("reset", "-q", "--hard", start)
    append(bob, "orders.py", "    more: Mapped[str | None]\n")
    bob.git("commit", "-qam", "more")
    last = head_of(bob, "HEAD")
    kept = bob.write(".git/hooks/post-rewrite.pre-gitmig", '#!/bin/sh\necho "chained $1 $(wc -l)" >&2\n')
    kept.chmod(0o755)
    before = bob.git("log", "-2", "--format=%an %ad %s").out
    done = bob.git("pull", "--rebase")
    assert "chained rebase 2" in done.err
    assert f"gitmig: {last} and {mine} now follow {theirs}" in done.err
    assert (bob.status(), heads(bob)) == ("", [last])
    assert bob.git("log", "-2", "--format=%an %ad %s").out == before
    assert bob.git("rev-parse", "--abbrev-ref", "HEAD").out == "main\n"
    # The database has Bob's revision and not Ada's, which now lies beneath it: never skipped in silence.
    refused = bob.gitmig("upgrade", check=False)
    assert refused.code != 0 and theirs in refused.err
    bob.gitmig("upgrade", "--run-skipped")
    assert bob.gitmig("check").code == 0
    bob.git("push", "-q")
    one_head_in_each_commit(bob, "HEAD~2")


def test_a_rebase_that_cannot_be_sure_names_the_command(team: Team) -> None:
    bob = team.bob
    bob.git("switch", "-qc", "feature")
    bob.git("push", "-q", "origin", "feature")
    bob.git("fetch", "-q")
    done = bob.git("rebase", "origin/main")
    assert "gitmig resolve --rebase --yes" in done.err and "origin/feature" in done.err
    assert (bob.status(), len(heads(bob))) == ("", 2)

    bob.git("switch", "-q", "main")
    for settings, said in (({"CI": "1"}, "nothing is written in CI"), ({"GITMIG": "0"}, "")):
        start = bob.head()
        done = bob.git("rebase", "origin/main", env=settings)
        assert said in done.err and (bool(said) == ("gitmig" in done.err)) and len(heads(bob)) == 2
        bob.git("reset", "-q", "--hard", start)
    bob.git("update-ref", "-d", "refs/remotes/origin/feature")
    path = next(path for path in bob.revisions() if head_of(bob, "main") in path)
    bob.write(path, bob.read(path).replace('"orders"', '"users"').replace('"nick"', '"note"').replace("sa.String()", "sa.Integer()"))
    bob.git("commit", "-qa", "--amend", "--no-edit", "--no-verify")
    done = bob.git("rebase", "origin/main")
    assert "contradict each other" in done.err and "by Ada" in done.err and "by Bob" in done.err
    assert (bob.status(), len(heads(bob))) == ("", 2)


def test_a_published_revision_is_neither_edited_nor_deleted_nor_moved(team: Team) -> None:
    bob = team.bob
    bob.git("pull", "-q", "--rebase")
    first = next(path for path in bob.revisions("HEAD~2"))
    text = bob.read(first)
    id = text.split("Revision ID: ")[1].split()[0]
    edits = {
        "changes what it does": text.replace("def downgrade() -> None:\n", "def downgrade() -> None:\n    op.execute('SELECT 1')\n"),
        "gives it other parents": text.replace("down_revision = None", 'down_revision = "feedfeedfeed"'),
        "deletes it": "",
    }
    for said, content in edits.items():
        if content:
            assert content != text
            bob.write(first, content)
            bob.git("add", first)
        else:
            bob.git("rm", "-q", first)
        before = snapshot(bob)
        done = bob.git("commit", "-qm", "edited", check=False)
        assert done.code == 1, said
        assert f"revision '{id}' is published (origin/HEAD), and this commit {said}" in done.err, done.err
        assert f"git checkout origin/HEAD -- {first}" in done.err
        assert snapshot(bob) == before
        bob.git("checkout", "-q", "origin/main", "--", first)
    tidy = (
        text.replace("def upgrade", "# tidy\ndef upgrade")
        .replace('"', "'")
        .replace("'''", '"""')
        .replace("down_revision =", "down_revision: str | None =")
    )
    bob.write(first, tidy)
    bob.git("commit", "-qam", "tidy")
    # Bob's own, which nobody has, is his to edit.
    mine = next(path for path in bob.changed("HEAD~1") if path.startswith("migrations/"))
    bob.write(mine, bob.read(mine).replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    op.execute('SELECT 1')\n"))
    bob.git("commit", "-qam", "mine")
    assert bob.status() == ""


def test_an_edit_that_comes_from_the_other_side_of_a_merge_is_no_new_one(team: Team) -> None:
    ada, bob = team.ada, team.bob
    path = next(path for path in ada.changed() if path.startswith("migrations/"))
    bob.git("pull", "-q", "--no-rebase", "--no-edit", check=False)
    bob.git("commit", "--no-edit")
    ada.write(path, ada.read(path).replace("def downgrade() -> None:\n", "def downgrade() -> None:\n    op.execute('SELECT 1')\n"))
    ada.git("commit", "-qam", "edited all the same", env={"GITMIG": "0"})
    ada.git("push", "-q", env={"GITMIG": "0"})
    commit(bob, "more", {"orders.py": "    more: Mapped[str | None]\n"})
    bob.git("fetch", "-q")
    bob.git("branch", "-q", "-f", "side", "origin/main")
    bob.git("update-ref", "refs/remotes/origin/main", "origin/main~1")
    done = bob.git("merge", "--no-edit", "side")
    assert "is published" not in done.err
    assert (bob.status(), len(heads(bob))) == ("", 1)


def test_where_nothing_tells_what_is_published_a_committed_revision_stays_and_an_amend_may_touch_its_own(team: Team) -> None:
    bob = team.bob
    bob.git("update-ref", "-d", "refs/remotes/origin/HEAD")
    bob.git("update-ref", "-d", "refs/remotes/origin/main")
    path = next(path for path in bob.changed() if path.startswith("migrations/"))
    edited = bob.read(path).replace("def downgrade() -> None:\n", "def downgrade() -> None:\n    op.execute('SELECT 1')\n")
    bob.write(path, edited)
    refused = bob.git("commit", "-qam", "edited", check=False)
    assert (refused.code, "no published ref was found, so every committed revision counts" in refused.err) == (1, True)
    bob.git("commit", "-qa", "--amend", "--no-edit")
    assert "SELECT 1" in bob.new_revision()


def test_a_reverted_revision_goes_and_its_databases_are_told_of(team: Team) -> None:
    bob = team.bob
    mine = next(path for path in bob.changed() if path.startswith("migrations/"))
    bob.gitmig("upgrade")
    bob.git("revert", "--no-commit", "HEAD")
    done = bob.git("commit", "-qm", "no nick")
    assert f"{mine} is gone with this commit" in done.err
    assert (bob.status(), bob.gitmig("check").code, len(heads(bob))) == ("", 0, 1)
    told = done.err.partition("goes back first: ")[2].splitlines()[0]
    bob.run("sh", "-c", told.replace("gitmig", f"{sys.executable} -m gitmig"), check=True)
    assert bob.status() == "" and bob.gitmig("upgrade").code == 0

    bob.git("fetch", "-q")
    bob.git("reset", "-q", "--hard", "origin/main")
    bob.git("revert", "--no-commit", "HEAD")
    refused = bob.git("commit", "-qm", "no note", check=False)
    assert (refused.code, "is published (origin/HEAD), and this commit deletes it" in refused.err) == (1, True)
    path = next(path for path in bob.changed() if path.startswith("migrations/"))
    bob.git("checkout", "-q", "origin/HEAD", "--", path)
    bob.git("commit", "-qm", "no note", check=False)
    bob.git("commit", "-qm", "no note")
    assert "drop_column" in bob.new_revision().partition("def downgrade")[0]
    assert (bob.status(), bob.gitmig("check").code) == ("", 0)
