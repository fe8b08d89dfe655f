"""The active run: what ``op`` and ``context`` talk to while a script's ``upgrade()`` or ``downgrade()`` is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

from gitmig.ops import Operation
from gitmig.schema.values import Table, TableName

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Run(Protocol):
    """One of three sinks: the executor (online), the printer (offline SQL), the recorder (replay)."""

    @property
    def dialect(self) -> Dialect:
        """Always there, without a connection too."""
        ...

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        """That of env.py's target_metadata, applied to what scripts create without a name."""
        ...

    @property
    def keeps_unsaid(self) -> bool:
        """Whether the script that runs is written for gitmig: what its ``alter_column`` says nothing of stays as it is, on MySQL too."""
        ...

    @property
    def context(self) -> Any:
        """What ``op.get_context()`` gives: Alembic's MigrationContext as far as scripts use it."""
        ...

    def perform(self, operation: Operation) -> None:
        """Execute, print or record it."""
        ...

    def natively(self, operation: Operation) -> None:
        """As gitmig does it, whatever a package has registered for the dialect."""
        ...

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """``op.execute``: text or any SQLAlchemy executable, as the script gave it."""
        ...

    def bind(self) -> Any:
        """``op.get_bind()``: the connection; a stand-in where there is none."""
        ...

    def table(self, name: TableName) -> Table | None:
        """What is known of a table: reflected (online) or replayed; None where it is unknown."""
        ...


_active: ContextVar[Run | None] = ContextVar("gitmig_active_run", default=None)


def active() -> Run | None:
    """The run of this context, if there is one."""
    return _active.get()


@contextmanager
def activate(run: Run) -> Iterator[Run]:
    """``run`` is the active one inside the block."""
    token = _active.set(run)
    try:
        yield run
    finally:
        _active.reset(token)
