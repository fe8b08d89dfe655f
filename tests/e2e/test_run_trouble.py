"""What scripts, env.py files and version tables do that nobody expects: one sentence, and nothing counts as done that was not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.e2e.runkit import ALEMBIC_ENV, Project


@pytest.fixture
def project(tmp_path: Path, any_database: str) -> Project:
    return Project(tmp_path / "project", any_database)


@pytest.fixture
def lite(tmp_path: Path, sqlite_url: str) -> Project:
    return Project(tmp_path / "project", sqlite_url)


def refused(project: Project, *words: str, code: int = 3) -> str:
    """What is said, without the lines of progress."""
    done = project.gitmig(*(words or ("upgrade",)), expect=code)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("Running")]
    assert len(lines) == 1, done.stderr
    return lines[0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("import sys; sys.exit(0)", "bbbb.py:10: it ends the process by sys.exit(0)"),
        ("import sys; sys.exit('enough')", "bbbb.py:10: it ends the process by sys.exit('enough')"),
        ("raise GeneratorExit", "bbbb.py:10: GeneratorExit"),
        ("raise KeyboardInterrupt", "stopped in upgrade() of revision 'bbbb' at migrations/versions/bbbb.py:10"),
        ("assert 1 == 2", "bbbb.py:10: AssertionError. It"),
        ("def f(): f()\nf()", "bbbb.py:10: RecursionError: maximum recursion depth exceeded"),
        ("yield", "migrations/versions/bbbb.py: upgrade() has a `yield` in it, so it did not run"),
    ],
)
def test_a_script_that_does_not_come_to_its_end_is_not_done(lite: Project, body: str, says: str) -> None:
    lite.tables("aaaa")
    lite.revision(
        "bbbb", "aaaa", f"op.execute('CREATE TABLE made (id INTEGER)')\n{body}".replace("\n", "; ", 1) if "\n" not in body else body
    )
    said = refused(lite)
    assert says in said
    assert "It was rolled back: the database is at aaaa." in said
    assert (lite.rows(), lite.table_names()) == ({"aaaa"}, {"t_aaaa"})


def test_an_async_upgrade_is_refused_because_it_does_nothing(lite: Project) -> None:
    file = lite.revision("aaaa")
    file.write_text(file.read_text().replace("def upgrade", "async def upgrade"))
    said = refused(lite)
    assert "migrations/versions/aaaa.py: upgrade() is an `async def` and did not run" in said and "op.run_async" in said
    assert lite.rows() == set()


@pytest.mark.parametrize("call", ["close", "invalidate"])
def test_a_script_that_closes_its_connection_is_told_so(project: Project, call: str) -> None:
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", f"op.get_bind().{call}()")
    said = refused(project)
    assert "bbbb.py: the script closed the connection" in said and "`gitmig current`" in said
    assert project.rows() <= {"aaaa"}


def test_what_a_script_committed_by_itself_is_said_to_stay(project: Project) -> None:
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", "op.execute('CREATE TABLE kept (id INTEGER)'); op.get_bind().commit()\nraise ValueError('later')")
    said = refused(project)
    if "mysql" in project.url:
        assert "of this revision, 1 statement was done, and noted" in said
    else:
        assert "It committed in its midst, and what it did until then" in said
    assert "kept" in project.table_names()


def test_a_version_table_that_was_emptied_is_named_as_the_cause(project: Project) -> None:
    project.tables("aaaa", "bbbb")
    project.gitmig("upgrade")
    project.execute("DELETE FROM alembic_version")
    said = refused(project)
    assert "t_aaaa" in said
    assert "something else emptied alembic_version since: if its changes are there, `gitmig stamp bbbb`." in said
    project.gitmig("stamp", "bbbb")
    assert "Nothing to do" in project.gitmig("upgrade").stderr


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("(foo INTEGER)", "the table alembic_version has no column version_num, so it is no version table (it has: foo)"),
        ("(version_num INTEGER)", "the table alembic_version holds 5, which is no revision id"),
        ("(version_num VARCHAR(32))", "the table alembic_version holds NULL, which is no revision id"),
    ],
)
def test_a_table_that_is_no_version_table_is_told_as_such(project: Project, table: str, says: str) -> None:
    project.tables("aaaa")
    project.execute(f"CREATE TABLE alembic_version {table}")
    project.execute(f"INSERT INTO alembic_version VALUES ({'NULL' if 'VARCHAR' in table else 5})")
    for command in ("upgrade", "current"):
        assert says in refused(project, command)
    assert project.table_names() == set()


def test_version_rows_that_cannot_be_written_are_told_with_revision_and_state(project: Project) -> None:
    project.tables("aaaa")
    project.execute("CREATE VIEW alembic_version AS SELECT 'aaaa' AS version_num")
    project.revision("bbbb", "aaaa", "op.execute('CREATE TABLE made (id INTEGER)')")
    said = refused(project)
    assert "revision 'bbbb' was not entered in the version table and the history: " in said
    assert "the database is at aaaa" in said.lower()


@pytest.mark.parametrize(
    ("env", "says", "rows"),
    [
        (ALEMBIC_ENV.replace("context.run_migrations()", "pass"), "migrations/env.py never calls context.run_migrations()", set()),
        ("import sys; sys.exit(0)", "migrations/env.py:1: it ends the process by sys.exit(0). Let env.py come to its end", set()),
        (f"{ALEMBIC_ENV}\nimport sys; sys.exit(3)", "The migrations had run before: the database is at aaaa.", {"aaaa"}),
        (f"{ALEMBIC_ENV}\nraise ValueError('late')", "ValueError: late. The migrations had run before: the database is at aaaa.", {"aaaa"}),
    ],
)
def test_an_env_py_that_goes_its_own_way_is_told_so(lite: Project, env: str, says: str, rows: set[str]) -> None:
    lite.tables("aaaa")
    lite.write("migrations/env.py", env)
    assert says in refused(lite, code=2)
    assert lite.rows() == rows


@pytest.mark.parametrize(
    "body",
    [
        "rows = op.get_bind().execute(sa.text('SELECT 1')).fetchall()",
        "for row in op.get_bind().execute(sa.text('SELECT 1')): pass",
        "op.get_bind().scalar(sa.text('SELECT 1'))",
        "sa.inspect(op.get_bind()).get_table_names()",
    ],
)
@pytest.mark.parametrize("option", ["--sql", "--dry-run"])
def test_a_script_that_asks_the_database_offline_is_told_with_its_line(lite: Project, body: str, option: str) -> None:
    lite.revision("aaaa", None, body)
    said = refused(lite, "upgrade", option)
    assert "migrations/versions/aaaa.py:10: offline mode asks no database, so " in said
    assert "`if not context.is_offline_mode():`" in said


def test_a_script_that_ignores_results_runs_offline(lite: Project) -> None:
    lite.revision("aaaa", None, "done = op.get_bind().execute(sa.text('DELETE FROM t'))\nassert not hasattr(op.get_bind(), 'info')")
    assert "DELETE FROM t;" in lite.gitmig("upgrade", "--sql").stdout


def test_json_stays_json_whatever_prints(lite: Project) -> None:
    lite.write("migrations/env.py", f"print('from env')\n{ALEMBIC_ENV}")
    lite.revision("aaaa", None, "import os; print('from script'); os.write(1, b'raw\\n'); os.system('echo from a program')")
    for words in (("current",), ("upgrade",), ("downgrade", "base"), ("stamp", "aaaa"), ("upgrade", "--dry-run"), ("wait",)):
        done = lite.gitmig(*words, "--json")
        json.loads(done.stdout)
        assert "from env" in done.stderr
        if words == ("upgrade",):
            assert {"from script", "raw", "from a program"} <= set(done.stderr.splitlines())


@pytest.mark.parametrize("form", ["toml", "ini"])
@pytest.mark.mariadb
def test_a_strange_password_works_and_is_never_shown(tmp_path: Path, mariadb_url: str, form: str) -> None:
    password = "p%a@s:s/w#o?r d&'\"$x"
    written = "p%25a%40s%3As%2Fw%23o%3Fr%20d%26%27%22%24x"
    project = Project(tmp_path / "project", mariadb_url)
    user = f"strange_{form}"
    database = mariadb_url.rpartition("/")[2]
    escaped = password.replace("'", "''").replace(":", "\\:")
    project.execute(f"CREATE USER {user}@'127.0.0.1' IDENTIFIED BY '{escaped}'", f"GRANT ALL ON {database}.* TO {user}@'127.0.0.1'")
    try:
        url = mariadb_url.replace("root@", f"{user}:{written}@")
        if form == "toml":
            (project.folder / "pyproject.toml").write_text(f'[tool.gitmig]\nurl = "{url}"\n')
        else:
            (project.folder / "pyproject.toml").unlink()
            (project.folder / "gitmig.ini").write_text(f"[gitmig]\nsqlalchemy.url = {url.replace('%', '%%')}\n")
        project.tables("aaaa")
        project.gitmig("upgrade")
        shown = [project.gitmig("current", "-v"), project.gitmig("current", "--json"), project.gitmig("-v", "history", "-i")]
        telling = "url = op.get_bind().engine.url\nraise ValueError(f'{url.password} {url.render_as_string(hide_password=False)}')"
        project.revision("bbbb", "aaaa", telling)
        shown += [project.gitmig("upgrade", expect=3), project.gitmig("--traceback", "upgrade", expect=3)]
        for done in shown:
            text = done.stdout + done.stderr
            assert not [piece for piece in (password, written, "w#o?r", "%3As%2Fw", "Fr d") if piece in text], text
        assert "ValueError: *** mysql+pymysql://" in shown[-2].stderr
    finally:
        project.execute(f"DROP USER {user}@'127.0.0.1'")


@pytest.mark.parametrize(
    "url", ["mysql+pymysql://ada:a@w0rd#c:d@127.0.0.1/x", "postgresql+psycopg://ada:w0rd@[::1/x", "mysql+pymysql://ada:w0rd@h:port/x"]
)
@pytest.mark.parametrize("with_env", [False, True])
def test_a_url_that_cannot_be_taken_apart_is_told_without_its_pieces(lite: Project, url: str, with_env: bool) -> None:
    lite.tables("aaaa")
    if with_env:
        lite.write("migrations/env.py", ALEMBIC_ENV)
    done = lite.gitmig("upgrade", url=url, expect=2)
    assert "the database URL cannot be read" in done.stderr and "%40" in done.stderr
    assert "w0rd" not in done.stderr and "int()" not in done.stderr


def test_a_file_that_is_no_database_is_told_as_such(lite: Project) -> None:
    lite.tables("aaaa")
    Path(lite.url.removeprefix("sqlite:///")).write_bytes(b"certainly no database " * 100)
    assert "is no SQLite database that can be read" in refused(lite)


@pytest.mark.postgresql
def test_a_constraint_that_fails_at_the_commit_is_told_with_the_state(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", postgresql_url)
    project.execute("CREATE TABLE p (id INT PRIMARY KEY)", "CREATE TABLE c (p INT REFERENCES p DEFERRABLE INITIALLY DEFERRED)")
    project.revision("aaaa", None, "op.execute('INSERT INTO c VALUES (1)')")
    said = refused(project)
    assert "the run could not be committed: " in said and "violates foreign key" in said
    assert "It was rolled back: the database is at base (nothing is applied)." in said
    assert project.rows() == set()


@pytest.mark.parametrize("raw", [b"\xef\xbb\xbf", b"# -*- coding: latin-1 -*-\n# \xe9\n"], ids=["bom", "latin-1"])
def test_files_in_other_encodings_and_with_other_line_ends_run(lite: Project, raw: bytes) -> None:
    lite.tables("aaaa")
    file = lite.revision("bbbb", "aaaa", "op.create_table('made', sa.Column('id', sa.Integer))")
    file.write_bytes(raw + file.read_bytes().replace(b"\n", b"\r\n"))
    lite.gitmig("upgrade")
    assert (lite.rows(), lite.table_names()) == ({"bbbb"}, {"t_aaaa", "made"})


@pytest.mark.mariadb
def test_rows_that_another_tool_moved_meanwhile_are_named_as_the_cause(tmp_path: Path, mariadb_url: str) -> None:
    project = Project(tmp_path / "project", mariadb_url)
    project.tables("aaaa")
    project.gitmig("upgrade")
    other = 'other = sa.create_engine(op.get_bind().engine.url)\nwith other.begin() as c: c.exec_driver_sql("{}")'
    make, move = "CREATE TABLE made (id INTEGER)", "UPDATE alembic_version SET version_num = 'bbbb'"
    project.revision("bbbb", "aaaa", "\n".join([other.format(make), other.format(move), f"op.execute('{make}')"]))
    said = refused(project)
    assert "Something else moved alembic_version meanwhile: it says bbbb now. `gitmig upgrade` looks at it again." in said
    assert "Nothing to do: the database is at bbbb." in project.gitmig("upgrade").stderr
