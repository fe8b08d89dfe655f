"""When the changes of a table are written as a batch block, and what constraints without a name are called in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gitmig import ops
from gitmig.schema.values import Check, Constraint, Exclude, ForeignKey, PrimaryKey, TableName, Unique, kind_of
from gitmig.script.layout import Argument, Dictionary, quoted
from gitmig.script.typesource import Style

# PostgreSQL's own names, so that one script drops an unnamed constraint on both: there by the name that the server gave, on SQLite, which
# gives none, by the name that the block's convention gives (Alembic's documentation, "Dropping Unnamed or Named Foreign Keys").
CONVENTION = {
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "pk": "%(table_name)s_pkey",
}

_KEYS = {"foreignkey": "fk", "unique": "uq", "primary": "pk"}


@dataclass(frozen=True, slots=True)
class BatchChoice:
    """``batch``: write a block. ``recreate``: it must say so itself, because nothing in it makes Alembic rebuild the table.
    ``convention``: the kinds of constraints without a name that it drops, by their keys in a naming convention."""

    batch: bool
    recreate: bool = False
    convention: tuple[str, ...] = ()

    def arguments(self) -> tuple[Argument, ...]:
        found = [Argument(quoted("always"), "recreate")] if self.recreate else []
        if self.convention:
            pairs = tuple((quoted(key), quoted(CONVENTION[key])) for key in self.convention)
            found.append(Argument(Dictionary(pairs), "naming_convention"))
        return tuple(found)


def batch_choice(group: Sequence[ops.Step], style: Style) -> BatchChoice:
    """For neighbouring steps on one table."""
    rebuilding = [step for step in group if needs_rebuild(step.op)]
    if not rebuilding:
        return BatchChoice(False)
    nameless = _nameless(group) if "sqlite" in style.dialects else ()
    if style.batch == "always":
        only_columns = all(isinstance(step.op, ops.AddColumn) for step in rebuilding)
        return BatchChoice(True, only_columns and "sqlite" in style.dialects, nameless)
    # Outside of a block, neither Alembic nor gitmig adds the check of an added column's type on SQLite.
    bound = any(isinstance(each.op, ops.AddConstraint) and _is_bound(each.op.constraint) for each in rebuilding)
    several = style.batch == "rebuild" and (len(rebuilding) > 1 or bound)
    return BatchChoice(bool(nameless) or several, convention=nameless)


def _is_bound(constraint: Constraint) -> bool:
    return isinstance(constraint, Check) and constraint.type_bound


def dropped(step: ops.Step, op: ops.DropConstraint) -> Constraint | None:
    """The constraint that a step drops, as the table has it."""
    table = step.before.tables.get(op.table)
    return (op.find(table) if table is not None else None) or op.constraint


def _nameless(group: Sequence[ops.Step]) -> tuple[str, ...]:
    """The kinds of constraints without a name that the steps drop."""
    found = set()
    for step in group:
        if isinstance(step.op, ops.DropConstraint) and step.op.name is None:
            constraint = dropped(step, step.op)
            if constraint is not None and constraint.name is None and constraint.made is None:
                found.add(_KEYS.get(kind_of(constraint), ""))
    return tuple(sorted(found - {""}))


def conventional_name(table: TableName, constraint: Constraint) -> str:
    """The name that a constraint without one has in a batch block."""
    match constraint:
        case ForeignKey(columns=columns):
            return "_".join((table.name, *columns, "fkey"))
        case Unique(columns=columns):
            return "_".join((table.name, *columns, "key"))
        case PrimaryKey():
            return f"{table.name}_pkey"
        case Check(column=column):
            return "_".join((table.name, *([column] if column else []), "check"))
        case Exclude():
            return f"{table.name}_excl"


def needs_rebuild(operation: ops.Operation) -> bool:
    """Whether SQLite has no statement for it (https://www.sqlite.org/lang_altertable.html): it adds columns that are nullable or have a
    constant default, and makes and drops indexes; the rest is a new table."""
    match operation:
        case ops.AddColumn(column=column):
            if column.computed is not None:
                return column.computed.persisted is True
            if column.default is not None:
                return column.default.kind == "sql" and not _constant(column.default.text)
            return not column.nullable
        case ops.DropColumn() | ops.AlterColumn() | ops.AddConstraint() | ops.DropConstraint():
            return True
        case _:
            return False


def _constant(text: str) -> bool:
    """A literal: SQLite takes no parenthesised expression nor CURRENT_TIMESTAMP as the default of an added column."""
    word = text.strip()
    if word.startswith("'") and word.endswith("'"):
        return True
    return word.lower() in ("null", "true", "false") or word.lstrip("+-").replace(".", "", 1).isdigit()
