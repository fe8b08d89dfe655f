"""Laws of the schema value: freezing undoes thawing, JSON loses nothing, normal forms are stable."""

from __future__ import annotations

import json

import pytest
from hypothesis import given

from gitmig.schema.freeze import freeze
from gitmig.schema.jsonform import from_json, strip, to_json
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.thaw import thaw
from gitmig.schema.values import Schema
from tests.properties.strategies import schemas, unsound

DIALECTS = ("sqlite", "postgresql", "mysql", "mariadb")


@given(schemas())
def test_drawn_schemas_are_sound(schema: Schema) -> None:
    assert unsound(schema) == []


@given(schemas())
def test_freezing_a_thawed_schema_gives_it_back(schema: Schema) -> None:
    assert freeze(thaw(schema)) == schema


@given(schemas())
def test_json_loses_nothing(schema: Schema) -> None:
    crossed = from_json(json.loads(json.dumps(to_json(schema))))
    assert crossed == schema
    assert hash(crossed) == hash(schema)
    assert strip(freeze(thaw(schema))) == schema


@pytest.mark.parametrize("dialect", DIALECTS)
@given(schema=schemas())
def test_a_schema_and_its_frozen_twin_have_one_normal_form(schema: Schema, dialect: str) -> None:
    twin = freeze(thaw(schema))
    assert normalise(twin, dialect_named(dialect)) == normalise(schema, dialect_named(dialect))
    assert normalise(strip(twin), dialect_named(dialect)) == normalise(schema, dialect_named(dialect))
