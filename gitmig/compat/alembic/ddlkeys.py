"""What a foreign key says, as Alembic tells it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa


def _fk_spec(constraint: sa.ForeignKeyConstraint) -> tuple[Any, ...]:
    """Schema, table and columns of both ends, then onupdate, ondelete, deferrable and initially."""
    table = constraint.parent
    assert isinstance(table, sa.Table)
    target = constraint.elements[0].column.table
    assert isinstance(target, sa.Table)
    return (
        table.schema,
        table.name,
        [column.name for column in constraint.columns],
        target.schema,
        target.name,
        [element.column.name for element in constraint.elements],
        constraint.onupdate,
        constraint.ondelete,
        constraint.deferrable,
        constraint.initially,
    )
