"""The version table's statements and its arithmetic on real rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql, sqlite

from gitmig.adapters.versiontable import RowMoved, VersionTable
from gitmig.errors import DatabaseError
from gitmig.graph.rows import Delete, Insert, Update


@pytest.fixture
def connection(any_database: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(any_database, poolclass=sa.NullPool)
    with engine.connect() as connection:
        yield connection


def test_changes_are_written_and_read_back(connection: sa.Connection) -> None:
    table = VersionTable()
    assert table.rows_if_there(connection) == ()
    table.create(connection)
    table.create(connection)
    table.apply(connection, [Insert("bb"), Insert("aa"), Update("aa", "cc"), Delete("bb"), Insert("it's 100%")])
    assert table.rows(connection) == ("cc", "it's 100%")
    table.apply(connection, [Update("it's 100%", "zz"), Delete("cc")])
    assert table.rows(connection) == ("zz",)
    table.purge(connection)
    assert table.rows(connection) == ()


def test_a_row_that_is_gone_is_noticed(connection: sa.Connection) -> None:
    table = VersionTable()
    table.create(connection)
    with pytest.raises(RowMoved, match="match one row when updating 'aa' to 'bb' in 'alembic_version'; 0 found"):
        table.apply(connection, [Update("aa", "bb")])
    with pytest.raises(RowMoved, match="match one row when deleting"):
        table.apply(connection, [Delete("aa")])


def test_names_and_schemas_are_quoted_where_they_must_be() -> None:
    table = VersionTable("Order", "My Schema", primary_key=False)
    assert str(table) == "My Schema.Order"
    text = str(table.statement(Update("a", "b")).compile(dialect=postgresql.dialect()))
    assert text == 'UPDATE "My Schema"."Order" SET version_num=\'b\' WHERE "My Schema"."Order".version_num = \'a\''
    assert "PRIMARY KEY" not in str(table.creation().compile(dialect=postgresql.dialect()))


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect(), mysql.dialect()], ids=lambda dialect: dialect.name)
def test_the_definition_is_alembics(dialect: sa.engine.Dialect) -> None:
    text = " ".join(str(VersionTable().creation().compile(dialect=dialect)).split())
    assert text == (
        "CREATE TABLE alembic_version ( version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num) )"
    )


def test_long_ids_are_refused_where_the_column_is_narrow() -> None:
    table = VersionTable()
    long = "x" * 33
    table.check_width(None, sqlite.dialect(), [long])
    table.check_width(None, postgresql.dialect(), ["x" * 32])
    with pytest.raises(DatabaseError, match=r"has 33 characters, and the column alembic_version.version_num holds 32") as caught:
        table.check_width(None, mysql.dialect(), ["short", long])
    assert caught.value.hint.endswith("ALTER TABLE alembic_version MODIFY version_num VARCHAR(33) NOT NULL")
