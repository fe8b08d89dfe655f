"""``context.get_context()`` and ``op.get_context()``: a connection (or none), a dialect, the options, and the run over them.

Names and signatures are those of Alembic's MigrationContext, because env.py files and revisions use them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa
from sqlalchemy.engine import url as sa_url
from typing_extensions import Self

from gitmig.adapters.database import driver_words
from gitmig.adapters.transactions import Transactions, transactions_for
from gitmig.adapters.versiontable import VersionTable
from gitmig.errors import CommandError, DatabaseError, UsageError
from gitmig.graph.names import many
from gitmig.graph.routes import Move
from gitmig.runtime.implementations import general, registered
from gitmig.runtime.script_module import Scripts
from gitmig.runtime.settings import STANDALONE, Outcome, Settings

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect

_TRANSACTIONAL = frozenset({"postgresql", "mssql", "redshift", "cockroachdb"})


class OfflinePrinter(Protocol):
    """What the context needs of the printer of offline mode."""

    @property
    def connection(self) -> Any: ...

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None: ...

    def text(self, text: str) -> None: ...

    def begin(self) -> None: ...

    def commit(self) -> None: ...


class Machinery(Protocol):
    """What runs a context's migrations. It stands above the context and knows it."""

    def printer(self, context: MigrationContext) -> OfflinePrinter:
        """The printer of a context in offline mode."""
        ...

    def run(self, context: MigrationContext, keywords: dict[str, Any]) -> None:
        """Run, or print, what the context's ``fn`` plans."""
        ...


