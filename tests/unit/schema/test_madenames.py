"""The names that servers give to constraints without one: as the servers themselves give them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gitmig.schema.freeze import freeze_constraint, freeze_table
from gitmig.schema.madenames import with_made_name, with_made_names
from gitmig.schema.values import Schema


def wide(metadata: sa.MetaData) -> list[sa.Table]:
    """Tables whose constraints have no names, some of which would meet or be too long."""
    long = "a_rather_long_name_of_a_table_that_somebody_chose"
    parents = sa.Table("parents", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("other", sa.Integer, unique=True))
    plain = sa.Table(
        "people",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, sa.ForeignKey("parents.id")),
        sa.Column("b", sa.Integer, sa.ForeignKey("parents.other")),
        sa.Column("c", sa.Integer),
        sa.UniqueConstraint("a", "b"),
        sa.UniqueConstraint("c"),
        sa.CheckConstraint("c > 0"),
        sa.CheckConstraint("c < 9"),
        sa.CheckConstraint("a < b"),
    )
    cut = sa.Table(
        long,
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("another_long_name_of_a_column", sa.Integer, sa.ForeignKey("parents.id"), unique=True),
    )
    return [parents, plain, cut]


@pytest.mark.postgresql
def test_postgresql_names_them_so(postgresql_url: str) -> None:
    assert made("postgresql") == live(postgresql_url, checks=True)


@pytest.mark.mariadb
def test_mariadb_names_them_so(mariadb_url: str) -> None:
    assert made("mysql") == live(mariadb_url, checks=False)


def made(dialect: str) -> dict[str, set[str]]:
    schema = Schema()
    found = {}
    for table in wide(sa.MetaData()):
        frozen = with_made_names(freeze_table(table), schema, dialect)
        schema = schema.with_table(frozen)
        checks = frozen.checks if dialect == "postgresql" else ()
        keys = () if frozen.primary_key is None or dialect == "mysql" else (frozen.primary_key,)
        found[table.name] = {str(each.made) for each in (*keys, *frozen.foreign_keys, *frozen.uniques, *checks)}
    return found


def live(url: str, checks: bool) -> dict[str, set[str]]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    metadata = sa.MetaData()
    tables = wide(metadata)
    metadata.create_all(engine)
    inspector = sa.inspect(engine)
    found = {}
    for table in tables:
        names = {each["name"] for each in (*inspector.get_foreign_keys(table.name), *inspector.get_unique_constraints(table.name))}
        names |= {inspector.get_pk_constraint(table.name)["name"]} - {None}
        found[table.name] = {
            str(each) for each in names | ({each["name"] for each in inspector.get_check_constraints(table.name)} if checks else set())
        }
    engine.dispose()
    return found


def test_a_constraint_that_is_added_takes_the_next_free_name() -> None:
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.CheckConstraint("a > 0", name="t_a_check"))
    frozen = freeze_table(table)
    schema = Schema().with_table(frozen)
    added = sa.CheckConstraint("a < 9")
    table.append_constraint(added)
    assert with_made_name(freeze_constraint(added), frozen, schema, "postgresql").made == "t_a_check1"


def test_what_has_a_name_keeps_it_and_sqlite_gives_none() -> None:
    table = freeze_table(sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, primary_key=True), sa.UniqueConstraint("a", name="uq")))
    assert [each.made for each in with_made_names(table, Schema(), "postgresql").uniques] == [None]
    key = with_made_names(table, Schema(), "sqlite").primary_key
    assert key is not None
    assert key.made is None
