"""The sequence behind a SERIAL column: its name, and the defaults that ask it."""

from __future__ import annotations

import pytest

from gitmig.schema.normal import counts_up
from gitmig.schema.serial import create_sql, default_sql, drop_sql, made_sequence, sequence_asked, start_sql
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Column, PrimaryKey, ServerDefault, Table, TableName, Type

POSTGRESQL = dialect_named("postgresql")
INTEGER = Type("sqlalchemy.Integer")


def test_the_sequence_is_named_as_postgresql_names_it() -> None:
    assert made_sequence(TableName("users", "shop"), "id") == TableName("users_id_seq", "shop")
    assert len(made_sequence(TableName("t" * 63), "c" * 63).name) == 63


@pytest.mark.parametrize(
    ("text", "sequence"),
    [
        ("nextval('users_id_seq')", TableName("users_id_seq")),
        ("nextval('users_id_seq'::regclass)", TableName("users_id_seq")),
        ("NEXTVAL('Users_Id_Seq')", TableName("users_id_seq")),
        ("nextval('shop.users_id_seq'::regclass)", TableName("users_id_seq", "shop")),
        ("nextval('\"Users\"'::regclass)", TableName("Users")),
        ('nextval(\'"My Shop"."a""b"\')', TableName('a"b', "My Shop")),
        ("nextval('a') + 1", None),
        ("5", None),
    ],
)
def test_a_default_asks_a_sequence(text: str, sequence: TableName | None) -> None:
    assert sequence_asked(ServerDefault("sql", text)) == sequence


def test_a_literal_asks_none() -> None:
    assert sequence_asked(ServerDefault("literal", "nextval('a')")) is None
    assert sequence_asked(None) is None


def test_names_are_quoted_where_they_must_be() -> None:
    table = TableName("Order")
    assert create_sql(table, "Id", Type("sqlalchemy.BigInteger")) == 'CREATE SEQUENCE "Order_Id_seq" AS BIGINT OWNED BY "Order"."Id"'
    assert default_sql(TableName("it's"), "id") == "nextval('\"it''s_id_seq\"'::regclass)"
    assert start_sql(TableName("t"), "id") == "SELECT setval('t_id_seq', coalesce(max(id), 0) + 1, false) FROM t"
    assert drop_sql(TableName("t", "s"), "id") == "DROP SEQUENCE IF EXISTS s.t_id_seq"


def test_a_column_counts_as_it_was_made_whatever_its_key_says_now() -> None:
    keyed = Table(TableName("t"), (Column("id", INTEGER, False),), PrimaryKey(("id",)))
    keyless = Table(TableName("t"), (Column("id", INTEGER, False),))
    assert counts_up(keyed.columns[0], keyed, POSTGRESQL)
    assert not counts_up(keyless.columns[0], keyless, POSTGRESQL)
    assert not counts_up(Column("id", INTEGER, False, serial=False), keyed, POSTGRESQL)
    assert counts_up(Column("id", INTEGER, False, serial=True), keyless, POSTGRESQL)


def test_a_default_from_the_sequence_of_its_own_name_is_counting() -> None:
    own = Column("id", INTEGER, False, ServerDefault("sql", "nextval('t_id_seq')"))
    other = Column("id", INTEGER, False, ServerDefault("sql", "nextval('other')"))
    assert counts_up(own, Table(TableName("t"), (own,)), POSTGRESQL)
    assert not counts_up(other, Table(TableName("t"), (other,)), POSTGRESQL)
