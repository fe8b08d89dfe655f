"""What SQLAlchemy's Inspector leaves out, and what is asked of reflection beside whole schemas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from gitmig.adapters.reflect import reflect, reflect_table
from gitmig.schema.thaw import thaw
from gitmig.schema.values import Check, Computed, ForeignKey, Index, PrimaryKey, Schema, Sql, Table, TableName, Type, Unique, option


@contextmanager
def connected(url: str, *statements: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
            connection.commit()
            yield connection
    finally:
        engine.dispose()


def reflected(connection: sa.Connection, name: str) -> Table:
    table = reflect_table(connection, TableName(name))
    assert table is not None
    return table


def test_an_empty_database_is_an_empty_schema(any_database: str) -> None:
    with connected(any_database) as connection:
        assert reflect(connection) == Schema()


def test_a_table_that_is_not_there_is_none(any_database: str) -> None:
    with connected(any_database, "CREATE TABLE t (a INTEGER)") as connection:
        assert reflect_table(connection, TableName("T2")) is None
        assert reflect_table(connection, TableName("nothing", "nowhere")) is None


def test_only_what_is_included_is_read(any_database: str) -> None:
    asked: list[tuple[str | None, str, Any]] = []

    def include_name(name: str | None, kind: str, parents: Any) -> bool:
        asked.append((name, kind, dict(parents)))
        return name != "left_out"

    with connected(any_database, "CREATE TABLE kept (a INTEGER)", "CREATE TABLE left_out (a INTEGER)") as connection:
        assert [table.name.name for table in reflect(connection, include_name=include_name)] == ["kept"]
        assert [table.name.name for table in reflect(connection, tables=[TableName("left_out")])] == ["left_out"]
    assert asked[0] == (None, "schema", {})
    assert ("kept", "table", {"schema_name": None, "schema_qualified_table_name": "kept"}) in asked


def test_the_default_schema_goes_by_no_name(postgresql_url: str) -> None:
    with connected(postgresql_url, "CREATE TABLE t (a INTEGER PRIMARY KEY, b INTEGER REFERENCES t (a))") as connection:
        assert reflect(connection, schemas=("public",)) == reflect(connection)
        named = reflect_table(connection, TableName("t", "public"))
        assert named is not None
        assert named.name == named.foreign_keys[0].target == TableName("t", "public")


def test_sqlite_tells_what_only_the_text_says(sqlite_url: str) -> None:
    definition = """
        CREATE TABLE parent (id INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT COLLATE NOCASE UNIQUE ON CONFLICT IGNORE)
    """
    child = """
        CREATE TABLE child ( -- a comment, with a comma
            id integer not null on conflict replace,
            "parent" INTEGER REFERENCES Parent ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED,
            size INTEGER DEFAULT (1 + 2) CHECK (size > 0),
            twice INTEGER GENERATED ALWAYS AS (size * 2) STORED,
            thrice INT AS (size * 3),
            shape VECTOR(3),
            CHECK (size < 100), CONSTRAINT named CHECK ("parent" <> 3)
            UNIQUE (size, shape) ON CONFLICT FAIL
        )
    """
    indexes = (
        'CREATE UNIQUE INDEX "ix one" ON child (size DESC, lower(shape), "parent" COLLATE NOCASE)',
        "CREATE INDEX ix2 ON child (size) WHERE size > 5 AND shape IS NOT NULL",
    )
    with connected(sqlite_url, definition, child, *indexes) as connection:
        parent, table = reflected(connection, "parent"), reflected(connection, "child")
    assert option(parent.options, "sqlite_autoincrement") is True
    assert parent.primary_key == PrimaryKey(("id",))
    assert parent.column("code").type == Type("sqlalchemy.TEXT", (("collation", "NOCASE"),))
    assert parent.uniques == (Unique(("code",), options=(("sqlite_on_conflict", "IGNORE"),)),)
    assert table.column("id").nullable is False
    assert option(table.column("id").options, "sqlite_on_conflict_not_null") == "REPLACE"
    assert table.foreign_keys == (
        ForeignKey(("parent",), TableName("parent"), ("id",), None, "SET NULL", "CASCADE", deferrable=True, initially="DEFERRED"),
    )
    assert table.column("size").default is not None
    assert table.column("size").default.text == "(1 + 2)"  # type: ignore[union-attr]
    assert table.column("twice").computed == Computed(Sql("size * 2"), True)
    assert table.column("thrice").computed == Computed(Sql("size * 3"), False)
    assert set(table.checks) == {
        Check(Sql("size > 0"), column="size"),
        Check(Sql("size < 100")),
        Check(Sql('"parent" <> 3'), "named"),
    }
    assert table.uniques == (Unique(("size", "shape"), options=(("sqlite_on_conflict", "FAIL"),)),)
    first, second = table.indexes
    assert (first.name, first.unique, [str(each) for each in first.elements]) == (
        "ix one",
        True,
        ["size DESC", "lower(shape)", '"parent" COLLATE NOCASE'],
    )
    assert second == Index("ix2", second.elements, options=(("sqlite_where", Sql("size > 5 AND shape IS NOT NULL")),))


def test_a_type_that_sqlalchemy_does_not_know_is_told_by_its_ddl(sqlite_url: str, postgresql_url: str) -> None:
    with connected(sqlite_url, "CREATE TABLE t (shape VECTOR(3))") as connection:
        table = reflected(connection, "t")
        made = sa.schema.CreateTable(thaw(Schema({table.name: table})).tables["t"])
        assert "shape VECTOR(3)" in str(made.compile(dialect=connection.dialect))
    with connected(postgresql_url, "CREATE TABLE t (b box, p point[])") as connection:
        table = reflected(connection, "t")
        made = sa.schema.CreateTable(thaw(Schema({table.name: table})).tables["t"])
        text = str(made.compile(dialect=connection.dialect))
        assert "b box" in text
        assert "p point[]" in text


def test_sqlite_reads_attached_databases_and_leaves_its_own_tables_out(sqlite_url: str) -> None:
    statements = (
        "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT)",
        "ATTACH ':memory:' AS other",
        "CREATE TABLE other.guest (id INTEGER PRIMARY KEY, host INTEGER REFERENCES guest)",
    )
    with connected(sqlite_url, *statements) as connection:
        assert [str(table.name) for table in reflect(connection)] == ["counted"]
        (guest,) = reflect(connection, schemas=("other",))
        assert guest.name == TableName("guest", "other")
        assert guest.foreign_keys[0].target == TableName("guest", "other")
        assert guest.foreign_keys[0].target_columns == ("id",)


def test_postgresql_leaves_partitions_to_their_parent(postgresql_url: str) -> None:
    statements = (
        "CREATE TABLE measures (id INTEGER, at DATE) PARTITION BY RANGE (at)",
        "CREATE TABLE measures_2020 PARTITION OF measures FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')",
        "CREATE TEMPORARY TABLE scratch (a INTEGER)",
    )
    with connected(postgresql_url, *statements) as connection:
        (table,) = reflect(connection)
    assert option(table.options, "postgresql_partition_by") == "RANGE (at)"


def test_postgresql_tells_serial_from_a_default_and_from_an_identity(postgresql_url: str) -> None:
    statements = (
        "CREATE TABLE serial (id SERIAL PRIMARY KEY, n SERIAL)",
        "CREATE SEQUENCE shared",
        "CREATE TABLE borrowed (id INTEGER PRIMARY KEY DEFAULT nextval('shared'))",
        "CREATE TABLE identified (id INTEGER GENERATED ALWAYS AS IDENTITY (START WITH 7) PRIMARY KEY)",
    )
    with connected(postgresql_url, *statements) as connection:
        schema = reflect(connection)
    serial, borrowed = schema.table(TableName("serial")), schema.table(TableName("borrowed"))
    assert (serial.column("id").default, serial.column("id").autoincrement) == (None, True)
    assert (serial.column("n").default, serial.column("n").serial) == (None, True)
    assert borrowed.column("id").default is not None
    assert borrowed.column("id").autoincrement is False
    identity = schema.table(TableName("identified")).column("id").identity
    assert identity is not None
    assert identity.always is True
    assert option(identity.options, "start") == 7
    assert list(schema.sequences) == [TableName("shared")]


def test_postgresql_tells_types_of_other_schemas(postgresql_url: str) -> None:
    statements = (
        "CREATE SCHEMA shop",
        "CREATE TYPE shop.kind AS ENUM ('a', 'b')",
        "CREATE TYPE mood AS ENUM ('glad')",
        "CREATE TABLE shop.items (k shop.kind, m mood)",
    )
    with connected(postgresql_url, *statements) as connection:
        schema = reflect(connection, schemas=(None, "shop"))
    assert {str(name): enum.values for name, enum in schema.enums.items()} == {"shop.kind": ("a", "b"), "mood": ("glad",)}
    assert schema.schemas == frozenset({"shop"})
    items = schema.table(TableName("items", "shop"))
    assert option(items.column("k").type.args, "schema") == "shop"


def test_mariadb_tells_json_and_inline_checks_and_hides_indexes_of_keys(mariadb_url: str) -> None:
    statements = (
        "CREATE TABLE parent (id INTEGER PRIMARY KEY) ENGINE=InnoDB",
        """CREATE TABLE child (
            document JSON, text LONGTEXT, size INTEGER CHECK (size > 0), parent INTEGER, second INTEGER,
            stamp TIMESTAMP NULL, FOREIGN KEY (parent) REFERENCES parent (id), KEY mine (second),
            CONSTRAINT named FOREIGN KEY (second) REFERENCES parent (id)
        ) ENGINE=InnoDB COMMENT 'of the parent'""",
    )
    with connected(mariadb_url, *statements) as connection:
        table = reflected(connection, "child")
    assert table.column("document").type == Type("sqlalchemy.dialects.mysql.JSON")
    assert table.column("text").type.path == "sqlalchemy.dialects.mysql.LONGTEXT"
    assert table.checks == (Check(Sql("`size` > 0"), column="size"),)
    assert [index.name for index in table.indexes] == ["mine"]
    assert table.comment == "of the parent"
    assert table.options == ()
