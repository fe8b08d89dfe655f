"""`merge`: a revision that joins others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gitmig.adapters.environ import environment
from gitmig.commands.newrevision import NewFile, Placement, RevisionRequest, compose, empty_parts, place, write
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate, project_revisions, require_script_folder
from gitmig.errors import UsageError
from gitmig.graph import RevisionGraph
from gitmig.graph.names import many
from gitmig.runtime.envconfig import EnvConfig
from gitmig.script.header import check_id
from gitmig.script.identity import content_id
from gitmig.script.template import NewRevision


@dataclass(frozen=True, slots=True)
class MergeRequest:
    """What was asked for. ``revisions`` are names of any form; ``id`` None makes one from the parents, so that the same merge
    on two branches is the same file."""

    revisions: tuple[str, ...]
    message: str | None = None
    branch_labels: tuple[str, ...] = ()
    id: str | None = None
    splice: bool = False
    version_path: str | None = None


def merge(project: Project, request: MergeRequest, say: Callable[[str], None]) -> NewFile | None:
    """Write the merge revision; None where the names mean one head only, which needs no merging.

    Raises UsageError where there is nothing to join, or a parent is no head (without ``splice``); GraphError, ConfigError,
    RevisionFileError; GitmigError where the file cannot be written, and then nothing is left.
    """
    revisions = project_revisions(project)
    require_script_folder(project)
    graph = revisions.graph
    if request.id is not None:
        check_id(request.id, "--rev-id")
    parents = tuple(sorted(many(graph, request.revisions)))
    if len(parents) < 2:
        if parents and request.revisions == ("heads",):
            return None
        raise UsageError("a merge joins at least two revisions", "`gitmig merge heads` joins every head.")
    check_parents(graph, parents, splice=request.splice)
    id = request.id or content_id(parents)
    first = place(
        project.tree,
        project.config,
        revisions,
        RevisionRequest(head=parents[0], splice=True, version_path=request.version_path),
        locate(project),
    )
    placement = Placement(parents, request.branch_labels, (), first.folder)
    message = request.message or default_message(parents)
    if project.config.revision_environment:
        from gitmig.commands.environmentrevision import merge_by_environment, runs_environment

        if runs_environment(project):
            made = merge_by_environment(project, placement, id, message, say)
            return None if made is None else write(project, made, say)
    new = NewRevision(id, message, parents, request.branch_labels, parts=empty_parts(project))
    shown = EnvConfig(project.config, environment())
    made = compose(project.tree, project.config, graph, placement, new, script_config=shown, locate=locate(project))
    return write(project, made, say)


def default_message(parents: Sequence[str]) -> str:
    """What a merge revision says where nobody said anything."""
    return f"merge {', '.join(parents[:-1])} and {parents[-1]}"


def check_parents(graph: RevisionGraph, parents: Sequence[str], *, splice: bool) -> None:
    """Raises UsageError for a parent that lies under another, or (without ``splice``) is no head."""
    for parent in parents:
        above = next((other for other in parents if other != parent and parent in graph.ancestors(other)), None)
        if above is not None:
            raise UsageError(f"revision '{parent}' lies under '{above}' already", f"Leave out `{parent}`.")
        if not splice and not graph.is_head(parent):
            raise UsageError(f"revision '{parent}' is not a head", "`--splice` merges it all the same.")
