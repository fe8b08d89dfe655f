"""The commands that look at models: revision, diff, check."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, cast

import click

from gitmig.cli.graph import tell_written
from gitmig.cli.output import json_option
from gitmig.cli.state import State

if TYPE_CHECKING:
    from gitmig.commands.asking import Change
    from gitmig.commands.baseline import Against
    from gitmig.commands.checkcommits import Consent

against_option = click.option(
    "--against",
    type=click.Choice(["replay", "scratch", "database"]),
    default="replay",
    show_default=True,
    help="What the models are compared with: the revisions replayed without a database, run on a throw-away one, or the database as it is.",
)
staged_option = click.option("--staged", is_flag=True, help="Look at the index instead of the work tree.")


@click.command()
@click.option("-m", "--message", metavar="TEXT", help="What the revision is for.")
@click.option("--autogenerate", is_flag=True, help="Write what the models ask for.")
@click.option("--sql", is_flag=True, help="Run env.py in offline mode (with `revision_environment`).")
@click.option("--head", default="head", metavar="REVISION", help="The revision that it follows; `base` starts a new root.")
@click.option("--splice", is_flag=True, help="Allow a parent that is no head.")
@click.option("--branch-label", "branch_labels", multiple=True, metavar="LABEL", help="A branch label for it.")
@click.option("--version-path", metavar="FOLDER", help="Which of several version locations gets the file.")
@click.option("--rev-id", metavar="ID", help="Its id; without, one made from what it does (or a random one).")
@click.option("--depends-on", multiple=True, metavar="REVISION", help="A revision that must be applied before it.")
@against_option
@staged_option
@json_option
@click.pass_obj
def revision(
    state: State,
    message: str | None,
    autogenerate: bool,
    sql: bool,
    head: str,
    splice: bool,
    branch_labels: tuple[str, ...],
    version_path: str | None,
    rev_id: str | None,
    depends_on: tuple[str, ...],
    against: str,
    staged: bool,
    as_json: bool,
) -> None:
    """Make a new revision file."""
    from gitmig.commands.newrevision import RevisionRequest, new_revision
    from gitmig.errors import UsageError

    project = state.project()
    request = RevisionRequest(message, head, splice, branch_labels, version_path, rev_id, depends_on)
    if not autogenerate:
        if staged or against != "replay":
            raise UsageError("--staged and --against say what the models are compared with", "Add --autogenerate, or leave them out.")
        if sql and not project.config.revision_environment:
            raise UsageError("--sql is for env.py, which a plain revision does not run", "Leave it out, or set `revision_environment`.")
        made = new_revision(project, request, state.say)
        if as_json:
            state.json(None if made is None else made.to_json())
        elif made is None:
            state.out("Nothing written: env.py's process_revision_directives left no revision.")
        else:
            tell_written(state, made)
        return
    if sql:
        raise UsageError("Using --sql with --autogenerate does not make any sense", "`gitmig diff --sql` prints the statements.")
    from gitmig.commands.revision import autogenerate as generate

    generated = generate(project, request, state.say, against=_against(against), staged=staged)
    if as_json:
        state.json(generated.to_json())
        return
    _tell(state, generated.messages)
    if generated.file is None:
        state.out("Nothing to do: the revisions make what the models say.")
        return
    for line in change_lines(generated.changes):
        state.out(line)
    tell_written(state, generated.file)


@click.command()
@click.argument("between", metavar="[REV..REV]", required=False)
@against_option
@staged_option
@click.option("--ops", "form", flag_value="ops", help="Show the operations as a revision would say them.")
@click.option("--sql", "form", flag_value="sql", help="Show the statements.")
@json_option
@click.pass_obj
def diff(state: State, between: str | None, against: str, staged: bool, form: str | None, as_json: bool) -> int:
    """Show how the models differ from the revisions; with REV..REV, from those of another commit. Exits with 1 if they do."""
    from gitmig.commands.diff import diff as compare
    from gitmig.commands.diff import diff_commits
    from gitmig.errors import UsageError

    wanted = cast('Literal["table", "ops", "sql"]', form or "table")
    if between is None:
        found = compare(state.project(), form=wanted, against=_against(against), staged=staged)
    elif staged or against != "replay":
        raise UsageError("REV..REV compares two commits", "Leave out --staged and --against.")
    else:
        found = diff_commits(state.project(), between, form=wanted)
    if as_json:
        state.json(found.to_json())
        return 1 if found.changes else 0
    _tell(state, found.messages)
    if not found.changes:
        state.out("No differences.")
        return 0
    if form is None:
        _table(state, found.changes)
    for name, lines in found.lines.items():
        if len(found.lines) > 1:
            state.out(f"-- {name}")
        for line in lines:
            state.out(line)
    return 1


@click.command()
@click.argument("between", metavar="[A..B]", required=False)
@against_option
@staged_option
@click.option("--merge-with", metavar="REF", help="As if REF were merged into HEAD; nothing is checked out.")
@click.option("--yes", is_flag=True, help="Code that no local branch ever had may be run.")
@json_option
@click.pass_obj
def check(state: State, between: str | None, against: str, staged: bool, merge_with: str | None, yes: bool, as_json: bool) -> int:
    """Check that models, revisions and graph agree. Exits with 1 if they do not.

    With A..B, the models and revisions at commit B, and the published revisions that the commits from A on edit.
    """
    from gitmig.errors import UsageError

    if between is None and merge_with is None:
        from gitmig.commands.check import check as look
        from gitmig.commands.checktext import here_lines

        found = look(state.project(), against=_against(against), staged=staged)
        if as_json:
            state.json(found.to_json())
            return 0 if found.clean else 1
        _tell(state, found.messages)
        if found.heads:
            state.out(f"Several heads: {', '.join(found.heads)}. Join them with `gitmig resolve`.")
        for line in here_lines(found):
            state.out(line)
        if found.stale_head_file is not None:
            state.out(f"{found.stale_head_file} does not name the heads; the next commit of a model or a revision corrects it.")
        _tell_changes(state, found.changes)
        return 0 if found.clean else 1
    if staged or against != "replay" or (between is not None and merge_with is not None):
        raise UsageError(
            "a commit is compared by replay, and one at a time", "Leave out --staged and --against, and either A..B or --merge-with."
        )
    consent = _consent(state, yes)
    if between is not None:
        from gitmig.commands.checkcommits import check_range
        from gitmig.commands.checktext import range_lines

        told = check_range(state.project(), between, consent)
        if as_json:
            state.json(told.to_json())
        else:
            _tell(state, told.messages)
            for line in range_lines(told):
                state.out(line)
            _tell_changes(state, told.changes)
        return 0 if told.clean else 1
    assert merge_with is not None
    return _check_merge(state, merge_with, consent, as_json=as_json)


def _check_merge(state: State, ref: str, consent: Consent, *, as_json: bool) -> int:
    from gitmig.adapters.gitrepo import discover
    from gitmig.adapters.gitstory import Stories
    from gitmig.commands.checkcommits import check_merge
    from gitmig.commands.checktext import merge_lines

    project = state.project()
    found = check_merge(project, ref, consent)
    if as_json:
        state.json(found.to_json())
        return 0 if found.clean else 1
    _tell(state, found.messages)
    repository = discover(project.root)
    prefix = repository.prefix(project.root)
    for line in merge_lines(found, Stories(repository), lambda path: prefix + path):
        state.out(line)
    if found.changes or (found.clean and not found.messages):
        _tell_changes(state, found.changes)
    return 0 if found.clean else 1


def _consent(state: State, yes: bool) -> Consent:
    def consent(name: str, files: Sequence[str]) -> bool:
        if yes or not state.interactive():
            return yes
        state.say(f"{name} holds code that no local branch ever had:")
        for path in files:
            state.say(f"  {path}")
        return click.confirm("Comparing the models runs it. Run it?", err=True)

    return consent


def _tell_changes(state: State, changes: Sequence[Change]) -> None:
    if not changes:
        state.out("No new upgrade operations detected.")
        return
    state.out(f"New upgrade operations detected: {len(changes)}")
    for line in change_lines(changes):
        state.out(line)
    state.out("Write them with `gitmig revision --autogenerate`.")


def change_lines(changes: Sequence[Change]) -> list[str]:
    """One line a change, and under it what it does to data."""
    lines = []
    for change in changes:
        lines.append(f"  {change.summary}")
        if change.effect:
            lines.append(f"      {change.effect}")
    return lines


def _table(state: State, changes: Sequence[Change]) -> None:
    """A table on a terminal, columns of text elsewhere."""
    from gitmig.cli.output import columns

    rows = [(change.summary, "additive" if change.safe else "look at it", change.effect) for change in changes]
    if not _is_terminal(state):
        for line in columns([("CHANGE", "KIND", "EFFECT ON DATA"), *rows]):
            state.out(line)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("change", "kind", "effect on data")
    for summary, kind, effect in rows:
        table.add_row(summary, f"[green]{kind}[/]" if kind == "additive" else f"[yellow]{kind}[/]", effect)
    if not state.quiet:
        Console(no_color=state.color() is False).print(table)


def _is_terminal(state: State) -> bool:
    import sys

    return sys.stdout.isatty()


def _tell(state: State, messages: Sequence[str]) -> None:
    for message in messages:
        state.say(message)


def _against(word: str) -> Against:
    return cast("Against", word)
