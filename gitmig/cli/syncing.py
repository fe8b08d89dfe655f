"""`sync`: a local database follows the checkout."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from gitmig.cli.output import columns, json_option, talk_on_stderr
from gitmig.cli.run import time_options
from gitmig.cli.state import State
from gitmig.errors import UsageError

if TYPE_CHECKING:
    from gitmig.adapters.elsewhere import Whereabouts
    from gitmig.commands.project import Project
    from gitmig.commands.snapshotting import Copies
    from gitmig.commands.sync import Plan


@click.command()
@click.option("--dry-run", is_flag=True, help="Tell what would be done, and do nothing.")
@click.option("-y", "--yes", "sure", is_flag=True, help="Go on where data is lost.")
@click.option("--snapshot", is_flag=True, help="Keep the data: a copy of the database for each branch, restored on the way back.")
@click.option("--snapshots", "listed", is_flag=True, help="List the copies, and do nothing else.")
@click.option("--drop-snapshot", "dropped", metavar="BRANCH", help="Delete the copy for a branch, and do nothing else.")
@click.option("--trust", "trusted", multiple=True, metavar="REVISION", help="Run this revision's code, which another machine wrote.")
@time_options
@json_option
@click.pass_obj
def sync(
    state: State,
    /,
    dry_run: bool,
    sure: bool,
    snapshot: bool,
    listed: bool,
    dropped: str | None,
    trusted: tuple[str, ...],
    as_json: bool,
    **given: Any,
) -> int:
    """Move the local database to this checkout, over revisions that the checkout lacks.

    Their scripts are taken from git, or from the database's history; the database steps back over them, then forward.
    """
    from gitmig.commands import sync as command
    from gitmig.commands.running import RunOptions

    project = state.project()
    if listed or dropped is not None:
        return _copies(state, dropped, as_json)
    with talk_on_stderr(as_json):
        kept = _keep(state, project, dry_run=dry_run) if snapshot else None
        if kept is not None and dry_run and kept.there is not None and kept.changes_hands:
            if as_json:
                state.json(None)
            return 0
        plan = command.plan_of(project, _Asking(state, trusted).may_run)
        if not as_json or not dry_run:
            _show(state, plan)
        if dry_run or not plan.steps:
            if as_json:
                result: dict[str, Any] = {**plan.to_json(), "after": list(plan.place.rows) if not plan.steps else None}
        else:
            if kept is not None and kept.changes_hands and kept.there is None:
                _saved(state, project, kept)
            else:
                _confirm(state, plan, sure)
            outcome = command.apply(project, plan, RunOptions(say=state.say, **given), quiet=state.quiet)
            result = {**plan.to_json(), "after": list(outcome.after)}
            state.say(f"The database is at {', '.join(outcome.after) or 'base'}.")
        if kept is not None and not dry_run:
            from gitmig.commands.snapshotting import settle

            settle(project, kept)
    if as_json:
        state.json(result)
    return 0


def _keep(state: State, project: Project, *, dry_run: bool) -> Copies:
    """Where the database holds another branch's data and there is a copy for this one: it is restored, after a copy of what is there."""
    from gitmig.commands import snapshotting

    copies = snapshotting.look(project)
    if copies.changes_hands and copies.there is not None:
        if dry_run:
            state.say(
                f"The database would be copied for branch {copies.owner}, and the copy for branch {copies.branch} of {copies.there.at} "
                "restored."
            )
        else:
            _saved(state, project, copies)
            restored = snapshotting.restore(project, copies)
            state.say(f"Restored the copy for branch {restored.branch} of {restored.at}.")
    elif copies.changes_hands and dry_run:
        state.say(f"The database would be copied for branch {copies.owner} first.")
    return copies


def _saved(state: State, project: Project, copies: Copies) -> None:
    from gitmig.commands.snapshotting import save

    saved = save(project, copies)
    state.say(f"Copied the database for branch {saved.branch}.")


def _copies(state: State, dropped: str | None, as_json: bool) -> int:
    from gitmig.commands.snapshotting import copies_of

    copies = copies_of(state.project())
    if dropped is not None:
        copies.drop(dropped)
        state.say(f"Deleted the copy for branch {dropped}.")
        return 0
    if as_json:
        state.json([{"branch": each.branch, "rows": list(each.rows), "at": each.at} for each in copies.all()])
        return 0
    for line in columns([(each.branch, ", ".join(each.rows) or "base", each.at) for each in copies.all()]):
        state.out(line)
    return 0


def _show(state: State, plan: Plan) -> None:
    """Where the database is, the way, and what is lost on it: talk, because `--json` is the result."""
    at = ", ".join(plan.place.rows) or "base"
    if not plan.steps:
        state.say(f"Nothing to do: the database is at {at}.")
        return
    state.say(f"The database is at {at}" + (f"; this checkout lacks {', '.join(plan.lacking)}." if plan.lacking else "."))
    if plan.place.skipped:
        state.say(f"Below it {', '.join(plan.place.skipped)} never ran; a rebase probably put it there.")
    rows = [("  back", step.revision, step.doc, "" if step.where is None else f"({step.where.words()})") for step in plan.back]
    rows += [("  forward", step.revision, step.doc, "") for step in plan.forward]
    for line in columns(rows):
        state.say(line)
    for step in plan.steps:
        for words in step.unsure:
            state.say(f"  {step.revision}: what this does to data is not known: {words}")
    if plan.losses:
        state.say(f"Lost with it: {', '.join(map(str, plan.losses))}.")


def _confirm(state: State, plan: Plan, sure: bool) -> None:
    if sure or not plan.losses:
        return
    if not state.interactive():
        raise UsageError(f"this loses data: {', '.join(map(str, plan.losses))}", f"`{_again('--yes')}` goes on all the same.")
    if not click.confirm("Go on, and lose it?", err=True):
        raise UsageError("nothing was changed")


def _again(*more: str) -> str:
    """The command line once more, with ``more``."""
    return shlex.join(["gitmig", *sys.argv[1:], *more])


class _Asking:
    """Shows code that is not this machine's, and asks."""

    def __init__(self, state: State, trusted: Sequence[str]) -> None:
        self._state = state
        self._trusted = frozenset(trusted)

    def may_run(self, strangers: Sequence[Whereabouts]) -> None:
        asked = [each for each in strangers if each.revision not in self._trusted]
        if not asked:
            return
        for each in asked:
            self._state.err(f"--- {each.revision} lives {each.words()}: {each.path}")
            self._state.err((each.source or b"").decode("utf-8", "replace").rstrip("\n"))
            self._state.err("---")
        names = ", ".join(each.revision for each in asked)
        if not self._state.interactive():
            options = [word for each in asked for word in ("--trust", each.revision)]
            raise UsageError(
                f"no local branch or reflog has the code of {names}, and this machine never ran it: it is shown above",
                f"`{_again(*options)}` runs it to step back over it.",
            )
        if not click.confirm(f"Run this code of {names}, with what it imports from its commit, to step back over it?", err=True):
            raise UsageError("nothing was changed")
