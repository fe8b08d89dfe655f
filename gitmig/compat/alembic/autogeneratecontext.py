"""``AutogenContext``: what comparators and renderers are given."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from gitmig.compat.alembic import ddldialects as ddldialects  # makes those of SQLAlchemy's own dialects known
from gitmig.compat.alembic.ddlimpl import DefaultImpl, impl_of
from gitmig.compat.alembic.util import CommandError
from gitmig.compat.alembic.utildispatch import PriorityDispatcher


class AutogenContext:
    """``opts`` are the keywords of ``context.configure()``; ``imports`` are the import lines that rendered code needs."""

    metadata: Any = None
    connection: Any = None
    imports: set[str] = None  # type: ignore[assignment]
    comparators: PriorityDispatcher

    def __init__(self, migration_context: Any, metadata: Any = None, opts: dict[str, Any] | None = None, autogenerate: bool = True) -> None:
        """Raises CommandError offline, where there is no database to compare with."""
        if autogenerate and migration_context is not None and migration_context.as_sql:
            raise CommandError("autogenerate can't use as_sql=True as it prevents querying the database for schema information")
        opts = dict(migration_context.opts) if opts is None else opts
        self.metadata = opts.get("target_metadata") if metadata is None else metadata
        if autogenerate:
            from gitmig.compat.alembic.comparing import every_comparator

            self.comparators = every_comparator(opts.get("autogenerate_plugins"))
        self._object_filters = _filters(opts, "include_object")
        self._name_filters = _filters(opts, "include_name")
        self.migration_context = migration_context
        self.connection = migration_context.bind
        self.dialect = migration_context.dialect
        self.imports = set()
        self.opts: dict[str, Any] = opts
        self._has_batch = False
        self._inspector: Any = None
        self._impl: DefaultImpl | None = None

    @property
    def impl(self) -> DefaultImpl:
        """The dialect's implementation."""
        if self._impl is None:
            self._impl = impl_of(self.migration_context)
        return self._impl

    @property
    def inspector(self) -> Any:
        if self.connection is None:
            raise TypeError("can't return inspector as this AutogenContext has no database connection")
        if self._inspector is None:
            self._inspector = sa.inspect(self.connection)
        return self._inspector

    def inspect_with(self, inspector: Any) -> None:
        """``inspector`` answers where the database would be inspected."""
        self._inspector = inspector

    @property
    def sorted_tables(self) -> list[sa.Table]:
        """The tables of the models, those that others refer to first."""
        return [table for metadata in self.metadatas for table in metadata.sorted_tables]

    @property
    def table_key_to_table(self) -> dict[str, sa.Table]:
        return {key: table for metadata in self.metadatas for key, table in metadata.tables.items()}

    @property
    def metadatas(self) -> list[sa.MetaData]:
        if self.metadata is None:
            return []
        return [self.metadata] if isinstance(self.metadata, sa.MetaData) else list(self.metadata)

    def run_name_filters(self, name: str | None, type_: str, parent_names: dict[str, Any]) -> bool:
        """Whether env.py's ``include_name`` takes a name of the database; ``parent_names`` gains ``schema_qualified_table_name``."""
        if type_ in ("table", "column", "index", "unique_constraint", "foreign_key_constraint", "check_constraint"):
            table = name if type_ == "table" else parent_names.get("table_name")
            schema = parent_names.get("schema_name")
            if table:
                parent_names["schema_qualified_table_name"] = f"{schema}.{table}" if schema else table
        return all(each(name, type_, parent_names) for each in self._name_filters)

    def run_object_filters(self, object_: Any, name: Any, type_: str, reflected: bool, compare_to: Any) -> bool:
        """Whether env.py's ``include_object`` takes a thing."""
        return all(each(object_, name, type_, reflected, compare_to) for each in self._object_filters)

    run_filters = run_object_filters

    @contextmanager
    def _within_batch(self) -> Iterator[None]:
        self._has_batch = True
        yield
        self._has_batch = False


def _filters(opts: dict[str, Any], name: str) -> list[Callable[..., bool]]:
    given = opts.get(name)
    return [] if given is None else [given]
