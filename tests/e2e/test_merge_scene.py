"""Merging branches that each brought a revision: one head in the merge commit, or a stop that says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, copy_repo, new_home, new_repo, table

NOTE, NICK = "    note: Mapped[str | None]\n", "    nick: Mapped[str | None]\n"


@pytest.fixture(scope="session")
def _forked(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Two models files; main adds a note to users, the branch "feature" a nick to orders."""
    folder = tmp_path_factory.mktemp("merge")
    repo = new_repo(folder / "repo", new_home(folder / "home"))
    repo.write("orders.py", f"from models import Base, Mapped, mapped_column\n{table('orders')}")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("models:Base", "orders:Base"))
    repo.write(".gitignore", "__pycache__/\napp.db\n")
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    branch(repo, "feature", "main", {"orders.py": NICK})
    repo.git("switch", "-q", "main")
    commit(repo, "note", {"models.py": NOTE})
    return repo


@pytest.fixture
def repo(_forked: Repo, tmp_path: Path) -> Repo:
    return copy_repo(_forked, tmp_path / "repo")


def append(repo: Repo, path: str, text: str) -> None:
    repo.write(path, repo.read(path) + text)


def commit(repo: Repo, message: str, changes: dict[str, str]) -> None:
    for path, text in changes.items():
        append(repo, path, text)
    repo.git("commit", "-qam", message)


def branch(repo: Repo, name: str, start: str, changes: dict[str, str]) -> None:
    repo.git("switch", "-qc", name, start)
    commit(repo, name, changes)


def settings(repo: Repo, **lines: str) -> None:
    text = "".join(f'{key} = "{value}"\n' for key, value in lines.items())
    append(repo, "pyproject.toml", f"[tool.gitmig.merge]\n{text}")
    repo.git("commit", "-qam", "settings")


def heads(repo: Repo) -> list[str]:
    return [each["revision"] for each in json.loads(repo.gitmig("heads", "--json").out)]


def head_of(repo: Repo, ref: str) -> str:
    """The id of the revision that the newest commit of ``ref`` brought."""
    return repo.new_revision(ref).split("Revision ID: ")[1].split()[0]


def parents(repo: Repo) -> list[str]:
    (head,) = heads(repo)
    return sorted(json.loads(repo.gitmig("show", head, "--json").out)[0]["down_revision"])


def snapshot(repo: Repo) -> tuple[str, str, str, dict[str, bytes]]:
    files = {str(path): path.read_bytes() for path in sorted(repo.top.rglob("*.py")) if "__pycache__" not in str(path)}
    return repo.status(), repo.git("ls-files", "-s").out, repo.head(), files


def test_a_clean_merge_stops_with_one_line_and_git_commit_completes_it(repo: Repo) -> None:
    both = sorted([head_of(repo, "main"), head_of(repo, "feature")])
    before = snapshot(repo)
    done = repo.git("merge", "--no-edit", "feature", check=False)
    (line,) = [line for line in done.err.splitlines() if "gitmig" in line]
    assert (done.code, line.endswith(f" joins {both[0]} and {both[1]}; `git commit` completes the merge.")) == (1, True)
    repo.git("merge", "--abort")
    assert snapshot(repo) == before

    repo.git("merge", "--no-edit", "feature", check=False)
    repo.git("commit", "--no-edit")
    assert repo.status() == ""
    assert parents(repo) == both
    assert repo.git("log", "-1", "--format=%p").out.count(" ") == 1
    assert "def upgrade() -> None:\n    pass" in next(text for path, text in repo.revisions().items() if "_merge_" in path)
    repo.gitmig("upgrade")
    assert repo.gitmig("check").code == 0


def test_amend_puts_it_into_the_merge_commit_unless_that_is_signed_or_pushed(repo: Repo) -> None:
    settings(repo, finish="amend")
    start = repo.head()
    repo.git("merge", "--no-edit", "feature")
    assert (repo.status(), len(heads(repo)), repo.git("log", "-1", "--format=%p").out.count(" ")) == ("", 1, 1)
    assert repo.git("log", "-1", "--format=%s").out == "Merge branch 'feature'\n"
    repo.git("fsck", "--strict")

    repo.git("reset", "-q", "--hard", start)
    repo.git("config", "commit.gpgSign", "true")
    assert "`git commit` completes the merge" in repo.git("merge", "--no-edit", "feature", check=False).err
    repo.git("merge", "--abort")
    repo.git("config", "commit.gpgSign", "false")

    pushed = repo.write(".git/hooks/post-merge.pre-gitmig", "#!/bin/sh\ngit update-ref refs/remotes/origin/main HEAD\n")
    pushed.chmod(0o755)
    done = repo.git("merge", "--no-edit", "feature")
    assert "was pushed already" in done.err
    assert repo.git("rev-parse", "origin/main").out.strip() == repo.head()
    repo.git("commit", "-qm", "one head")
    assert (repo.status(), len(heads(repo))) == ("", 1)


