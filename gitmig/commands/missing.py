"""Revisions that a database has and this checkout lacks: where they live, and the graph with them in it. Nothing of theirs is run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitmig.adapters.elsewhere import Whereabouts, find
from gitmig.commands.databases import own_database
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate
from gitmig.errors import GitmigError
from gitmig.graph import Node, RevisionGraph, UnknownRevision
from gitmig.revision import Revision
from gitmig.script.load import Revisions, version_folders

_ID = re.compile(r"\w{2,}")

if TYPE_CHECKING:
    from gitmig.adapters.history import Entry
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.script.header import Header


@dataclass(frozen=True, slots=True)
class Missing:
    """``found`` are the revisions, by id, with all that lies under them and is not here either; ``lost`` those that are nowhere.

    ``revisions`` are this checkout's with the found ones; this checkout's alone where any is lost.
    """

    found: Mapping[str, Whereabouts]
    lost: tuple[str, ...]
    revisions: Revisions


def history_entries(context: MigrationContext, here: RevisionGraph) -> tuple[Entry, ...]:
    """What the history of the context's database says of revisions that ``here`` lacks: how they ran, with source; none where it cannot
    be read."""
    from sqlalchemy.exc import DBAPIError

    from gitmig.adapters.database import denied, driver_words
    from gitmig.runtime.ledger import history_of

    history = history_of(context)
    try:
        if history is None or not history.exists():
            return ()
        ids = {entry.revision for entry in history.entries() if entry.revision not in here}
        return tuple(each for each in history.entries(sources=ids) if each.revision in ids) if ids else ()
    except DBAPIError as error:
        if denied(driver_words(error)):
            return ()
        raise


def find_missing(project: Project, revisions: Revisions, ids: Sequence[str], entries: Sequence[Entry]) -> Missing:
    """Where the revisions ``ids`` live, and what lies under them. ``entries`` are those of `history_entries`."""
    graph = revisions.graph
    folders = version_folders(project.tree, project.config, locate(project))
    found: dict[str, Whereabouts] = {}
    lost: list[str] = []
    waiting = [id for id in dict.fromkeys(ids) if id not in graph]
    while waiting:
        for id, each in find(project.root, folders, waiting, entries).items():
            if each.header is None:
                lost.append(id)
            else:
                found[id] = each
        below = [name for each in found.values() for name in _below(each)]
        known = {*graph, *graph.labels, *found, *lost, *(label for each in found.values() for label in _header(each).labels)}
        waiting = [name for name in dict.fromkeys(below) if name not in known]
    if not found or lost:
        return Missing(found, tuple(lost), revisions)
    return Missing(found, (), together(revisions, found))


def located(project: Project, revisions: Revisions, error: UnknownRevision, rows: Sequence[str], context: MigrationContext) -> GitmigError:
    """The error for a row that no file here defines, saying where it lives."""
    if error.name not in rows:
        return error
    missing = find_missing(project, revisions, [error.name], history_entries(context, revisions.graph))
    each = missing.found.get(error.name, Whereabouts(error.name, "nowhere"))
    said = f"{error.message}; it lives {each.words()}"
    if each.where == "nowhere":
        return UnknownRevision(said, error.name, hint=error.hint, located=True)
    step = "`gitmig sync` steps the database back over it"
    if own_database(project).role != "local" and project.config.database is None:
        step = "bring its file here"
    return UnknownRevision(said, error.name, hint=f"Switch to where it lives, or {step}.", located=True)


def located_name(project: Project, error: UnknownRevision) -> UnknownRevision:
    """The error for a name that a person gave, saying where a revision of that name lives, if one does."""
    if error.located or _ID.fullmatch(error.name) is None:
        return error
    each = find(project.root, version_folders(project.tree, project.config, locate(project)), [error.name])[error.name]
    if each.where == "nowhere":
        return error
    hint = "Switch to where it lives, or merge it."
    return UnknownRevision(f"no revision is called '{error.name}' here; it lives {each.words()}", error.name, hint=hint, located=True)


def _below(each: Whereabouts) -> Sequence[str]:
    return (*_header(each).down, *_header(each).depends_on)


def _header(each: Whereabouts) -> Header:
    assert each.header is not None
    return each.header


def together(revisions: Revisions, found: Mapping[str, Whereabouts], path: Callable[[str], str] | None = None) -> Revisions:
    """The revisions of this checkout with ``found`` in them; ``path`` says how a file is called where not by its own path. One that this
    checkout has too keeps its place in the graph.

    Raises GraphError where the whole is no graph.
    """
    graph = revisions.graph
    more = []
    for id, each in found.items():
        if id in graph:
            continue
        header = _header(each)
        labels = tuple(label for label in header.labels if graph.label_owner(label) is None and label not in graph)
        more.append(Node(id, header.down, header.depends_on, labels, each.path))
    by_id = {**revisions.by_id, **{id: _revision(id, each, each.path if path is None else path(id)) for id, each in found.items()}}
    headers = {**revisions.headers, **{id: _header(each) for id, each in found.items()}}
    return Revisions(RevisionGraph((*graph.nodes.values(), *more)), by_id, headers)


def _revision(id: str, each: Whereabouts, path: str) -> Revision:
    header = _header(each)
    return Revision(id, header.down, header.labels, header.depends_on, path, header.doc, header.longdoc, each.blob)
