"""`history`: the revisions of a range, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.revisionview import RevisionView, views
from gitmig.errors import UsageError
from gitmig.graph.routes import between
from gitmig.graph.rows import check_rows
from gitmig.script.load import Revisions

CURRENT = "current"


@dataclass(frozen=True, slots=True)
class History:
    """``shown`` newest first; ``unknown`` are the database's revisions that no file defines, if it was asked."""

    shown: tuple[RevisionView, ...]
    unknown: tuple[str, ...] = ()


def history(project: Project, range: str | None = None, *, indicate_current: bool = False) -> History:
    """The revisions of ``range`` ("lower:upper", either may be empty; None is everything).

    ``current`` at either end, and ``indicate_current``, ask the database. Raises UsageError for a range without a colon,
    RevisionFileError, GraphError, ConfigError, DatabaseError.
    """
    lower, upper = _ends(range)
    revisions = project_revisions(project)
    if CURRENT in (lower, upper):
        rows: tuple[str, ...] | None = current_of(project, revisions)
    else:
        rows = database_rows(project, revisions) if indicate_current else None
    ids = between(
        revisions.graph,
        rows if lower == CURRENT and rows is not None else lower,
        rows if upper == CURRENT and rows is not None else upper,
    )
    unknown = tuple(row for row in rows or () if row not in revisions.graph)
    return History(views(project, revisions, ids, rows), unknown)


def _ends(range: str | None) -> tuple[str, str]:
    if range is None:
        return "base", "heads"
    lower, colon, upper = range.partition(":")
    if not colon:
        raise UsageError(f"the range '{range}' has no colon", "Write `-r lower:upper`, `-r lower:` or `-r :upper`.")
    return lower.strip() or "base", upper.strip() or "heads"


def current_of(project: Project, revisions: Revisions) -> tuple[str, ...]:
    """The rows of the project's database. Raises DatabaseError, GraphError for a row that no file defines."""
    rows = database_rows(project, revisions)
    check_rows(revisions.graph, rows)
    return rows


def database_rows(project: Project, revisions: Revisions) -> tuple[str, ...]:
    """The rows of the project's database, known here or not. Raises DatabaseError."""
    # The runner's side of the house brings SQLAlchemy; only a question to the database pays for it.
    from gitmig.commands.current import database_rows as ask

    return ask(project, revisions)
