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


@pytest.mark.parametrize("kind", ["postgresql", "mariadb"])
def test_a_database_is_dropped_while_somebody_is_still_connected(kind: str, tmp_path: Path) -> None:
    with fresh_database(kind, tmp_path) as url:
        engine = sa.create_engine(url)
        connection = engine.connect()
        connection.execute(sa.text("SELECT 1"))
    with pytest.raises(sa.exc.OperationalError):
        sa.create_engine(url, poolclass=sa.NullPool).connect()
    connection.invalidate()
    engine.dispose()
