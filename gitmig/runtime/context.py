"""``context``, as env.py imports it: each call goes to the environment that is being run.

``_proxy`` may be assigned an environment by hand; it answers where none is active in this context (another thread, say).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_proxy: Any = None
_active: ContextVar[Any] = ContextVar("gitmig_environment", default=None)

METHODS = (
    "begin_transaction",
    "configure",
    "execute",
    "get_bind",
    "get_context",
    "get_head_revision",
    "get_head_revisions",
    "get_impl",
    "get_revision_argument",
    "get_starting_revision_argument",
    "get_tag_argument",
    "get_x_argument",
    "is_offline_mode",
    "is_transactional_ddl",
    "requires_connection",
    "run_migrations",
    "static_output",
)
"""The functions of Alembic's ``context``; ``config``, ``script`` and what else an environment has are its attributes."""


@contextmanager
def active(environment: Any) -> Iterator[None]:
    """``environment`` is what ``context`` speaks to inside the block."""
    token = _active.set(environment)
    try:
        yield
    finally:
        _active.reset(token)


def environment() -> Any:
    """The environment that is being run; None outside of one."""
    found = _active.get()
    return _proxy if found is None else found


def _call(name: str, /, *arguments: Any, **keywords: Any) -> Any:
    found = environment()
    if found is None:
        raise NameError(
            f"Can't invoke function '{name}', as the proxy object has not yet been established for the Alembic "
            "'EnvironmentContext' class.  "
            "Try placing this code inside a callable."
        )
    return getattr(found, name)(*arguments, **keywords)


def begin_transaction() -> Any:
    """The context manager around ``run_migrations()``: a transaction where the database and the settings ask for one."""
    return _call("begin_transaction")


def configure(*arguments: Any, **options: Any) -> None:
    """Says which connection (or, offline, which dialect) to use, and how."""
    _call("configure", *arguments, **options)


def execute(sql: Any, execution_options: Any = None) -> None:
    """Runs a statement; offline, prints it."""
    _call("execute", sql, execution_options=execution_options)


def get_bind() -> Any:
    """The connection; offline a stand-in that prints."""
    return _call("get_bind")


def get_context() -> Any:
    """The MigrationContext that ``configure()`` made."""
    return _call("get_context")


def get_head_revision() -> Any:
    """The only head, or None. Raises an error where there are several."""
    return _call("get_head_revision")


def get_head_revisions() -> Any:
    """Every head."""
    return _call("get_head_revisions")


def get_impl() -> Any:
    """What stands for Alembic's dialect implementation."""
    return _call("get_impl")


def get_revision_argument() -> Any:
    """The target of the command: an id, several, or None for ``base``."""
    return _call("get_revision_argument")


def get_starting_revision_argument() -> Any:
    """The revision where an offline range begins. Raises an error where none was given."""
    return _call("get_starting_revision_argument")


def get_tag_argument() -> Any:
    """What ``--tag`` said."""
    return _call("get_tag_argument")


def get_x_argument(as_dictionary: bool = False) -> Any:
    """What ``-x`` said: a list, or a dictionary of what stands before and after the first "="."""
    return _call("get_x_argument", as_dictionary=as_dictionary)


def is_offline_mode() -> Any:
    """Whether SQL is printed and no database asked."""
    return _call("is_offline_mode")


def is_transactional_ddl() -> Any:
    """Whether DDL belongs to transactions here."""
    return _call("is_transactional_ddl")


def requires_connection() -> Any:
    """Whether ``configure()`` needs a connection."""
    return _call("requires_connection")


def run_migrations(**keywords: Any) -> None:
    """Does what the command asks for; ``keywords`` are given to every ``upgrade()`` and ``downgrade()``."""
    _call("run_migrations", **keywords)


def static_output(text: str) -> None:
    """Offline: ``text`` as it is, and an empty line."""
    _call("static_output", text)


def __getattr__(name: str) -> Any:
    """``config``, ``script`` and other attributes of the environment, while one is active."""
    found = None if name.startswith("__") else environment()
    if found is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(found, name)


def __dir__() -> list[str]:
    return sorted({*METHODS, "config", "script"})
