"""`baseline`: a database that has tables and no history gets its first revision and is stamped with it; several get one together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.newrevision import NewFile, RevisionRequest, write
from gitmig.commands.project import Project
from gitmig.commands.running import RunOptions
from gitmig.commands.several import databases_of, on_each
from gitmig.commands.stamp import stamp
from gitmig.errors import UsageError


@dataclass(frozen=True, slots=True)
class Held:
    """A database that the revision was held against: its ``name`` (None where the project has one), how many ``tables`` it has, its URL
    without password."""

    name: str | None
    tables: int
    database: str


@dataclass(frozen=True, slots=True)
class Baselined:
    """``file`` is the first revision, written and stamped; None where ``changes`` says how a database differs from what it would make:
    each is what would have to happen to the database."""

    file: NewFile | None
    changes: tuple[Change, ...]
    databases: tuple[Held, ...]
    messages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        written = self.file.to_json() if self.file is not None else {"revision": None, "down_revision": [], "path": None}
        return {
            **written,
            "equal": self.file is not None,
            "changes": [each.to_json() for each in self.changes],
            "database": self.databases[0].database,
            "tables": self.databases[0].tables,
            "databases": [asdict(each) for each in self.databases],
            "messages": list(self.messages),
        }


def baseline(project: Project, request: RevisionRequest, say: Callable[[str], None]) -> Baselined:
    """Write the revision that makes the models, if every database is what it makes, and stamp them with it.

    Raises UsageError (there are revisions, or a history, or no tables), ModelsError, ConfigError, DatabaseError; nothing is left then.
    """
    asked = asdict(request)
    asked["rev_id"] = asked.pop("id")
    names = databases_of(project)
    if names == ():
        raise UsageError("there are no tenants, so there is nothing to begin with")
    if project.config.tenants is not None and names is not None:
        # All tenants have the same tables: the revision of one is that of the others.
        answers = [
            ask(replace(project, options=replace(project.options, database=name)), "baseline", asked, against="database") for name in names
        ]
    else:
        answers = [ask(project, "baseline", asked, against="database")]
    changes = tuple(change for answer in answers for change in _changes(answer, len(answers) > 1))
    held = tuple(Held(each["name"], each["tables"], each["database"]) for answer in answers for each in answer["databases"])
    messages = tuple(dict.fromkeys(text for answer in answers for text in answer["messages"]))
    if changes:
        return Baselined(None, changes, held, messages)
    answer = answers[0]
    content = answer["source"].encode(project.config.output_encoding)
    made = write(project, NewFile(answer["revision"], (), answer["path"], content), say)
    try:
        _stamp(project, names, made.id, say)
    except BaseException:
        # A revision that no database stands at would be run on the next upgrade and fail on every table.
        Path(project.root, made.path).unlink(missing_ok=True)
        raise
    return Baselined(made, (), held, messages)


def _changes(answer: Mapping[str, Any], several: bool) -> Sequence[Change]:
    found = changes_of(answer)
    if not several:
        return found
    name = answer["databases"][0]["name"]
    return [replace(each, summary=f"{name}: {each.summary}") for each in found]


def _stamp(project: Project, names: tuple[str, ...] | None, id: str, say: Callable[[str], None]) -> None:
    if names is None:
        stamp(project, [id], options=RunOptions(say=say))
        return
    done = on_each(project, names, {"command": "stamp", "target": [id], "quiet": True}, project.config.jobs, lambda _each: None)
    failed = next((each for each in done if each.error is not None), None)
    if failed is None:
        return
    stamped = [each.name for each in done if each.error is None]
    if stamped:
        on_each(project, stamped, {"command": "stamp", "target": ["base"], "quiet": True}, project.config.jobs, lambda _each: None)
    assert failed.error is not None
    raise failed.error
