"""Which databases have a part of their own in every revision."""

from __future__ import annotations

from gitmig.config import DEFAULT_BIND, Config
from gitmig.errors import ConfigError
from gitmig.ports import Tree
from gitmig.runtime.envcapture import env_path


def part_names(config: Config, tree: Tree) -> tuple[str, ...]:
    """What the databases with a part in every revision are called, as ``--database`` takes it; none where the project has one database.

    Raises ModelsError where the application that knows its binds cannot be made, ConfigError where it has binds and nothing says so.
    """
    named = tuple(database.name for database in config.databases if database.models)
    if named:
        return named
    if config.binds:
        return bind_parts(config, tree)
    if not _has_tokens(config, tree):
        return ()
    if config.app and not config.engines:
        raise ConfigError(
            f"{env_path(config)} goes through the binds of the application, and {config.source} does not say so",
            "Write `binds = true` there, beside `app`.",
        )
    return tuple(engine.name for engine in config.engines)


def bind_parts(config: Config, tree: Tree) -> tuple[str, ...]:
    """The databases of the Flask application, the one without a bind key first. Raises ModelsError."""
    from gitmig.adapters.models import bind_names
    from gitmig.compat import alembic

    alembic.install()  # the application may import packages that stand on it
    return (DEFAULT_BIND, *bind_names(config, tree))


def _has_tokens(config: Config, tree: Tree) -> bool:
    """Whether env.py puts what each database needs into a place of its own, as the multidb template does; one that runs the same
    revisions on several databases does not."""
    try:
        return b"upgrade_token" in tree.read(env_path(config))
    except FileNotFoundError:
        return False


def engine_name(config: Config, name: str) -> str:
    """What ``upgrade()`` is given for the database called ``name``."""
    return "" if config.binds and name == DEFAULT_BIND else name
