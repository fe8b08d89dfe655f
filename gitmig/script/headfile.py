"""The file that names the heads, a line each: where two branches add revisions, git itself finds that they do not merge."""

from __future__ import annotations

from collections.abc import Iterable

from gitmig.config import Config
from gitmig.ports import Tree
from gitmig.script.load import Locate, Revisions, script_folder

NAME = "heads.txt"


def head_file_path(tree: Tree, config: Config, locate: Locate | None = None) -> str:
    """Where it lies: beside env.py and the template."""
    folder = script_folder(tree, config, locate)
    return f"{folder}/{NAME}" if folder else NAME


def head_file_content(heads: Iterable[str]) -> bytes:
    """What it says of these heads."""
    return "".join(f"{head}\n" for head in sorted(heads)).encode()


def stale_head_file(tree: Tree, config: Config, revisions: Revisions, locate: Locate | None = None) -> str | None:
    """Its path where the configuration wants it and it does not name the heads of ``revisions``; None where all is well.

    The ends of its lines are git's affair.
    """
    if not config.head_file:
        return None
    path = head_file_path(tree, config, locate)
    try:
        found = tree.read(path).replace(b"\r\n", b"\n")
    except FileNotFoundError:
        found = b""
    return None if found == head_file_content(revisions.graph.heads()) else path
