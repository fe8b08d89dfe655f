"""`resolve`: one head out of several."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gitmig.cli.output import json_option
from gitmig.cli.state import State

if TYPE_CHECKING:
    from gitmig.adapters.gitrepo import Repository
    from gitmig.commands.resolve import Plan, Strategy


class Terminal:
    """Asks on the terminal."""

    def __init__(self, state: State) -> None:
        self.interactive = state.interactive()

    def choose(self, question: str, options: Sequence[str]) -> int:
        """The number of the option that was chosen, from 0."""
        click.echo(question, err=True)
        for number, option in enumerate(options, 1):
            click.echo(f"  {number}  {option}", err=True)
        chosen: int = click.prompt("Which", type=click.IntRange(1, len(options)), err=True)
        return chosen - 1

    def confirm(self, question: str) -> bool:
        return click.confirm(question, err=True)


@click.command()
@click.option("--merge", "strategy", flag_value="merge", help="Write a merge revision.")
@click.option("--rebase", "strategy", flag_value="rebase", help="Put the unpublished revisions on top of the others.")
@click.option("-m", "--message", metavar="TEXT", help="What the merge revision says.")
@click.option("--dry-run", is_flag=True, help="Prove and tell, but write nothing.")
@click.option("--print-patch", "as_patch", is_flag=True, help="Print what would change as a patch, and write nothing.")
@click.option("--undo", is_flag=True, help="Take the last one back.")
@click.option("-y", "--yes", "sure", is_flag=True, help="Move revisions that were pushed to a branch that is not published, too.")
@json_option
@click.pass_obj
def resolve(
    state: State,
    strategy: Strategy | None,
    message: str | None,
    dry_run: bool,
    as_patch: bool,
    undo: bool,
    sure: bool,
    as_json: bool,
) -> int:
    """Make one head of several: proves that they agree, then writes a merge revision or moves the unpublished side.

    Exits with 1 where the heads contradict each other.
    """
    from gitmig.adapters.gitrepo import discover
    from gitmig.commands import resolve as command
    from gitmig.commands.resolve import ResolveRequest
    from gitmig.errors import UsageError

    project = state.project()
    if undo:
        if strategy or message or dry_run or as_patch:
            raise UsageError("--undo stands alone", "Leave the other options out.")
        paths = command.undo_last(project)
        state.out(f"Put back as before: {', '.join(paths)}.")
        return 0
    plan = command.plan(project, ResolveRequest(strategy, message, sure), Terminal(state))
    if plan is None:
        if as_json:
            state.json(None)
        elif not as_patch:
            state.out("There is one head; nothing needs resolving.")
        return 0
    if as_json:
        if plan.edits and not dry_run and not as_patch:
            command.apply(project, plan)
        state.json(plan.to_json())
        return 0 if plan.edits else 1
    repository = discover(project.root)
    prefix = repository.prefix(project.root)
    _tell(state, plan, repository, prefix)
    if not plan.edits:
        return 1
    if as_patch:
        for line in command.patch(plan):
            state.out(line)
        return 0
    if not dry_run:
        command.apply(project, plan)
    from gitmig.commands.resolvetext import done

    here = posixpath.normpath(repository.prefix(Path.cwd()) or ".")
    for line in done(plan, here, written=not dry_run):
        state.out(line)
    return 0


def _tell(state: State, plan: Plan, repository: Repository, prefix: str) -> None:
    from gitmig.adapters.gitstory import Stories
    from gitmig.commands.resolvetext import found

    for message in plan.messages:
        state.say(message)
    for line in found(plan.proofs, Stories(repository), lambda path: posixpath.normpath(prefix + path)):
        state.say(line)
    if not plan.edits:
        state.say("")
        state.say("Nothing was changed.")
