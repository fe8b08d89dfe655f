"""`status`: one screen."""

from __future__ import annotations

import click

from gitmig.cli.output import json_option
from gitmig.cli.state import State


@click.command()
@click.option("--all", "everything", is_flag=True, help="Ask the other databases and the tenants too.")
@click.option("-v", "--verbose", is_flag=True, help="Leave nothing out.")
@json_option
@click.pass_obj
def status(state: State, everything: bool, verbose: bool, as_json: bool) -> None:
    """Show branch, heads, databases, models and forks on one screen, and what to type next. Changes nothing."""
    from gitmig.commands.status import projects
    from gitmig.commands.status import status as look
    from gitmig.commands.statustext import lines

    found = [look(project, everything=everything) for project in projects(state.options())]
    if as_json:
        state.json(found[0].to_json() if len(found) == 1 else [each.to_json() for each in found])
        return
    for place, each in enumerate(found):
        if place:
            state.out()
        for about, text in lines(each, whole=verbose or state.verbose):
            state.out(f"{click.style(about.ljust(10), bold=True)} {state.redacted(text)}")
