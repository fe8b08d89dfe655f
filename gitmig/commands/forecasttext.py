"""What `heads --refs` tells in words: branches, forks, contradictions, and what was not read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitmig.commands.forecast import Branch, Contradiction, Forecast, ForkSeen, Party
from gitmig.ports import Commit

SHOWN = 20
"""So many lines of a kind are shown; ``-v`` shows all."""
_REFS = 4


def lines(found: Forecast, *, whole: bool = False) -> Iterator[str]:
    """The forecast; ``whole`` leaves nothing out."""
    most = None if whole else SHOWN
    yield from _branches(found.branches, most)
    for fork in found.forks[:most]:
        yield ""
        yield from _fork(fork, most)
    yield from _rest(len(found.forks), most, "forks")
    for each in found.contradictions:
        yield ""
        yield from contradiction(each)
    if found.unknown:
        yield ""
        yield "Not read, so nothing is said of it:"
        for unknown in found.unknown[:most]:
            where = f"{unknown.path}:{unknown.line}" if unknown.line else unknown.path
            yield f"  {unknown.revision} {where}: {unknown.reason}"
        yield from _rest(len(found.unknown), most, "lines")
    if not found.forks:
        yield ""
        yield "No two branches fork."
    elif not found.contradictions:
        yield ""
        yield "No contradiction was found." if found.unknown else "No two of them contradict each other."


def _branches(branches: Sequence[Branch], most: int | None) -> Iterator[str]:
    by_heads: dict[tuple[tuple[str, ...], str | None], list[str]] = {}
    for each in branches:
        by_heads.setdefault((each.heads, each.error), []).append(f"{each.name} (here)" if each.here and len(branches) > 1 else each.name)
    for (heads, error), names in list(by_heads.items())[:most]:
        said = f"cannot be read: {error}" if error else ", ".join(heads) or "no revisions"
        yield f"{said}  {refs_shown(names)}"
    yield from _rest(len(by_heads), most, "heads")


def _fork(fork: ForkSeen, most: int | None) -> Iterator[str]:
    where = f"on {', '.join(fork.on)}" if fork.on else "without a common revision"
    yield f"{len(fork.sides)} sides fork {where}:"
    for side in fork.sides[:most]:
        beyond = "" if side.heads == side.first else f" up to {', '.join(side.heads[:3])}{' ...' if len(side.heads) > 3 else ''}"
        yield f"  {', '.join(side.first)}{beyond}  {refs_shown(side.refs)}"
        if side.since is not None:
            yield f"      {commit_shown(side.since)}"
    yield from _rest(len(fork.sides), most, "sides")


def contradiction(found: Contradiction) -> Iterator[str]:
    """One contradiction: what it is about, both sides, and what to do."""
    match found.kind:
        case "duplicate":
            yield f"Done on both sides, which cannot run twice: {found.left.operation}"
        case "meaning":
            yield f"One id with two meanings: {found.left.revision}"
        case _:
            yield f"Contradiction: {', '.join(found.objects)}"
    yield from _party(found.left)
    yield from _party(found.right)
    if found.reason and found.kind == "conflict":
        yield f"    {found.reason[:1].upper()}{found.reason[1:]}."
    if found.proposal:
        yield f"    {found.proposal}"


def _party(party: Party) -> Iterator[str]:
    where = f"{party.path}:{party.line}" if party.line else party.path
    yield f"    {party.revision} {where} {party.operation or ''}".rstrip() + f"  ({refs_shown(party.refs)})"
    if party.since is not None:
        yield f"      {commit_shown(party.since)}"


def commit_shown(commit: Commit) -> str:
    """A commit in words: its id, subject, author and day."""
    return f'{commit.oid[:10]} "{commit.subject}" by {commit.author}, {commit.date[:10]}'


def refs_shown(names: Sequence[str]) -> str:
    """Names of branches, the first few."""
    more = f" and {len(names) - _REFS} more" if len(names) > _REFS else ""
    return ", ".join(names[:_REFS]) + more


def _rest(count: int, most: int | None, what: str) -> Iterator[str]:
    if most is not None and count > most:
        yield f"  ... and {count - most} more {what}; -v shows all"
