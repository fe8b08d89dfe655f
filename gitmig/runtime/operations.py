"""``Operations``: the directives that scripts call as ``op.xxx``, each turned into operations that the run performs.

Names, arguments and defaults are Alembic's; arguments after ``*`` are keywords.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, Literal

import sqlalchemy as sa

from gitmig import ops
from gitmig.runtime.batch import BatchArguments, BatchBlock, BatchOperations
from gitmig.runtime.building import Builder
from gitmig.runtime.directives import Directives
from gitmig.schema.values import TableName


class Operations(Directives):
    """The directives over one run."""

    _stands_for: ClassVar[dict[type[Any], tuple[tuple[str, str], ...]]] = {}

    def __init__(self, migration_context: Any, impl: Any = None) -> None:
        super().__init__(migration_context, impl)
        self._build = Builder(self.run)

    def execute(self, sqltext: Any, *, execution_options: Mapping[str, Any] | None = None) -> None:
        """Run SQL text (``:name`` is a bound value, ``\\:`` a colon) or any SQLAlchemy executable."""
        self.run.execute(sqltext, execution_options)

    # -- tables

    def create_table(self, table_name: str, *columns: Any, if_not_exists: bool | None = None, **kw: Any) -> sa.Table:
        """CREATE TABLE of columns, constraints and indexes; returns the Table, as ``bulk_insert`` takes it."""
        table, operation = self._build.create_table(table_name, columns, if_not_exists, kw)
        self.run.perform(operation)
        return table

    def drop_table(self, table_name: str, *, schema: str | None = None, if_exists: bool | None = None, **kw: Any) -> None:
        self.run.perform(self._build.drop_table(table_name, schema, if_exists))

    def rename_table(self, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        """Within one schema."""
        self.run.perform(ops.RenameTable(TableName(old_table_name, schema), TableName(new_table_name, schema)))

    def create_table_comment(
        self, table_name: str, comment: str | None, *, existing_comment: str | None = None, schema: str | None = None
    ) -> None:
        self.run.perform(ops.SetTableComment(TableName(table_name, schema), comment))

    def drop_table_comment(self, table_name: str, *, existing_comment: str | None = None, schema: str | None = None) -> None:
        self.run.perform(ops.SetTableComment(TableName(table_name, schema), None))

    def bulk_insert(self, table: Any, rows: list[dict[str, Any]], *, multiinsert: bool = True) -> None:
        """INSERT the rows: all in one statement, or one each (needed where a value is an expression)."""
        if not isinstance(rows, list):
            raise TypeError("List expected")
        if rows and not isinstance(rows[0], dict):
            raise TypeError("List of dictionaries expected")
        name = TableName(str(table.name), getattr(table, "schema", None))
        self.run.perform(ops.InsertRows(name, len(rows), table, rows, multiinsert))

    # -- columns

    def add_column(
        self,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """ADD COLUMN, then the foreign keys, unique constraints and indexes that the Column brings."""
        for operation in self._build.add_column(
            TableName(table_name, schema),
            column,
            if_not_exists=if_not_exists,
            inline_references=inline_references,
            inline_primary_key=inline_primary_key,
        ):
            self.run.perform(operation)

    def alter_column(
        self,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: Any = None,
        existing_type: Any = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        """ALTER COLUMN; for ``comment`` and ``server_default`` False is "leave it", None "drop it".

        ``kw``: autoincrement, existing_autoincrement, postgresql_using; what else real files pass is taken, as Alembic does.
        """
        for operation in self._build.alter_column(
            TableName(table_name, schema),
            column_name,
            nullable=nullable,
            comment=comment,
            server_default=server_default,
            new_column_name=new_column_name,
            type_=type_,
            existing_type=existing_type,
            existing_server_default=existing_server_default,
            existing_nullable=existing_nullable,
            existing_comment=existing_comment,
            **kw,
        ):
            self.run.perform(operation)

    def drop_column(self, table_name: str, column_name: str, *, schema: str | None = None, **kw: Any) -> None:
        """``kw``: if_exists, and the mssql_drop_... options."""
        self.run.perform(self._build.drop_column(TableName(table_name, schema), column_name, kw))

    # -- constraints

    def create_primary_key(
        self, constraint_name: str | None, table_name: str, columns: Sequence[str], *, schema: str | None = None
    ) -> None:
        self.run.perform(self._build.primary_key(TableName(table_name, schema), constraint_name, columns, {}))

    def create_foreign_key(
        self,
        constraint_name: str | None,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        *,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        source_schema: str | None = None,
        referent_schema: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        rules = {"onupdate": onupdate, "ondelete": ondelete, "deferrable": deferrable, "initially": initially, "match": match}
        source = TableName(source_table, source_schema)
        target = TableName(referent_table, referent_schema)
        self.run.perform(self._build.foreign_key(source, target, constraint_name, local_cols, remote_cols, {**rules, **dialect_kw}))

    def create_unique_constraint(
        self, constraint_name: str | None, table_name: str, columns: Sequence[str], *, schema: str | None = None, **kw: Any
    ) -> None:
        self.run.perform(self._build.unique(TableName(table_name, schema), constraint_name, columns, kw))

    def create_check_constraint(
        self, constraint_name: str | None, table_name: str, condition: Any, *, schema: str | None = None, **kw: Any
    ) -> None:
        """``condition`` is SQL text or an expression."""
        self.run.perform(self._build.check(TableName(table_name, schema), constraint_name, condition, kw))

    def create_exclude_constraint(self, constraint_name: str, table_name: str, *elements: Any, **kw: Any) -> None:
        """PostgreSQL's EXCLUDE; ``elements`` are (column or expression, operator), ``kw``: schema, where, using, deferrable, initially."""
        table = TableName(table_name, kw.pop("schema", None))
        self.run.perform(self._build.exclude(table, constraint_name, elements, kw))

    def drop_constraint(
        self,
        constraint_name: str,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        """``type_``: foreignkey, primary, unique or check."""
        self.run.perform(self._build.drop_constraint(TableName(table_name, schema), constraint_name, type_, if_exists))

    # -- indexes

    def create_index(
        self,
        index_name: str | None,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        """``columns`` are names, text() or expressions; ``kw`` the dialects' options (postgresql_where, mysql_length, ...)."""
        keywords = {"unique": unique, "if_not_exists": if_not_exists, **kw}
        self.run.perform(self._build.create_index(TableName(table_name, schema), index_name, columns, keywords))

    def drop_index(
        self, index_name: str, table_name: str | None = None, *, schema: str | None = None, if_exists: bool | None = None, **kw: Any
    ) -> None:
        self.run.perform(self._build.drop_index(index_name, table_name, schema, {"if_exists": if_exists, **kw}))

    # -- groups

    @contextmanager
    def batch_alter_table(
        self,
        table_name: str,
        schema: str | None = None,
        recreate: Literal["auto", "always", "never"] = "auto",
        partial_reordering: Sequence[tuple[str, ...]] | None = None,
        copy_from: sa.Table | None = None,
        table_args: Sequence[Any] = (),
        table_kwargs: Mapping[str, Any] = {},
        reflect_args: Sequence[Any] = (),
        reflect_kwargs: Mapping[str, Any] = {},
        naming_convention: Mapping[str, Any] | None = None,
    ) -> Iterator[BatchOperations]:
        """The directives inside are one change of the table (on SQLite one rebuild), made when the block ends; none if it raises."""
        if recreate not in ("auto", "always", "never"):
            raise ValueError("recreate may be one of 'auto', 'always', or 'never'.")
        arguments = BatchArguments(
            tuple(partial_reordering or ()),
            copy_from,
            tuple(table_args),
            dict(table_kwargs),
            tuple(reflect_args),
            dict(reflect_kwargs),
            dict(naming_convention) if naming_convention else None,
        )
        block = BatchBlock(self, TableName(table_name, schema), recreate, arguments)
        yield BatchOperations(self.run.context, block)
        block.flush()


def directive(name: str) -> Callable[..., Any]:
    """The directive of that name, unbound. Raises AttributeError where there is none."""
    return getattr(Operations, name)  # type: ignore[no-any-return]


DIRECTIVES: tuple[str, ...] = tuple(
    sorted(name for kind in (Operations, Directives) for name, value in vars(kind).items() if callable(value) and not name.startswith("_"))
)
