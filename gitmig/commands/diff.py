"""`diff`: how the models differ from the revisions, or from those of another commit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from gitmig.adapters.gitrepo import Repository, discover
from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.baseline import Against
from gitmig.commands.project import Project
from gitmig.errors import GitError, UsageError

Form = Literal["table", "ops", "sql"]


@dataclass(frozen=True, slots=True)
class Differences:
    """The ``changes``; ``lines`` are the operations in the form asked for, SQL under its dialect's name, Python under ""."""

    changes: tuple[Change, ...]
    lines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    opaque: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "changes": [each.to_json() for each in self.changes],
            "lines": {name or "python": list(lines) for name, lines in self.lines.items()},
            "opaque": list(self.opaque),
            "messages": list(self.messages),
        }


def diff(project: Project, *, form: Form = "table", against: Against = "replay", staged: bool = False) -> Differences:
    """Models against the baseline. Raises as `revision.autogenerate`, but for several heads, which matter to no diff."""
    return _told(ask(project, "diff", {"form": form}, staged=staged, against=against))


def diff_commits(project: Project, between: str, *, form: Form = "table") -> Differences:
    """The models of one commit against those of another: ``between`` is "REV..REV", either end empty for HEAD.

    Raises UsageError for another text, GitError for names that mean no commit, ModelsError.
    """
    first, dots, second = between.partition("..")
    if not dots or second.startswith("."):
        raise UsageError(f"'{between}' is no range of commits", "Write it as `REV..REV`, for example `main..HEAD`.")
    repository = discover(project.root)
    before = ask(project, "freeze", {}, commit=commit_id(repository, first or "HEAD"))
    request = {"form": form, "before": before["schema"]}
    return _told(ask(project, "diff", request, commit=commit_id(repository, second or "HEAD")))


def commit_id(repository: Repository, name: str) -> str:
    """The id of the commit that ``name`` means. Raises GitError."""
    done = repository.attempt("rev-parse", "-q", "--verify", "--end-of-options", f"{name}^{{commit}}")
    if done.returncode:
        raise GitError(f"'{name}' is no commit of this repository", "`git branch -a` and `git log` name those that are.")
    return done.stdout.decode().strip()


def _told(answer: Mapping[str, Any]) -> Differences:
    return Differences(
        changes_of(answer),
        {name: tuple(lines) for name, lines in answer["lines"].items()},
        tuple(answer["opaque"]),
        tuple(answer["messages"]),
    )
