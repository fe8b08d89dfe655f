"""``context.config``: configuration as env.py reads it, by Alembic's names."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from configparser import ConfigParser, NoOptionError, NoSectionError
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gitmig.config import Config, expand_url, main_options

if TYPE_CHECKING:
    from argparse import Namespace
    from types import SimpleNamespace


class EnvConfig:
    """The ini file's sections and, in the main one, every key of the configuration, whichever file it came from.

    Values that env.py sets go through configparser, so "%" is doubled there, as in Alembic. ``ini_text`` is the ini file's content where it
    does not come from disk; ``environ`` fills the variables of URLs; when ``connecting``, an unset one is an error as soon as env.py
    reads the URL.
    """

    def __init__(
        self,
        config: Config,
        environ: Mapping[str, str],
        *,
        ini_text: str | None = None,
        cmd_opts: Namespace | SimpleNamespace | None = None,
        attributes: dict[str, Any] | None = None,
        output_buffer: Any = None,
        connecting: bool = False,
    ) -> None:
        self._settings = config
        self.config_file_name: str | None = config.ini_path
        self.toml_file_name: str | None = config.toml_path
        self.config_ini_section = config.ini_section
        self.config_args: dict[str, str] = {}
        self.cmd_opts = cmd_opts
        self.attributes: dict[str, Any] = {} if attributes is None else attributes
        self.stdout = sys.stdout
        self.output_buffer = output_buffer
        self._environ = environ
        self._connecting = connecting
        self._ini_text = ini_text
        self._parser: ConfigParser | None = None

    @property
    def settings(self) -> Config:
        """The configuration as gitmig's own value."""
        return self._settings

    @property
    def file_config(self) -> ConfigParser:
        """The parser behind the getters and setters, made when first asked for."""
        if self._parser is None:
            self._parser = self._parse()
        return self._parser

    def get_main_option(self, name: str, default: str | None = None) -> str | None:
        """A key of the main section."""
        return self.get_section_option(self.config_ini_section, name, default)

    def set_main_option(self, name: str, value: str) -> None:
        """Set a key of the main section; "%" in ``value`` is doubled by the caller."""
        self.set_section_option(self.config_ini_section, name, value)

    def remove_main_option(self, name: str) -> None:
        """Forget a key of the main section."""
        self.file_config.remove_option(self.config_ini_section, name)

    def get_section_option(self, section: str, name: str, default: str | None = None) -> str | None:
        """A key of any section of the ini file; ``default`` where section or key is missing."""
        try:
            value = self.file_config.get(section, name)
            self._check(section, [name], value)
            return value
        except (NoOptionError, NoSectionError):
            return default

    def set_section_option(self, section: str, name: str, value: str) -> None:
        """Set a key of any section, which is made where it is missing."""
        if not self.file_config.has_section(section):
            self.file_config.add_section(section)
        self.file_config.set(section, name, value)

    def get_section(self, name: str, default: Any = None) -> Any:
        """A section as a dictionary, what [DEFAULT] gives it included; ``default`` where there is none."""
        if not self.file_config.has_section(name):
            return default
        found = dict(self.file_config.items(name))
        self._check(name, found, found.get("sqlalchemy.url"))
        return found

    def get_alembic_option(self, name: str, default: str | None = None) -> str | None:
        """As `get_main_option`: the keys of both files are in the main section here."""
        return self.get_main_option(name, default)

    def get_alembic_boolean_option(self, name: str) -> bool:
        """A key that is true or false; False where it is missing."""
        return (self.get_main_option(name) or "").strip().lower() in ("true", "yes", "on", "y", "t", "1")

    def get_template_directory(self) -> str:
        """The folder that the templates of ``init`` lie in."""
        import gitmig

        return str(Path(gitmig.__file__).parent / "templates")

    def get_version_locations_list(self) -> Sequence[str] | None:
        """``version_locations``; None where the default holds."""
        return list(self.settings.version_locations) or None

    def get_prepend_sys_paths_list(self) -> Sequence[str] | None:
        """``prepend_sys_path``; None where it is not given."""
        return list(self.settings.prepend_sys_path) or None

    @property
    def messaging_opts(self) -> Mapping[str, Any]:
        """How much is told: see Alembic's ``quiet``."""
        return {"quiet": False}

    def print_stdout(self, text: str, *arguments: Any) -> None:
        """Print a line; ``arguments`` are put into ``text`` by "%"."""
        print(text % arguments if arguments else text, file=self.stdout)

    def _check(self, section: str, names: Iterable[str], value: str | None) -> None:
        """Raises ConfigError where env.py reads the configured URL and a variable of it is unset."""
        url = self.settings.url
        if not self._connecting or url is None or section != self.config_ini_section or not {"url", "sqlalchemy.url"} & set(names):
            return
        if value == main_options(self.settings, self._environ)["sqlalchemy.url"]:
            expand_url(url, self._environ, self.settings.source)

    def _parse(self) -> ConfigParser:
        here = Path(self.config_file_name).parent.as_posix() if self.config_file_name else self.settings.root
        parser = ConfigParser({"here": here.replace("%", "%%"), **self.config_args})
        text = self._ini_text
        if text is None and self.config_file_name is not None and Path(self.config_file_name).is_file():
            text = Path(self.config_file_name).read_text(encoding="utf-8-sig")
        if text is not None:
            parser.read_string(text, self.config_file_name or "<ini>")
        if not parser.has_section(self.config_ini_section):
            parser.add_section(self.config_ini_section)
        for name, value in main_options(self.settings, self._environ).items():
            if name != "here":
                parser.set(self.config_ini_section, name, value.replace("%", "%%"))
        return parser
