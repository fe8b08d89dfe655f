"""Ids and messages of revisions that nobody named."""

from __future__ import annotations

from gitmig import ops
from gitmig.autogen.naming import canonical_text, default_message
from gitmig.schema.values import Column, Index, IndexElement, Table, TableName, Type

USERS = TableName("users")
COLUMN = Column("email", Type("sqlalchemy.String"))


def test_one_column_gives_its_name() -> None:
    assert default_message([ops.AddColumn(USERS, COLUMN)]) == "add users.email"


def test_what_comes_with_a_new_table_is_not_told() -> None:
    table = Table(USERS, (COLUMN,))
    index = ops.CreateIndex(USERS, Index("ix_users_email", (IndexElement("email"),)))
    assert default_message([ops.CreateTable(table), index]) == "create users"


def test_more_than_three_changes_are_counted() -> None:
    tables = [ops.CreateTable(Table(TableName(name), (COLUMN,))) for name in "abcde"]
    assert default_message(tables) == "create a, b and c and 2 more"


def test_what_is_not_compared_is_not_in_the_canonical_form() -> None:
    known = ops.AddColumn(USERS, Column("email", Type("sqlalchemy.String", original=object())))
    assert canonical_text([known]) == canonical_text([ops.AddColumn(USERS, COLUMN)])
    assert "original" not in canonical_text([known])


def test_another_type_is_another_text() -> None:
    other = ops.AddColumn(USERS, Column("email", Type("sqlalchemy.Text")))
    assert canonical_text([other]) != canonical_text([ops.AddColumn(USERS, COLUMN)])
