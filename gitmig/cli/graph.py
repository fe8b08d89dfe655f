"""The commands that read the revision graph, and those that write into it without looking at models."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gitmig.cli.output import json_option, revision_or_wrong_option
from gitmig.cli.state import State
from gitmig.script.revisionlines import line, listing

if TYPE_CHECKING:
    from gitmig.commands.newrevision import NewFile

verbose_option = click.option("-v", "--verbose", is_flag=True, help="Show each revision in full.")


@click.command()
@verbose_option
@click.option("--resolve-dependencies", is_flag=True, help="Leave out heads that another revision depends on.")
@click.option(
    "--refs",
    metavar="[PATTERN]",
    is_flag=False,
    flag_value="*",
    help="Of every local and remote branch, read from git: which will fork, which contradict each other.",
)
@json_option
@click.pass_obj
def heads(state: State, verbose: bool, resolve_dependencies: bool, refs: str | None, as_json: bool) -> None:
    """Show the heads: the revisions that nothing follows."""
    if refs is not None:
        _forecast(state, refs, verbose=verbose or state.verbose, as_json=as_json)
        return
    from gitmig.commands.heads import heads as find_heads

    _without_collector()
    found = find_heads(state.project(), resolve_dependencies=resolve_dependencies)
    _without_last_collection()
    if as_json:
        state.json([view.to_json() for view in found])
    elif found:
        state.out(listing(found, verbose=verbose or state.verbose, tree=False))


def _forecast(state: State, pattern: str, *, verbose: bool, as_json: bool) -> None:
    from gitmig.commands.forecast import forecast
    from gitmig.commands.forecasttext import lines

    _without_collector()
    found = forecast(state.project(), None if pattern == "*" else pattern)
    if as_json:
        state.json(found.to_json())
        return
    for each in lines(found, whole=verbose):
        state.out(each)


@click.command()
@verbose_option
@json_option
@click.pass_obj
def branches(state: State, verbose: bool, as_json: bool) -> None:
    """Show the branch points: the revisions that several others follow."""
    from gitmig.commands.branches import branches as find_branches

    found = find_branches(state.project())
    if as_json:
        state.json([view.to_json() for view, _ in found])
        return
    full = verbose or state.verbose
    for view, following in found:
        state.out(listing([view], verbose=full))
        for child in following:
            state.out(f"     -> {line(child, doc=full)}")
        state.out()


@click.command()
@click.option("-r", "--rev-range", metavar="LOWER:UPPER", help="Only that range; either end may be empty or `current`.")
@verbose_option
@click.option("-i", "--indicate-current", is_flag=True, help="Mark where the database is.")
@json_option
@click.pass_obj
def history(state: State, rev_range: str | None, verbose: bool, indicate_current: bool, as_json: bool) -> None:
    """List revisions, newest first."""
    from gitmig.commands.history import history as list_history

    _without_collector()
    if rev_range is not None:
        # Alembic's command line takes `-r=a:b` too.
        rev_range = rev_range.removeprefix("=")
    found = list_history(state.project(), rev_range, indicate_current=indicate_current)
    _without_last_collection()
    if as_json:
        state.json([view.to_json() for view in found.shown])
    elif found.shown:
        state.out(listing(found.shown, verbose=verbose or state.verbose, parents=True, doc=True))
    for row in found.unknown:
        state.say(f"The database is at revision '{row}', which no file here defines.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", callback=revision_or_wrong_option)
@json_option
@click.pass_obj
def show(state: State, revision: str, as_json: bool) -> None:
    """Show revisions in full: any name of a revision, or `current`."""
    from gitmig.commands.show import show as find

    found = find(state.project(), revision)
    if as_json:
        state.json([view.to_json() for view in found])
    elif found:
        state.out(listing(found, verbose=True))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", callback=revision_or_wrong_option)
@click.pass_obj
def edit(state: State, revision: str) -> None:
    """Open revision files in an editor: any name of a revision, or `current`."""
    from gitmig.commands.edit import edit as open_files

    open_files(state.project(), revision)


@click.command()
@click.argument("revisions", nargs=-1, required=True)
@click.option("-m", "--message", metavar="TEXT", help="What the merge revision says.")
@click.option("--branch-label", "branch_labels", multiple=True, metavar="LABEL", help="A branch label for it.")
@click.option("--rev-id", metavar="ID", help="Its id; without, one made from the parents.")
@click.option("--splice", is_flag=True, help="Allow parents that are no heads.")
@json_option
@click.pass_obj
def merge(
    state: State,
    revisions: tuple[str, ...],
    message: str | None,
    branch_labels: tuple[str, ...],
    rev_id: str | None,
    splice: bool,
    as_json: bool,
) -> None:
    """Join revisions with a merge revision: their names, or `heads` for every head."""
    from gitmig.commands.merge import MergeRequest
    from gitmig.commands.merge import merge as write_merge

    project = state.project()
    request = MergeRequest(revisions, message, branch_labels, rev_id, splice)
    made = write_merge(project, request, state.say)
    if as_json:
        state.json(None if made is None else made.to_json())
    elif made is None:
        state.out("There is one head; nothing needs merging.")
    else:
        tell_written(state, made)


def _without_collector() -> None:
    """These commands make thousands of values, print them and end: looking among them for garbage would be a third of the time."""
    gc.disable()


def _without_last_collection() -> None:
    """Nor need Python look through them on its way out."""
    gc.freeze()


def tell_written(state: State, made: NewFile) -> None:
    """Say which file was written, by a path that can be typed here."""
    path = Path(state.project().root, made.path)
    try:
        shown = os.path.relpath(path)
    except ValueError:
        # Another drive.
        shown = str(path)
    state.out(f"Wrote {shown}")
