"""What one run of the command line carries: the global options, the open project, and the way to the terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import click

from gitmig.cli.output import to_json
from gitmig.errors import redact

if TYPE_CHECKING:
    from gitmig.commands.project import Options, Project


@dataclass(slots=True)
class State:
    """click's ``ctx.obj``. Commands receive it by ``@click.pass_obj``.

    Results go to stdout by `out` or `json`, talk to stderr by `say` and `err`; ``-q`` silences `out` and `say`.
    Talk is redacted; results are not, because SQL and source must come out as they are: a URL in a result goes through
    `gitmig.errors.redact` first.
    """

    config_files: tuple[str, ...] = ()
    section: str | None = None
    x_arguments: tuple[str, ...] = ()
    url: str | None = None
    database: str | None = None
    quiet: bool = False
    verbose: bool = False
    traceback: bool = False
    no_color: bool = False
    _project: Project | None = field(default=None, repr=False)
    _passwords: tuple[str, ...] | None = field(default=None, repr=False)

    def options(self) -> Options:
        """The global options as the value that commands take."""
        from gitmig.commands.project import Options

        return Options(
            config_files=self.config_files,
            section=self.section,
            url=self.url,
            database=self.database,
            x_arguments=self.x_arguments,
        )

    def project(self) -> Project:
        """The project that the current folder belongs to, opened once. Raises ConfigError."""
        if self._project is None:
            from gitmig.commands.project import open_project

            self._project = open_project(self.options())
        return self._project

    def out(self, text: str = "") -> None:
        """A line of the result, on stdout."""
        if not self.quiet:
            click.echo(text, color=self.color())

    def json(self, data: object) -> None:
        """The result as JSON on stdout: one document, two blanks deep, keys in the order given."""
        click.echo(to_json(data))

    def say(self, text: str = "") -> None:
        """A line of talk, on stderr."""
        if not self.quiet:
            click.echo(self.redacted(text), err=True, color=self.color())

    def err(self, text: str) -> None:
        """A line about an error, on stderr, whatever ``-q`` says."""
        click.echo(self.redacted(text), err=True, color=self.color())

    def redacted(self, text: str) -> str:
        """``text`` without the passwords of URLs in it, and without those of the configured databases wherever they stand."""
        if self._passwords is None:
            from gitmig.adapters.environ import environment
            from gitmig.adapters.passwords import passwords

            # Before the project is open (and where it never will be) the URLs of the command line are all there is.
            config = None if self._project is None else self._project.config
            found = passwords(config, [self.url or ""], environment())
            if config is not None:
                self._passwords = found
        else:
            found = self._passwords
        text = redact(text)
        for password in found:
            text = text.replace(password, "***")
        return text

    def shows_bar(self) -> bool:
        """Whether a person looks on who wants to see how it goes on, and no more."""
        return not self.quiet and not self.verbose and sys.stderr is not None and sys.stderr.isatty()

    def color(self) -> bool | None:
        """False where colours are switched off, None where click decides by the terminal."""
        from gitmig.adapters.environ import colour_unwanted

        return False if self.no_color or colour_unwanted() else None

    def interactive(self) -> bool:
        """Whether a person can be asked: stdin and stderr are terminals."""
        return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
