"""Several runs at once, and runs that wait."""

from __future__ import annotations

import sqlite3
import subprocess
import threading
from pathlib import Path

import pytest

from tests.e2e.runkit import Project

SLOW = "import time; time.sleep({seconds})\nop.create_table('t_{id}', sa.Column('id', sa.Integer()))"


@pytest.fixture
def project(tmp_path: Path, any_database: str) -> Project:
    return Project(tmp_path / "project", any_database)


def slow_line(project: Project, *ids: str, seconds: float) -> None:
    down = None
    for id in ids:
        project.revision(id, down, SLOW.format(seconds=seconds, id=id), f"op.drop_table('t_{id}')")
        down = id


def running(project: Project) -> subprocess.Popen[str]:
    """An upgrade whose first revision has begun."""
    run = project.start("upgrade")
    assert run.stderr is not None and run.stderr.readline().startswith("Running")
    return run


def test_of_two_upgrades_at_once_one_runs_and_the_other_finds_nothing_to_do(project: Project) -> None:
    slow_line(project, "aaaa", "bbbb", "cccc", seconds=0.4)
    runs = [project.start("upgrade") for _ in range(2)]
    said = [run.communicate(timeout=60)[1] for run in runs]
    assert [run.returncode for run in runs] == [0, 0], said
    ran = [line.split()[-1] for text in said for line in text.splitlines() if line.startswith("Running")]
    assert sorted(ran) == ["aaaa", "bbbb", "cccc"], said
    assert sorted("Running" in text for text in said) == [False, True], "one of the two ran them all"
    idle = next(text for text in said if "Running" not in text)
    assert "Nothing to do: the database is at cccc." in idle
    assert "waiting for another" in idle or "another run moved" in idle, said
    assert project.rows() == {"cccc"}
    assert project.history() == [(id, "upgrade", "ran") for id in ("aaaa", "bbbb", "cccc")]


def test_the_one_that_waits_says_for_whom_and_gives_up_in_time(project: Project) -> None:
    project.revision("aaaa", None, f"import os, time\nwhile not os.path.exists({str(project.folder / 'go')!r}): time.sleep(0.05)")
    first = running(project)
    done = project.gitmig("upgrade", "--wait", "0.3", expect=3)
    (project.folder / "go").touch()
    assert "waiting for another run that holds the lock on" in done.stderr
    assert "was not got after waiting 0.3 seconds" in done.stderr
    assert "--wait SECONDS" in done.stderr
    if project.url.startswith("postgresql"):
        assert f"gitmig pid {first.pid} on " in done.stderr and "server process" in done.stderr and "since 2" in done.stderr
    elif "mysql" in project.url:
        assert "root from" in done.stderr and "server connection" in done.stderr
    assert first.wait(timeout=30) == 0
    assert project.rows() == {"aaaa"}


def test_projects_with_version_tables_of_their_own_do_not_wait_for_each_other(tmp_path: Path, any_database: str) -> None:
    one, two = Project(tmp_path / "one", any_database), Project(tmp_path / "two", any_database)
    two.settings('version_table = "two_version"\n')
    if any_database.startswith("sqlite"):
        pytest.skip("SQLite has one lock for the whole file")
    slow_line(one, "aaaa", seconds=2)
    two.tables("bbbb")
    first = running(one)
    two.gitmig("upgrade", "--wait", "0")
    assert first.wait(timeout=30) == 0


@pytest.mark.postgresql
def test_a_concurrent_index_is_not_blocked_by_a_run_that_waits(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", postgresql_url)
    project.tables("aaaa")
    project.revision(
        "bbbb",
        "aaaa",
        """
        import time
        with op.get_context().autocommit_block():
            time.sleep(1.5)
            op.create_index("ix", "t_aaaa", ["name"], postgresql_concurrently=True)
        """,
    )
    runs = [project.start("upgrade"), project.start("upgrade")]
    assert [run.wait(timeout=30) for run in runs] == [0, 0]
    assert project.rows() == {"bbbb"}


@pytest.mark.postgresql
def test_a_statement_that_refuses_transactions_is_told_with_the_block_that_helps(tmp_path: Path, postgresql_url: str) -> None:
    project = Project(tmp_path / "project", postgresql_url)
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", 'op.create_index("ix", "t_aaaa", ["name"], postgresql_concurrently=True)')
    assert "with op.get_context().autocommit_block():" in project.gitmig("upgrade", expect=3).stderr


def test_a_writer_that_holds_the_sqlite_file_is_waited_for(tmp_path: Path, sqlite_url: str) -> None:
    project = Project(tmp_path / "project", sqlite_url)
    project.tables("aaaa")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(2.0, lambda: other.execute("ROLLBACK"))
    timer.start()
    try:
        said = project.gitmig("upgrade").stderr
    finally:
        timer.join()
        other.close()
    assert "waiting for another run" in said
    assert project.rows() == {"aaaa"}


def test_a_reader_that_stays_open_keeps_the_commit_waiting(tmp_path: Path, sqlite_url: str) -> None:
    project = Project(tmp_path / "project", sqlite_url)
    project.tables("aaaa")
    project.gitmig("upgrade")
    project.tables("bbbb", start="aaaa")
    reader = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM alembic_version").fetchall()
    timer = threading.Timer(2.0, lambda: reader.execute("COMMIT"))
    timer.start()
    try:
        project.gitmig("upgrade")
    finally:
        timer.join()
        reader.close()
    assert project.rows() == {"bbbb"}
