"""``with op.batch_alter_table(...) as batch:`` — several changes of one table as one operation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Literal

import sqlalchemy as sa

from gitmig import ops
from gitmig.errors import CommandError, SchemaError, UsageError
from gitmig.runtime.building import Builder
from gitmig.runtime.directives import Directives
from gitmig.runtime.run import Run
from gitmig.schema.values import Options, Schema, Table, TableName


@dataclass(frozen=True, slots=True)
class BatchArguments:
    """What a batch block was given beside the table's name: the script's own objects, for the rebuild.

    ``partial_reordering``: tuples of column names in the order wanted; ``copy_from``: the table to take instead of a reflected one;
    ``table_args`` / ``table_kwargs``: added to the new table; ``reflect_args`` / ``reflect_kwargs``: for reflecting the old one;
    ``naming_convention``: names that unnamed constraints of the old table get, so that they can be dropped by name.
    """

    partial_reordering: tuple[tuple[str, ...], ...] = ()
    copy_from: sa.Table | None = None
    table_args: tuple[Any, ...] = ()
    table_kwargs: Mapping[str, Any] = field(default_factory=dict)
    reflect_args: tuple[Any, ...] = ()
    reflect_kwargs: Mapping[str, Any] = field(default_factory=dict)
    naming_convention: Mapping[str, Any] | None = None


class BatchBlock:
    """One batch block: a run that collects, and performs what it has as one operation when the block ends.

    ``operations`` is the ``op`` that it stands in. The block is the ``impl`` of its directives, which packages ask for ``table_name`` and
    ``schema``.
    """

    def __init__(self, operations: Any, table: TableName, recreate: Literal["auto", "always", "never"], arguments: BatchArguments) -> None:
        self.operations = operations
        self.table_ = table
        self.recreate: Literal["auto", "always", "never"] = recreate
        self.arguments = arguments
        self.collected: list[ops.Operation] = []
        self._run: Run = operations.run

    @property
    def table_name(self) -> str:
        return self.table_.name

    @property
    def schema(self) -> str | None:
        return self.table_.schema

    @property
    def dialect(self) -> Any:
        return self._run.dialect

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        return self._run.naming_convention

    @property
    def keeps_unsaid(self) -> bool:
        return self._run.keeps_unsaid

    @property
    def context(self) -> Any:
        return self._run.context

    def perform(self, operation: ops.Operation) -> None:
        """When the block ends."""
        self.collected.append(operation)

    def natively(self, operation: ops.Operation) -> None:
        self.perform(operation)

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """At once, before what the block has collected."""
        self._run.execute(statement, execution_options)

    def bind(self) -> Any:
        return self._run.bind()

    def table(self, name: TableName) -> Any:
        return self._run.table(name)

    def flush(self) -> None:
        """Perform what was collected. Nothing collected is still a rebuild where ``recreate`` is "always".

        Raises ValueError where a rebuild should drop a constraint without a name; real scripts catch it and go another way.
        """
        may_rebuild = self.recreate == "always" or (self.recreate == "auto" and self.dialect.name == "sqlite")
        if may_rebuild and any(isinstance(each, ops.DropConstraint) and each.name is None for each in self.collected):
            self.collected = []
            raise ValueError("Constraint must have a name")
        if self.collected or self.recreate == "always":
            collected, self.collected = tuple(self.collected), []
            options: Options = ()
            if self.recreate == "always" and self.dialect.name != "sqlite":
                collected, options = self._in_place(collected)
            self._run.perform(ops.AlterTable(self.table_, collected, self.recreate, self.arguments, options))

    def _in_place(self, collected: tuple[ops.Operation, ...]) -> tuple[tuple[ops.Operation, ...], Options]:
        """Where ALTER TABLE can do it all, nothing is rebuilt: what ``table_args`` and ``table_kwargs`` bring comes by itself behind the
        rest. MySQL and MariaDB can put a new column at its place; elsewhere that alone would take a copy of all rows, and the keys of other
        tables with it, so it stands last."""
        placed = self._placed(collected)
        args, keywords = self.arguments.table_args, self.arguments.table_kwargs
        if not args and not keywords:
            return placed, ()
        from gitmig.ddl.generic import advanced
        from gitmig.runtime.tableargs import given

        table = self._known("table_args and table_kwargs cannot be put onto it")
        comment = keywords.get("comment")
        schema = Schema({self.table_: replace(table, name=self.table_)})
        members = placed
        for each in members:
            schema = advanced(schema, each)
        brought, options = given(schema.table(self.table_), args, {name: value for name, value in keywords.items() if name != "comment"})
        if comment is not None:
            brought.append(ops.SetTableComment(self.table_, comment))
        return (*members, *brought), options

    def _placed(self, collected: tuple[ops.Operation, ...]) -> tuple[ops.Operation, ...]:
        """What stands before a column stands behind the one before that: ALTER TABLE knows only FIRST and AFTER."""
        if self.dialect.name not in ("mysql", "mariadb"):
            plain = (
                replace(each, before_column=None, after_column=None) if isinstance(each, ops.AddColumn) else each for each in collected
            )
            return tuple(plain)
        if not any(isinstance(each, ops.AddColumn) and each.before_column is not None for each in collected):
            return collected
        from gitmig.ddl.generic import advanced

        schema = Schema({self.table_: replace(self._known("no column can be put before another"), name=self.table_)})
        placed: list[ops.Operation] = []
        for each in collected:
            names = [column.name for column in schema.table(self.table_).columns]
            if isinstance(each, ops.AddColumn) and each.before_column in names[1:]:
                each = replace(each, before_column=None, after_column=names[names.index(each.before_column) - 1])
            placed.append(each)
            schema = advanced(schema, each)
        return tuple(placed)

    def _known(self, otherwise: str) -> Table:
        from gitmig.schema.freeze import freeze_table

        copied = self.arguments.copy_from
        table: Table | None = freeze_table(copied) if copied is not None else self.table(self.table_)
        if table is None:
            raise SchemaError(
                f"table {self.table_} is not known here, so {otherwise}",
                "Give it as copy_from= of batch_alter_table, or use the directives themselves in the block.",
            )
        return table

    def is_rebuilt(self) -> bool:
        """Whether the table is rebuilt for what was collected so far."""
        from gitmig.ddl import needs_foreign_keys_off

        if self.recreate != "auto":
            return self.recreate == "always"
        group = ops.AlterTable(self.table_, tuple(self.collected), self.recreate, self.arguments)
        return needs_foreign_keys_off(group, self.dialect)


class BatchOperations(Directives):
    """The directives of a batch block: as ``op``'s, without the table's name and schema; collected until the block ends."""

    _stands_for: ClassVar[dict[type[Any], tuple[tuple[str, str], ...]]] = {}

    def __init__(self, migration_context: Any, impl: Any = None) -> None:
        if not isinstance(impl, BatchBlock):
            raise UsageError("a batch block is begun by op.batch_alter_table()", "Write `with op.batch_alter_table(...) as batch_op:`.")
        super().__init__(impl, impl)
        self._block = impl
        self._build = Builder(impl)

    # -- at once

    def execute(self, sqltext: Any, *, execution_options: Mapping[str, Any] | None = None) -> None:
        """At once, before what the block has collected."""
        self._block.execute(sqltext, execution_options)

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
    ) -> Any:
        """A block of its own, made when it ends: before this one."""
        return self._block.operations.batch_alter_table(
            table_name,
            schema,
            recreate,
            partial_reordering,
            copy_from,
            table_args,
            table_kwargs,
            reflect_args,
            reflect_kwargs,
            naming_convention,
        )

    # -- collected

    def add_column(
        self,
        column: sa.Column[Any],
        *,
        insert_before: str | None = None,
        insert_after: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        """``insert_before`` and ``insert_after`` need a rebuild: ``recreate="always"``, or on SQLite what the block has asked for before.

        Raises CommandError without one.
        """
        if (insert_before or insert_after) and not self._block.is_rebuilt():
            raise CommandError(
                "Can't specify insert_before or insert_after when using ALTER; please specify recreate='always'",
                "Or leave them out: the column then stands last.",
            )
        self._block.collected += self._build.add_column(
            self._block.table_,
            column,
            if_not_exists=if_not_exists,
            inline_references=inline_references,
            inline_primary_key=inline_primary_key,
            before_column=insert_before,
            after_column=insert_after,
        )

    def alter_column(
        self,
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
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        """``insert_before`` and ``insert_after`` are taken and change nothing, as in Alembic."""
        self._block.collected += self._build.alter_column(
            self._block.table_,
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
        )

    def drop_column(self, column_name: str, **kw: Any) -> None:
        self._block.collected.append(self._build.drop_column(self._block.table_, column_name, kw))

    def create_primary_key(self, constraint_name: str | None, columns: Sequence[str]) -> None:
        self._block.collected.append(self._build.primary_key(self._block.table_, constraint_name, columns, {}))

    def create_foreign_key(
        self,
        constraint_name: str | None,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        *,
        referent_schema: str | None = None,
        onupdate: str | None = None,
        ondelete: str | None = None,
        deferrable: bool | None = None,
        initially: str | None = None,
        match: str | None = None,
        **dialect_kw: Any,
    ) -> None:
        rules = {"onupdate": onupdate, "ondelete": ondelete, "deferrable": deferrable, "initially": initially, "match": match}
        target = TableName(referent_table, referent_schema)
        keywords = {**rules, **dialect_kw}
        self._block.collected.append(
            self._build.foreign_key(self._block.table_, target, constraint_name, local_cols, remote_cols, keywords)
        )

    def create_unique_constraint(self, constraint_name: str | None, columns: Sequence[str], **kw: Any) -> None:
        self._block.collected.append(self._build.unique(self._block.table_, constraint_name, columns, kw))

    def create_check_constraint(self, constraint_name: str | None, condition: Any, **kw: Any) -> None:
        self._block.collected.append(self._build.check(self._block.table_, constraint_name, condition, kw))

    def create_exclude_constraint(self, constraint_name: str, *elements: Any, **kw: Any) -> None:
        self._block.collected.append(self._build.exclude(self._block.table_, constraint_name, elements, kw))

    def drop_constraint(self, constraint_name: str, type_: str | None = None) -> None:
        self._block.collected.append(self._build.drop_constraint(self._block.table_, constraint_name, type_))

    def create_index(self, index_name: str | None, columns: Sequence[Any], **kw: Any) -> None:
        self._block.collected.append(self._build.create_index(self._block.table_, index_name, columns, kw))

    def drop_index(self, index_name: str, **kw: Any) -> None:
        self._block.collected.append(self._build.drop_index(index_name, self._block.table_.name, self._block.table_.schema, kw))

    def create_table_comment(self, comment: str | None, *, existing_comment: str | None = None) -> None:
        self._block.collected.append(ops.SetTableComment(self._block.table_, comment))

    def drop_table_comment(self, *, existing_comment: str | None = None) -> None:
        self._block.collected.append(ops.SetTableComment(self._block.table_, None))
