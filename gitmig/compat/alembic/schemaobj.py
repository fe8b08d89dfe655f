"""``alembic.operations.schemaobj``: constraints, columns and indexes on tables of which only names are known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import schema as sa_schema
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from gitmig.runtime.constructs import Constructs

__all__ = ["SchemaObjects", "sa_schema"]


class SchemaObjects:
    """``migration_context``: whose ``target_metadata`` has the naming convention; None for SQLAlchemy's own."""

    def __init__(self, migration_context: Any = None) -> None:
        self.migration_context = migration_context

    @property
    def _build(self) -> Constructs:
        context = self.migration_context
        metadata = None if context is None else context.opts.get("target_metadata")
        return Constructs(metadata.naming_convention if isinstance(metadata, sa.MetaData) else None)

    def metadata(self) -> sa.MetaData:
        return self._build.metadata()

    def primary_key_constraint(
        self, name: Any, table_name: str, cols: Sequence[str], schema: str | None = None, **dialect_kw: Any
    ) -> sa.PrimaryKeyConstraint:
        return self._build.primary_key(name, table_name, cols, schema, **dialect_kw)

    def foreign_key_constraint(
        self,
        name: Any,
        source: str,
        referent: str,
        local_cols: list[str],
        remote_cols: list[str],
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        source_schema: str | None = None,
        referent_schema: str | None = None,
        initially: str | None = None,
        match: str | None = None,
        **dialect_kw: Any,
    ) -> sa.ForeignKeyConstraint:
        rules = {"onupdate": onupdate, "ondelete": ondelete, "deferrable": deferrable, "initially": initially, "match": match}
        target = (referent, referent_schema)
        return self._build.foreign_key(name, (source, source_schema), target, local_cols, remote_cols, **rules, **dialect_kw)

    def unique_constraint(
        self, name: Any, source: str, local_cols: Sequence[str], schema: str | None = None, **kw: Any
    ) -> sa.UniqueConstraint:
        return self._build.unique(name, source, local_cols, schema, **kw)

    def check_constraint(self, name: Any, source: str, condition: Any, schema: str | None = None, **kw: Any) -> sa.CheckConstraint:
        return self._build.check(name, source, condition, schema, **kw)

    def exclude_constraint(
        self, name: Any, source: str, elements: Sequence[Any], schema: str | None = None, **kw: Any
    ) -> ExcludeConstraint:
        return self._build.exclude(name, source, elements, schema, **kw)

    def generic_constraint(self, name: Any, table_name: str, type_: str | None, schema: str | None = None, **kw: Any) -> sa.Constraint:
        """A constraint of which DROP CONSTRAINT needs the name and the kind. Raises TypeError for a kind that there is not."""
        kinds: dict[str | None, Any] = {name: name for name in ("foreignkey", "primary", "unique", "check", None)}
        if type_ not in kinds:
            words = ", ".join(sorted(repr(name) for name in kinds))
            raise TypeError(f"'type' can be one of {words}")
        return self._build.named(kinds[type_], name, table_name, schema)

    def index(self, name: Any, tablename: str, columns: Sequence[Any], schema: str | None = None, **kw: Any) -> sa.Index:
        return self._build.index(name, tablename, columns, schema, **kw)

    def table(self, name: str, *columns: Any, **kw: Any) -> sa.Table:
        """The table; ``_constraints_included`` says that its columns' constraints stand among ``columns`` already."""
        included = kw.pop("_constraints_included", False)
        standing = [_stands(item) for item in columns]
        table = self._build.table(
            name, *(_copied(item, included) for item, apart in zip(columns, standing, strict=True) if not apart), **kw
        )
        for item, apart in zip(columns, standing, strict=True):
            if apart and not getattr(item, "_type_bound", False):  # of a type's the copy of its column has made one
                self._build.constrain(table, item)
        return table

    def column(self, name: str, type_: Any, **kw: Any) -> sa.Column[Any]:
        return sa.Column(name, type_, **kw)


def _stands(item: Any) -> bool:
    """Whether it is a constraint of some table."""
    return isinstance(item, sa.Constraint) and getattr(item, "parent", None) is not None


def _copied(item: Any, included: bool) -> Any:
    """A copy of a column that stands in a table, else the thing itself. ``included``: what it makes beside itself is there already."""
    if not isinstance(item, sa.Column):
        return item
    column: sa.Column[Any] = item._copy() if item.table is not None else item
    if included:
        column.unique = column.index = False
    return column
