"""What a database has, told without changing anything: its history held against its version rows and against the files here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from gitmig.adapters.database import denied, driver_words
from gitmig.adapters.githead import blob_id
from gitmig.adapters.history import Entry, History
from gitmig.graph.applied import below, compare
from gitmig.runtime.ledger import history_of
from gitmig.runtime.settings import Standing
from gitmig.script.meaning import same_meaning

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext
    from gitmig.runtime.script_module import Scripts


def standing(context: MigrationContext, scripts: Scripts, rows: tuple[str, ...]) -> Standing:
    """Reads the history. Where there is none, or no right to read it, the rows are all that is known."""
    graph = scripts.graph
    history = history_of(context)
    found = None if history is None else _entries(history)
    if history is None or found is None:
        return Standing(unknown=tuple(row for row in rows if row not in graph))
    last = _applied(found)
    compared = compare(graph, rows, found[-1].rows if found else None, list(last))
    for id in compared.gone:
        last.pop(id, None)
    edited = [id for id in last if id in graph and id in below(graph, rows) and _is_edited(scripts, last[id])]
    sources = _applied(history.entries(sources={*edited, *compared.unknown})) if edited or compared.unknown else {}
    entries = {id: replace(entry, source=sources[id].source) if id in sources else entry for id, entry in last.items()}
    differing = [id for id in edited if _differs(scripts, entries[id])]
    return Standing(compared.skipped, compared.came, compared.unknown, tuple(differing), entries)


def _entries(history: History) -> tuple[Entry, ...] | None:
    try:
        return history.entries() if history.exists() else None
    except (DBAPIError, OSError) as error:
        if not denied(driver_words(error)):
            raise
        return None


def _applied(entries: tuple[Entry, ...]) -> dict[str, Entry]:
    """The line by which each revision that counts as applied became so, in the order in which they did."""
    found: dict[str, Entry] = {}
    for entry in entries:
        found.pop(entry.revision, None)
        if entry.direction == "upgrade":
            found[entry.revision] = entry
    return found


def _is_edited(scripts: Scripts, entry: Entry) -> bool:
    return entry.kind == "ran" and entry.blob is not None and entry.blob != scripts.blob(entry.revision)


def _differs(scripts: Scripts, entry: Entry) -> bool:
    """Its place in the graph does not count: what that leads to is a revision that was skipped."""
    ran = (entry.source or "").encode()
    # A source that is not UTF-8 cannot be had back from a text.
    return blob_id(ran) == entry.blob and not same_meaning(ran, scripts.source(entry.revision), links=False)
