"""SQLite's transactions and foreign keys, which the driver and SQLite's own rules make hard."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.e2e.runkit import Project

ENV = """
import sqlalchemy as sa
from gitmig import context

engine = sa.create_engine(context.config.get_main_option("url"), poolclass=sa.NullPool{arguments})

@sa.event.listens_for(engine, "connect")
def on_connect(connection, record):
    {connect}

{more}

with engine.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
    print("foreign_keys", connection.exec_driver_sql("PRAGMA foreign_keys").scalar())
"""
ENFORCED = 'connection.execute("PRAGMA foreign_keys=ON")'


@pytest.fixture
def project(tmp_path: Path, sqlite_url: str) -> Project:
    return Project(tmp_path / "project", sqlite_url)


def environment(project: Project, connect: str = "pass", arguments: str = "", more: str = "") -> None:
    project.write("migrations/env.py", ENV.format(connect=connect, arguments=arguments, more=more))


def test_an_async_driver_keeps_a_revision_whole(project: Project) -> None:
    pytest.importorskip("aiosqlite")
    pytest.importorskip("greenlet")
    project.write(
        "migrations/env.py",
        """
        import asyncio
        from sqlalchemy.ext.asyncio import create_async_engine
        from gitmig import context

        def do_run(connection):
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

        async def main():
            engine = create_async_engine(context.config.get_main_option("url").replace("sqlite:", "sqlite+aiosqlite:"))
            async with engine.connect() as connection:
                await connection.run_sync(do_run)
            await engine.dispose()

        asyncio.run(main())
        """,
    )
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", "op.create_table('late', sa.Column('id', sa.Integer))\nraise RuntimeError('stop')")
    assert "RuntimeError: stop" in project.gitmig("upgrade", expect=3).stderr
    assert (project.table_names(), project.rows()) == ({"t_aaaa"}, {"aaaa"})


def family(project: Project) -> None:
    """parents with rows, and children that cascade."""
    project.revision(
        "aaaa",
        None,
        """
        op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(10)))
        op.create_table(
            "child",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id", ondelete="CASCADE")),
        )
        op.execute("INSERT INTO parent VALUES (1, 'x')")
        op.execute("INSERT INTO child VALUES (7, 1)")
        """,
    )


def test_ddl_and_data_of_a_failed_revision_are_rolled_back_together(project: Project) -> None:
    project.tables("aaaa")
    project.revision(
        "bbbb",
        "aaaa",
        """
        op.create_table("late", sa.Column("id", sa.Integer))
        op.execute("INSERT INTO late VALUES (1)")
        op.drop_table("t_aaaa")
        raise RuntimeError("stop")
        """,
    )
    project.gitmig("upgrade", expect=3)
    assert project.table_names() == {"t_aaaa"}
    assert project.rows() == {"aaaa"}


def test_a_single_transaction_takes_the_whole_run_back(project: Project) -> None:
    project.tables("aaaa", "bbbb")
    project.revision("cccc", "bbbb", "raise RuntimeError('stop')")
    said = project.gitmig("upgrade", "--single-transaction", expect=3).stderr
    assert "It was rolled back: the database is at base (nothing is applied)." in said
    assert (project.table_names(), project.rows()) == (set(), set())
    project.gitmig("upgrade", "--single-transaction", "bbbb")
    assert project.table_names() == {"t_aaaa", "t_bbbb"}


@pytest.mark.parametrize(
    ("connect", "arguments", "more"),
    [
        (
            "connection.isolation_level = None",
            "",
            '@sa.event.listens_for(engine, "begin")\ndef on_begin(connection):\n    connection.exec_driver_sql("BEGIN")',
        ),
        ("pass", ', isolation_level="AUTOCOMMIT"', ""),
        ("pass", ', connect_args={"autocommit": False}', ""),
        ("pass", ', connect_args={"isolation_level": "DEFERRED"}', ""),
    ],
    ids=["begin event", "autocommit", "python 3.12 autocommit=False", "deferred"],
)
def test_engines_that_begin_in_their_own_way_keep_a_revision_whole(project: Project, connect: str, arguments: str, more: str) -> None:
    if "autocommit" in arguments and sys.version_info < (3, 12):
        pytest.skip("a setting of Python 3.12")
    environment(project, connect, arguments, more)
    project.tables("aaaa")
    project.revision("bbbb", "aaaa", "op.create_table('late', sa.Column('id', sa.Integer))\nraise RuntimeError('stop')")
    assert "RuntimeError: stop" in project.gitmig("upgrade", expect=3).stderr
    assert (project.table_names(), project.rows()) == ({"t_aaaa"}, {"aaaa"})
    project.gitmig("downgrade", "base")
    assert (project.table_names(), project.rows()) == (set(), set())


def test_a_script_that_ends_the_transaction_itself_still_gets_its_row(project: Project) -> None:
    project.revision(
        "aaaa", None, "op.get_bind().connection.driver_connection.executescript('CREATE TABLE one (id); CREATE TABLE two (id);')"
    )
    project.revision("bbbb", "aaaa", "op.execute('CREATE TABLE three (id)')\nop.execute('COMMIT')")
    project.gitmig("upgrade")
    assert (project.table_names(), project.rows()) == ({"one", "two", "three"}, {"bbbb"})


def test_an_autocommit_block_runs_outside_and_the_rest_stays_whole(project: Project) -> None:
    project.revision(
        "aaaa",
        None,
        """
        op.create_table("one", sa.Column("id", sa.Integer))
        with op.get_context().autocommit_block():
            op.execute("VACUUM")
        op.create_table("two", sa.Column("id", sa.Integer))
        raise RuntimeError("stop")
        """,
    )
    project.gitmig("upgrade", expect=3)
    assert (project.table_names(), project.rows()) == ({"one"}, set())


def test_rebuilding_a_referenced_table_keeps_the_rows_that_point_at_it(project: Project) -> None:
    environment(project, ENFORCED)
    family(project)
    project.revision("bbbb", "aaaa", 'with op.batch_alter_table("parent") as batch:\n    batch.alter_column("name", nullable=False)')
    done = project.gitmig("upgrade")
    assert project.query("SELECT id, parent_id FROM child") == [(7, 1)]
    assert "foreign_keys 1" in done.stdout, "the setting is back"
    project.revision("cccc", "bbbb", 'op.alter_column("parent", "name", nullable=True)')
    project.gitmig("upgrade", "--single-transaction")
    assert project.query("SELECT id, parent_id FROM child") == [(7, 1)]


def test_an_unforeseen_rebuild_of_a_referenced_table_is_refused_before_the_drop(project: Project) -> None:
    environment(project, ENFORCED)
    family(project)
    project.revision("bbbb", "aaaa", 'change = getattr(op, "alter_" + "column")\nchange("parent", "name", nullable=False)')
    said = project.gitmig("upgrade", expect=3).stderr
    assert "migrations/versions/bbbb.py:11" in said and "PRAGMA foreign_keys=OFF" in said
    assert project.rows() == {"aaaa"}
    assert project.query("SELECT id, parent_id FROM child") == [(7, 1)]
    file = project.folder / "migrations/versions/bbbb.py"
    file.write_text(file.read_text().replace("    change = ", '    op.execute("PRAGMA foreign_keys=OFF")\n    change = '))
    project.gitmig("upgrade")
    assert project.query("SELECT id, parent_id FROM child") == [(7, 1)]


def test_rows_that_lose_their_parent_under_switched_off_keys_take_the_revision_back(project: Project) -> None:
    environment(project, ENFORCED)
    family(project)
    project.revision("bbbb", "aaaa", 'op.execute("PRAGMA foreign_keys=OFF")\nop.execute("DELETE FROM parent")')
    said = project.gitmig("upgrade", expect=3).stderr
    assert "row 7 of table child refers to no row of parent" in said
    assert project.query("SELECT id FROM parent") == [(1,)]
    assert project.rows() == {"aaaa"}


def test_rows_that_had_no_parent_before_do_not_stop_a_rebuild(project: Project) -> None:
    family(project)
    project.gitmig("upgrade")
    project.execute("INSERT INTO child VALUES (8, 99)")
    environment(project, ENFORCED)
    project.revision("bbbb", "aaaa", 'op.alter_column("parent", "name", nullable=False)')
    project.gitmig("upgrade")
    assert project.query("SELECT id, parent_id FROM child ORDER BY id") == [(7, 1), (8, 99)]


def test_cascades_work_in_revisions_that_rebuild_nothing(project: Project) -> None:
    environment(project, ENFORCED)
    family(project)
    project.revision("bbbb", "aaaa", 'op.execute("DELETE FROM parent")')
    project.gitmig("upgrade")
    assert project.query("SELECT id FROM child") == []