class MigrationContext:
    """What all contexts share; the one that is made, and that can run, is `gitmig.runtime.migration.MigrationContext`.

    ``opts`` are the keywords of ``context.configure()`` and of the command: fn, as_sql, starting_rev, destination_rev, tag, purge,
    dont_mutate, script, ..."""

    def __init__(
        self,
        dialect: Dialect,
        connection: Connection | None,
        opts: dict[str, Any],
        environment_context: Any = None,
    ) -> None:
        self.environment_context = environment_context
        self.opts = opts
        self.dialect = dialect
        self.script = opts.get("script")
        self._scripts: Scripts | None = None
        self.as_sql: bool = bool(opts.get("as_sql", False))
        self.purge: bool = bool(opts.get("purge", False))
        self.settings: Settings = opts.get("settings") or STANDALONE
        self.outcome = Outcome()
        self.version = VersionTable(
            opts.get("version_table") or "alembic_version",
            opts.get("version_table_schema"),
            primary_key=opts.get("version_table_pk", True),
        )
        self.version_table: str = self.version.table.name
        self.version_table_schema: str | None = self.version.table.schema
        self._version = self.version.table
        transactional = opts.get("transactional_ddl")
        self._impl: Any = None
        self.connection: Any = connection
        self.implementation = registered(self)
        """What a package has registered for the dialect."""
        known = dialect.name in _TRANSACTIONAL if self.implementation is None else self.implementation.transactional_ddl
        self._transactional = known if transactional is None else bool(transactional)
        self._per_migration = bool(opts.get("transaction_per_migration", False)) and not self.settings.single_transaction
        self.on_version_apply_callbacks = _callbacks(opts.get("on_version_apply"))
        self.printer: OfflinePrinter | None = None
        if self.as_sql:
            self.printer = self._runs().printer(self)
            self.connection = self.printer.connection
            self._external = False
        else:
            self._external = in_transaction(connection)
            if opts.get("literal_binds"):
                raise CommandError("Can't use literal_binds setting without as_sql mode", "Leave it out online.")
        self.transactions: Transactions | None = None
        self.ran = False
        """Whether `run_migrations` was called."""
        self._scope: ExitStack | None = None
        self._after_commit: list[Callable[[], None]] = []
        self.before_commit: Callable[[], None] = lambda: None
        """Called by an autocommit block before it commits what ran so far."""

    @classmethod
    def configure(
        cls,
        connection: Connection | None = None,
        url: Any = None,
        dialect_name: str | None = None,
        dialect: Dialect | None = None,
        environment_context: Any = None,
        dialect_opts: Mapping[str, Any] | None = None,
        opts: Mapping[str, Any] | None = None,
    ) -> Self:
        """A context for a connection; without one the dialect is that of ``url``, or the one named. Raises CommandError, UsageError."""
        options = dict(opts or {})
        if connection is not None:
            if isinstance(connection, sa.Engine):
                raise CommandError(
                    f"'connection' argument to configure() is expected to be a sqlalchemy.engine.Connection instance, got {connection!r}",
                    "Write `with engine.connect() as connection:`.",
                )
            return cls(connection.dialect, connection, options, environment_context)
        keywords = dict(dialect_opts or {})
        if url:
            made: Dialect = sa_url.make_url(url).get_dialect()(**keywords)
        elif dialect_name:
            made = sa_url.make_url(f"{dialect_name}://").get_dialect()(**keywords)
        elif dialect is not None:
            made = dialect
        else:
            raise UsageError("Connection, url, or dialect_name is required", "Give context.configure() one of them.")
        return cls(made, None, options, environment_context)

    # -- what scripts and env.py ask

    @property
    def impl(self) -> Any:
        """The dialect's implementation: what a package has registered, else what stands for it."""
        if self._impl is None:
            self._impl = self.implementation or general(self) or Impl(self)
        return self._impl

    @property
    def bind(self) -> Any:
        """The connection; offline a stand-in that prints."""
        return self.connection

    @property
    def config(self) -> Any:
        """The environment's ``config``."""
        return None if self.environment_context is None else self.environment_context.config

    @property
    def scripts(self) -> Scripts | None:
        """The revision files that a run calls: those of ``script``, which is that or a ScriptDirectory."""
        if self._scripts is None and self.script is not None:
            self._scripts = self.script if isinstance(self.script, Scripts) else self.script.scripts
        return self._scripts

    @property
    def output_buffer(self) -> Any:
        return self.opts.get("output_buffer") or sys.stdout

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        """That of target_metadata, where it is one MetaData."""
        metadata = self.opts.get("target_metadata")
        return metadata.naming_convention if isinstance(metadata, sa.MetaData) else None

    def is_transactional_ddl(self) -> bool:
        return self._transactional

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Text or an executable; offline printed."""
        if self.printer is not None:
            self.printer.execute(sql, execution_options)
            return
        connection = self.connection
        if execution_options:
            connection = connection.execution_options(**execution_options)
        connection.execute(sa.text(sql) if isinstance(sql, str) else sql)

    def get_current_revision(self) -> str | None:
        """The only version row, or None. Raises CommandError where there are several."""
        heads = self.get_current_heads()
        if len(heads) > 1:
            raise CommandError(
                f"Version table '{self.version_table}' has more than one head present; please use get_current_heads()",
                f"They are {', '.join(heads)}.",
            )
        return heads[0] if heads else None

    def get_current_heads(self) -> tuple[str, ...]:
        """The version rows; offline what the range began with."""
        if self.as_sql:
            return self.starting_rows()
        return self.version.rows_if_there(self.connection)

    def starting_rows(self) -> tuple[str, ...]:
        """Offline: the rows that the database is taken to have."""
        start = self.opts.get("starting_rev")
        if start is None or start == "base":
            return ()
        names = (start,) if isinstance(start, str) else tuple(start)
        return names if self.scripts is None else many(self.scripts.graph, names)

    def plan(self, rows: tuple[str, ...]) -> tuple[Move, ...]:
        """The moves from ``rows`` to where the command wants to be."""
        return tuple(self.opts["fn"](rows, self) or ())

    # -- transactions

    def begin_transaction(self, _per_migration: bool = False) -> AbstractContextManager[Any]:
        """What env.py puts around ``run_migrations()``: the run's transaction, where DDL is transactional and revisions share one."""
        if self.printer is not None:
            wanted = self._transactional and self._per_migration == _per_migration
            return _printed(self.printer) if wanted else nullcontext()
        if self._external or self.connection is None or in_transaction(self.connection):
            return nullcontext()
        if self.dialect.name == "sqlite" or not self._transactional or self._per_migration:
            return nullcontext()
        return self._outer()

    @contextmanager
    def _outer(self) -> Iterator[None]:
        # What the run holds (its lock) is held until the commit: a run that waits must not read rows that are about to change.
        with ExitStack() as self._scope:
            self.connection.begin()
            try:
                yield
            except BaseException:
                self._after_commit.clear()
                if not self.connection.invalidated:
                    self.connection.rollback()
                raise
            if self.connection.in_transaction():
                self._commit()
            self.committed()
        self._scope = None

    def _commit(self) -> None:
        """The commit of a whole run. Raises DatabaseError for what the server finds only now, such as a deferred constraint."""
        try:
            self.connection.commit()
        except sa.exc.DBAPIError as error:
            self._after_commit.clear()
            rows = ", ".join(self.outcome.committed) or "base (nothing is applied)"
            raise DatabaseError(
                f"the run could not be committed: {driver_words(error)}",
                f"It was rolled back: the database is at {rows}. Correct the revisions, then run the command again.",
            ) from error

    def hold(self, held: AbstractContextManager[Any]) -> AbstractContextManager[Any]:
        """Enters ``held``, to be left when the run's transaction is over: a context manager for the run itself."""
        if self._scope is None:
            return held
        self._scope.enter_context(held)
        return nullcontext()

    @property
    def outside(self) -> bool:
        """Whether a transaction of env.py's own is around the run."""
        return self._external or (self._scope is None and in_transaction(self.connection))

    @property
    def commits_later(self) -> bool:
        """Whether the run's transaction ends after ``run_migrations()`` has returned."""
        return self._scope is not None

    def after_commit(self, action: Callable[[], None]) -> None:
        """``action`` is called when what was done so far is safe."""
        self._after_commit.append(action)

    def committed(self) -> None:
        """What was done so far is safe now."""
        self.outcome.committed = self.outcome.after
        actions, self._after_commit = self._after_commit, []
        for action in actions:
            action()

    def start_transactions(self) -> Transactions:
        """The transactions of an online run, made once. Raises UsageError where --single-transaction cannot be."""
        if self.transactions is None:
            self.transactions = transactions_for(
                self.connection,
                transactional=self._transactional,
                per_revision=self._per_migration,
                single=self.settings.single_transaction,
                external=self.outside,
                lock_timeout=self.settings.lock_timeout,
                say=self.settings.say,
                version_table=str(self.version),
            )
        return self.transactions

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        """Statements inside commit by themselves; what ran before is committed first, and a transaction begins again after it."""
        if self.printer is not None:
            with _outside(self.printer) if self._transactional else nullcontext():
                yield
            return
        self.before_commit()
        with self.start_transactions().autocommit():
            self.committed()
            yield

    # -- the run

    def run_migrations(self, **kw: Any) -> None:
        """What the command's ``fn`` plans is run, or printed; ``kw`` are given to every ``upgrade()`` and ``downgrade()``."""
        if self.printer is None and self.connection is None:
            raise DatabaseError(
                "context.run_migrations() needs the connection that context.configure() was not given", "Write connection=... there."
            )
        self.ran = True
        self._runs().run(self, kw)

    def _runs(self) -> Machinery:
        raise NotImplementedError


