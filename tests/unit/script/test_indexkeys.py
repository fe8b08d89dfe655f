"""Keys of indexes as scripts write them."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gitmig.schema.freeze import freeze_index
from gitmig.script.tablesource import _in_parentheses


@pytest.mark.parametrize(
    "text", ["a", '"A b"', "a(10)", "a varchar_pattern_ops", "lower(a) text_pattern_ops", "(j) jsonb_path_ops", "(a || b)"]
)
def test_what_is_no_bare_expression_takes_no_parentheses(text: str) -> None:
    assert _in_parentheses(text) == text


@pytest.mark.parametrize("text", ["lower(a)", "a || b", "(a) + (b)", "a isnull", "not a", "f(a) isnull", "case when a then f(b) end"])
def test_an_expression_takes_parentheses(text: str) -> None:
    assert _in_parentheses(text) == f"({text})"


@pytest.mark.parametrize(
    ("text", "key", "sort"),
    [
        ("a DESC", "a", "DESC"),
        ("lower(a)  desc  nulls\nlast", "lower(a)", "DESC NULLS LAST"),
        ("a asc", "a", "ASC"),
        ("a nulls first", "a", "NULLS FIRST"),
        ("a || ' desc'", "a || ' desc'", ""),
        ('"my desc"', '"my desc"', ""),
    ],
)
def test_the_direction_at_the_end_of_a_text_is_the_keys_own(text: str, key: str, sort: str) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.String(5)))
    element = freeze_index(sa.Index("i", sa.text(text), _table=table)).elements[0]
    assert element.sql is not None
    assert (element.sql.text, element.sort) == (key, sort)
