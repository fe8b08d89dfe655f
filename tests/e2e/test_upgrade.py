"""upgrade, downgrade, current, stamp and ensure-version on the three databases."""

from __future__ import annotations

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


def test_a_line_of_revisions_goes_up_and_down_again(project: Project) -> None:
    project.tables("aaaa", "bbbb", "cccc")

    up = project.gitmig("upgrade")
    assert up.stdout == ""
    assert up.stderr.splitlines() == [
        "Running upgrade  -> aaaa, aaaa",
        "Running upgrade aaaa -> bbbb, bbbb",
        "Running upgrade bbbb -> cccc, cccc",
    ]
    assert project.table_names() == {"t_aaaa", "t_bbbb", "t_cccc"}
    assert project.rows() == {"cccc"}

    again = project.gitmig("upgrade")
    assert again.stderr == "Nothing to do: the database is at cccc.\n"

    assert project.gitmig("downgrade", "-1").stderr == "Running downgrade cccc -> bbbb, cccc\n"
    assert project.gitmig("current").stdout == "bbbb\n"
    project.gitmig("upgrade", "+1")
    assert project.gitmig("current").stdout == "cccc (head)\n"
    project.gitmig("downgrade", "base")
    assert project.table_names() == set()
    assert project.rows() == set()
    assert project.history() == [
        *((id, "upgrade", "ran") for id in ("aaaa", "bbbb", "cccc")),
        ("cccc", "downgrade", "ran"),
        ("cccc", "upgrade", "ran"),
        *((id, "downgrade", "ran") for id in ("cccc", "bbbb", "aaaa")),
    ]


def test_the_version_table_is_the_one_that_alembic_makes(project: Project, tmp_path: Path) -> None:
    project.tables("aaaa")
    project.gitmig("upgrade")
    with project.engine().connect() as connection:
        inspector = sa.inspect(connection)
        (column,) = inspector.get_columns("alembic_version")
        assert (column["name"], column["type"].length, column["nullable"]) == ("version_num", 32, False)
        key = inspector.get_pk_constraint("alembic_version")
        assert key["constrained_columns"] == ["version_num"]
        # MariaDB calls every primary key PRIMARY.
        assert key["name"] == ("alembic_version_pkc" if connection.dialect.name != "mysql" else None)


def test_two_branches_make_two_rows_and_their_merge_one(project: Project) -> None:
    project.tables("aaaa")
    project.tables("b1b1", start="aaaa")
    project.tables("b2b2", start="aaaa")
    project.gitmig("upgrade")
    assert project.rows() == {"b1b1", "b2b2"}

    project.revision("mmmm", ("b1b1", "b2b2"))
    assert project.gitmig("upgrade").stderr == "Running upgrade b1b1, b2b2 -> mmmm, mmmm\n"
    assert project.rows() == {"mmmm"}

    assert "b1b1, b2b2" in project.gitmig("downgrade", "-1", expect=2).stderr
    project.gitmig("downgrade", "b1b1")
    assert project.rows() == {"b1b1", "b2b2"}
    project.gitmig("downgrade", "aaaa")
    assert project.rows() == {"aaaa"}
    assert project.table_names() == {"t_aaaa"}


def test_head_with_several_heads_names_the_two_commands_that_help(lite: Project) -> None:
    lite.tables("aaaa")
    lite.tables("b1b1", start="aaaa")
    lite.tables("b2b2", start="aaaa")
    said = lite.gitmig("upgrade", "head", expect=2).stderr
    assert "b1b1" in said and "b2b2" in said
    assert "gitmig upgrade heads" in said and "gitmig merge" in said
    assert lite.table_names() == set()


def test_names_of_revisions(lite: Project) -> None:
    lite.tables("aaaa1111", "bbbb2222")
    lite.revision("cccc3333", "aaaa1111", labels=["side"])
    lite.gitmig("upgrade", "aaaa")
    assert lite.rows() == {"aaaa1111"}
    lite.gitmig("upgrade", "side@head")
    assert lite.rows() == {"cccc3333"}
    lite.gitmig("downgrade", "side@-1")
    assert lite.rows() == {"aaaa1111"}
    lite.gitmig("upgrade", "aaaa1111+1", expect=2)
    said = lite.gitmig("upgrade", "aaab1111", expect=2).stderr
    assert "aaaa1111" in said, "a near name is offered"


