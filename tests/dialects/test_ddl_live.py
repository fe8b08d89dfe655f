"""Every operation on a live database with rows in it: up, the reflected schema is the replayed one; down, it is the first one; up again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from gitmig import ops
from gitmig.adapters.reflect import reflect
from gitmig.ops import ColumnChange
from gitmig.schema.normal import normalise
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    IndexElement,
    PrimaryKey,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
)
from tests.dialects.execution import database, execute, lines

INTEGER = Type("sqlalchemy.Integer")
BIGINT = Type("sqlalchemy.BigInteger")
TEXT = Type("sqlalchemy.Text")


def string(length: int) -> Type:
    return Type("sqlalchemy.String", (("length", length),))


USERS, POSTS = TableName("users"), TableName("posts")

BASE = (
    ops.CreateTable(
        Table(
            USERS,
            (
                Column("id", INTEGER, False),
                Column("name", string(40)),
                Column("code", string(5), False, ServerDefault("literal", "c")),
                Column("age", INTEGER, default=ServerDefault("sql", "18")),
                Column("mail", string(80)),
                Column("boss_id", INTEGER),
            ),
            PrimaryKey(("id",)),
            foreign_keys=(ForeignKey(("boss_id",), USERS, ("id",), "fk_boss", ondelete="SET NULL"),),
            uniques=(Unique(("mail",), "uq_mail"),),
            checks=(Check(Sql("age > 0"), "ck_age"),),
            indexes=(Index("ix_name", (IndexElement("name"),)),),
        )
    ),
    ops.CreateTable(
        Table(
            POSTS,
            (Column("id", INTEGER, False), Column("user_id", INTEGER, False), Column("text", TEXT)),
            PrimaryKey(("id",)),
            foreign_keys=(ForeignKey(("user_id",), USERS, ("id",), "fk_user", ondelete="CASCADE"),),
        )
    ),
)
ROWS = (
    "INSERT INTO users (id, name, age, mail, boss_id) VALUES (1, 'ada', 36, 'a@x', NULL), (2, 'bob', 20, 'b@x', 1)",
    "INSERT INTO users (id, name, age, mail, boss_id) VALUES (3, 'cyd', 30, NULL, 1)",
    "INSERT INTO posts (id, user_id, text) VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three')",
)


def alter(column: str, using: str | None = None, **change: object) -> ops.AlterColumn:
    return ops.AlterColumn(USERS, column, ColumnChange(**change), using=using)  # type: ignore[arg-type]


CASES: dict[str, Callable[[], tuple[ops.Operation, ...]]] = {
    "create a table": lambda: (
        ops.CreateTable(
            Table(
                TableName("tags"),
                (Column("id", INTEGER, False), Column("word", string(20), default=ServerDefault("literal", "it's"))),
                PrimaryKey(("id",)),
                indexes=(Index("ix_word", (IndexElement("word"),), unique=True),),
            )
        ),
    ),
    "rename a table": lambda: (ops.RenameTable(USERS, TableName("people")),),
    "add a column": lambda: (ops.AddColumn(USERS, Column("nick", string(10))),),
    "add a column with a default": lambda: (ops.AddColumn(USERS, Column("n", INTEGER, False, ServerDefault("sql", "7"))),),
    "add a column with a function as default": lambda: (
        ops.AddColumn(USERS, Column("at", Type("sqlalchemy.DateTime"), False, ServerDefault("sql", "CURRENT_TIMESTAMP"))),
    ),
    "add a column with its foreign key": lambda: (
        ops.AddColumn(USERS, Column("post_id", INTEGER)),
        ops.AddConstraint(USERS, ForeignKey(("post_id",), POSTS, ("id",), "fk_post", onupdate="CASCADE")),
    ),
    "drop a column": lambda: (ops.DropColumn(USERS, "name"),),
    "drop a column with its unique key": lambda: (ops.DropColumn(USERS, "mail"),),
    "rename a column": lambda: (alter("name", name="full_name"),),
    "rename a column that a unique key holds": lambda: (alter("mail", name="e_mail"),),
    "rename a column that a foreign key of another table points to": lambda: (alter("id", name="uid"),),
    "widen a type": lambda: (alter("name", type=string(80)),),
    "widen a number": lambda: (alter("boss_id", type=BIGINT), ops.DropConstraint(USERS, "fk_boss", "foreignkey"))[::-1],
    "forbid NULL": lambda: (alter("age", nullable=False),),
    "allow NULL": lambda: (alter("code", nullable=True),),
    "set a default": lambda: (alter("name", default=ServerDefault("literal", "nobody")),),
    "drop a default": lambda: (alter("age", default=None),),
    "change everything at once": lambda: (
        alter("code", name="title", type=TEXT, nullable=True, default=None),
        ops.AddConstraint(USERS, Unique(("age", "id"), "uq_age")),
    ),
    "add a check": lambda: (ops.AddConstraint(USERS, Check(Sql("age < 200"), "ck_old")),),
    "drop a check": lambda: (ops.DropConstraint(USERS, "ck_age", "check"),),
    "add a unique key": lambda: (ops.AddConstraint(USERS, Unique(("name", "age"), "uq_name_age")),),
    "drop a unique key": lambda: (ops.DropConstraint(USERS, "uq_mail", "unique"),),
    "drop a foreign key": lambda: (ops.DropConstraint(POSTS, "fk_user", "foreignkey"),),
    "drop a foreign key to itself": lambda: (ops.DropConstraint(USERS, "fk_boss", "foreignkey"),),
    "create an index": lambda: (
        ops.CreateIndex(
            USERS,
            Index(
                "ix_age",
                (
                    IndexElement("age"),
                    IndexElement("name"),
                ),
            ),
        ),
    ),
    "drop an index": lambda: (ops.DropIndex(USERS, "ix_name"),),
    "several changes as one": lambda: (
        ops.AlterTable(
            USERS,
            (
                ops.AddColumn(USERS, Column("size", BIGINT, False, ServerDefault("sql", "0"))),
                alter("age", nullable=False),
                ops.DropConstraint(USERS, "ck_age", "check"),
                ops.DropIndex(USERS, "ix_name"),
                ops.CreateIndex(USERS, Index("ix_size", (IndexElement("size"),))),
            ),
        ),
    ),
    "drop a table": lambda: (ops.DropTable(POSTS),),
    "replace the primary key": lambda: (
        ops.AlterTable(
            POSTS,
            (
                ops.DropConstraint(POSTS, None, "primary", PrimaryKey(("id",))),
                ops.AddConstraint(POSTS, PrimaryKey(("id", "user_id"))),
            ),
        ),
    ),
    "add a generated column": lambda: (ops.AddColumn(USERS, Column("twice", INTEGER, computed=Computed(Sql("age * 2"), True))),),
}


def seen(connection: sa.Connection) -> list[str]:
    found = lines(normalise(reflect(connection), connection.dialect))
    # MySQL makes an index for a foreign key, under its name, and keeps it when the key goes; Alembic leaves it there too.
    return [line for line in found if "Index(name='fk_" not in line]


def counted(connection: sa.Connection) -> dict[str, int]:
    tables = sorted(sa.inspect(connection).get_table_names())
    return {table: connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one() for table in tables}


@pytest.mark.parametrize("case", CASES)
def test_up_down_up_gives_the_replayed_schema_and_keeps_every_row(case: str, any_database: str) -> None:
    with database(any_database) as connection:
        execute(connection, BASE)
        for rows in ROWS:
            connection.exec_driver_sql(rows)
        connection.commit()
        first, before, rows_before = reflect(connection), seen(connection), counted(connection)
        steps = ops.steps(first, CASES[case]())
        expected = lines(normalise(steps[-1].after, connection.dialect))
        for _ in range(2):
            execute(connection, [step.op for step in steps], first)
            connection.commit()
            assert seen(connection) == expected
            rows_after = counted(connection)
            assert sum(rows_after.values()) == sum(rows_before.values()) or case == "drop a table"
            execute(connection, ops.inverted(steps), reflect(connection))
            connection.commit()
            assert seen(connection) == before
            kept = counted(connection)
            assert kept == rows_before or (case == "drop a table" and kept == {**rows_before, "posts": 0})


def test_percent_signs_colons_and_quotes_are_only_characters(any_database: str) -> None:
    name = TableName("t 100% :x")
    operations = (
        ops.CreateTable(Table(name, (Column("a%b", string(20), default=ServerDefault("literal", "5% of :x")), Column("n", INTEGER)))),
        ops.AddColumn(name, Column("c%", string(20), default=ServerDefault("literal", "%s"), comment="50% :y")),
        ops.AlterColumn(name, "a%b", ColumnChange(comment="7% 'q'", nullable=False)),
        ops.AlterColumn(name, "a%b", ColumnChange(default=ServerDefault("literal", "%(x)s"))),
        ops.AlterColumn(name, "a%b", ColumnChange(name="d:%")),
        ops.AddConstraint(name, Check(Sql("n % 2 = 0"), "ck%")),
        ops.CreateIndex(name, Index("ix%", (IndexElement("c%"),))),
        ops.SetTableComment(name, "9% :z"),
    )
    with database(any_database) as connection:
        schema = reflect(connection)
        for op in operations:
            schema = execute(connection, [op], schema)
        assert seen(connection) == lines(normalise(schema, connection.dialect))
        connection.execute(sa.insert(sa.table(name.name, sa.column("n"))).values(n=2))
        assert connection.execute(sa.select(sa.literal_column("*")).select_from(sa.table(name.name))).one() == ("%(x)s", 2, "%s")
