"""How two columns of one name differ on a dialect."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from gitmig.autogen.settings import Differs, Settings
from gitmig.ops import UNSET, ColumnChange
from gitmig.schema.serial import sequence_asked
from gitmig.schema.values import Column, Table


@dataclass(frozen=True, slots=True)
class ColumnDiff:
    """``change`` is what ALTER COLUMN can do; ``remade``: the column must be dropped and added, because what generates it differs."""

    change: ColumnChange
    remade: bool = False

    def __bool__(self) -> bool:
        return self.remade or bool(self.change.given())


def column_diff(before: Column, after: Column, given: Column, dialect: Any, settings: Settings) -> ColumnDiff:
    """What has to change in ``before`` to make it ``after``, both in their normal form; told as ``given``, which is ``after`` before
    it was normalised."""
    if before.computed != after.computed:
        return ColumnDiff(ColumnChange(), remade=True)
    generated = after.computed is not None
    identity_changes = before.identity != after.identity
    # Where an identity comes or goes, there is no default beside it.
    default_changes = settings.defaults and not generated and after.identity is None and before.default != after.default
    # AUTO_INCREMENT is a column's attribute on MySQL and MariaDB alone, SERIAL is made and taken away on PostgreSQL alone.
    counting_changes = before.autoincrement != after.autoincrement
    if dialect.name == "postgresql" and after.autoincrement is True and sequence_asked(before.default) is not None:
        counting_changes = default_changes = False  # it counts, by a sequence that stands alone
    return ColumnDiff(
        ColumnChange(
            type=given.type if settings.types and before.type != after.type else UNSET,
            nullable=given.nullable if before.nullable != after.nullable and not generated else UNSET,
            default=given.default if default_changes else UNSET,
            identity=given.identity if identity_changes else UNSET,
            autoincrement=after.autoincrement if counting_changes and dialect.name in ("mysql", "mariadb") else UNSET,
            comment=after.comment if before.comment != after.comment else UNSET,
            serial=after.autoincrement is True if counting_changes and dialect.name == "postgresql" else UNSET,
        )
    )


def judged(found: ColumnDiff, before: Column, after: Table, differs: Differs) -> ColumnDiff:
    """What was found, and what ``differs`` says against it. ``after`` is the table as it shall be, both as they were given."""
    given = after.column(before.name)
    type_, default = differs("type", before, given, after), differs("default", before, given, after)
    change = found.change
    if type_ is not None:
        change = replace(change, type=given.type if type_ else UNSET)
    if default is not None:
        change = replace(change, default=given.default if default else UNSET)
    return replace(found, change=change)
