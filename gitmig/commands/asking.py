"""Asking the child about models: which files it sees, and what of the command line it needs."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitmig.adapters.child import call
from gitmig.adapters.githead import read_head
from gitmig.commands.baseline import Against
from gitmig.commands.project import Project
from gitmig.errors import UsageError


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words: whether it is purely additive, why not, and what it does to data."""

    summary: str
    safe: bool
    reason: str = ""
    effect: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"summary": self.summary, "safe": self.safe, "reason": self.reason, "effect": self.effect}


def ask(
    project: Project,
    job: str,
    request: Mapping[str, Any],
    *,
    staged: bool = False,
    commit: str | None = None,
    against: Against = "replay",
    seconds: float | None = None,
) -> dict[str, Any]:
    """Run a job over the project: its work tree, its index (``staged``) or a ``commit`` (its id); ``seconds`` is how long it may take.

    Raises what the job raises; UsageError where the index is to be compared with a database, which knows nothing of it.
    """
    if staged and against != "replay":
        raise UsageError(
            f"--staged compares the index, and `--against {against}` runs the files of the work tree", "Leave one of the two out."
        )
    tree: dict[str, Any] = {"kind": "worktree"}
    if staged:
        tree = {"kind": "index"}
    elif commit is not None:
        tree = {"kind": "commit", "oid": commit}
    whole = {**project_options(project), **request, "against": against}
    return call(job, whole, project_root=project.root, tree_spec=tree, allow_database=against != "replay", seconds=seconds)


def project_options(project: Project) -> dict[str, Any]:
    """The global options as the child takes them: files relative to the root."""
    options = project.options
    here = options.cwd or Path.cwd()
    head = read_head(project.root)
    return {
        "config_files": [os.path.relpath(here / file, project.root) for file in options.config_files],
        "section": options.section,
        "url": options.url,
        "database": options.database,
        "x_arguments": list(options.x_arguments),
        "cache_dir": None if head is None else str(head.common_dir / "gitmig"),
    }


def changes_of(answer: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes of an answer."""
    return tuple(Change(each["summary"], each["safe"], each["reason"], each["effect"]) for each in answer["changes"])
