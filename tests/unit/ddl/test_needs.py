"""What a run has to know before it can write an operation's statements."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gitmig import ddl, ops
from gitmig.ops import ColumnChange
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Column, Index, IndexElement, ServerDefault, Table, TableName, Type, Unique

T, U = TableName("t"), TableName("u")
INTEGER = Type("sqlalchemy.Integer")
NULLABLE = ops.AlterColumn(T, "a", ColumnChange(nullable=True))
RENAMED = ops.AlterColumn(T, "a", ColumnChange(name="b"))
PLAIN = ops.AddColumn(T, Column("a", INTEGER))
CHANGING = ops.AddColumn(T, Column("a", INTEGER, default=ServerDefault("sql", "(random())")))


@pytest.mark.parametrize(
    ("dialect", "op", "tables"),
    [
        ("postgresql", NULLABLE, ()),
        ("mysql", NULLABLE, (T,)),
        ("mariadb", ops.AlterTable(T, (NULLABLE, ops.DropConstraint(U, None, "unique", Unique(("a",))))), (T, U)),
        ("sqlite", NULLABLE, ()),
        ("postgresql", ops.DropConstraint(T, "uq", "unique"), ()),
        ("postgresql", ops.DropConstraint(T, None, "unique", Unique(("a",))), (T,)),
        ("mysql", ops.DropConstraint(T, "uq"), (T,)),
        ("mysql", ops.DropIndex(None, "ix"), ddl.ALL_TABLES),
        ("postgresql", ops.DropIndex(None, "ix"), ()),
        ("postgresql", ops.SetEnumValues(TableName("kind"), ("a",)), ddl.ALL_TABLES),
        ("postgresql", ops.CreateTable(Table(T)), ()),
    ],
)
def test_tables_needed(dialect: str, op: ops.Operation, tables: tuple[TableName, ...] | None) -> None:
    assert ddl.tables_needed(op, dialect_named(dialect)) == tables
    assert ddl.needs_before(op, dialect_named(dialect)) is (tables != ())


@pytest.mark.parametrize(
    ("op", "reads", "off"),
    [
        (PLAIN, False, False),
        (CHANGING, True, True),
        (RENAMED, False, False),
        (NULLABLE, True, True),
        (ops.DropColumn(T, "a"), True, True),
        (ops.CreateIndex(T, Index("ix", (IndexElement("a"),))), False, False),
        (ops.AlterTable(T, (PLAIN, RENAMED)), False, False),
        (ops.AlterTable(T, (PLAIN, NULLABLE)), True, True),
        (ops.AlterTable(T, (), recreate="always"), True, True),
        (ops.DropTable(T), False, False),
    ],
)
def test_on_sqlite_only_what_may_rebuild_reads_the_table_and_wants_foreign_keys_off(op: ops.Operation, reads: bool, off: bool) -> None:
    dialect = dialect_named("sqlite")
    assert (ddl.live_query(op, dialect) is not None) is reads
    assert ddl.needs_foreign_keys_off(op, dialect) is off
    assert not ddl.needs_foreign_keys_off(op, dialect_named("postgresql"))
    assert ddl.live_query(op, dialect_named("postgresql")) is None


def test_the_query_finds_the_table_in_any_case_with_all_that_belongs_to_it() -> None:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for statement in (
            "CREATE TABLE T (a TEXT)",
            "CREATE INDEX ix ON t (a)",
            "CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END",
            "CREATE TABLE _ALEMBIC_TMP_t (a TEXT)",
            "CREATE TABLE child (a TEXT REFERENCES t (a))",
            "CREATE TABLE other (a TEXT)",
            "CREATE VIEW v AS SELECT * FROM t",
        ):
            connection.exec_driver_sql(statement)
        query = ddl.live_query(NULLABLE, connection.dialect)
        assert query is not None
        assert sorted(row.name for row in connection.execute(query)) == ["T", "_ALEMBIC_TMP_t", "child", "ix", "tr"]
