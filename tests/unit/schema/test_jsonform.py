"""JSON of values: what is written, and what is refused."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest

from gitmig.errors import SchemaError
from gitmig.ops import AddColumn
from gitmig.schema.jsonform import FORM, VALUES, NoForm, dump, from_json, load, strip, to_json
from gitmig.schema.values import Column, Schema, ServerDefault, Sql, Table, TableName, Type, Unique

COLUMN = Column("a", Type("sqlalchemy.String", (("length", 5),)), default=ServerDefault("literal", ""))


def test_only_what_differs_from_the_defaults_is_written() -> None:
    assert dump(Column("a", Type("sqlalchemy.Integer"))) == {
        "is": "Column",
        "name": "a",
        "type": {"is": "Type", "path": "sqlalchemy.Integer"},
    }


def test_false_and_zero_and_none_stay_apart() -> None:
    values = [Type("t", (("a", each),)) for each in (False, 0, None, "", 0.0, True, 1)]
    loaded = [load(json.loads(json.dumps(dump(value)))) for value in values]
    assert [(repr(value), value) for value in loaded] == [(repr(value), value) for value in values]


def test_equal_types_that_are_not_the_same_are_not_confused_when_they_are_read() -> None:
    columns = (Column("a", Type("t", (("x", True),))), Column("b", Type("t", (("x", 1),))))
    schema = Schema({TableName("t"): Table(TableName("t"), columns)})
    again = from_json(json.loads(json.dumps(to_json(schema)))).table(TableName("t"))
    assert repr(again.columns) == repr(columns)


def test_what_is_not_compared_and_plain_crosses_too() -> None:
    unique = Unique(("a",), "u", conventional=True, made="t_a_key")
    again = load(dump(unique))
    assert (again.conventional, again.made) == (True, "t_a_key")


def test_an_object_that_is_not_compared_stays_behind() -> None:
    sql = Sql("a", original=None)
    assert strip(sql) == sql
    assert "original" not in dump(sql)


def test_operations_cross_with_their_own_kinds() -> None:
    operation = AddColumn(TableName("t"), COLUMN)
    assert load(json.loads(json.dumps(dump(operation))), {**VALUES, "AddColumn": AddColumn}) == operation
    with pytest.raises(SchemaError, match="AddColumn"):
        load(dump(operation))


def test_another_form_is_refused() -> None:
    data = to_json(Schema())
    assert data["form"] == FORM
    with pytest.raises(SchemaError, match="form 999"):
        from_json({**data, "form": 999})


def test_what_has_no_json_is_refused() -> None:
    @dataclass(frozen=True)
    class Holder:
        value: object

    with pytest.raises(NoForm, match="object"):
        dump(Holder(object()))


def test_the_same_schema_is_the_same_text_whatever_the_order_of_its_tables() -> None:
    one, other = Table(TableName("a"), (COLUMN,)), Table(TableName("b", "s"), (COLUMN,))
    left = Schema({one.name: one, other.name: other}, schemas=frozenset({"s", "t"}))
    right = Schema({other.name: other, one.name: one}, schemas=frozenset({"t", "s"}))
    assert json.dumps(to_json(left)) == json.dumps(to_json(right))
