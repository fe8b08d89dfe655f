"""`gitmig install`, `gitmig uninstall`, and `gitmig hook`, which the hooks call."""

from __future__ import annotations

import click

from gitmig.adapters.hookfiles import HOOKS
from gitmig.cli.state import State


@click.command()
@click.option("--pre-commit", "pre_commit", is_flag=True, help="Write .pre-commit-config.yaml in place of git's own hooks.")
@click.option("--chain", is_flag=True, help="Put gitmig's hook around one that another tool manages.")
@click.option("--hooks-path", is_flag=True, help="Write into the folder that core.hooksPath names.")
@click.pass_obj
def install(state: State, pre_commit: bool, chain: bool, hooks_path: bool) -> None:
    """Install the git hooks.

    A hook that is there already is kept and runs first. `gitmig uninstall` takes everything back.
    """
    from gitmig.adapters.gitrepo import discover
    from gitmig.commands import install as command

    repository = discover()
    _show(
        state,
        command.install_precommit(repository) if pre_commit else command.install(repository, chain=chain, hooks_path=hooks_path),
    )


@click.command()
@click.option("--pre-commit", "pre_commit", is_flag=True, help="Take the entry out of .pre-commit-config.yaml.")
@click.pass_obj
def uninstall(state: State, pre_commit: bool) -> None:
    """Remove the git hooks; hooks that were there before are back in their place."""
    from gitmig.adapters.gitrepo import discover
    from gitmig.commands import install as command

    repository = discover()
    _show(state, command.uninstall_precommit(repository) if pre_commit else command.uninstall(repository))


@click.command()
@click.argument("name", type=click.Choice([each.name for each in HOOKS]))
@click.argument("arguments", nargs=-1)
def hook(name: str, arguments: tuple[str, ...]) -> int:
    """What the git hooks call."""
    from gitmig.cli.githook import run

    return run(name, arguments)


def _show(state: State, done: object) -> None:
    from gitmig.commands.install import Done

    assert isinstance(done, Done)
    for line in done.lines:
        state.out(line)
    if done.next_step:
        state.say(f"Next: {done.next_step}")
