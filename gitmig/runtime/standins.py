"""The connection that ``op.get_bind()`` gives while a revision is recorded: SQLAlchemy's own, over a driver that hands every statement to
the recorder, with a dialect whose inspection answers from the replayed schema.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any, NoReturn, Protocol, cast

from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from gitmig.runtime.answers import Answers
from gitmig.runtime.implementations import general, registered
from gitmig.schema.values import Schema


class Sink(Protocol):
    """What the stand-ins ask of the recorder."""

    @property
    def schema(self) -> Schema: ...

    @property
    def version_table(self) -> str: ...

    def statement(self, text: str, execution: Any) -> bool:
        """A statement that a script executes on its connection. True: it gives rows, and none are known."""
        ...

    def rows(self, statement: str) -> None:
        """A script wants the rows of a query. Returns where it may have none; else ends the recording."""
        ...

    def unknown(self, what: str) -> NoReturn:
        """A script asks for something that replay does not know."""
        ...


_DOUBLE = 701
"""A type code of PostgreSQL's that every result processor of SQLAlchemy's takes."""


class Error(Exception):
    """A driver's base exception; never raised."""


_DRIVER = SimpleNamespace(
    Error=Error,
    InterfaceError=Error,
    DatabaseError=Error,
    OperationalError=Error,
    ProgrammingError=Error,
    IntegrityError=Error,
    InternalError=Error,
    DataError=Error,
    NotSupportedError=Error,
    paramstyle="named",
    version_info=(9, 9, 9),
    sqlite_version_info=(3, 45, 0),
    Binary=bytes,
)


def standin_dialect(given: Any, sink: Sink) -> Any:
    """A dialect like ``given`` (any instance of a SQLAlchemy dialect) whose inspection and execution go to ``sink``."""
    kind = type(given)
    # The flag is asked of the class itself; execution here caches no less well than the dialect's own.
    own = {"supports_statement_cache": getattr(kind, "supports_statement_cache", False)}
    standin = type(f"Replayed{kind.__name__}", (_Execution, Answers, kind), own)
    dialect = cast(Any, standin)(paramstyle="named")
    state = {name: value for name, value in vars(given).items() if name in _KEPT}
    vars(dialect).update(state)
    dialect.dbapi = _DRIVER
    dialect.gitmig_sink = sink
    dialect.supports_sane_rowcount = dialect.supports_sane_multi_rowcount = False
    return dialect


_NUMBERED = re.compile(r"__(\d+)$")
_KEPT = ("server_version_info", "default_schema_name", "is_mariadb", "_json_serializer", "_json_deserializer")


class _Execution:
    """The part of a dialect that talks to a driver."""

    gitmig_sink: Sink

    def do_execute(self, cursor: Cursor, statement: str, parameters: Any, context: Any = None) -> None:
        cursor.text = statement
        gives_rows = self.gitmig_sink.statement(statement, context)
        compiled = getattr(context, "compiled", None)
        if gives_rows or getattr(compiled, "effective_returning", None):
            names = [str(column.keyname) for column in getattr(compiled, "_result_columns", ())] or ["?"]
            cursor.description = [(name, _DOUBLE, None, None, None, None, None) for name in names]
            # What INSERT ... RETURNING brings by itself is a key that the server makes: it goes nowhere but into other rows.
            implicit = bool(getattr(context, "isinsert", False)) and getattr(compiled, "implicit_returning", False)
            cursor.made = [(cursor.next_key(),) * len(names) for _ in range(_inserted(parameters))] if implicit else None

    def do_execute_no_params(self, cursor: Cursor, statement: str, context: Any = None) -> None:
        self.do_execute(cursor, statement, None, context)

    def do_executemany(self, cursor: Cursor, statement: str, parameters: Any, context: Any = None) -> None:
        self.do_execute(cursor, statement, parameters, context)

    def do_execute_driver(self, cursor: Cursor, statement: str, parameters: Any, context: Any = None) -> None:
        self.do_execute(cursor, statement, parameters, context)

    def do_begin(self, connection: Any) -> None: ...

    def do_commit(self, connection: Any) -> None: ...

    def do_rollback(self, connection: Any) -> None: ...

    def do_close(self, connection: Any) -> None: ...

    def do_savepoint(self, connection: Any, name: str) -> None: ...

    def do_rollback_to_savepoint(self, connection: Any, name: str) -> None: ...

    def do_release_savepoint(self, connection: Any, name: str) -> None: ...

    def set_isolation_level(self, connection: Any, level: Any) -> None: ...

    def reset_isolation_level(self, connection: Any) -> None: ...

    def get_isolation_level_values(self, connection: Any) -> tuple[str, ...]:
        return ("AUTOCOMMIT", "READ COMMITTED", "READ UNCOMMITTED", "REPEATABLE READ", "SERIALIZABLE", "SNAPSHOT")

    def get_isolation_level(self, connection: Any) -> str:
        return "READ COMMITTED"

    def get_default_isolation_level(self, connection: Any) -> str:
        return "READ COMMITTED"


def _inserted(parameters: Any) -> int:
    """The number of rows of an INSERT: of several that SQLAlchemy puts into one, each has its number behind its parameters."""
    numbers = [match[1] for name in parameters if (match := _NUMBERED.search(str(name)))] if isinstance(parameters, dict) else []
    return max(map(int, numbers), default=0) + 1


