"""Published revisions stay as they are: a commit that edits, deletes or re-parents one is refused, with the ref that has it.

Meaning is compared, so formatting and comments may change. What a merge brings from its other side is no new edit.
"""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.amending import is_amend
from gitmig.adapters.gitrepo import Repository, split_nul
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.mergehead import other_sides
from gitmig.adapters.publication import Published
from gitmig.commands import hooktext
from gitmig.commands.hooktext import from_here
from gitmig.commands.joint import facts_of
from gitmig.commands.staged import StagedProject, folders_of, locate_for, step_back
from gitmig.errors import CheckFailed, RevisionFileError
from gitmig.script.header import Header, read_header
from gitmig.script.load import revision_files
from gitmig.script.meaning import same_meaning


@dataclass(frozen=True, slots=True)
class _Changed:
    """A revision that a commit has otherwise than ``base``: ``path`` there, from the top; ``now`` None where it is gone."""

    id: str
    path: str
    before: bytes
    now: bytes | None

    def down(self) -> tuple[str, ...]:
        return read_header(self.before, self.path).down

    def is_like(self, content: bytes | None) -> bool:
        """Whether the commit has what ``content`` means."""
        return self.now == content if self.now is None or content is None else same_meaning(content, self.now)


def guard(project: StagedProject, here: str = "") -> list[str]:
    """Raises CheckFailed where the commit under way changes what a published revision means, or takes one away.

    Returns what a person has to know of those that it takes away all the same.
    """
    repository = project.repository
    changed = [each for each in _changed(project, "HEAD") if not _brought(repository, each)]
    if not changed:
        return []
    facts = facts_of(project)
    own: set[str] = set()
    if facts.everything is not None and is_amend(repository):
        # Every committed revision counts; what the amended commit itself brought is only now being committed.
        own = {each.id for each in changed} - {each.id for each in _changed(project, "HEAD~1")}
    # Without any remote nobody else can have got it from here.
    shared = facts.everything is None or bool(repository.git("remote").strip())
    for each in changed:
        if shared and each.id not in own and _is_published(repository, facts, each):
            raise _refusal(facts, each, here)
    return [
        line
        for each in changed
        if each.now is None
        for line in hooktext.deleted(from_here(each.path, here), _step_back(project, each, here))
    ]


def _refusal(facts: Published, changed: _Changed, here: str) -> CheckFailed:
    ref, path = facts.by_id[changed.id], from_here(changed.path, here)
    what = (
        "deletes it"
        if changed.now is None
        else "gives it other parents"
        if same_meaning(changed.before, changed.now, links=False)
        else "changes what it does"
    )
    why = ref if facts.everything is None else f"{facts.everything}, so every committed revision counts"
    return CheckFailed(
        f"{path}: revision '{changed.id}' is published ({why}), and this commit {what}",
        f"Put it back: git checkout {ref} -- {shlex.quote(path)}; what is to change goes into a revision of its own. "
        "Surely nobody has it? GITMIG=0 git commit ...",
    )


def _step_back(project: StagedProject, changed: _Changed, here: str) -> str:
    oid = project.repository.git("rev-parse", f"HEAD:{changed.path}").decode().strip()
    return step_back(project, changed.path, oid, next(iter(changed.down()), "base"), here)


def _changed(project: StagedProject, base: str) -> Iterator[_Changed]:
    repository = project.repository
    if repository.attempt("rev-parse", "-q", "--verify", f"{base}^{{commit}}").returncode:
        return
    specs = [f":(top,literal){posixpath.normpath(project.prefix + folder)}" for folder in folders_of(project)[:-1]]
    asked = ("diff", "--cached", "--name-only", "-z", "--no-renames", "--diff-filter=MDT", base, "--", *specs)
    paths = [path for path in split_nul(repository.git(*asked)) if path.endswith(".py")]
    if not paths:
        return
    entries = revision_files(project.tree, project.config, locate_for(project))
    headers = HeaderCache(str(Path(repository.common_dir, "gitmig"))).read(project.tree, entries)
    now = {header.id: entry.path for header, entry in zip(headers, entries, strict=True) if isinstance(header, Header)}
    tree = GitTree(repository, oid=repository.git("rev-parse", base).decode().strip())
    try:
        for path in paths:
            before = tree.read(path)
            id = _id(before, path)
            if id is None:
                continue
            there = now.get(id)
            changed = _Changed(id, path, before, project.tree.read(there) if there is not None else None)
            if not changed.is_like(before):
                yield changed
    finally:
        tree.close()


def _id(content: bytes, path: str) -> str | None:
    try:
        return read_header(content, path).id
    except RevisionFileError:
        return None


def _brought(repository: Repository, changed: _Changed) -> bool:
    """Whether another side of the merge has it so."""
    return any(changed.is_like(_at(repository, side, changed.path)) for side in other_sides(repository))


def _is_published(repository: Repository, facts: Published, changed: _Changed) -> bool:
    ref = facts.by_id.get(changed.id)
    if ref is None:
        return False
    # A commit that makes it again what the others have repairs it.
    return facts.everything is not None or not changed.is_like(_at(repository, ref, changed.path))


def _at(repository: Repository, commit: str, path: str) -> bytes | None:
    found = repository.attempt("cat-file", "blob", f"{commit}:{path}")
    return found.stdout if found.returncode == 0 else None
