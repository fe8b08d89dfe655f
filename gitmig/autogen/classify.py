"""What a change means for the data: which changes are purely additive, and what the others do.

Purely additive: a new table; a nullable or server-defaulted column; an index or constraint on a table of the same revision; a widened
type that needs no rewrite. Whatever else is for a person to look at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from typing_extensions import assert_never

from gitmig import ops
from gitmig.autogen.widening import widens
from gitmig.ops import UNSET
from gitmig.ops.constraints import columns_of
from gitmig.ops.union import members
from gitmig.schema.values import Check, Exclude, ForeignKey, Index, PrimaryKey, TableName, Unique


@dataclass(frozen=True, slots=True)
class Finding:
    """One change: in words, whether it is purely additive, why not, and what it does to data ("" for nothing)."""

    summary: str
    safe: bool
    reason: str = ""
    effect: str = ""


def classify(steps: Iterable[ops.Step], dialect: Any) -> tuple[tuple[ops.Step, Finding], ...]:
    """A finding for each change with its step, in order.

    What stands and falls with another change of the same steps is part of that: indexes and keys of new tables, and those of columns
    that are dropped.
    """
    flat = list(_flat(steps))
    created = {step.op.table.name for step in flat if isinstance(step.op, ops.CreateTable)}
    lost = {(step.op.table, step.op.name) for step in flat if isinstance(step.op, ops.DropColumn)}
    found = ((step, _finding(step, created, lost, dialect, flat)) for step in flat)
    return tuple((step, finding) for step, finding in found if finding is not None)


def _flat(steps: Iterable[ops.Step]) -> Iterator[ops.Step]:
    for step in steps:
        if isinstance(step.op, ops.AlterTable) and not step.op.table_options:
            yield from _flat(ops.steps(step.before, members(step.op)))
        else:
            yield step


def _finding(
    step: ops.Step,
    created: set[TableName],
    lost: set[tuple[TableName, str]],
    dialect: Any,
    all_steps: Sequence[ops.Step],
) -> Finding | None:
    words = step.op.describe()
    match step.op:
        case ops.CreateTable() | ops.CreateSequence() | ops.CreateSchema() | ops.CreateEnum():
            return Finding(words, True)
        case ops.AddConstraint(table=table) | ops.CreateIndex(table=table) if table in created:
            return None
        case ops.DropConstraint(table=table, constraint=constraint) if constraint is not None and _goes_with(
            table, columns_of(constraint), lost
        ):
            return None
        case ops.DropIndex(table=table, index=index) if table and index is not None and _goes_with(table, index.columns(), lost):
            return None
        case ops.SetTableComment():
            return Finding(words, True)
        case ops.AddColumn():
            return _added_column(step.op, dialect)
        case ops.DropColumn(table, name):
            return _dropped_column(step, table, name, all_steps)
        case ops.AlterColumn():
            return _altered_column(step, step.op, dialect)
        case ops.DropTable(name):
            return Finding(words, False, "it drops data", f"drops table {name} with every row in it")
        case ops.RenameTable(old, new):
            return Finding(words, False, "it renames a table", f"nothing is lost; what still says {old} fails, it is {new} now")
        case ops.CreateIndex(table, index):
            return _new_index(words, table, index)
        case ops.AddConstraint(table, constraint):
            return _new_constraint(words, table, constraint, dialect)
        case ops.DropIndex():
            return Finding(words, False, "it takes an index away", "no row changes; queries that use it get slower")
        case ops.DropConstraint(table):
            return Finding(words, False, "it takes a constraint away", f"no row changes; {table} takes rows that were refused before")
        case ops.SetEnumValues():
            return _enum_values(step, step.op)
        case ops.DropEnum() | ops.DropSequence() | ops.DropSchema():
            return Finding(words, False, "it drops something", "no row changes; what still uses it fails")
        case ops.Execute() | ops.InsertRows() | ops.Opaque() | ops.Custom():
            return Finding(words, False, "what it does to data is not known", "unknown")
        case ops.AlterTable(table, table_options=changed) if changed:
            return Finding(words, False, "the table is made anew", f"writes every row of {table} anew, while nobody writes to it")
        case ops.AlterTable() | ops.Nothing():
            return None
        case _:
            assert_never(step.op)


def _goes_with(table: TableName, columns: Sequence[str], lost: set[tuple[TableName, str]]) -> bool:
    return any((table, column) in lost for column in columns)


def _added_column(op: ops.AddColumn, dialect: Any) -> Finding:
    """PostgreSQL writes a table anew for a stored generated column, an identity and a volatile default
    (https://www.postgresql.org/docs/current/sql-altertable.html, ADD COLUMN); a NOT NULL column without default fails on a table with
    rows there and on SQLite (https://www.sqlite.org/lang_altertable.html), and MySQL fills it with zeros or empty strings."""
    words, column, table = op.describe(), op.column, op.table
    filled = column.default is not None or column.computed is not None or column.identity is not None
    if not column.nullable and not filled:
        what = f"fails if {table} has rows"
        if dialect.name in ("mysql", "mariadb"):
            what = f"rows of {table} get an empty value (0, '')"
        return Finding(words, False, "it is NOT NULL and has no server default", what)
    if column.identity is not None or (column.computed is not None and column.computed.persisted is not False):
        if dialect.name == "sqlite" and column.identity is not None:
            return Finding(words, True)
        return Finding(words, False, "every row gets a value of its own", f"writes every row of {table} anew")
    return Finding(words, True)


def _dropped_column(step: ops.Step, table: TableName, name: str, all_steps: Sequence[ops.Step]) -> Finding:
    column = step.before.table(table).column(name)
    if column.computed is not None:
        return Finding(step.op.describe(), False, "it drops a generated column", f"drops the values of {table}.{name}, which were computed")
    similar = [
        each.op.column.name
        for each in all_steps
        if isinstance(each.op, ops.AddColumn) and each.op.table == table and each.op.column.type.path == column.type.path
    ]
    more = f"; if it is now called {' or '.join(similar)}, make it a rename" if similar else ""
    return Finding(step.op.describe(), False, "it drops data", f"drops the values of {table}.{name}{more}")


def _altered_column(step: ops.Step, op: ops.AlterColumn, dialect: Any) -> Finding:
    words, given = op.describe(), op.change.given()
    before = step.before.table(op.table).column(op.name)
    where = f"{op.table}.{op.name}"
    reasons: list[str] = []
    effects: list[str] = []
    if op.change.type is not UNSET and not widens(before.type, op.change.type, dialect):
        reasons.append("the new type does not just widen the old one")
        effects.append(f"converts every value of {where} and fails where one does not fit")
    if given.get("nullable") is False:
        reasons.append("it becomes NOT NULL")
        effects.append(f"fails if a row has NULL in {where}")
    elif "nullable" in given:
        reasons.append("it takes NULL from now on")
        effects.append("no row changes")
    if given.keys() & {"default", "identity", "computed", "autoincrement", "serial"}:
        reasons.append("what fills it in changes")
        effects.append("new rows get another value")
    if "name" in given and given["name"] != op.name:
        reasons.append("it is renamed")
        effects.append(f"nothing is lost; what still says {where} fails")
    if len(effects) > 1:
        effects = [each for each in effects if each != "no row changes"]
    return Finding(words, not reasons, " and ".join(reasons), "; ".join(effects))


def _new_index(words: str, table: TableName, index: Index) -> Finding:
    if index.unique:
        return Finding(words, False, f"{table} exists already", "fails if rows repeat a value")
    return Finding(words, False, f"{table} exists already", f"no row changes; writing to {table} may wait while it is built")


def _new_constraint(words: str, table: TableName, constraint: object, dialect: Any) -> Finding:
    reason = f"{table} exists already"
    match constraint:
        case ForeignKey(target=target):
            return Finding(words, False, reason, f"fails if a row of {table} has no counterpart in {target}")
        case Unique() | PrimaryKey():
            return Finding(words, False, reason, f"fails if rows of {table} repeat a value")
        case Check() | Exclude():
            return Finding(words, False, reason, f"fails if a row of {table} breaks it")
        case _:
            return Finding(words, False, reason)


def _enum_values(step: ops.Step, op: ops.SetEnumValues) -> Finding:
    old = step.before.enums[op.name].values
    gone = [value for value in old if value not in op.values]
    if gone:
        return Finding(op.describe(), False, "members are taken away", f"fails if a row has {' or '.join(map(repr, gone))}")
    if op.added(step.before) is None:
        return Finding(op.describe(), False, "members change places", "writes every row of the tables that use it anew")
    return Finding(op.describe(), True)
