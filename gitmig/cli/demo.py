"""`gitmig demo`: play the scenes in a throw-away repository."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import click

from gitmig.adapters.shell import hermetic_environment, run_in
from gitmig.commands.demo import Shown, Stage, play
from gitmig.errors import UsageError

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "demo"


@click.command("demo", short_help="Make a throw-away repository and play the scenes in it.")
@click.option("--keep", type=click.Path(path_type=Path), metavar="DIR", help="Make the repository in DIR and leave it there.")
def demo(keep: Path | None) -> None:
    """Make a throw-away repository with a small application and play the scenes in it, each command with its true output."""
    if keep is not None and keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError(f"{keep} exists already and is not empty", "Name a folder that does not exist yet: gitmig demo --keep DIR")
    with tempfile.TemporaryDirectory(prefix="gitmig-demo-") as temporary:
        folder = keep if keep is not None else Path(temporary) / "shop"
        shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        (folder / ".gitignore").write_text("__pycache__/\napp.db\n", "utf-8")
        environment = hermetic_environment()
        for shown in play(Stage(folder, lambda words: run_in(folder, words, environment))):
            _show(shown)
    click.echo()
    click.secho("That was all true output. ", bold=True, nl=False)
    click.echo(f"The repository is in {keep}." if keep is not None else "Keep the repository with: gitmig demo --keep DIR")


def _show(shown: Shown) -> None:
    if shown.kind == "scene":
        click.echo()
        click.secho(f"== {shown.text}", bold=True)
    elif shown.kind == "say":
        click.secho(f"   {shown.text}", italic=True)
    else:
        click.secho(f"$ {shown.text}", fg="green")
        if shown.output.strip():
            click.echo(shown.output.rstrip("\n"))
