"""Operations on constraints: primary key, foreign key, unique, check, exclude."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gitmig.errors import SchemaError
from gitmig.ops import footprint as refs
from gitmig.ops.base import Nothing, Op
from gitmig.ops.footprint import Footprint
from gitmig.schema.values import (
    Check,
    Constraint,
    ConstraintKind,
    Exclude,
    ForeignKey,
    PrimaryKey,
    Schema,
    Table,
    TableName,
    Unique,
    kind_of,
)


@dataclass(frozen=True, slots=True)
class AddConstraint:
    """ALTER TABLE ... ADD CONSTRAINT. Columns that it names must be there; the target of a foreign key may come later."""

    table: TableName
    constraint: Constraint

    def apply(self, schema: Schema) -> Schema:
        table = schema.table(self.table)
        name = self.constraint.name
        if name is not None and any(each.name == name for each in table.constraints()):
            raise SchemaError(f"table {self.table} has a constraint {name} already")
        for column in columns_of(self.constraint):
            table.column(column)
        return schema.with_table(_with(table, self.constraint))

    def invert(self, before: Schema) -> Op:
        return DropConstraint(self.table, self.constraint.name, kind_of(self.constraint), self.constraint)

    def footprint(self) -> Footprint:
        reads = refs.columns(self.table, columns_of(self.constraint))
        if isinstance(self.constraint, ForeignKey):
            reads |= refs.columns(self.constraint.target, self.constraint.target_columns)
        return Footprint(reads=reads, writes=frozenset({_ref(self.table, self.constraint)}))

    def describe(self) -> str:
        return f"add {_words(self.constraint)} on {self.table}"


@dataclass(frozen=True, slots=True)
class DropConstraint:
    """ALTER TABLE ... DROP CONSTRAINT, by name, or by what it is (``constraint``) where the name was left to the server."""

    table: TableName
    name: str | None
    kind: ConstraintKind | None = None
    constraint: Constraint | None = None
    if_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        table = schema.table(self.table)
        found = self.find(table)
        if found is None:
            if self.if_exists:
                return schema
            raise SchemaError(f"table {self.table} has no constraint {self.name or self.describe()}")
        return schema.with_table(_without(table, found))

    def find(self, table: Table) -> Constraint | None:
        """The constraint of ``table`` that is meant, or None."""
        for each in table.constraints():
            if self.name is not None and self.name in (each.name, each.made) and self.kind in (None, kind_of(each)):
                return each
        if self.name is None and self.kind == "primary":
            return table.primary_key  # a table has one, whatever its name
        if self.constraint is None:
            return None
        for each in table.constraints():
            if each == self.constraint:
                return each
        for each in table.constraints():
            if each.name is None and each == replace(self.constraint, name=None):
                return each
        if self.name is None:
            # A live database has named what a script left unnamed.
            for each in table.constraints():
                if replace(each, name=None) == replace(self.constraint, name=None):
                    return each
        return None

    def invert(self, before: Schema) -> Op:

        found = self.find(before.table(self.table))
        return AddConstraint(self.table, found) if found is not None else Nothing()

    def footprint(self) -> Footprint:
        if self.constraint is not None:
            return AddConstraint(self.table, self.constraint).footprint()
        return Footprint(writes=frozenset({refs.constraint(self.table, self.name or "")}))

    def describe(self) -> str:
        if self.constraint is not None:
            return f"drop {_words(self.constraint)} on {self.table}"
        return f"drop constraint {self.name} on {self.table}"


def columns_of(constraint: Constraint) -> tuple[str, ...]:
    """The columns of its own table that a constraint names."""
    match constraint:
        case PrimaryKey(columns=columns) | ForeignKey(columns=columns) | Unique(columns=columns):
            return columns
        case Check(column=str(column)):
            return (column,)
        case Check() | Exclude():
            return ()


def _ref(table: TableName, constraint: Constraint) -> refs.Ref:
    if isinstance(constraint, PrimaryKey):
        return refs.constraint(table, "primary key")  # a table has one, whatever its name
    key = f"{kind_of(constraint)} {','.join(columns_of(constraint))}"
    return refs.constraint(table, constraint.name or key)


def _words(constraint: Constraint) -> str:
    noun = {
        "primary": "primary key",
        "foreignkey": "foreign key",
        "unique": "unique constraint",
        "check": "check",
        "exclude": "exclude constraint",
    }
    return f"{noun[kind_of(constraint)]} {constraint.name or '(' + ', '.join(columns_of(constraint)) + ')'}"


def _with(table: Table, constraint: Constraint) -> Table:
    match constraint:
        case PrimaryKey():
            if table.primary_key is not None:
                raise SchemaError(f"table {table.name} has a primary key already")
            # A primary key's columns take no NULL, whatever their definition said.
            columns = tuple(
                replace(each, nullable=False, original=None) if each.name in constraint.columns else each for each in table.columns
            )
            return replace(table, primary_key=constraint, columns=columns, original=None)
        case ForeignKey():
            return replace(table, foreign_keys=(*table.foreign_keys, constraint), original=None)
        case Unique():
            return replace(table, uniques=(*table.uniques, constraint), original=None)
        case Check():
            return replace(table, checks=(*table.checks, constraint), original=None)
        case Exclude():
            return replace(table, excludes=(*table.excludes, constraint), original=None)


def _without(table: Table, constraint: Constraint) -> Table:
    return replace(
        table,
        primary_key=None if table.primary_key == constraint else table.primary_key,
        foreign_keys=tuple(each for each in table.foreign_keys if each != constraint),
        uniques=tuple(each for each in table.uniques if each != constraint),
        checks=tuple(each for each in table.checks if each != constraint),
        excludes=tuple(each for each in table.excludes if each != constraint),
        original=None,
    )
