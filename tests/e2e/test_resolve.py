"""Two branches, two heads: what `resolve` proves, writes, moves, refuses and takes back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, new_home, new_repo, table

FEATURE, MAIN = "    nick: Mapped[str | None]\n", "    note: Mapped[str | None]\n"


@pytest.fixture
def repo(tmp_path: Path) -> Repo:
    """Tables users and orders on main, in two files, so that git merges models by itself."""
    repo = new_repo(tmp_path / "repo", new_home(tmp_path / "home"))
    repo.write("orders.py", f"from models import Base, Mapped, mapped_column\n{table('orders')}")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("models:Base", "orders:Base"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    return repo


def append(repo: Repo, path: str, text: str) -> None:
    repo.write(path, repo.read(path) + text)


def fork(repo: Repo, main: dict[str, str], feature: dict[str, str]) -> tuple[str, str]:
    """A branch "feature" with what is appended to its files, main likewise, and the merge of both in the work tree of main.

    The ids of main's and the feature's revision.
    """
    repo.git("switch", "-qc", "feature")
    ids = {}
    for branch, changes in (("feature", feature), ("main", main)):
        repo.git("switch", "-q", branch)
        for path, text in changes.items():
            append(repo, path, text)
        repo.git("commit", "-qam", branch)
        repo.git("commit", "-q", "--allow-empty", "-m", "nothing")
        text = repo.new_revision("HEAD~1")
        ids[branch] = text.split("Revision ID: ")[1].split()[0]
    repo.git("merge", "-q", "--no-edit", "feature", env={"GITMIG": "0"})
    return ids["main"], ids["feature"]


def heads(repo: Repo) -> list[str]:
    return [each["revision"] for each in json.loads(repo.gitmig("heads", "--json").out)]


def test_independent_heads_are_merged_and_the_next_commit_takes_the_file(repo: Repo) -> None:
    main, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    done = repo.gitmig("resolve", "--merge")
    assert "are independent" in done.err
    (head,) = heads(repo)
    shown = json.loads(repo.gitmig("show", head, "--json").out)[0]
    assert sorted(shown["down_revision"]) == sorted([main, feature])
    repo.git("add", ".")
    repo.git("commit", "-qm", "one head")
    assert repo.status() == ""
    repo.gitmig("upgrade")
    assert repo.gitmig("check").code == 0


def test_without_a_word_an_unpublished_side_is_put_on_top_of_the_published_one(repo: Repo) -> None:
    main, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main^1")
    before = repo.revisions("")
    done = repo.gitmig("resolve")
    assert f"Moved {feature} onto {main}" in done.out
    assert heads(repo) == [feature]
    changed = [path for path, text in before.items() if repo.read(path) != text]
    assert len(changed) == 1
    pairs = zip(before[changed[0]].splitlines(), repo.read(changed[0]).splitlines(), strict=True)
    assert [new for old, new in pairs if old != new] == [f'down_revision = "{main}"']
    repo.gitmig("upgrade")


def test_undo_brings_every_byte_back(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    for strategy in ("--merge", "--rebase"):
        repo.git("update-ref", "refs/remotes/origin/main", "main^1")
        repo.gitmig("resolve", strategy)
        assert len(heads(repo)) == 1
        repo.gitmig("resolve", "--undo")
        assert repo.status() == ""
        assert len(heads(repo)) == 2
    assert repo.gitmig("resolve", "--undo", check=False).code == 2


def test_undo_refuses_a_file_that_was_edited_since(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    path = json.loads(repo.gitmig("resolve", "--merge", "--json").out)["files"][0]
    append(repo, path, "# mine\n")
    refused = repo.gitmig("resolve", "--undo", check=False)
    assert (refused.code, "was changed since" in refused.err) == (1, True)
    assert repo.read(path).endswith("# mine\n")


def test_a_contradiction_names_both_sides_with_line_commit_and_author_and_changes_nothing(repo: Repo) -> None:
    main, feature = fork(repo, {"models.py": "    email: Mapped[str | None]\n"}, {"orders.py": FEATURE})
    path = next(each for each in repo.revisions("") if feature in each)
    repo.write(path, repo.read(path).replace('"orders"', '"users"').replace("nick", "email").replace("sa.String()", "sa.Integer()"))
    status = repo.status()
    done = repo.gitmig("resolve", check=False)
    assert done.code == 1
    assert "users.email" in done.err
    assert f"{main} migrations/versions/" in done.err and f"{feature} migrations/versions/" in done.err
    assert '"feature" by Ada' in done.err and '"main" by Ada' in done.err
    assert "Nothing was changed." in done.err
    assert repo.status() == status


def test_the_same_column_on_both_sides_is_a_duplicate_with_its_repair(repo: Repo) -> None:
    _, feature = fork(repo, {"models.py": "    email: Mapped[str | None]\n"}, {"orders.py": FEATURE})
    path = next(each for each in repo.revisions("") if feature in each)
    repo.write(path, repo.read(path).replace('"orders"', '"users"').replace("nick", "email"))
    done = repo.gitmig("resolve", "--json", check=False)
    assert (done.code, json.loads(done.out)["verdict"]) == (1, "duplicates")
    assert "Take it out of the one" in repo.gitmig("resolve", check=False).err


def test_a_published_revision_never_moves(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main")
    refused = repo.gitmig("resolve", "--rebase", check=False)
    assert refused.code == 1
    assert "is published (origin/main)" in refused.err and "gitmig resolve --merge" in refused.err
    assert repo.status() == ""


def test_where_nothing_tells_what_is_published_every_committed_revision_is(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    refused = repo.gitmig("resolve", "--rebase", check=False)
    assert refused.code == 1
    assert "no published ref was found" in refused.err
    assert "merge" in repo.gitmig("resolve", "--dry-run").out


def test_a_pushed_branch_is_asked_about(repo: Repo) -> None:
    _, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main^1")
    repo.git("update-ref", "refs/remotes/origin/feature", "feature")
    refused = repo.gitmig("resolve", "--rebase", check=False)
    assert (refused.code, "gitmig resolve --rebase --yes" in refused.err) == (1, True)
    assert f"Moved {feature}" in repo.gitmig("resolve", "--rebase", "--yes").out


def test_dry_run_and_patch_write_nothing_and_the_patch_applies(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main^1")
    assert "Would move" in repo.gitmig("resolve", "--dry-run").out
    for strategy in ("--rebase", "--merge"):
        text = repo.gitmig("resolve", strategy, "--print-patch").out
        assert repo.status() == ""
        repo.git("apply", "--check", "-", stdin=text)
    repo.git("apply", "-", stdin=text)
    assert len(heads(repo)) == 1


def test_what_the_merged_models_ask_for_beyond_both_sides_goes_into_the_merge_revision(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    append(repo, "models.py", "    late: Mapped[str | None]\n")
    path = json.loads(repo.gitmig("resolve", "--merge", "--json").out)["files"][0]
    assert "late" in repo.read(path)
    assert repo.gitmig("check").code == 0


def test_rows_are_told_as_unproved_and_merged_all_the_same(repo: Repo) -> None:
    _, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    path = next(each for each in repo.revisions("") if feature in each)
    repo.write(
        path, repo.read(path).replace("def upgrade() -> None:\n", 'def upgrade() -> None:\n    op.execute("UPDATE orders SET id = id")\n')
    )
    done = repo.gitmig("resolve", "--merge")
    assert "Not proved" in done.err and "changes rows" in done.err
    assert len(heads(repo)) == 1


def test_a_fast_forward_that_brings_two_heads_is_told_of(repo: Repo) -> None:
    repo.git("switch", "-qc", "local")
    main, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("switch", "-q", "local")
    told = repo.git("merge", "main").err
    assert "there are 2 heads now: " in told and main in told and feature in told and "Next: gitmig resolve" in told
    repo.git("reset", "-q", "--hard", "ORIG_HEAD")
    assert "gitmig" not in repo.git("merge", "main", env={"GITMIG": "0"}).err


def test_one_head_needs_nothing(repo: Repo) -> None:
    done = repo.gitmig("resolve")
    assert (done.code, done.out.strip()) == (0, "There is one head; nothing needs resolving.")


def test_the_configuration_decides_and_fail_fails(repo: Repo) -> None:
    fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main^1")
    for word, code, said in (("fail", 1, "there are 2 heads"), ("ask", 1, "nobody can be asked"), ("merge", 0, "Would write")):
        append(repo, "pyproject.toml", f'[tool.gitmig.merge]\nheads = "{word}"\n')
        done = repo.gitmig("resolve", "--dry-run", check=False)
        assert (done.code, said in done.out + done.err) == (code, True), word
        repo.git("checkout", "-q", "pyproject.toml")


def test_three_heads_are_put_in_a_row(repo: Repo) -> None:
    main, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main^1")
    base = repo.gitmig("branches", "--json")
    first = json.loads(base.out)[0]["revision"]
    repo.gitmig("revision", "-m", "third", "--head", first, "--splice", "--rev-id", "third0000000")
    assert len(heads(repo)) == 3
    repo.gitmig("resolve", "--rebase")
    assert len(heads(repo)) == 1
    order = [each["revision"] for each in json.loads(repo.gitmig("history", "--json").out)]
    assert order[-2:] == [main, first] and {feature, "third0000000"} == set(order[:2])


def test_what_stands_in_a_database_of_others_never_moves_and_a_silent_one_has_everything(repo: Repo, tmp_path: Path) -> None:
    main, feature = fork(repo, {"models.py": MAIN}, {"orders.py": FEATURE})
    repo.git("update-ref", "refs/remotes/origin/main", "main^1")
    url = f"sqlite:///{(tmp_path / 'staging.db').as_posix()}"
    append(repo, "pyproject.toml", '[tool.gitmig.databases.staging]\nurl = "${STAGING_URL}"\nrole = "shared"\n')
    silent = repo.gitmig("resolve", "--rebase", check=False)
    assert silent.code == 1
    assert "is published (the database staging cannot be asked, so it counts as standing there)" in silent.err
    there = {"STAGING_URL": url}
    repo.gitmig("--url", url, "upgrade", main)
    assert f"Would move {feature}" in repo.gitmig("resolve", "--dry-run", env=there).out
    repo.gitmig("--url", url, "upgrade", feature)
    refused = repo.gitmig("resolve", "--rebase", check=False, env=there)
    assert (refused.code, "is published (it stands in the database staging)" in refused.err) == (1, True)
    assert "Would write" in repo.gitmig("resolve", "--dry-run", env=there).out
