"""Loading the user's models, in the child process: from the ``models`` and ``app`` keys to MetaData objects."""

from __future__ import annotations

import difflib
import importlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from gitmig.adapters.importerrors import importing, own_path
from gitmig.config import Config, import_paths
from gitmig.errors import ModelsError
from gitmig.ports import Tree
from gitmig.script.pysource import is_product, module_name

if TYPE_CHECKING:
    from sqlalchemy import MetaData


@dataclass(frozen=True, slots=True)
class LoadedModels:
    """What the models of a project are: their ``metadatas`` in the order of configuration, each once.

    ``files`` are the project's Python files that were imported by now (posix, relative to the root), ``modules`` their names, ``url``
    the database of the Flask application, where ``app`` names one.
    """

    metadatas: tuple[MetaData, ...]
    files: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    url: str | None = None


def load_metadata(config: Config, tree: Tree) -> LoadedModels:
    """Import what ``models`` (and ``app``) name and take their metadata. ``tree`` is the project's as the imports see it.

    Raises ModelsError, saying file and line in the user's code, where something cannot be imported or names no metadata.
    """
    prepare_imports(config)
    url = load_app(config, tree) if config.app else None
    found: list[MetaData] = []
    for spec in config.models:
        found += _load_spec(spec, config, tree)
    if not config.models and config.app:
        found += _of_flask_app(config)
    files, modules = imported_files(config.root)
    return LoadedModels(tuple(_unique(found)), files, modules, url)


def prepare_imports(config: Config) -> None:
    """Put the project's root and ``prepend_sys_path`` in front of ``sys.path``, each once."""
    for path in reversed(import_paths(config)):
        if path not in sys.path:
            sys.path.insert(0, path)
    importlib.invalidate_caches()


def load_app(config: Config, tree: Tree) -> str | None:
    """Make the Flask application that ``app`` names, push its context for the rest of the process, and give its database's URL.

    The URL is that of Flask-SQLAlchemy's engine (a relative SQLite path is relative to the instance folder), else the setting
    SQLALCHEMY_DATABASE_URI. Raises ModelsError.
    """
    spec = config.app or ""
    where = f"`app = {spec!r}` in {config.source}"
    value = _attribute(spec, where, config, tree)
    if not hasattr(value, "app_context"):
        if not callable(value):
            raise ModelsError(
                f"{where} names a {type(value).__name__}, which is no Flask application", "Name the application or its factory."
            )
        with importing(f"the application of {where} cannot be made", config, tree):
            value = value()
    if not hasattr(value, "app_context"):
        raise ModelsError(f"{where}: the factory gives a {type(value).__name__}, which is no Flask application", "Name another factory.")
    value.app_context().push()
    return _app_url(value)


def called(spec: str, where: str, config: Config, tree: Tree) -> list[Any]:
    """What the function that ``spec`` names gives, as a list. ``where`` is for messages. Raises ModelsError."""
    prepare_imports(config)
    function = _attribute(spec, where, config, tree)
    with importing(f"{where} cannot be called", config, tree):
        return list(function())


def bind_names(config: Config, tree: Tree) -> tuple[str, ...]:
    """The bind keys of the Flask application, in its order, without the default one. Makes the application. Raises ModelsError."""
    prepare_imports(config)
    load_app(config, tree)
    return tuple(key for key in _engines(config) if key is not None)


def bind_url(config: Config, bind: str) -> str:
    """The database of a bind of the application that `load_app` made. Raises ModelsError."""
    engines = _engines(config)
    if bind not in engines:
        known = ", ".join(key for key in engines if key is not None) or "none"
        raise ModelsError(f"the application {config.app!r} has no bind '{bind}'", f"SQLALCHEMY_BINDS has: {known}.")
    return str(engines[bind].url.render_as_string(hide_password=False))


def _engines(config: Config) -> dict[str | None, Any]:
    from flask import current_app

    extension = current_app.extensions.get("sqlalchemy")
    if extension is None:
        raise ModelsError(f"the application {config.app!r} of {config.source} has no Flask-SQLAlchemy object", "Leave out `binds`.")
    return dict(extension.engines)


