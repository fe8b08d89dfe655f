"""`baseline`: a database that has tables and no history gets its first revision, and is stamped with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.newrevision import NewFile, RevisionRequest, write
from gitmig.commands.project import Project
from gitmig.commands.running import RunOptions
from gitmig.commands.stamp import stamp


@dataclass(frozen=True, slots=True)
class Baselined:
    """``file`` is the first revision, written and stamped; None where ``changes`` says how the database differs from what it would make:
    each is what would have to happen to the database. ``tables`` counts those of the database, ``database`` is its URL without password."""

    file: NewFile | None
    changes: tuple[Change, ...]
    tables: int
    database: str
    messages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        written = self.file.to_json() if self.file is not None else {"revision": None, "down_revision": [], "path": None}
        return {
            **written,
            "equal": self.file is not None,
            "changes": [each.to_json() for each in self.changes],
            "database": self.database,
            "tables": self.tables,
            "messages": list(self.messages),
        }


def baseline(project: Project, request: RevisionRequest, say: Callable[[str], None]) -> Baselined:
    """Write the revision that makes the models, if the database is what it makes, and stamp the database with it.

    Raises UsageError (there are revisions, or a history, or no tables), ModelsError, ConfigError, DatabaseError; nothing is left then.
    """
    asked = asdict(request)
    asked["rev_id"] = asked.pop("id")
    answer = ask(project, "baseline", asked, against="database")
    changes = changes_of(answer)
    tables, database, messages = answer["tables"], answer["database"], tuple(answer["messages"])
    if changes:
        return Baselined(None, changes, tables, database, messages)
    content = answer["source"].encode(project.config.output_encoding)
    made = write(project, NewFile(answer["revision"], (), answer["path"], content), say)
    try:
        stamp(project, [made.id], options=RunOptions(say=say))
    except BaseException:
        # A revision that no database stands at would be run on the next upgrade and fail on every table.
        Path(project.root, made.path).unlink(missing_ok=True)
        raise
    return Baselined(made, (), tables, database, messages)
