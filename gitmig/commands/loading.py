"""In the child process: the models of a project and the options of its env.py, from wherever they are said."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from gitmig.adapters.environ import environment
from gitmig.adapters.models import imported_files, load_app, load_metadata, prepare_imports
from gitmig.config import Config, replay_dialects
from gitmig.errors import ModelsError
from gitmig.ports import Tree
from gitmig.runtime.envcapture import Captured, capture_env, env_path
from gitmig.runtime.envconfig import EnvConfig

if TYPE_CHECKING:
    from sqlalchemy import MetaData


@dataclass(frozen=True, slots=True)
class Models:
    """What a project's models are.

    ``options`` are the keyword arguments of env.py's ``context.configure()`` (include_object, compare_type, render_as_batch, ...), empty
    where there is no env.py. ``url`` is the database that the Flask application or env.py names, for `dialects`; it may hold a password
    and is never shown. ``files`` are the project's files that were imported. ``notes`` are sentences for the user.
    ``env_config`` is what env.py saw as ``context.config``.
    """

    metadatas: tuple[MetaData, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    url: str | None = None
    files: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    env_config: Any = None

    def dialects(self, config: Config) -> tuple[str, ...]:
        """The dialects to replay for. Raises ConfigError where nothing names one."""
        return replay_dialects(config, environment(), self.url)


def load_models(config: Config, tree: Tree, *, x_arguments: Sequence[str] = ()) -> Models:
    """The models that ``models``, ``app`` and env.py of ``tree`` name. For the child process only: this imports the user's code.

    env.py's ``target_metadata``, where it is not None, is what counts; else ``models`` does. Where ``models`` are given, an env.py that
    cannot run without a database costs its options and a note; where they are not, it is an error. Raises ModelsError.
    """
    from gitmig.compat import alembic

    alembic.install()
    prepare_imports(config)
    if not config.models:
        url = load_app(config, tree) if config.app else None
        captured = _captured(config, tree, x_arguments)
        if captured is not None and captured.target_metadata:
            return _from_env(config, captured, url)
        if not config.app:
            raise _nothing_named(config, captured)
        loaded = load_metadata(config, tree)
        return _with_env(Models(loaded.metadatas, {}, loaded.url, loaded.files), captured)
    loaded = load_metadata(config, tree)
    notes: tuple[str, ...] = ()
    try:
        captured = _captured(config, tree, x_arguments)
    except ModelsError as error:
        captured, notes = None, (f"{error.message}; what it configures is left out.",)
    if captured is not None and captured.target_metadata:
        return _from_env(config, captured, loaded.url)
    return _with_env(Models(loaded.metadatas, {}, loaded.url, loaded.files, notes), captured)


def load_environment(config: Config, tree: Tree, *, x_arguments: Sequence[str] = ()) -> Captured | None:
    """What env.py of ``tree`` configures for a revision that nobody's models are asked for; None where there is none.

    For the child process only. Raises ModelsError.
    """
    from gitmig.compat import alembic

    alembic.install()
    prepare_imports(config)
    if config.app:
        load_app(config, tree)
    return _captured(config, tree, x_arguments, autogenerate=False)


def _captured(config: Config, tree: Tree, x_arguments: Sequence[str], *, autogenerate: bool = True) -> Captured | None:
    if not tree.exists(env_path(config)):
        return None
    env_config = EnvConfig(config, environment(), cmd_opts=Namespace(x=list(x_arguments), autogenerate=autogenerate))
    return capture_env(config, tree, env_config, x_arguments=x_arguments)


def _with_env(models: Models, captured: Captured | None) -> Models:
    if captured is None:
        return models
    notes = (*models.notes, captured.note) if captured.note else models.notes
    return replace(models, options=captured.options, env_config=captured.config, notes=notes)


def _from_env(config: Config, captured: Captured, url: str | None) -> Models:
    files, _ = imported_files(config.root)
    named = captured.options.get("url")
    return _with_env(Models(captured.target_metadata, {}, url or (str(named) if named else None), files), captured)


def _nothing_named(config: Config, captured: Captured | None) -> ModelsError:
    said = f"{config.source} names no `models`"
    if captured is not None:
        said += f" and {env_path(config)} has target_metadata = None"
    return ModelsError(
        said, 'Write `models = ["app.models:Base"]` (in an ini: `models = app.models:Base`) with the name of your own declarative base.'
    )
