"""`gitmig init`: a migrations folder, and configuration that works for the models that the source has."""

from __future__ import annotations

import difflib
import json
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.configfile import folder_config
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.newfiles import write_project_files
from gitmig.adapters.templates import Template, templates
from gitmig.config import Config
from gitmig.config.texts import decode, parse_toml
from gitmig.errors import ConfigError, UsageError
from gitmig.script.appfinder import AppFound, UrlFound, engine_urls, find_flask_app, flask_urls, in_memory, needs_app_context
from gitmig.script.models import find_models
from gitmig.script.modelspec import Candidate, candidates
from gitmig.script.pysource import Sources, read_sources

DEFAULT_URL = "sqlite:///app.db"
TOML = "pyproject.toml"


@dataclass(frozen=True, slots=True)
class Settings:
    """What init writes: each key with its values; None where the key is left out."""

    script_location: str
    url: str | None
    models: tuple[str, ...]
    app: str | None
    prepend_sys_path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Initialised:
    """What init did. ``config_file`` holds the settings, ``written`` are the new files; paths as the user sees them.

    ``chosen`` is the base that the settings load, ``candidates`` are all that were found, ``url`` where the database's URL was read
    (None where it is the default), ``kept`` the configuration that was there before and stays as it is.
    """

    settings: Settings
    config_file: str
    written: tuple[str, ...]
    chosen: Candidate | None
    candidates: tuple[Candidate, ...]
    url: UrlFound | None
    app: AppFound | None
    broken: tuple[str, ...] = ()
    kept: Config | None = None


def init(
    root: Path, directory: str = "migrations", *, template: str = "generic", package: bool = False, config_file: str | None = None
) -> Initialised:
    """Make ``directory`` (relative to ``root``) from ``template`` and write the project's configuration.

    Settings go to ``config_file``, else into pyproject.toml where there is one, else to gitmig.ini. Nothing that exists is overwritten.
    Raises UsageError or ConfigError with nothing changed.
    """
    chosen_template = _template(template)
    folder = root / directory
    _refuse_used(folder, directory)
    location = _relative(folder, root)
    kept = folder_config(root, named=[config_file] if config_file and (root / config_file).exists() else [])
    sources = read_sources(DiskTree(root), skip=[location])
    every = candidates(sources, find_models(sources))
    chosen = every[0] if len(every) == 1 else None
    app, url = _database(sources, chosen)
    settings = Settings(
        location,
        None if url is None and app is not None else url.template if url is not None else DEFAULT_URL,
        chosen.models if chosen else (),
        app.spec if app else None,
        chosen.import_roots if chosen else (),
    )
    new = {folder / name: content for name, content in chosen_template.files().items()}
    if package:
        new |= {folder / "__init__.py": b"", folder / "versions" / "__init__.py": b""}
    replaced: dict[Path, bytes] = {}
    name = config_file or (TOML if (root / TOML).is_file() else "gitmig.ini")
    if kept is None:
        _settle(root / name, settings, chosen_template, new, replaced)
    write_project_files(new, replaced, (folder / "versions",))
    written = tuple(path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path) for path in new)
    return Initialised(settings, name if kept is None else kept.source, written, chosen, every, url, app, sources.broken, kept)


def _template(name: str) -> Template:
    every = {template.name: template for template in templates()}
    if name not in every:
        near = difflib.get_close_matches(name, every)
        hint = f"Did you mean {near[0]}?" if near else f"There are: {', '.join(every)} (`gitmig list-templates`)."
        raise UsageError(f"there is no template '{name}'", hint)
    return every[name]


def _refuse_used(folder: Path, shown: str) -> None:
    if folder.is_dir() and any(folder.iterdir()):
        raise UsageError(f"the folder {shown} exists and is not empty", "Name another: `gitmig init DIR`.")
    if folder.exists() and not folder.is_dir():
        raise UsageError(f"{shown} is a file", "Name another: `gitmig init DIR`.")


def _relative(folder: Path, root: Path) -> str:
    plain = Path(posixpath.normpath(folder.as_posix()))
    return plain.relative_to(root).as_posix() if plain.is_relative_to(root) else plain.as_posix()


