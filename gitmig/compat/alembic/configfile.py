"""``alembic.config.Config``: the configuration of a project in a program's hands, from an ini file, a TOML file, or no file at all."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from configparser import ConfigParser, NoOptionError, NoSectionError
from dataclasses import replace
from io import StringIO
from os import PathLike, fspath
from pathlib import Path
from typing import Any, TextIO

from gitmig.adapters.environ import environment
from gitmig.adapters.templates import FOLDER
from gitmig.compat.alembic.util import CommandError
from gitmig.config import Config as Settings
from gitmig.config import anchor_url, read_config, use_url, with_template
from gitmig.config.texts import parse_toml
from gitmig.errors import ConfigError
from gitmig.runtime.envconfig import EnvConfig

__all__ = ["Config"]

_NO_FILE = "alembic.ini"
"""What a configuration without an ini file is taken for where it is read as one."""


class Config(EnvConfig):
    """The sections of the ini file, with what the program sets in them, and the table [tool.alembic] of the TOML file.

    ``file_`` and ``toml_file`` need not exist. ``config_args`` are filled into ``%(name)s``; ``attributes`` are for the program and its
    env.py, such as a connection to use. gitmig's own files ([tool.gitmig], gitmig.ini) are understood as well.
    """

    def __init__(
        self,
        file_: str | PathLike[str] | None = None,
        toml_file: str | PathLike[str] | None = None,
        ini_section: str = "alembic",
        output_buffer: TextIO | None = None,
        stdout: TextIO = sys.stdout,
        cmd_opts: Any = None,
        config_args: Mapping[str, Any] = {},
        attributes: dict[str, Any] | None = None,
    ) -> None:
        self.config_file_name = None if file_ is None else fspath(file_)
        self.toml_file_name = None if toml_file is None else fspath(toml_file)
        self.config_ini_section = ini_section
        self.output_buffer = output_buffer
        self.stdout = stdout
        self.cmd_opts = cmd_opts
        self.config_args = dict(config_args)
        self.attributes = {} if attributes is None else dict(attributes)
        self._environ = environment()
        self._connecting = False
        self._parser: ConfigParser | None = None
        self._toml: Mapping[str, Any] | None = None

    # -- as one value

    @property
    def settings(self) -> Settings:
        """All of it as gitmig reads it, as it stands now. Raises CommandError without a script_location, ConfigError for bad values."""
        root = Path.cwd().as_posix()
        ini, text = self.config_file_name or _NO_FILE, StringIO()
        parser = self.file_config
        ours = parser.has_section("gitmig") or "gitmig" in self._toml_tool()
        if not ours and self.get_alembic_option("script_location") is None:
            raise CommandError("No 'script_location' key found in configuration.")
        parser.write(text)
        files = {Path(ini).as_posix(): text.getvalue().encode()}
        if self.toml_file_name is not None and (file := Path(self.toml_file_name)).is_file():
            files[file.as_posix()] = file.read_bytes()
        section = None if self.config_ini_section == "alembic" else self.config_ini_section
        found = read_config(files.get, root, named=list(files), section=section)
        if found is None:
            raise ConfigError(f"{ini}: there is no configuration in it", "Write [alembic] or [gitmig].")
        if found.style == "gitmig" and found.url is not None:
            found = with_template(found, anchor_url(found.url, self._folder()))
        return self._with_what_was_set(found) if ours else found

    def _with_what_was_set(self, found: Settings) -> Settings:
        """gitmig's own files come before Alembic's; what the program said itself comes before both."""
        section = self.config_ini_section
        if self.file_config.has_option(section, "sqlalchemy.url"):
            found = use_url(found, self.file_config.get(section, "sqlalchemy.url"))
        if self.file_config.has_option(section, "script_location"):
            found = replace(found, script_location=self.file_config.get(section, "script_location"))
        return found

    def _folder(self) -> str:
        file = self.config_file_name or self.toml_file_name
        return (Path.cwd() if file is None else Path(file).absolute().parent).as_posix()

    # -- the ini file

    @property
    def file_config(self) -> ConfigParser:
        """The ini file as configparser has it, with what was set since."""
        if self._parser is None:
            file = None if self.config_file_name is None else Path(self.config_file_name).absolute()
            here = (Path.cwd() if file is None else file.parent).as_posix()
            filled = {**self.config_args, "here": here}
            parser = ConfigParser({name: str(value).replace("%", "%%") for name, value in filled.items()})
            if file is not None and file.is_file():
                parser.read_string(file.read_text(encoding="utf-8-sig"), str(file))
            elif file is None:
                parser.add_section(self.config_ini_section)
            self._parser = parser
        return self._parser

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """A key of any section; ``default`` where the section has none. Raises CommandError where there is no such section."""
        if not self.file_config.has_section(section):
            raise CommandError(f"No config file {self.config_file_name!r} found, or file has no '[{section}]' section")
        try:
            return self.file_config.get(section, name)
        except (NoOptionError, NoSectionError):
            return default

    # -- the TOML file, and both

    def _toml_tool(self) -> Mapping[str, Any]:
        if self._toml is None:
            file = None if self.toml_file_name is None else Path(self.toml_file_name)
            tables = parse_toml(str(file), file.read_text(encoding="utf-8")) if file is not None and file.is_file() else {}
            tool = tables.get("tool", {})
            self._toml = tool if isinstance(tool, Mapping) else {}
        return self._toml

    @property
    def toml_alembic_config(self) -> Mapping[str, Any]:
        """The table [tool.alembic], as written."""
        return self._toml_tool().get("alembic", {})  # type: ignore[no-any-return]

    def get_alembic_option(self, name: str, default: Any = None) -> Any:
        """A key of the ini file's main section, else of [tool.alembic]: there a text, a list, a number, true or false, with ``%(here)s``
        and ``config_args`` filled in."""
        if self.file_config.has_option(self.config_ini_section, name):
            return self.file_config.get(self.config_ini_section, name)
        value = self.toml_alembic_config.get(name, default)
        return value if value is default else self._filled(name, value)

    def _filled(self, name: str, value: Any) -> Any:
        match value:
            case bool() | int():
                return value
            case str():
                return value % {**self.config_args, "here": self._toml_here()}
            case list():
                return [self._filled(name, each) for each in value]
            case dict():
                return {key: self._filled(name, each) for key, each in value.items()}
            case _:
                raise CommandError(f"unsupported TOML value type for key: {name!r}")

    def _toml_here(self) -> str:
        assert self.toml_file_name is not None
        return Path(self.toml_file_name).absolute().parent.as_posix()

    def get_alembic_boolean_option(self, name: str) -> bool:
        """A key that is true or false; False where it is missing. Raises CommandError for another kind of value in TOML."""
        value = self.get_alembic_option(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        if isinstance(value, str):
            return value.strip().lower() in ("true", "yes", "on", "y", "t", "1")
        raise CommandError(f"boolean value expected for TOML parameter {name!r}")

    def get_version_locations_list(self) -> Sequence[str] | None:
        """``version_locations``; None where the default holds."""
        return self._words("version_locations", self.settings.version_locations)

    def get_prepend_sys_paths_list(self) -> Sequence[str] | None:
        """``prepend_sys_path``; None where it is not given."""
        return self._words("prepend_sys_path", self.settings.prepend_sys_path)

    def _words(self, name: str, read: Sequence[str]) -> Sequence[str] | None:
        return None if self.get_alembic_option(name) is None else list(read)

    def get_hooks_list(self) -> list[dict[str, str]]:
        """The post-write hooks, each with its name as ``_hook_name``."""
        return [{**hook.options, "_hook_name": hook.name} for hook in self.settings.hooks]

    # -- what it tells, and where

    @property
    def messaging_opts(self) -> Mapping[str, Any]:
        """``quiet``: whether -q was given."""
        return {"quiet": bool(getattr(self.cmd_opts, "quiet", False))}

    def print_stdout(self, text: str, *arg: Any) -> None:
        """Print a line, unless -q was given; ``arg`` are put into ``text`` by "%"."""
        if not self.messaging_opts["quiet"]:
            self.stdout.write(f"{str(text) % arg if arg else text}\n")

    def get_template_directory(self) -> str:
        """The folder that the templates of ``init`` lie in; subclasses name their own."""
        return str(FOLDER / "alembic")

    def _get_template_path(self) -> Path:
        return Path(self.get_template_directory())
