"""What is frozen and thawed compiles to the same DDL on every dialect, also after it crossed as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateSequence, CreateTable

from gitmig.schema.freeze import freeze
from gitmig.schema.jsonform import from_json, to_json
from gitmig.schema.spelling import DIALECTS, dialect_named
from gitmig.schema.thaw import is_stub, thaw
from tests.unit.schema.corpus import MODELS, metadata_of

Fill = Callable[[sa.MetaData], None]


def _compiled(construct: Any, dialect: Any) -> str:
    """The DDL, or which error there is instead of it: a type that the dialect lacks."""
    try:
        return str(construct.compile(dialect=dialect))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def ddl(metadata: sa.MetaData, dialect_name: str) -> dict[str, str]:
    dialect = dialect_named(dialect_name)
    found = {}
    for key, table in metadata.tables.items():
        if is_stub(table):
            continue
        found[key] = _compiled(CreateTable(table), dialect)
        for index in table.indexes:
            only = index._ddl_if.dialect if index._ddl_if else None
            if only is not None and dialect_name not in only:
                continue
            found[f"{key}.{index.name}"] = _compiled(CreateIndex(index), dialect)
        for constraint in table.foreign_key_constraints:
            if constraint.use_alter:
                found[f"{key}.{constraint.name}"] = _compiled(sa.schema.AddConstraint(constraint), dialect)
    for key, sequence in metadata._sequences.items():
        found[f"sequence {key}"] = _compiled(CreateSequence(sequence), dialect)
    return found


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fill", MODELS, ids=lambda fill: fill.__name__)
def test_thawed_models_compile_to_the_same_ddl(fill: Fill, dialect: str) -> None:
    metadata = metadata_of(fill)
    expected = ddl(metadata, dialect)
    frozen = freeze(metadata)
    assert ddl(thaw(frozen), dialect) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("fill", MODELS, ids=lambda fill: fill.__name__)
def test_models_that_crossed_as_json_compile_to_the_same_ddl(fill: Fill, dialect: str) -> None:
    metadata = metadata_of(fill)
    crossed = from_json(json.loads(json.dumps(to_json(freeze(metadata)))))
    assert ddl(thaw(crossed), dialect) == ddl(metadata, dialect)


@pytest.mark.parametrize("fill", MODELS, ids=lambda fill: fill.__name__)
def test_freezing_a_thawed_schema_gives_it_back(fill: Fill) -> None:
    frozen = freeze(metadata_of(fill))
    crossed = from_json(json.loads(json.dumps(to_json(frozen))))
    assert crossed == frozen
    assert freeze(thaw(frozen)) == frozen
    assert freeze(thaw(crossed)) == frozen
    assert to_json(crossed) == to_json(frozen)
    assert hash(crossed) == hash(frozen)
