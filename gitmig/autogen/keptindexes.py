"""The index that MySQL and MariaDB make for a foreign key stays when the key goes: it is dropped after it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from gitmig import ops
from gitmig.schema.values import ForeignKey, Index, IndexElement, Schema, Table, TableName


def with_kept_indexes(before: Schema, operations: Sequence[ops.Operation], dialect: Any) -> tuple[ops.Operation, ...]:
    """The operations, and the drops of indexes that only the server knows of.

    There is one where no other index or key began with the columns of the foreign key, and the server drops it by itself as soon as one
    does (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html: "may be dropped silently later").
    """
    if dialect.name not in ("mysql", "mariadb") or not any(isinstance(each, ops.DropConstraint) for each in operations):
        return tuple(operations)
    states = [before]
    for operation in operations:
        states.append(operation.apply(states[-1]))
    final = states[-1]
    places: dict[int, list[ops.Operation]] = {}
    for place, operation in enumerate(operations):
        if isinstance(operation, ops.DropConstraint):
            left = _left_by(operation, states[place], final)
            if left is not None:
                last = _last_drop(operations, operation.table)
                places.setdefault(last, []).append(ops.DropIndex(operation.table, left.name, left, if_exists=True))
    return tuple(_merged(operations, places))


def _merged(operations: Sequence[ops.Operation], places: dict[int, list[ops.Operation]]) -> Iterator[ops.Operation]:
    for place, operation in enumerate(operations):
        yield operation
        yield from places.get(place, ())


def _last_drop(operations: Sequence[ops.Operation], table: TableName) -> int:
    """Where no foreign key that goes may rest on the index any more."""
    return max(place for place, each in enumerate(operations) if isinstance(each, ops.DropConstraint) and each.table == table)


def _left_by(operation: ops.DropConstraint, state: Schema, final: Schema) -> Index | None:
    """The index that is left when the foreign key goes and everything else is done; None for none."""
    table, after = state.tables.get(operation.table), final.tables.get(operation.table)
    key = operation.find(table) if table is not None else None
    if table is None or after is None or not isinstance(key, ForeignKey):
        return None
    if not all(after.has_column(column) for column in key.columns):
        return None
    rest = [each.columns for each in table.foreign_keys if each is not key]
    if _begins(rest, key.columns, longer=True) or _begins(_indexed(table), key.columns):
        return None
    if _begins([each.columns for each in after.foreign_keys], key.columns) or _begins(_indexed(after), key.columns):
        return None
    return Index(_index_name(key, table), tuple(IndexElement(column) for column in key.columns))


def _indexed(table: Table) -> list[tuple[str, ...]]:
    keys = [table.primary_key.columns] if table.primary_key is not None else []
    return [*keys, *(each.columns for each in table.uniques), *(each.columns() for each in table.indexes)]


def _begins(keys: Sequence[tuple[str, ...]], columns: tuple[str, ...], *, longer: bool = False) -> bool:
    return any(key[: len(columns)] == columns and (len(key) > len(columns) or not longer) for key in keys)


def _index_name(key: ForeignKey, table: Table) -> str:
    """The key's name; for one that the server named, that of its first column."""
    if key.name is not None and re.fullmatch(rf"{re.escape(table.name.name)}_ibfk_\d+", key.name) is None:
        return key.name
    taken = {index.name for index in table.indexes} | {unique.name for unique in table.uniques}
    name, number = key.columns[0], 1
    while name in taken:
        number += 1
        name = f"{key.columns[0]}_{number}"
    return name
