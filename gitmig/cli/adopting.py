"""The commands that begin with what is there: adopt an Alembic project, baseline a database without a history."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gitmig.cli.autogen import change_lines
from gitmig.cli.graph import tell_written
from gitmig.cli.output import json_option
from gitmig.cli.state import State

if TYPE_CHECKING:
    from gitmig.commands.adopt import Adopted


@click.command()
@click.option("-m", "--message", default="baseline", metavar="TEXT", show_default=True, help="What the revision says.")
@click.option("--rev-id", metavar="ID", help="Its id; without, one made from what it does.")
@json_option
@click.pass_obj
def baseline(state: State, message: str, rev_id: str | None, as_json: bool) -> int:
    """Write the first revision of a database that exists already and stamp it; exits with 1 if the models make another schema."""
    from gitmig.commands.baselining import baseline as begin
    from gitmig.commands.newrevision import RevisionRequest

    done = begin(state.project(), RevisionRequest(message, id=rev_id), state.say)
    for text in done.messages:
        state.say(text)
    if as_json:
        state.json(done.to_json())
    elif done.file is None:
        names = ", ".join(each.database for each in done.databases)
        what = f"The database {names} is" if len(done.databases) == 1 else f"Of the databases {names}, some are"
        state.out(f"{what} not what the models make. To become that, it would have to:")
        for line in change_lines(done.changes):
            state.out(line)
        state.say("Nothing was written. Correct the models or the database, then run `gitmig baseline` again.")
    else:
        tell_written(state, done.file)
        for each in done.databases:
            tables = "1 table" if each.tables == 1 else f"{each.tables} tables"
            state.out(f"The database {each.database} ({tables}) is what it makes, and is stamped with {done.file.id}.")
    return 0 if done.file is not None else 1


@click.command()
@click.option("--dry-run", is_flag=True, help="Compare and show what would be written; write nothing.")
@json_option
@click.pass_obj
def adopt(state: State, dry_run: bool, as_json: bool) -> int:
    """Turn an Alembic project over: check that both tools agree and write gitmig's configuration beside Alembic's. Exits with 1 if they
    do not agree; then nothing is written. No revision file is ever changed."""
    from gitmig.commands.adopt import adopt as turn_over

    done = turn_over(state.project(), dry_run=dry_run)
    if as_json:
        state.json(done.to_json())
        return 0 if done.agreed else 1
    if done.already is not None:
        state.out(f"Nothing to do: {done.already} is beside Alembic's configuration already.")
        return 0
    for line in _told(done):
        state.out(line)
    if not done.agreed:
        state.say("Nothing was written. See above what has to be put right first.")
        return 1
    if dry_run:
        state.out("This would be written; no revision file changes:")
        state.out(done.text.rstrip("\n"))
    else:
        state.out(f"Wrote {done.written}; no revision file was changed. Alembic goes on working on the same files and the same database.")
        state.say("Next: `gitmig install` for the git hooks, `gitmig upgrade` in place of `alembic upgrade heads`.")
    return 0


def _told(done: Adopted) -> list[str]:
    """What was looked at, then what was found, what stands in the way first."""
    lines = []
    if done.revisions or not done.found:
        who = f"Alembic {done.alembic} and gitmig read" if done.alembic and done.agreed else "gitmig reads"
        heads = ", ".join(done.heads) or "none"
        count = "1 revision" if done.revisions == 1 else f"{done.revisions} revisions"
        lines.append(f"{who} {count}; {'heads' if len(done.heads) > 1 else 'head'}: {heads}.")
    if done.schema is not None:
        lines.append(f"Both make the same schema ({done.schema}, each on a scratch database that is gone again).")
    for title, blocks in (("In the way:", True), ("Found:", False)):
        some = [each for each in done.found if each.blocks is blocks]
        if some:
            lines.append(title)
            lines += [f"  {each.where}: {each.text}" if each.where else f"  {each.text}" for each in some]
    return lines
