"""What has to be known of a live SQLite before an operation: whether it may rebuild a table, and what to read of sqlite_master."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import sqlalchemy as sa

from gitmig import ops
from gitmig.ddl.sqlite import Sqlite, is_batch_rebuild, temporary_name
from gitmig.schema.values import Schema, TableName

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


def live_query(op: ops.Operation, dialect: Dialect) -> sa.TextClause | None:
    """What has to be read of a live database before ``op`` can be written; None where nothing has to be.

    Its rows are the ``live`` of ``statements``: type, name, tbl_name and sql of the tables concerned, of all that belongs to them, and of
    the tables with foreign keys.
    """
    tables = sorted({*_read_tables(op, Sqlite(dialect))}, key=TableName.sort_key)
    if not tables:
        return None
    preparer = dialect.identifier_preparer
    schema = f"{preparer.quote_schema(tables[0].schema)}." if tables[0].schema else ""
    query = sa.text(
        f"SELECT type, name, tbl_name, sql FROM {schema}sqlite_master"
        " WHERE tbl_name COLLATE NOCASE IN :tables OR name COLLATE NOCASE IN :left"
        " OR (type = 'table' AND sql LIKE '%references%')"
    )
    return query.bindparams(
        sa.bindparam("tables", [table.name for table in tables], expanding=True),
        sa.bindparam("left", [temporary_name(table.name) for table in tables], expanding=True),
    )


def _read_tables(op: ops.Operation, writer: Sqlite) -> Iterator[TableName]:
    match op:
        case ops.AlterTable():
            if op.recreate == "always":
                yield op.table
            for member in ops.members(op):
                if is_batch_rebuild(op, op.table, (member,)):
                    yield op.table
                yield from _read_tables(member, writer)
        case ops.AddColumn():
            if op.if_not_exists or not writer.is_native(Schema(), op):
                yield op.table
        case ops.AlterColumn():
            if not writer.is_native(Schema(), op):
                yield op.table
        case ops.DropColumn() | ops.AddConstraint() | ops.DropConstraint():
            yield op.table
        case _:
            pass


def may_rebuild(op: ops.Operation, dialect: Dialect) -> bool:
    """Whether ``op`` may rebuild a table; for a dropped column that is known only with the table at hand."""
    if isinstance(op, ops.AddColumn):
        return not Sqlite(dialect).is_native(Schema(), op)
    if isinstance(op, ops.AlterTable):
        members = ops.members(op)
        return is_batch_rebuild(op, op.table, members) or any(may_rebuild(member, dialect) for member in members)
    return next(_read_tables(op, Sqlite(dialect)), None) is not None
