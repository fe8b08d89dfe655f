"""Revisions of a project as the graph commands show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from gitmig.commands.project import Project
from gitmig.script.load import Revisions
from gitmig.script.revisionview import RevisionView, revision_views

__all__ = ["RevisionView", "views"]


def views(project: Project, revisions: Revisions, ids: Iterable[str], current: Collection[str] | None = None) -> tuple[RevisionView, ...]:
    """``ids`` as values to show, in their order; ``current`` are the database's rows, None if they were not asked for."""
    return revision_views(revisions.graph, revisions.by_id, project.root.as_posix(), ids, current)
