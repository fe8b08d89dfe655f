"""`heads`: the revisions that nothing follows."""

from __future__ import annotations

from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.revisionview import RevisionView, views


def heads(project: Project, *, resolve_dependencies: bool = False) -> tuple[RevisionView, ...]:
    """The heads; with ``resolve_dependencies`` without those that another revision depends on.

    Raises RevisionFileError, GraphError, ConfigError.
    """
    revisions = project_revisions(project)
    graph = revisions.graph
    return views(project, revisions, graph.real_heads() if resolve_dependencies else graph.heads())
