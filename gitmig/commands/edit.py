"""`edit`: revision files in the user's editor."""

from __future__ import annotations

from pathlib import Path

from gitmig.adapters.editor import open_editor
from gitmig.commands.history import CURRENT, current_of
from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.errors import UsageError
from gitmig.graph.names import resolve


def edit(project: Project, name: str) -> tuple[str, ...]:
    """Open the files of the revisions that ``name`` means, one after the other; returns their paths.

    Raises UsageError where it means none, GitmigError where no editor is found or the editor fails.
    """
    revisions = project_revisions(project)
    ids = current_of(project, revisions) if name == CURRENT else resolve(revisions.graph, name)
    if not ids:
        raise UsageError(f"'{name}' means no revision, so there is no file to edit", "`gitmig history` lists the revisions.")
    paths = tuple(str(Path(project.root, revisions.by_id[id].path)) for id in ids)
    for path in paths:
        open_editor(path)
    return paths
