"""One revision as it is shown: its header and its place in the graph."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from gitmig.graph import RevisionGraph
from gitmig.revision import Revision


class RevisionView(NamedTuple):
    """A revision and its place in the graph (a tuple: `history` makes thousands).

    ``labels`` are those of the branches that it lies on, ``next`` its children. ``effective_head``: a head that another
    revision depends on. ``current``: a row of the database, None where that was not asked. ``path`` is absolute.
    """

    revision: Revision
    labels: tuple[str, ...]
    next: tuple[str, ...]
    head: bool
    effective_head: bool
    branch_point: bool
    merge_point: bool
    current: bool | None
    path: str

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "revision": self.revision.id,
            "down_revision": list(self.revision.down),
            "depends_on": list(self.revision.depends_on),
            "branch_labels": list(self.labels),
            "next": list(self.next),
            "is_base": not self.revision.down,
            "is_head": self.head,
            "is_effective_head": self.effective_head,
            "is_branch_point": self.branch_point,
            "is_merge_point": self.merge_point,
            "is_current": self.current,
            "path": self.revision.path,
            "doc": self.revision.doc,
            "longdoc": self.revision.longdoc,
        }


def revision_views(
    graph: RevisionGraph, by_id: Mapping[str, Revision], root: str, ids: Iterable[str], current: Collection[str] | None = None
) -> tuple[RevisionView, ...]:
    """``ids`` as values to show, in their order; ``current`` are the database's rows, None if they were not asked for.

    ``root`` is the folder, posix, to which the paths of ``by_id`` are relative.
    """
    front = f"{root.rstrip('/')}/"
    labelled = bool(graph.labels)
    found = []
    for id in ids:
        revision = by_id[id]
        following = graph.children(id)
        found.append(
            RevisionView(
                revision,
                graph.labels_of(id) if labelled else (),
                following,
                not following,
                not following and bool(graph.dependents(id)),
                len(following) > 1,
                len(revision.down) > 1,
                None if current is None else id in current,
                _absolute(front, revision.path),
            )
        )
    return tuple(found)


def _absolute(front: str, path: str) -> str:
    # pathlib would take longer than all the rest of `history` over thousands of revisions.
    return path if path.startswith("/") or path[1:3] in (":/", ":\\") else front + path
