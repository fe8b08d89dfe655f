"""A drawn schema that is created is reflected as it was drawn, after normalisation, on every database."""

from __future__ import annotations

from dataclasses import replace

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings

from gitmig.adapters.reflect import reflect
from gitmig.schema.normal import normalise
from gitmig.schema.thaw import thaw
from gitmig.schema.values import Schema
from tests.dialects.test_reflect import differences
from tests.properties.strategies import schemas


def creatable(schema: Schema, dialect: str) -> Schema:
    """Without what the database would refuse: on MariaDB names in double quotes are strings, and a SET NULL needs a nullable column."""
    for table in schema:
        keys = []
        for key in table.foreign_keys:
            required = any(not table.column(name).nullable for name in key.columns)
            keys.append(replace(key, ondelete=None, onupdate=None) if required else key)
        checks = () if dialect in ("mysql", "mariadb") else table.checks
        schema = schema.with_table(replace(table, foreign_keys=tuple(keys), checks=checks))
    return schema


@settings(suppress_health_check=list(HealthCheck))
@given(schema=schemas())
def test_what_was_created_is_reflected(any_database: str, schema: Schema) -> None:
    engine = sa.create_engine(any_database, poolclass=sa.NullPool)
    schema = creatable(schema, engine.dialect.name)
    metadata = thaw(schema)
    with engine.connect() as connection:
        metadata.create_all(connection)
        connection.commit()
        try:
            expected = normalise(schema, connection.dialect)
            found = normalise(reflect(connection), connection.dialect)
        finally:
            connection.rollback()
            metadata.drop_all(connection)
            connection.commit()
    assert not differences(expected, found), "\n".join(differences(expected, found))
    assert found == expected
