"""Operation objects of columns, rows and SQL."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.types import NULLTYPE

from gitmig.compat.alembic.opsbase import AlterTableOp, MigrateOperation
from gitmig.compat.alembic.schemaobj import SchemaObjects


class AlterColumnOp(AlterTableOp):
    """``modify_comment`` and ``modify_server_default`` False, and the others None, are "leave it"."""

    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        modify_nullable: bool | None = None,
        modify_comment: str | Literal[False] | None = False,
        modify_server_default: Any = False,
        modify_name: str | None = None,
        modify_type: Any | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.existing_type = existing_type
        self.existing_server_default = existing_server_default
        self.existing_nullable = existing_nullable
        self.existing_comment = existing_comment
        self.modify_nullable = modify_nullable
        self.modify_comment = modify_comment
        self.modify_server_default = modify_server_default
        self.modify_name = modify_name
        self.modify_type = modify_type
        self.kw = kw

    def has_changes(self) -> bool:
        """Whether anything is changed, keywords that begin with ``modify_`` among it."""
        return (
            self.modify_nullable is not None
            or self.modify_server_default is not False
            or self.modify_type is not None
            or self.modify_comment is not False
            or self.modify_name is not None
            or any(key.startswith("modify_") for key in self.kw)
        )

    def reverse(self) -> AlterColumnOp:
        """What was becomes what shall be. A new name is not turned round, as in Alembic."""
        return AlterColumnOp(
            self.table_name,
            self.column_name,
            schema=self.schema,
            existing_type=self.existing_type if self.modify_type is None else self.modify_type,
            existing_server_default=(self.existing_server_default if self.modify_server_default is False else self.modify_server_default),
            existing_nullable=self.existing_nullable if self.modify_nullable is None else self.modify_nullable,
            existing_comment=self.existing_comment if self.modify_comment is False else self.modify_comment,
            modify_type=None if self.modify_type is None else self.existing_type,
            modify_server_default=False if self.modify_server_default is False else self.existing_server_default,
            modify_nullable=None if self.modify_nullable is None else self.existing_nullable,
            modify_comment=False if self.modify_comment is False else self.existing_comment,
            **_turned(self.kw),
        )

    def to_diff_tuple(self) -> list[tuple[Any, ...]]:
        """One tuple for each attribute that changes."""
        where = (self.schema, self.table_name, self.column_name)
        known = {
            "existing_nullable": self.existing_nullable,
            "existing_type": self.existing_type,
            "existing_server_default": self.existing_server_default,
            "existing_comment": self.existing_comment,
        }
        found: list[tuple[Any, ...]] = []
        if self.modify_type is not None:
            found.append(("modify_type", *where, _without(known, "existing_type"), self.existing_type, self.modify_type))
        if self.modify_nullable is not None:
            found.append(("modify_nullable", *where, _without(known, "existing_nullable"), self.existing_nullable, self.modify_nullable))
        if self.modify_server_default is not False:
            rest = _without(known, "existing_server_default")
            found.append(("modify_default", *where, rest, self.existing_server_default, self.modify_server_default))
        if self.modify_comment is not False:
            found.append(("modify_comment", *where, _without(known, "existing_comment"), self.existing_comment, self.modify_comment))
        return found

    @classmethod
    def alter_column(
        cls,
        operations: Any,
        table_name: str,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: Any | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        schema: str | None = None,
        **kw: Any,
    ) -> None:
        operations.invoke(
            cls(
                table_name,
                column_name,
                schema=schema,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                modify_name=new_column_name,
                modify_type=type_,
                modify_server_default=server_default,
                modify_nullable=nullable,
                modify_comment=comment,
                **kw,
            )
        )

    @classmethod
    def batch_alter_column(
        cls,
        operations: Any,
        column_name: str,
        *,
        nullable: bool | None = None,
        comment: str | Literal[False] | None = False,
        server_default: Any = False,
        new_column_name: str | None = None,
        type_: Any | None = None,
        existing_type: Any | None = None,
        existing_server_default: Any = False,
        existing_nullable: bool | None = None,
        existing_comment: str | None = None,
        insert_before: str | None = None,
        insert_after: str | None = None,
        **kw: Any,
    ) -> None:
        operations.invoke(
            cls(
                operations.impl.table_name,
                column_name,
                schema=operations.impl.schema,
                existing_type=existing_type,
                existing_server_default=existing_server_default,
                existing_nullable=existing_nullable,
                existing_comment=existing_comment,
                modify_name=new_column_name,
                modify_type=type_,
                modify_server_default=server_default,
                modify_nullable=nullable,
                modify_comment=comment,
                insert_before=insert_before,
                insert_after=insert_after,
                **kw,
            )
        )


class AddColumnOp(AlterTableOp):
    def __init__(
        self,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column = column
        self.if_not_exists = if_not_exists
        self.inline_references = inline_references
        self.inline_primary_key = inline_primary_key
        self.kw = kw

    @classmethod
    def from_column(cls, col: sa.Column[Any]) -> AddColumnOp:
        table = col.table
        assert isinstance(table, sa.Table)
        return cls(table.name, col, schema=table.schema)

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: sa.Column[Any]) -> AddColumnOp:
        return cls(tname, col, schema=schema)

    def to_column(self) -> sa.Column[Any]:
        return self.column

    def reverse(self) -> DropColumnOp:
        made = DropColumnOp.from_column_and_tablename(self.schema, self.table_name, self.column)
        made.if_exists = self.if_not_exists
        return made

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("add_column", self.schema, self.table_name, self.column)

    @classmethod
    def add_column(
        cls,
        operations: Any,
        table_name: str,
        column: sa.Column[Any],
        *,
        schema: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        operations.invoke(
            cls(
                table_name,
                column,
                schema=schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
            )
        )

    @classmethod
    def batch_add_column(
        cls,
        operations: Any,
        column: sa.Column[Any],
        *,
        insert_before: str | None = None,
        insert_after: str | None = None,
        if_not_exists: bool | None = None,
        inline_references: bool | None = None,
        inline_primary_key: bool | None = None,
    ) -> None:
        places = {"insert_before": insert_before, "insert_after": insert_after}
        operations.invoke(
            cls(
                operations.impl.table_name,
                column,
                schema=operations.impl.schema,
                if_not_exists=if_not_exists,
                inline_references=inline_references,
                inline_primary_key=inline_primary_key,
                **{name: place for name, place in places.items() if place},
            )
        )


class DropColumnOp(AlterTableOp):
    def __init__(
        self,
        table_name: str,
        column_name: str,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddColumnOp | None = None,
        **kw: Any,
    ) -> None:
        super().__init__(table_name, schema=schema)
        self.column_name = column_name
        self.if_exists = if_exists
        self.kw = kw
        self._reverse = _reverse

    @classmethod
    def from_column_and_tablename(cls, schema: str | None, tname: str, col: sa.Column[Any]) -> DropColumnOp:
        return cls(tname, col.name, schema=schema, _reverse=AddColumnOp(tname, col, schema=schema))

    def to_column(self, migration_context: Any = None) -> sa.Column[Any]:
        if self._reverse is not None:
            return self._reverse.column
        return SchemaObjects(migration_context).column(self.column_name, NULLTYPE)

    def reverse(self) -> AddColumnOp:
        if self._reverse is None:
            raise ValueError("operation is not reversible; original column is not present")
        made = AddColumnOp.from_column_and_tablename(self.schema, self.table_name, self._reverse.column)
        made.if_not_exists = self.if_exists
        return made

    def to_diff_tuple(self) -> tuple[Any, ...]:
        return ("remove_column", self.schema, self.table_name, self.to_column())

    @classmethod
    def drop_column(cls, operations: Any, table_name: str, column_name: str, *, schema: str | None = None, **kw: Any) -> None:
        operations.invoke(cls(table_name, column_name, schema=schema, **kw))

    @classmethod
    def batch_drop_column(cls, operations: Any, column_name: str, **kw: Any) -> None:
        operations.invoke(cls(operations.impl.table_name, column_name, schema=operations.impl.schema, **kw))


class BulkInsertOp(MigrateOperation):
    def __init__(self, table: Any, rows: list[dict[str, Any]], *, multiinsert: bool = True) -> None:
        self.table = table
        self.rows = rows
        self.multiinsert = multiinsert

    @classmethod
    def bulk_insert(cls, operations: Any, table: Any, rows: list[dict[str, Any]], *, multiinsert: bool = True) -> None:
        operations.invoke(cls(table, rows, multiinsert=multiinsert))


class ExecuteSQLOp(MigrateOperation):
    def __init__(self, sqltext: Any, *, execution_options: dict[str, Any] | None = None) -> None:
        self.sqltext = sqltext
        self.execution_options = execution_options

    def to_diff_tuple(self) -> tuple[str, Any]:
        return ("execute", self.sqltext)

    @classmethod
    def execute(cls, operations: Any, sqltext: Any, *, execution_options: dict[str, Any] | None = None) -> None:
        operations.invoke(cls(sqltext, execution_options=execution_options))

    @classmethod
    def batch_execute(cls, operations: Any, sqltext: Any, *, execution_options: dict[str, Any] | None = None) -> None:
        cls.execute(operations, sqltext, execution_options=execution_options)


def _without(known: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in known.items() if key != name}


def _turned(kw: dict[str, Any]) -> dict[str, Any]:
    """Pairs of ``existing_x`` and ``modify_x`` among the keywords change places."""
    turned = dict(kw)
    for name in {key.partition("_")[2] for key in kw if key.startswith("modify_") and f"existing_{key.partition('_')[2]}" in kw}:
        turned[f"existing_{name}"], turned[f"modify_{name}"] = kw[f"modify_{name}"], kw[f"existing_{name}"]
    return turned
