"""The MigrationContext that functions of env.py are given where revisions are made and no database is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from gitmig.autogen.settings import Differs
from gitmig.errors import GitmigError
from gitmig.runtime.migrationcontext import MigrationContext

_OF_A_RUN = ("literal_binds", "url", "dialect_name", "dialect_opts", "output_buffer", "starting_rev", "tag", "transactional_ddl")


class AsksDatabase(GitmigError):
    """A function of env.py's or of a package's wants a connection where there is none."""


class NoDatabase:
    """Stands for the connection where there is none: it knows its dialect, and that it is in no transaction."""

    def __init__(self, dialect: Any) -> None:
        self.dialect = dialect

    def in_transaction(self) -> bool:
        return False

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AsksDatabase(f"no database is asked here (connection.{name})")


@dataclass(frozen=True, slots=True)
class _Environment:
    config: Any


def env_context(options: Mapping[str, Any], env_config: Any, dialect: Any) -> MigrationContext:
    """A context without a connection; ``options`` are those of ``context.configure()``, ``env_config`` is its ``config``."""
    opts = {name: value for name, value in options.items() if name not in _OF_A_RUN}
    context = MigrationContext.configure(dialect=dialect, environment_context=_Environment(env_config), opts=opts)
    context.connection = NoDatabase(dialect)
    return context


def differs_of(options: Mapping[str, Any], env_config: Any, dialect: Any) -> Differs | None:
    """What ``compare_type`` and ``compare_server_default`` say of a column, where they are functions."""
    if not any(callable(options.get(name)) for name in ("compare_type", "compare_server_default")):
        return None
    from gitmig.compat.alembic.autogeneratecontext import AutogenContext
    from gitmig.compat.alembic.compare import column_judge

    return column_judge(AutogenContext(env_context(options, env_config, dialect), autogenerate=False))
