"""The index that MySQL and MariaDB keep when the foreign key goes that it was made for."""

from __future__ import annotations

import sqlalchemy as sa

from gitmig import ops
from gitmig.autogen.diff import diff
from gitmig.schema.freeze import freeze
from gitmig.schema.spelling import dialect_named


def operations(before: list[sa.schema.SchemaItem], after: list[sa.schema.SchemaItem], dialect: str = "mysql") -> list[str]:
    schemas = []
    for more in (before, after):
        metadata = sa.MetaData()
        sa.Table("groups", metadata, sa.Column("id", sa.Integer, primary_key=True))
        columns = [sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer)]
        sa.Table("members", metadata, *columns, *more)
        schemas.append(freeze(metadata))
    found = diff(schemas[0], schemas[1], dialect_named(dialect))
    return [each.describe() for each in found if not isinstance(each, (ops.DropConstraint, ops.AddConstraint))]


def key(name: str | None = "to_group") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["a"], ["groups.id"], name=name)


def test_it_goes_with_the_key() -> None:
    assert operations([key()], []) == ["drop index to_group on members"]
    assert operations([key()], [], "postgresql") == []


def test_that_of_a_key_without_a_name_is_named_after_its_first_column() -> None:
    assert operations([key(None)], []) == ["drop index a on members"]


def test_there_is_none_where_another_index_served() -> None:
    assert operations([key(), sa.Index("mine", "a", "b")], [sa.Index("mine", "a", "b")]) == []


def test_one_that_a_new_index_or_key_replaces_goes_by_itself() -> None:
    assert operations([key()], [sa.Index("mine", "a", "b")]) == ["create index mine on members (a, b)"]
    assert operations([key()], [key("other")]) == []


def test_the_columns_take_it_along() -> None:
    metadata = sa.MetaData()
    sa.Table("groups", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("members", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer), key())
    before = freeze(metadata)
    metadata = sa.MetaData()
    sa.Table("groups", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("members", metadata, sa.Column("id", sa.Integer, primary_key=True))
    found = diff(before, freeze(metadata), dialect_named("mysql"))
    assert [type(each) for each in found] == [ops.DropConstraint, ops.DropColumn]
