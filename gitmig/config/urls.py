"""Database URLs in configuration: "${NAME}" stands for an environment variable, "$$" for a dollar.

A URL stays a template until somebody connects, so that a command that never connects needs no variable.
"""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

from gitmig.config.values import Config, TenantSettings
from gitmig.errors import ConfigError, redact

_DOLLAR = re.compile(r"\$(?:(?P<dollar>\$)|\{(?P<name>[A-Za-z_][A-Za-z0-9_]*)\})")
_SQLITE = re.compile(r"sqlite(?:\+[\w.-]+)?:///(?P<path>.+)", re.DOTALL)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_SCHEME = re.compile(r"(?P<dialect>[A-Za-z][\w.-]*)(?:\+[\w.-]+)?://")


def expand_url(template: str, environ: Mapping[str, str], where: str = "") -> str:
    """The URL that ``template`` means. Raises ConfigError where one of its variables is unset; ``where`` names the file."""

    def value(match: re.Match[str]) -> str:
        if match["dollar"]:
            return "$"
        if match["name"] not in environ:
            raise ConfigError(
                f"{where or 'the configuration'}: the database URL needs the environment variable {match['name']}, which is unset",
                f"Set it (`export {match['name']}=...`), or give a URL with --url or GITMIG_URL.",
            )
        return environ[match["name"]]

    return _DOLLAR.sub(value, template)


def main_options(config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """What env.py's ``config.get_main_option`` gives: every key as text, URLs with the variables that are set filled in."""

    def filled(template: str) -> str:
        return _DOLLAR.sub(lambda match: "$" if match["dollar"] else environ.get(match["name"], match[0]), template)

    urls = {"url", "sqlalchemy.url"} if config.url is not None else set()
    return {key: filled(value) if key in urls else value for key, value in config.main_options.items()}


def import_paths(config: Config) -> tuple[str, ...]:
    """The absolute folders that go in front of ``sys.path``: ``prepend_sys_path`` as written, then the root where it is not among them."""
    written = [posixpath.normpath(posixpath.join(config.root, path)) for path in config.prepend_sys_path]
    return tuple(dict.fromkeys([*written, config.root]))


def sqlite_file(url: str) -> str | None:
    """The file that a SQLite URL names, relative as written; None for databases in memory, for "file:" names and other databases."""
    found = _SQLITE.match(url)
    path = found["path"].partition("?")[0] if found else ""
    return None if not path or path.startswith((":memory:", "file:")) else path


def anchor_url(template: str, root: str) -> str:
    """``template`` with a relative SQLite file made one of ``root``, so that it is the same file from every folder."""
    file = sqlite_file(template)
    if file is None or file.startswith(("/", "$")) or _DRIVE.match(file):
        return template
    before, _, after = template.partition(file)
    return f"{before}{posixpath.normpath(posixpath.join(literal_url(root), file))}{after}"


def literal_url(url: str) -> str:
    """The template that means exactly ``url``."""
    return url.replace("$", "$$")


def url_dialect(template: str, environ: Mapping[str, str]) -> str | None:
    """The SQLAlchemy dialect that a URL's scheme names, read even when variables after the scheme are unset; None where it is unknown."""

    def value(match: re.Match[str]) -> str:
        return "$" if match["dollar"] else environ.get(match["name"], match[0])

    found = _SCHEME.match(_DOLLAR.sub(value, template))
    return found["dialect"].lower() if found else None


def replay_dialects(config: Config, environ: Mapping[str, str], url: str | None = None) -> tuple[str, ...]:
    """The dialects that revisions are replayed for: those of ``dialect``, else that of the URL in configuration, else that of ``url``.

    ``url`` is what the application or env.py says. Raises ConfigError where none of them tells.
    """
    if config.dialects:
        return config.dialects
    written = url_dialect(config.url, environ) if config.url is not None else None
    told = written if written not in (None, "driver") else url_dialect(literal_url(url), environ) if url else None
    if told is not None:
        return (told,)
    if config.url is None:
        raise ConfigError(f"{config.source} names no database, so the dialect of the revisions is unknown", _DIALECT_HINT)
    raise ConfigError(f"{config.source}: {redact(config.url)!r} does not tell the dialect of the revisions", _DIALECT_HINT)


_DIALECT_HINT = 'Write `url = "..."` or `dialect = "postgresql"` there.'


def use_url(config: Config, url: str) -> Config:
    """``config`` with ``url`` (exactly as given) as its database, for env.py's ``sqlalchemy.url`` as well."""
    return with_template(config, literal_url(url))


def use_database(config: Config, name: str) -> Config:
    """``config`` with the database ``name`` of [tool.gitmig.databases] as its database. Raises ConfigError for an unknown name."""
    for database in config.databases:
        if database.name == name:
            chosen = replace(with_template(config, database.url), database=name)
            return replace(chosen, part=name, models=database.models, dialects=()) if database.models else chosen
    for engine in config.engines:
        if engine.name == name:
            chosen = with_template(config, engine.url)
            # env.py loops over what `databases` names, and passes each name on itself.
            return replace(chosen, database=name, main_options={**chosen.main_options, "databases": name})
    if config.tenants is not None and (not config.tenants.names or name in config.tenants.names):
        return _use_tenant(config, config.tenants, name)
    if config.binds:
        return replace(config, database=name, part="" if name == DEFAULT_BIND else name)
    names = [database.name for database in (*config.databases, *config.engines)]
    names += config.tenants.names if config.tenants is not None else ()
    near = difflib.get_close_matches(name, names)
    if near:
        hint = f"Did you mean {' or '.join(near)}?"
    elif names:
        hint = f"There are: {', '.join(names)}."
    else:
        section = "tool.gitmig" if config.toml_path is not None else "gitmig"
        hint = f"Write [{section}.databases.{name}] with a `url`."
    raise ConfigError(f"{config.source} has no database called '{name}'", hint)


DEFAULT_BIND = "default"
"""How the database without a bind key is called; its part in a revision is ``upgrade_()``, as Flask-Migrate has it."""
_UNFIT = re.compile(r"[\s/\\?#@:%'\"{}]|^\.+$")


def _use_tenant(config: Config, tenants: TenantSettings, name: str) -> Config:
    if not name or (tenants.url is not None and _UNFIT.search(name)):
        raise ConfigError(f"{config.source}: the tenant {name!r} cannot be put into a URL", "Letters, digits, `_` and `-` can.")
    if tenants.url is not None:
        return replace(with_template(config, tenants.url.replace("{tenant}", name)), database=name, tenant=name)
    path = tuple(each.replace("{tenant}", name) for each in tenants.schemas)
    return replace(config, database=name, tenant=name, search_path=path, version_table_schema=path[0])


def with_template(config: Config, template: str) -> Config:
    """``config`` with the URL that ``template`` means as its database."""
    return replace(config, url=template, main_options={**config.main_options, "url": template, "sqlalchemy.url": template})
