"""The run that prints: SQL text in Alembic's offline form, nothing executed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine.mock import MockConnection

from gitmig import ops
from gitmig.errors import DatabaseError
from gitmig.runtime.foreknowledge import keeps_unsaid
from gitmig.schema.values import Schema, Table, TableName

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from gitmig.runtime.migrationcontext import MigrationContext

_NOTHING_KNOWN = Schema()
_BEGIN = {"mssql": "BEGIN TRANSACTION;", "oracle": "SET TRANSACTION READ WRITE\n\n/"}
_COMMIT = {"mssql": "COMMIT;", "oracle": "COMMIT\n\n/"}


class NoAnswer(DatabaseError, AttributeError):
    """What offline mode cannot give. (An AttributeError, so that who asks whether a connection has something is told that it has not.)"""


def no_answer(what: str) -> NoAnswer:
    """The error for ``what`` cannot be."""
    return NoAnswer(
        f"offline mode asks no database, so {what}",
        "Ask only `if not context.is_offline_mode():`, or run the upgrade on the database instead of printing it.",
    )


class Unanswered:
    """What a statement gives offline: nothing that could be looked at."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise no_answer(f"a statement has no result (.{name})")

    def __iter__(self) -> Any:
        raise no_answer("a statement has no rows")


class PrintedConnection(MockConnection):
    """The connection of offline mode: what it executes is printed."""

    def execute(self, obj: Any, parameters: Any = None, execution_options: Any = None) -> Any:
        super().execute(obj, parameters, execution_options)
        return Unanswered()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise no_answer(f"its connection has no .{name}")


class Printer:
    """A Run without a database. Tables are recorded only where a statement cannot be written without."""

    def __init__(self, context: MigrationContext, dialect: Dialect, output: Any, *, literal_binds: bool = False) -> None:
        self._context = context
        self._dialect = dialect
        self._output = output
        self._literal_binds = literal_binds
        self._memo: dict[str, Any] = {}
        self._known: Callable[[], Schema] = Schema
        self._performed: list[ops.Operation] = []
        self.keeps_unsaid = False
        if dialect.name == "mssql" and dialect.default_schema_name is None:
            # Comments name the schema; this is the one of a login that has been given no other.
            dialect.default_schema_name = "dbo"
        self.connection = PrintedConnection(dialect, self._dump)
        terminator = "" if dialect.name == "oracle" else ";"
        separators = {"mssql": context.opts.get("mssql_batch_separator", "GO"), "oracle": context.opts.get("oracle_batch_separator", "/")}
        self._terminator = terminator
        self._separator = separators.get(dialect.name)

    @property
    def dialect(self) -> Dialect:
        return self._dialect

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        return self._context.naming_convention

    @property
    def context(self) -> MigrationContext:
        return self._context

    def bind(self) -> MockConnection:
        return self.connection

    def table(self, name: TableName) -> Table | None:
        return self._before().tables.get(name)

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        self._dump(sa.text(statement) if isinstance(statement, str) else statement)

    def perform(self, operation: ops.Operation) -> None:
        implementation = self._context.implementation
        if implementation is None:
            self.natively(operation)
        else:
            implementation.perform(operation, self.natively)

    def natively(self, operation: ops.Operation) -> None:
        """As gitmig does it, whatever a package has registered for the dialect."""
        from gitmig.ddl import live_query, statements, tables_needed
        from gitmig.ddl.generic import advanced

        dialect = self._dialect
        # On SQLite a printed statement takes from replay what an executed one reads from the database.
        needs = tables_needed(operation, dialect) != () or live_query(operation, dialect) is not None
        before = self._before() if needs else _NOTHING_KNOWN
        after = advanced(before, operation) if needs else before
        for statement in statements(ops.Step(operation, before, after), dialect, offline=True):
            statement.run(self.connection, self._memo)
        self._performed.append(operation)

    def enter(self, known: Callable[[], Schema], source: bytes) -> None:
        """A revision of this ``source`` begins; ``known`` gives the schema that it meets, if that is asked for."""
        self._known, self._performed, self.keeps_unsaid = known, [], keeps_unsaid(source)

    def _before(self) -> Schema:
        """The schema now: what the revision met, and what it did since."""
        from gitmig.ddl.generic import advanced

        schema = self._known()
        for operation in self._performed:
            schema = advanced(schema, operation)
        self._known, self._performed = lambda: schema, []
        return schema

    def text(self, text: str) -> None:
        """``text`` as it is, and an empty line."""
        self._output.write(f"{text}\n\n")
        self._output.flush()

    def comment(self, text: str) -> None:
        self.text(f"-- {text}")

    def begin(self) -> None:
        self.text(_BEGIN.get(self._dialect.name, "BEGIN;"))

    def commit(self) -> None:
        self.text(_COMMIT.get(self._dialect.name, "COMMIT;"))
        if self._dialect.name == "mssql" and self._separator:
            self.text(self._separator)

    def _dump(self, statement: Any, parameters: Any = None, *_more: Any, **_options: Any) -> None:
        if isinstance(statement, str):
            statement = sa.text(statement)
        keywords: dict[str, Any] = {}
        if parameters and not isinstance(parameters, (list, tuple)) and isinstance(statement, sa.TextClause):
            statement = statement.bindparams(**parameters)
        if self._literal_binds and not isinstance(statement, sa.schema.ExecutableDDLElement):
            keywords["compile_kwargs"] = {"literal_binds": True}
        compiled = statement.compile(dialect=self._dialect, **keywords)
        text = str(compiled).replace("\t", "    ").strip()
        self.text(text + self._terminator)
        if self._separator:
            self.text(self._separator)
