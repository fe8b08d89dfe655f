"""The commands that connect to the database: upgrade, downgrade, current, stamp, ensure-version, wait."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import click

from gitmig.cli.output import columns, json_option, revision_or_wrong_option, talk_on_stderr
from gitmig.cli.several import over_databases
from gitmig.cli.state import State
from gitmig.config.durations import FORMS, seconds
from gitmig.errors import redact, sentence

if TYPE_CHECKING:
    from gitmig.commands.running import RunOptions
    from gitmig.runtime.settings import Outcome

    _Type = click.ParamType[float]
else:
    _Type = click.ParamType

F = TypeVar("F", bound=Callable[..., object])


class Duration(_Type):
    """Seconds, or a number with its unit."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        length = seconds(str(value))
        if length is None:
            self.fail(f"{value!r} is no length of time: it is {FORMS}", param, ctx)
        return length


def time_options(function: F) -> F:
    """``--wait``, ``--lock-timeout`` and ``--statement-timeout``, each in seconds or None."""
    for name, text in (
        ("--statement-timeout", "How long a statement may take (PostgreSQL, MariaDB; default: the server's)."),
        ("--lock-timeout", "How long a statement waits for a lock (PostgreSQL, MariaDB; default: the server's)."),
        ("--wait", "How long to wait for another run to finish (default 300)."),
    ):
        function = click.option(name, type=Duration(), metavar="SECONDS", help=text)(function)
    return function


sql_option = click.option("--sql", is_flag=True, help="Print the SQL instead of running it.")
tag_option = click.option("--tag", metavar="TEXT", help="A text for env.py, which reads it by context.get_tag_argument().")
single_option = click.option("--single-transaction", is_flag=True, help="One transaction for the whole run.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", default="heads", callback=revision_or_wrong_option)
@sql_option
@tag_option
@time_options
@single_option
@click.option("--dry-run", is_flag=True, help="Print what would run now, with its SQL; change nothing.")
@click.option("--run-skipped", is_flag=True, help="Also run revisions that a rebase put under applied ones.")
@json_option
@click.pass_obj
@over_databases("upgrade")
def upgrade(
    state: State, /, revision: str, sql: bool, single_transaction: bool, dry_run: bool, run_skipped: bool, as_json: bool, **given: Any
) -> None:
    """Upgrade the database to REVISION: any name, `+1`, several heads by `heads` (the default); with --sql also a range FROM:TO."""
    from gitmig.commands.upgrade import upgrade as run

    if dry_run and not sql:
        _dry_run(state, revision, as_json, given["tag"])
        return
    with _options(state, as_json, sql=sql, single_transaction=single_transaction, run_skipped=run_skipped, **given) as options:
        outcome = run(state.project(), revision, options)
    _tell(state, outcome, sql, as_json)


def _dry_run(state: State, revision: str, as_json: bool, tag: str | None) -> None:
    """The plan and its SQL, the plan as SQL comments: what is printed can be given to a database."""
    from gitmig.commands.upgrade import planned, print_planned

    written = io.StringIO() if as_json else None
    with _options(state, as_json, tag=tag, output=written) as options:
        plan = planned(state.project(), revision)
        if not as_json and plan.revisions:
            count = f"{len(plan.revisions)} revision{'s' * (len(plan.revisions) > 1)}"
            state.out(f"-- The database is at {', '.join(plan.before) or 'base'}; {count} would run:")
            for line in columns([("--", each.id, each.path, " ".join(each.doc.split())) for each in plan.revisions]):
                state.out(line)
            state.out()
        if plan.revisions:
            print_planned(state.project(), plan, options)
    if written is not None:
        state.json({**plan.to_json(), "sql": written.getvalue()})
    elif not plan.revisions:
        state.say(f"Nothing to do: the database is at {', '.join(plan.before) or 'base'}.")


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("revision", callback=revision_or_wrong_option)
@sql_option
@tag_option
@time_options
@single_option
@json_option
@click.pass_obj
@over_databases("downgrade")
def downgrade(state: State, /, revision: str, sql: bool, single_transaction: bool, as_json: bool, **given: Any) -> None:
    """Step back to REVISION: any name, `-1`, or `base` for an empty database; with --sql a range FROM:TO."""
    from gitmig.commands.downgrade import downgrade as run

    with _options(state, as_json, sql=sql, single_transaction=single_transaction, **given) as options:
        outcome = run(state.project(), revision, options)
    _tell(state, outcome, sql, as_json)


