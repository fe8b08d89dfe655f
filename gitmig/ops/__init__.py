"""Operations: what a revision does to a schema, as values."""

from __future__ import annotations

from gitmig.ops.base import Nothing, Op
from gitmig.ops.columns import UNSET, AddColumn, AlterColumn, ColumnChange, DropColumn
from gitmig.ops.constraints import AddConstraint, DropConstraint
from gitmig.ops.footprint import Footprint, Ref
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
from gitmig.ops.raw import Custom, Execute, InsertRows, Opaque, Place
from gitmig.ops.tables import AlterTable, CreateTable, DropTable, RenameTable, SetTableComment
from gitmig.ops.union import Operation, Step, inverted, members, steps

__all__ = [
    "UNSET",
    "AddColumn",
    "AddConstraint",
    "AlterColumn",
    "AlterTable",
    "ColumnChange",
    "CreateEnum",
    "CreateIndex",
    "CreateSchema",
    "CreateSequence",
    "CreateTable",
    "Custom",
    "DropColumn",
    "DropConstraint",
    "DropEnum",
    "DropIndex",
    "DropSchema",
    "DropSequence",
    "DropTable",
    "Execute",
    "Footprint",
    "InsertRows",
    "Nothing",
    "Op",
    "Opaque",
    "Operation",
    "Place",
    "Ref",
    "RenameTable",
    "SetEnumValues",
    "SetTableComment",
    "Step",
    "inverted",
    "members",
    "steps",
]
