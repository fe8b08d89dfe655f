"""``alembic.operations.batch``: the rebuild of a table, for packages that ask for the name of the new one."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gitmig.runtime.batch import BatchBlock as BatchOperationsImpl

__all__ = ["ApplyBatchImpl", "BatchOperationsImpl"]

_LONGEST = 50


class ApplyBatchImpl:
    """A rebuild to be: the old table and what is given for the new one. gitmig plans and makes the rebuild itself."""

    def __init__(
        self,
        impl: Any,
        table: sa.Table,
        table_args: tuple[Any, ...],
        table_kwargs: dict[str, Any],
        reflected: bool,
        partial_reordering: tuple[Any, ...] = (),
    ) -> None:
        self.impl = impl
        self.table = table
        self.table_args = table_args
        self.table_kwargs = table_kwargs
        self.reflected = reflected
        self.partial_reordering = partial_reordering
        self.temp_table_name = self._calc_temp_name(table.name)

    @classmethod
    def _calc_temp_name(cls, tablename: str) -> str:
        """What the new table is called until it takes the old one's place."""
        return f"_alembic_tmp_{tablename}"[:_LONGEST]
