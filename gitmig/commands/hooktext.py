"""What the pre-commit hook says: what changed, which file, what it does to data, what to type next. As short as that."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Sequence

from gitmig.commands.staged import Change
from gitmig.errors import GitmigError

_SHOWN = 12


def added(path: str, changes: Sequence[Change]) -> list[str]:
    """A revision went into the commit."""
    return [f"gitmig: {path} is part of this commit.", *steps(changes), "  Next: gitmig upgrade"]


def replaced(path: str, old: str, changes: Sequence[Change], step_back: str) -> list[str]:
    """An amended commit's own revision became one that holds the whole change."""
    return [f"gitmig: {path} takes the place of {old} in this commit.", *steps(changes), "  Next: gitmig upgrade", *_ran(step_back)]


def withdrawn(old: str, step_back: str) -> list[str]:
    """An amended commit's own revision went, because its models need none any more."""
    return [f"gitmig: {old} is out of this commit: nothing is left for it to do.", *_ran(step_back)]


def deleted(path: str, step_back: str) -> list[str]:
    """A revision that nobody else has is gone with this commit."""
    return [f"gitmig: {path} is gone with this commit.", *_ran(step_back)]


def kept(old: str, reason: str) -> list[str]:
    """An amended commit's own revision could not be made into one that holds the whole change."""
    return [f"  It follows {old} of the amended commit instead of replacing it: {reason}."]


def _ran(step_back: str) -> list[str]:
    return [f"  A database that ran it goes back first: {step_back}"]


def adopted(path: str) -> list[str]:
    """A file that was left for review went into the commit."""
    return [f"gitmig: {path}, as you left it, is part of this commit."]


def joined(path: str, heads: Sequence[str], changes: Sequence[Change]) -> list[str]:
    """A merge revision went into the commit."""
    return [f"gitmig: {path} joins {_and(heads)}.", *steps(changes)]


def moved(paths: Sequence[str], revisions: Sequence[str], onto: str) -> list[str]:
    """Revisions got other parents in this commit."""
    return [
        f"gitmig: {_and(revisions)} now {'follows' if len(revisions) == 1 else 'follow'} {onto} ({', '.join(paths)}).",
        "  A database that ran them already: `gitmig upgrade` there says what to do.",
    ]


def waiting(heads: Sequence[str]) -> list[str]:
    """A merge goes on with several heads."""
    return [f"gitmig: {_and(heads)} are independent; the next revision joins them (merge.finish = later)."]


def joined_by_hand(what: str, next_step: str) -> list[str]:
    """Heads agree, and the hook may not or shall not write what joins them."""
    return [f"gitmig: {what}. They agree.", f"  Next: {next_step}"]


def stopped_merge(path: str, changes: Sequence[Change]) -> list[str]:
    """The revision of a merge was staged, and a person has to read it."""
    return [
        f"gitmig: stopped, because a person should look at this: {path}",
        *steps(changes),
        f"  Next: read that file, change it if need be (git add {shlex.quote(path)}), and `git commit` completes the merge.",
        "        Not wanted? git merge --abort takes it away.",
    ]


def completes(lines: Sequence[str]) -> list[str]:
    """What was staged during a merge without conflicts is in it when `git commit` ends it."""
    if len(lines) == 1:
        return [f"{lines[0].rstrip('.')}; `git commit` completes the merge."]
    return [*lines, "  Next: `git commit` completes the merge."]


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def stopped_for_review(path: str, changes: Sequence[Change]) -> list[str]:
    """A file was written that a person has to read."""
    return [
        f"gitmig: stopped, because a person should look at this: {path}",
        *steps(changes),
        "  Next: read that file, change it if need be, and git commit again: it joins that commit by itself.",
        f"        Not wanted? rm {shlex.quote(path)}; to skip once: GITMIG=0 git commit ...",
    ]


def stopped_by_check(changes: Sequence[Change], next_step: str) -> list[str]:
    """Models have no revision, and the hook may not or shall not write one."""
    return [
        "gitmig: the staged models have changes without a revision:",
        *steps(changes),
        f"  Next: {next_step}",
    ]


def edited_since(path: str) -> list[str]:
    """A file that was left for review is staged in an older form than the one on disk."""
    return [
        f"gitmig: {path} was changed after it was staged; this commit would hold the older text.",
        f"  Next: git add {shlex.quote(path)} && git commit",
    ]


def skipped(operation: str) -> list[str]:
    """A rebase or the like is under way."""
    return [f"gitmig: models are not looked at during a {operation}; when it is done: gitmig check"]


def passed_by(error: GitmigError) -> list[str]:
    """Something is wrong that this commit does not touch."""
    return [
        f"gitmig: {error.message}.",
        *([f"  {error.hint}"] if error.hint else []),
        "  This commit touches none of that and goes on; the next one that touches Python stops here.",
    ]


def steps(changes: Sequence[Change]) -> list[str]:
    """One line a change; those that are not purely additive say what they do to data."""
    lines = []
    for change in changes[:_SHOWN]:
        note = "; ".join(text for text in ((change.effect or change.reason) if not change.safe else change.effect,) if text)
        lines.append(f"  {'+' if change.safe else '!'} {change.summary}{f': {note}' if note else ''}")
    if len(changes) > _SHOWN:
        lines.append(f"    and {len(changes) - _SHOWN} more")
    return lines


def from_here(path: str, prefix: str) -> str:
    """``path`` (from the top) as it is typed in the folder ``prefix`` that the person stands in."""
    return posixpath.relpath(path, prefix) if prefix else path