@click.command()
@click.option("-v", "--verbose", is_flag=True, help="Show each revision in full.")
@click.option("-c", "--check-heads", is_flag=True, help="Exit with 1 unless the database is at every head.")
@json_option
@click.pass_obj
@over_databases("current")
def current(state: State, verbose: bool, check_heads: bool, as_json: bool) -> int:
    """Show where the database is."""
    from gitmig.commands.current import current as ask
    from gitmig.script.revisionlines import listing

    with talk_on_stderr(as_json):
        place = ask(state.project())
    full = verbose or state.verbose
    if as_json:
        state.json({**place.to_json(), "database": redact(place.database)})
    else:
        if full:
            state.out(f"Current revision(s) for {redact(place.database)}:")
        if place.current:
            state.out(listing(place.current, verbose=full, tree=False))
        for each in place.elsewhere:
            state.out(f"{each.revision} (no file here defines it; it lives {each.words()})")
    if check_heads and not place.at_heads:
        reason, hint = place.complaint()
        state.err(f"gitmig: {sentence(reason)} {hint}")
        return 1
    return 0


@click.command("wait")
@click.option("--timeout", type=Duration(), default="300", metavar="SECONDS", help="How long to wait (default 300); 0 asks once.")
@click.option("--interval", type=Duration(), default="1", metavar="SECONDS", help="Time between two questions (default 1).")
@json_option
@click.pass_obj
def wait(state: State, timeout: float, interval: float, as_json: bool) -> int:
    """Wait until the database is at every head of this checkout: for readiness probes, while another replica upgrades."""
    from gitmig.commands.wait import wait as ask

    with talk_on_stderr(as_json):
        waited = ask(state.project(), state.say, timeout=timeout, interval=interval)
    if as_json:
        found = waited.to_json()
        state.json({**found, "database": None if found["database"] is None else redact(found["database"])})
    if waited.ready:
        if not as_json:
            rows = () if waited.place is None else waited.place.rows
            state.say(f"Ready: the database is at {', '.join(rows) or 'base'}.")
        return 0
    state.err(f"gitmig: not ready after {waited.seconds:.0f} seconds: {sentence(waited.reason)} {waited.hint}".rstrip())
    return 3


@click.command()
@click.argument("revisions", nargs=-1, required=True)
@sql_option
@tag_option
@time_options
@click.option("--purge", is_flag=True, help="Delete every row of the version table first.")
@json_option
@click.pass_obj
@over_databases("stamp")
def stamp(state: State, /, revisions: tuple[str, ...], sql: bool, purge: bool, as_json: bool, **given: Any) -> None:
    """Set the database's revision to REVISIONS without running anything."""
    from gitmig.commands.stamp import stamp as run

    with _options(state, as_json, sql=sql, **given) as options:
        outcome = run(state.project(), revisions, purge=purge, options=options)
    _tell(state, outcome, sql, as_json)


@click.command("ensure-version")
@sql_option
@time_options
@click.pass_obj
@over_databases("ensure-version")
def ensure_version(state: State, /, **given: Any) -> None:
    """Create the version table if it is not there."""
    from gitmig.commands.ensure_version import ensure_version as run

    with _options(state, False, **given) as options:
        run(state.project(), options)


@contextmanager
def _options(state: State, as_json: bool, **given: Any) -> Iterator[RunOptions]:
    """How the command runs, and while it does: a bar where a person looks on, and stdout kept for JSON where that is asked for."""
    from gitmig.commands.running import RunOptions

    with talk_on_stderr(as_json), ExitStack() as stack:
        told = None
        if state.shows_bar() and not given.get("sql"):
            from gitmig.cli.progress import bar

            told = stack.enter_context(bar(state.say, no_color=state.color() is False))
        yield RunOptions(say=state.say, told=told, **given)


def _tell(state: State, outcome: Outcome, sql: bool, as_json: bool) -> None:
    """What became of it, once it is over; each step was told as it came."""
    if sql:
        return
    if as_json:
        state.json(_to_json(outcome))
    elif not outcome.done:
        at = ", ".join(outcome.after) or "base"
        state.say(f"Nothing to do: the database is at {at}.")


def _to_json(outcome: Outcome) -> dict[str, Any]:
    steps = [
        {"revision": done.revision, "direction": done.direction, "seconds": round(done.seconds, 6), "ran": done.ran}
        for done in outcome.done
    ]
    return {"before": list(outcome.before), "after": list(outcome.after), "steps": steps}
