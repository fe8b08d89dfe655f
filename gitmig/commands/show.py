"""`show`: revisions in full."""

from __future__ import annotations

from gitmig.commands.history import CURRENT, current_of
from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.revisionview import RevisionView, views
from gitmig.graph.names import resolve


def show(project: Project, name: str) -> tuple[RevisionView, ...]:
    """The revisions that ``name`` means (none for ``base``); ``current`` asks the database.

    Raises RevisionFileError, GraphError, ConfigError, DatabaseError.
    """
    revisions = project_revisions(project)
    ids = current_of(project, revisions) if name == CURRENT else resolve(revisions.graph, name)
    return views(project, revisions, ids)
