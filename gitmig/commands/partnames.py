"""Which databases have a part of their own in every revision."""

from __future__ import annotations

from gitmig.config import DEFAULT_BIND, Config
from gitmig.ports import Tree
from gitmig.runtime.envcapture import env_path


def part_names(config: Config, tree: Tree) -> tuple[str, ...]:
    """What the databases with a part in every revision are called, as ``--database`` takes it; none where the project has one database.

    Raises ModelsError where the application that knows its binds cannot be made.
    """
    named = tuple(database.name for database in config.databases if database.models)
    if named:
        return named
    if config.binds:
        from gitmig.adapters.models import bind_names

        return (DEFAULT_BIND, *bind_names(config, tree))
    return tuple(engine.name for engine in config.engines) if _has_tokens(config, tree) else ()


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