def test_a_signed_merge_keeps_its_signature(repo: Repo, tmp_path: Path) -> None:
    settings(repo, finish="amend")
    gpg = tmp_path / "gpg"
    lines = ("-----BEGIN PGP SIGNATURE-----", "x", "-----END PGP SIGNATURE-----")
    said = "\n".join(f"echo '{line}'" for line in lines)
    gpg.write_text(f"#!/bin/sh\ncat >/dev/null\nprintf '\\n[GNUPG:] SIG_CREATED x\\n' >&2\n{said}\n")
    gpg.chmod(0o755)
    repo.git("config", "gpg.program", str(gpg))
    done = repo.git("merge", "-S", "--no-edit", "feature")
    assert "is signed" in done.err
    assert "gpgsig" in repo.git("cat-file", "commit", "HEAD").out
    assert repo.status().startswith("A  migrations/versions/")


def test_later_lets_an_independent_merge_pass_and_the_next_revision_joins(repo: Repo) -> None:
    settings(repo, finish="later")
    both = sorted([head_of(repo, "main~1"), head_of(repo, "feature")])
    done = repo.git("merge", "--no-edit", "feature")
    assert "are independent; the next revision joins them" in done.err and "gitmig resolve" not in done.err
    assert (sorted(heads(repo)), repo.status()) == (both, "")
    repo.write("app.py", "VERSION = 2\n")
    repo.git("commit", "-qam", "no models")
    assert sorted(heads(repo)) == both
    commit(repo, "email", {"models.py": "    email: Mapped[str | None]\n"})
    assert parents(repo) == both
    assert "email" in repo.new_revision()
    assert repo.gitmig("check").code == 0


def test_a_merge_with_conflicts_or_without_a_commit_takes_the_revision_into_its_commit(repo: Repo) -> None:
    start = repo.head()
    branch(repo, "clash", "feature", {"models.py": "    clash: Mapped[str | None]\n"})
    repo.git("switch", "-q", "main")
    assert repo.git("merge", "clash", check=False).code == 1
    repo.write("models.py", repo.git("show", "main:models.py").out + "    clash: Mapped[str | None]\n")
    repo.git("add", "models.py")
    done = repo.git("commit", "--no-edit")
    assert " joins " in done.err
    assert (repo.status(), len(heads(repo)), repo.git("log", "-1", "--format=%p").out.count(" ")) == ("", 1, 1)
    assert repo.gitmig("check").code == 0

    repo.git("reset", "-q", "--hard", start)
    repo.git("merge", "--no-commit", "feature")
    assert "A  " in repo.status() and len(heads(repo)) == 2
    repo.git("commit", "--no-edit")
    assert (repo.status(), len(heads(repo))) == ("", 1)


def test_a_squash_an_octopus_and_a_merge_without_hooks_end_with_one_head(repo: Repo) -> None:
    start = repo.head()
    repo.git("merge", "--squash", "feature")
    done = repo.git("commit", "-qm", "squashed")
    assert " joins " in done.err
    assert (repo.status(), len(heads(repo))) == ("", 1)

    repo.git("reset", "-q", "--hard", start)
    repo.write("third.py", f"from orders import Base, Mapped, mapped_column\n{table('third')}")
    repo.git("switch", "-qc", "third", "main~1")
    repo.write("pyproject.toml", repo.read("pyproject.toml").replace("orders:Base", "third:Base"))
    repo.git("add", ".")
    repo.git("commit", "-qm", "third")
    repo.git("switch", "-q", "main")
    done = repo.git("merge", "--no-edit", "feature", "third", check=False)
    assert "`git commit` completes the merge" in done.err
    repo.git("commit", "--no-edit")
    assert len(parents(repo)) == 3
    assert repo.git("log", "-1", "--format=%p").out.count(" ") == 2
    assert (repo.status(), repo.gitmig("check").code) == ("", 0)

    repo.git("reset", "-q", "--hard", start)
    assert "Next: gitmig resolve" in repo.git("merge", "--no-edit", "feature", "--no-verify").err
    assert len(heads(repo)) == 2
    repo.git("reset", "-q", "--hard", start)
    assert "gitmig" not in repo.git("merge", "--no-edit", "feature", env={"GITMIG": "0"}).err


