"""The post-rewrite hook: after a rebase the branch's own revisions follow those of the commit that it was put on.

Rebase runs no hook that could add to the commits it makes, so the headers are changed afterwards, in every commit that holds them: the
branch then is as if it had been begun there. That is done only where it is sure: a straight line of unsigned commits that nobody has, and
sides that are proved to agree. Else the command that makes one head is named.
"""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Sequence
from pathlib import Path

from gitmig.adapters import clean
from gitmig.adapters.child import Child
from gitmig.adapters.difference import Comparing
from gitmig.adapters.environ import environment
from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.rewriting import CannotRewrite, FileEdit, rewrite
from gitmig.commands import hooktext
from gitmig.commands.aftercheckout import database_lines
from gitmig.commands.hooktext import from_here
from gitmig.commands.joint import Disagree, facts_of, proved
from gitmig.commands.relinking import Nobody, Relinked, refuse_published, relinking, sides_of
from gitmig.commands.revisions import open_heads
from gitmig.commands.staged import StagedProject, command_in, locate_for, refusal, revisions_of, staged_projects
from gitmig.commands.surroundings import Report, Surroundings
from gitmig.errors import GitmigError
from gitmig.script.edit import edit_header
from gitmig.script.header import read_header
from gitmig.script.load import load_revisions


def post_rewrite(repository: Repository, surroundings: Surroundings) -> Report:
    """Look at every project of the rebased branch. Git does not ask for the exit code."""
    command = next(iter(surroundings.arguments), environment().get("PRE_COMMIT_REWRITE_COMMAND"))
    if command != "rebase" or not _is_done(repository):
        return Report()
    entries = repository.git("ls-files", "-s", "-z", "--", *clean.PATTERNS)
    lines: list[str] = []
    projects = staged_projects(repository, entries, surroundings.config)
    for project in projects:
        heads = open_heads(revisions_of(project))
        if heads:
            lines += _relinked(project, heads, surroundings)
    now = staged_projects(repository, entries, surroundings.config)
    if not any(open_heads(revisions_of(project)) for project in now) and not surroundings.ci:
        lines += database_lines(now, surroundings.here)
    return Report(0, tuple(lines))


def _is_done(repository: Repository) -> bool:
    """Whether no commit is left to pick, and no other branch is moved along with this one (`--update-refs`)."""
    folder = Path(repository.git_dir, "rebase-merge")
    return not any((folder / name).exists() and (folder / name).read_bytes().strip() for name in ("git-rebase-todo", "update-refs"))


def _onto(repository: Repository) -> str | None:
    """The commit that the branch was put on; git removes its notes only after the hook."""
    for name in ("rebase-merge", "rebase-apply"):
        path = Path(repository.git_dir, name, "onto")
        if path.exists():
            return path.read_text("ascii").strip()
    return None


def _relinked(project: StagedProject, heads: Sequence[str], surroundings: Surroundings) -> list[str]:
    child = Child()
    here = surroundings.here
    try:
        if surroundings.ci:
            raise CannotRewrite("nothing is written in CI")
        moved, onto, paths = _relink(project, heads, child)
        lines = hooktext.moved([from_here(path, here) for path in paths], moved, onto)
        return [*lines, "  The rebased commits hold it; `git reset --keep HEAD@{1}` takes it back."]
    except Disagree as error:
        again = command_in(project, "gitmig resolve", here)
        return [*error.proof, "", f"  Next: do what is proposed in the revision that is yours, then {again} makes one head."]
    except GitmigError as error:
        told = refusal(project, heads, here, "the rebased branch")
        return [f"gitmig: {told}: {error.message}.", f"  Next: {error.hint or command_in(project, 'gitmig resolve', here)}"]
    finally:
        child.end()


def _relink(project: StagedProject, heads: Sequence[str], child: Child) -> tuple[tuple[str, ...], str, list[str]]:
    """The revisions that moved, what they follow, and the files. Raises GitmigError where nothing was changed, and why."""
    repository, revisions = project.repository, revisions_of(project)
    onto = _onto(repository)
    if onto is None:
        raise CannotRewrite("git does not tell what the branch was put on")
    if project.config.merge.heads not in (None, "rebase"):
        raise CannotRewrite(f"`merge.heads` is {project.config.merge.heads}")
    below = _ids_at(project, onto)
    order = sorted(heads, key=lambda head: head not in below)
    sides = sides_of(revisions, heads)
    moved = tuple(id for head in order[1:] for id in sides[head])
    if order[0] not in below or any(id in below for id in moved):
        raise CannotRewrite("the heads are not those of the two branches")
    refuse_published(facts_of(project), revisions, moved, Nobody())
    verdict = proved(project, heads, child, Comparing(repository).result()).result["verdict"]
    if verdict not in ("independent", "same"):
        raise CannotRewrite("not everything that the sides do can be read, so it is not proved that they agree")
    found = list(relinking(project.tree, revisions, order))
    rewrite(repository, onto, [_edit(project, each) for each in found], "gitmig: revisions follow those of the new base")
    return moved, order[0], [posixpath.normpath(project.prefix + each.path) for each in found]


def _ids_at(project: StagedProject, commit: str) -> Collection[str]:
    tree = GitTree(project.repository, project.prefix, oid=commit)
    try:
        return set(load_revisions(tree, project.config, None, locate_for(project)).by_id)
    finally:
        tree.close()


def _edit(project: StagedProject, wanted: Relinked) -> FileEdit:
    old = read_header(wanted.before, wanted.path).down

    def change(content: bytes) -> bytes:
        # An earlier commit of the branch may have the file in an earlier form.
        if read_header(content, wanted.path).down != old:
            return content
        return edit_header(content, {"down_revision": wanted.parents}, wanted.path)

    return FileEdit(posixpath.normpath(project.prefix + wanted.path), change)
