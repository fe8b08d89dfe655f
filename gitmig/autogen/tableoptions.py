"""Options of tables that stand on both sides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from gitmig import ops
from gitmig.autogen.filtering import filtered
from gitmig.autogen.settings import Settings
from gitmig.schema.tableoptions import option_changes
from gitmig.schema.values import Schema, Table


def option_operations(before: Schema, after: Schema, dialect: Any) -> Iterator[ops.AlterTable]:
    """One operation for each table whose options differ in what the dialect can change."""
    for old, new in _pairs(before, after):
        changed, _left = option_changes(old, new, dialect)
        if changed:
            yield ops.AlterTable(new.name, (), table_options=changed)


def options_left(before: Schema, after: Schema, dialect: Any, settings: Settings) -> tuple[str, ...]:
    """A sentence for each table whose options differ in what no ALTER TABLE changes."""
    before, after = filtered(before, after, dialect, settings)
    found = []
    for old, new in _pairs(before, after):
        _changed, left = option_changes(old, new, dialect)
        if left:
            words = f"{', '.join(left)} of table {new.name} {'differ' if len(left) > 1 else 'differs'} from the models"
            found.append(f"{words}: {dialect.name} cannot change that in place, and nothing is generated for it. Write a revision by hand.")
    return tuple(found)


def _pairs(before: Schema, after: Schema) -> Iterator[tuple[Table, Table]]:
    for table in after:
        if table.name in before.tables:
            yield before.tables[table.name], table
