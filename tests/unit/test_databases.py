"""The databases that tests get are empty, and gone afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import DATABASES, fresh_database


def test_a_database_is_empty_and_usable(any_database: str) -> None:
    engine = sa.create_engine(any_database)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == []
        connection.execute(sa.text("CREATE TABLE t (a INTEGER)"))
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == ["t"]
    engine.dispose()


@pytest.mark.parametrize("kind", DATABASES)
def test_two_databases_of_one_kind_do_not_meet(kind: str, tmp_path: Path) -> None:
    with fresh_database(kind, tmp_path) as first, fresh_database(kind, tmp_path) as second:
        assert first != second


def test_a_database_is_dropped_while_somebody_is_still_connected(tmp_path: Path) -> None:
    with fresh_database("mariadb", tmp_path) as url:
        connection = left_open(url)
    with pytest.raises(sa.exc.OperationalError):
        sa.create_engine(url, poolclass=sa.NullPool).connect()
    connection.invalidate()


def test_a_database_that_is_used_again_is_as_a_new_one(tmp_path: Path) -> None:
    with fresh_database("postgresql", tmp_path) as url:
        made = contents(url)
        connection = left_open(url)
        for line in (
            "CREATE TYPE mood AS ENUM ('a')",
            'CREATE SCHEMA "o d%d"',
            'CREATE TABLE "o d%d".t (a mood)',
            "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE TABLE t (a serial PRIMARY KEY)",
            "GRANT CREATE ON SCHEMA public TO PUBLIC",
        ):
            connection.exec_driver_sql(line.replace("%", "%%"))
        connection.commit()
        assert contents(url) != made
        connection.execute(sa.text("SELECT * FROM t"))
    with fresh_database("postgresql", tmp_path) as again:
        assert again == url and contents(again) == made
    connection.invalidate()


def test_a_database_with_settings_of_its_own_is_not_used_again(tmp_path: Path) -> None:
    with fresh_database("postgresql", tmp_path) as url:
        connection = left_open(url)
        connection.exec_driver_sql(f"ALTER DATABASE {sa.make_url(url).database} SET search_path = other")
        connection.commit()
    with fresh_database("postgresql", tmp_path) as another:
        assert another != url
    with pytest.raises(sa.exc.OperationalError):
        sa.create_engine(url, poolclass=sa.NullPool).connect()
    connection.invalidate()


def left_open(url: str) -> sa.Connection:
    connection = sa.create_engine(url, poolclass=sa.NullPool).connect()
    connection.execute(sa.text("SELECT 1"))
    return connection


def contents(url: str) -> list[list[object]]:
    """What PostgreSQL's catalogue says of schemas, relations, types and functions that do not come with it."""
    queries = (
        "SELECT nspname, nspacl::text, nspowner::regrole::text, obj_description(oid) FROM pg_namespace "
        "WHERE nspname !~ '^pg_(temp|toast)' ORDER BY 1",
        "SELECT relname FROM pg_class WHERE oid >= 16384 ORDER BY 1",
        "SELECT typname FROM pg_type WHERE oid >= 16384 ORDER BY 1",
        "SELECT proname FROM pg_proc WHERE oid >= 16384 ORDER BY 1",
    )
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return [[tuple(row) for row in connection.execute(sa.text(query))] for query in queries]
