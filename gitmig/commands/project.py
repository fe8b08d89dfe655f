"""The project that a command works in: its configuration, its root, its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.configfile import find_configuration
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.environ import environment
from gitmig.config import Config
from gitmig.ports import Tree


@dataclass(frozen=True, slots=True)
class Options:
    """The global options of the command line. ``section`` is ``-n``; configuration is looked for from ``cwd``."""

    config_files: tuple[str, ...] = ()
    section: str | None = None
    url: str | None = None
    database: str | None = None
    x_arguments: tuple[str, ...] = ()
    cwd: Path | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """One project: ``config`` as read, ``root`` the folder of its configuration, ``tree`` its files on disk."""

    config: Config
    root: Path
    tree: Tree
    options: Options = Options()


def open_project(options: Options) -> Project:
    """The project of the current folder, or the one that ``-c`` or GITMIG_CONFIG names. Raises ConfigError."""
    config = find_configuration(
        (options.cwd or Path.cwd()).absolute(),
        files=options.config_files,
        section=options.section,
        url=options.url,
        database=options.database,
        environ=environment(),
    )
    root = Path(config.root)
    return Project(config, root, DiskTree(root), options)
