"""Finding a project's configuration on disk."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from gitmig.config import Config, anchor_url, read_config, use_database, use_url, with_template
from gitmig.errors import ConfigError, UsageError


def find_configuration(
    cwd: Path,
    *,
    files: Sequence[str] = (),
    section: str | None = None,
    url: str | None = None,
    database: str | None = None,
    environ: Mapping[str, str],
) -> Config:
    """The configuration that counts in ``cwd``: ``files`` (``-c``), else GITMIG_CONFIG, else that of ``cwd`` or of the nearest parent
    up to git's top level. ``url`` (``--url``), ``database`` (``--database``) and GITMIG_URL win over its URL.

    Raises ConfigError where there is none or it is broken, UsageError where the arguments contradict each other.
    """
    if url and database:
        raise UsageError("--url and --database both name the database", "Give one of them.")
    named = tuple(files) or tuple(filter(None, [environ.get("GITMIG_CONFIG")]))
    config = _named(cwd, named, section) if named else _found(cwd, section)
    # Alembic, which only knows -c, takes a relative SQLite file from the current folder.
    if config.url is not None and config.root != cwd.as_posix() and not (named and config.style == "alembic"):
        config = with_template(config, anchor_url(config.url, config.root))
    if url:
        return use_url(config, url)
    if database:
        return use_database(config, database)
    return use_url(config, environ["GITMIG_URL"]) if environ.get("GITMIG_URL") else config


def folder_config(root: Path, *, named: Sequence[str] = (), section: str | None = None) -> Config | None:
    """The configuration in ``root``; None where there is none. Raises ConfigError where it is broken."""
    return read_config(lambda path: _content(root / path), root.as_posix(), named=named, section=section)


def _found(cwd: Path, section: str | None) -> Config:
    top = git_top(cwd)
    for folder in (cwd, *cwd.parents):
        config = folder_config(folder, section=section)
        if config is not None:
            return config
        if top is None or folder == top:
            break
    upto = f" or a folder above it, up to {top}" if top is not None and top != cwd else ""
    raise ConfigError(f"there is no gitmig configuration in {cwd}{upto}", "`gitmig init` makes one; -c FILE names one.")


def _named(cwd: Path, named: Sequence[str], section: str | None) -> Config:
    paths = [cwd / name for name in named]
    for path in paths:
        if not path.is_file():
            raise ConfigError(f"{path}: there is no such file", "Give another one with -c, or make one with `gitmig init`.")
    root = Path(os.path.normpath(paths[0].parent))
    inside = [Path(os.path.relpath(path, root)).as_posix() for path in paths]
    config = folder_config(root, named=inside, section=section)
    if config is None:
        raise ConfigError(f"{paths[0]}: there is no configuration in it", "Write [tool.gitmig] or [gitmig].")
    if "script_location" not in config.main_options and config.style == "alembic" and root != cwd and root.is_relative_to(cwd):
        # An ini file that lies in the migrations folder: the project is the folder that the command was given in.
        found = folder_config(cwd, named=[Path(os.path.relpath(path, cwd)).as_posix() for path in paths], section=section)
        assert found is not None
        return found
    # Alembic reads a relative script_location from the current folder, wherever the file is.
    if config.style == "alembic" and root != cwd and not (root / config.script_location).is_dir():
        moved = replace(config, root=cwd.as_posix())
        if (cwd / config.script_location).is_dir():
            return moved
    return config


def git_top(folder: Path) -> Path | None:
    """The top of the work tree that holds ``folder``, told by its .git without asking git; None outside one."""
    return next((each for each in (folder, *folder.parents) if (each / ".git").exists()), None)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except PermissionError as error:
        raise ConfigError(f"{path}: it cannot be read ({error.strerror})", "Give yourself the right to read it.") from error
