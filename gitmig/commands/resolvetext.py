"""What `resolve` tells: which heads, what contradicts and where it comes from, what was done."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gitmig.adapters.gitstory import Stories
from gitmig.commands.resolve import Plan

Told = Mapping[str, Any]


def found(by_dialect: Mapping[str, Sequence[Told]], stories: Stories, from_top: Callable[[str], str]) -> Iterator[str]:
    """The proofs in words. ``from_top`` makes a revision's path one from the repository's top."""
    several = len(by_dialect) > 1
    disagree = len({proof["verdict"] for proofs in by_dialect.values() for proof in proofs}) > 1
    seen: list[Any] = []
    for dialect, proofs in by_dialect.items():
        for proof in proofs:
            parts = [proof["conflicts"], proof["duplicates"], proof["unproved"]]
            if parts in seen:
                continue  # the same on another dialect
            seen.append(parts)
            on = f" on {dialect}" if several and (any(parts) or disagree) else ""
            yield from _pair(proof, on, stories, from_top)


def _pair(proof: Told, on: str, stories: Stories, from_top: Callable[[str], str]) -> Iterator[str]:
    left, right = proof["left"], proof["right"]
    match proof["verdict"]:
        case "independent":
            yield f"{left} and {right} are independent{on}."
        case "same":
            yield f"{left} and {right} touch the same things, and either order makes the same schema{on}."
        case "unproved":
            yield f"{left} and {right} do not contradict each other{on}, as far as they can be read. Not proved:"
        case "duplicates":
            yield f"{left} and {right} do the same thing{on}, which cannot run twice:"
        case _:
            yield f"{left} and {right} contradict each other{on}:"
    for conflict in proof["conflicts"]:
        yield ""
        yield f"  {', '.join(conflict['objects'])}"
        yield from _act(conflict["left"], stories, from_top)
        yield from _act(conflict["right"], stories, from_top)
        yield f"    {_sentence(conflict['reason'])}"
        yield f"    {conflict['proposal']}"
    for duplicate in proof["duplicates"]:
        yield ""
        yield f"  {duplicate['left']['operation']}"
        yield from _act(duplicate["left"], stories, from_top)
        yield from _act(duplicate["right"], stories, from_top)
        yield "    Take it out of the one that is not published yet, upgrade and downgrade; then run `gitmig resolve --rebase`."
    for act in proof["unproved"]:
        yield f"    {_place(act)} {act['operation']}: {act['reason']}"


def _act(act: Told, stories: Stories, from_top: Callable[[str], str]) -> Iterator[str]:
    yield f"    {_place(act)} {act['operation']}"
    story = stories.of(from_top(act["path"])) if act["path"] else None
    if story is not None:
        commit = story.commit
        where = f" on {', '.join(story.branches[:3])}" if story.branches else ""
        yield f'      {commit.oid[:10]} "{commit.subject}" by {commit.author}, {commit.date[:10]}{where}'


def _place(act: Told) -> str:
    where = f"{act['path']}:{act['line']}" if act["path"] else "?"
    return f"{act['revision']} {where}"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."


def done(plan: Plan, here: str, *, written: bool) -> Iterator[str]:
    """What was done (``written``) or would be, and what to type next. ``here`` is where the person stands, from the repository's top."""
    paths = [posixpath.relpath(edit.path, here or ".") for edit in plan.edits]
    if plan.strategy == "merge":
        yield f"{'Wrote' if written else 'Would write'} {paths[0]}: {plan.head} joins {_and(plan.heads)}."
        for change in plan.changes:
            yield f"  {change.summary}"
    else:
        yield f"{'Moved' if written else 'Would move'} {_and(plan.moved)} onto {plan.onto}; the head is {plan.head}."
        for path in paths:
            yield f"  {path}: {'down_revision' if path.endswith('.py') else 'the head'}"
        yield "A database that ran the moved revisions already: `gitmig upgrade` there says what to do."
    if written:
        yield f"Next: git add {' '.join(paths)}. `gitmig resolve --undo` takes it back."


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