def test_a_revision_that_others_depend_on_has_no_row_of_its_own(lite: Project) -> None:
    lite.tables("aaaa")
    lite.revision("dddd", None, "op.create_table('t_dddd', sa.Column('id', sa.Integer))", depends_on=["aaaa"])
    lite.gitmig("upgrade", "dddd")
    assert lite.rows() == {"dddd"}
    assert lite.gitmig("current").stdout.split() == ["dddd", "(head)", "aaaa", "(effective", "head)"]


def test_current_creates_no_table_and_checks_heads(lite: Project) -> None:
    lite.tables("aaaa", "bbbb")
    assert lite.gitmig("current").stdout == ""
    assert lite.gitmig("current", "--check-heads", expect=1).stderr.startswith("gitmig: the database is not at all heads: it lacks bbbb.")
    assert not Path(lite.url.removeprefix("sqlite:///")).exists()
    lite.gitmig("upgrade")
    lite.gitmig("current", "-c")
    assert lite.json("current")["at_heads"] is True
    assert lite.gitmig("current", "-v").stdout.startswith(f"Current revision(s) for {lite.url}:\nRev: bbbb (head)\nParent: aaaa\n")
    assert lite.json("current")["rows"] == ["bbbb"]


def test_stamp_moves_the_rows_and_runs_nothing(lite: Project) -> None:
    lite.tables("aaaa", "bbbb", "cccc")
    assert lite.gitmig("stamp", "bbbb").stderr == "Running stamp_revision  -> bbbb\n"
    assert (lite.rows(), lite.table_names()) == ({"bbbb"}, set())
    assert lite.gitmig("stamp", "bbbb").stderr == "Nothing to do: the database is at bbbb.\n"
    lite.gitmig("stamp", "aaaa")
    assert lite.rows() == {"aaaa"}
    assert lite.history() == [("aaaa", "upgrade", "stamped"), ("bbbb", "upgrade", "stamped"), ("bbbb", "downgrade", "stamped")]
    lite.gitmig("stamp", "base")
    assert lite.rows() == set()


def test_stamp_purge_recovers_from_a_row_that_no_file_defines(project: Project) -> None:
    project.tables("aaaa", "bbbb")
    project.gitmig("upgrade", "aaaa")
    project.execute("UPDATE alembic_version SET version_num = 'gone1'", "INSERT INTO alembic_version VALUES ('gone2')")

    said = project.gitmig("upgrade", expect=2).stderr
    assert "the database is at revision 'gone1', which no file here defines" in said
    assert "gitmig stamp --purge" in said
    shown = project.gitmig("current").stdout
    assert [line.partition(" that")[0] for line in shown.splitlines()] == [
        f"{row} (no file here defines it; it lives nowhere" for row in ("gone1", "gone2")
    ]

    project.gitmig("stamp", "--purge", "aaaa")
    assert project.rows() == {"aaaa"}
    project.gitmig("upgrade")
    assert project.rows() == {"bbbb"}


def test_ensure_version_creates_the_version_table_and_nothing_else(project: Project) -> None:
    project.tables("aaaa")
    project.gitmig("ensure-version")
    project.gitmig("ensure_version")
    with project.engine().connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["alembic_version"]


def test_results_as_json(lite: Project) -> None:
    lite.tables("aaaa", "bbbb")
    result = lite.json("upgrade")
    assert (result["before"], result["after"]) == ([], ["bbbb"])
    assert [(step["revision"], step["direction"], step["ran"]) for step in result["steps"]] == [
        ("aaaa", "upgrade", True),
        ("bbbb", "upgrade", True),
    ]
    assert lite.json("upgrade")["steps"] == []
    assert lite.json("stamp", "aaaa")["steps"][0] | {"seconds": 0} == {"revision": "aaaa", "direction": "stamp", "seconds": 0, "ran": False}


def test_everything_works_without_git_and_with_an_empty_path(lite: Project) -> None:
    lite.tables("aaaa", "bbbb")
    lite.environment["PATH"] = ""
    lite.gitmig("upgrade")
    lite.gitmig("downgrade", "-1")
    lite.gitmig("stamp", "bbbb")
    assert lite.gitmig("current").stdout == "bbbb (head)\n"


