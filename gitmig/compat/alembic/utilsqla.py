"""``alembic.util.sqla_compat``: questions that Alembic asks of SQLAlchemy, for packages that ask them there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from enum import Enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect

__all__ = [
    "_NONE_NAME",
    "_connectable_has_table",
    "_ensure_scope_for_ddl",
    "_exec_on_inspector",
    "_get_connection_in_transaction",
    "_get_constraint_final_name",
    "_get_identity_options_dict",
    "_inherit_schema_deprecated",
    "_is_type_bound",
    "_reflect_table",
    "_safe_begin_connection_transaction",
    "_safe_commit_connection_transaction",
    "_safe_rollback_connection_transaction",
    "_server_default_is_computed",
    "_server_default_is_identity",
    "_table_for_constraint",
    "_vers",
    "identity_has_dialect_kwargs",
    "sqla_2_0_25",
    "sqla_2_1",
]

_vers = tuple(int(each) if each.isdigit() else 0 for each in re.findall(r"\d+", sa.__version__)[:3])
sqla_2_0_25 = _vers >= (2, 0, 25)
sqla_2_1 = _vers >= (2, 1)
identity_has_dialect_kwargs = hasattr(sa.Identity, "dialect_kwargs")


class _NoneName(Enum):
    NONE_NAME = 0


_NONE_NAME = _NoneName.NONE_NAME
"""A constraint whose name is left to the database on purpose, whatever the naming convention says."""


@contextmanager
def _ensure_scope_for_ddl(connection: Connection | None) -> Iterator[None]:
    """A transaction, unless one is there."""
    with nullcontext() if connection is None or connection.in_transaction() else connection.begin():
        yield


def _safe_begin_connection_transaction(connection: Connection) -> Any:
    transaction = connection.get_transaction()
    return connection.begin() if transaction is None else transaction


def _safe_commit_connection_transaction(connection: Connection) -> None:
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.commit()


def _safe_rollback_connection_transaction(connection: Connection) -> None:
    transaction = connection.get_transaction()
    if transaction is not None:
        transaction.rollback()


def _get_connection_in_transaction(connection: Connection | None) -> bool:
    return connection is not None and connection.in_transaction()


def _connectable_has_table(connectable: Connection, tablename: str, schemaname: str | None) -> bool:
    return sa.inspect(connectable).has_table(tablename, schemaname)


def _exec_on_inspector(inspector: Any, statement: Any, **params: Any) -> Any:
    """Executes on the inspector's connection, which it opens where it was made over an engine."""
    with inspector._operation_context() as connection:
        return connection.execute(statement, params)


def _reflect_table(inspector: Any, table: sa.Table) -> None:
    inspector.reflect_table(table, None)


def _is_type_bound(constraint: sa.Constraint) -> bool:
    """Whether a type (Boolean, Enum) has made it."""
    return bool(constraint._type_bound)


def _table_for_constraint(constraint: sa.Constraint) -> sa.Table:
    table = constraint.parent
    assert isinstance(table, sa.Table)
    return table


def _get_constraint_final_name(constraint: sa.Constraint | sa.Index, dialect: Dialect | None) -> str | None:
    """The name that DDL gives to it, by the naming convention too; None where it leaves it to the database."""
    if constraint.name is None:
        return None
    if dialect is None:
        from sqlalchemy.engine.default import DefaultDialect

        dialect = DefaultDialect()
    preparer = dialect.identifier_preparer
    if isinstance(constraint, sa.Index):
        return preparer.format_index(constraint).strip(_quotes(preparer))
    found = preparer.format_constraint(constraint)
    return None if found is None else found.strip(_quotes(preparer))


def _quotes(preparer: Any) -> str:
    return f"{preparer.initial_quote}{preparer.final_quote}"


def _inherit_schema_deprecated() -> bool:
    """Whether SQLAlchemy warns of ``Enum(inherit_schema=...)``: from 2.1 on it is the rule."""
    return sqla_2_1


def _server_default_is_computed(*server_default: Any) -> bool:
    return any(isinstance(each, sa.Computed) for each in server_default)


def _server_default_is_identity(*server_default: Any) -> bool:
    return any(isinstance(each, sa.Identity) for each in server_default)


def _get_identity_options_dict(identity: sa.Identity | sa.Sequence | None, dialect_kwargs: bool = False) -> dict[str, Any]:
    """The options that are given."""
    if identity is None:
        return {}
    names = ("always", "on_null", "start", "increment", "minvalue", "maxvalue", "nominvalue", "nomaxvalue", "cycle", "cache", "order")
    found = {name: getattr(identity, name) for name in names if getattr(identity, name, None) is not None}
    if isinstance(identity, sa.Identity):
        found["always"] = bool(identity.always)
    if dialect_kwargs and identity_has_dialect_kwargs:
        found.update(identity.dialect_kwargs)
    return found
