"""A column dropped and added: the way where a database cannot make it generated, or no longer, in place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from gitmig import ops
from gitmig.ddl.statement import AnyStatement
from gitmig.errors import SchemaError

if TYPE_CHECKING:
    from gitmig.ddl.generic import Generic


def readded(writer: Generic, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
    """Drops the column and adds it as it is afterwards, with the keys, checks and indexes that went with it.

    Raises SchemaError where the column's definition is not known (offline, of a table that no revision made).
    """
    before = step.before.tables.get(op.table)
    if before is None:
        raise SchemaError(
            f"column {op.table}.{op.name} has to be dropped and added, and its definition is not known here",
            "Say it in the script: op.drop_column(...) and op.add_column(...)",
        )
    column = replace(before.column(op.name), original=None)
    given = {name: value for name, value in op.change.given().items() if name in ("type", "nullable", "default", "computed", "identity")}
    column = replace(column, **given)
    if column.computed is not None:
        column = replace(column, default=None, identity=None)
    drop = ops.DropColumn(op.table, op.name)
    after = drop.apply(step.before).table(op.table)
    yield from writer.drop_column(step, drop)
    yield from writer.add_column(ops.AddColumn(op.table, column))
    for constraint in before.constraints():
        if constraint not in after.constraints():
            yield from writer.add_constraint(step, ops.AddConstraint(op.table, constraint))
    for index in before.indexes:
        if index not in after.indexes:
            yield writer.create_index(ops.CreateIndex(op.table, index))
