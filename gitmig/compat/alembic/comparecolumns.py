"""The comparisons of one column, as functions that packages call: each says what it finds in ``alter_column_op``."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.schema import DefaultClause

from gitmig.compat.alembic.autogeneratecontext import AutogenContext
from gitmig.compat.alembic.opscolumns import AlterColumnOp
from gitmig.compat.alembic.utildispatch import PriorityDispatchResult

__all__ = [
    "_compare_column_comment",
    "_compare_nullable",
    "_dialect_impl_compare_server_default",
    "_dialect_impl_compare_type",
    "_render_server_default_for_compare",
    "_user_compare_server_default",
    "_user_compare_type",
]

_GO_ON, _DONE = PriorityDispatchResult.CONTINUE, PriorityDispatchResult.STOP


def _compare_nullable(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: sa.Column[Any],
    metadata_col: sa.Column[Any],
) -> PriorityDispatchResult:
    alter_column_op.existing_nullable = conn_col.nullable
    if conn_col.nullable is metadata_col.nullable:
        return _GO_ON
    generated = metadata_col.computed is not None or metadata_col.identity is not None
    if not generated:
        alter_column_op.modify_nullable = metadata_col.nullable
    return _DONE


def _compare_column_comment(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: sa.Column[Any],
    metadata_col: sa.Column[Any],
) -> PriorityDispatchResult:
    if not autogen_context.dialect.supports_comments:
        return _GO_ON
    alter_column_op.existing_comment = conn_col.comment or None
    if (conn_col.comment or None) == (metadata_col.comment or None):
        return _GO_ON
    alter_column_op.modify_comment = metadata_col.comment or None
    return _DONE


def _dialect_impl_compare_type(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: sa.Column[Any],
    metadata_col: sa.Column[Any],
) -> PriorityDispatchResult:
    """By the dialect's implementation; types of which nothing is known are the same."""
    alter_column_op.existing_type = conn_col.type
    unknown = any(isinstance(column.type, sa.types.NullType) for column in (conn_col, metadata_col))
    if unknown or not autogen_context.impl.compare_type(conn_col, metadata_col):
        return _GO_ON
    alter_column_op.modify_type = metadata_col.type
    return _DONE


def _user_compare_type(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: sa.Column[Any],
    metadata_col: sa.Column[Any],
) -> PriorityDispatchResult:
    """By env.py's ``compare_type``, where it is a function."""
    ask = autogen_context.opts.get("compare_type")
    said = ask(autogen_context.migration_context, conn_col, metadata_col, conn_col.type, metadata_col.type) if callable(ask) else None
    if said is None:
        return _GO_ON
    if said:
        alter_column_op.existing_type = conn_col.type
        alter_column_op.modify_type = metadata_col.type
    return _DONE


def _dialect_impl_compare_server_default(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: sa.Column[Any],
    metadata_col: sa.Column[Any],
) -> PriorityDispatchResult:
    """By the dialect's implementation."""
    there, model = conn_col.server_default, metadata_col.server_default
    if there is None and model is None:
        return _GO_ON
    rendered = _render_server_default_for_compare(model, autogen_context)
    known = _render_server_default_for_compare(there, autogen_context)
    alter_column_op.existing_server_default = there
    if not autogen_context.impl.compare_server_default(conn_col, metadata_col, rendered, known):
        return _GO_ON
    alter_column_op.modify_server_default = model
    return _DONE


def _user_compare_server_default(
    autogen_context: AutogenContext,
    alter_column_op: AlterColumnOp,
    schema: str | None,
    tname: str,
    cname: str,
    conn_col: sa.Column[Any],
    metadata_col: sa.Column[Any],
) -> PriorityDispatchResult:
    """By env.py's ``compare_server_default``, where it is a function."""
    ask = autogen_context.opts.get("compare_server_default")
    if ask is False:
        return _DONE
    if not callable(ask):
        return _GO_ON
    rendered = _render_server_default_for_compare(metadata_col.server_default, autogen_context)
    known = _render_server_default_for_compare(conn_col.server_default, autogen_context)
    said = ask(autogen_context.migration_context, conn_col, metadata_col, known, metadata_col.server_default, rendered)
    if said is None:
        return _GO_ON
    if said:
        alter_column_op.existing_server_default = conn_col.server_default
        alter_column_op.modify_server_default = metadata_col.server_default
    return _DONE


def _render_server_default_for_compare(metadata_default: Any, autogen_context: AutogenContext) -> str | None:
    """A server default as the SQL that stands after DEFAULT; None where it is none, or generated."""
    if not isinstance(metadata_default, DefaultClause):
        return None
    given = metadata_default.arg
    if isinstance(given, str):
        return "'" + given.replace("'", "''") + "'"
    return str(given.compile(dialect=autogen_context.dialect, compile_kwargs={"literal_binds": True}))
