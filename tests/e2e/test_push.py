"""The pre-push hook: what was committed by whatever way is looked at before it leaves."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.gitkit import Ran, Repo


def column(repo: Repo, name: str, path: str, *words: str) -> None:
    repo.write(path, repo.read(path) + f"    {name}: Mapped[str | None]\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", f"add {name}", *words)


def push(repo: Repo, *words: str, code: int = 0) -> Ran:
    ran = repo.git("push", "-q", "origin", *words, check=False)
    assert (ran.code != 0) == (code != 0), ran
    return ran


def remote_refs(repo: Repo) -> dict[str, str]:
    lines = (line.split("\t") for line in repo.git("ls-remote", "--heads", "origin").out.splitlines())
    return {name.removeprefix("refs/heads/"): oid for oid, name in lines}


def test_a_missing_revision_is_not_pushed_by_whatever_way_it_came(pushed: Repo) -> None:
    repo = pushed
    repo.git("switch", "-qc", "feature")
    column(repo, "nick", "orders.py", "--no-verify")
    culprit = repo.head()
    repo.git("switch", "-qc", "docs", "main")
    repo.write("README", "words\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "words")

    ran = push(repo, "feature", "docs", code=1)
    for words in ("feature would be pushed with changes of the models", "+ add column orders.nick", culprit[:10], "GITMIG=0 git push"):
        assert words in ran.err
    assert set(remote_refs(repo)) == {"main"}

    repo.git("switch", "-q", "feature")
    repo.gitmig("revision", "--autogenerate")
    repo.git("add", ".")
    repo.git("commit", "-qm", "its revision")
    assert push(repo, "feature", "docs").err == ""
    assert set(remote_refs(repo)) == {"docs", "feature", "main"}
    assert push(repo, ":docs").err == ""

    (path,) = repo.revisions("main")
    repo.write(path, repo.read(path).replace("def upgrade() -> None:\n", "def upgrade() -> None:\n    print()\n"))
    repo.git("commit", "-qam", "what it does", "--no-verify")
    ran = push(repo, "feature", code=1)
    assert f"a published revision that was edited: {Path(path).name.partition('_')[0]} ({path})" in ran.err

    framework = {"PRE_COMMIT": "1", "PRE_COMMIT_REMOTE_NAME": "origin", "PRE_COMMIT_LOCAL_BRANCH": "refs/heads/feature"}
    framework |= {"PRE_COMMIT_REMOTE_BRANCH": "refs/heads/feature", "PRE_COMMIT_TO_REF": repo.head()}
    assert repo.gitmig("hook", "pre-push", check=False, env=framework).code == 1
    framework |= {"PRE_COMMIT_TO_REF": "HEAD~1", "PRE_COMMIT_FROM_REF": "main"}
    assert repo.gitmig("hook", "pre-push", check=False, env=framework).code == 0


def test_a_fork_with_the_default_branch_is_told_and_stops_nothing(pushed: Repo, tmp_path: Path) -> None:
    repo = pushed
    other = Repo(tmp_path / "other", repo.home)
    repo.run("git", "clone", "-q", tmp_path / "remote.git", other.top, check=True)
    repo.git("switch", "-qc", "feature")
    column(repo, "nick", "models.py")
    other.gitmig("install")
    column(other, "nick", "models.py")
    assert push(other, "main").err == ""
    repo.git("fetch", "-q")
    ran = push(repo, "feature")
    assert ran.err == "", "the same change is the same revision"

    column(other, "size", "orders.py")
    push(other, "main")
    repo.git("fetch", "-q")
    column(repo, "size", "models.py")
    ran = push(repo, "feature")
    assert "warning: feature (" in ran.err
    assert '"add size" by Ada' in ran.err
    assert "will fork" in ran.err
    assert remote_refs(repo)["feature"] == repo.head()


def test_a_push_without_python_starts_no_python(pushed: Repo) -> None:
    repo = pushed
    hook = repo.top / ".git/hooks/pre-push"
    lines = ["python='/nowhere' run='/nowhere'" if line.startswith("python=") else line for line in hook.read_text().splitlines()]
    hook.write_text("\n".join(lines) + "\n")
    repo.write("README", "words\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "words")
    assert push(repo, "main").err == ""
    repo.write("more.py", "")
    repo.git("add", ".")
    repo.git("commit", "-qm", "python")
    assert "is gone" in push(repo, "main").err
