"""Heads seen coming: every branch read from git's objects, without a checkout and without running anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.gitkit import Repo, new_home

FILE = '''"""{doc}"""
import sqlalchemy as sa
from gitmig import op
{more}
revision = "{id}"
down_revision = {down!r}

def upgrade():
    {upgrade}

def downgrade():
    {downgrade}
'''
USERS = 'op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))'
CONFIG = '[tool.gitmig]\nurl = "sqlite:///app.db"\n'


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """One revision, `base`, which makes the table users, and no models."""
    repo = Repo(tmp_path / "repo", new_home(tmp_path / "home"))
    repo.top.mkdir()
    repo.git("init", "-q")
    repo.write("pyproject.toml", CONFIG)
    revision(repo, "base", None, USERS)
    commit(repo, "start")
    return repo


def revision(repo: Repo, id: str, down: str | None, upgrade: str = "pass", *, downgrade: str = "pass", more: str = "") -> None:
    text = FILE.format(doc=id, id=id, down=down, upgrade=upgrade, downgrade=downgrade, more=more)
    repo.write(f"migrations/versions/{id}.py", text)


def commit(repo: Repo, subject: str) -> None:
    repo.git("add", ".")
    repo.git("commit", "-q", "--no-verify", "-m", subject)


def branch(repo: Repo, name: str, id: str, upgrade: str, *, start: str = "main", down: str = "base", more: str = "") -> None:
    repo.git("switch", "-qc", name, start)
    revision(repo, id, down, upgrade, more=more)
    commit(repo, f"{name} adds {id}")
    repo.git("switch", "-q", "main")


def add(column: str, kind: str = "sa.String(50)") -> str:
    return f'op.add_column("users", sa.Column("{column}", {kind}))'


def forecast(repo: Repo, *words: str) -> Any:
    return json.loads(repo.gitmig("heads", "--refs", *words, "--json").out)


def test_branches_forks_and_contradictions_are_told_without_running_anything(repo: Repo) -> None:
    branch(repo, "text", "one", add("nick"))
    branch(repo, "number", "two", add("nick", "sa.Integer()"))
    branch(repo, "other", "three", add("email"))
    branch(repo, "again", "four", add("email"))
    branch(repo, "code", "five", "open('ran', 'w').close()", more="open('ran', 'w').close()")
    branch(repo, "broken", "six", "pass", down="nowhere")
    repo.git("update-ref", "refs/remotes/origin/text", "text")
    repo.git("branch", "-q", "-D", "text")
    before = repo.status(), repo.git("for-each-ref").out

    found = forecast(repo)
    assert {each["name"]: each["heads"] for each in found["refs"]} == {
        "main": ["base"],
        "origin/text": ["one"],
        "number": ["two"],
        "other": ["three"],
        "again": ["four"],
        "code": ["five"],
        "broken": [],
    }
    assert [each["name"] for each in found["refs"] if each["here"]] == ["main"]
    assert "nowhere" in next(each["error"] for each in found["refs"] if each["name"] == "broken")
    (fork,) = found["forks"]
    assert fork["on"] == ["base"]
    sides = {side["first"][0]: side for side in fork["sides"]}
    assert sorted(sides) == ["five", "four", "one", "three", "two"]
    since = sides["one"]["since"]
    assert (sides["one"]["refs"], since["author"], since["subject"]) == (["origin/text"], "Ada", "text adds one")
    assert since["commit"] == repo.git("rev-parse", "origin/text").out.strip()

    by_kind = {each["kind"]: each for each in found["contradictions"]}
    assert len(found["contradictions"]) == 2
    conflict = by_kind["conflict"]
    assert conflict["objects"] == ["users.nick"]
    assert {(conflict[side]["revision"], *conflict[side]["refs"], conflict[side]["line"]) for side in ("left", "right")} == {
        ("one", "origin/text", 9),
        ("two", "number", 9),
    }
    assert {by_kind["duplicate"][side]["revision"] for side in ("left", "right")} == {"three", "four"}
    assert [(each["revision"], each["line"]) for each in found["unknown"]] == [("five", 9)]
    assert not (repo.top / "ran").exists()
    assert (repo.status(), repo.git("for-each-ref").out) == before

    assert forecast(repo) == found, "what is remembered says the same"
    told = repo.gitmig("heads", "--refs").out
    for words in ("5 sides fork on base:", "Contradiction: users.nick", '"number adds two" by Ada', "(origin/text)", "Not read"):
        assert words in told
    narrow = forecast(repo, "oth*")
    assert [each["name"] for each in narrow["refs"]] == ["main", "other"]
    assert narrow["forks"] == []


def test_one_id_with_two_meanings_and_a_rebased_branch(repo: Repo) -> None:
    branch(repo, "feature", "one", add("nick"))
    repo.git("update-ref", "refs/remotes/origin/feature", "feature")
    revision(repo, "main1", "base", add("email"))
    commit(repo, "main goes on")
    repo.git("switch", "-q", "feature")
    repo.git("rebase", "-q", "main")
    revision(repo, "one", "main1", add("nick"))
    commit(repo, "on top of main")
    found = forecast(repo)
    assert [(fork["on"], sorted(ref for side in fork["sides"] for ref in side["refs"])) for fork in found["forks"]] == [
        (["base"], ["main", "origin/feature"])
    ]
    assert found["contradictions"] == []

    branch(repo, "thief", "one", add("nick", "sa.Integer()"))
    (clash,) = [each for each in forecast(repo)["contradictions"] if each["kind"] == "meaning"]
    assert {clash[side]["revision"] for side in ("left", "right")} == {"one"}
    assert "thief" in {ref for side in ("left", "right") for ref in clash[side]["refs"]}
