"""`sync --snapshot`: the data of each branch stays, in a copy of the database that is restored on the way back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime, timezone

from gitmig.adapters.githead import read_head
from gitmig.adapters.gitrepo import discover
from gitmig.adapters.snapshots import Snapshot, Snapshots
from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.sync import Place, place_of
from gitmig.errors import DatabaseError, UsageError
from gitmig.graph.routes import upgrade_route


@dataclass(frozen=True, slots=True)
class Copies:
    """``branch`` is what is checked out, ``owner`` the branch whose data the database holds, ``there`` the copy for ``branch``, if one was
    made; ``due``: the database is to be moved."""

    place: Place
    branch: str
    owner: str
    there: Snapshot | None
    due: bool

    @property
    def changes_hands(self) -> bool:
        return self.due and self.owner != self.branch


def copies_of(project: Project) -> Snapshots:
    """The copies of the project's database. Raises what `place_of` raises; UsageError without a repository, DatabaseError without a
    database."""
    return _snapshots(project, place_of(project, project_revisions(project)))


def look(project: Project) -> Copies:
    """What `--snapshot` finds. A copy whose restoring was interrupted is restored first. Raises UsageError without a branch."""
    head = read_head(project.root)
    if head is None or head.branch is None:
        raise UsageError("--snapshot keeps a copy for each branch, and no branch is checked out", "Switch to one, or leave it out.")
    revisions = project_revisions(project)
    place = place_of(project, revisions)
    snapshots = _snapshots(project, place)
    unfinished = snapshots.unfinished()
    if unfinished is not None:
        snapshots.restore(unfinished)
        place = place_of(project, revisions)
    known = all(row in revisions.graph for row in place.rows)
    due = bool(place.rows) and not (known and not place.skipped and not upgrade_route(revisions.graph, place.rows, "heads"))
    owner = snapshots.owner() or next((each.branch for each in reversed(place.entries) if each.branch), None) or _before(project)
    return Copies(place, head.branch, owner or head.branch, snapshots.of(head.branch), due)


def save(project: Project, copies: Copies) -> Snapshot:
    """Copy the database for the branch whose data it holds."""
    at = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    return _snapshots(project, copies.place).save(copies.owner, copies.place.rows, at)


def restore(project: Project, copies: Copies) -> Snapshot:
    """Make the database what it was when the branch was left."""
    return _snapshots(project, copies.place).restore(copies.branch)


def settle(project: Project, copies: Copies) -> None:
    """From now on the database holds the data of the branch."""
    _snapshots(project, copies.place).belongs_to(copies.branch)


def _snapshots(project: Project, place: Place) -> Snapshots:
    if place.url is None:
        raise DatabaseError("there is no database yet, so there is nothing to copy", "`gitmig upgrade` makes it.")
    head = read_head(project.root)
    if head is None:
        raise UsageError("--snapshot keeps copies under the git directory, and there is none", "Leave it out.")
    return Snapshots(head.common_dir, place.url)


def _before(project: Project) -> str | None:
    """The branch that was checked out before."""
    answer = discover(project.root).attempt("rev-parse", "--abbrev-ref", "@{-1}")
    return os.fsdecode(answer.stdout).strip() or None if answer.returncode == 0 else None
