"""`init` and `list-templates`."""

from __future__ import annotations

from pathlib import Path

import click

from gitmig.cli.output import columns, json_option
from gitmig.cli.state import State
from gitmig.commands.init import Initialised
from gitmig.commands.init import init as run_init
from gitmig.commands.list_templates import list_templates as run_list_templates
from gitmig.errors import UsageError, redact
from gitmig.script.modelspec import Candidate


@click.command()
@click.argument("directory", default="migrations", metavar="[DIR]")
@click.option("-t", "--template", default="generic", metavar="NAME", show_default=True, help="Which template (see `list-templates`).")
@click.option("--package", is_flag=True, help="Write __init__.py files into the folders.")
@click.pass_obj
def init(state: State, directory: str, template: str, package: bool) -> None:
    """Make a migrations folder and its configuration; the models are found by reading the source."""
    if len(state.config_files) > 1:
        raise UsageError("init writes one configuration file", "Give -c once.")
    config_file = state.config_files[0] if state.config_files else None
    done = run_init(Path.cwd(), directory, template=template, package=package, config_file=config_file)
    for line in told(done):
        state.out(line)


@click.command("list-templates")
@json_option
@click.pass_obj
def list_templates(state: State, as_json: bool) -> None:
    """List the templates that `init` knows."""
    every = run_list_templates()
    if as_json:
        state.json([{"name": each.name, "summary": each.summary} for each in every])
        return
    for line in columns([(each.name, each.summary) for each in every]):
        state.out(line)
    state.say("A project starts from one by: gitmig init -t NAME")


def told(done: Initialised) -> list[str]:
    """What init did and found, and what to type next."""
    lines = [f"Made {done.settings.script_location}/ with {', '.join(path.rpartition('/')[2] for path in done.written)}."]
    if done.kept is not None:
        lines.append(f"{done.kept.source} stays as it is (script_location = {done.kept.script_location}).")
        return lines
    lines[0] = f"Made {', '.join(done.written)}." if done.written else ""
    lines.append(f"Configuration: {done.config_file}")
    lines += _models_lines(done)
    if done.settings.url is None and done.app is not None:
        lines.append(f"Database: the one of {done.app.spec} ({done.app.path}:{done.app.line})")
    elif done.url is not None:
        hidden = " Set DATABASE_PASSWORD; the password itself is not written down." if done.url.password_hidden else ""
        lines.append(f"Database: {redact(done.settings.url or '')} ({done.url.place}){hidden}")
    else:
        lines.append(f"Database: {done.settings.url} (a guess: the source names none; change `url` in {done.config_file})")
    lines += [f"Left out because it does not parse: {path}" for path in done.broken]
    if done.chosen is not None:
        lines.append('Next: `gitmig install` for the git hooks, or `gitmig revision --autogenerate -m "first"`.')
    return lines


def _models_lines(done: Initialised) -> list[str]:
    if done.chosen is not None:
        return [f"Models: {', '.join(done.settings.models)} ({_where(done.chosen)})"]
    if not done.candidates:
        where = done.config_file
        return [f'Models: none found. Write `models = ["app.models:Base"]` in {where}, or set target_metadata in env.py.']
    ini = not done.config_file.endswith(".toml")
    lines = [f"Models: several bases; write the line of one into {done.config_file}, or of several as one list:"]
    for each in done.candidates:
        line = f"models = {' '.join(each.models)}" if ini else each.line()
        lines.append(f"  {line}    ({_where(each)})")
    return lines


def _where(candidate: Candidate) -> str:
    base = candidate.base
    count = "1 table" if len(base.tables) == 1 else f"{len(base.tables)} tables"
    return f"{count}, {base.path}:{base.line}" if base.path else count
