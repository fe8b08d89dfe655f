"""``table_args`` and ``table_kwargs`` of a batch block, as what they are of the table: constraints, indexes, columns, options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.ops import Operation
from gitmig.schema import freeze
from gitmig.schema.values import Constraint, Options, Table, options


def given(table: Table, table_args: Sequence[Any], table_kwargs: Mapping[str, Any]) -> tuple[list[Operation], Options]:
    """``table_args`` as operations, ``table_kwargs`` as options of the table."""
    if not table_args and not table_kwargs:
        return [], ()
    columns = [sa.Column(each.name, sa.types.NULLTYPE) for each in table.columns]
    items = [_unbound(each) for each in table_args]
    wanted = sa.Table(table.name.name, sa.MetaData(), *columns, *items, schema=table.name.schema, **dict(table_kwargs))
    frozen = freeze.freeze_table(wanted)
    known = {each.name for each in table.columns}
    found: list[Operation] = [ops.AddColumn(table.name, each) for each in frozen.columns if each.name not in known]
    keys = (frozen.primary_key,) if frozen.primary_key is not None and frozen.primary_key.columns and table.primary_key is None else ()
    constraints: tuple[Constraint, ...] = (*keys, *frozen.uniques, *frozen.checks, *frozen.foreign_keys)
    found += [ops.AddConstraint(table.name, each) for each in constraints]
    found += [ops.CreateIndex(table.name, each) for each in frozen.indexes]
    kept = dict(frozen.options)
    if table.primary_key is None or len(table.primary_key.columns) != 1:
        kept.pop("sqlite_autoincrement", None)  # AUTOINCREMENT is for a key of one column
    return found, options(kept)


def _unbound(item: Any) -> Any:
    """A copy of what stands on a table of the script's already."""
    bound = (
        isinstance(item, (sa.Column, sa.Constraint))
        and getattr(item, "table" if isinstance(item, sa.Column) else "parent", None) is not None
    )
    return item._copy() if bound else item
