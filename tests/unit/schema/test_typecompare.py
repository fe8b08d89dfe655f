"""Which types and defaults count as the same."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from gitmig.schema.freeze import freeze_default
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.jsonform import strip
from gitmig.schema.spelling import dialect_named
from gitmig.schema.typecompare import canonical_ddl, same_default, same_type
from tests.unit.schema.corpus import Email, PerDialect, Secret, Vector

SAME_DDL = [
    ("postgresql", "INT", "INTEGER"),
    ("postgresql", "int4", "integer"),
    ("postgresql", "character varying(20)", "VARCHAR(20)"),
    ("postgresql", "character(3)", "CHAR(3)"),
    ("postgresql", "CHAR", "CHAR(1)"),
    ("postgresql", "timestamp", "TIMESTAMP WITHOUT TIME ZONE"),
    ("postgresql", "timestamptz(3)", "TIMESTAMP(3) WITH TIME ZONE"),
    ("postgresql", "FLOAT", "DOUBLE PRECISION"),
    ("postgresql", "FLOAT(53)", "double precision"),
    ("postgresql", "FLOAT(24)", "REAL"),
    ("postgresql", "NUMERIC(10, 2)", "DECIMAL(10,2)"),
    ("postgresql", "NUMERIC(10)", "NUMERIC(10, 0)"),
    ("postgresql", "INTEGER[][]", "INTEGER[]"),
    ("postgresql", "varchar(5)[]", "VARCHAR(5)[]"),
    ("mysql", "INT(11)", "INTEGER"),
    ("mysql", "BIGINT(20) UNSIGNED", "BIGINT UNSIGNED"),
    ("mysql", "BOOL", "TINYINT(1)"),
    ("mysql", "DECIMAL", "NUMERIC(10, 0)"),
    ("mysql", "DOUBLE PRECISION", "DOUBLE"),
    ("mysql", "FLOAT(53)", "DOUBLE"),
    ("mysql", "YEAR(4)", "YEAR"),
    ("mysql", "DATETIME(0)", "DATETIME"),
    ("mysql", "ENUM('a','b')", "enum('a','b')"),
    ("mysql", "VARCHAR(20) CHARSET utf8mb4", "VARCHAR(20) CHARACTER SET utf8mb4"),
    ("mariadb", "JSON", "longtext"),
    ("sqlite", "DECIMAL(10, 2)", "NUMERIC(10,2)"),
    ("sqlite", "varchar (20)", "VARCHAR(20)"),
]
DIFFERENT_DDL = [
    ("postgresql", "INTEGER", "BIGINT"),
    ("postgresql", "VARCHAR(20)", "VARCHAR(21)"),
    ("postgresql", "VARCHAR", "TEXT"),
    ("postgresql", "TIMESTAMP WITHOUT TIME ZONE", "TIMESTAMP WITH TIME ZONE"),
    ("postgresql", "TIMESTAMP(3) WITHOUT TIME ZONE", "TIMESTAMP WITHOUT TIME ZONE"),
    ("postgresql", "INTEGER[]", "INTEGER"),
    ("postgresql", "INTERVAL", "INTEGER"),
    ("postgresql", "JSON", "JSONB"),
    ("postgresql", "BIT(8)", "BIT VARYING(8)"),
    ("postgresql", '"Kind"', '"kind"'),
    ("mysql", "TINYINT(1)", "TINYINT"),
    ("mysql", "INTEGER UNSIGNED", "INTEGER"),
    ("mysql", "INT(5) ZEROFILL", "INT(6) ZEROFILL"),
    ("mysql", "ENUM('a','b')", "ENUM('a','B')"),
    ("mysql", "JSON", "LONGTEXT"),
    ("mysql", "DATETIME(6)", "DATETIME"),
    ("mysql", "MEDIUMINT", "INT"),
    ("mysql", "POINT", "INT"),
    ("sqlite", "VARCHAR(20)", "VARCHAR"),
]


@pytest.mark.parametrize(("dialect", "one", "other"), SAME_DDL)
def test_spellings_that_a_dialect_folds_together_are_one(dialect: str, one: str, other: str) -> None:
    assert canonical_ddl(one, dialect) == canonical_ddl(other, dialect)


@pytest.mark.parametrize(("dialect", "one", "other"), DIFFERENT_DDL)
def test_different_types_stay_different(dialect: str, one: str, other: str) -> None:
    assert canonical_ddl(one, dialect) != canonical_ddl(other, dialect)


@pytest.mark.parametrize(
    ("dialect", "one", "other", "same"),
    [
        ("postgresql", sa.Float(), postgresql.DOUBLE_PRECISION(), True),
        ("postgresql", sa.DateTime(), postgresql.TIMESTAMP(), True),
        ("postgresql", sa.Uuid(), postgresql.UUID(), True),
        ("postgresql", sa.String(5), Email(5), True),
        ("postgresql", PerDialect(), postgresql.JSONB(), True),
        ("sqlite", sa.BINARY(16), sa.NUMERIC(16), True),
        ("sqlite", sa.String(16), sa.NUMERIC(16), False),
        ("sqlite", PerDialect(), sa.Text(), True),
        ("sqlite", PerDialect(), sa.JSON(), False),
        ("postgresql", Vector(3), Vector(4), False),
        ("postgresql", Secret(lambda: b"", 5), Secret(lambda: b"x", 5), True),
        ("postgresql", sa.Enum("a", name="x"), sa.Enum("a", name="y"), False),
        ("mariadb", sa.Boolean(), mysql.TINYINT(1), True),
        ("mariadb", sa.JSON(), mysql.LONGTEXT(), True),
        ("mysql", sa.JSON(), mysql.LONGTEXT(), False),
        ("mysql", sa.Enum("a", "b", name="x"), mysql.ENUM("a", "b"), True),
        ("mysql", sa.String(5).with_variant(mysql.TEXT(), "mysql"), sa.Text(), True),
        ("mysql", sa.Integer(), sa.String(5), False),
    ],
)
def test_types_are_compared_by_their_ddl(dialect: str, one: Any, other: Any, same: bool) -> None:
    left, right = freeze_type(one), freeze_type(other)
    assert same_type(left, right, dialect_named(dialect)) is same
    assert same_type(strip(left), strip(right), dialect_named(dialect)) is same


@pytest.mark.parametrize(
    ("dialect", "type_", "one", "other", "same"),
    [
        ("postgresql", sa.Integer(), "0", sa.text("0"), True),
        ("postgresql", sa.Integer(), "0", "1", False),
        ("postgresql", sa.Integer(), "-1", sa.text("'-1'::integer"), True),
        ("postgresql", sa.String(5), "a", sa.text("'a'::character varying"), True),
        ("postgresql", sa.String(5), "0", sa.text("0"), False),
        ("postgresql", sa.String(5), "it's", sa.text("'it''s'::character varying(20)"), True),
        ("postgresql", sa.Boolean(), "true", sa.true(), True),
        ("postgresql", sa.Boolean(), "t", sa.text("true"), True),
        ("postgresql", sa.Boolean(), sa.true(), sa.false(), False),
        ("postgresql", sa.DateTime(), sa.func.now(), sa.text("now()"), True),
        ("postgresql", sa.DateTime(), sa.func.now(), sa.text("CURRENT_TIMESTAMP"), True),
        ("postgresql", sa.DateTime(), sa.func.now(), sa.text("clock_timestamp()"), False),
        ("postgresql", sa.Integer(), sa.text("nextval('a_seq')"), sa.text("nextval('a_seq'::regclass)"), True),
        ("postgresql", postgresql.JSONB(), "{}", sa.text("'{}'::jsonb"), True),
        ("postgresql", postgresql.ARRAY(sa.Text()), sa.text("'{}'"), sa.text("'{}'::text[]"), True),
        ("postgresql", sa.Integer(), None, sa.text("NULL"), True),
        ("postgresql", sa.Integer(), None, sa.FetchedValue(), True),
        ("postgresql", sa.Integer(), None, "0", False),
        ("postgresql", sa.String(5), "", None, False),
        ("sqlite", sa.Integer(), sa.text("(1 + 2)"), sa.text("1+2"), True),
        ("sqlite", sa.Boolean(), sa.true(), sa.text("1"), True),
        ("sqlite", sa.DateTime(), sa.func.now(), sa.text("CURRENT_TIMESTAMP"), True),
        ("sqlite", sa.String(5), sa.text("'A'"), sa.text("'a'"), False),
        ("mysql", sa.DateTime(), sa.func.now(), sa.text("current_timestamp()"), True),
        ("mysql", sa.Boolean(), sa.true(), "1", True),
        ("mysql", sa.Float(), "1.5", sa.text("1.5"), True),
        ("mysql", sa.Float(), "1.5", sa.text("2.5"), False),
        ("mysql", mysql.TINYINT(1), sa.text("true"), "1", True),
        (
            "mysql",
            sa.DateTime(),
            sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"),
            sa.text("current_timestamp() ON UPDATE current_timestamp()"),
            True,
        ),
        ("mysql", sa.DateTime(), sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP"), sa.text("CURRENT_TIMESTAMP"), False),
        ("mysql", mysql.DATETIME(fsp=6), sa.text("CURRENT_TIMESTAMP(6)"), sa.text("current_timestamp(6)"), True),
        ("mysql", mysql.DATETIME(fsp=6), sa.text("CURRENT_TIMESTAMP(6)"), sa.text("current_timestamp"), False),
        ("mysql", sa.String(9), "a\\'b", sa.text("'a\\\\\\'b'"), True),
        ("mysql", sa.String(9), "a\\'b", sa.text("'a\\\\''b'"), True),
        ("postgresql", sa.String(9), "a\\'b", sa.text("'a\\''b'::character varying"), True),
        ("postgresql", sa.String(9), "a\\b", sa.text("'a\\\\b'"), False),
        ("sqlite", sa.String(9), "a\\'b", sa.text("'a\\''b'"), True),
    ],
)
def test_defaults_are_compared_by_what_they_fill_in(dialect: str, type_: Any, one: Any, other: Any, same: bool) -> None:
    left, right = freeze_default(one), freeze_default(other)
    assert same_default(left, right, freeze_type(type_), dialect_named(dialect)) is same
    assert same_default(strip(left), strip(right), freeze_type(type_), dialect_named(dialect)) is same
