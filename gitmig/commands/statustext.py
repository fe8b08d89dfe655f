"""What `status` shows: a screen of lines, each with what it is about in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gitmig.commands.forecasttext import commit_shown, refs_shown
from gitmig.commands.inuse import words
from gitmig.commands.status import Database, Fork, Status
from gitmig.errors import sentence

MOST = 5
"""So many lines of a kind fit on the screen; ``-v`` shows all."""

Line = tuple[str, str]
"""What the line is about ("" as above), and the line."""


def lines(found: Status, *, whole: bool = False) -> Iterator[Line]:
    """The screen. ``whole`` leaves nothing out."""
    most = None if whole else MOST
    if found.folder:
        yield "Project", found.folder
    yield "Branch", found.git.words() if found.git is not None else sentence(found.no_git)
    if found.git is not None and found.no_git:
        yield "", sentence(found.no_git)
    yield from _heads(found)
    for database in found.databases:
        yield from _database(database, most)
    if found.not_asked:
        yield "", f"Not asked: {', '.join(found.not_asked)}; `gitmig status --all` does."
    yield from _models(found, most)
    if found.published is not None:
        yield "Published", f"Every committed revision counts as published: {sentence(found.published)}"
    yield from _forks(found, most)
    if found.no_forecast:
        yield "Forks", found.no_forecast
    yield from _next(found)


def _heads(found: Status) -> Iterator[Line]:
    if found.broken:
        yield "Heads", found.broken
    elif not found.heads:
        yield "Heads", "No revisions yet."
    about = "Heads" if len(found.heads) > 1 else "Head"
    for view in found.heads:
        doc = " ".join(view.revision.doc.split())
        open_one = " (open)" if view.revision.id in found.open_heads else ""
        yield about, f"{view.revision.id} {doc}".rstrip() + open_one
        about = ""


def _database(database: Database, most: int | None) -> Iterator[Line]:
    at = database.stands
    about = "Database"
    if not at.answered:
        yield about, f"{words(at.name).capitalize() if at.name is None else at.name}: {at.why_silent()}"
        return
    name = f"{at.name}, " if at.name is not None else ""
    role = f", {database.role}" if database.role != "local" else ""
    place = f"at {', '.join(at.rows)}" if at.rows else "empty: no revision is applied"
    state = "" if at.pending or at.unknown or at.skipped or not at.rows else ", up to date"
    yield about, f"{name}{at.database}{role}: {place}{state}"
    yield from _some("pending", [f"{each['revision']} {each['doc']}".rstrip() for each in at.pending], most)
    yield from _some("unknown here", [f"{each['revision']}: it lives {each['words']}" for each in at.unknown], most)
    skipped = [f"{each['revision']} ({each['path']}) never ran, although {each['above']} above it did" for each in at.skipped]
    yield from _some("skipped", skipped, most)
    differing = [f"{each['revision']} ran from a text that means something else than {each['path']}" for each in at.differing]
    yield from _some("differs", differing, most)


def _models(found: Status, most: int | None) -> Iterator[Line]:
    models = found.models
    if not models.asked:
        return
    count = len(models.staged) + len(models.unstaged) + len(models.committed)
    if not models.errors and not count:
        yield "Models", "Every change has its revision."
        return
    about = "Models"
    if count:
        yield about, f"{count} change{'s' * (count > 1)} without a revision"
        about = ""
    for kind in ("staged", "committed", "unstaged"):
        yield from _some(kind, [each.summary for each in getattr(models, kind)], most)
    for error in models.errors:
        yield about, error
        about = ""


def _forks(found: Status, most: int | None) -> Iterator[Line]:
    about = "Forks"
    for fork in found.forks[:most]:
        yield about, _fork(fork)
        about = ""
    if most is not None and len(found.forks) > most:
        yield "", f"... and {len(found.forks) - most} more: `gitmig heads --refs`"
    if found.contradictions:
        count = len(found.contradictions)
        yield about, f"{count} contradiction{'s' * (count > 1)} with this branch: `gitmig heads --refs` names both sides"


def _fork(fork: Fork) -> str:
    since = f", {commit_shown(fork.since)}" if fork.since is not None else ""
    on = f"from {', '.join(fork.on)}" if fork.on else "from nothing"
    return f"{refs_shown(fork.refs)}: on {on} with {', '.join(fork.theirs)}{since}"


def _next(found: Status) -> Iterator[Line]:
    about = "Next"
    if not found.next:
        yield about, "Nothing to do." if not found.broken else "Correct that, then look again."
    width = max((len(command) for command, _ in found.next), default=0)
    for command, reason in found.next:
        yield about, f"{command.ljust(width)}  {reason}"
        about = ""


def _some(kind: str, told: Sequence[str], most: int | None) -> Iterator[Line]:
    for each in told[:most]:
        yield "", f"{kind}: {each}"
    if most is not None and len(told) > most:
        yield "", f"{kind}: ... and {len(told) - most} more"
