"""Revisions without a look at the models for which env.py runs all the same (`revision_environment`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict

from gitmig.adapters.newrevision import NewFile, Placement, RevisionRequest
from gitmig.commands.asking import ask
from gitmig.commands.project import Project
from gitmig.runtime.envcapture import env_path


def runs_environment(project: Project) -> bool:
    """Whether the project wants it and has an env.py."""
    return project.config.revision_environment and project.tree.exists(env_path(project.config))


def empty_by_environment(project: Project, request: RevisionRequest, say: Callable[[str], None]) -> NewFile | None:
    """The empty revision as env.py has it, not written yet; None where its process_revision_directives wants none.

    Raises ModelsError where env.py does not run, and what `place` and `compose` raise.
    """
    asked = asdict(request)
    asked["rev_id"] = asked.pop("id")
    return _asked(project, asked, say)


def merge_by_environment(
    project: Project, placement: Placement, id: str, message: str | None, say: Callable[[str], None]
) -> NewFile | None:
    """The merge revision with what env.py gives to the template, not written yet. Raises as `empty_by_environment`."""
    return _asked(
        project,
        {
            "parents": placement.down,
            "folder": placement.folder,
            "branch_labels": placement.labels,
            "rev_id": id,
            "message": message,
        },
        say,
    )


def _asked(project: Project, request: dict[str, object], say: Callable[[str], None]) -> NewFile | None:
    answer = ask(project, "environment_revision", request)
    for message in answer["messages"]:
        say(message)
    file = answer["file"]
    if file is None:
        return None
    down: Sequence[str] = file["down"]
    return NewFile(file["revision"], tuple(down), file["path"], file["source"].encode(project.config.output_encoding))
