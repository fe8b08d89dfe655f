"""add_column and drop_column."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.dialects.directives.case import Case, Family
from tests.dialects.directives.tables import NAMED


def add(*arguments: Any, column: str = "c", options: dict[str, Any] | None = None, add: dict[str, Any] | None = None, **kw: Any) -> Case:
    """A column of these arguments is added; ``add`` are keywords of add_column."""
    return Case(lambda op: op.add_column("t", sa.Column(column, *(each() for each in arguments), **kw), **(add or {})), options or {})


def integer() -> Any:
    return sa.Integer()


def key(**keywords: Any) -> Any:
    return lambda: sa.ForeignKey("u.id", **keywords)


CASES: Family = {
    "add a column": add(integer),
    "add a column to a table of a schema": add(integer, add={"schema": "s s"}),
    "add a column that is quoted": add(integer, column="order by"),
    "add a column unless it is there": add(integer, add={"if_not_exists": True, "schema": "s"}),
    "add a column, if_not_exists False": add(integer, add={"if_not_exists": False}),
    "add a column that is not null": add(lambda: sa.String(5), nullable=False, server_default="x"),
    "add a column with a function as default": add(lambda: sa.DateTime(), server_default=sa.func.now()),
    "add a column with text as default": add(integer, server_default=sa.text("(1 + 2)")),
    "add a column with a boolean as default": add(lambda: sa.Boolean(), server_default=sa.true(), nullable=False),
    "add a column with a comment": add(integer, comment="it's", add={"schema": "s"}),
    "add a column with a comment, no schema": add(integer, comment="hi"),
    "add a column with a default of Python's": add(integer, default=5, onupdate=6, info={"a": 1}, key="other"),
    "add a column with a foreign key": add(integer, key(name="fk", ondelete="CASCADE")),
    "add a column with a foreign key without a name": add(integer, key()),
    "add a column with a foreign key in schemas": add(integer, lambda: sa.ForeignKey("s.u.id", name="fk"), add={"schema": "s"}),
    "add a column with a foreign key under a convention": add(integer, key(), options=NAMED),
    "add a column with a foreign key to the same table": add(integer, lambda: sa.ForeignKey("t.id", name="fk")),
    "add a column with a foreign key and every clause": add(
        integer, key(name="fk", ondelete="SET NULL", onupdate="CASCADE", match="FULL", deferrable=True, initially="DEFERRED")
    ),
    "add a column with a key to a column object": Case(
        lambda op: op.add_column(
            "t", sa.Column("c", sa.ForeignKey(sa.Table("u", sa.MetaData(), sa.Column("id", sa.BigInteger)).c.id, name="fk"))
        )
    ),
    "add a column with a foreign key of its own": add(
        integer,
        key(name="fk", ondelete="CASCADE", onupdate="SET NULL", match="FULL", deferrable=True, initially="DEFERRED"),
        add={"inline_references": True},
    ),
    "add a column with a foreign key of its own, in a schema": add(
        integer, lambda: sa.ForeignKey("s.u.id"), add={"inline_references": True, "schema": "s"}
    ),
    "add a column of its own without a key": add(integer, add={"inline_references": True, "inline_primary_key": True}),
    "add a column that is a key": add(integer, primary_key=True),
    "add a column that is the key of its own": add(integer, primary_key=True, add={"inline_primary_key": True}),
    "add a counted column that is no key": add(integer, autoincrement=True),
    "add a big key": add(lambda: sa.BigInteger(), primary_key=True, autoincrement=False, add={"inline_primary_key": True}),
    "add a unique column": add(integer, unique=True),
    "add a unique column under a convention": add(integer, unique=True, options=NAMED),
    "add an indexed column": add(integer, index=True, add={"schema": "s"}),
    "add an indexed column under a convention": add(integer, index=True, options=NAMED),
    "add a unique indexed column": add(integer, index=True, unique=True),
    "add a column with a check": add(integer, lambda: sa.CheckConstraint("c > 0", name="ck")),
    "add a column with a check without a name": add(integer, lambda: sa.CheckConstraint("c > 0")),
    "add a column with a check under a convention": add(integer, lambda: sa.CheckConstraint("c > 0", name="pos"), options=NAMED),
    "add a column with everything": add(
        integer,
        key(name="fk"),
        lambda: sa.CheckConstraint("c > 0", name="ck"),
        unique=True,
        index=True,
        nullable=False,
        server_default="1",
        add={"schema": "s"},
    ),
    "add an indexed column with a comment": add(integer, index=True, comment="words", add={"schema": "s"}),
    "add an enumerated column": add(lambda: sa.Enum("x", "y", name="kind")),
    "add an enumerated column with a check": add(lambda: sa.Enum("x", "y", name="kind", create_constraint=True, native_enum=False)),
    "add an enumerated column with a check where it is needed": add(lambda: sa.Enum("x", "y", name="kind", create_constraint=True)),
    "add a boolean column": add(lambda: sa.Boolean()),
    "add a boolean column with a check": add(lambda: sa.Boolean(create_constraint=True, name="flag")),
    "add a boolean column with a check under a convention": add(lambda: sa.Boolean(create_constraint=True, name="flag"), options=NAMED),
    "add a computed column": add(integer, lambda: sa.Computed("a + 1")),
    "add a stored computed column": add(integer, lambda: sa.Computed("a + 1", persisted=True)),
    "add a virtual computed column": add(integer, lambda: sa.Computed("a + 1", persisted=False)),
    "add an identity column": add(integer, lambda: sa.Identity(always=True, start=3, increment=2, minvalue=1, maxvalue=90, cycle=True)),
    "add a plain identity column": add(integer, lambda: sa.Identity()),
    "add a column with a sequence": add(integer, lambda: sa.Sequence("q")),
    "add columns of types of dialects": Case(
        lambda op: [
            op.add_column("t", sa.Column("a", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"))),
            op.add_column("t", sa.Column("b", sa.Text().with_variant(mysql.MEDIUMTEXT(), "mysql"))),
            op.add_column("t", sa.Column("c", sa.String(9, collation="C"), quote=True)),
        ]
    ),
    "add a column that belongs to a table": Case(
        lambda op: op.add_column("t", sa.Table("other", sa.MetaData(), sa.Column("c", sa.Integer, index=True)).c.c)
    ),
    "add a column by keywords": Case(lambda op: op.add_column(table_name="t", column=sa.Column("c", sa.Integer), schema=None)),
    "drop a column": Case(lambda op: op.drop_column("t", "c")),
    "drop a column of a schema": Case(lambda op: op.drop_column("t", "Order", schema="s")),
    "drop a column if it is there": Case(lambda op: op.drop_column("t", "c", if_exists=True)),
    "drop a column with its default": Case(lambda op: op.drop_column("t", "c", mssql_drop_default=True)),
    "drop a column with its check": Case(lambda op: op.drop_column("t", "c's", schema="s", mssql_drop_check=True)),
    "drop a column with its key": Case(lambda op: op.drop_column("t", "c", mssql_drop_foreign_key=True)),
    "drop a column with all that hangs on it": Case(
        lambda op: op.drop_column(
            "Some Table", "c", schema="s", mssql_drop_default=True, mssql_drop_check=True, mssql_drop_foreign_key=True, if_exists=True
        )
    ),
    "drop a column by keywords": Case(lambda op: op.drop_column(table_name="t", column_name="c", existing_type=sa.Boolean())),
}