def imported_files(root: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files under ``root`` that modules were imported from, posix and relative to it, and the names of these modules; sorted."""
    files: set[str] = set()
    modules: set[str] = set()
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None)
        path = own_path(file, root) if isinstance(file, str) else None
        if path is not None:
            files.add(path)
            modules.add(name)
    return tuple(sorted(files)), tuple(sorted(modules))


def metadata_in(value: Any) -> list[MetaData]:
    """The metadata behind an object: itself, a declarative base's, a registry's, a Flask-SQLAlchemy object's, those of a sequence."""
    from sqlalchemy import MetaData

    if isinstance(value, MetaData):
        return [value]
    if isinstance(value, ModuleType):
        return _unique(metadata for each in list(vars(value).values()) if _may_hold(each) for metadata in metadata_in(each))
    # Flask-SQLAlchemy keeps one MetaData a bind; SQLAlchemy's own objects have one at most.
    several = getattr(value, "metadatas", None)
    if isinstance(several, dict):
        return [each for each in several.values() if isinstance(each, MetaData)]
    one = getattr(value, "metadata", None)
    if isinstance(one, MetaData):
        return [one]
    if isinstance(value, Sequence) and not isinstance(value, (str, bytes)):
        return _unique(metadata for each in value for metadata in metadata_in(each))
    return []


def _may_hold(value: Any) -> bool:
    """Looks at types only: touching the attributes of a proxy outside its context raises whatever it likes."""
    from sqlalchemy import MetaData
    from sqlalchemy.orm import registry

    kind = type(value)
    if issubclass(kind, type):
        return isinstance(vars_of(value, "metadata"), MetaData)
    return issubclass(kind, (MetaData, registry)) or kind.__module__.partition(".")[0] in ("flask_sqlalchemy",)


def vars_of(kind: type, name: str) -> Any:
    """A class attribute as it stands in the class or its parents, without calling any descriptor."""
    return next((vars(each)[name] for each in kind.__mro__ if name in vars(each)), None)


def _load_spec(spec: str, config: Config, tree: Tree) -> list[MetaData]:
    where = f"`{spec}` in `models` of {config.source}"
    if spec.endswith(".**"):
        return _load_package(spec.removesuffix(".**"), where, config, tree)
    value = _attribute(spec, where, config, tree)
    found = metadata_in(value)
    if not found and callable(value) and not isinstance(value, type):
        with importing(f"{where} cannot be called", config, tree):
            found = metadata_in(value())
    if not found:
        raise ModelsError(
            f"{where} names a {type(value).__name__}, which holds no tables",
            "Name a MetaData, a declarative base, a SQLModel class, a Flask-SQLAlchemy object, or a function that gives one.",
        )
    return found


def _attribute(spec: str, where: str, config: Config, tree: Tree) -> Any:
    """The object that "package.module:name" means, or the module that "package.module" means."""
    name, _, attributes = spec.partition(":")
    module = _import(name, where, config, tree)
    value: Any = module
    for attribute in attributes.split(".") if attributes else []:
        try:
            with importing(f"{where} cannot be read", config, tree, passing=(AttributeError,)):
                value = getattr(value, attribute)
        except AttributeError as error:
            near = difflib.get_close_matches(attribute, [each for each in dir(value) if not each.startswith("_")], n=2)
            hint = f"Did you mean {' or '.join(near)}?" if near else "Correct the name there."
            raise ModelsError(f"{where}: there is no '{attribute}' in {_shown(value, name)}", hint) from error
    return value


def _import(name: str, where: str, config: Config, tree: Tree) -> ModuleType:
    if not name or not all(part.isidentifier() for part in name.split(".")):
        raise ModelsError(f"{where} is no module's name", 'Write it as "package.module:Base".')
    with importing(f"{where} cannot be imported", config, tree, wanted=name):
        return importlib.import_module(name)


def _load_package(name: str, where: str, config: Config, tree: Tree) -> list[MetaData]:
    """Import every module of a package of the project, its migrations, tests and ``__main__`` apart, and take the bases in them."""
    package = _import(name, where, config, tree)
    if not hasattr(package, "__path__"):
        raise ModelsError(f"{where}: {name} is a module, not a package", f'Write "{name}:Base" with the name of its base.')
    modules = [package]
    for inner in _modules_below(package, config, tree):
        modules.append(_import(inner, where, config, tree))
    found = _unique(metadata for module in modules for metadata in metadata_in(module))
    if not found:
        raise ModelsError(f"{where}: no module of {name} has a declarative base or a MetaData", "Name the module that has one.")
    return [metadata for metadata in found if metadata.tables] or found[:1]


def _modules_below(package: ModuleType, config: Config, tree: Tree) -> Iterator[str]:
    root = Path(config.root).resolve()
    outside = [config.script_location, *config.version_locations]
    for folder in map(Path, package.__path__):
        real = folder.resolve()
        if not real.is_relative_to(root):
            yield from _installed_modules(package)
            return
        prefix = "" if real == root else real.relative_to(root).as_posix()
        for entry in tree.list(prefix, recursive=True):
            inside = entry.path[len(prefix) + 1 :] if prefix else entry.path
            if not entry.path.endswith(".py") or not is_product(f"_/{inside}") or inside.endswith("__main__.py"):
                continue
            if any(entry.path.startswith(f"{each.rstrip('/')}/") for each in outside):
                continue
            name = module_name(inside)
            if name and all(part.isidentifier() for part in name.split(".")):
                yield f"{package.__name__}.{name}"


def _installed_modules(package: ModuleType) -> Iterator[str]:
    import pkgutil

    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if not found.name.endswith(".__main__"):
            yield found.name


def _of_flask_app(config: Config) -> list[MetaData]:
    """The tables of the application alone: those of the Flask-SQLAlchemy object that it was initialised with."""
    from flask import current_app

    found = metadata_in(current_app.extensions.get("sqlalchemy"))
    if not found:
        raise ModelsError(
            f"the application {config.app!r} of {config.source} has no Flask-SQLAlchemy object",
            'Say where the models are: `models = ["app.models:db"]`.',
        )
    return found


def _app_url(app: Any) -> str | None:
    from sqlalchemy.engine import make_url

    extension = app.extensions.get("sqlalchemy")
    engine = getattr(extension, "engines", {}).get(None) if extension is not None else None
    if engine is not None:
        return str(engine.url.render_as_string(hide_password=False))
    uri = app.config.get("SQLALCHEMY_DATABASE_URI")
    return make_url(uri).render_as_string(hide_password=False) if uri else None


def _unique(found: Iterable[MetaData]) -> list[MetaData]:
    return list({id(each): each for each in found}.values())


def _shown(value: Any, module: str) -> str:
    return f"module {module}" if isinstance(value, ModuleType) else f"the {type(value).__name__} of {module}"
