"""The migration context that runs: what ``context.configure()`` makes, and applications make for themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from typing import Any, Protocol

from gitmig.graph.routes import Move, purging
from gitmig.runtime import migrationcontext
from gitmig.runtime.asraised import as_raised
from gitmig.runtime.machinery import Running
from gitmig.runtime.settings import logged


class Step(Protocol):
    """A step by Alembic's measure: it knows where it leads, and becomes a move when the rows that it meets are known."""

    def move(self, rows: tuple[str, ...]) -> Move: ...


class MigrationContext(migrationcontext.MigrationContext):
    """``opts["fn"]`` gets the version rows and this context, and gives moves or steps; as ``_migrations_fn`` it may be replaced."""

    def __init__(self, dialect: Any, connection: Any, opts: dict[str, Any], environment_context: Any = None) -> None:
        self._migrations_fn: Callable[..., Iterable[Move | Step] | None] | None = opts.get("fn")
        super().__init__(dialect, connection, opts, environment_context)
        if self.settings.say is logged:
            logged(f"Context impl {type(self.impl).__name__}.")
            if self.as_sql:
                logged("Generating static SQL")
            logged(f"Will assume {'' if self.is_transactional_ddl() else 'non-'}transactional DDL.")

    def run_migrations(self, **kw: Any) -> None:
        with as_raised() if self.settings.say is logged else nullcontext():
            super().run_migrations(**kw)

    def plan(self, rows: tuple[str, ...]) -> tuple[Move, ...]:
        if self._migrations_fn is None:
            return ()
        if self.purge:
            return purging(rows, moves(self._migrations_fn((), self) or (), ()))
        return moves(self._migrations_fn(rows, self) or (), rows)

    def stamp(self, script_directory: Any, revision: str | Sequence[str]) -> None:
        """The version table says ``revision`` from now on; nothing is run. ``script_directory`` has the revisions."""
        rows = self.get_current_heads()
        for move in moves(script_directory._stamp_revs(revision, rows), rows):
            if self.printer is not None:
                for change in move.changes:
                    self.printer.execute(self.version.statement(change))
                continue
            self._ensure_version_table()
            self.version.apply(self.connection, move.changes)

    def _has_version_table(self) -> bool:
        return self.version.exists(self.connection)

    def _ensure_version_table(self, purge: bool = False) -> None:
        self.version.create(self.connection)
        if purge:
            self.version.purge(self.connection)

    def _runs(self) -> Running:
        return Running()


def moves(steps: Iterable[Move | Step], rows: tuple[str, ...]) -> tuple[Move, ...]:
    """``steps`` as moves from ``rows`` on, each beginning where the one before it ended."""
    found: list[Move] = []
    for step in steps:
        move = step if isinstance(step, Move) else step.move(rows)
        rows = move.after
        found.append(move)
    return tuple(found)