class Impl:
    """What stands for Alembic's dialect implementation: scripts ask it for the bind, packages for the dialect."""

    def __init__(self, context: MigrationContext) -> None:
        self._context = context
        self.dialect = context.dialect
        self.as_sql = context.as_sql
        self.transactional_ddl = context.is_transactional_ddl()

    @property
    def bind(self) -> Any:
        return self._context.connection

    @property
    def connection(self) -> Any:
        return self._context.connection

    def static_output(self, text: str) -> None:
        if self._context.printer is not None:
            self._context.printer.text(text)

    def execute(self, sql: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        self._context.execute(sql, execution_options)


def in_transaction(connection: Any) -> bool:
    """Whether a transaction is open; never on the stand-ins that tests hand in, which have ``dialect`` and ``execute`` and no more."""
    asked = getattr(connection, "in_transaction", None)
    return asked is not None and bool(asked())


@contextmanager
def _printed(printer: OfflinePrinter) -> Iterator[None]:
    printer.begin()
    yield
    printer.commit()


@contextmanager
def _outside(printer: OfflinePrinter) -> Iterator[None]:
    printer.commit()
    yield
    printer.begin()


def _callbacks(given: Any) -> tuple[Any, ...]:
    if given is None:
        return ()
    return tuple(given) if isinstance(given, Collection) else (given,)
