"""`git commit --amend` with one more change of the models: the commit ends with one revision that holds all of it. Likewise a commit that
failed after the hook had staged its revision, and is repeated with one more change.

The revision that the commit brought is taken away where it is surely nobody's but gitmig's: unpublished, and word for word what
gitmig makes of that commit's models. Everything else is as in any commit, on an index without that file.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.amending import is_amend
from gitmig.adapters.child import Child
from gitmig.adapters.difference import Comparing
from gitmig.adapters.frameworkstash import stashed_by_framework
from gitmig.adapters.gitrepo import Repository, split_nul
from gitmig.adapters.gittree import read_index_entries
from gitmig.adapters.publication import publisher
from gitmig.adapters.review import Pending
from gitmig.adapters.staging import blob_id, scratch_index, unstage
from gitmig.commands.staged import Change, Proposal, StagedProject, decide, examine, revisions_of
from gitmig.errors import GitmigError
from gitmig.ports import Entry
from gitmig.revision import Revision


@dataclass(frozen=True, slots=True)
class Earlier:
    """The revision file that the amended (or the failed) commit brought; ``entry`` as the index holds it, by its path from the top."""

    entry: Entry
    revision: Revision


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The revision that takes the place of ``earlier``; none (``proposal.source`` None) where the models need none any more."""

    earlier: Earlier
    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Kept:
    """Why the revision at ``path`` stays and another one follows it."""

    path: str
    reason: str


def rewritten(project: StagedProject, next_child: Callable[[], Child], pending: Iterable[Pending]) -> Rewritten | Kept | None:
    """What becomes of the revision that the amended commit brought, where the index lacks a revision.

    None where nothing is amended, or where that commit brought no revision that is the head now. Raises GitError.
    """
    failed = _of_failed_commit(project, pending)
    if failed is not None:
        return _whole(project, failed, next_child, _Before((), True))
    if not is_amend(project.repository):
        return None
    earlier = _earlier(project)
    if not isinstance(earlier, Earlier):
        return earlier
    try:
        before = _generated_again(project, earlier, next_child, pending)
        found = before if isinstance(before, Kept) else _whole(project, earlier, next_child, before)
    except GitmigError as error:
        return Kept(earlier.entry.path, error.message)
    return found if found is not None else Kept(earlier.entry.path, "a person has to look at what comes now")


def _whole(project: StagedProject, earlier: Earlier, next_child: Callable[[], Child], before: _Before) -> Rewritten | None:
    """The revision for everything that the index without ``earlier`` lacks; None where a person has to look at some of it."""
    with scratch_index(project.repository) as trial:
        unstage(trial, earlier.entry.path)
        message = None if before.default_message else earlier.revision.doc
        whole = examine(project, next_child(), Comparing(trial).result(), repository=trial, message=message)
    # What the amended commit did was seen when it was made; beside something new it may be told in other words.
    seen = {change.summary for change in before.changes}
    new = [change for change in whole.changes if change.summary not in seen]
    return Rewritten(earlier, whole) if decide(project.config.commit, new) == "stage" else None


@dataclass(frozen=True, slots=True)
class _Before:
    """What gitmig makes of the amended commit's own models."""

    changes: Sequence[Change]
    default_message: bool


def _of_failed_commit(project: StagedProject, pending: Iterable[Pending]) -> Earlier | None:
    """The head, where it is what the hook wrote and staged for a commit that did not come about, and nobody has touched it since."""
    repository, revisions = project.repository, revisions_of(project)
    left = {each.path: each.oid for each in pending if each.why == "commit"}
    head = next(iter(revisions.graph.heads()), None)
    if head is None or not left:
        return None
    path = posixpath.normpath(project.prefix + revisions.by_id[head].path)
    if len(revisions.by_id[head].down) > 1:
        return None  # without it there would be several heads again
    if path not in left or repository.attempt("cat-file", "-e", f"HEAD:{path}").returncode == 0:
        return None
    entry = read_index_entries(repository.git("ls-files", "-s", "-z", "--", f":(top,literal){path}"))[path]
    if entry.oid != left[path] or not Path(repository.top, path).exists() or blob_id(repository, path) != entry.oid:
        return None
    return None if stashed_by_framework(path) else Earlier(entry, revisions.by_id[head])


def _earlier(project: StagedProject) -> Earlier | Kept | None:
    """The one revision that HEAD brought, as long as index and disk have it as HEAD does and it is the head."""
    repository = project.repository
    header = repository.git("cat-file", "commit", "HEAD").partition(b"\n\n")[0].split(b"\n")
    parents = sum(line.startswith(b"parent ") for line in header)
    brought = set(
        split_nul(repository.git("diff-tree", "--root", "-r", "-z", "-m", "--name-only", "--no-commit-id", "--diff-filter=A", "HEAD"))
    )
    revisions = revisions_of(project)
    found = {id: posixpath.normpath(project.prefix + revisions.by_id[id].path) for id in revisions.graph}
    own = {id: path for id, path in found.items() if path in brought}
    head = next(iter(revisions.graph.heads()), None)
    if head is None or head not in own:
        return None
    path, revision = own[head], revisions.by_id[head]
    if parents > 1:
        return Kept(path, "the commit is a merge")
    if len(own) > 1:
        return Kept(path, f"the commit holds {len(own)} revisions")
    if len(revision.down) > 1:
        return Kept(path, "it joins two heads")
    entry = read_index_entries(repository.git("ls-files", "-s", "-z", "--", f":(top,literal){path}"))[path]
    same = split_nul(repository.git("ls-tree", "-z", "--full-tree", "HEAD", "--", path))[0].split("\t")[0].split(" ")[2] == entry.oid
    on_disk = Path(repository.top, path)
    if not same or stashed_by_framework(path) or (on_disk.exists() and blob_id(repository, path) != entry.oid):
        return Kept(path, "it was edited since")
    ref = publisher(repository, path, project.config.published)
    if ref is not None:
        return Kept(path, f"{ref} has it already")
    return Earlier(entry, revision)


def _generated_again(
    project: StagedProject, earlier: Earlier, next_child: Callable[[], Child], pending: Iterable[Pending]
) -> _Before | Kept:
    """Whether gitmig would write that very file for the models of HEAD. Raises what `examine` raises."""
    repository, path = project.repository, earlier.entry.path
    with scratch_index(repository, "HEAD") as trial:
        unstage(trial, path)
        difference = Comparing(trial).result()
        again = examine(project, next_child(), difference, repository=trial)
        usual = _is(repository, earlier, again, pending)
        if not usual and again.revision == earlier.revision.id:
            again = examine(project, next_child(), difference, repository=trial, message=earlier.revision.doc)
    if not usual and not _is(repository, earlier, again, pending):
        return Kept(path, "it is not what gitmig makes of that commit's models")
    return _Before(again.changes, usual)


def _is(repository: Repository, earlier: Earlier, again: Proposal, pending: Iterable[Pending]) -> bool:
    """Same id (which stands for the operations) and same text; what `post_write_hooks` or a dated template made of it is remembered."""
    if again.source is None or again.revision != earlier.revision.id:
        return False
    path, oid = earlier.entry.path, earlier.entry.oid
    return blob_id(repository, path, again.source.encode()) == oid or any((each.path, each.oid) == (path, oid) for each in pending)
