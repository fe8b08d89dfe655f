"""`revision --autogenerate`: the revision that the models ask for, written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.baseline import Against
from gitmig.commands.newrevision import NewFile, RevisionRequest, write
from gitmig.commands.project import Project


@dataclass(frozen=True, slots=True)
class Generated:
    """What was found, and the file that was written: None where the models ask for nothing."""

    changes: tuple[Change, ...]
    file: NewFile | None
    messages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        written = self.file.to_json() if self.file is not None else {"revision": None, "down_revision": [], "path": None}
        return {**written, "changes": [each.to_json() for each in self.changes], "messages": list(self.messages)}


def autogenerate(
    project: Project, request: RevisionRequest, say: Callable[[str], None], *, against: Against = "replay", staged: bool = False
) -> Generated:
    """Compare, and write the revision into the work tree.

    Raises ModelsError, GraphError (several heads), CheckFailed (revisions that cannot be read), ConfigError, DatabaseError.
    """
    asked = asdict(request)
    asked["rev_id"] = asked.pop("id")
    asked["even_empty"] = True
    answer = ask(project, "autogenerate", asked, staged=staged, against=against)
    changes, messages = changes_of(answer), tuple(answer["messages"])
    if answer["source"] is None:
        return Generated(changes, None, messages)
    content = answer["source"].encode(project.config.output_encoding)
    made = NewFile(answer["revision"], tuple(answer["down"]), answer["path"], content)
    return Generated(changes, write(project, made, say), messages)
