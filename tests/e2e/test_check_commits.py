"""`check A..B` and `check --merge-with REF`: commits and merges looked at in git's objects, with nothing checked out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.e2e.gitkit import Repo


def checked(repo: Repo, *words: str, code: int) -> Any:
    ran = repo.gitmig("check", *words, "--json", check=False)
    assert ran.code == code, ran
    return json.loads(ran.out)


def column(repo: Repo, name: str, path: str, *words: str, kind: str = "str") -> None:
    repo.write(path, repo.read(path) + f"    {name}: Mapped[{kind} | None]\n")
    repo.git("commit", "-qam", f"add {name}", *words)


def test_a_range_finds_a_missing_revision_and_edits_of_published_ones(pushed: Repo) -> None:
    repo = pushed
    repo.git("switch", "-qc", "feature")
    column(repo, "nick", "orders.py")
    assert checked(repo, "origin/main..", code=0)["clean"]
    column(repo, "email", "orders.py", "--no-verify")
    culprit = repo.head()
    repo.write("app.py", "VERSION = 2\n")
    repo.git("commit", "-qam", "later", "--no-verify")
    repo.git("switch", "-q", "main")
    before = repo.status(), repo.git("for-each-ref").out

    found = checked(repo, "origin/main..feature", code=1)
    assert [each["summary"] for each in found["changes"]] == ["add column orders.email"]
    assert (found["since"]["commit"], found["since"]["author"], found["heads"]) == (culprit, "Ada", [])
    assert found["edited"] == []
    assert (repo.status(), repo.git("for-each-ref").out) == before

    (path,) = repo.revisions()
    text = repo.read(path)
    repo.git("switch", "-qc", "form")
    repo.write(path, text + "\n\n# a comment\n")
    repo.git("commit", "-qam", "only its form", "--no-verify")
    assert checked(repo, "origin/main..HEAD", code=0)["edited"] == []
    repo.write(path, text.replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    print()\n"))
    repo.git("commit", "-qam", "what it does", "--no-verify")
    told = repo.gitmig("check", "origin/main..HEAD", check=False)
    assert told.code == 1
    assert f"was edited: {path} (origin/main has it)" in told.out
    repo.git("rm", "-q", path)
    repo.git("commit", "-qm", "gone", "--no-verify")
    assert [each["how"] for each in checked(repo, "origin/main..HEAD", code=1)["edited"]] == ["deleted"]


def test_a_merge_that_nobody_made_yet(pushed: Repo, tmp_path: Path) -> None:
    repo = pushed
    for branch, path, kind in (("one", "orders.py", "str"), ("two", "models.py", "str"), ("three", "models.py", "int")):
        repo.git("switch", "-qc", branch, "main")
        column(repo, "nick", path, kind=kind)
    repo.git("switch", "-q", "one")
    before = repo.status(), repo.git("for-each-ref").out
    assert checked(repo, "--merge-with", "main", code=0)["clean"]
    good = checked(repo, "--merge-with", "two", code=1)
    assert (good["verdict"], good["conflicted"], len(good["heads"]), good["changes"]) == ("independent", [], 2, [])

    repo.git("switch", "-q", "two")
    bad = checked(repo, "--merge-with", "three", code=1)
    assert bad["conflicted"] == ["models.py"]
    assert bad["verdict"] is None, "models in conflict are not run"
    assert [each["objects"] for each in bad["contradictions"]] == [["users.nick"]]
    told = repo.gitmig("check", "--merge-with", "three", check=False).out
    assert "Git cannot merge models.py." in told
    assert "Contradiction: users.nick" in told
    repo.git("switch", "-q", "one")
    assert (repo.status(), repo.git("for-each-ref").out) == before

    other = Repo(tmp_path / "other", repo.home)
    repo.git("push", "-q", "--no-verify", "origin", "one")
    repo.run("git", "clone", "-q", tmp_path / "remote.git", other.top, check=True)
    other.git("switch", "-qc", "mine", "origin/main")
    column(other, "nick", "models.py", "--no-verify")
    text = repo.git("show", "two:models.py").out
    revision = {path: content for path, content in repo.revisions("two").items() if path not in repo.revisions("main")}
    for path, content in {**revision, "models.py": text}.items():
        other.write(path, content)
    other.git("add", ".")
    other.git("commit", "-qm", "with a revision", "--no-verify")
    unrun = checked(other, "--merge-with", "origin/one", code=1)
    assert unrun["verdict"] is None
    assert any("no local branch ever had" in each for each in unrun["messages"])
    assert checked(other, "--merge-with", "origin/one", "--yes", code=1)["verdict"] == "independent"
    refused = other.gitmig("check", "HEAD..origin/one", check=False)
    assert (refused.code, "--yes" in refused.err) == (2, True)
