"""What stands between configuration and a first connection: the application's URL, and the folder of a SQLite file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from gitmig.config import Config, expand_url, sqlite_file, url_dialect, use_url
from gitmig.errors import DatabaseError
from gitmig.ports import Tree


def connecting_config(config: Config, tree: Tree, environ: Mapping[str, str], *, creating: bool) -> Config:
    """``config`` as a command that connects needs it: where only the Flask application knows the URL, it is made and asked.

    ``creating``: the database may come into being, so the folder of its SQLite file is made, as Flask-SQLAlchemy makes its instance folder.
    Raises ModelsError, ConfigError for an unset variable, DatabaseError where the folder cannot be made.
    """
    config = application_config(config, tree)
    if creating and config.url is not None and url_dialect(config.url, environ) == "sqlite":
        file = sqlite_file(expand_url(config.url, environ, config.source))
        if file is not None:
            _make_folder(Path(file).parent)
    return config


def application_config(config: Config, tree: Tree) -> Config:
    """Makes and pushes the Flask application that ``config`` names, once; its URL counts where ``config`` has none. Raises ModelsError."""
    if config.app is None:
        return config
    from gitmig.adapters.models import bind_url, load_app, prepare_imports

    prepare_imports(config)
    url = load_app(config, tree)
    if config.binds and config.part:
        return use_url(config, bind_url(config, config.part))
    return config if url is None or config.url is not None else use_url(config, url)


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseError(f"the folder {folder} of the SQLite file cannot be made: {error.strerror}", "Correct the URL.") from error
