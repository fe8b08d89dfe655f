"""What is said, and what is left behind, when an upgrade cannot go on."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.e2e.runkit import Project


@pytest.fixture
def project(tmp_path: Path, any_database: str) -> Project:
    return Project(tmp_path / "project", any_database)


@pytest.fixture
def lite(tmp_path: Path, sqlite_url: str) -> Project:
    return Project(tmp_path / "project", sqlite_url)


def test_a_failing_statement_is_told_with_revision_file_line_statement_and_state(project: Project) -> None:
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", "op.create_table('made', sa.Column('id', sa.Integer))\nop.execute('INSERT INTO nowhere VALUES (1)')")
    done = project.gitmig("upgrade", expect=3)
    (said,) = [line for line in done.stderr.splitlines() if not line.startswith("Running")]
    assert said.startswith("gitmig: revision 'bbbb' failed in upgrade() at migrations/versions/bbbb.py:11: ")
    assert "nowhere" in said and "at the statement: INSERT INTO nowhere VALUES (1)" in said
    assert "Traceback" not in done.stderr
    if project.url.startswith("sqlite"):
        assert "It was rolled back: the database is at aaaa. Correct the file, then `gitmig upgrade`." in said
        assert (project.rows(), project.table_names()) == ({"aaaa"}, {"t_aaaa"})
    elif project.url.startswith("postgresql"):
        assert "It was rolled back: the database is at base (nothing is applied)." in said
        assert (project.rows(), project.table_names()) == (set(), set())
    else:
        assert "The database is at aaaa; of this revision, 1 statement was done, and noted." in said
        assert said.endswith("Correct the file, then `gitmig upgrade`, which goes on after them.")
        assert (project.rows(), project.table_names()) == ({"aaaa"}, {"t_aaaa", "made"})

    file = project.folder / "migrations/versions/bbbb.py"
    file.write_text(file.read_text().replace("INSERT INTO nowhere VALUES (1)", "INSERT INTO made VALUES (1)"))
    project.gitmig("upgrade")
    assert project.rows() == {"bbbb"}
    assert project.query("SELECT id FROM made") == [(1,)]


def test_a_mistake_in_python_is_told_with_its_line(lite: Project) -> None:
    lite.revision("aaaa", None, "helper()", more="def helper():\n    return {}['missing']")
    said = lite.gitmig("upgrade", expect=3).stderr
    assert "revision 'aaaa' failed in upgrade() at migrations/versions/aaaa.py:9: KeyError: 'missing'" in said
    lite.revision("aaaa", None, "pass", more="raise RuntimeError('at import')")
    said = lite.gitmig("upgrade", expect=3).stderr
    assert "revision 'aaaa' failed in its body at migrations/versions/aaaa.py:8: RuntimeError: at import" in said


def test_a_file_that_cannot_be_imported_stops_the_run_before_anything_is_changed(project: Project) -> None:
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", more="import nosuchmodule")
    said = project.gitmig("upgrade", expect=3).stderr
    assert (
        "revision 'bbbb' failed in its body at migrations/versions/bbbb.py:8: ModuleNotFoundError: No module named 'nosuchmodule'" in said
    )
    assert "Nothing was changed." in said and "Running" not in said
    assert (project.table_names(), project.rows()) == (set(), set())


def test_a_traceback_is_shown_when_asked_for(lite: Project) -> None:
    lite.revision("aaaa", None, "raise RuntimeError('here')")
    assert 'aaaa.py", line 10, in upgrade' in lite.gitmig("--traceback", "upgrade", expect=3).stderr


def test_a_revision_without_downgrade_stops_before_anything_is_undone(lite: Project) -> None:
    lite.tables("aaaa")
    file = lite.revision("bbbb", "aaaa")
    lite.gitmig("upgrade")
    file.write_text(file.read_text().split("def downgrade")[0])
    said = lite.gitmig("downgrade", "base", expect=2).stderr
    assert "migrations/versions/bbbb.py: has no function downgrade()" in said
    assert lite.rows() == {"bbbb"}


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg://ada:secret%40word@127.0.0.1:1/x", "does not answer"),
        ("mysql+pymysql://ada:secret%40word@127.0.0.1:1/x", "does not answer"),
        ("sqlite:////nowhere/at/all/secret%40word.db", "cannot be made"),
        ("postgresql+nosuch://ada:secret%40word@127.0.0.1/x", "names a dialect that is not installed"),
        ("nosuch://ada:secret%40word@127.0.0.1/x", "names a dialect that is not installed"),
        ("postgresql+pg8000://ada:secret%40word@127.0.0.1/x", "the driver pg8000 for"),
        ("//ada:secret%40word@x", "is no database URL"),
    ],
)
def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(lite: Project, url: str, says: str) -> None:
    if "nowhere" in url and os.geteuid() == 0:
        pytest.skip("root may make any folder")
    lite.tables("aaaa")
    done = lite.gitmig("upgrade", url=url, expect=None)
    assert done.returncode in (2, 3)
    assert says in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert "secret" not in done.stderr + done.stdout


def test_a_url_that_env_py_cannot_use_is_the_configurations_fault(lite: Project) -> None:
    lite.tables("aaaa")
    lite.write(
        "migrations/env.py",
        """
        import sqlalchemy as sa
        from gitmig import context
        sa.create_engine(context.config.get_main_option("sqlalchemy.url"))
        """,
    )
    said = lite.gitmig("upgrade", url="sqlite", expect=2).stderr
    assert "is no database URL" in said and "env.py" not in said


@pytest.mark.postgresql
def test_a_role_that_is_not_there_is_a_refused_login(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", re.sub("//[^@]*@", "//nobody:hidden@", postgresql_url))
    project.tables("aaaa")
    said = project.gitmig("upgrade", expect=3).stderr
    assert "refuses the login" in said and "hidden" not in said


@pytest.mark.mariadb
def test_a_refused_login_is_told_as_such(tmp_path: Path, mariadb_url: str) -> None:
    project = Project(tmp_path / "project", mariadb_url.replace("root@", "nobody:hidden@"))
    project.tables("aaaa")
    said = project.gitmig("upgrade", expect=3).stderr
    assert "refuses the login" in said and "hidden" not in said


@pytest.mark.postgresql
def test_a_database_that_is_not_there_is_told_as_such(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", postgresql_url + "_missing")
    project.tables("aaaa")
    assert "is not there" in project.gitmig("upgrade", expect=3).stderr


def test_a_read_only_database_is_told_as_such_and_can_be_read(project: Project) -> None:
    project.tables("aaaa")
    project.gitmig("upgrade")
    project.revision("bbbb", "aaaa", "op.execute('CREATE TABLE t_bbbb (id INTEGER)')")
    if project.url.startswith("sqlite"):
        url = f"sqlite:///file:{project.url.removeprefix('sqlite:///')}?mode=ro&uri=true"
    elif project.url.startswith("postgresql"):
        url = f"{project.url}?options=-c%20default_transaction_read_only%3Don"
    else:
        pytest.skip("MariaDB's read_only is server-wide")
    assert project.gitmig("current", url=url).stdout == "aaaa\n"
    assert "is read-only" in project.gitmig("upgrade", url=url, expect=3).stderr
    assert project.rows() == {"aaaa"}
    project.gitmig("upgrade", "aaaa", url=url)


@pytest.mark.postgresql
def test_without_the_right_to_create_the_history_there_is_one_warning(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", postgresql_url)
    project.tables("aaaa", "bbbb")
    role = f"limited_{tmp_path.name[-6:]}_{os.getpid()}".replace("-", "_").lower()
    project.execute(f"CREATE ROLE {role} LOGIN", f"GRANT CREATE, USAGE ON SCHEMA public TO {role}")
    try:
        url = postgresql_url.replace("postgres@", f"{role}@")
        done = project.gitmig("upgrade", url=url)
        warnings = [line for line in done.stderr.splitlines() if "warning" in line]
        assert len(warnings) == 1 and "gitmig.gitmig_history cannot be created" in warnings[0]
        assert project.rows() == {"bbbb"}
    finally:
        project.execute(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")


def test_a_connection_that_breaks_is_told_and_the_next_run_goes_on(project: Project) -> None:
    if project.url.startswith("sqlite"):
        pytest.skip("there is no connection to break")
    kill = "SELECT pg_terminate_backend(pg_backend_pid())" if project.url.startswith("postgresql") else "KILL CONNECTION_ID()"
    project.tables("aaaa")
    script = "op.create_table('late', sa.Column('id', sa.Integer))\nimport os\nif not os.path.exists('again'): op.execute({!r})"
    project.revision("bbbb", "aaaa", script.format(kill), "op.drop_table('late')")
    done = project.gitmig("upgrade", expect=3)
    assert "revision 'bbbb' failed in upgrade() at migrations/versions/bbbb.py:12" in done.stderr
    assert "`gitmig current` says where the database is" in done.stderr
    (project.folder / "again").touch()
    project.gitmig("upgrade")
    assert (project.table_names(), project.rows()) == ({"t_aaaa", "late"}, {"bbbb"})


def test_env_py_that_fails_is_told_with_its_line(lite: Project) -> None:
    lite.tables("aaaa")
    lite.write("migrations/env.py", "\nimport nosuchmodule\n")
    assert "migrations/env.py:1: ModuleNotFoundError: No module named 'nosuchmodule'" in lite.gitmig("upgrade", expect=2).stderr
    lite.write("migrations/env.py", "x = 1\n")
    assert "migrations/env.py never calls context.configure()" in lite.gitmig("upgrade", expect=2).stderr
    lite.write("migrations/env.py", "x = (\n")
    assert "migrations/env.py:1: does not parse" in lite.gitmig("upgrade", expect=2).stderr


def test_ranges_and_directions_that_mean_nothing(lite: Project) -> None:
    lite.tables("aaaa", "bbbb")
    assert "means nothing without --sql" in lite.gitmig("upgrade", "aaaa:bbbb", expect=2).stderr
    assert "needs to know where the database is" in lite.gitmig("downgrade", "aaaa", "--sql", expect=2).stderr
    assert "--purge and --sql" in lite.gitmig("stamp", "--purge", "--sql", "aaaa", expect=2).stderr
    assert "leads down" in lite.gitmig("upgrade", "--", "-1", expect=2).stderr
    lite.gitmig("upgrade", "aaaa")
    assert "not a valid downgrade target" in lite.gitmig("downgrade", "bbbb", expect=2).stderr


def test_a_missing_variable_of_the_url_stops_only_what_connects(lite: Project) -> None:
    lite.tables("aaaa")
    lite.url = "${NOT_SET_ANYWHERE}"
    lite.settings("")
    assert "NOT_SET_ANYWHERE" in lite.gitmig("upgrade", expect=2).stderr
    assert lite.gitmig("heads").stdout == "aaaa (head)\n"


@pytest.mark.postgresql
def test_without_the_right_to_read_the_history_there_is_one_warning(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", postgresql_url)
    project.tables("aaaa")
    project.gitmig("upgrade")
    project.tables("bbbb", start="aaaa")
    role = f"reading_{tmp_path.name[-6:]}_{os.getpid()}".replace("-", "_").lower()
    project.execute(f"CREATE ROLE {role} LOGIN", f"GRANT CREATE, USAGE ON SCHEMA public TO {role}")
    project.execute(f"GRANT SELECT, UPDATE ON alembic_version TO {role}")
    try:
        done = project.gitmig("upgrade", url=postgresql_url.replace("postgres@", f"{role}@"))
        warnings = [line for line in done.stderr.splitlines() if "warning" in line]
        assert len(warnings) == 1 and "gitmig.gitmig_history cannot be read" in warnings[0] and "permission denied" in warnings[0]
        assert project.rows() == {"bbbb"}
    finally:
        project.execute(f"DROP OWNED BY {role} CASCADE", f"DROP ROLE {role}")
    # The next run of who may enters what the other did.
    project.gitmig("upgrade")
    project.tables("cccc", start="bbbb")
    project.gitmig("upgrade")
    assert project.history() == [("aaaa", "upgrade", "ran"), ("bbbb", "upgrade", "foreign"), ("cccc", "upgrade", "ran")]
