"""The file that names the heads: kept right by whatever writes a revision, and a conflict where two branches write one."""

from __future__ import annotations

import json

from tests.e2e.gitkit import Repo

HEADS = "migrations/heads.txt"


def heads(repo: Repo) -> str:
    return "".join(f"{each['revision']}\n" for each in json.loads(repo.gitmig("heads", "--json").out))


def column(repo: Repo, name: str, path: str) -> None:
    repo.write(path, repo.read(path) + f"    {name}: Mapped[str | None]\n")
    repo.git("commit", "-qam", f"add {name}")


def test_it_follows_the_head_and_makes_git_conflict(pushed: Repo) -> None:
    repo = pushed
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("[tool.gitmig]\n", "[tool.gitmig]\nhead_file = true\n"))
    repo.git("commit", "-qam", "configure")
    assert HEADS in repo.changed()
    assert (repo.read(HEADS), repo.status()) == (heads(repo), "")

    repo.git("switch", "-qc", "feature")
    column(repo, "nick", "models.py")
    assert repo.read(HEADS) == heads(repo)
    repo.git("switch", "-q", "main")
    column(repo, "note", "orders.py")
    assert repo.status() == ""
    assert HEADS in repo.git("merge", "-q", "feature", check=False).out

    repo.gitmig("resolve", "--merge")
    assert repo.read(HEADS) == heads(repo)
    repo.gitmig("resolve", "--undo")
    assert "<<<<<<<" in repo.read(HEADS)
    repo.gitmig("resolve", "--merge")
    repo.write(HEADS, "<<<<<<< as git left it\n")
    found = json.loads(repo.gitmig("check", "--json", check=False).out)
    assert (found["clean"], found["stale_head_file"]) == (False, HEADS)
    repo.git("add", ".")
    repo.git("commit", "-qm", "joined")
    assert (repo.read(HEADS), repo.status()) == (heads(repo), "")
    assert repo.read(HEADS) == repo.git("show", f"HEAD:{HEADS}").out
    assert repo.gitmig("check").code == 0

    repo.gitmig("revision", "-m", "by hand")
    assert repo.read(HEADS) == heads(repo)
