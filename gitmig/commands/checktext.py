"""What `check`, `check A..B` and `check --merge-with` tell in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from gitmig.adapters.gitstory import Stories
from gitmig.commands.check import Checked
from gitmig.commands.checkcommits import MergeChecked, RangeChecked
from gitmig.commands.checkhere import fault_lines
from gitmig.commands.edited import Edited
from gitmig.commands.forecasttext import commit_shown, contradiction
from gitmig.commands.resolvetext import found as proofs_told

HOW = {"edited": "was edited", "deleted": "was deleted", "moved": "got other parents"}


def range_lines(found: RangeChecked) -> Iterator[str]:
    """Published revisions and heads; the changes are shown as `check` shows them."""
    yield from _edited(found.edited)
    if found.heads:
        yield f"Several heads at {found.commit[:10]}: {', '.join(found.heads)}. Join them with `gitmig resolve`."
    if found.since is not None:
        yield f"Without a revision since {commit_shown(found.since)}."


def here_lines(found: Checked) -> Iterator[str]:
    """Published revisions that the work tree changes, and databases that do not fit it."""
    yield from _edited(found.edited)
    for database in found.databases:
        yield from fault_lines(database)


def _edited(found: Iterable[Edited]) -> Iterator[str]:
    for each in found:
        yield f"Published revision {each.revision} {HOW[each.how]}: {each.path} ({each.ref} has it). Write a new revision instead."


def merge_lines(found: MergeChecked, stories: Stories, from_top: Callable[[str], str]) -> Iterator[str]:
    """What the merge would bring, up to its heads and whether they agree."""
    for path in found.conflicted:
        yield f"Git cannot merge {path}."
    if found.conflicted:
        yield "The models of the merge were not compared: there are conflicts to be resolved first."
    if not found.heads:
        return
    yield f"The merge would have {len(found.heads)} heads: {', '.join(found.heads)}."
    if found.verdict is not None:
        yield from proofs_told(found.proofs, stories, from_top)
    elif found.forecast is not None:
        for each in found.forecast.contradictions:
            yield from contradiction(each)
        for unknown in found.forecast.unknown:
            yield f"Not read: {unknown.revision} {unknown.path}:{unknown.line}: {unknown.reason}"
        if not found.forecast.contradictions:
            yield "No contradiction was found in the text of their revisions."
    if found.verdict not in ("conflict", "duplicates") and not (found.forecast and found.forecast.contradictions):
        yield "Merge, then `gitmig resolve` makes one head of them."
