"""What scripts of one project share."""

import sqlalchemy as sa
from alembic import context, op


def table_has_column(table: str, column: str) -> bool:
    inspector = sa.inspect(op.get_bind())
    return any(found["name"] == column for found in inspector.get_columns(table))


def is_sqlite() -> bool:
    return context.get_context().dialect.name == "sqlite"


def conditionally_drop_index(table: str, name: str) -> None:
    if any(index["name"] == name for index in sa.inspect(op.get_bind()).get_indexes(table)):
        op.drop_index(name, table_name=table)
