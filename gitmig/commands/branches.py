"""`branches`: the revisions that several others follow."""

from __future__ import annotations

from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.revisionview import RevisionView, views


def branches(project: Project) -> tuple[tuple[RevisionView, tuple[RevisionView, ...]], ...]:
    """Every branch point with the revisions that follow it, newest first. Raises RevisionFileError, GraphError, ConfigError."""
    revisions = project_revisions(project)
    graph = revisions.graph
    return tuple(
        (view, views(project, revisions, graph.children(view.revision.id))) for view in views(project, revisions, graph.branch_points())
    )
