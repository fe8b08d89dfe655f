"""Commands over several databases: each in a child process, and a table of what became of them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import click

from gitmig.cli.output import columns
from gitmig.cli.state import State
from gitmig.config import may_be_several
from gitmig.errors import UsageError, redact

if TYPE_CHECKING:
    from gitmig.commands.several import Each

_PASSED = ("tag", "wait", "lock_timeout", "statement_timeout", "single_transaction", "run_skipped")


def over_databases(command: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Below ``@click.pass_obj``: where the project has several databases and none is chosen, ``command`` is done on each; else the
    decorated function runs. Adds ``--jobs``."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def call(state: State, /, jobs: int | None, **given: Any) -> Any:
            if not may_be_several(state.project().config) or jobs == 0:
                return function(state, **given)
            from gitmig.commands.several import databases_of

            names = databases_of(state.project())
            if names is None or (given.get("sql") and state.project().config.engines):
                return function(state, **given)
            return _on_each(state, command, names, jobs, given)

        text = "How many databases to work on at once (default: `jobs`, 4); 0: env.py does them all in this process."
        return click.option("--jobs", type=click.IntRange(min=0), metavar="N", help=text)(call)

    return decorate


def _on_each(state: State, command: str, names: tuple[str, ...], jobs: int | None, given: Mapping[str, Any]) -> int:
    from gitmig.commands.several import on_each

    for option in ("sql", "dry_run"):
        if given.get(option):
            word = option.replace("_", "-")
            raise UsageError(f"--{word} is for one database, and there are {len(names)}", "Choose it: `gitmig --database NAME ...`.")
    if not names:
        state.say("Nothing to do: there are no tenants.")
        if given.get("as_json"):
            state.json({"databases": [], "failed": []})
        return 0
    request = {
        "command": command,
        "target": list(given["revisions"]) if "revisions" in given else given.get("revision"),
        "purge": given.get("purge", False),
        "options": {name: given[name] for name in _PASSED if given.get(name) is not None},
        "quiet": state.quiet,
    }

    def finished(each: Each) -> None:
        if each.error is not None:
            state.err(f"gitmig: [{each.name}] {each.error.message}. {each.error.hint}".rstrip())

    results = on_each(state.project(), names, request, state.project().config.jobs if jobs is None else jobs, finished)
    failed = [each.name for each in results if each.error is not None]
    if given.get("as_json"):
        state.json({"databases": [each.to_json() for each in results], "failed": failed})
    else:
        for line in columns([("DATABASE", "RESULT", "AT", ""), *map(_row, results)]):
            state.out(line)
    if failed:
        state.err(f"gitmig: {len(failed)} of {len(results)} databases failed: {', '.join(failed)}.")
        return 3
    behind = [each.name for each in results if each.answer is not None and not each.answer.get("at_heads", True)]
    if given.get("check_heads") and behind:
        state.err(f"gitmig: not at all heads: {', '.join(behind)}. `gitmig upgrade` brings them there.")
        return 1
    return 0


def _row(each: Each) -> tuple[str, str, str, str]:
    if each.answer is None:
        return (each.name, "failed", "", redact(each.error.message) if each.error is not None else "")
    answer = each.answer
    if "rows" in answer:
        return (each.name, "at the heads" if answer["at_heads"] else "not at the heads", ", ".join(answer["rows"]) or "base", "")
    if "steps" not in answer:
        return (each.name, "done", "", "")
    count = len(answer["steps"])
    revisions = "" if not count else "1 revision" if count == 1 else f"{count} revisions"
    return (each.name, "done" if count else "nothing to do", ", ".join(answer["after"]) or "base", revisions)
