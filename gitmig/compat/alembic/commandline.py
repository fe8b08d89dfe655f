"""Alembic's command line over ``alembic.command``, for programs that call ``alembic.config.main()`` or extend ``CommandLine``."""

from __future__ import annotations

import inspect
import logging
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from gitmig.adapters.environ import environment
from gitmig.compat.alembic import command
from gitmig.compat.alembic.configfile import Config
from gitmig.compat.alembic.util import CommandError
from gitmig.compat.alembic.utilmessaging import msg

__all__ = ["CommandLine", "main"]

Function = Callable[..., Any]
VERSION = "1.20.1"

_log = logging.getLogger("alembic.util.messaging")
_FLAG = {"action": "store_true"}
_TEXT = {"type": str}
_OPTIONS: dict[str, tuple[Any, ...]] = {
    "template": ("-t", "--template", {**_TEXT, "default": "generic", "help": "The template of the new folder."}),
    "message": ("-m", "--message", {**_TEXT, "help": "What the revision does; its file is named by it."}),
    "sql": ("--sql", {**_FLAG, "help": "Print SQL, and touch no database."}),
    "tag": ("--tag", {**_TEXT, "help": "A word that env.py can ask for."}),
    "head": ("--head", {**_TEXT, "help": "The revision, or <branch>@head, that the new one follows."}),
    "splice": ("--splice", {**_FLAG, "help": "Allow a revision to follow that is no head."}),
    "depends_on": ("--depends-on", {"action": "append", "help": "A revision that the new one needs; may be given several times."}),
    "rev_id": ("--rev-id", {**_TEXT, "help": "The id of the new revision, in place of a random one."}),
    "version_path": ("--version-path", {**_TEXT, "help": "The version location of the new file."}),
    "branch_label": ("--branch-label", {**_TEXT, "help": "A label for the branch that begins with the new revision."}),
    "verbose": ("-v", "--verbose", {**_FLAG, "help": "Say more."}),
    "resolve_dependencies": ("--resolve-dependencies", {**_FLAG, "help": "Leave out heads that another revision depends on."}),
    "autogenerate": ("--autogenerate", {**_FLAG, "help": "Fill in what the models ask for and the database lacks."}),
    "rev_range": ("-r", "--rev-range", {"action": "store", "help": "A range: [start]:[end]."}),
    "indicate_current": ("-i", "--indicate-current", {**_FLAG, "help": "Mark the revision that the database is at."}),
    "purge": ("--purge", {**_FLAG, "help": "Delete every row of the version table first."}),
    "package": ("--package", {**_FLAG, "help": "Give the new folders an __init__.py."}),
    "check_heads": ("-c", "--check-heads", {**_FLAG, "help": "Fail unless every head is applied."}),
}
_POSITIONALS: dict[str, dict[str, Any]] = {
    "directory": {"help": "the folder to make"},
    "revision": {"help": "a revision"},
    "revisions": {"nargs": "+", "help": "revisions, or 'heads' for all heads"},
}
_COMMANDS = (
    "branches",
    "check",
    "current",
    "downgrade",
    "edit",
    "ensure_version",
    "heads",
    "history",
    "init",
    "list_templates",
    "merge",
    "revision",
    "show",
    "stamp",
    "upgrade",
)


class CommandLine:
    """The parser with every command. Subclasses may override `run_cmd`, and register commands of their own."""

    _KWARGS_OPTS = _OPTIONS
    _POSITIONAL_OPTS = _POSITIONALS
    _POSITIONAL_TRANSLATIONS: Mapping[Any, Mapping[str, str]] = {command.stamp: {"revision": "revisions"}}

    def __init__(self, prog: str | None = None) -> None:
        self._generate_args(prog)

    def _generate_args(self, prog: str | None) -> None:
        self.parser = parser = ArgumentParser(prog=prog)
        parser.add_argument("--version", action="version", version=f"%(prog)s {VERSION}")
        parser.add_argument(
            "-c",
            "--config",
            action="append",
            help="The configuration file, an ini file or pyproject.toml; may be given once for each. Default: what ALEMBIC_CONFIG names, "
            "else alembic.ini and pyproject.toml.",
        )
        parser.add_argument("-n", "--name", default="alembic", help="The main section of the ini file.")
        parser.add_argument("-x", action="append", help="An argument for env.py, such as -x name=value.")
        parser.add_argument("--raiseerr", action="store_true", help="Let an error through as Python's.")
        parser.add_argument("-q", "--quiet", action="store_true", help="Print nothing.")
        self.subparsers = parser.add_subparsers()
        for name in _COMMANDS:
            self.register_command(getattr(command, name))

    def register_command(self, fn: Function) -> None:
        """A further command: ``fn(config, ...)`` by its own name, with those of its arguments that the other commands know too."""
        positional, options, words = self._inspect_function(fn)
        sub = self.subparsers.add_parser(fn.__name__, help=words, description=words)
        sub.set_defaults(cmd=(fn, positional, options))
        for name in options:
            if name in self._KWARGS_OPTS:
                *flags, settings = self._KWARGS_OPTS[name]
                sub.add_argument(*flags, **settings)
        for name in positional:
            sub.add_argument(name, **self._POSITIONAL_OPTS.get(name, {}))

    def _inspect_function(self, fn: Function) -> tuple[list[str], list[str], str]:
        """The names of the positional arguments, of the options, and the first paragraph of the docstring."""
        parameters = list(inspect.signature(fn).parameters.values())[1:]
        renamed = self._POSITIONAL_TRANSLATIONS.get(fn, {})
        positional = [renamed.get(each.name, each.name) for each in parameters if each.default is inspect.Parameter.empty]
        options = [each.name for each in parameters if each.default is not inspect.Parameter.empty]
        words = re.split(r"\n\s*\n", inspect.getdoc(fn) or "")[0]
        return positional, options, " ".join(words.split()).replace("%", "%%")

    def run_cmd(self, config: Config, options: Namespace) -> None:
        """Calls the command; a CommandError ends the process with its text, unless --raiseerr was given."""
        fn, positional, names = options.cmd
        known = {name: getattr(options, name) for name in names if hasattr(options, name)}
        try:
            fn(config, *[getattr(options, name) for name in positional], **known)
        except CommandError as error:
            if options.raiseerr:
                raise
            _log.error(str(error))
            msg(f"FAILED: {error}", **config.messaging_opts)
            sys.exit(-1)

    def _inis_from_config(self, options: Namespace) -> tuple[str, str]:
        """The ini file and the TOML file to read. Raises CommandError where one kind was given twice."""
        found: dict[bool, str] = {}
        for file in options.config or ():
            toml = Path(file).name == "pyproject.toml"
            if toml in found:
                raise CommandError("pyproject.toml indicated more than once" if toml else "only one ini file may be indicated")
            found[toml] = file
        if named := environment().get("ALEMBIC_CONFIG"):
            found.setdefault(Path(named).name == "pyproject.toml", named)
        return found.get(False, "alembic.ini"), found.get(True, "pyproject.toml")

    def main(self, argv: Sequence[str] | None = None) -> None:
        """Parses ``argv`` (None: the process's own) and runs the command."""
        options = self.parser.parse_args(argv)
        if not hasattr(options, "cmd"):
            self.parser.error("too few arguments")
        ini, toml = self._inis_from_config(options)
        self.run_cmd(Config(file_=ini, toml_file=toml, ini_section=options.name, cmd_opts=options), options)


def main(argv: Sequence[str] | None = None, prog: str | None = None, **kwargs: Any) -> None:
    """The console script ``alembic``."""
    CommandLine(prog=prog).main(argv=argv)
