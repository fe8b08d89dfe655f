"""What a run has to know before it can write an operation's statements."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from typing_extensions import assert_never

from gitmig import ops
from gitmig.ops import UNSET
from gitmig.schema.values import TableName

if TYPE_CHECKING:
    import sqlalchemy as sa
    from sqlalchemy.engine import Dialect

# In place of names: every table of the default schema and of those named in the operation.
ALL_TABLES: Final = None

_WHOLE: Final = ("type", "nullable", "default", "computed", "autoincrement", "comment")
"""What MySQL's MODIFY says of a column."""


def needs_before(op: ops.Operation, dialect: Dialect) -> bool:
    """Whether the step's ``before`` must hold any table."""
    return tables_needed(op, dialect) != ()


def tables_needed(op: ops.Operation, dialect: Dialect) -> tuple[TableName, ...] | None:
    """The tables that ``before`` must hold (where they exist); ALL_TABLES (None) where that depends on all of them.

    On SQLite a live run needs none: it hands over what ``live_query`` finds. A run that prints has them all from replay anyway.
    """
    match op:
        case ops.AlterColumn():
            return (op.table,) if _column_needs(op, dialect.name) else ()
        case ops.AddColumn() | ops.DropColumn() | ops.AddConstraint():
            return ()
        case ops.DropConstraint():
            return (op.table,) if _drop_needs(op, dialect.name) else ()
        case ops.DropIndex():
            on_table = dialect.name in ("mysql", "mariadb", "mssql")
            return ALL_TABLES if on_table and op.table is None else ()
        case ops.SetEnumValues():
            return ALL_TABLES if dialect.name == "postgresql" else ()
        case ops.AlterTable():
            return _joined(tables_needed(member, dialect) for member in ops.members(op))
        case ops.CreateTable() | ops.DropTable() | ops.RenameTable() | ops.SetTableComment() | ops.CreateIndex():
            return ()
        case ops.CreateEnum() | ops.DropEnum() | ops.CreateSequence() | ops.DropSequence() | ops.CreateSchema() | ops.DropSchema():
            return ()
        case ops.Execute() | ops.InsertRows() | ops.Opaque() | ops.Nothing() | ops.Custom():
            return ()
        case _:
            assert_never(op)


def _joined(needs: Iterable[tuple[TableName, ...] | None]) -> tuple[TableName, ...] | None:
    found: list[TableName] = []
    for each in needs:
        if each is None:
            return ALL_TABLES
        found += [name for name in each if name not in found]
    return tuple(found)


def _column_needs(op: ops.AlterColumn, dialect: str) -> bool:
    change, existing = op.change, op.existing
    match dialect:
        case "mssql":
            return True
        case "mysql" | "mariadb":
            return change.computed is not UNSET or not {*_WHOLE} <= {*change.given(), *existing.given()}
        case "postgresql":
            identity = change.identity is not UNSET and change.identity is not None and existing.identity is UNSET
            return identity or change.computed is not UNSET or change.serial is True
        case _:
            return False


def _drop_needs(op: ops.DropConstraint, dialect: str) -> bool:
    if op.name is None:
        return dialect != "sqlite"
    return dialect in ("mysql", "mariadb") and op.kind in (None, "primary")


def needs_foreign_keys_off(op: ops.Operation, dialect: Dialect) -> bool:
    """Whether SQLite may have to rebuild a table for the operation, during which it must not enforce foreign keys.

    ``PRAGMA foreign_keys`` does nothing inside a transaction, so the run sets it off before BEGIN. Whether a dropped column really needs a
    rebuild is known only with the table at hand: this says yes when it may.
    """
    if dialect.name != "sqlite":
        return False
    from gitmig.ddl import sqlitelive

    return sqlitelive.may_rebuild(op, dialect)


def live_query(op: ops.Operation, dialect: Dialect) -> sa.TextClause | None:
    """On a live SQLite: the query whose rows ``statements`` takes as ``live``; None where nothing has to be read, and elsewhere."""
    if dialect.name != "sqlite":
        return None
    from gitmig.ddl import sqlitelive

    return sqlitelive.live_query(op, dialect)
