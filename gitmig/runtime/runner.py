"""The walk over a route: each revision's script, its version rows and its line in the history, in the database's kind of transactions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.exc import DBAPIError, NoInspectionAvailable

from gitmig.adapters.database import driver_words
from gitmig.adapters.lock import run_lock
from gitmig.adapters.servertimeouts import ServerTimeouts
from gitmig.adapters.stopping import Stop, StopAsked, stopping
from gitmig.adapters.transactions import foreign_keys_enforced
from gitmig.errors import DatabaseError, GitmigError, GraphError
from gitmig.graph.routes import Move
from gitmig.runtime.aftermath import Aftermath, bookkeeping_failed
from gitmig.runtime.ledger import Ledger
from gitmig.runtime.script_module import RunStopped, ScriptFailed, Scripts, refuse_unfinished, script_errors
from gitmig.runtime.settings import Done
from gitmig.runtime.stepinfo import headline, migration_info

if TYPE_CHECKING:
    from gitmig.adapters.journal import Interrupted, Journal
    from gitmig.runtime.executor import Executor
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.printer import Printer

_COURTESY = 0.2
"""Seconds without movement after which another run over the same SQLite file counts as finished."""


def run_online(context: MigrationContext, keywords: dict[str, Any]) -> None:
    """Plans by the context's ``fn(rows, context)``, which gives moves, and makes them. Raises DatabaseError and what scripts raise."""
    outside = context.outside
    context.outcome.database = context.connection.engine.url.render_as_string(hide_password=True)
    if context.opts.get("dont_mutate"):
        rows = context.version.rows_if_there(context.connection)
        context.outcome.before = context.outcome.after = rows
        context.plan(rows)
        if context.settings.looks_back and context.scripts is not None:
            from gitmig.runtime.standing import standing

            context.outcome.standing = standing(context, context.scripts, rows)
        _end_reading(context, outside)
        return
    _Runner(context, keywords, outside).run()


def _end_reading(context: MigrationContext, outside: bool) -> None:
    """Reading began a transaction of SQLAlchemy's; nobody needs it. (One that was there before, or that env.py ends later, stays.)"""
    if not outside and not context.commits_later and context.connection.in_transaction():
        context.connection.rollback()


