"""`current`: where the database is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gitmig.adapters.elsewhere import Whereabouts
from gitmig.adapters.history import Entry
from gitmig.commands.missing import find_missing, history_entries
from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.revisionview import RevisionView, views
from gitmig.commands.running import USUAL, run
from gitmig.script.load import Revisions

if TYPE_CHECKING:
    from gitmig.runtime.migrationcontext import MigrationContext


@dataclass(frozen=True, slots=True)
class Place:
    """``rows`` of the version table; ``current`` the revisions that nothing applied follows (rows, and heads that rows depend on);
    ``unknown`` rows that no file defines; ``missing_heads`` those of the files that are not applied yet; ``database`` its URL without
    password; ``elsewhere`` says where the unknown rows live."""

    rows: tuple[str, ...]
    current: tuple[RevisionView, ...]
    unknown: tuple[str, ...]
    missing_heads: tuple[str, ...]
    database: str
    elsewhere: tuple[Whereabouts, ...] = ()

    @property
    def at_heads(self) -> bool:
        return not self.unknown and not self.missing_heads

    def complaint(self) -> tuple[str, str]:
        """Why it is not at all heads, and what to do; two empty texts where it is."""
        if self.unknown:
            rows = ", ".join(self.unknown)
            told = "".join(f"; {each.revision} lives {each.words()}" for each in self.elsewhere)
            return (
                f"the database is at {rows}, which no file here defines: this checkout is older than its database, or of another branch"
                + told,
                "`gitmig sync` brings a local database to this checkout; else use the version that it was upgraded with.",
            )
        if self.missing_heads:
            return f"the database is not at all heads: it lacks {', '.join(self.missing_heads)}", "`gitmig upgrade` brings it there."
        return "", ""

    def to_json(self) -> dict[str, Any]:
        return {
            "database": self.database,
            "rows": list(self.rows),
            "current": [view.to_json() for view in self.current],
            "unknown": list(self.unknown),
            "elsewhere": [each.to_json() for each in self.elsewhere],
            "missing_heads": list(self.missing_heads),
            "at_heads": self.at_heads,
        }


def database_rows(project: Project, revisions: Revisions) -> tuple[str, ...]:
    """The rows of the version table, sorted; none where there is no such table. Raises DatabaseError, ConfigError."""
    return run(project, revisions, "current", lambda rows: (), USUAL).before


def current(project: Project) -> Place:
    """Where the database is. Writes nothing. Raises DatabaseError, ConfigError, RevisionFileError, GraphError."""
    revisions = project_revisions(project)
    graph = revisions.graph
    entries: list[Entry] = []

    def look(context: MigrationContext, rows: tuple[str, ...]) -> None:
        if any(row not in graph for row in rows):
            entries.extend(history_entries(context, graph))

    asked = run(project, revisions, "current", lambda rows: (), USUAL, look=look)
    rows = asked.before
    unknown = tuple(row for row in rows if row not in graph)
    found = find_missing(project, revisions, unknown, entries).found if unknown else {}
    known = [row for row in rows if row in graph]
    applied = graph.ancestors(*known)
    shown = graph.sorted(id for id in applied if applied.isdisjoint(graph.children(id)))
    return Place(
        rows,
        views(project, revisions, shown, None),
        unknown,
        tuple(head for head in graph.heads() if head not in applied),
        asked.database,
        tuple(found.get(row, Whereabouts(row, "nowhere")) for row in unknown),
    )
