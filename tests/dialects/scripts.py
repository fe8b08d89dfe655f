"""Directives as scripts call them, written down as SQL by gitmig and by Alembic."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import Any

import sqlalchemy as sa

# At the top, as the modules are collected: a test that runs gitmig in this process puts its shim in Alembic's place.
from alembic.operations import Operations as AlembicOperations
from alembic.runtime.migration import MigrationContext

from gitmig import ddl, ops
from gitmig.runtime.operations import Operations
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, Table, TableName

DIALECTS = ("postgresql", "mysql", "mariadb", "sqlite", "mssql", "oracle")


class Connection:
    """Stands in for a database: keeps what is executed as text."""

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect
        self.statements: list[str] = []

    def execute(self, executable: Any, *arguments: Any) -> None:
        keywords = {} if isinstance(executable, sa.sql.ddl.ExecutableDDLElement) else {"literal_binds": True}
        self.statements.append(str(executable.compile(dialect=self.dialect, compile_kwargs=keywords)).strip())

    def _run_ddl_visitor(self, visitor: Any, element: Any, **keywords: Any) -> None:
        visitor(self.dialect, self, **{**keywords, "checkfirst": False}).traverse_single(element)


class Run:
    """A run that writes down statements; ``schema`` is what is known of the tables before, which then stays."""

    naming_convention: Mapping[str, Any] | None = None
    context: Any = None

    def __init__(self, dialect: str, schema: Schema) -> None:
        self.dialect = dialect_named(dialect)
        self.schema = schema
        self.keeps_unsaid = bool(schema.tables)
        self.connection = Connection(self.dialect)
        self._memo: dict[str, Any] = {}

    def perform(self, operation: ops.Operation) -> None:
        after = operation.apply(self.schema) if self.schema.tables else self.schema
        for statement in ddl.statements(ops.Step(operation, self.schema, after), self.dialect, offline=True):
            statement.run(self.connection, self._memo)
        self.schema = after

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        self.connection.execute(sa.text(statement) if isinstance(statement, str) else statement)

    def bind(self) -> Any:
        return self.connection

    def table(self, name: TableName) -> Table | None:
        return self.schema.tables.get(name)


Script = Callable[[Any], Any]


def written(dialect: str, script: Script, schema: Schema | None = None) -> list[str]:
    """The statements of gitmig's."""
    run = Run(dialect, schema if schema is not None else Schema())
    script(Operations(run))
    return run.connection.statements


def alembics(dialect: str, script: Script) -> list[str]:
    """The statements that Alembic prints."""
    buffer = io.StringIO()
    context = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": buffer})
    script(AlembicOperations(context))
    texts = [text.strip() for text in buffer.getvalue().split("\n\n")]
    return [text.removesuffix(";") for text in texts if text and text not in ("GO", "/")]
