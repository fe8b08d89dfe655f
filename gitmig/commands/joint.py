"""Several heads in the index of a commit: proved, and what makes one of them in that very commit."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gitmig.adapters.backup import Edit
from gitmig.adapters.child import Answer, Child
from gitmig.adapters.difference import Comparing, Difference
from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.publication import Published, published
from gitmig.adapters.staging import scratch_index, stage_content
from gitmig.commands.relinking import Nobody, order_of, refuse_published, relinking, sides_of
from gitmig.commands.staged import (
    Proposal,
    SeveralHeads,
    StagedProject,
    autogenerate_request,
    command_in,
    examine,
    in_project,
    locate_for,
    proposal_of,
    refusal,
    revisions_of,
)
from gitmig.errors import CheckFailed


@dataclass(frozen=True, slots=True)
class Joint:
    """What makes one head of ``heads``: ``proposal`` is the merge revision; or ``edits`` move the work of some onto the others, and then
    ``proposal`` is what the models ask for beyond all of it.

    ``waits``: nothing is written now, the next revision joins the heads. ``notes`` are what the proof could not settle, in lines.
    """

    heads: tuple[str, ...]
    proposal: Proposal
    edits: tuple[Edit, ...] = ()
    moved: tuple[str, ...] = ()
    onto: str | None = None
    waits: bool = False
    notes: tuple[str, ...] = ()


class Disagree(CheckFailed):
    """The heads contradict each other, or do the same thing twice; ``proof`` tells where, who and what is proposed, ``steps`` what a
    person types who is committing."""

    def __init__(self, proof: Sequence[str], steps: Sequence[str]) -> None:
        super().__init__("the heads contradict each other")
        self.proof = tuple(proof)
        self.steps = tuple(steps)


def join(project: StagedProject, heads: Sequence[str], next_child: Callable[[], Child], difference: Difference, here: str = "") -> Joint:
    """Prove ``heads`` of the index and do as `merge.heads` says: nobody said means a merge revision, since a hook moves nothing unasked.

    Raises SeveralHeads where a person decides, Disagree where the sides do, CheckFailed for published revisions that would move, and what
    the job "join" raises.
    """
    wanted = project.config.merge.heads
    if wanted == "fail":
        raise _decision(project, heads, "`merge.heads` is fail", here)
    answer = proved(project, heads, next_child(), difference, here)
    result = answer.result
    if wanted == "ask":
        raise _decision(project, heads, "`merge.heads` is ask, and nobody can be asked in a hook", here)
    notes = tuple(_proof(project, result["proofs"])) if result["verdict"] == "unproved" else ()
    proposal = proposal_of(project.prefix, {**result, **result["file"]}, answer.watch)
    if wanted == "rebase":
        return _moved(project, tuple(heads), proposal, notes, next_child)
    waits = project.config.merge.finish == "later" and result["verdict"] == "independent" and not proposal.changes
    return Joint(tuple(heads), proposal, waits=waits, notes=notes)


def proved(project: StagedProject, heads: Sequence[str], child: Child, difference: Difference, here: str = "") -> Answer:
    """The answer of the job "join" about ``heads`` of the index. Raises Disagree where they cannot be joined, and what the job raises."""
    request = {**autogenerate_request(project.root, project.repository), "heads": list(heads)}
    answer = child.ask("join", request, project_root=project.root, repository=project.repository, difference=difference)
    if answer.result["file"] is None:
        raise Disagree(_proof(project, answer.result["proofs"]), _next_steps(project, here))
    return answer


def facts_of(project: StagedProject) -> Published:
    """What of the project's revisions is published."""
    repository = project.repository
    cache = HeaderCache(str(Path(repository.common_dir, "gitmig")))
    return published(repository, project.prefix, project.config, cache, locate_for(project))


def relinks(project: StagedProject, heads: Sequence[str], facts: Published) -> tuple[tuple[Edit, ...], tuple[str, ...], str]:
    """The headers that put the unpublished heads on top of the other, the revisions that move, and what they follow.

    Raises CheckFailed where one of those is published or was pushed.
    """
    revisions = revisions_of(project)
    sides = sides_of(revisions, heads)
    order = order_of(facts, revisions, sides)
    moved = tuple(id for head in order[1:] for id in sides[head])
    refuse_published(facts, revisions, moved, Nobody())
    edits = tuple(
        Edit(posixpath.normpath(project.prefix + each.path), each.before, each.after) for each in relinking(project.tree, revisions, order)
    )
    return edits, moved, order[0]


def _moved(
    project: StagedProject, heads: tuple[str, ...], merged: Proposal, notes: tuple[str, ...], next_child: Callable[[], Child]
) -> Joint:
    edits, moved, onto = relinks(project, heads, facts_of(project))
    with scratch_index(project.repository) as trial:
        for edit in edits:
            assert edit.after is not None
            stage_content(trial, edit.path, edit.after)
        rest = examine(project, next_child(), Comparing(trial).result(), repository=trial)
    return Joint(heads, rest, edits, moved, onto, notes=notes)


def _decision(project: StagedProject, heads: Sequence[str], why: str, here: str) -> SeveralHeads:
    joined = in_project(project, "gitmig resolve --merge", here)
    moved = in_project(project, "gitmig resolve --rebase", here)
    return SeveralHeads(
        f"{refusal(project, heads, here)}, and {why}", f"Join them, then commit again: {joined}\n  or put one side on top: {moved}"
    )


def _proof(project: StagedProject, proofs: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    from gitmig.adapters.gitstory import Stories
    from gitmig.commands.resolvetext import found

    stories = Stories(project.repository)
    lines = list(found(proofs, stories, lambda path: posixpath.normpath(project.prefix + path)))
    return [f"gitmig: {lines[0]}", *lines[1:]]


def _next_steps(project: StagedProject, here: str) -> list[str]:
    repository: Repository = project.repository
    abort = "; or `git merge --abort`" if _merging(repository) else ""
    again = command_in(project, "gitmig resolve --dry-run", here)
    return [
        "",
        "gitmig: nothing was committed, and nothing was changed.",
        f"  Next: do what is proposed, git add, and git commit{abort}. `{again}` proves it again.",
    ]


def _merging(repository: Repository) -> bool:
    from gitmig.adapters.mergehead import other_sides

    return bool(other_sides(repository))
