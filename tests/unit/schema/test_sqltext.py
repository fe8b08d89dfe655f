"""Expressions as servers print them are recognised as what was written, and nothing else is."""

from __future__ import annotations

import pytest

from gitmig.schema.sqltext import canonical_sql

SAME = [
    ("postgresql", "((kind)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))", "kind IN ('a', 'b')"),
    ("postgresql", "((kind)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[]))", "kind NOT IN ('a', 'b')"),
    ("postgresql", "((kind)::text = 'a'::text)", "kind IN ('a')"),
    ("postgresql", "((kind)::text <> 'a'::text)", "kind NOT IN ('a')"),
    ("postgresql", "((name)::text ~~ 'a%'::text)", "name LIKE 'a%'"),
    ("postgresql", "((name)::text !~~ 'a%'::text)", "name NOT LIKE 'a%'"),
    ("postgresql", "((x >= 1) AND (x <= 2))", "x BETWEEN 1 AND 2"),
    ("postgresql", '("Age" > 0)', '"Age" > 0'),
    ("postgresql", "((a OR b) AND (c))", "(a OR b) AND c"),
    ("postgresql", "lower((name)::text)", "LOWER(name)"),
    ("postgresql", "my_func(name)", "MY_FUNC(name)"),
    ("postgresql", "((id % 7) <> 3)", "id % 7 != 3"),
    ("postgresql", "(a > '-1'::integer)", "a > -1"),
    ("postgresql", "(d > '2020-01-01'::date)", "d > '2020-01-01'"),
    ("postgresql", "((data ->> 'k'::text) IS NOT NULL)", "data ->> 'k' IS NOT NULL"),
    ("mysql", "`age` > 0 and `k` in ('a','b')", "age > 0 AND k IN ('a', 'b')"),
    ("mysql", "`a` like _utf8mb4'x%'", "a LIKE 'x%'"),
    ("sqlite", 'length("when") > 3', 'LENGTH( "when" )>3'),
    ("sqlite", "a  >\n 1", "(a > 1)"),
]
DIFFERENT = [
    ("postgresql", '("Age" > 0)', "Age > 0"),
    ("postgresql", "(a OR b) AND c", "a OR (b AND c)"),
    ("postgresql", "price * qty::numeric", "price * qty"),
    ("postgresql", "(a + b) * 2", "a + b * 2"),
    ("postgresql", "a > 1", "a > 2"),
    ("postgresql", "a = 'x'", "a = 'X'"),
    ("postgresql", "a > '1'", "a > 1"),
    ("postgresql", "kind IN ('a', 'b')", "kind IN ('b', 'c')"),
    ("postgresql", "kind IN ('a', 'b')", "kind NOT IN ('a', 'b')"),
    ("postgresql", "a = ANY (b)", "a = ALL (b)"),
    ("mysql", "a like 'x%'", "a like 'X%'"),
    ("sqlite", "a IS NULL", "a IS NOT NULL"),
    ("sqlite", "a AND NOT b", "NOT (a AND b)"),
]


@pytest.mark.parametrize(("dialect", "printed", "written"), SAME)
def test_what_a_server_prints_is_what_was_written(dialect: str, printed: str, written: str) -> None:
    assert canonical_sql(printed, dialect) == canonical_sql(written, dialect)


@pytest.mark.parametrize(("dialect", "one", "other"), DIFFERENT)
def test_different_expressions_stay_different(dialect: str, one: str, other: str) -> None:
    assert canonical_sql(one, dialect) != canonical_sql(other, dialect)


def test_what_cannot_be_parsed_is_compared_as_text() -> None:
    assert canonical_sql("( a ??? b )", "sqlite") == canonical_sql("a  ??? b", "sqlite")
    assert canonical_sql("a ??? b", "sqlite") != canonical_sql("a ??? c", "sqlite")


def test_a_negated_equality_is_an_inequality_in_parentheses_too() -> None:
    assert canonical_sql("NOT (a = 7)", "postgresql") == canonical_sql("NOT a = 7", "postgresql") == canonical_sql("a <> 7", "postgresql")
    assert canonical_sql("NOT (a = 7 OR b)", "postgresql") != canonical_sql("a <> 7 OR b", "postgresql")
