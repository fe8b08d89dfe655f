"""Operation objects of tables, their comments and their indexes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from gitmig.compat.alembic.opsbase import AlterTableOp, MigrateOperation
from gitmig.compat.alembic.schemaobj import SchemaObjects


class CreateTableOp(MigrateOperation):
    """``columns`` are columns and constraints; ``_constraints_included``: the constraints that columns make are among them."""

    def __init__(
        self,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        _namespace_metadata: sa.MetaData | None = None,
        _constraints_included: bool = False,
        **kw: Any,
    ) -> None:
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.if_not_exists = if_not_exists
        self.__dict__["info"] = kw.pop("info", {})
        self.comment = kw.pop("comment", None)
        self.prefixes = kw.pop("prefixes", None)
        self.kw = kw
        self._namespace_metadata = _namespace_metadata
        self._constraints_included = _constraints_included

    @classmethod
    def from_table(cls, table: sa.Table, *, _namespace_metadata: sa.MetaData | None = None) -> CreateTableOp:
        return cls(
            table.name,
            [*table.columns, *table.constraints],
            schema=table.schema,
            _namespace_metadata=table.metadata if _namespace_metadata is None else _namespace_metadata,
            _constraints_included=True,
            comment=table.comment,
            info=dict(table.info),
            prefixes=list(table._prefixes),
            **table.dialect_kwargs,
        )

    def to_table(self, migration_context: Any = None) -> sa.Table:
        return SchemaObjects(migration_context).table(
            self.table_name,
            *self.columns,
            schema=self.schema,
            prefixes=list(self.prefixes) if self.prefixes else [],
            comment=self.comment,
            info=dict(self.info) if self.info else {},
            _constraints_included=self._constraints_included,
            **self.kw,
        )

    def reverse(self) -> DropTableOp:
        return DropTableOp.from_table(self.to_table(), _namespace_metadata=self._namespace_metadata)

    def to_diff_tuple(self) -> tuple[str, sa.Table]:
        return ("add_table", self.to_table())

    @classmethod
    def create_table(cls, operations: Any, table_name: str, *columns: Any, if_not_exists: bool | None = None, **kw: Any) -> sa.Table:
        made: sa.Table = operations.invoke(cls(table_name, columns, if_not_exists=if_not_exists, **kw))
        return made


class DropTableOp(MigrateOperation):
    def __init__(
        self,
        table_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        table_kw: Mapping[Any, Any] | None = None,
        _reverse: CreateTableOp | None = None,
    ) -> None:
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self.table_kw: dict[Any, Any] = dict(table_kw or {})
        self.comment = self.table_kw.pop("comment", None)
        self.__dict__["info"] = self.table_kw.pop("info", None)
        self.prefixes = self.table_kw.pop("prefixes", None)
        self._reverse = _reverse

    @classmethod
    def from_table(cls, table: sa.Table, *, _namespace_metadata: sa.MetaData | None = None) -> DropTableOp:
        return cls(
            table.name,
            schema=table.schema,
            table_kw={
                "comment": table.comment,
                "info": dict(table.info),
                "prefixes": list(table._prefixes),
                **table.dialect_kwargs,
            },
            _reverse=CreateTableOp.from_table(table, _namespace_metadata=_namespace_metadata),
        )

    def to_table(self, migration_context: Any = None) -> sa.Table:
        """The table with what is known of its columns: nothing where the operation was made from a name."""
        columns = self._reverse.columns if self._reverse is not None else ()
        included = self._reverse._constraints_included if self._reverse is not None else False
        return SchemaObjects(migration_context).table(
            self.table_name,
            *columns,
            schema=self.schema,
            comment=self.comment,
            info=dict(self.info) if self.info else {},
            prefixes=list(self.prefixes) if self.prefixes else [],
            _constraints_included=included,
            **self.table_kw,
        )

    def reverse(self) -> CreateTableOp:
        metadata = self._reverse._namespace_metadata if self._reverse is not None else None
        return CreateTableOp.from_table(self.to_table(), _namespace_metadata=metadata)

    def to_diff_tuple(self) -> tuple[str, sa.Table]:
        return ("remove_table", self.to_table())

    @classmethod
    def drop_table(cls, operations: Any, table_name: str, *, schema: str | None = None, if_exists: bool | None = None, **kw: Any) -> None:
        operations.invoke(cls(table_name, schema=schema, if_exists=if_exists, table_kw=kw))


class RenameTableOp(AlterTableOp):
    def __init__(self, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        super().__init__(old_table_name, schema=schema)
        self.new_table_name = new_table_name

    @classmethod
    def rename_table(cls, operations: Any, old_table_name: str, new_table_name: str, *, schema: str | None = None) -> None:
        operations.invoke(cls(old_table_name, new_table_name, schema=schema))


class CreateTableCommentOp(AlterTableOp):
    def __init__(self, table_name: str, comment: str | None, *, schema: str | None = None, existing_comment: str | None = None) -> None:
        super().__init__(table_name, schema=schema)
        self.comment = comment
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp | DropTableCommentOp:
        """The comment before; where there was none, or it is not known, none."""
        if self.existing_comment is None:
            return DropTableCommentOp(self.table_name, existing_comment=self.comment, schema=self.schema)
        return CreateTableCommentOp(self.table_name, self.existing_comment, existing_comment=self.comment, schema=self.schema)

    def to_table(self, migration_context: Any = None) -> sa.Table:
        return SchemaObjects(migration_context).table(self.table_name, schema=self.schema, comment=self.comment)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("add_table_comment", self.to_table(), self.existing_comment)

    @classmethod
    def create_table_comment(
        cls,
        operations: Any,
        table_name: str,
        comment: str | None,
        *,
        existing_comment: str | None = None,
        schema: str | None = None,
    ) -> None:
        operations.invoke(cls(table_name, comment, existing_comment=existing_comment, schema=schema))

    @classmethod
    def batch_create_table_comment(cls, operations: Any, comment: str | None, *, existing_comment: str | None = None) -> None:
        operations.invoke(cls(operations.impl.table_name, comment, existing_comment=existing_comment, schema=operations.impl.schema))


class DropTableCommentOp(AlterTableOp):
    def __init__(self, table_name: str, *, schema: str | None = None, existing_comment: str | None = None) -> None:
        super().__init__(table_name, schema=schema)
        self.existing_comment = existing_comment

    def reverse(self) -> CreateTableCommentOp:
        return CreateTableCommentOp(self.table_name, self.existing_comment, schema=self.schema)

    def to_table(self, migration_context: Any = None) -> sa.Table:
        return SchemaObjects(migration_context).table(self.table_name, schema=self.schema)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("remove_table_comment", self.to_table())

    @classmethod
    def drop_table_comment(
        cls, operations: Any, table_name: str, *, existing_comment: str | None = None, schema: str | None = None
    ) -> None:
        operations.invoke(cls(table_name, existing_comment=existing_comment, schema=schema))

    @classmethod
    def batch_drop_table_comment(cls, operations: Any, *, existing_comment: str | None = None) -> None:
        operations.invoke(cls(operations.impl.table_name, existing_comment=existing_comment, schema=operations.impl.schema))


class CreateIndexOp(MigrateOperation):
    def __init__(
        self,
        index_name: Any,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.unique = unique
        self.if_not_exists = if_not_exists
        self.kw = kw

    @classmethod
    def from_index(cls, index: sa.Index) -> CreateIndexOp:
        assert index.table is not None
        return cls(
            index.name,
            index.table.name,
            list(index.expressions),
            schema=index.table.schema,
            unique=index.unique,
            **index.dialect_kwargs,
        )

    def to_index(self, migration_context: Any = None) -> sa.Index:
        objects = SchemaObjects(migration_context)
        return objects.index(self.index_name, self.table_name, self.columns, schema=self.schema, unique=self.unique, **self.kw)

    def reverse(self) -> DropIndexOp:
        return DropIndexOp.from_index(self.to_index())

    def to_diff_tuple(self) -> tuple[str, sa.Index]:
        return ("add_index", self.to_index())

    @classmethod
    def create_index(
        cls,
        operations: Any,
        index_name: str | None,
        table_name: str,
        columns: Sequence[Any],
        *,
        schema: str | None = None,
        unique: bool = False,
        if_not_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        operations.invoke(cls(index_name, table_name, columns, schema=schema, unique=unique, if_not_exists=if_not_exists, **kw))

    @classmethod
    def batch_create_index(cls, operations: Any, index_name: str, columns: list[str], **kw: Any) -> None:
        operations.invoke(cls(index_name, operations.impl.table_name, columns, schema=operations.impl.schema, **kw))


class DropIndexOp(MigrateOperation):
    def __init__(
        self,
        index_name: Any,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: CreateIndexOp | None = None,
        **kw: Any,
    ) -> None:
        self.index_name = index_name
        self.table_name = table_name
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse
        self.kw = kw

    @classmethod
    def from_index(cls, index: sa.Index) -> DropIndexOp:
        assert index.table is not None
        return cls(
            index.name,
            table_name=index.table.name,
            schema=index.table.schema,
            _reverse=CreateIndexOp.from_index(index),
            unique=index.unique,
            **index.dialect_kwargs,
        )

    def to_index(self, migration_context: Any = None) -> sa.Index:
        """The index; of one that is known by its name alone the column is called "x"."""
        columns = self._reverse.columns if self._reverse is not None else ["x"]
        table = self.table_name or "no_table"
        return SchemaObjects(migration_context).index(self.index_name, table, columns, schema=self.schema, **self.kw)

    def reverse(self) -> CreateIndexOp:
        return CreateIndexOp.from_index(self.to_index())

    def to_diff_tuple(self) -> tuple[str, sa.Index]:
        return ("remove_index", self.to_index())

    @classmethod
    def drop_index(
        cls,
        operations: Any,
        index_name: str,
        table_name: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        **kw: Any,
    ) -> None:
        operations.invoke(cls(index_name, table_name=table_name, schema=schema, if_exists=if_exists, **kw))

    @classmethod
    def batch_drop_index(cls, operations: Any, index_name: str, **kw: Any) -> None:
        operations.invoke(cls(index_name, table_name=operations.impl.table_name, schema=operations.impl.schema, **kw))
