"""What goes with a column that is dropped."""

from __future__ import annotations

import pytest

from gitmig.ops import DropColumn
from gitmig.schema.values import Check, Column, Schema, Sql, Table, TableName, Type

T = TableName("t")


@pytest.mark.parametrize(
    ("expression", "goes"),
    [
        ("a > b", True),
        ('"a" > 1', True),
        ("`a`>1", True),
        ("lower(a) = 'x'", True),
        ("b = 'a'", False),
        ("a(b) > 1", False),
        ("aa > b", False),
        ("b <> 'it''s a' AND b > 0", False),
    ],
)
def test_a_check_that_speaks_of_the_column_goes_with_it(expression: str, goes: bool) -> None:
    # https://www.postgresql.org/docs/current/sql-altertable.html: "Indexes and table constraints involving the column will be
    # automatically dropped as well."
    kind = Type("sqlalchemy.Integer")
    table = Table(T, (Column("a", kind), Column("b", kind), Column("aa", kind)), checks=(Check(Sql(expression), "ck"),))
    after = DropColumn(T, "a").apply(Schema({T: table})).table(T)
    assert (after.checks == ()) is goes
