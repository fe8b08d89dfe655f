"""The run that records: what a revision's ``upgrade()`` does, as operations over the schema that it meets. No database is there."""

from __future__ import annotations

import io
import logging
import sys
import types
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import Any, Literal, NoReturn

from sqlalchemy.sql.ddl import DDL, ExecutableDDLElement
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.elements import TextClause

from gitmig import ops
from gitmig.errors import SchemaError
from gitmig.ops import Operation, Place
from gitmig.revision import Revision
from gitmig.runtime import context
from gitmig.runtime.ddlread import operations_of
from gitmig.runtime.declared import Declarations, Declared, declarations
from gitmig.runtime.foreknowledge import keeps_unsaid
from gitmig.runtime.resolved import resolved
from gitmig.runtime.run import activate
from gitmig.runtime.standins import ReplayContext, ReplayEnvironment, StandinConnection, StandinEngine, standin_dialect
from gitmig.schema.values import Schema, Sql, Table, TableName
from gitmig.script.header import Declaration
from gitmig.script.literal import UNKNOWN, literal_code


class Stopped(BaseException):
    """Ends the recording of a revision. No ``except Exception`` of a script may swallow it: what it would do next is a guess."""


class Recorder:
    """Records revisions one after the other; ``schema`` is what they have made so far.

    ``dialect`` is any instance of the SQLAlchemy dialect that scripts shall see (its driver is not needed); ``arguments`` are given to each
    ``upgrade()``, as env.py's ``run_migrations(**arguments)`` does; ``config`` is what they see as ``context.config``.
    """

    def __init__(
        self,
        dialect: Any,
        schema: Schema | None = None,
        *,
        naming_convention: Mapping[str, Any] | None = None,
        arguments: Mapping[str, Any] | None = None,
        version_table: str = "alembic_version",
        config: Any = None,
        x_arguments: Sequence[str] = (),
    ) -> None:
        self.schema = Schema() if schema is None else schema
        self.version_table = version_table
        self._naming_convention = naming_convention
        self._arguments = dict(arguments or {})
        self._dialect = standin_dialect(dialect, self)
        self._context = ReplayContext(self, self._dialect, self.bind, self.execute)
        self._environment = ReplayEnvironment(self, self._context, config, x_arguments)
        self._context.environment_context = self._environment
        self._engine: StandinEngine | None = None
        self._bind: StandinConnection | None = None
        self.keeps_unsaid = False
        self._begin("", "", Declarations())

    def _begin(self, filename: str, path: str, declared: Declarations) -> None:
        self._recorded: list[Operation] = []
        self._places: list[Place | None] = []
        self._filename = filename
        self._path = path
        self._declared = declared
        self._stopped = False
        self._bind = None

    # -- the run, as op sees it

    @property
    def dialect(self) -> Any:
        return self._dialect

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        return self._naming_convention

    @property
    def context(self) -> ReplayContext:
        return self._context

    def table(self, name: TableName) -> Table | None:
        return self.schema.tables.get(name)

    def bind(self) -> Any:
        """A connection of SQLAlchemy's that reaches nothing but this recorder."""
        if self._engine is None:
            self._engine = StandinEngine(self._dialect, self)
        if self._bind is None or self._bind.closed:
            self._bind = StandinConnection(self._engine)
        return self._bind

    def perform(self, operation: Operation) -> None:
        """Record the operation, as the server will take it, and apply it. Ends the recording where it does not fit."""
        if self._stopped:
            raise Stopped
        if isinstance(operation, ops.Execute) and operation.reading == "opaque":
            self._keep(operation)
            return
        try:
            for each in resolved(operation, self.schema, self._dialect):
                self.schema = each.apply(self.schema)
                self._keep(each)
        except SchemaError as error:
            self._stop(f"does not fit the schema that earlier revisions make: {error.message}")

    def _keep(self, operation: Operation) -> None:
        known = operation.place if isinstance(operation, (ops.Execute, ops.Opaque)) else None
        self._recorded.append(operation)
        self._places.append(known or self._place(self._lines()))

    @property
    def places(self) -> tuple[Place | None, ...]:
        """Where the operations that ``record()`` gave last stand, one each."""
        return tuple(self._places)

    def natively(self, operation: Operation) -> None:
        """What is recorded is what a script asks for, however a package's dialect does it."""
        self.perform(operation)

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        """``op.execute``."""
        if self._stopped:
            raise Stopped
        if isinstance(statement, (str, TextClause)):
            self._text(statement if isinstance(statement, str) else statement.text, statement)
        elif isinstance(statement, DDL):
            self._text(str(statement.statement), statement)
        elif isinstance(statement, ExecutableDDLElement):
            self._ddl(statement)
        elif isinstance(statement, UpdateBase):
            self._data(statement)
        else:
            self._text(str(statement.compile(dialect=self._dialect)), statement)

    # -- what the stand-ins tell

    def statement(self, text: str, execution: Any) -> bool:
        """A statement on the bind. True where it gives rows."""
        if self._stopped:
            raise Stopped
        compiled = getattr(execution, "compiled", None)
        element = getattr(compiled, "statement", None)
        if isinstance(element, DDL):
            return self._text(str(element.statement), element)
        if isinstance(element, ExecutableDDLElement):
            self._ddl(element)
            return False
        if isinstance(element, UpdateBase):
            self._data(element)
            return False
        if isinstance(element, TextClause):
            return self._text(element.text, element)
        return self._text(text, element)

    def rows(self, statement: str) -> None:
        """A script reads a query's rows: none are known, so it has none where its author declares what it does, and stops elsewhere."""
        declared = self._declared.at(self._lines())
        if declared is None or self._stopped:
            words = " ".join(statement.split())
            self._stop(f"asks the database for rows: {words[:60] + '…' if len(words) > 60 else words}")
        self._tell(declared, "asks for rows")

    def unknown(self, what: str) -> NoReturn:
        self._stop(what)

    # -- reading statements

    def _text(self, text: str, statement: Any) -> bool:
        """Read SQL text. True where it is a query."""
        from gitmig.script import rawsql

        found = rawsql.read(_unescaped(text), self._dialect.name, self.schema)
        if found.kind == "query":
            return True
        lines = self._lines()
        if found.kind != "opaque":
            self.perform(ops.Execute(Sql(text), found.kind, found.effects, found.touches, self._place(lines), statement))
            return False
        declared = self._declared.at(lines)
        if declared is not None:
            self._keep(ops.Execute(Sql(text), "declared", (), declared.tables, self._place(lines), statement))
            self._tell(declared, "executes SQL")
            return False
        self._keep(ops.Opaque(f"SQL that cannot be read ({found.reason})", self._place(lines)))
        return False

    def _ddl(self, element: Any) -> None:
        found = operations_of(element, self._dialect.name)
        if found is None:
            self._unread(f"executes {type(element).__name__}")
            return
        for each in found:
            self.perform(each)

    def _data(self, element: Any) -> None:
        target = getattr(element, "table", None)
        name = getattr(target, "name", None)
        touched = (TableName(str(name), getattr(target, "schema", None)),) if name else ()
        words = f"{type(element).__name__.upper()} {touched[0] if touched else ''}".strip()
        self._keep(ops.Execute(Sql(words), "data", (), touched, self._place(self._lines()), element))

    def _unread(self, reason: str) -> None:
        """Something whose effect is not known, after which the script goes on as it would."""
        lines = self._lines()
        declared = self._declared.at(lines)
        if declared is not None:
            self._tell(declared, reason)
        else:
            self._keep(ops.Opaque(reason, self._place(lines)))

    def _tell(self, declared: Declared, reason: str) -> None:
        if declared.tables:
            self._keep(ops.Opaque(reason, self._place(self._lines()), declared.tables))

    # -- ending

    def _stop(self, reason: str, lines: Sequence[int] | None = None) -> NoReturn:
        if not self._stopped:
            self._stopped = True
            lines = self._lines() if lines is None else lines
            self._keep(ops.Opaque(reason, self._place(lines)))
        raise Stopped

    def _lines(self) -> list[int]:
        """The lines of the script that are running, innermost first."""
        frame: types.FrameType | None = sys._getframe(1)
        lines = []
        while frame is not None:
            if frame.f_code.co_filename == self._filename:
                lines.append(frame.f_lineno)
            frame = frame.f_back
        return lines

    def _place(self, lines: Sequence[int]) -> Place | None:
        return Place(self._path, lines[0] if lines else 1) if self._path else None

    # -- one revision

    def record(
        self,
        revision: Revision,
        source: bytes,
        filename: str,
        declared: Sequence[Declaration] = (),
        *,
        literally: bool = False,
        direction: Literal["upgrade", "downgrade"] = "upgrade",
    ) -> tuple[Operation, ...]:
        """What the revision's ``upgrade()`` (or ``downgrade()``) does to ``schema``, which afterwards is what it makes.

        ``literally``: only what `script.literal` lets pass is evaluated, and every other statement is an Opaque operation.

        ``source`` is the file's content (of a .pyc: its bytes), ``filename`` what tracebacks and ``__file__`` shall say. Whatever cannot be
        read is an Opaque operation with its line: nothing that a script raises comes out of here.
        """
        self._begin(filename, revision.path, declarations(source, declared))
        self.keeps_unsaid = keeps_unsaid(source)
        try:
            with _quiet(), activate(self), context.active(self._environment):
                function = self._literal_function(source, revision.path, filename) if literally else _function(source, filename, direction)
                if function is not None:
                    function(**self._arguments)
        except Stopped:
            pass
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            self._raised(error)
        return tuple(self._recorded)

    def _literal_function(self, source: bytes, path: str, filename: str) -> Any:
        if filename.endswith(".pyc"):
            return lambda **_: self._unread("is byte code, which is not evaluated")
        code = compile(literal_code(source, path), filename, "exec", dont_inherit=True)
        names: dict[str, Any] = {UNKNOWN: lambda words: self._unread(f"is not evaluated: {words}")}
        exec(code, names)
        return names.get("upgrade")

    def _raised(self, error: BaseException) -> None:
        lines: list[int] = []
        trace = error.__traceback__
        while trace is not None:
            if trace.tb_frame.f_code.co_filename == self._filename:
                lines.insert(0, trace.tb_lineno)
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and error.filename == self._filename and error.lineno:
            lines = [error.lineno]
        declared = self._declared.at(lines)
        words = " ".join(str(error).split())
        reason = f"raises {type(error).__name__}" + (f": {words[:100]}" if words else "")
        if declared is not None and self._declared.to_the_end(declared):
            self._keep(ops.Opaque(reason, self._place(lines), declared.tables))
        else:
            self._keep(ops.Opaque(reason, self._place(lines)))


@contextmanager
def _quiet() -> Iterator[None]:
    """What a script prints, logs and warns of is for those who run it on a database."""
    disabled = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        with redirect_stdout(io.StringIO()), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(disabled)


def _function(source: bytes, filename: str, name: str) -> Any:
    """The file's function of that name; None where it has none."""
    if filename.endswith(".pyc"):
        import marshal

        code = marshal.loads(source[16:])
    else:
        code = compile(source, filename, "exec", dont_inherit=True)
    module = types.ModuleType("gitmig_revision")
    module.__file__ = filename
    before = sys.modules.get(module.__name__)
    sys.modules[module.__name__] = module  # dataclasses and pickles of a script look their module up
    try:
        exec(code, vars(module))
    finally:
        if before is None:
            del sys.modules[module.__name__]
        else:
            sys.modules[module.__name__] = before
    return getattr(module, name, None)


def _unescaped(text: str) -> str:
    """SQL text as the server sees it: in ``text()`` a backslash keeps a colon from being a parameter."""
    return text.replace("\\:", ":") if "\\:" in text else text
