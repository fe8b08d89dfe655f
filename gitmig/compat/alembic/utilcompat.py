"""``alembic.util.compat``: what differs between systems and releases of Python."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from configparser import ConfigParser
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

__all__ = ["EntryPoint", "importlib_metadata_get", "is_posix", "py314", "read_config_parser", "tomllib"]

is_posix = os.name == "posix"
py314 = sys.version_info >= (3, 14)


def importlib_metadata_get(group: str) -> Sequence[EntryPoint]:
    """The entry points of a group."""
    return tuple(entry_points(group=group))


def read_config_parser(file_config: ConfigParser, file_argument: list[str | os.PathLike[str]]) -> list[str]:
    """Reads ini files, by UTF-8; the names of those that are there."""
    return file_config.read([Path(each) for each in file_argument], encoding="utf-8")
