"""Putting the unpublished work of one head on top of another: in which order, whether that may be, and which headers change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from gitmig.adapters.publication import Published
from gitmig.errors import CheckFailed, UsageError
from gitmig.merging.relink import own, relinked
from gitmig.ports import Prompter, Tree
from gitmig.script.edit import edit_header
from gitmig.script.load import Revisions

MERGE_INSTEAD = "`gitmig resolve --merge` joins the heads without moving anything."


@dataclass(frozen=True, slots=True)
class Relinked:
    """One header that changes; ``path`` is from the project's root, ``parents`` are the new ones."""

    path: str
    parents: tuple[str, ...]
    before: bytes
    after: bytes


class Nobody:
    """A Prompter where no person can answer."""

    interactive = False

    def choose(self, question: str, options: Sequence[str]) -> int:
        raise UsageError(f"nobody can answer here: {question}")

    def confirm(self, question: str) -> bool:
        raise UsageError(f"nobody can answer here: {question}")


def sides_of(revisions: Revisions, heads: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """What each of ``heads`` has alone, newest first."""
    return {head: own(revisions.graph, head, [each for each in heads if each != head]) for head in heads}


def order_of(facts: Published, revisions: Revisions, sides: Mapping[str, Sequence[str]]) -> list[str]:
    """The heads from the bottom up after a rebase: a published one first, then pushed ones, then the others; by id where that is equal."""

    def rank(head: str) -> tuple[int, str]:
        ids = sides[head]
        if any(facts.ref_of(revisions.by_id[id]) for id in ids):
            return 0, head
        return (1 if any(id in facts.pushed for id in ids) else 2), head

    return sorted(sides, key=rank)


def refuse_published(facts: Published, revisions: Revisions, moved: Sequence[str], prompter: Prompter, *, sure: bool = False) -> None:
    """Raises CheckFailed where one of ``moved`` is published, or was pushed and nobody says that it may move (``sure``: it may)."""
    for id in moved:
        why = facts.why(revisions.by_id[id])
        if why is not None:
            raise CheckFailed(
                f"revision '{id}' is published ({why}), so it cannot get another parent",
                MERGE_INSTEAD,
            )
    pushed = sorted({facts.pushed[id] for id in moved if id in facts.pushed})
    if not pushed or sure:
        return
    if not prompter.interactive:
        raise CheckFailed(
            f"revisions that would move were pushed to {', '.join(pushed)}",
            "`gitmig resolve --rebase --yes` moves them; `gitmig resolve --merge` does not.",
        )
    if not prompter.confirm(f"Revisions that would move were pushed to {', '.join(pushed)}. Move them?"):
        raise UsageError("nothing was changed")


def relinking(tree: Tree, revisions: Revisions, order: Sequence[str]) -> Iterator[Relinked]:
    """The headers that change when each head's own work follows the head before it."""
    for onto, head in pairwise(order):
        for id, parents in sorted(relinked(revisions.graph, head, onto, order[: order.index(head)]).items()):
            path = revisions.by_id[id].path
            before = tree.read(path)
            yield Relinked(path, parents, before, edit_header(before, {"down_revision": parents}, path))
