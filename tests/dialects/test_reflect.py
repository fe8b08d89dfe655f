"""What create_all made is reflected as what was frozen, after normalisation, on every database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.adapters.reflect import reflect, reflect_table
from gitmig.schema.freeze import freeze
from gitmig.schema.jsonform import strip
from gitmig.schema.normal import normalise
from gitmig.schema.values import Schema
from tests.dialects import livecorpus

Fill = Callable[[sa.MetaData], None]


def differences(left: Schema, right: Schema) -> list[str]:
    """The parts that differ, for a readable failure."""
    found = []
    for name in sorted({*left.tables, *right.tables}, key=lambda each: each.sort_key()):
        one, other = left.tables.get(name), right.tables.get(name)
        if one is None or other is None:
            found.append(f"{name}: {one is not None} {other is not None}")
            continue
        for part in ("columns", "primary_key", "foreign_keys", "uniques", "checks", "excludes", "indexes", "comment", "options"):
            ours, theirs = getattr(one, part), getattr(other, part)
            if isinstance(ours, tuple) and isinstance(theirs, tuple):
                found += [f"{name} {part} frozen: {each}" for each in ours if each not in theirs]
                found += [f"{name} {part} reflected: {each}" for each in theirs if each not in ours]
            elif ours != theirs:
                found.append(f"{name} {part}: {ours} / {theirs}")
    for part in ("enums", "sequences", "schemas"):
        if getattr(left, part) != getattr(right, part):
            found.append(f"{part}: {getattr(left, part)} / {getattr(right, part)}")
    return found


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("fill", livecorpus.MODELS, ids=lambda fill: fill.__name__)
def test_what_was_created_is_reflected(fill: Fill, any_database: str) -> None:
    engine = sa.create_engine(any_database)
    try:
        metadata: Any = sa.MetaData()
        livecorpus.fill(fill, metadata, engine)
        frozen = freeze(metadata)
        schemas = (None, *sorted(frozen.schemas))
        with engine.begin() as connection:
            for name in frozen.schemas:
                connection.execute(sa.schema.CreateSchema(name))
            metadata.create_all(connection)
        with engine.connect() as connection:
            reflected = reflect(connection, schemas=schemas)
            expected = normalise(frozen, connection.dialect)
            found = differences(expected, normalise(reflected, connection.dialect))
            assert not found, "\n".join(found)
            assert expected == normalise(reflected, connection.dialect)
            assert normalise(strip(frozen), connection.dialect) == expected
            for table in reflected:
                assert reflect_table(connection, table.name) == table
    finally:
        engine.dispose()
