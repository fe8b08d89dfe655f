"""What a dialect folds together is one in normal form, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.schema.freeze import freeze_table
from gitmig.schema.normal import counts_up, normal_table, normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import (
    Check,
    Column,
    ForeignKey,
    Identity,
    Index,
    IndexElement,
    PrimaryKey,
    Schema,
    Sequence,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
)

INTEGER = Type("sqlalchemy.Integer")
BASE = Table(
    TableName("t"),
    (Column("id", INTEGER, False), Column("a", INTEGER), Column("b", Type("sqlalchemy.String", (("length", 5),)))),
    PrimaryKey(("id",)),
)
TARGET = TableName("other")


def key(**changes: Any) -> Table:
    return replace(BASE, foreign_keys=(replace(ForeignKey(("a",), TARGET, ("id",)), **changes),))


def unique(**changes: Any) -> Table:
    return replace(BASE, uniques=(replace(Unique(("a",)), **changes),))


def index(*elements: str | IndexElement, **changes: Any) -> Table:
    made = tuple(IndexElement(each) if isinstance(each, str) else each for each in elements)
    return replace(BASE, indexes=(replace(Index("ix", made), **changes),))


def check(text: str, **changes: Any) -> Table:
    return replace(BASE, checks=(replace(Check(Sql(text)), **changes),))


def named_key(name: str | None) -> Table:
    return replace(BASE, primary_key=PrimaryKey(("id",), name))


SAME = [
    ("postgresql", BASE, replace(BASE, columns=BASE.columns[::-1])),
    ("postgresql", named_key(None), named_key("t_pkey")),
    ("mysql", named_key(None), named_key("anything")),
    ("postgresql", key(), key(name="t_a_fkey")),
    ("postgresql", key(), key(name="t_a_fkey1")),
    ("mysql", key(), key(name="t_ibfk_7")),
    ("postgresql", key(), key(ondelete="no action", onupdate="NO ACTION", match="simple", deferrable=False, initially="IMMEDIATE")),
    ("mysql", key(), key(ondelete="RESTRICT")),
    ("mysql", key(), key(deferrable=True, initially="DEFERRED")),
    ("postgresql", unique(), unique(name="t_a_key")),
    ("mysql", unique(name="u"), index("a", unique=True, name="u")),
    ("mysql", unique(), unique(name="a_2")),
    ("postgresql", index("a"), index("a", options=(("postgresql_using", "BTREE"), ("mysql_length", 5), ("postgresql_concurrently", True)))),
    ("postgresql", index(IndexElement("a", sort="DESC NULLS FIRST")), index(IndexElement("a", sort="DESC"))),
    ("postgresql", index(IndexElement("a", sort="ASC NULLS LAST")), index("a")),
    ("postgresql", index(IndexElement(None, Sql("a DESC"))), index(IndexElement("a", sort="DESC"))),
    ("mariadb", index("a", options=(("mariadb_length", 5),)), index("a", options=(("mysql_length", (("a", 5),)),))),
    ("postgresql", check("a > 0"), check("((a > 0))")),
    ("postgresql", BASE, check("b IN ('x')", type_bound=True, column="b", options=(("dialects", ("sqlite",)),))),
    ("sqlite", BASE, replace(BASE, comment="never kept")),
    ("postgresql", BASE, replace(BASE, comment="")),
    ("postgresql", BASE, replace(BASE, options=(("mysql_engine", "InnoDB"), ("info", (("a", 1),))))),
    ("postgresql", BASE, replace(BASE, columns=(replace(BASE.columns[0], nullable=True), *BASE.columns[1:]))),
    ("sqlite", BASE, replace(BASE, columns=(replace(BASE.columns[0], autoincrement=False), *BASE.columns[1:]))),
]
DIFFERENT = [
    ("postgresql", BASE, replace(BASE, columns=BASE.columns[:2])),
    ("postgresql", named_key(None), named_key("mine")),
    ("sqlite", named_key(None), named_key("t_pkey")),
    ("postgresql", key(), key(name="mine")),
    ("postgresql", key(), key(ondelete="RESTRICT")),
    ("postgresql", key(), key(ondelete="CASCADE")),
    ("postgresql", key(), key(deferrable=True)),
    ("postgresql", key(), key(match="FULL")),
    ("postgresql", key(), key(target=TableName("other", "shop"))),
    ("postgresql", unique(name="u"), index("a", unique=True, name="u")),
    ("postgresql", unique(), unique(columns=("b",))),
    ("postgresql", index("a", "b"), index("b", "a")),
    ("postgresql", index("a"), index("a", unique=True)),
    ("postgresql", index("a"), index("a", options=(("postgresql_using", "hash"),))),
    ("postgresql", index("a"), index("a", options=(("postgresql_where", Sql("a > 0")),))),
    ("postgresql", index(IndexElement("a", sort="DESC")), index("a")),
    ("mysql", index("a"), index("a", options=(("mysql_length", 5),))),
    ("postgresql", check("a > 0"), check("a > 1")),
    ("postgresql", check("a > 0", name="x"), check("a > 0", name="y")),
    ("sqlite", BASE, check("b IN ('x')", type_bound=True, column="b", options=(("dialects", ("sqlite",)),))),
    ("mysql", BASE, replace(BASE, comment="kept")),
    ("mysql", BASE, replace(BASE, options=(("mysql_engine", "Aria"),))),
    ("postgresql", BASE, replace(BASE, columns=(replace(BASE.columns[0], autoincrement=False), *BASE.columns[1:]))),
    ("sqlite", BASE, replace(BASE, options=(("sqlite_autoincrement", True),))),
]


@pytest.mark.parametrize(("dialect", "one", "other"), SAME)
def test_what_a_dialect_folds_together_is_one(dialect: str, one: Table, other: Table) -> None:
    assert normal_table(one, dialect_named(dialect)) == normal_table(other, dialect_named(dialect))


@pytest.mark.parametrize(("dialect", "one", "other"), DIFFERENT)
def test_what_a_dialect_tells_apart_stays_apart(dialect: str, one: Table, other: Table) -> None:
    assert normal_table(one, dialect_named(dialect)) != normal_table(other, dialect_named(dialect))


def test_a_name_that_was_stripped_is_still_known() -> None:
    (found,) = normal_table(key(name="t_a_fkey"), dialect_named("postgresql")).foreign_keys
    assert found.name is None


def test_an_index_that_the_server_keeps_for_a_key_is_part_of_it() -> None:
    served = replace(key(name="fk"), indexes=(Index("fk", (IndexElement("a"),)),))
    assert normal_table(served, dialect_named("mysql")) == normal_table(key(name="fk"), dialect_named("mysql"))
    own = replace(key(name="fk"), indexes=(Index("ix_a", (IndexElement("a"),)),))
    assert normal_table(own, dialect_named("mysql")) != normal_table(key(name="fk"), dialect_named("mysql"))
    assert normal_table(served, dialect_named("postgresql")) != normal_table(key(name="fk"), dialect_named("postgresql"))


def test_conventional_names_are_cut_as_sqlalchemy_cuts_them() -> None:
    long = "uq_" + "x" * 80
    cut = normal_table(unique(name=long, conventional=True), dialect_named("postgresql")).uniques[0].name
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.UniqueConstraint("a", name=sa.sql.elements.conv(long)))
    assert cut is not None
    assert len(cut) <= 63
    assert cut in str(sa.schema.CreateTable(table).compile(dialect=dialect_named("postgresql")))


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
@pytest.mark.parametrize(
    "columns",
    [
        [sa.Column("id", sa.Integer, primary_key=True)],
        [sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)],
        [sa.Column("id", sa.String(5), primary_key=True)],
        [sa.Column("id", sa.Integer, primary_key=True, server_default="5")],
        [sa.Column("id", sa.Integer, primary_key=True, default=5)],
        [sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True)],
        [sa.Column("id", sa.Integer, primary_key=True, autoincrement=True), sa.Column("b", sa.Integer, primary_key=True)],
        [sa.Column("id", sa.Integer, sa.ForeignKey("t.id"), primary_key=True)],
        [sa.Column("id", sa.BigInteger, primary_key=True)],
        [sa.Column("id", sa.Numeric(10, 0), primary_key=True, autoincrement=True)],
    ],
    ids=lambda columns: str(len(columns)) + repr(columns[0].type) + str(columns[0].autoincrement),
)
def test_a_column_counts_up_where_sqlalchemy_makes_it(columns: list[Any], dialect: str) -> None:
    table = sa.Table("t", sa.MetaData(), *[column.copy() if hasattr(column, "copy") else column._copy() for column in columns])
    there = dialect_named(dialect)
    if dialect == "sqlite" and len(columns) > 1 and columns[0].autoincrement is True:
        pytest.skip("SQLAlchemy refuses it")
    text = str(sa.schema.CreateTable(table).compile(dialect=there))
    frozen = freeze_table(table)
    expected = {
        "postgresql": "SERIAL" in text,
        "mysql": "AUTO_INCREMENT" in text,
        "sqlite": len(columns) == 1 and "id INTEGER" in text,
    }[dialect]
    assert counts_up(frozen.column("id"), frozen, there) is expected


def test_what_stands_beside_tables() -> None:
    sequence = Sequence("s", options=(("start", 1), ("increment", 1), ("cache", 1), ("maxvalue", 2**63 - 1)))
    optional = Sequence("o", options=(("optional", True),))
    schema = Schema(sequences={sequence.key(): sequence, optional.key(): optional})
    found = normalise(schema, dialect_named("postgresql"))
    assert list(found.sequences.values()) == [Sequence("s")]
    assert normalise(schema, dialect_named("sqlite")).sequences == {}


def test_identity_options_that_say_the_default_say_nothing() -> None:
    def with_identity(*pairs: tuple[str, Any], always: bool = False) -> Table:
        column = replace(BASE.columns[0], identity=Identity(always, options=pairs))
        return replace(BASE, columns=(column, *BASE.columns[1:]))

    there = dialect_named("postgresql")
    full = with_identity(("cache", 1), ("cycle", False), ("increment", 1), ("maxvalue", 2**31 - 1), ("minvalue", 1), ("start", 1))
    assert normal_table(full, there) == normal_table(with_identity(), there)
    assert normal_table(with_identity(("start", 5)), there) != normal_table(with_identity(), there)
    assert normal_table(with_identity(always=True), there) != normal_table(with_identity(), there)
    assert normal_table(with_identity(), dialect_named("sqlite")) == normal_table(BASE, dialect_named("sqlite"))


def test_a_unique_constraint_that_repeats_the_primary_key_is_none_on_postgresql() -> None:
    both = replace(BASE, uniques=(Unique(("id",), "u"),))
    there = dialect_named("postgresql")
    assert normal_table(both, there) == normal_table(named_key("u"), there)
    assert normal_table(both, dialect_named("sqlite")) != normal_table(named_key("u"), dialect_named("sqlite"))
    assert normal_table(replace(both, uniques=(Unique(("id",), "u", deferrable=True),)), there).uniques != ()
