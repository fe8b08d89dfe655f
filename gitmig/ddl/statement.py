"""What a step becomes: statements, run in order on a connection, or on a stand-in whose ``execute`` prints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias


@dataclass(frozen=True, slots=True)
class Statement:
    """One SQLAlchemy executable.

    ``transactional`` False: the database refuses it inside a transaction (CREATE INDEX CONCURRENTLY). ``foreign_keys_off`` True: SQLite
    must not enforce foreign keys while it runs (``PRAGMA foreign_keys`` off, which has to be said before BEGIN), or rows of other tables
    would be lost. ``parameters``: rows for an executemany. ``options``: execution options.
    """

    executable: Any
    transactional: bool = True
    foreign_keys_off: bool = False
    parameters: Any = None
    options: Mapping[str, Any] = field(default_factory=dict)

    def run(self, connection: Any, memo: dict[str, Any]) -> None:
        """Executes it. ``connection`` needs ``dialect`` and ``execute`` (and ``execution_options`` where the statement has options)."""
        if self.options:
            connection = connection.execution_options(**self.options)
        if self.parameters is None:
            connection.execute(self.executable)
        else:
            connection.execute(self.executable, self.parameters)


class _Runner:
    """What SQLAlchemy's events expect of the one who creates tables: a memory of the types that were created on the way."""

    def __init__(self, memo: dict[str, Any]) -> None:
        self.memo = memo


class _Everything(dict[str, Any]):
    """A memory in which every type has been created."""

    class Names(set[Any]):
        def __contains__(self, name: object) -> bool:
            return True

    def __contains__(self, kind: object) -> bool:
        return True

    def __getitem__(self, kind: str) -> Any:
        return self.Names()


@dataclass(frozen=True, slots=True)
class TableEvent:
    """An event of SQLAlchemy's on a table: listeners run, among them those that create the enumerated types of its columns.

    Types are created without asking whether they exist, each once in a run: ``memo`` is one dictionary for the whole run. ``types`` False:
    none is, because operations beside this one do that.
    """

    name: Literal["before_create", "after_create", "before_drop", "after_drop"]
    table: Any
    types: bool = True
    transactional: bool = True
    foreign_keys_off: bool = False

    def run(self, connection: Any, memo: dict[str, Any]) -> None:
        dispatch = getattr(self.table.dispatch, self.name)
        dispatch(self.table, connection, checkfirst=False, _ddl_runner=_Runner(memo if self.types else _Everything()))


@dataclass(frozen=True, slots=True)
class TypeIfMissing:
    """A type created unless it exists, or dropped if it does: PostgreSQL has no CREATE TYPE IF NOT EXISTS."""

    action: Literal["create", "drop"]
    type: Any
    transactional: bool = True
    foreign_keys_off: bool = False

    def run(self, connection: Any, memo: dict[str, Any]) -> None:
        getattr(self.type, self.action)(connection, checkfirst=True)


Row: TypeAlias = "tuple[str, str, str, str | None]"
"""Of sqlite_master: type, name, tbl_name, sql."""

AnyStatement: TypeAlias = Statement | TableEvent | TypeIfMissing
