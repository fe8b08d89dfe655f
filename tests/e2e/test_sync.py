"""A database that follows the checkout: `gitmig sync`."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, new_home
from tests.e2e.runkit import Project

NAMES = "sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.String(20))"


class Work:
    """A project with revisions in a repository of its own, and its database."""

    def __init__(self, tmp_path: Path, url: str, *, env: bool = False) -> None:
        home = new_home(tmp_path / "home")
        folder = tmp_path / "work"
        folder.mkdir()
        self.repo = Repo(folder, home)
        self.repo.git("init", "-q")
        self.project = Project(folder, url, self.repo.environment())
        if env:
            self.project.for_alembic()
        self.repo.write(".gitignore", "*.db*\n__pycache__/\n")
        self.revision("a1", None, f"op.create_table('users', {NAMES})", "op.drop_table('users')")
        self.commit("first")

    def revision(self, id: str, down: str | tuple[str, ...] | None, upgrade: str = "pass", downgrade: str = "pass", **given: str) -> None:
        self.project.revision(id, down, upgrade, downgrade, **given)

    def column(self, id: str, down: str, name: str) -> None:
        self.revision(
            id, down, f"op.add_column('users', sa.Column({name!r}, sa.String(20)))", f"op.drop_column('users', {name!r})", doc=f"add {name}"
        )

    def commit(self, message: str) -> None:
        self.repo.git("add", ".")
        self.repo.git("commit", "-qnm", message)

    def gitmig(self, *words: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        return self.project.gitmig(*words, expect=expect)

    def columns(self) -> set[str]:
        import sqlalchemy as sa

        with self.project.engine().connect() as connection:
            return {column["name"] for column in sa.inspect(connection).get_columns("users")}

    def feature(self) -> None:
        """Branch feature with b2 (phone) and c3 (nick) applied; main with d4 (note) checked out."""
        self.repo.git("switch", "-qc", "feature")
        self.column("b2", "a1", "phone")
        self.commit("phones")
        self.column("c3", "b2", "nick")
        self.commit("nicks")
        self.gitmig("upgrade")
        self.repo.git("switch", "-q", "main")
        self.column("d4", "a1", "note")
        self.commit("notes")


@pytest.fixture
def work(tmp_path: Path) -> Work:
    return Work(tmp_path, f"sqlite:///{tmp_path}/app.db")


def test_the_database_steps_back_over_what_the_checkout_lacks_and_forward(any_database: str, tmp_path: Path) -> None:
    work = Work(tmp_path, any_database, env=True)
    work.feature()
    shown = work.gitmig("sync", "--dry-run").stderr
    assert "this checkout lacks c3" in shown
    assert "on branch feature, commit " in shown and "by Ada" in shown
    assert work.columns() == {"id", "name", "phone", "nick"}

    done = work.project.json("sync")
    assert [(step["revision"], step["direction"]) for step in done["steps"]] == [
        ("c3", "downgrade"),
        ("b2", "downgrade"),
        ("d4", "upgrade"),
    ]
    assert done["after"] == ["d4"] and work.project.rows() == {"d4"}
    assert work.columns() == {"id", "name", "note"}
    assert "Nothing to do" in work.gitmig("sync").stderr

    # Back again, and once more where only the reflog knows the branch.
    work.repo.git("switch", "-q", "feature")
    work.gitmig("sync")
    assert work.columns() == {"id", "name", "phone", "nick"}
    work.repo.git("switch", "-q", "main")
    work.repo.git("branch", "-qD", "feature")
    assert "in git's reflog only" in work.gitmig("sync", "--dry-run").stderr
    work.gitmig("sync")
    assert work.project.rows() == {"d4"}


def test_data_that_would_be_lost_is_counted_and_asked_for(work: Work) -> None:
    work.feature()
    work.project.execute("INSERT INTO users (id, phone) VALUES (1, '1'), (2, '2'), (3, NULL)")
    refused = work.gitmig("sync", expect=2).stderr
    assert "Lost with it: users.phone (2 values)." in refused
    assert "`gitmig sync --yes` goes on" in refused
    assert work.project.rows() == {"c3"}
    work.gitmig("sync", "--yes")
    assert work.project.query("SELECT count(*) FROM users") == [(3,)]
    assert work.columns() == {"id", "name", "note"}


def test_steps_that_are_missing_or_irreversible_end_before_anything_is_touched(work: Work) -> None:
    work.repo.git("switch", "-qc", "feature")
    work.column("b2", "a1", "phone")
    work.revision("c3", "b2", "op.create_table('t', sa.Column('id', sa.Integer()))", "pass")
    work.commit("no way back")
    work.gitmig("upgrade")
    work.repo.git("switch", "-q", "main")
    said = work.gitmig("sync", expect=3).stderr
    assert "revision 'c3' (migrations/versions/c3.py) has a downgrade() that does nothing, while its upgrade() does something" in said
    assert "Nothing was changed" in said
    assert work.project.rows() == {"c3"}

    for text, reason in (
        ("raise NotImplementedError('never')", "cannot be taken back: its downgrade() raises NotImplementedError: never"),
        ("raise RuntimeError", "cannot be taken back: its downgrade() raises RuntimeError"),
    ):
        work.repo.git("switch", "-q", "feature")
        work.revision("c3", "b2", "op.create_table('t', sa.Column('id', sa.Integer()))", text)
        work.commit("edited")
        # What ran is what counts, whatever the file says by now.
        work.repo.git("switch", "-q", "main")
        assert "does nothing" in work.gitmig("sync", expect=3).stderr
        work.project.execute("UPDATE gitmig_history SET kind = 'stamped' WHERE revision = 'c3'")
        assert reason in work.gitmig("sync", expect=3).stderr
        work.project.execute("UPDATE gitmig_history SET kind = 'ran' WHERE revision = 'c3'")
    assert work.project.rows() == {"c3"}


def test_a_revision_that_no_commit_holds_comes_from_the_history(work: Work) -> None:
    work.column("b2", "a1", "phone")
    work.gitmig("upgrade")
    (work.repo.top / "migrations/versions/b2.py").unlink()
    assert work.gitmig("current").stdout == "b2 (no file here defines it; it lives only in the database's history, which kept its source)\n"
    work.gitmig("sync")
    assert work.columns() == {"id", "name"}

    # A source that is not what ran is not run, and one that this machine never ran is shown and asked about.
    work.column("b2", "a1", "phone")
    work.gitmig("upgrade")
    (work.repo.top / "migrations/versions/b2.py").unlink()
    (work.repo.top / ".git/gitmig/ran").unlink()
    refused = work.gitmig("sync", expect=2).stderr
    assert "op.drop_column('users', 'phone')" in refused
    assert "`gitmig sync --trust b2` runs it" in refused
    work.project.execute("UPDATE gitmig_history SET source = replace(source, 'drop_column', 'drop_columm')")
    assert "lives nowhere that can be seen from here" in work.gitmig("sync", "--trust", "b2", expect=3).stderr
    work.project.execute("UPDATE gitmig_history SET source = replace(source, 'drop_columm', 'drop_column')")
    work.gitmig("sync", "--trust", "b2")
    assert work.columns() == {"id", "name"}


def test_code_that_only_a_remote_branch_has_is_shown_and_asked_about(work: Work, tmp_path: Path) -> None:
    """Two people and one database, say in a container that both reach."""
    (tmp_path / "other").mkdir()
    other = Repo(tmp_path / "other", work.repo.home)
    other.git("clone", "-q", work.repo.top, ".")
    work.feature()
    other.git("fetch", "-q", "origin")
    theirs = Project.__new__(Project)
    theirs.folder, theirs.url, theirs.environment = other.top, work.project.url, work.project.environment
    url = work.project.url
    refused = theirs.gitmig("sync", url=url, expect=2).stderr
    assert "--- c3 lives on origin/feature, commit " in refused and "--trust c3 --trust b2" in refused
    theirs.gitmig("sync", "--trust", "c3", "--trust", "b2", url=url)
    assert work.project.rows() == {"a1"}


def test_a_script_runs_with_the_modules_and_the_env_of_its_commit(tmp_path: Path) -> None:
    work = Work(tmp_path, f"sqlite:///{tmp_path}/app.db", env=True)
    work.repo.git("switch", "-qc", "feature")
    work.repo.write("helpers.py", "COLUMN = 'phone'\n")
    env = work.repo.read("migrations/env.py")
    work.repo.write("migrations/env.py", f"from helpers import COLUMN\n{env}")
    work.revision(
        "b2",
        "a1",
        "op.add_column('users', sa.Column(COLUMN, sa.String(20)))",
        "op.drop_column('users', COLUMN)",
        more="from helpers import COLUMN",
    )
    work.commit("helped")
    work.gitmig("upgrade")
    work.repo.git("switch", "-q", "main")
    assert not (work.repo.top / "helpers.py").exists()
    work.gitmig("sync")
    assert work.columns() == {"id", "name"}


def test_a_database_of_others_is_left_alone_unless_it_is_named(work: Work) -> None:
    work.feature()
    team = f'[tool.gitmig.databases.team]\nurl = "{work.project.url}"\nrole = "shared"\n'
    work.repo.write("pyproject.toml", f'[tool.gitmig]\nurl = "postgresql+psycopg://db.example.org/app"\n{team}')
    assert "is shared: others use it too" in work.gitmig("sync", expect=2).stderr
    assert "is shared: others use it too" in work.gitmig("downgrade", "-1", expect=2).stderr
    work.gitmig("--database", "team", "sync")
    assert work.project.rows() == {"d4"}


def test_commands_say_where_an_unknown_revision_lives(work: Work) -> None:
    work.feature()
    assert "c3 (no file here defines it; it lives on branch feature, commit " in work.gitmig("current").stdout
    told = work.project.json("current")["elsewhere"]
    assert [(each["revision"], each["where"], each["refs"]) for each in told] == [("c3", "git", ["branch feature"])]
    for command in (("upgrade",), ("downgrade", "-1"), ("upgrade", "--dry-run")):
        said = work.gitmig(*command, expect=2).stderr
        assert "it lives on branch feature, commit " in said and "`gitmig sync`" in said, command
    # A stamp knows what it stands on, and needs no file for that.
    work.gitmig("stamp", "a1")
    assert work.project.rows() == {"a1"}
    # A name that is given and lives elsewhere is told of too.
    said = work.gitmig("upgrade", "c3", expect=2).stderr
    assert "it lives on branch feature" in said

    # Without git all of them work, and say what the database itself knows.
    work.gitmig("stamp", "d4")
    work.project.execute("UPDATE alembic_version SET version_num = 'c3'")
    work.repo.git("switch", "-q", "main")
    (work.repo.top / ".git").rename(work.repo.top / "gone")
    assert "only in the database's history" in work.gitmig("current").stdout
    assert "only in the database's history" in work.gitmig("upgrade", expect=2).stderr


def test_snapshots_keep_the_data_of_each_branch(any_database: str, tmp_path: Path) -> None:
    work = Work(tmp_path, any_database)
    work.feature()
    work.project.execute("INSERT INTO users (id, phone) VALUES (1, 'one')")
    assert "copied for branch feature first" in work.gitmig("sync", "--snapshot", "--dry-run").stderr
    done = work.gitmig("sync", "--snapshot").stderr
    assert "Copied the database for branch feature." in done and work.project.rows() == {"d4"}
    work.project.execute("CREATE TABLE extra (id INTEGER)", "INSERT INTO users (id, note) VALUES (2, 'two')")

    work.repo.git("switch", "-q", "feature")
    done = work.gitmig("sync", "--snapshot").stderr
    assert "Copied the database for branch main." in done and "Restored the copy for branch feature" in done
    assert work.project.rows() == {"c3"} and work.project.table_names() == {"users"}
    assert work.project.query("SELECT id, phone FROM users") == [(1, "one")]

    work.repo.git("switch", "-q", "main")
    work.gitmig("sync", "--snapshot")
    assert work.project.query("SELECT id, note FROM users ORDER BY id") == [(1, None), (2, "two")]
    assert work.project.table_names() == {"users", "extra"}
    listed = work.project.json("sync", "--snapshots")
    assert [(each["branch"], each["rows"]) for each in listed] == [("feature", ["c3"]), ("main", ["d4"])]
    for branch in ("feature", "main"):
        work.gitmig("sync", "--drop-snapshot", branch)
    assert work.project.json("sync", "--snapshots") == []
    assert "there is no copy for branch 'main'" in work.gitmig("sync", "--drop-snapshot", "main", expect=2).stderr


def test_what_a_rebase_slipped_under_applied_revisions_is_repaired_with_the_scripts_that_ran(work: Work) -> None:
    work.column("b2", "a1", "phone")
    work.gitmig("upgrade")
    work.commit("mine")
    work.column("d4", "a1", "note")
    work.column("b2", "d4", "phone")
    shown = work.gitmig("sync", "--dry-run").stderr
    assert "Below it d4 never ran" in shown
    done = work.project.json("sync")
    assert [(step["revision"], step["direction"]) for step in done["steps"]] == [("b2", "downgrade"), ("d4", "upgrade"), ("b2", "upgrade")]
    assert work.columns() == {"id", "name", "note", "phone"}
    assert "Nothing to do" in work.gitmig("sync").stderr


def test_a_sync_that_is_killed_goes_on_from_where_it_was(work: Work) -> None:
    """Between any two transactions the database is whole; the next one finishes the way."""
    work.repo.git("switch", "-qc", "feature")
    work.revision(
        "b2",
        "a1",
        "op.add_column('users', sa.Column('phone', sa.String(20)))",
        """
        import os, signal
        op.drop_column('users', 'phone')
        if os.environ.get('KILL') and type(op.get_bind()).__name__ == 'Connection':
            os.kill(os.getpid(), signal.SIGKILL)
        """,
    )
    work.revision("c3", "b2", "op.create_table('t', sa.Column('id', sa.Integer()))", "op.drop_table('t')")
    work.commit("feature")
    work.gitmig("upgrade")
    work.repo.git("switch", "-q", "main")
    work.column("d4", "a1", "note")
    work.commit("notes")
    work.project.environment["KILL"] = "1"
    assert work.gitmig("sync", "--yes", expect=None).returncode == 3
    assert work.project.rows() == {"b2"} and work.project.table_names() == {"users"}
    assert work.columns() == {"id", "name", "phone"}
    del work.project.environment["KILL"]
    work.gitmig("sync", "--yes")
    assert work.project.rows() == {"d4"}
    assert work.columns() == {"id", "name", "note"}
