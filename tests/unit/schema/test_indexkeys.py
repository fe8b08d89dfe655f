"""Keys of indexes in their normal form, PostgreSQL's classes of operators among them."""

from __future__ import annotations

import pytest

from gitmig.schema.indexkeys import normal_keys
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Column, IndexElement, Sql, Table, TableName, Type

POSTGRESQL = dialect_named("postgresql")
TABLE = Table(TableName("t"), (Column("name", Type("sqlalchemy.String")), Column("Age", Type("sqlalchemy.Integer"))))


@pytest.mark.parametrize(
    ("text", "key", "kind"),
    [
        ("name varchar_pattern_ops", IndexElement("name"), "varchar_pattern_ops"),
        ("name varchar_pattern_ops DESC", IndexElement("name", None, "DESC"), "varchar_pattern_ops"),
        ('"Age" public.my_ops DESC NULLS LAST', IndexElement("Age", None, "DESC NULLS LAST"), "my_ops"),
        ("name text_ops", IndexElement("name"), None),
        ("name", IndexElement("name"), None),
        ('"Age" desc', IndexElement("Age", None, "DESC"), None),
        ("(name isnull)", None, None),
        ("name isnull", None, None),
    ],
)
def test_a_class_in_a_text_is_read(text: str, key: IndexElement | None, kind: str | None) -> None:
    keys, classes = normal_keys([IndexElement(None, Sql(text))], TABLE, POSTGRESQL)
    assert [name for _, name in classes] == ([kind] if kind else [])
    if key is not None:
        assert keys == (key,)


@pytest.mark.parametrize(
    "written",
    [
        [IndexElement(None, Sql("lower(name) text_pattern_ops"))],
        [IndexElement(None, Sql("(lower(name)) text_pattern_ops"))],
        [IndexElement(None, Sql("lower(name::text)   text_pattern_ops  ASC"))],
    ],
)
def test_a_class_on_an_expression_is_the_same_however_it_is_said(written: list[IndexElement]) -> None:
    told = [IndexElement(None, Sql("lower((name)::text)"), label="key_0")]
    assert normal_keys(written, TABLE, POSTGRESQL) == normal_keys(told, TABLE, POSTGRESQL, (("key_0", "text_pattern_ops"),))


def test_a_class_is_told_only_on_postgresql() -> None:
    keys, classes = normal_keys([IndexElement(None, Sql("lower(name) x"))], TABLE, dialect_named("sqlite"))
    assert classes == ()
    assert keys[0].sql is not None
