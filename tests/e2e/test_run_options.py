"""How a run is watched, bounded, stopped and waited for."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.e2e.runkit import Project


@pytest.fixture
def project(tmp_path: Path, any_database: str) -> Project:
    return Project(tmp_path / "project", any_database)


@pytest.fixture
def lite(tmp_path: Path, sqlite_url: str) -> Project:
    return Project(tmp_path / "project", sqlite_url)


@pytest.fixture(params=[pytest.param("postgresql", marks=pytest.mark.postgresql), pytest.param("mariadb", marks=pytest.mark.mariadb)])
def server(request: pytest.FixtureRequest, tmp_path: Path) -> Project:
    """On a server that knows timeouts."""
    return Project(tmp_path / "project", request.getfixturevalue(f"{request.param}_url"))


# -- progress


def on_a_terminal(project: Project, *words: str) -> str:
    """What a terminal would show of stderr."""
    ours, theirs = pty.openpty()
    environment = {**project.environment, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    run = subprocess.Popen(project.command(*words), cwd=project.folder, env=environment, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            # How Linux says that the other end is closed.
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    assert run.wait() == 0, shown
    return shown.decode()


def test_a_terminal_shows_a_bar_and_what_it_came_to(lite: Project) -> None:
    lite.tables("aaaa", "bbbb", "cccc")
    shown = on_a_terminal(lite, "upgrade")
    assert "/3" in shown and "Running upgrade bbbb -> cccc" in shown
    assert "3 revisions ran in " in shown
    assert "Nothing to do: the database is at cccc." in on_a_terminal(lite, "upgrade")


def test_anything_else_gets_a_line_for_each_revision_and_quiet_gets_none(lite: Project) -> None:
    lite.tables("aaaa", "bbbb")
    assert lite.gitmig("upgrade").stderr == "Running upgrade  -> aaaa, aaaa\nRunning upgrade aaaa -> bbbb, bbbb\n"
    assert "Nothing to do: the database is at bbbb." in lite.gitmig("upgrade").stderr
    done = lite.gitmig("-q", "downgrade", "base")
    assert (done.stdout, done.stderr) == ("", "")
    assert "Running" not in on_a_terminal(lite, "-q", "upgrade")


def test_a_dry_run_prints_plan_and_sql_and_changes_nothing(project: Project) -> None:
    project.tables("aaaa", "bbbb", "cccc")
    project.gitmig("upgrade", "aaaa")
    printed = project.gitmig("upgrade", "--dry-run").stdout
    assert printed.startswith("-- The database is at aaaa; 2 revisions would run:\n--  bbbb  migrations/versions/bbbb.py  bbbb\n--  cccc  ")
    assert "CREATE TABLE t_bbbb" in printed and "-- Running upgrade bbbb -> cccc" in printed
    plan = project.json("upgrade", "--dry-run")
    assert (plan["before"], plan["after"], [step["revision"] for step in plan["steps"]]) == (["aaaa"], ["cccc"], ["bbbb", "cccc"])
    assert "CREATE TABLE t_cccc" in plan["sql"]
    assert (project.rows(), project.table_names()) == ({"aaaa"}, {"t_aaaa"})
    project.gitmig("upgrade")
    done = project.gitmig("upgrade", "--dry-run")
    assert done.stdout == "" and "Nothing to do: the database is at cccc." in done.stderr


# -- timeouts

ASKS = {
    "postgresql": "SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout')",
    "mysql": "SELECT CONCAT(@@lock_wait_timeout, ' ', @@innodb_lock_wait_timeout, ' ', @@max_statement_time)",
}


def asked(project: Project) -> list[str]:
    """What the revisions of `noting` found set, in order."""
    return [row[0] for row in project.query("SELECT said FROM told ORDER BY id")]


def noting(project: Project, id: str, down: str | None, more: str = "") -> None:
    ask = ASKS[sa.make_url(project.url).get_backend_name()]
    project.revision(id, down, f'op.execute("""INSERT INTO told SELECT {int(id)}, ({ask})""")', more=more)


def test_timeouts_hold_for_a_run_and_for_a_revision_that_says_so(server: Project) -> None:
    server.execute("CREATE TABLE told (id INTEGER, said VARCHAR(100))")
    noting(server, "1", None)
    noting(server, "2", "1", "# gitmig: lock_timeout 7s, statement_timeout 2min")
    noting(server, "3", "2")
    server.gitmig("upgrade", "--lock-timeout", "3", "--statement-timeout", "1500ms")
    if "postgresql" in server.url:
        assert asked(server) == ["3s 1500ms", "7s 2min", "3s 1500ms"]
    else:
        assert asked(server) == ["3 3 1.500000", "7 7 120.000000", "3 3 1.500000"]


def test_timeouts_of_the_configuration_hold_where_the_command_says_nothing(server: Project) -> None:
    server.settings('lock_timeout = "4s"\n')
    server.execute("CREATE TABLE told (id INTEGER, said VARCHAR(100))")
    noting(server, "1", None)
    noting(server, "2", "1")
    server.gitmig("upgrade", "1")
    server.gitmig("upgrade", "--lock-timeout", "5s")
    assert [said.split()[0].removesuffix("s") for said in asked(server)] == ["4", "5"]


def test_a_lock_that_is_not_got_in_time_is_told_with_what_to_do(server: Project) -> None:
    server.tables("aaaa")
    server.gitmig("upgrade")
    server.revision("bbbb", "aaaa", "op.add_column('t_aaaa', sa.Column('more', sa.Integer()))", more="# gitmig: lock_timeout 1")
    with server.engine().connect() as other:
        other.execute(sa.text("SELECT * FROM t_aaaa"))
        said = server.gitmig("upgrade", expect=3).stderr
    assert "bbbb.py:10" in said and "waited too long for a lock that another session holds" in said
    assert "the database is at aaaa" in said.lower()
    server.gitmig("upgrade")
    assert server.rows() == {"bbbb"}


def test_a_statement_that_takes_too_long_is_told_with_what_to_do(server: Project) -> None:
    sleep = "SELECT pg_sleep(30)" if "postgresql" in server.url else "SELECT SLEEP(30) FROM DUAL"
    server.revision("aaaa", None, f"op.execute('{sleep}')")
    said = server.gitmig("upgrade", "--statement-timeout", "300ms", expect=3).stderr
    assert "aaaa.py:10" in said and "stopped a statement that took too long" in said and "`--statement-timeout`" in said


@pytest.mark.parametrize(
    ("more", "words", "says"),
    [
        ("# gitmig: lock_timeout soon", (), "migrations/versions/aaaa.py:8: 'lock_timeout soon' is no timeout"),
        ("", ("--lock-timeout", "soon"), "'soon' is no length of time"),
    ],
)
def test_a_timeout_that_is_none_is_refused(lite: Project, more: str, words: tuple[str, ...], says: str) -> None:
    lite.revision("aaaa", more=more)
    assert says in lite.gitmig("upgrade", *words, expect=2).stderr
    assert lite.rows() == set()


def test_a_timeout_of_the_configuration_that_is_none_is_refused_with_its_line(lite: Project) -> None:
    lite.tables("aaaa")
    lite.settings("statement_timeout = -1\n")
    assert "pyproject.toml:3: 'statement_timeout' must be a number of seconds" in lite.gitmig("upgrade", expect=2).stderr


def test_sqlite_takes_timeouts_that_were_meant_for_a_server(lite: Project) -> None:
    lite.revision("aaaa", more="# gitmig: lock_timeout 5s")
    lite.gitmig("upgrade", "--statement-timeout", "1")
    assert lite.rows() == {"aaaa"}


# -- signals

SLEEPS = {
    "sqlite": "import time; time.sleep(1.5)",
    "postgresql": "op.execute('SELECT pg_sleep(1.5)')",
    "mysql": "op.execute('SELECT SLEEP(1.5) FROM DUAL')",
}


def stopped(project: Project, number: int) -> str:
    """Stderr of an upgrade that got the signal while revision bbbb slept between two statements."""
    project.tables("aaaa")
    sleep = SLEEPS[sa.make_url(project.url).get_backend_name()]
    begun = project.folder / "begun"
    project.revision(
        "bbbb",
        "aaaa",
        f"op.execute('CREATE TABLE one (id INTEGER)')\nopen({str(begun)!r}, 'w').close()\n{sleep}\nopen({str(begun)!r} + '2', 'w').close()"
        "\nop.execute('CREATE TABLE two (id INTEGER)')",
    )
    project.revision("cccc", "bbbb", "op.execute('CREATE TABLE three (id INTEGER)')")
    run = project.start("upgrade")
    while not begun.exists():
        assert run.poll() is None
        threading.Event().wait(0.02)
    threading.Event().wait(0.2)
    run.send_signal(number)
    _, said = run.communicate(timeout=30)
    assert run.returncode == 3, said
    assert (project.folder / "begun2").exists(), "the statement was let finish"
    return said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_the_run_after_the_statement_and_the_next_run_goes_on(project: Project, number: int) -> None:
    said = stopped(project, number)
    assert "Stopping when the statement that is running has ended" in said
    assert "stopped in upgrade() of revision 'bbbb' at migrations/versions/bbbb.py:14" in said
    if "mysql" in project.url:
        assert (
            "The database is at aaaa; of this revision, 1 statement was done, and noted. `gitmig upgrade`, which goes on after them" in said
        )
        assert project.table_names() - {"gitmig_journal_rows"} == {"t_aaaa", "one"}
    elif "postgresql" in project.url:
        assert "It was rolled back: the database is at base (nothing is applied). `gitmig upgrade` goes on from there." in said
        assert project.table_names() == set()
    else:
        assert "It was rolled back: the database is at aaaa. `gitmig upgrade` goes on from there." in said
        assert project.table_names() == {"t_aaaa"}
    project.gitmig("upgrade")
    assert (project.rows(), project.table_names()) == ({"cccc"}, {"t_aaaa", "one", "two", "three"})


def test_a_second_signal_breaks_the_statement_off(server: Project) -> None:
    sleep = "SELECT pg_sleep(60)" if "postgresql" in server.url else "SELECT SLEEP(60) FROM DUAL"
    server.tables("aaaa")
    server.revision("bbbb", "aaaa", f"op.execute({sleep!r})")
    run = server.start("upgrade")
    assert run.stderr is not None
    while "bbbb" not in run.stderr.readline():
        assert run.poll() is None
    threading.Event().wait(0.5)
    run.send_signal(signal.SIGINT)
    assert "once more breaks it off" in run.stderr.readline()
    run.send_signal(signal.SIGINT)
    said = run.communicate(timeout=30)[1]
    assert run.returncode == 3 and "stopped in upgrade() of revision 'bbbb'" in said
    assert server.rows() <= {"aaaa"}


# -- waiting


def test_wait_is_over_when_another_process_has_upgraded(project: Project) -> None:
    project.tables("aaaa")
    assert "lacks aaaa" in project.gitmig("wait", "--timeout", "0", expect=3).stderr
    waiting = project.start("wait", "--timeout", "60", "--interval", "100ms")
    assert waiting.stderr is not None and "Waiting: the database is not at all heads: it lacks aaaa." in waiting.stderr.readline()
    project.gitmig("upgrade")
    said = waiting.communicate(timeout=60)[1]
    assert (waiting.returncode, said) == (0, "Ready: the database is at aaaa.\n")
    assert project.json("wait")["ready"] is True


def test_wait_gives_up_with_a_sentence_and_writes_nothing(project: Project) -> None:
    project.tables("aaaa")
    done = project.gitmig("wait", "--timeout", "0.3", "--json", expect=3)
    assert ": the database is not at all heads: it lacks aaaa. `gitmig upgrade` brings it there." in done.stderr
    told = json.loads(done.stdout)
    assert (told["ready"], told["missing_heads"], told["rows"]) == (False, ["aaaa"], [])
    with project.engine().connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


@pytest.mark.parametrize("command", [("wait",), ("current", "--check-heads")])
def test_an_image_older_than_its_database_is_told_so_at_once(project: Project, command: tuple[str, ...]) -> None:
    project.tables("aaaa", "bbbb")
    project.gitmig("upgrade")
    (project.folder / "migrations/versions/bbbb.py").unlink()
    done = project.gitmig(*command, expect=3 if command == ("wait",) else 1)
    assert "the database is at bbbb, which no file here defines: this checkout is older than its database" in done.stderr
    assert "`gitmig upgrade`" not in done.stderr


def test_wait_waits_for_a_database_that_is_not_up_yet(lite: Project) -> None:
    lite.tables("aaaa")
    url = "postgresql+psycopg://ada:hidden9@127.0.0.1:1/x"
    done = lite.gitmig("wait", "--timeout", "3", "--interval", "100ms", "--json", url=url, expect=3)
    assert "Waiting: the database" in done.stderr and "does not answer" in done.stderr and "hidden9" not in done.stderr
    assert json.loads(done.stdout)["database"] is None


def test_check_heads_says_which_are_missing(lite: Project) -> None:
    lite.tables("aaaa", "bbbb")
    lite.gitmig("upgrade", "aaaa")
    done = lite.gitmig("current", "--check-heads", expect=1)
    assert "it lacks bbbb. `gitmig upgrade` brings it there." in done.stderr
    lite.gitmig("upgrade")
    lite.gitmig("current", "--check-heads")
