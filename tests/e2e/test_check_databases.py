"""`gitmig check` beside the models: what ran from another text, what was skipped, what others have already."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, new_home, new_repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    repo = new_repo(tmp_path / "repo", new_home(tmp_path / "home"))
    repo.write(".gitignore", "__pycache__/\n*.db\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    repo.add_columns("nick")
    repo.git("commit", "-qam", "nick")
    repo.gitmig("upgrade")
    return repo


def test_a_script_that_was_edited_after_it_ran_is_found_and_formatting_is_not(repo: Repo) -> None:
    (path,) = [each for each in repo.revisions() if "nick" in each]
    before = repo.read(path)
    repo.write(path, before.replace("    op.", "    # on request\n\n    op.").replace('"users"', "'users'"))
    assert repo.gitmig("check").code == 0
    repo.write(path, before.replace("op.add_column", 'op.execute("SELECT 1")\n    op.add_column'))
    done = repo.gitmig("check", check=False)
    assert done.code == 1
    assert "ran on the database on" in done.out and f"means something else than {path}" in done.out
    found = json.loads(repo.gitmig("check", "--json", check=False).out)
    assert [each["path"] for each in found["databases"][0]["differing"]] == [path]
    assert json.loads(repo.gitmig("status", "--json").out)["databases"][0]["differing"] == found["databases"][0]["differing"]


def test_a_published_revision_that_the_work_tree_edits_moves_or_lacks_is_found(repo: Repo) -> None:
    (path,) = [each for each in repo.revisions() if "nick" in each]
    (first,) = [each for each in repo.revisions() if each != path]
    repo.git("remote", "add", "origin", repo.top.as_uri())
    repo.git("fetch", "-q", "origin")
    id = path.rpartition("/")[2].partition("_")[0]
    before = repo.read(path)
    for text, how in (
        (before.replace("String", "Text"), "edited"),
        (before + '\nbranch_labels = ("late",)\n', "moved"),
        (None, "deleted"),
    ):
        if text is None:
            (repo.top / path).unlink()
        else:
            repo.write(path, text)
        found = json.loads(repo.gitmig("check", "--json", check=False).out)
        assert (found["clean"], found["edited"]) == (False, [{"revision": id, "path": path, "how": how, "ref": "origin/main"}])
        repo.git("checkout", "-q", "--", path)
    repo.write(first, repo.read(first) + "\n\n# the end\n")
    assert json.loads(repo.gitmig("check", "--json").out)["edited"] == []
    # A branch that is behind the published one lacks its newest revision, which is no deletion.
    repo.git("reset", "-q", "--hard", "HEAD~1")
    assert json.loads(repo.gitmig("check", "--json").out)["edited"] == []


def test_a_skipped_revision_is_a_fault_and_a_silent_database_none(repo: Repo) -> None:
    (path,) = [each for each in repo.revisions() if "nick" in each]
    (first,) = [each for each in repo.revisions() if each != path]
    root, id = (each.rpartition("/")[2].partition("_")[0] for each in (first, path))
    middle = f'revision = "middle"\ndown_revision = "{root}"\n\n\ndef upgrade():\n    pass\n\n\ndef downgrade():\n    pass\n'
    repo.write("migrations/versions/middle.py", middle)
    repo.write(path, repo.read(path).replace(f'down_revision = "{root}"', 'down_revision = "middle"'))
    done = repo.gitmig("check", check=False)
    assert done.code == 1
    assert f"Revision middle (migrations/versions/middle.py) never ran on the database, although {id} above it did." in done.out
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("sqlite:///app.db", "${NOT_SET}") + 'dialect = "sqlite"\n')
    done = repo.gitmig("check")
    assert "The database was not asked: " in done.err and "NOT_SET" in done.err
