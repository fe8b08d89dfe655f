"""What ``op`` and a batch block have in common: questions about the run, and the doors for directives that users and packages define."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, ClassVar, Protocol, TypeVar, runtime_checkable

from sqlalchemy.sql.elements import conv

from gitmig.ddl.literals import InlineLiteral
from gitmig.errors import UsageError
from gitmig.ops import Operation
from gitmig.runtime.constructs import final_name
from gitmig.runtime.dispatch import Dispatcher
from gitmig.runtime.run import Run, activate, active

_C = TypeVar("_C", bound=type[Any])
_F = TypeVar("_F", bound=Callable[..., Any])


@runtime_checkable
class _Performs(Protocol):
    """What tells a run from a context."""

    def perform(self, operation: Operation) -> None: ...


class Directives:
    """``run`` is what they are done on. ``migration_context`` may be a run itself, or a context, on whose connection they are done."""

    _to_impl: ClassVar[Dispatcher] = Dispatcher()
    """How the operations are carried out that users and packages define, by their class."""

    _stands_for: ClassVar[dict[type[Any], tuple[tuple[str, str], ...]]] = {}

    def __init__(self, migration_context: Any, impl: Any = None) -> None:
        self.run: Run = migration_context if isinstance(migration_context, _Performs) else run_on(migration_context)  # type: ignore[assignment]
        self._impl = impl

    @property
    def migration_context(self) -> Any:
        return self.run.context

    @property
    def impl(self) -> Any:
        """The dialect's implementation; inside a batch block the block."""
        return self.run.context.impl if self._impl is None else self._impl

    # -- the run

    def get_bind(self) -> Any:
        """The connection of the run; in replay and offline a stand-in that knows its dialect."""
        return self.run.bind()

    def get_context(self) -> Any:
        """The run's migration context."""
        return self.run.context

    def f(self, name: str) -> conv:
        """``name`` as it is, whatever the naming convention says."""
        return final_name(name)

    def inline_literal(self, value: Any, type_: Any = None) -> InlineLiteral:
        """A value that is written into the statement."""
        return InlineLiteral(None, value, type_=type_, unique=True)

    def run_async(self, async_function: Callable[..., Any], *args: Any, **kw_args: Any) -> Any:
        """Awaits ``async_function(connection, ...)``, where the run's connection is that of an asyncio engine, and gives its result.

        Raises NotImplementedError offline and ValueError on any other connection.
        """
        from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
        from sqlalchemy.util import await_only

        if not self.run.dialect.is_async:
            raise ValueError("Cannot call run_async with a sync engine")
        bind = self.get_bind()
        if self.run.context.as_sql:
            raise NotImplementedError("SQL mode not supported with run_async")
        connection = AsyncConnection._retrieve_proxy_for_target(bind, regenerate=False) if hasattr(bind, "engine") else None
        if connection is None:
            connection = AsyncConnection(AsyncEngine(bind.engine), sync_connection=bind)
        return await_only(async_function(connection, *args, **kw_args))

    # -- directives of users and packages

    def invoke(self, operation: Any) -> Any:
        """Carry an operation out: as the implementation of its class says, or, of gitmig's own, as it is.

        Raises ValueError for an object that nobody knows how to carry out.
        """
        implementation = self._to_impl.find(operation, self.run.dialect.name)
        if implementation is not None:
            return implementation(self, operation)
        if isinstance(operation, Operation):
            self.run.perform(operation)
            return None
        raise ValueError(f"no dispatch function for object: {operation!s}")

    @classmethod
    def register_operation(cls, name: str, sourcename: str | None = None) -> Callable[[_C], _C]:
        """A class decorator: ``op.name(...)`` calls the class's method ``name`` (or ``sourcename``) as ``method(operations, ...)``."""

        def register(op_cls: _C) -> _C:
            cls._install(name, op_cls, sourcename or name)
            return op_cls

        return register

    @classmethod
    def implementation_for(cls, op_cls: Any, replace: bool = False) -> Callable[[_F], _F]:
        """A decorator: ``function(operations, operation)`` carries out operations of the class.

        Where the class stands for directives that are here already (``op.create_table``), they go through it from now on.
        Raises ValueError where there is an implementation and ``replace`` is not asked for.
        """

        def register(function: _F) -> _F:
            cls._to_impl.dispatch_for(op_cls, replace=replace)(function)
            if replace:
                for kind in Directives.__subclasses__():
                    for name, source in kind._stands_for.get(op_cls, ()):
                        kind._install(name, op_cls, source)
            return function

        return register

    @classmethod
    def stands_for(cls, op_cls: type[Any], **names: str) -> None:
        """``op_cls`` is another form of built-in directives: ``names`` are the directives' and those of its methods that make it."""
        cls._stands_for[op_cls] = tuple(names.items())

    @classmethod
    def _install(cls, name: str, op_cls: type[Any], source: str) -> None:
        method = vars(op_cls).get(source) or getattr(op_cls, source)
        function = getattr(method, "__func__", method)

        def directive(self: Any, *args: Any, **keywords: Any) -> Any:
            return getattr(op_cls, source)(self, *args, **keywords)

        directive.__name__ = directive.__qualname__ = name
        directive.__doc__ = function.__doc__
        directive.__module__ = function.__module__
        _sign(directive, function)
        setattr(cls, name, directive)

    @classmethod
    @contextmanager
    def context(cls, migration_context: Any) -> Iterator[Any]:
        """Inside the block ``op`` speaks to a new object over ``migration_context``."""
        made = cls(migration_context)
        with activate(made.run):
            yield made


def _sign(directive: Any, function: Any) -> None:
    """``directive`` shows the signature of ``function`` without its first argument: ``self`` is the operations object."""
    import inspect

    parameters = list(inspect.signature(function).parameters.values())[2:]
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    directive.__signature__ = inspect.Signature([own, *parameters])


def run_on(context: Any) -> Run:
    """The active run where it is the context's, else one on the context's connection. Raises UsageError where it has none."""
    from gitmig.runtime.executor import Executor

    run = active()
    if run is not None and run.context is context:
        return run
    if context.as_sql:
        printer: Run = context.printer
        return printer
    if context.connection is None:
        raise UsageError("this context has no connection to work on", "Give it one: MigrationContext.configure(connection).")
    return Executor(context, context.connection)
