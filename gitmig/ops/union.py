"""The closed union of operations, and operations folded over a schema as steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias, cast

from gitmig.ops.base import Nothing
from gitmig.ops.columns import AddColumn, AlterColumn, DropColumn
from gitmig.ops.constraints import AddConstraint, DropConstraint
from gitmig.ops.indexes import CreateIndex, DropIndex
from gitmig.ops.objects import (
    CreateEnum,
    CreateSchema,
    CreateSequence,
    DropEnum,
    DropSchema,
    DropSequence,
    SetEnumValues,
)
from gitmig.ops.raw import Custom, Execute, InsertRows, Opaque
from gitmig.ops.tables import AlterTable, CreateTable, DropTable, RenameTable, SetTableComment
from gitmig.schema.values import Schema

Operation: TypeAlias = (
    CreateTable
    | DropTable
    | RenameTable
    | SetTableComment
    | AlterTable
    | AddColumn
    | DropColumn
    | AlterColumn
    | AddConstraint
    | DropConstraint
    | CreateIndex
    | DropIndex
    | CreateEnum
    | DropEnum
    | SetEnumValues
    | CreateSequence
    | DropSequence
    | CreateSchema
    | DropSchema
    | Execute
    | InsertRows
    | Opaque
    | Nothing
    | Custom
)


@dataclass(frozen=True, slots=True)
class Step:
    """One operation with the schema before and after it."""

    op: Operation
    before: Schema
    after: Schema


def steps(schema: Schema, operations: Iterable[Operation]) -> tuple[Step, ...]:
    """The operations as steps from ``schema`` on. Raises SchemaError at the first that does not fit."""
    result: list[Step] = []
    for operation in operations:
        after = operation.apply(schema)
        result.append(Step(operation, schema, after))
        schema = after
    return tuple(result)


def inverted(forward: Iterable[Step]) -> tuple[Operation, ...]:
    """The operations that undo the steps, last one first."""
    return tuple(cast(Operation, step.op.invert(step.before)) for step in reversed(tuple(forward)))


def members(group: AlterTable | Execute) -> tuple[Operation, ...]:
    """The operations in a group. (The group itself is typed by what every operation offers, so that no module has to know the union.)"""
    return cast("tuple[Operation, ...]", group.ops if isinstance(group, AlterTable) else group.effects)
