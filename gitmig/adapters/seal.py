"""A process in which no engine can connect, for reading models and recording revisions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn


class Sealed(Exception):
    """What a driver would have raised."""


def seal_databases() -> None:
    """From now on every SQLAlchemy pool of this process refuses to connect.

    ``metadata.create_all()`` and ``drop_all()`` do nothing but on the connection of a revision that is recorded: tutorials call them when
    a module is imported, and the schema that they would make is what is being read. A refusal is SQLAlchemy's own OperationalError, as
    from a server that is down, so code that copes with that copes with this.
    """
    from sqlalchemy import MetaData
    from sqlalchemy.exc import OperationalError
    from sqlalchemy.pool import Pool

    # Not Pool.__init__: create_engine looks at its signature to know which keyword arguments belong to a pool.
    creator: Any = Pool.__dict__["_creator"]

    def refuse(*arguments: Any, **options: Any) -> NoReturn:
        raise OperationalError(None, None, Sealed("no database is connected to while models and revisions are read"))

    def sealed_creator(self: Pool, creates: Any) -> None:
        creator.fset(self, refuse)

    def only_recorded(make: Callable[..., None]) -> Any:
        def call(self: MetaData, bind: Any = None, *arguments: Any, **options: Any) -> None:
            if getattr(bind, "gitmig_recording", False):
                make(self, bind, *arguments, **options)

        return call

    Pool._creator = property(creator.fget, sealed_creator)  # type: ignore[assignment]
    MetaData.create_all = only_recorded(MetaData.create_all)  # type: ignore[method-assign]
    MetaData.drop_all = only_recorded(MetaData.drop_all)  # type: ignore[method-assign]


@contextmanager
def stand_in_connections() -> Iterator[None]:
    """While it lasts, every engine, asynchronous ones too, connects to something that takes each statement and answers nothing."""
    from sqlalchemy.engine import Engine
    from sqlalchemy.ext.asyncio import AsyncEngine

    kept = [(kind, name, vars(kind)[name]) for kind in (Engine, AsyncEngine) for name in ("connect", "begin")]

    def connect(engine: Any) -> StandInConnection:
        return StandInConnection(engine)

    for kind, name, _ in kept:
        setattr(kind, name, connect)
    try:
        yield
    finally:
        for kind, name, method in kept:
            setattr(kind, name, method)


class StandInConnection:
    """In place of a connection or of an asynchronous one, as env.py uses it on its way to ``context.configure()``."""

    def __init__(self, engine: Any) -> None:
        self.engine = engine
        self.dialect = engine.dialect

    def __enter__(self) -> StandInConnection:
        return self

    def __exit__(self, *error: object) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> StandInConnection:
        return self

    async def __aexit__(self, *error: object) -> None:
        """Nothing to close."""

    async def run_sync(self, function: Callable[..., Any], *arguments: Any, **keywords: Any) -> Any:
        return function(self, *arguments, **keywords)

    def execution_options(self, **options: Any) -> StandInConnection:
        return self

    def begin(self) -> StandInConnection:
        return self

    def execute(self, *arguments: Any, **keywords: Any) -> NoRows:
        return NoRows()

    exec_driver_sql = execute

    def scalar(self, *arguments: Any, **keywords: Any) -> None:
        """No row, no value."""

    def in_transaction(self) -> bool:
        return False

    def commit(self) -> None:
        """Nothing was written."""

    rollback = close = commit


class NoRows:
    """The result of a statement that nobody executed."""

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def scalar(self) -> None:
        """No row, no value."""

    first = fetchone = scalar_one_or_none = scalar

    def all(self) -> list[Any]:
        return []

    fetchall = all

    def scalars(self) -> NoRows:
        return self
