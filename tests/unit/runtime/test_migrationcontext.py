"""MigrationContext as packages use it, without env.py."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.errors import CommandError, UsageError
from gitmig.graph import Node, RevisionGraph
from gitmig.graph.routes import stamp_route, upgrade_route
from gitmig.revision import Revision
from gitmig.runtime.migration import MigrationContext
from gitmig.runtime.script_module import Scripts


@pytest.fixture
def connection(sqlite_url: str) -> Iterator[sa.Connection]:
    with sa.create_engine(sqlite_url, poolclass=sa.NullPool).connect() as connection:
        yield connection


@pytest.fixture
def scripts(tmp_path: Path) -> Scripts:
    bodies = {"aaaa": "op.create_table('one', sa.Column('id', sa.Integer))", "bbbb": "op.create_table('two', sa.Column('id', sa.Integer))"}
    revisions = {}
    for id, body in bodies.items():
        (tmp_path / f"{id}.py").write_text(f"import sqlalchemy as sa\nfrom gitmig import op\ndef upgrade():\n    {body}\n")
        revisions[id] = Revision(id, () if id == "aaaa" else ("aaaa",), (), (), f"{id}.py", doc=f"make {id}")
    return Scripts(RevisionGraph([Node("aaaa"), Node("bbbb", ("aaaa",))]), revisions, tmp_path)


def upgrading(scripts: Scripts, **opts: Any) -> dict[str, Any]:
    return {"fn": lambda rows, context: upgrade_route(scripts.graph, rows, "heads"), "script": scripts, **opts}


def test_current_revision_of_a_connection(connection: sa.Connection) -> None:
    context = MigrationContext.configure(connection)
    assert context.get_current_revision() is None
    connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32))"))
    connection.execute(sa.text("INSERT INTO alembic_version VALUES ('aaaa')"))
    assert context.get_current_revision() == "aaaa"
    connection.execute(sa.text("INSERT INTO alembic_version VALUES ('bbbb')"))
    assert context.get_current_heads() == ("aaaa", "bbbb")
    with pytest.raises(CommandError, match="more than one head"):
        context.get_current_revision()


def test_a_run_on_a_connection(connection: sa.Connection, scripts: Scripts) -> None:
    lines: list[str] = []
    context = MigrationContext.configure(
        connection, opts=upgrading(scripts, on_version_apply=lambda **given: lines.append(sorted(given["heads"])[0]))
    )
    with context.begin_transaction():
        context.run_migrations()
    assert sa.inspect(connection).has_table("two")
    assert lines == ["aaaa", "bbbb"]
    assert [done.revision for done in context.outcome.done] == ["aaaa", "bbbb"]
    assert (context.outcome.before, context.outcome.committed) == ((), ("bbbb",))


def test_a_callers_transaction_stays_his(connection: sa.Connection, scripts: Scripts) -> None:
    with connection.begin() as transaction:
        context = MigrationContext.configure(connection, opts=upgrading(scripts))
        with context.begin_transaction():
            context.run_migrations()
        assert connection.in_transaction()
        connection.exec_driver_sql("SELECT * FROM two")
        transaction.rollback()


@pytest.mark.postgresql
def test_a_callers_transaction_on_postgresql_can_take_everything_back(postgresql_url: str, scripts: Scripts) -> None:
    with sa.create_engine(postgresql_url, poolclass=sa.NullPool).connect() as connection:
        with connection.begin() as transaction:
            context = MigrationContext.configure(connection, opts=upgrading(scripts))
            with context.begin_transaction():
                context.run_migrations()
            assert sa.inspect(connection).has_table("two")
            transaction.rollback()
        assert sa.inspect(connection).get_table_names() == []


@pytest.mark.postgresql
@pytest.mark.parametrize("per_migration", [False, True])
def test_without_begin_transaction_in_env_py_a_run_still_commits(postgresql_url: str, scripts: Scripts, per_migration: bool) -> None:
    engine = sa.create_engine(postgresql_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        MigrationContext.configure(connection, opts=upgrading(scripts, transaction_per_migration=per_migration)).run_migrations()
    with engine.connect() as connection:
        assert set(sa.inspect(connection).get_table_names()) == {"alembic_version", "one", "two"}


@pytest.mark.postgresql
def test_a_transaction_for_each_revision_keeps_what_came_before_a_failure(postgresql_url: str, scripts: Scripts) -> None:
    (scripts.root / "bbbb.py").write_text("def upgrade():\n    raise RuntimeError('stop')\n")
    engine = sa.create_engine(postgresql_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=upgrading(scripts, transaction_per_migration=True))
        with pytest.raises(RuntimeError, match="stop"), context.begin_transaction():
            context.run_migrations()
    with engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_heads() == ("aaaa",)


def test_offline_text_goes_to_the_buffer(scripts: Scripts) -> None:
    buffer = io.StringIO()
    opts = upgrading(scripts, as_sql=True, output_buffer=buffer, starting_rev="aaaa")
    context = MigrationContext.configure(dialect_name="postgresql", opts=opts)
    with context.begin_transaction():
        context.impl.static_output("-- by hand")
        context.run_migrations()
    assert buffer.getvalue() == (
        "BEGIN;\n\n-- by hand\n\n-- Running upgrade aaaa -> bbbb\n\nCREATE TABLE two (\n    id INTEGER\n);\n\n"
        "UPDATE alembic_version SET version_num='bbbb' WHERE alembic_version.version_num = 'aaaa';\n\nCOMMIT;\n\n"
    )


def test_offline_transactions_of_each_revision(scripts: Scripts) -> None:
    buffer = io.StringIO()
    opts = upgrading(scripts, as_sql=True, output_buffer=buffer, transaction_per_migration=True)
    context = MigrationContext.configure(url="postgresql://", opts=opts)
    with context.begin_transaction():
        context.run_migrations()
    assert buffer.getvalue().count("BEGIN;") == buffer.getvalue().count("COMMIT;") == 2


def test_stamping_runs_no_script(connection: sa.Connection, scripts: Scripts) -> None:
    opts = {"fn": lambda rows, context: stamp_route(scripts.graph, rows, "heads"), "script": scripts, "command": "stamp"}
    context = MigrationContext.configure(connection, opts=opts)
    context.run_migrations()
    assert context.get_current_heads() == ("bbbb",)
    assert not sa.inspect(connection).has_table("one")


def test_what_configure_refuses(connection: sa.Connection) -> None:
    with pytest.raises(UsageError, match="got Engine"):
        MigrationContext.configure(connection.engine)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="Connection, url, or dialect_name is required"):
        MigrationContext.configure()
    with pytest.raises(UsageError, match="literal_binds"):
        MigrationContext.configure(connection, opts={"literal_binds": True})
