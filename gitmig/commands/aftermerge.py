"""The post-merge hook: what a merge that no other hook saw has brought, a fast-forward above all."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from gitmig.adapters import clean
from gitmig.adapters.gitrepo import Repository
from gitmig.commands.aftercheckout import database_lines
from gitmig.commands.finishing import amend
from gitmig.commands.hooktext import from_here
from gitmig.commands.revisions import open_heads
from gitmig.commands.staged import StagedProject, command_in, revisions_of, staged_projects
from gitmig.commands.surroundings import Report, Surroundings


def post_merge(repository: Repository, surroundings: Surroundings) -> Report:
    """Put what the pre-merge-commit hook staged into the merge commit, where that is asked for; tell of several heads, and how they
    become one. Raises GitmigError for configuration and revisions that cannot be read."""
    lines = amend(repository)
    entries = repository.git("ls-files", "-s", "-z", "--", *clean.PATTERNS)
    projects = staged_projects(repository, entries, surroundings.config)
    heads = tuple(line for project in projects for line in _heads(project, surroundings.here))
    # With several heads the database waits until they are one.
    after = heads or (() if surroundings.ci else database_lines(projects, surroundings.here))
    return Report(0, (*lines, *after))


def _heads(project: StagedProject, here: str) -> Iterator[str]:
    revisions = revisions_of(project)
    heads = open_heads(revisions)
    if heads and not _told(project):
        paths = [posixpath.normpath(project.prefix + revisions.by_id[head].path) for head in heads]
        named = " and ".join(f"{head} ({from_here(path, here)})" for head, path in zip(heads, paths, strict=True))
        yield f"gitmig: there are {len(heads)} heads now: {named}."
        yield f"  Next: {command_in(project, 'gitmig resolve', here)}, which proves that they agree and makes one of them"


def _told(project: StagedProject) -> bool:
    """Whether the heads are there on purpose: the pre-merge-commit hook let the merge pass and said so."""
    if project.config.merge.finish != "later":
        return False
    return len(project.repository.git("rev-list", "--parents", "-1", "HEAD").split()) > 2
