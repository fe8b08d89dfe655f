"""The run that executes: operations become statements on the connection, with the objects that the script passed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from gitmig import ops
from gitmig.adapters.database import driver_words
from gitmig.errors import DatabaseError
from gitmig.runtime.foreknowledge import keeps_unsaid
from gitmig.schema.values import Schema, Table, TableName

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect

    from gitmig.ddl import AnyStatement
    from gitmig.runtime.migrationcontext import MigrationContext

_NOTHING_KNOWN = Schema()


class Executor:
    """A Run on a connection. Tables are reflected only where a statement cannot be written without.

    ``executes``: operations need to carry the script's objects only, not what was read from them.
    """

    executes = True

    def __init__(self, context: MigrationContext, connection: Connection) -> None:
        self._context = context
        self._connection = connection
        self._memo: dict[str, Any] = {}
        self.keeps_unsaid = False

    @property
    def dialect(self) -> Dialect:
        return self._connection.dialect

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        return self._context.naming_convention

    @property
    def context(self) -> MigrationContext:
        return self._context

    def bind(self) -> Connection:
        return self._connection

    def enter(self, source: bytes) -> None:
        """A script of this ``source`` begins."""
        self.keeps_unsaid = keeps_unsaid(source)

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """Text (as ``sqlalchemy.text`` reads it) or any executable."""
        self._context.execute(statement, execution_options)

    def table(self, name: TableName) -> Table | None:
        """The table as it is in the database now."""
        from gitmig.adapters.reflect import reflect_table

        return reflect_table(self._connection, name)

    def perform(self, operation: ops.Operation) -> None:
        implementation = self._context.implementation
        if implementation is None:
            self.natively(operation)
        else:
            implementation.perform(operation, self.natively)

    def natively(self, operation: ops.Operation) -> None:
        """As gitmig does it, whatever a package has registered for the dialect."""
        for statement in self._statements(operation):
            self._run(statement)

    def _statements(self, operation: ops.Operation) -> tuple[AnyStatement, ...]:
        from gitmig.ddl import live_query, statements, tables_needed
        from gitmig.ddl.generic import advanced

        dialect = self.dialect
        needed = tables_needed(operation, dialect)
        before = _NOTHING_KNOWN if needed == () else self._known(needed)
        after = before if needed == () else advanced(before, operation)
        query = live_query(operation, dialect)
        live = None if query is None else [(row[0], row[1], row[2], row[3]) for row in self._connection.execute(query)]
        return statements(ops.Step(operation, before, after), dialect, live=live)

    def _known(self, names: tuple[TableName, ...] | None) -> Schema:
        """The database as far as ``names``; None: every table of the default schema."""
        from gitmig.adapters.reflect import reflect

        schemas = (None,) if names is None else tuple(dict.fromkeys(name.schema for name in names))
        return reflect(self._connection, schemas=schemas, tables=names)

    def _run(self, statement: AnyStatement) -> None:
        if statement.foreign_keys_off:
            self._refuse_enforced()
        try:
            statement.run(self._connection, self._memo)
        except Exception as error:
            if statement.transactional or not hasattr(error, "orig"):
                raise
            raise DatabaseError(
                f"this statement cannot run inside a transaction: {driver_words(error)}",
                "Put it into `with op.get_context().autocommit_block():`.",
            ) from error

    def _refuse_enforced(self) -> None:
        """Raises DatabaseError before a rebuild whose DROP TABLE would delete or cut off rows of other tables."""
        from gitmig.adapters.transactions import foreign_keys_enforced

        if foreign_keys_enforced(self._connection):
            raise DatabaseError(
                "SQLite has to rebuild this table, other tables refer to it, and foreign keys are enforced: dropping the old one would "
                "take rows of theirs along",
                'Write `op.execute("PRAGMA foreign_keys=OFF")` as the first line of this function: gitmig then sets it before it begins.',
            )
