"""Operation objects of constraints."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from gitmig.compat.alembic.opsbase import MigrateOperation
from gitmig.compat.alembic.schemaobj import SchemaObjects
from gitmig.runtime.dispatch import Dispatcher

_WORDS = {"primarykey": "primary"}
"""How DROP CONSTRAINT calls a kind."""


class AddConstraintOp(MigrateOperation):
    """The base of those that add a constraint."""

    add_constraint_ops: ClassVar[Dispatcher] = Dispatcher()

    constraint_name: Any
    schema: str | None

    @property
    def constraint_type(self) -> str:
        raise NotImplementedError

    @classmethod
    def register_add_constraint(cls, type_: str) -> Callable[[type[Any]], type[Any]]:
        """A class decorator: its ``from_constraint`` is asked for constraints whose ``__visit_name__`` is ``type_``."""

        def register(klass: type[Any]) -> type[Any]:
            cls.add_constraint_ops.dispatch_for(type_)(klass.from_constraint)
            return klass

        return register

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> AddConstraintOp:
        made: AddConstraintOp = cls.add_constraint_ops.dispatch(constraint.__visit_name__)(constraint)
        return made

    def to_constraint(self, migration_context: Any = None) -> Any:
        """The constraint on a table of which no more is known than it says."""

    def reverse(self) -> MigrateOperation:
        return DropConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> tuple[str, Any]:
        return ("add_constraint", self.to_constraint())


class DropConstraintOp(MigrateOperation):
    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
        _reverse: AddConstraintOp | None = None,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.constraint_type = type_
        self.schema = schema
        self.if_exists = if_exists
        self._reverse = _reverse

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> DropConstraintOp:
        table = _table(constraint)
        kind = _KINDS.get(constraint.__visit_name__)
        return cls(constraint.name, table.name, kind, schema=table.schema, _reverse=AddConstraintOp.from_constraint(constraint))

    def to_constraint(self) -> Any:
        """The constraint that goes. Raises ValueError where it is not known."""
        if self._reverse is None:
            raise ValueError("constraint cannot be produced; original constraint is not present")
        constraint = self._reverse.to_constraint()
        constraint.name = self.constraint_name
        table = constraint.parent
        table.name, table.schema = self.table_name, self.schema
        return constraint

    def reverse(self) -> MigrateOperation:
        return AddConstraintOp.from_constraint(self.to_constraint())

    def to_diff_tuple(self) -> tuple[str, Any]:
        return ("remove_fk" if self.constraint_type == "foreignkey" else "remove_constraint", self.to_constraint())

    @classmethod
    def drop_constraint(
        cls,
        operations: Any,
        constraint_name: str,
        table_name: str,
        type_: str | None = None,
        *,
        schema: str | None = None,
        if_exists: bool | None = None,
    ) -> None:
        operations.invoke(cls(constraint_name, table_name, type_=type_, schema=schema, if_exists=if_exists))

    @classmethod
    def batch_drop_constraint(cls, operations: Any, constraint_name: str, type_: str | None = None) -> None:
        operations.invoke(cls(constraint_name, operations.impl.table_name, type_=type_, schema=operations.impl.schema))


class _Columns(AddConstraintOp):
    """A constraint over columns of its own table."""

    def __init__(self, constraint_name: Any, table_name: str, columns: Sequence[str], *, schema: str | None = None, **kw: Any) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.columns = columns
        self.schema = schema
        self.kw = kw


@AddConstraintOp.register_add_constraint("primary_key_constraint")
class CreatePrimaryKeyOp(_Columns):
    constraint_type = "primarykey"

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> CreatePrimaryKeyOp:
        assert isinstance(constraint, sa.PrimaryKeyConstraint)
        table = _table(constraint)
        names = list(constraint.columns.keys())
        return cls(constraint.name, table.name, names, schema=table.schema, **constraint.dialect_kwargs)

    def to_constraint(self, migration_context: Any = None) -> sa.PrimaryKeyConstraint:
        objects = SchemaObjects(migration_context)
        return objects.primary_key_constraint(self.constraint_name, self.table_name, self.columns, self.schema, **self.kw)

    @classmethod
    def create_primary_key(
        cls, operations: Any, constraint_name: str | None, table_name: str, columns: Sequence[str], *, schema: str | None = None
    ) -> None:
        operations.invoke(cls(constraint_name, table_name, columns, schema=schema))

    @classmethod
    def batch_create_primary_key(cls, operations: Any, constraint_name: str | None, columns: Sequence[str]) -> None:
        operations.invoke(cls(constraint_name, operations.impl.table_name, columns, schema=operations.impl.schema))


@AddConstraintOp.register_add_constraint("unique_constraint")
class CreateUniqueConstraintOp(_Columns):
    constraint_type = "unique"

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> CreateUniqueConstraintOp:
        assert isinstance(constraint, sa.UniqueConstraint)
        table = _table(constraint)
        keywords = {**_timing(constraint), **constraint.dialect_kwargs}
        return cls(constraint.name, table.name, [column.name for column in constraint.columns], schema=table.schema, **keywords)

    def to_constraint(self, migration_context: Any = None) -> sa.UniqueConstraint:
        objects = SchemaObjects(migration_context)
        return objects.unique_constraint(self.constraint_name, self.table_name, self.columns, schema=self.schema, **self.kw)

    @classmethod
    def create_unique_constraint(
        cls,
        operations: Any,
        constraint_name: str | None,
        table_name: str,
        columns: Sequence[str],
        *,
        schema: str | None = None,
        **kw: Any,
    ) -> Any:
        return operations.invoke(cls(constraint_name, table_name, columns, schema=schema, **kw))

    @classmethod
    def batch_create_unique_constraint(cls, operations: Any, constraint_name: str, columns: Sequence[str], **kw: Any) -> Any:
        return operations.invoke(cls(constraint_name, operations.impl.table_name, columns, schema=operations.impl.schema, **kw))


@AddConstraintOp.register_add_constraint("foreign_key_constraint")
class CreateForeignKeyOp(AddConstraintOp):
    constraint_type = "foreignkey"

    def __init__(
        self,
        constraint_name: Any,
        source_table: str,
        referent_table: str,
        local_cols: Sequence[str],
        remote_cols: Sequence[str],
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.source_table = source_table
        self.referent_table = referent_table
        self.local_cols = local_cols
        self.remote_cols = remote_cols
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> CreateForeignKeyOp:
        assert isinstance(constraint, sa.ForeignKeyConstraint)
        given = {name: getattr(constraint, name) for name in ("onupdate", "ondelete", "match")}
        keywords = {name: value for name, value in given.items() if value}
        keywords |= {name: value for name, value in _timing(constraint).items() if value}
        if constraint.use_alter:
            keywords["use_alter"] = constraint.use_alter
        table = _table(constraint)
        schema, name, remote = _target(constraint)
        keywords |= {"source_schema": table.schema, "referent_schema": schema, **constraint.dialect_kwargs}
        local = [column.name for column in constraint.columns]
        return cls(constraint.name, table.name, name, local, remote, **keywords)

    def to_constraint(self, migration_context: Any = None) -> sa.ForeignKeyConstraint:
        objects = SchemaObjects(migration_context)
        return objects.foreign_key_constraint(
            self.constraint_name, self.source_table, self.referent_table, list(self.local_cols), list(self.remote_cols), **self.kw
        )

    def to_diff_tuple(self) -> tuple[str, Any]:
        return ("add_fk", self.to_constraint())

    @classmethod
    def create_foreign_key(
        cls,
        operations: Any,
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
        schemas = {"source_schema": source_schema, "referent_schema": referent_schema}
        operations.invoke(cls(constraint_name, source_table, referent_table, local_cols, remote_cols, **rules, **schemas, **dialect_kw))

    @classmethod
    def batch_create_foreign_key(
        cls,
        operations: Any,
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
        schemas = {"source_schema": operations.impl.schema, "referent_schema": referent_schema}
        source = operations.impl.table_name
        operations.invoke(cls(constraint_name, source, referent_table, local_cols, remote_cols, **rules, **schemas, **dialect_kw))


@AddConstraintOp.register_add_constraint("check_constraint")
@AddConstraintOp.register_add_constraint("table_or_column_check_constraint")
@AddConstraintOp.register_add_constraint("column_check_constraint")
class CreateCheckConstraintOp(AddConstraintOp):
    constraint_type = "check"

    def __init__(self, constraint_name: Any, table_name: str, condition: Any, *, schema: str | None = None, **kw: Any) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.condition = condition
        self.schema = schema
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> CreateCheckConstraintOp:
        assert isinstance(constraint, sa.CheckConstraint)
        table = _table(constraint)
        return cls(constraint.name, table.name, constraint.sqltext, schema=table.schema, **constraint.dialect_kwargs)

    def to_constraint(self, migration_context: Any = None) -> sa.CheckConstraint:
        objects = SchemaObjects(migration_context)
        return objects.check_constraint(self.constraint_name, self.table_name, self.condition, schema=self.schema, **self.kw)

    @classmethod
    def create_check_constraint(
        cls, operations: Any, constraint_name: str | None, table_name: str, condition: Any, *, schema: str | None = None, **kw: Any
    ) -> None:
        operations.invoke(cls(constraint_name, table_name, condition, schema=schema, **kw))

    @classmethod
    def batch_create_check_constraint(cls, operations: Any, constraint_name: str, condition: Any, **kw: Any) -> None:
        operations.invoke(cls(constraint_name, operations.impl.table_name, condition, schema=operations.impl.schema, **kw))


@AddConstraintOp.register_add_constraint("exclude_constraint")
class CreateExcludeConstraintOp(AddConstraintOp):
    """PostgreSQL's EXCLUDE; of ``alembic.ddl.postgresql``."""

    constraint_type = "exclude"

    def __init__(
        self,
        constraint_name: Any,
        table_name: str,
        elements: Sequence[Any],
        where: Any = None,
        schema: str | None = None,
        _orig_constraint: ExcludeConstraint | None = None,
        **kw: Any,
    ) -> None:
        self.constraint_name = constraint_name
        self.table_name = table_name
        self.elements = elements
        self.where = where
        self.schema = schema
        self._orig_constraint = _orig_constraint
        self.kw = kw

    @classmethod
    def from_constraint(cls, constraint: sa.Constraint) -> CreateExcludeConstraintOp:
        assert isinstance(constraint, ExcludeConstraint)
        table = _table(constraint)
        elements = [(expression, operator) for expression, _name, operator in constraint._render_exprs]
        return cls(
            constraint.name,
            table.name,
            elements,
            where=constraint.where,
            schema=table.schema,
            _orig_constraint=constraint,
            deferrable=constraint.deferrable,
            initially=constraint.initially,
            using=constraint.using,
        )

    def to_constraint(self, migration_context: Any = None) -> ExcludeConstraint:
        if self._orig_constraint is not None:
            return self._orig_constraint
        objects = SchemaObjects(migration_context)
        return objects.exclude_constraint(
            self.constraint_name, self.table_name, self.elements, schema=self.schema, where=self.where, **self.kw
        )

    @classmethod
    def create_exclude_constraint(cls, operations: Any, constraint_name: str, table_name: str, *elements: Any, **kw: Any) -> None:
        operations.invoke(cls(constraint_name, table_name, elements, **kw))

    @classmethod
    def batch_create_exclude_constraint(cls, operations: Any, constraint_name: str, *elements: Any, **kw: Any) -> None:
        kw["schema"] = operations.impl.schema
        operations.invoke(cls(constraint_name, operations.impl.table_name, elements, **kw))


_KINDS = {
    "unique_constraint": "unique",
    "foreign_key_constraint": "foreignkey",
    "primary_key_constraint": "primary",
    "check_constraint": "check",
    "column_check_constraint": "check",
    "table_or_column_check_constraint": "check",
}


def _table(constraint: Any) -> sa.Table:
    table: sa.Table = constraint.parent if isinstance(constraint.parent, sa.Table) else constraint.table
    return table


def _timing(constraint: Any) -> dict[str, Any]:
    given = {"deferrable": constraint.deferrable, "initially": constraint.initially}
    return {name: value for name, value in given.items() if value}


def _target(constraint: sa.ForeignKeyConstraint) -> tuple[str | None, str, list[str]]:
    """Schema, table and columns that a key refers to, without looking up what it names by string."""
    found: list[str] = []
    schema: str | None = None
    name = ""
    for element in constraint.elements:
        parts = element._get_colspec().split(".") if isinstance(element._colspec, str) else None
        if parts is None:
            table = element.column.table
            assert isinstance(table, sa.Table)
            schema, name = table.schema, table.name
            found.append(element.column.name)
        else:
            schema, name = ".".join(parts[:-2]) or None, parts[-2]
            found.append(parts[-1])
    return schema, name, found
