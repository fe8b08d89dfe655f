"""The `gitmig` command: global options, the table of commands, and how an error is told.

A command's module is imported only when that command runs, so that `gitmig heads` never pays for what `upgrade` needs.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import click

from gitmig.cli.state import State
from gitmig.errors import GitmigError, sentence


class Lazy(NamedTuple):
    """Where a command lives ("package.module:attribute") and the line that `gitmig --help` shows for it."""

    target: str
    help: str
    hidden: bool = False


COMMANDS: Mapping[str, Lazy] = {
    "init": Lazy("gitmig.cli.setup:init", "Make a migrations folder and its configuration."),
    "list-templates": Lazy("gitmig.cli.setup:list_templates", "List the templates that `init` knows."),
    "install": Lazy("gitmig.cli.hooks:install", "Install the git hooks."),
    "uninstall": Lazy("gitmig.cli.hooks:uninstall", "Remove the git hooks."),
    "status": Lazy("gitmig.cli.status:status", "Show branch, heads, databases, models and forks on one screen."),
    "revision": Lazy("gitmig.cli.autogen:revision", "Make a new revision file."),
    "diff": Lazy("gitmig.cli.autogen:diff", "Show how the models differ from the revisions."),
    "check": Lazy("gitmig.cli.autogen:check", "Check that models, revisions and graph agree."),
    "merge": Lazy("gitmig.cli.graph:merge", "Join revisions with a merge revision."),
    "resolve": Lazy("gitmig.cli.resolving:resolve", "Make one head of several, proved first."),
    "sync": Lazy("gitmig.cli.syncing:sync", "Move the local database to this checkout."),
    "edit": Lazy("gitmig.cli.graph:edit", "Open revision files in an editor."),
    "upgrade": Lazy("gitmig.cli.run:upgrade", "Upgrade the database."),
    "downgrade": Lazy("gitmig.cli.run:downgrade", "Downgrade the database."),
    "current": Lazy("gitmig.cli.run:current", "Show where the database is."),
    "stamp": Lazy("gitmig.cli.run:stamp", "Set the database's revision without running anything."),
    "ensure-version": Lazy("gitmig.cli.run:ensure_version", "Create the version table if it is not there."),
    "adopt": Lazy("gitmig.cli.adopting:adopt", "Turn an Alembic project over."),
    "baseline": Lazy("gitmig.cli.adopting:baseline", "Begin the history of a database that exists already."),
    "wait": Lazy("gitmig.cli.run:wait", "Wait until the database is at this checkout's heads."),
    "heads": Lazy("gitmig.cli.graph:heads", "Show the heads."),
    "branches": Lazy("gitmig.cli.graph:branches", "Show the branch points."),
    "history": Lazy("gitmig.cli.graph:history", "List revisions, newest first."),
    "show": Lazy("gitmig.cli.graph:show", "Show revisions."),
    "demo": Lazy("gitmig.cli.demo:demo", "Play the scenes in a throw-away repository."),
    "hook": Lazy("gitmig.cli.hooks:hook", "What the git hooks call.", hidden=True),
}
ALIASES: Mapping[str, str] = {"list_templates": "list-templates", "ensure_version": "ensure-version"}


class Commands(click.Group):
    """A click group over `COMMANDS`: names and help come from the table, a module is imported when its command runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        lazy = COMMANDS.get(ALIASES.get(cmd_name, cmd_name))
        if lazy is None:
            return None
        module, _, attribute = lazy.target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name].help) for name in self.list_commands(ctx) if not COMMANDS[name].hidden])

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None and not name.startswith("-"):
            import difflib

            near = difflib.get_close_matches(name, [each for each in self.list_commands(ctx) if not COMMANDS[each].hidden])
            more = f"Did you mean {' or '.join(near)}?" if near else "See `gitmig --help`."
            raise click.UsageError(f"there is no command '{name}'. {more}", ctx)
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not ctx.resilient_parsing:
        from gitmig import __version__

        click.echo(f"gitmig {__version__}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "-c",
    "--config",
    "config_files",
    multiple=True,
    metavar="FILE",
    help="Configuration file (pyproject.toml or an ini).",
)
@click.option("-n", "--name", metavar="NAME", help="Section of the ini file, in place of [gitmig] or [alembic].")
@click.option(
    "-x",
    "x_arguments",
    multiple=True,
    metavar="ARG",
    help="Argument for env.py, which reads it by context.get_x_argument().",
)
@click.option("--url", metavar="URL", help="Database URL; wins over GITMIG_URL and the configuration.")
@click.option("--database", metavar="NAME", help="One database by its name: of [tool.gitmig.databases], a bind, a tenant.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more.")
@click.option("--traceback", is_flag=True, help="Show Python's traceback with an error.")
@click.option("--no-color", is_flag=True, help="No colours.")
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version.")
@click.pass_context
def cli(
    ctx: click.Context,
    config_files: tuple[str, ...],
    name: str | None,
    x_arguments: tuple[str, ...],
    url: str | None,
    database: str | None,
    quiet: bool,
    verbose: bool,
    traceback: bool,
    no_color: bool,
) -> None:
    """Migrations for SQLAlchemy that know git: a staged model change becomes a revision in the same commit."""
    state = ctx.ensure_object(State)
    state.config_files = config_files
    state.section = name
    state.x_arguments = x_arguments
    state.url = url
    state.database = database
    state.quiet = quiet
    state.verbose = verbose
    state.traceback = traceback
    if traceback:
        # The child process, in which the user's code fails, prints its own.
        os.environ["GITMIG_TRACEBACK"] = "1"
    state.no_color = no_color


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code.

    0 done or nothing to do, 1 a check found something, 2 usage or configuration, 3 it failed while working.
    A command's function may return its exit code as an int.
    """
    if arguments is None:
        with _short_lived():
            return _main(sys.argv[1:])
    return _main(arguments)


@contextmanager
def _short_lived() -> Iterator[None]:
    """The process is this one command: looking for garbage while SQLAlchemy is imported, and again over all of it at the end, would take
    a fifth of its time. A long run is still cleaned up, at larger steps."""
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.freeze()


def _main(arguments: Sequence[str]) -> int:
    state = State()
    try:
        result = cli.main(
            args=list(arguments),
            prog_name="gitmig",
            obj=state,
            standalone_mode=False,
        )
        sys.stdout.flush()
    except GitmigError as error:
        _trace(state)
        state.err(f"gitmig: {tell(_located(state, error))}")
        return error.exit_code
    except click.ClickException as error:
        _trace(state)
        state.err(f"gitmig: {sentence(error.format_message())}")
        return 2
    except (click.Abort, KeyboardInterrupt):
        _trace(state)
        state.err("gitmig: interrupted.")
        return 3
    except BrokenPipeError:
        # The reader went away (`gitmig history | head`); keep the interpreter's last flush from failing once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 3
    except Exception as error:
        _trace(state)
        state.err(f"gitmig: {sentence(_unexpected(error))}")
        if not state.traceback and not _of_the_machine(error):
            state.err("Run `gitmig --traceback ...` to see where it happened.")
        return 3
    return result if isinstance(result, int) else 0


def _located(state: State, error: GitmigError) -> GitmigError:
    """An unknown revision with where it lives, where it lives on another branch."""
    from gitmig.graph import UnknownRevision

    if not isinstance(error, UnknownRevision):
        return error
    from gitmig.commands.missing import located_name

    try:
        return located_name(state.project(), error)
    except GitmigError:
        # What was wrong first is what is told.
        return error


def tell(error: GitmigError) -> str:
    """The sentence that a person reads: the message, a full stop, the hint."""
    return f"{sentence(error.message)} {error.hint}".rstrip()


def _unexpected(error: Exception) -> str:
    """An OSError is the machine's answer and reads well by itself; anything else is ours and is called so."""
    if isinstance(error, OSError) and _of_the_machine(error):
        where = f"{error.filename}: " if error.filename is not None else ""
        return f"{where}{error.strerror}"
    return f"something went wrong inside: {type(error).__name__}: {error}"


def _of_the_machine(error: Exception) -> bool:
    return isinstance(error, OSError) and bool(error.strerror)


def _trace(state: State) -> None:
    if state.traceback:
        import traceback

        click.echo(state.redacted(traceback.format_exc()), err=True, nl=False)
