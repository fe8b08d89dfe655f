"""`gitmig status`: one screen, whatever state the repository and the databases are in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.gitkit import Repo, new_home, new_repo


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """One committed revision, applied to the database."""
    repo = new_repo(tmp_path / "repo", new_home(tmp_path / "home"))
    repo.write(".gitignore", "__pycache__/\n*.db\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    repo.gitmig("upgrade")
    return repo


def status(repo: Repo, *options: str, **more: Any) -> dict[str, Any]:
    found = json.loads(repo.gitmig("status", "--json", *options, **more).out)
    assert isinstance(found, dict)
    return found


def id_of(repo: Repo, commit: str = "HEAD") -> str:
    return repo.new_revision(commit).split("Revision ID: ")[1].split()[0]


def test_where_all_is_well_there_is_nothing_to_do(repo: Repo) -> None:
    shown = repo.gitmig("status")
    first = id_of(repo)
    assert shown.err == ""
    assert shown.out.splitlines() == [
        "Branch     main",
        f"Head       {first} create users",
        f"Database   sqlite:///app.db: at {first}, up to date",
        "Models     Every change has its revision.",
        "Published  Every committed revision counts as published: no published ref was found.",
        "Next       Nothing to do.",
    ]


def test_staged_and_unstaged_changes_are_told_apart_and_a_fork_is_seen(repo: Repo) -> None:
    repo.git("switch", "-qc", "topic")
    repo.add_columns("nick")
    repo.git("commit", "-qam", "nick")
    theirs = id_of(repo)
    repo.git("switch", "-q", "main")
    repo.add_columns("note")
    repo.git("commit", "-qam", "note")
    repo.add_columns("staged")
    repo.git("add", ".")
    repo.add_columns("later")
    found = status(repo)
    told = {kind: [each["summary"] for each in changes] for kind, changes in found["models"].items() if kind != "errors"}
    assert told == {"staged": ["add column users.staged"], "unstaged": ["add column users.later"], "committed": []}
    (fork,) = found["forks"]
    assert (fork["refs"], fork["theirs"], fork["since"]["subject"], fork["since"]["author"]) == (["topic"], [theirs], "nick", "Ada")
    assert [each["command"] for each in found["next"]] == ["git commit", "gitmig upgrade"]
    assert [each["doc"] for each in found["databases"][0]["pending"]] == ["add users.note"]


def test_what_the_database_has_and_the_checkout_lacks_is_told_with_its_branch(repo: Repo) -> None:
    repo.git("switch", "-qc", "topic")
    repo.add_columns("nick")
    repo.git("commit", "-qam", "nick")
    repo.gitmig("upgrade")
    theirs = id_of(repo)
    repo.git("switch", "-q", "main")
    found = status(repo)
    (database,) = found["databases"]
    assert (database["rows"], database["pending"]) == ([theirs], [])
    assert [(each["revision"], each["refs"]) for each in database["unknown"]] == [(theirs, ["branch topic"])]
    assert found["next"][0]["command"] == "gitmig sync"
    assert f"unknown here: {theirs}: it lives on branch topic, commit" in repo.gitmig("status").out


def test_in_the_middle_of_a_merge_and_of_a_rebase_and_detached(repo: Repo) -> None:
    repo.git("switch", "-qc", "topic")
    repo.add_columns("nick")
    repo.git("commit", "-qam", "nick")
    repo.git("switch", "-q", "main")
    repo.add_columns("note")
    repo.git("commit", "-qam", "note")
    for words, branch, heads in ((("merge", "topic"), "main", 2), (("rebase", "main", "topic"), None, 2)):
        assert repo.git(*words, check=False).code
        found = status(repo)
        assert (found["branch"], found["under_way"], found["unmerged"]) == (branch, words[0], ["models.py"])
        assert len(found["open_heads"]) == heads
        assert "models.py:" in found["models"]["errors"][0]
        assert [each["command"] for each in found["next"]] == ["git add models.py", "gitmig resolve"]
        assert "topic" not in [ref for each in found["forks"] for ref in each["refs"] if words[0] == "rebase"]
        repo.git(words[0], "--abort")
    repo.git("checkout", "-q", "--detach", "topic")
    assert repo.gitmig("status").out.startswith(f"Branch     detached at {repo.head()[:10]}\n")


def test_databases_that_do_not_answer_are_told_and_the_others_are_asked_with_all(repo: Repo, tmp_path: Path) -> None:
    more = f"""
[tool.gitmig.databases.staging]
url = "sqlite:///{(tmp_path / "staging.db").as_posix()}"
role = "shared"
[tool.gitmig.databases.prod]
url = "${{PROD_URL}}"
"""
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("sqlite:///app.db", "postgresql://me:hunter2@127.0.0.1:1/app") + more)
    first = status(repo)
    assert [(each["name"], each["answered"]) for each in first["databases"]] == [(None, False)]
    assert first["not_asked"] == ["staging", "prod"]
    repo.gitmig("--database", "staging", "upgrade")
    found = repo.gitmig("status", "--all")
    assert "does not answer" in found.out and "hunter2" not in found.out + found.err
    assert "staging, sqlite:///" in found.out and ", shared: at " in found.out
    assert "prod: " in found.out and "PROD_URL, which is unset" in found.out


def test_without_git_without_its_binary_and_with_a_broken_revision(repo: Repo, tmp_path: Path) -> None:
    found = status(repo, env={"PATH": str(tmp_path)})
    assert (found["branch"], "no git on PATH" in found["no_git"], found["databases"][0]["answered"]) == ("main", True, True)
    (repo.top / ".git").rename(tmp_path / "gone")
    found = status(repo)
    assert (found["branch"], "not inside a git work tree" in found["no_git"], found["next"]) == (None, True, [])
    path = next((repo.top / "migrations" / "versions").glob("*.py"))
    path.write_text("revision = \n")
    assert f"{path.name}:1" in status(repo)["broken"]


def test_above_several_projects_each_has_its_part(repo: Repo, tmp_path: Path) -> None:
    top = Repo(tmp_path / "mono", repo.home)
    for name in ("shop", "blog"):
        for file in ("pyproject.toml", "models.py"):
            top.write(f"{name}/{file}", repo.read(file))
        top.write(f"{name}/migrations/versions/.keep", "")
    top.write("tools/pyproject.toml", "[tool.other]\n")
    top.git("init", "-q")
    top.git("add", ".")
    found = json.loads(top.gitmig("status", "--json").out)
    assert [each["folder"] for each in found] == ["blog", "shop"]
    assert [len(each["models"]["staged"]) for each in found] == [1, 1]
    assert status(top, cwd=top.top / "shop")["folder"] == "shop"