class _Runner:
    def __init__(self, context: MigrationContext, keywords: dict[str, Any], outside: bool) -> None:
        self.context = context
        self.connection = context.connection
        self.keywords = keywords
        self.settings = context.settings
        self.version = context.version
        self.scripts: Scripts | None = context.scripts
        self.outside = outside
        self.transactions = context.start_transactions()
        self.ledger = Ledger(context)
        self.executor: Executor | None = None
        self.command = context.opts.get("command")
        self.enforced = False
        self.functions: dict[str, Any] = {}
        self.journal: Journal | None = None
        self.left: Interrupted | None = None
        self.stop = Stop(self.settings.say)
        self.timeouts = ServerTimeouts(self.connection)
        self.commits = 0

    def run(self) -> None:
        lock = run_lock(
            self.connection,
            str(self.version),
            timeout=self.settings.lock_timeout,
            say=self.settings.say,
            external=self.outside,
        )
        with self.context.hold(lock):
            rows = self.version.rows_if_there(self.connection)
            outcome = self.context.outcome
            outcome.before = outcome.after = outcome.committed = rows
            self.ledger.look(rows)
            if self.context.implementation is not None:
                self.context.implementation.start_migrations()
            self.left = self._interrupted(rows)
            moves = self._first_moves(rows)
            settles = self.command == "stamp" and (self.ledger.skipped or self.left is not None)
            self._check_ids(moves)
            self._end_reading()
            if moves or settles or self.command == "ensure_version":
                self._go(rows, moves)

    def _go(self, rows: tuple[str, ...], moves: tuple[Move, ...]) -> None:
        # Imported here: most runs find nothing to do and need none of it.
        from gitmig.runtime.executor import Executor

        self.executor = Executor(self.context, self.connection)
        self.enforced = foreign_keys_enforced(self.connection)
        self._load(moves)
        self.settings.progress.plan(len(moves))
        with (
            self._watched(),
            self.transactions.run(foreign_keys_off=self.transactions.whole and any(map(self._foreign_keys_off, moves))),
        ):
            if self.transactions.whole and self.connection.dialect.name == "sqlite":
                rows, moves = self._again(rows, moves)
            self._prepare(rows, moves)
            if self.transactions.whole:
                self.ledger.gather()
                self.context.before_commit = self.ledger.flush
            while moves:
                moved = self._walk(moves)
                if moved is None:
                    break
                rows = self._settled(moved)
                moves = self._moves(rows)
            if self.command == "stamp":
                self._settle()
            self.ledger.flush()
            self.timeouts.restore()
            if self.journal is not None:
                self.journal.remove()
                self._end_reading()
        if not self.context.commits_later:
            self.context.committed()
        if self.scripts is not None:
            self.scripts.cache.save()

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Commits inside are counted, and (where the command wants that) signals wait for the statement that is running."""
        event.listen(self.connection, "commit", self._count_commit)
        try:
            with stopping(self.connection, self.settings.say) if self.settings.stops else nullcontext(self.stop) as self.stop:
                yield
        finally:
            event.remove(self.connection, "commit", self._count_commit)

    def _count_commit(self, _connection: Any) -> None:
        self.commits += 1

    def _end_reading(self) -> None:
        _end_reading(self.context, self.outside)

    def _again(self, rows: tuple[str, ...], moves: tuple[Move, ...]) -> tuple[tuple[str, ...], tuple[Move, ...]]:
        """Now that nobody else writes: the rows, and the moves if another run changed them before."""
        now = self.version.rows_if_there(self.connection)
        return (rows, moves) if now == rows else (now, self._moves(now))

    def _moves(self, rows: tuple[str, ...]) -> tuple[Move, ...]:
        return self.ledger.with_skipped(self.context.plan(rows), rows)

    def _first_moves(self, rows: tuple[str, ...]) -> tuple[Move, ...]:
        """The plan; a revision that was left half-way comes first, or nothing runs."""
        if self.left is None or self.command == "stamp":
            return self._moves(rows)
        try:
            moves = self._moves(rows)
        except GraphError:
            moves = ()
        self._check_left(self.left, moves)
        return moves

    def _settled(self, rows: tuple[str, ...]) -> tuple[str, ...]:
        """Another run moves the rows of this SQLite file between our transactions: it goes first, until it makes no more steps."""
        self.settings.say(f"another run moved {self.version} meanwhile; waiting for it to finish")
        deadline = time.monotonic() + self.settings.lock_timeout
        still = time.monotonic() + _COURTESY
        while time.monotonic() < min(still, deadline):
            time.sleep(_COURTESY / 10)
            now = self._read()
            if now != rows:
                rows, still = now, time.monotonic() + _COURTESY
        self.context.outcome.after = self.context.outcome.committed = rows
        return rows

    def _read(self) -> tuple[str, ...]:
        rows = self.version.rows_if_there(self.connection)
        self._end_reading()
        return rows

    def _check_ids(self, moves: Sequence[Move]) -> None:
        ids = [id for move in moves for id in move.after if id not in move.before]
        self.version.check_width(self.connection, self.connection.dialect, ids)

    def _prepare(self, rows: tuple[str, ...], moves: tuple[Move, ...]) -> None:
        """What a run needs before its first revision: the version table, the history, what other tools did; once, in one transaction."""
        new = not self.version.exists(self.connection)
        keeps = self.command != "ensure_version" and self.ledger.needs_preparing
        if new or keeps:
            with self.transactions.step():
                if new:
                    self.version.create(self.connection)
                if keeps:
                    # Another run over the same SQLite file may have come in between; it has then entered the rest.
                    same = not self.transactions.rereads or set(self.version.rows(self.connection)) == set(rows)
                    self.ledger.prepare(rows, foreign=same)
        if self._journals() and any(move.direction != "stamp" for move in moves):
            self._start_journal(moves)

    def _settle(self) -> None:
        """A stamp says that what lies below it is done: what was skipped, and what was left half-way."""
        if self.ledger.skipped:
            with self.transactions.step():
                self.ledger.settle(self.context.outcome.after)
        if self.left is not None:
            self._new_journal().remove()
            self._end_reading()

    # -- one revision after the other

    def _walk(self, moves: tuple[Move, ...]) -> tuple[str, ...] | None:
        """Makes the moves; where another run moved the rows meanwhile, stops and returns them."""
        for move in moves:
            moved = self._step(move)
            if moved is not None:
                return moved
        return None

    def _step(self, move: Move) -> tuple[str, ...] | None:
        script = self._script(move)
        started = time.monotonic()
        outcome = self.context.outcome
        after = Aftermath(self.context, move, self.journal, self.outside, self.ledger.set_back, self.ledger.last_rows)
        try:
            self._check_stop(move, after)
            with self.transactions.step(foreign_keys_off=not self.transactions.whole and self._foreign_keys_off(move)):
                if self.transactions.rereads:
                    rows = self.version.rows(self.connection)
                    if set(rows) != set(move.before):
                        return rows
                self.settings.progress.begin(headline(move, self.scripts))
                after.began = True
                if script is not None:
                    self._run(move, script, after)
                self.version.apply(self.connection, move.changes)
                self.ledger.add(move, time.monotonic() - started)
                call_back(self.context, move, self.keywords)
        except GitmigError as error:
            after.explain(error)
            raise
        except DBAPIError as error:
            failed = bookkeeping_failed(move, driver_words(error))
            after.explain(failed)
            raise failed from error
        outcome.after = move.after
        outcome.done.append(Done(move.revision, move.direction, time.monotonic() - started, script is not None))
        if not self.transactions.whole:
            self.context.committed()
        return None

    def _load(self, moves: Sequence[Move]) -> None:
        """Runs the bodies of all files before the first function is called, as Alembic does: what one of them cannot import stops the
        run before anything is changed, and what importing one changes holds for all."""
        for move in moves:
            if move.direction == "stamp" or self.scripts is None or move.revision in self.functions or self._passes_over(move):
                continue
            try:
                self.functions[move.revision] = self.scripts.function(move.revision, move.direction)
            except ScriptFailed as error:
                error.hint = error.hint or f"Nothing was changed. Correct the file, then `gitmig {move.direction}`."
                raise

    def _passes_over(self, move: Move) -> bool:
        """Whether a downgrade meets a revision that never ran here."""
        return move.direction == "downgrade" and move.revision in self.ledger.skipped

    def _script(self, move: Move) -> Any:
        """The function to call; None where nothing runs."""
        if self._passes_over(move):
            self.settings.say(f"Passing over {move.revision}, which never ran on this database")
        self._load([move])
        return self.functions.get(move.revision)

    def _check_stop(self, move: Move, after: Aftermath) -> None:
        """Raises RunStopped where a signal came since the last statement."""
        try:
            self.stop.check()
        except StopAsked as stop:
            after.began = True
            raise RunStopped(f"stopped before revision '{move.revision}'") from stop

    def _run(self, move: Move, script: Any, after: Aftermath) -> None:
        from gitmig.runtime.run import activate

        assert self.scripts is not None and self.executor is not None
        revision = self.scripts.revisions[move.revision]
        self.executor.enter(self.scripts.source(move.revision))
        journal = nullcontext() if self.journal is None else self._followed(self.journal, move)
        with journal, activate(self.executor), script_errors(revision, self.scripts.path(move.revision), f"{move.direction}()"):
            commits = self.commits
            self.timeouts.apply(self.scripts.timeouts(move.revision).over(self.settings.timeouts))
            self.stop.within = True
            try:
                refuse_unfinished(script(**self.keywords), move.direction)
                if self.stop.refused:
                    raise StopAsked
                if self.connection.closed or self.connection.invalidated:
                    raise DatabaseError("the script closed the connection that it was given", "Leave it open: gitmig closes it.")
            finally:
                self.stop.within = False
                after.committed = self.commits > commits
        self.transactions.ensure()

    def _followed(self, journal: Journal, move: Move) -> Any:
        left, self.left = self.left, None
        if left is not None:
            self.settings.say(f"Resuming {left.direction} of {left.revision}: {left.place()}")
        return journal.following(move.revision, move.direction, left)

    def _foreign_keys_off(self, move: Move) -> bool:
        if not self.enforced or move.direction == "stamp" or self.scripts is None:
            return False
        from gitmig.runtime.foreknowledge import needs_foreign_keys_off

        return needs_foreign_keys_off(self.scripts.source(move.revision))

    # -- where DDL commits by itself

    def _journals(self) -> bool:
        return self.connection.dialect.name in ("mysql", "mariadb") and not self.outside

    def _new_journal(self) -> Journal:
        from gitmig.adapters.journal import Journal

        return Journal(self.connection, str(self.version))

    def _interrupted(self, rows: tuple[str, ...]) -> Interrupted | None:
        if not self._journals():
            return None
        journal = self._new_journal()
        left = None
        if journal.exists():
            left = journal.last()
            if left is None or self._is_whole(left, rows):
                # Its run was ended after its last revision was whole.
                left = None
                journal.remove()
        self._end_reading()
        return left

    def _is_whole(self, left: Interrupted, rows: tuple[str, ...]) -> bool:
        """Whether the version rows say that the step was finished: they are written in the transaction that ends it."""
        below = rows if self.scripts is None else self.scripts.graph.ancestors(*(row for row in rows if row in self.scripts.graph))
        return (left.revision in rows or left.revision in below) == (left.direction == "upgrade")

    def _start_journal(self, moves: Sequence[Move]) -> None:
        journal = self._new_journal()
        try:
            journal.create(rows=any(self._changes_rows(move) for move in moves))
        except DBAPIError as error:
            self.settings.say(
                f"warning: an interrupted run could not be resumed, because the journal cannot be created: {driver_words(error)}"
            )
            return
        finally:
            self._end_reading()
        self.journal = journal

    def _changes_rows(self, move: Move) -> bool:
        if move.direction == "stamp" or self.scripts is None:
            return False
        from gitmig.runtime.foreknowledge import changes_rows

        return changes_rows(self.scripts.source(move.revision))

    def _check_left(self, left: Interrupted, moves: Sequence[Move]) -> None:
        """Raises DatabaseError unless the first revision to run is the one that was left half-way."""
        first = next(((move.revision, move.direction) for move in moves), None)
        if first != (left.revision, left.direction):
            if self.scripts is not None and left.revision not in self.scripts.graph:
                raise DatabaseError(
                    f"revision '{left.revision}', which no file here defines, was interrupted on this database: {left.place()}",
                    f"`gitmig {'sync' if left.direction == 'downgrade' else 'upgrade'}` finishes it"
                    + ("." if left.direction == "downgrade" else " on the branch that it is of."),
                )
            raise DatabaseError(
                f"revision '{left.revision}' was interrupted on this database: {left.place()}",
                f"`gitmig {left.direction} {self._to_finish(left)}` finishes it; or finish or undo it by hand, and say where the database "
                "is with `gitmig stamp`.",
            )

    def _to_finish(self, left: Interrupted) -> str:
        if left.direction == "upgrade" or self.scripts is None or left.revision not in self.scripts.graph:
            return left.revision
        below = self.scripts.graph.down(left.revision)
        return below[0] if below else "base"


def run_offline(context: MigrationContext, printer: Printer, keywords: dict[str, Any]) -> None:
    """Prints what the moves would execute, with the version rows' statements."""
    from gitmig.runtime.hindsight import Hindsight
    from gitmig.runtime.run import activate

    rows = context.starting_rows()
    outcome = context.outcome
    outcome.before = outcome.after = rows
    if context.implementation is not None:
        context.implementation.start_migrations()
    scripts: Scripts | None = context.scripts
    moves = context.plan(rows)
    creates = bool((not rows and moves) or context.opts.get("ensure_version"))
    context.version.check_width(None, context.dialect, [id for move in moves for id in move.after if id not in move.before])
    functions = {}
    hindsight = None if scripts is None else Hindsight(context, scripts, keywords)
    for move in moves:
        if move.direction != "stamp" and scripts is not None:
            functions[move.revision] = scripts.function(move.revision, move.direction)
    if creates and not moves:
        printer.execute(context.version.creation())
    for move in moves:
        with context.begin_transaction(_per_migration=True):
            if creates:
                printer.execute(context.version.creation())
                creates = False
            printer.comment(headline(move, scripts, doc=False))
            function = functions.get(move.revision)
            if function is not None and scripts is not None and hindsight is not None:
                printer.enter(partial(hindsight.at, move.before), scripts.source(move.revision))
                with (
                    activate(printer),
                    script_errors(scripts.revisions[move.revision], scripts.path(move.revision), f"{move.direction}() without a database"),
                ):
                    _call_offline(function, keywords)
            for change in move.changes:
                printer.execute(context.version.statement(change))
            call_back(context, move, keywords)
        outcome.after = move.after
        outcome.done.append(Done(move.revision, move.direction, 0.0))


def call_back(context: MigrationContext, move: Move, keywords: dict[str, Any]) -> None:
    """What ``on_version_apply`` asks for: told of each step, before its commit; offline too."""
    callbacks = context.on_version_apply_callbacks
    if callbacks:
        info = migration_info(move, context.scripts)
        for callback in callbacks:
            callback(ctx=context, step=info, heads=set(move.after), run_args=keywords)


def _call_offline(function: Callable[..., Any], keywords: dict[str, Any]) -> None:
    from gitmig.runtime.printer import no_answer

    try:
        function(**keywords)
    except NoInspectionAvailable as error:
        raise no_answer("nothing can be inspected").with_traceback(error.__traceback__) from error