def contradict(repo: Repo) -> tuple[str, str]:
    """Branches "drop" and "main": one drops what the other alters. Ids of main's and of the branch's revision."""
    commit(repo, "email", {"models.py": "    email: Mapped[str | None]\n"})
    repo.git("switch", "-qc", "drop")
    repo.write("models.py", repo.read("models.py").replace(NOTE, ""))
    repo.git("config", "user.name", "Grace")
    repo.git("commit", "-qam", "no notes", check=False)
    repo.git("commit", "-qam", "no notes")
    repo.git("switch", "-q", "main")
    repo.git("config", "--unset", "user.name")
    repo.write("migrations/versions/longer.py", LONGER.format(down=head_of(repo, "main")))
    repo.git("add", ".")
    repo.git("commit", "-qm", "longer", "--no-verify")
    return "longer", head_of(repo, "drop")


LONGER = '''"""longer"""

import sqlalchemy as sa
from gitmig import op

revision = "longer"
down_revision = "{down}"


def upgrade() -> None:
    op.alter_column("users", "note", existing_type=sa.String(), type_=sa.String(400))


def downgrade() -> None:
    op.alter_column("users", "note", existing_type=sa.String(400), type_=sa.String())
'''


def test_a_contradiction_names_both_sides_and_nothing_is_committed_or_changed(repo: Repo) -> None:
    ours, theirs = contradict(repo)
    repo.git("merge", "--no-commit", "drop", check=False, env={"GITMIG": "0"})
    merged = snapshot(repo)
    repo.git("merge", "--abort")
    done = repo.git("merge", "--no-edit", "drop", check=False)
    assert done.code == 1
    assert "contradict each other" in done.err and "users.note" in done.err
    for said in (
        f"{ours} migrations/versions/longer.py:",
        f"{theirs} migrations/versions/",
        '"longer" by Ada',
        '"no notes" by Grace',
        " on drop",
    ):
        assert said in done.err, said
    assert "gitmig: nothing was committed, and nothing was changed." in done.err and "git merge --abort" in done.err
    assert snapshot(repo) == merged
    again = repo.git("commit", "--no-edit", check=False)
    assert (again.code, "contradict each other" in again.err, snapshot(repo)) == (1, True, merged)
    assert repo.git("log", "-1", "--format=%s").out == "longer\n"


def test_merge_heads_is_obeyed(repo: Repo) -> None:
    start = repo.head()
    ours, theirs = head_of(repo, "main"), head_of(repo, "feature")
    for word, said in (("fail", "`merge.heads` is fail"), ("ask", "nobody can be asked")):
        repo.git("reset", "-q", "--hard", start)
        settings(repo, heads=word)
        done = repo.git("merge", "--no-edit", "feature", check=False)
        assert (done.code, said in done.err, "gitmig resolve --merge && git add migrations/versions" in done.err) == (1, True, True), word
        repo.git("merge", "--abort")
    repo.git("reset", "-q", "--hard", start)
    settings(repo, heads="rebase")
    done = repo.git("merge", "--no-edit", "feature", check=False)
    assert "is published (no published ref was found)" in done.err and "gitmig resolve --merge" in done.err
    repo.git("merge", "--abort")
    repo.git("update-ref", "refs/remotes/origin/main", start)
    before = snapshot(repo)
    done = repo.git("merge", "--no-edit", "feature", check=False)
    assert f"{theirs} now follows {ours}" in done.err and "`git commit` completes the merge" in done.err
    repo.git("merge", "--abort")
    assert snapshot(repo) == before
    repo.git("merge", "--no-edit", "feature", check=False)
    repo.git("commit", "--no-edit")
    assert (repo.status(), heads(repo), repo.gitmig("check").code) == ("", [theirs], 0)


def test_what_the_merged_models_lose_is_looked_at_and_abort_takes_it_away(repo: Repo) -> None:
    before = snapshot(repo)
    repo.git("merge", "--no-commit", "feature")
    repo.write("models.py", repo.read("models.py").replace(NOTE, ""))
    repo.git("add", "models.py")
    done = repo.git("commit", "--no-edit", check=False)
    assert (done.code, "a person should look at this" in done.err, "! drop column users.note" in done.err) == (1, True, True)
    repo.git("merge", "--abort")
    assert snapshot(repo) == before
    repo.git("merge", "--no-commit", "feature")
    repo.write("models.py", repo.read("models.py").replace(NOTE, ""))
    repo.git("add", "models.py")
    repo.git("commit", "--no-edit", check=False)
    repo.git("commit", "--no-edit")
    assert (repo.status(), len(parents(repo)), repo.gitmig("check").code) == ("", 2, 0)


def test_in_ci_nothing_is_written(repo: Repo) -> None:
    done = repo.git("merge", "--no-edit", "feature", check=False, env={"CI": "true"})
    assert (done.code, "They agree." in done.err, "gitmig resolve --merge && git add" in done.err) == (1, True, True)
    assert "_merge_" not in repo.status()
    assert "??" not in repo.status()