def _settle(path: Path, settings: Settings, template: Template, new: dict[Path, bytes], replaced: dict[Path, bytes]) -> None:
    """Put the configuration into ``new`` or ``replaced``."""
    if path.suffix == ".toml":
        before = path.read_bytes() if path.exists() else b""
        after = append_table(path.name, before, toml_lines(settings))
        (replaced if path.exists() else new)[path] = after
    elif path.exists():
        raise ConfigError(f"{path.name} exists and has no [gitmig] section", "Write one there, or give another file with -c.")
    else:
        new[path] = template.ini("\n".join(ini_lines(settings))).encode()


def append_table(name: str, before: bytes, lines: Sequence[str]) -> bytes:
    """``before``, byte for byte, with ``lines`` after it in the file's own line endings. Raises ConfigError for broken TOML."""
    text = decode(name, before)
    parse_toml(name, text)
    end = "\r\n" if "\r\n" in text else "\n"
    gap = "" if not text.strip() else end if text.endswith("\n") else end * 2
    after = before + (gap + end.join(lines) + end).encode()
    try:
        parse_toml(name, decode(name, after))
    except ConfigError as error:
        # `tool = {...}` or [tool] gitmig = ... in the file: nothing can be added below it.
        raise ConfigError(f"{name}: [tool.gitmig] cannot be added at its end", f"Write it yourself:\n{end.join(lines)}") from error
    return after


def toml_lines(settings: Settings) -> list[str]:
    """The table [tool.gitmig]."""
    lines = ["[tool.gitmig]", f"script_location = {_quoted(settings.script_location)}"]
    if settings.url is not None:
        lines.append(f"url = {_quoted(settings.url)}")
    if settings.app is not None:
        lines.append(f"app = {_quoted(settings.app)}")
    if settings.models:
        lines.append(f"models = [{', '.join(map(_quoted, settings.models))}]")
    elif settings.app is None:
        lines.append('# models = ["app.models:Base"]')
    if settings.prepend_sys_path:
        lines.append(f"prepend_sys_path = [{', '.join(map(_quoted, settings.prepend_sys_path))}]")
    return lines


def ini_lines(settings: Settings) -> list[str]:
    """The keys of [gitmig] in an ini file."""
    location = settings.script_location
    lines = [f"script_location = {location if posixpath.isabs(location) else f'%(here)s/{_ini(location)}'}"]
    if settings.prepend_sys_path:
        folders = "\n    ".join(map(_ini, settings.prepend_sys_path))
        lines += ["path_separator = newline", f"prepend_sys_path = {folders}"]
    lines += ["", "# The local database."]
    lines.append(f"sqlalchemy.url = {_ini(settings.url)}" if settings.url is not None else "# sqlalchemy.url = (the application says it)")
    if settings.app is not None:
        lines += ["", "# Made and pushed before the models are read.", f"app = {settings.app}"]
    lines += ["", "# Where the models are: module:Base, or package.** for every module of a package."]
    lines.append(f"models = {' '.join(settings.models)}" if settings.models else "# models = app.models:Base")
    return lines


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _ini(text: str) -> str:
    return text.replace("%", "%%")


def _database(sources: Sources, chosen: Candidate | None) -> tuple[AppFound | None, UrlFound | None]:
    """The application to make and the URL to write: Flask's own where its models are Flask-SQLAlchemy's, else that of an engine.

    A URI that can be read is written down, so that only an application whose URI cannot be read, or whose models need it, is made.
    """
    if chosen is not None and chosen.base.kind == "flask":
        app = find_flask_app(sources)
        uris, complete = flask_urls(sources)
        modules = [sources.modules[table.module] for table in chosen.base.tables if table.module in sources.modules]
        needed = any(map(needs_app_context, modules))
        if len(uris) == 1 and complete and not in_memory(uris[0].template) and (app is None or not app.own_instance_path):
            return (app if needed else None), _in_instance(uris[0], app)
        return app, None
    found = engine_urls(sources)
    return None, found[0] if found else None


def _in_instance(url: UrlFound, app: AppFound | None) -> UrlFound:
    """Flask-SQLAlchemy puts a relative SQLite file into the instance folder, which lies beside the application's package."""
    scheme, _, path = url.template.partition(":///")
    if not scheme.startswith("sqlite") or path.startswith(("/", "$")) or path[1:3] in (":/", ":\\"):
        return url
    folder = posixpath.join(app.root if app else "", "instance")
    return UrlFound(f"{scheme}:///{posixpath.join(folder, path)}", url.path, url.line, url.password_hidden)
