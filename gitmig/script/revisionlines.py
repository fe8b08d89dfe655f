"""Revisions as text, in the forms that Alembic's commands print."""

from __future__ import annotations

from collections.abc import Sequence

from gitmig.script.revisionview import RevisionView

BASE = "<base>"


def line(view: RevisionView, *, parents: bool = False, doc: bool = False, tree: bool = True) -> str:
    """One revision on one line: ``down (dependencies) -> id (labels) (head) (current) (branchpoint) (mergepoint), doc``."""
    text = view.revision.id
    if parents:
        depends = f" ({', '.join(view.revision.depends_on)})" if view.revision.depends_on else ""
        text = f"{', '.join(view.revision.down) or BASE}{depends} -> {text}"
    if view.labels:
        text += f" ({', '.join(view.labels)})"
    if view.head:
        text += " (effective head)" if view.effective_head else " (head)"
    if view.current:
        text += " (current)"
    if tree:
        text += " (branchpoint)" * view.branch_point + " (mergepoint)" * view.merge_point
    return f"{text}, {' '.join(view.revision.doc.split())}" if doc else text


def entry(view: RevisionView) -> str:
    """One revision in full, over several lines; ends with an empty one."""
    marks = (
        " (head)" * view.head
        + " (branchpoint)" * view.branch_point
        + " (mergepoint)" * view.merge_point
        + " (current)" * bool(view.current)
    )
    revision = view.revision
    lines = [f"Rev: {revision.id}{marks}"]
    if view.merge_point:
        lines.append(f"Merges: {', '.join(revision.down)}")
    else:
        lines.append(f"Parent: {', '.join(revision.down) or BASE}")
    if revision.depends_on:
        lines.append(f"Also depends on: {', '.join(revision.depends_on)}")
    if view.branch_point:
        lines.append(f"Branches into: {', '.join(view.next)}")
    if view.labels:
        lines.append(f"Branch names: {', '.join(view.labels)}")
    lines += [f"Path: {view.path}", ""]
    lines += [f"    {each}".rstrip() for each in revision.longdoc.splitlines()]
    return "\n".join([*lines, ""])


def listing(views: Sequence[RevisionView], *, verbose: bool, parents: bool = False, doc: bool = False, tree: bool = True) -> str:
    """Several revisions, one a line or in full."""
    return "\n".join(entry(view) if verbose else line(view, parents=parents, doc=doc, tree=tree) for view in views)