class Cursor:
    """A driver's cursor. Reading rows from it asks the recorder first, which ends the recording unless it knows better."""

    arraysize = 1

    def __init__(self, connection: DriverConnection) -> None:
        self.connection = connection
        self.description: Any = None
        self.rowcount = -1
        self.text = ""
        self.made: list[tuple[Any, ...]] | None = None

    @property
    def lastrowid(self) -> int:
        return self.next_key()

    def next_key(self) -> int:
        self.connection.keys += 1
        return self.connection.keys

    def _rows(self) -> list[Any]:
        if self.made is not None:
            rows, self.made = self.made, []
            return rows
        self.connection.sink.rows(self.text)
        return []

    def fetchall(self) -> list[Any]:
        return self._rows()

    def fetchmany(self, size: int | None = None) -> list[Any]:
        return self._rows()

    def fetchone(self) -> Any:
        rows = self._rows()
        return rows[0] if rows else None

    def setinputsizes(self, *arguments: Any) -> None: ...

    def close(self) -> None: ...


class DriverConnection:
    """A driver's connection, wrapped as a pool wraps it."""

    is_valid = True
    notices: tuple[str, ...] = ()

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self.keys = 0
        self.info: dict[Any, Any] = {}
        self.record_info: dict[Any, Any] = {}
        self._connection_record = None

    @property
    def dbapi_connection(self) -> DriverConnection:
        return self

    driver_connection = dbapi_connection
    connection = dbapi_connection

    def cursor(self, *arguments: Any, **keywords: Any) -> Cursor:
        return Cursor(self)

    def commit(self) -> None: ...

    def rollback(self) -> None: ...

    def close(self) -> None: ...

    def detach(self) -> None: ...

    def invalidate(self, *arguments: Any, **keywords: Any) -> None: ...

    def _reset(self, *arguments: Any, **keywords: Any) -> None: ...

    def execute(self, statement: str, *arguments: Any) -> Any:
        """sqlite3's short way; what it is used for below SQLAlchemy cannot be read."""
        self.sink.unknown("uses the driver's connection")


class StandinConnection(Connection):
    """A real Connection, so that ``isinstance``, Session, inspect() and Table.create() find what they know."""

    gitmig_recording = True


class StandinEngine(Engine):
    _connection_cls = StandinConnection
    gitmig_recording = True

    def __init__(self, dialect: Any, sink: Sink) -> None:
        super().__init__(NullPool(_refuse), dialect, URL.create(dialect.name))
        self._driver_connection = DriverConnection(sink)

    def raw_connection(self) -> Any:
        return self._driver_connection


def _refuse() -> NoReturn:
    raise Error("nothing connects while revisions are recorded")


class Unnamed:
    """An object of which nothing is known: whatever is asked of it ends the recording."""

    def __init__(self, sink: Sink, what: str) -> None:
        self._sink = sink
        self._what = what

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self._sink.unknown(f"{self._what}.{name}")


class ReplayContext:
    """``op.get_context()`` while recording: Alembic's MigrationContext as far as scripts use it."""

    as_sql = False
    version_table_schema: str | None = None

    def __init__(self, sink: Sink, dialect: Any, bind: Callable[[], Any], execute: Callable[..., None]) -> None:
        self.dialect = dialect
        self._bind = bind
        self._execute = execute
        self._sink = sink
        self.version_table = sink.version_table
        self.opts: dict[str, Any] = {"as_sql": False, "version_table": sink.version_table}
        self.environment_context: Any = None

    @property
    def bind(self) -> Any:
        return self._bind()

    @property
    def connection(self) -> Any:
        return self._bind()

    @property
    def config(self) -> Any:
        return self.environment_context.config

    @property
    def script(self) -> Any:
        return Unnamed(self._sink, "asks for the script directory: context.script")

    @property
    def impl(self) -> Any:
        return registered(self) or general(self) or _Impl(self)

    def execute(self, sql: Any, execution_options: Any = None) -> None:
        self._execute(sql, execution_options)

    def get_current_revision(self) -> NoReturn:
        self._sink.unknown("asks for the database's revision")

    get_current_heads = get_current_revision

    @contextmanager
    def begin_transaction(self, _per_migration: bool = False) -> Iterator[None]:
        yield

    @contextmanager
    def autocommit_block(self) -> Iterator[None]:
        yield


class ReplayEnvironment:
    """What ``context`` speaks to while recording: Alembic's EnvironmentContext of an online run."""

    def __init__(self, sink: Sink, context: ReplayContext, config: Any, x_arguments: Sequence[str]) -> None:
        self._sink = sink
        self._context = context
        self._x_arguments = list(x_arguments)
        self.config = config if config is not None else Unnamed(sink, "asks for the configuration: context.config")
        self.script = Unnamed(sink, "asks for the script directory: context.script")

    def get_context(self) -> ReplayContext:
        return self._context

    def get_bind(self) -> Any:
        return self._context.bind

    def get_impl(self) -> Any:
        return self._context.impl

    def execute(self, sql: Any, execution_options: Any = None) -> None:
        self._context.execute(sql, execution_options)

    def is_offline_mode(self) -> bool:
        return False

    def requires_connection(self) -> bool:
        return True

    def is_transactional_ddl(self) -> bool:
        return str(self._context.dialect.name) == "postgresql"

    def begin_transaction(self) -> Any:
        return self._context.begin_transaction()

    def get_x_argument(self, as_dictionary: bool = False) -> list[str] | dict[str, str]:
        if not as_dictionary:
            return self._x_arguments
        pairs = [argument.partition("=") for argument in self._x_arguments]
        return {name: value for name, _, value in pairs}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return self._sink.unknown(f"asks for context.{name}")


class _Impl:
    """``context.impl`` and ``context.get_impl()``."""

    transactional_ddl = False

    def __init__(self, context: ReplayContext) -> None:
        self.context = context
        self.dialect = context.dialect
        self.as_sql = False

    @property
    def bind(self) -> Any:
        return self.context.bind

    connection = bind

    def execute(self, sql: Any, execution_options: Any = None) -> None:
        self.context.execute(sql, execution_options)

    def static_output(self, text: str) -> None: ...
