"""What a person may do about two operations that contradict each other, in one sentence."""

from __future__ import annotations

from gitmig.ops import (
    AddColumn,
    AddConstraint,
    AlterColumn,
    CreateEnum,
    CreateIndex,
    CreateSchema,
    CreateSequence,
    CreateTable,
    DropColumn,
    DropConstraint,
    DropEnum,
    DropIndex,
    DropSchema,
    DropSequence,
    DropTable,
    Operation,
    RenameTable,
)
from gitmig.ops.columns import UNSET

_MAKES = (CreateTable, AddColumn, CreateIndex, AddConstraint, CreateEnum, CreateSequence, CreateSchema)
_REMOVES = (DropTable, DropColumn, DropIndex, DropConstraint, DropEnum, DropSequence, DropSchema)


def proposal(left: Operation, right: Operation, left_revision: str, right_revision: str) -> str:
    """``left`` and ``right`` as the two revisions have them."""
    if _removes(left) or _removes(right):
        remover, keeper = (left_revision, right_revision) if _removes(left) else (right_revision, left_revision)
        if _removes(left) and _removes(right):
            return f"Take it out of {left_revision} or {right_revision}."
        return f"Decide whether it stays: take the removal out of {remover}, or what uses it out of {keeper}."
    if _renames(left) or _renames(right):
        renamer, user = (left_revision, right_revision) if _renames(left) else (right_revision, left_revision)
        return f"Put {user} after {renamer} and let it use the new name, or take the renaming out."
    if isinstance(left, _MAKES) and isinstance(right, _MAKES):
        return f"Two things have one name: rename one of them, in {left_revision} or in {right_revision}, or let one of the two go."
    return f"Put one after the other and let the later one, {left_revision} or {right_revision}, start from what the earlier one leaves."


def _removes(operation: Operation) -> bool:
    return isinstance(operation, _REMOVES)


def _renames(operation: Operation) -> bool:
    match operation:
        case RenameTable():
            return True
        case AlterColumn(change=change):
            return change.name is not UNSET
        case _:
            return False
