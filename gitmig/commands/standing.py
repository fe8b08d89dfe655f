"""Where a database stands, with its history: what is pending, skipped, unknown here, and ran from another text than the file's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from gitmig.adapters.environ import environment
from gitmig.commands.asking import ask
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate, project_revisions
from gitmig.commands.running import RunOptions, Say, run
from gitmig.config import expand_url, use_database
from gitmig.errors import ConfigError, DatabaseError, GitmigError, redact, sentence
from gitmig.graph.applied import below
from gitmig.script.load import Revisions, version_folders

if TYPE_CHECKING:
    from gitmig.adapters.history import Entry
    from gitmig.runtime.settings import Standing

DEADLINE = 30.0
"""Seconds after which a database that was only asked counts as one that does not answer."""


@dataclass(frozen=True, slots=True)
class Stands:
    """One database. ``error`` is why it could not be asked, with its hint; the rest is empty then.

    ``name`` None is the project's own. ``pending`` lie here and are not applied, oldest first, as ``revision``, ``path``, ``doc``;
    ``skipped`` likewise, with ``above``, an applied one above it; ``unknown`` are applied and defined by no file here: ``revision``, and
    where it lives; ``differing``: ``revision``, ``path`` of the file here, ``at`` and ``commit`` of the run. ``applied`` is the number of
    revisions that count as applied, ``standing`` their ids.
    """

    name: str | None
    database: str = ""
    rows: tuple[str, ...] = ()
    pending: tuple[Mapping[str, Any], ...] = ()
    unknown: tuple[Mapping[str, Any], ...] = ()
    skipped: tuple[Mapping[str, Any], ...] = ()
    differing: tuple[Mapping[str, Any], ...] = ()
    standing: frozenset[str] = frozenset()
    foreign: tuple[str, ...] = ()
    has_history: bool = False
    error: GitmigError | None = field(default=None, compare=False)

    @property
    def answered(self) -> bool:
        return self.error is None

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        if self.error is not None:
            told = {"message": redact(self.error.message), "hint": redact(self.error.hint)}
            return {"name": self.name, "answered": False, "error": told}
        return {
            "name": self.name,
            "answered": True,
            "error": None,
            "database": self.database,
            "rows": list(self.rows),
            "pending": [dict(each) for each in self.pending],
            "unknown": [{key: each[key] for key in each if key != "words"} for each in self.unknown],
            "skipped": [dict(each) for each in self.skipped],
            "differing": [dict(each) for each in self.differing],
            "foreign": list(self.foreign),
            "history": self.has_history,
        }

    def why_silent(self) -> str:
        """Why it could not be asked, as a sentence."""
        assert self.error is not None
        return redact(sentence(self.error.message))


def stands(project: Project, name: str | None, *, deadline: float | None = DEADLINE) -> Stands:
    """Ask the database ``name`` of the configuration (None: the project's own) in a child process. Changes nothing, raises nothing that
    lies in the database or in its configuration."""
    try:
        _refuse_unset(project, name)
        answer = ask(project, "standing", {"database": name or project.options.database}, against="database", seconds=deadline)
    except (DatabaseError, ConfigError) as error:
        return Stands(name, error=error)
    parts = ("pending", "unknown", "skipped", "differing", "rows", "foreign")
    whole: dict[str, Any] = {**answer, **{part: tuple(answer[part]) for part in parts}, "standing": frozenset(answer["standing"])}
    return Stands(name, **whole)


def _refuse_unset(project: Project, name: str | None) -> None:
    """Raises ConfigError where a variable of the URL is unset: no process needs to be started to find that."""
    config = project.config if name is None else use_database(project.config, name)
    if config.url is not None:
        expand_url(config.url, environment(), config.source)


def told(project: Project, say: Say) -> dict[str, Any]:
    """In the child: where the project's database stands, as `Stands` has it. Raises DatabaseError, ConfigError, RevisionFileError,
    GraphError."""
    revisions = project_revisions(project)
    outcome = run(project, revisions, "current", lambda rows: (), RunOptions(say=say, looks_back=True))
    rows, found = outcome.before, outcome.standing
    graph = revisions.graph
    implied = below(graph, rows)
    if found is None:
        # A SQLite file that is not there yet was not even opened.
        unknown: tuple[str, ...] = tuple(row for row in rows if row not in graph)
        skipped: tuple[str, ...] = ()
    else:
        unknown, skipped = found.unknown, found.skipped
        if any(row not in graph for row in rows):
            # What lies under such a row only the history tells.
            implied = below(graph, [*rows, *(found.entries or ())])
    pending = [id for id in reversed(graph.sorted(graph)) if id not in implied]
    return {
        "database": redact(outcome.database),
        "rows": list(rows),
        "pending": [_revision(revisions, id) for id in pending],
        "unknown": _lives(project, unknown, found),
        "skipped": [{**_revision(revisions, id), "above": _above(revisions, id, implied, skipped)} for id in skipped],
        "differing": [_run_of(revisions, found.entries[id]) for id in found.differing] if found is not None and found.entries else [],
        "standing": sorted({*implied, *unknown} - set(skipped)),
        "foreign": list(found.foreign) if found is not None else [],
        "has_history": found is not None and found.has_history,
    }


def _revision(revisions: Revisions, id: str) -> dict[str, Any]:
    revision = revisions.by_id[id]
    return {"revision": id, "path": revision.path, "doc": " ".join(revision.doc.split())}


def _above(revisions: Revisions, id: str, implied: frozenset[str], skipped: Sequence[str]) -> str:
    """The nearest revision above ``id`` that did run."""
    graph = revisions.graph
    waiting = [id]
    for each in waiting:
        for child in graph.children(each):
            if child in implied and child not in skipped:
                return child
            waiting.append(child)
    return id


def _run_of(revisions: Revisions, entry: Entry) -> dict[str, Any]:
    return {"revision": entry.revision, "path": revisions.by_id[entry.revision].path, "at": entry.at, "commit": entry.commit}


def _lives(project: Project, ids: Sequence[str], found: Standing | None) -> list[dict[str, Any]]:
    """The unknown revisions with the place where each lives."""
    if not ids:
        return []
    from gitmig.adapters.elsewhere import find

    entries = () if found is None or found.entries is None else tuple(found.entries[id] for id in ids if id in found.entries)
    places = find(project.root, version_folders(project.tree, project.config, locate(project)), ids, entries)
    return [{**place.to_json(), "words": place.words()} for place in places.values()]