def test_env_py_is_run_and_sees_what_the_command_line_says(lite: Project) -> None:
    lite.revision("aaaa", None, "op.create_table(context.get_x_argument(as_dictionary=True)['name'], sa.Column('id', sa.Integer))")
    (lite.folder / "migrations/versions/aaaa.py").write_text(
        "from gitmig import context\n" + (lite.folder / "migrations/versions/aaaa.py").read_text()
    )
    lite.write(
        "migrations/env.py",
        """
        import sys
        from sqlalchemy import create_engine, pool
        from gitmig import context

        seen = (context.get_tag_argument(), context.get_revision_argument(), context.is_offline_mode(), context.get_head_revision())
        print(*seen, file=sys.stderr)
        engine = create_engine(context.config.get_main_option("sqlalchemy.url"), poolclass=pool.NullPool)
        with engine.connect() as connection:
            context.configure(connection=connection, version_table="own_version", on_version_apply=lambda ctx, step, heads, run_args:
                print("applied", step.up_revision_id, sorted(heads), run_args, file=sys.stderr))
            with context.begin_transaction():
                context.run_migrations()
        """,
    )
    lite.gitmig("-x", "name=wanted", "upgrade", "--tag", "blue", "head")
    assert lite.table_names() == {"wanted", "own_version"}
    said = lite.gitmig("-x", "name=wanted", "upgrade", "--tag", "blue", "head").stderr
    assert said.splitlines()[0] == "blue aaaa False aaaa"


def test_arguments_of_run_migrations_reach_the_scripts(lite: Project) -> None:
    lite.revision("aaaa", None, "op.create_table(name, sa.Column('id', sa.Integer))")
    file = lite.folder / "migrations/versions/aaaa.py"
    file.write_text(file.read_text().replace("def upgrade()", "def upgrade(name)"))
    lite.write(
        "migrations/env.py",
        """
        from sqlalchemy import create_engine
        from gitmig import context

        with create_engine(context.config.get_main_option("url")).connect() as connection:
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations(name="given")
        """,
    )
    lite.gitmig("upgrade")
    assert lite.table_names() == {"given"}


@pytest.mark.postgresql
def test_an_async_environment_runs(tmp_path: Path, postgresql_url: str) -> None:
    pytest.importorskip("greenlet")
    project = Project(tmp_path / "project", postgresql_url)
    project.tables("aaaa", "bbbb")
    project.write(
        "migrations/env.py",
        """
        import asyncio
        from sqlalchemy.ext.asyncio import create_async_engine
        from alembic import context

        def do_run(connection):
            context.configure(connection=connection)
            with context.begin_transaction():
                context.run_migrations()

        async def main():
            engine = create_async_engine(context.config.get_main_option("sqlalchemy.url"))
            async with engine.connect() as connection:
                await connection.run_sync(do_run)
            await engine.dispose()

        asyncio.run(main())
        """,
    )
    project.gitmig("upgrade")
    assert project.table_names() == {"t_aaaa", "t_bbbb"}
    assert project.gitmig("upgrade").stderr == "Nothing to do: the database is at bbbb.\n"


def test_ids_that_the_version_table_cannot_hold_are_refused_before_anything_runs(project: Project) -> None:
    long = "a" * 40
    project.tables("first", long)
    if project.url.startswith("sqlite"):
        project.gitmig("upgrade")
        assert project.rows() == {long}
        return
    said = project.gitmig("upgrade", expect=3).stderr
    assert long in said and "40 characters" in said and "holds 32" in said and "ALTER TABLE alembic_version" in said
    assert project.table_names() == set()
    project.gitmig("ensure-version")
    widen = "MODIFY version_num VARCHAR(64) NOT NULL" if "mysql" in project.url else "ALTER COLUMN version_num TYPE VARCHAR(64)"
    project.execute(f"ALTER TABLE alembic_version {widen}")
    project.gitmig("upgrade")
    assert project.rows() == {long}


def test_a_dry_run_prints_what_is_pending_and_changes_nothing(project: Project) -> None:
    project.tables("aaaa", "bbbb", "cccc")
    project.gitmig("upgrade", "aaaa")
    printed = project.gitmig("upgrade", "--dry-run").stdout
    assert "-- Running upgrade aaaa -> bbbb" in printed and "CREATE TABLE t_cccc" in printed and "t_aaaa" not in printed
    assert project.gitmig("upgrade", "--dry-run", "+1").stdout.count("-- Running") == 1
    assert (project.rows(), project.table_names()) == ({"aaaa"}, {"t_aaaa"})
    project.gitmig("upgrade")
    nothing = project.gitmig("upgrade", "--dry-run")
    assert "Running" not in nothing.stdout and nothing.stderr == "Nothing to do: the database is at cccc.\n"
