"""bulk_insert, execute, inline_literal, f: what is not a change of the schema."""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import sqlalchemy as sa

from tests.dialects.directives.case import Case, Family

LITERAL = {"literal_binds": True}


def table(**keywords: Any) -> Any:
    return sa.table("t", sa.column("a", sa.Integer), sa.column("b", sa.String), **keywords)


CASES: Family = {
    "insert rows": Case(lambda op: op.bulk_insert(table(), [{"a": 1, "b": "it's"}, {"a": 2, "b": None}])),
    "insert no rows": Case(lambda op: op.bulk_insert(table(), [])),
    "insert a row of some columns": Case(lambda op: op.bulk_insert(table(), [{"a": 1}, {"b": "x"}])),
    "insert rows one by one": Case(lambda op: op.bulk_insert(table(), [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}], multiinsert=False)),
    "insert inline literals": Case(
        lambda op: op.bulk_insert(table(), [{"a": op.inline_literal(5), "b": op.inline_literal("it's")}], multiinsert=False)
    ),
    "insert expressions": Case(
        lambda op: op.bulk_insert(table(), [{"a": sa.func.coalesce(1, 2), "b": sa.text("upper('x')")}], multiinsert=False), LITERAL
    ),
    "insert into a table of a schema": Case(lambda op: op.bulk_insert(table(schema="s"), [{"a": 1, "b": "x"}])),
    "insert values of many types": Case(
        lambda op: op.bulk_insert(
            sa.table(
                "t",
                sa.column("a", sa.Date),
                sa.column("b", sa.Boolean),
                sa.column("c", sa.Numeric(5, 2)),
                sa.column("d", sa.DateTime),
                sa.column("e", sa.Float),
                sa.column("f", sa.BigInteger),
                sa.column("g", sa.Time),
            ),
            [
                {
                    "a": datetime.date(2024, 1, 2),
                    "b": True,
                    "c": decimal.Decimal("1.50"),
                    "d": datetime.datetime(2024, 1, 2, 3, 4, 5),
                    "e": 1.5,
                    "f": 7,
                    "g": datetime.time(3, 4, 5),
                }
            ],
        )
    ),
    "insert percent signs, tabs and colons": Case(lambda op: op.bulk_insert(table(), [{"a": 1, "b": "50% :x\tq \\: \n new"}])),
    "insert into a Table with defaults": Case(
        lambda op: op.bulk_insert(
            sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(9), default="d")),
            [{"n": "x"}, {"id": 5, "n": "y"}],
        )
    ),
    "rows that are not a list": Case(lambda op: op.bulk_insert(table(), {"a": 1})),
    "rows that are not dictionaries": Case(lambda op: op.bulk_insert(table(), [(1, 2)])),
    "execute text": Case(lambda op: op.execute("UPDATE t SET a = 1")),
    "execute text with a colon": Case(lambda op: op.execute(r"UPDATE t SET b = 'x\:y'")),
    "execute text with a percent sign": Case(lambda op: op.execute("UPDATE t SET b = '50%' WHERE b LIKE '%x'")),
    "execute text with a tab and lines": Case(lambda op: op.execute("\n  UPDATE t\n\tSET a = 1;\n  ")),
    "execute text()": Case(lambda op: op.execute(sa.text("UPDATE t SET a = 1"))),
    "execute text() with binds": Case(lambda op: op.execute(sa.text("UPDATE t SET a = :a").bindparams(a=5))),
    "execute text() with literal binds": Case(
        lambda op: op.execute(sa.text("UPDATE t SET a = :a, b = :b").bindparams(a=5, b="it's")), LITERAL
    ),
    "execute an update": Case(lambda op: op.execute(table().update().values(b="x").where(table().c.a == 5))),
    "execute an update with literal binds": Case(
        lambda op: op.execute(table().update().values(b="it's %").where(table().c.a.in_([1, 2]))), LITERAL
    ),
    "execute an update with inline literals": Case(
        lambda op: op.execute(table().update().where(table().c.b == op.inline_literal("x")).values(b=op.inline_literal("it's")))
    ),
    "inline literals of types": Case(
        lambda op: op.execute(
            sa.select(
                op.inline_literal(5),
                op.inline_literal("x"),
                op.inline_literal(datetime.date(2024, 1, 2), sa.Date()),
                op.inline_literal(True, type_=sa.Boolean()),
            )
        )
    ),
    "execute an insert from a select": Case(
        lambda op: op.execute(table().insert().from_select(["a"], sa.select(sa.column("x")).select_from(sa.table("u"))))
    ),
    "execute a delete": Case(lambda op: op.execute(table().delete().where(table().c.a > 5)), LITERAL),
    "execute an insert": Case(lambda op: op.execute(table().insert().values(a=5, b=None)), LITERAL),
    "execute DDL": Case(lambda op: op.execute(sa.DDL("CREATE VIEW v AS SELECT 1"))),
    "execute DDL of SQLAlchemy's": Case(lambda op: op.execute(sa.schema.CreateSchema("s"))),
    "execute a sequence": Case(lambda op: op.execute(sa.schema.CreateSequence(sa.Sequence("q", start=5)))),
    "execute with options": Case(lambda op: op.execute("SELECT 1", execution_options={"isolation_level": "AUTOCOMMIT"})),
    "execute through the bind": Case(lambda op: op.get_bind().execute(sa.text("UPDATE t SET a = 1"))),
    "execute through the bind with parameters": Case(lambda op: op.get_bind().execute(sa.text("UPDATE t SET a = :a"), {"a": 5}), LITERAL),
    "execute through the context": Case(lambda op: op.get_context().execute("UPDATE t SET a = 1")),
    "execute in an autocommit block": Case(lambda op: _autocommit(op)),
    "the name of f": Case(lambda op: op.create_check_constraint(op.f("Some name"), "t", "a > 5")),
    "static output": Case(lambda op: op.get_context().impl.static_output("-- words\n/* as they are */")),
}


def _autocommit(op: Any) -> None:
    with op.get_context().autocommit_block():
        op.execute("VACUUM")
