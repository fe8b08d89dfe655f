"""From the files of a project to its `Config`: which file counts, and what overlays what."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Sequence
from typing import Any

from gitmig.config.keys import Owner, Source, ini_source, toml_source
from gitmig.config.texts import Ini, Place, decode, parse_toml, place
from gitmig.config.values import CheckoutSettings, CommitSettings, Config, MergeSettings
from gitmig.errors import ConfigError

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
Read = Callable[[str], "bytes | None"]
TOML = "pyproject.toml"
GITMIG_INI = "gitmig.ini"
ALEMBIC_INI = "alembic.ini"
CONFIG_FILES = (TOML, GITMIG_INI, ALEMBIC_INI)


def read_config(read: Read, root: str, *, named: Sequence[str] = (), section: str | None = None) -> Config | None:
    """The configuration of the project in ``root`` (absolute, posix); None where its files hold none.

    ``read`` gives a file's content by its path relative to ``root``, or None. ``named`` are the files of ``-c`` (at most one TOML, one
    ini), ``section`` is ``-n``. In order: [tool.gitmig], gitmig.ini, [tool.alembic], alembic.ini; gitmig's own overlays Alembic's
    key by key. Raises ConfigError with file and line.
    """
    toml_name, ini_name = _named(named)
    toml_name = toml_name or TOML
    ini_is_ours = ini_name is not None and _is_ours(read, root, ini_name)
    toml = _toml_tables(read, toml_name, always=bool(named))
    ours = [
        _toml_source("gitmig", toml, root),
        _ini_source("gitmig", read, root, ini_name if ini_name and ini_is_ours else GITMIG_INI, section),
    ]
    if ini_is_ours:
        ours.reverse()
    theirs = [
        _toml_source("alembic", toml, root),
        _ini_source("alembic", read, root, ALEMBIC_INI if ini_name is None or ini_is_ours else ini_name, section),
    ]
    sources = [source for source in ours if source is not None][:1] + [source for source in theirs if source is not None]
    if not sources:
        _complain_of_missing(read, root, named, section)
        return None
    return _config(read, sources, root, section)


def _named(named: Sequence[str]) -> tuple[str | None, str | None]:
    toml = [path for path in named if path.endswith(".toml")]
    ini = [path for path in named if not path.endswith(".toml")]
    for files in (toml, ini):
        if len(files) > 1:
            raise ConfigError(f"{files[0]} and {files[1]} are both given with -c", "Give one TOML and one ini file at most.")
    return (toml[0] if toml else None, ini[0] if ini else None)


def _is_ours(read: Read, root: str, path: str) -> bool:
    if posixpath.basename(path) == GITMIG_INI:
        return True
    ini = _ini(read, root, path)
    return ini is not None and "gitmig" in ini.names()


def _toml_tables(read: Read, path: str, *, always: bool) -> tuple[Place, dict[str, Any]] | None:
    content = read(path)
    # Most pyproject.toml files of a repository are not ours; they are not even parsed.
    if content is None or not (always or b"gitmig" in content or b"alembic" in content):
        return None
    text = decode(path, content)
    tool = parse_toml(path, text).get("tool")
    return (place(path, text), tool) if isinstance(tool, dict) else None


def _toml_source(owner: Owner, toml: tuple[Place, dict[str, Any]] | None, root: str) -> Source | None:
    if toml is None or not isinstance(toml[1].get(owner), dict):
        return None
    return toml_source(owner, toml[1][owner], toml[0], _here(root, toml[0].path))


def _ini(read: Read, root: str, path: str) -> Ini | None:
    content = read(path)
    return None if content is None else Ini(path, decode(path, content), _here(root, path))


def _ini_source(owner: Owner, read: Read, root: str, path: str, section: str | None) -> Source | None:
    ini = _ini(read, root, path)
    name = section or owner
    return ini_source(owner, name, ini) if ini is not None and name in ini.names() else None


def _here(root: str, path: str) -> str:
    return posixpath.normpath(posixpath.join(root, posixpath.dirname(path)))


def _complain_of_missing(read: Read, root: str, named: Sequence[str], section: str | None) -> None:
    """What is wrong where a file is there but says nothing to us; nothing is wrong where there is no file at all."""
    present = [path for path in (named or CONFIG_FILES) if read(path) is not None]
    if section is not None and any(not path.endswith(".toml") for path in present):
        raise ConfigError(f"{' and '.join(present)} in {root}: no section [{section}]", "Give another name with -n.")
    for path in named:
        if path not in present:
            raise ConfigError(f"{path}: there is no such file", "Give another one with -c, or make one with `gitmig init`.")
    for path in present:
        if path in named or path == GITMIG_INI:
            wanted = "[tool.gitmig] or [tool.alembic]" if path.endswith(".toml") else "[gitmig] or [alembic]"
            raise ConfigError(f"{path}: there is no {wanted} in it", "Write one, or let `gitmig init` do it.")


def _config(read: Read, sources: Sequence[Source], root: str, section: str | None) -> Config:
    """The first source wins key by key; ``sources`` is not empty."""
    first = sources[0]
    values: dict[str, Any] = {}
    main: dict[str, str] = {}
    for source in reversed(sources):
        values.update(source.values)
        main.update(source.main)
    # env.py reads logging sections and other engines from the ini file; Alembic's has them where both are there.
    ini = next((source for source in reversed(sources) if source.kind == "ini"), None)
    toml = next((source for source in sources if source.kind == "toml"), None)
    if first.owner == "alembic" and "script_location" not in values:
        # Flask-Migrate's ini file lies in the migrations folder, and the program says where that is.
        beside = next((each for each in map(_folder_of, sources) if read(posixpath.join(each, "env.py")) is not None), None)
        if beside is not None:
            values["script_location"] = beside or "."
    if first.owner == "alembic" and "script_location" not in values:
        raise ConfigError(f"{first.name} has no script_location", "Write `script_location = migrations` there.")
    url = values.get("url") or None
    if url is not None:
        main["url"] = main["sqlalchemy.url"] = url
    return Config(
        root=root,
        source=first.name,
        style=first.owner,
        script_location=_inside(values.get("script_location", "migrations"), root),
        url=url,
        models=values.get("models", ()),
        dialects=values.get("dialect", ()),
        app=values.get("app"),
        version_table=values.get("version_table", "alembic_version"),
        version_table_schema=values.get("version_table_schema"),
        lock_timeout=values.get("lock_timeout"),
        statement_timeout=values.get("statement_timeout"),
        history_table=values.get("history_table", "gitmig_history"),
        published=values.get("published", ("origin/HEAD",)),
        commit=first.commit or CommitSettings(),
        merge=first.merge or MergeSettings(),
        checkout=first.checkout or CheckoutSettings(),
        databases=tuple(database for source in sources for database in source.databases),
        file_template=values.get("file_template", "%(rev)s_%(slug)s"),
        truncate_slug_length=values.get("truncate_slug_length", 40),
        timezone=values.get("timezone"),
        version_locations=tuple(_inside(path, root) for path in values.get("version_locations", ())),
        recursive_version_locations=values.get("recursive_version_locations", False),
        prepend_sys_path=tuple(_inside(path, root) for path in values.get("prepend_sys_path", ())),
        output_encoding=values.get("output_encoding", "utf-8"),
        sourceless=values.get("sourceless", False),
        revision_environment=values.get("revision_environment", False),
        hooks=next((source.hooks for source in sources if source.hooks is not None), ()),
        jobs=values.get("jobs", 4),
        engines=next((source.engines for source in sources if source.engines), ()),
        tenants=next((source.tenants for source in sources if source.tenants is not None), None),
        binds=values.get("binds", False),
        head_file=values.get("head_file", False),
        main_options=main,
        ini_path=_absolute(ini.place.path, root) if ini else None,
        toml_path=_absolute(toml.place.path, root) if toml else None,
        ini_section=section or (ini.section if ini else "alembic"),
        files=tuple(dict.fromkeys(source.place.path for source in sources)),
        alembic_files=tuple(dict.fromkeys(source.place.path for source in sources if source.owner == "alembic")),
    )


def _folder_of(source: Source) -> str:
    return posixpath.dirname(source.place.path)


def _absolute(path: str, root: str) -> str:
    return posixpath.normpath(posixpath.join(root, path))


def _inside(path: str, root: str) -> str:
    """``path`` relative to ``root`` where it lies in it, so that the trees of an index understand it too.

    "package:folder" is left alone.
    """
    drive = _DRIVE.match(path)
    if ":" in path and not drive and not posixpath.isabs(path):
        return path
    absolute = posixpath.normpath(path.replace("\\", "/") if drive else posixpath.join(root, path))
    prefix = root if root.endswith("/") else f"{root}/"
    if absolute == root:
        return "."
    return absolute[len(prefix) :] if absolute.startswith(prefix) else absolute
