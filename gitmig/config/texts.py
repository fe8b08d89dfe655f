"""The text of a TOML or ini file as nested tables that know their lines."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gitmig.errors import ConfigError

_HEADER = re.compile(r"^\s*\[\[?(?P<name>[^\]]+)\]\]?")
_KEY = re.compile(r"^\s*(?P<name>[A-Za-z0-9_.\"' -]+?)\s*[=:]")


@dataclass(frozen=True, slots=True)
class Place:
    """A file, for messages: ``path`` as shown to the user, ``lines`` the line (from 1) of each "table.key" and "table"."""

    path: str
    lines: Mapping[str, int] = field(default_factory=dict)

    def at(self, *names: str) -> str:
        """ "pyproject.toml:12" for the most precise of ``names`` whose line is known, else the path alone."""
        for name in names:
            if name.lower() in self.lines:
                return f"{self.path}:{self.lines[name.lower()]}"
        return self.path


def place(path: str, text: str) -> Place:
    """Where the tables and keys of ``text`` stand. Good for messages only: a string that looks like a key is taken for one."""
    lines: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        header = _HEADER.match(line)
        if header:
            table = _plain(header["name"])
            lines.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key:
            lines.setdefault(f"{table}.{_plain(key['name'])}" if table else _plain(key["name"]), number)
    return Place(path, lines)


def _plain(name: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in name.split(".")).lower()


def decode(path: str, content: bytes) -> str:
    """The text of a configuration file, which is UTF-8 with or without a mark. Raises ConfigError naming the line."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: the file is not UTF-8", "Save it in UTF-8.") from error


def parse_toml(path: str, text: str) -> dict[str, Any]:
    """The tables of a TOML file. Raises ConfigError with file and line."""
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column \d+\)|\(at end of document\)", str(error))
        line = int(found[1]) if found and found[1] else text.count("\n") + 1
        reason = str(error)[: found.start()].strip() if found else str(error)
        raise ConfigError(f"{path}:{line}: broken TOML: {reason}", "Correct that line.") from error


@dataclass(frozen=True, slots=True)
class Section:
    """One section of an ini file: its values after interpolation, those of [DEFAULT] among them.

    ``unresolved`` are the keys whose interpolation names something that is not there, ``defaults`` the keys of [DEFAULT].
    """

    values: Mapping[str, str]
    unresolved: frozenset[str] = frozenset()
    defaults: frozenset[str] = frozenset()


class Ini:
    """An ini file as configparser reads it: "%%" is a percent sign, ``%(here)s`` the file's folder.

    Sections are interpolated when they are asked for: those of logging hold percent signs of their own.
    """

    def __init__(self, path: str, text: str, here: str) -> None:
        """Raises ConfigError with file and line."""
        import configparser

        self.place = place(path, text)
        self._parser = configparser.ConfigParser(defaults={"here": here.replace("%", "%%")})
        try:
            self._parser.read_string(text, path)
        except configparser.MissingSectionHeaderError as error:
            raise ConfigError(f"{path}:{error.lineno}: there is no [section] above this line", "Write one.") from error
        except configparser.DuplicateSectionError as error:
            raise ConfigError(f"{path}:{error.lineno}: the section [{error.section}] is there twice", "Join them.") from error
        except configparser.DuplicateOptionError as error:
            raise ConfigError(f"{path}:{error.lineno}: the key '{error.option}' is there twice", "Remove one.") from error
        except configparser.ParsingError as error:
            raise ConfigError(f"{path}:{error.errors[0][0]}: this line is no `key = value`", "Correct it.") from error

    def names(self) -> list[str]:
        """The sections in order."""
        return self._parser.sections()

    def section(self, name: str) -> Section:
        """One section. A key that interpolates an unknown name is kept apart: env.py may set that name before it reads the key.

        Raises ConfigError with file and line for a single percent sign, KeyError for an unknown section.
        """
        import configparser

        values: dict[str, str] = {}
        unresolved: set[str] = set()
        for key in self._parser[name]:
            try:
                values[key] = self._parser.get(name, key)
            except configparser.InterpolationSyntaxError as error:
                where = self.place.at(f"{name}.{key}", f"default.{key}", name)
                raise ConfigError(f"{where}: '{key}' holds a single %", "Write %% for a percent sign.") from error
            except configparser.InterpolationError:
                unresolved.add(key)
        return Section(values, frozenset(unresolved), frozenset(self._parser.defaults()))
