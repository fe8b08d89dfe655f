"""SQLAlchemy objects for values: the script's own where the value carries one, else thawed onto a stand-in table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gitmig.ops import AddColumn
from gitmig.schema.thaw import thaw_column, thaw_default, thaw_index, thaw_table, thaw_type
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    Constraint,
    ConstraintKind,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    PrimaryKey,
    ServerDefault,
    Table,
    TableName,
    Type,
    Unique,
)

# Of a column that only lends its name to a key or an index no type is known, nor needed.
_UNTYPED = Type("sqlalchemy.types.NullType")


def table_of(value: Table) -> sa.Table:
    """The script's table, or the thawed one."""
    return value.original if isinstance(value.original, sa.Table) else thaw_table(value)


def thawed(value: Table) -> sa.Table:
    """The table with the types and keys that its columns have, never the script's own."""
    return thaw_table(value)


def stub(name: TableName, columns: Iterable[str] = (), **keywords: Any) -> sa.Table:
    """A table of which only the columns' names matter."""
    return sa.Table(name.name, sa.MetaData(), *(sa.Column(each) for each in dict.fromkeys(columns)), schema=name.schema, **keywords)


def type_of(value: Type) -> Any:
    return value.original if value.original is not None else thaw_type(value)


def default_of(value: ServerDefault | None) -> Any:
    """What ``sa.Column(server_default=...)`` takes, or None."""
    return None if value is None else thaw_default(value)


def computed_of(value: Computed) -> sa.Computed:
    """A Computed of its own: one that is on a column cannot go onto another."""
    computed = thaw_column(Column("x", _UNTYPED, computed=value)).computed
    assert isinstance(computed, sa.Computed)
    return computed


def identity_of(value: Identity) -> sa.Identity:
    """An Identity of its own: one that is on a column cannot go onto another."""
    identity = thaw_column(Column("x", _UNTYPED, identity=value)).identity
    assert isinstance(identity, sa.Identity)
    return identity


def added_column(op: AddColumn) -> sa.Column[Any]:
    """The column, in a table, with the key and the checks that its own definition holds."""
    given = op.column.original
    if isinstance(given, sa.Column) and isinstance(given.table, sa.Table):
        return given
    key = PrimaryKey((op.column.name,)) if op.primary_key or op.column.serial else None
    keys = (op.references,) if op.references is not None else ()
    table = thaw_table(Table(op.table, (op.column,), key, keys, checks=op.checks))
    return table.columns[op.column.name]


def index_of(name: TableName, index: Index) -> sa.Index:
    """The index on the table ``name``."""
    given = index.original
    if isinstance(given, sa.Index) and given.table is not None:
        return given
    return thaw_index(index, stub(name, index.columns()))


def constraint_of(name: TableName, constraint: Constraint) -> Any:
    """The constraint on the table ``name``; what it refers to stands beside it as a stub."""
    given = constraint.original
    if isinstance(given, sa.Constraint) and isinstance(getattr(given, "parent", None), sa.Table):
        return given
    table = thaw_table(_around(name, constraint))
    kind = _class_of(constraint)
    return next(each for each in table.constraints if isinstance(each, kind))


_CLASSES: dict[type, Any] = {
    PrimaryKey: sa.PrimaryKeyConstraint,
    ForeignKey: sa.ForeignKeyConstraint,
    Unique: sa.UniqueConstraint,
    Check: sa.CheckConstraint,
}


def _class_of(constraint: Constraint) -> Any:
    if isinstance(constraint, Exclude):
        # Imported here: nobody else shall pay for the dialect.
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        return ExcludeConstraint
    return _CLASSES[type(constraint)]


def _around(name: TableName, constraint: Constraint) -> Table:
    """The smallest table that holds the constraint."""
    match constraint:
        case PrimaryKey(columns):
            return Table(name, _columns(columns), primary_key=constraint)
        case ForeignKey(columns):
            own = constraint.target_columns if constraint.target == name else ()
            return Table(name, _columns((*columns, *own)), foreign_keys=(constraint,))
        case Unique(columns):
            return Table(name, _columns(columns), uniques=(constraint,))
        case Check():
            return Table(name, checks=(replace(constraint, column=None, type_bound=False),))
        case Exclude():
            return Table(name, excludes=(constraint,))


def _columns(names: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(name, _UNTYPED) for name in dict.fromkeys(names))


def named_constraint(name: TableName, constraint_name: str, kind: ConstraintKind | None) -> Any:
    """A constraint of which DROP CONSTRAINT needs the name, and on some databases the kind."""
    table = stub(name)
    match kind:
        case "primary":
            constraint: sa.Constraint = sa.PrimaryKeyConstraint(name=constraint_name)
        case "unique":
            constraint = sa.UniqueConstraint(name=constraint_name)
        case "foreignkey":
            key = ForeignKey(("x",), TableName("y"), ("x",), name=constraint_name)
            return constraint_of(name, key)
        case "check":
            constraint = sa.CheckConstraint("1 = 1", name=constraint_name)
        case "exclude" | None:
            constraint = sa.Constraint(name=constraint_name)
    table.append_constraint(constraint)
    return constraint


def adding(constraint: Any) -> sa.schema.AddConstraint:
    """ADD CONSTRAINT. SQLAlchemy marks a constraint that was added so that its table's CREATE leaves it out: the mark is taken off."""
    rule = constraint._create_rule
    element = sa.schema.AddConstraint(constraint)
    constraint._create_rule = rule
    return element
