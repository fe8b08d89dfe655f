"""Where the Python files on disk differ from those of the index or of a commit: what the overlay must serve and hide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gitmig.adapters.gitrepo import Repository, Running, join_nul, split_nul

PYTHON = ("--", "*.py")
_NOTHING = "0" * 40


@dataclass(frozen=True, slots=True)
class Served:
    """A file as the tree holds it. ``filtered``: a smudge filter or an encoding stands between the blob and the text."""

    mode: str
    oid: str
    filtered: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """Python files that are other on disk than in the tree, by path from the top of the repository.

    ``served`` have another content on disk or are missing there; ``hidden`` are on disk only (untracked, intent-to-add, or added since
    the commit). Ignored files are neither: a generated version module is no leak.
    """

    served: Mapping[str, Served]
    hidden: frozenset[str]

    def to_json(self) -> dict[str, Any]:
        return {
            "served": {path: [each.mode, each.oid, each.filtered] for path, each in self.served.items()},
            "hidden": sorted(self.hidden),
        }


def difference_from_json(data: Mapping[str, Any]) -> Difference:
    """The opposite of `Difference.to_json`."""
    return Difference({path: Served(*each) for path, each in data["served"].items()}, frozenset(data["hidden"]))


class Comparing:
    """The questions to git under way; `result` waits for them. Asked before the child starts, answered while it imports."""

    def __init__(self, repository: Repository, oid: str | None = None) -> None:
        """``oid`` None compares with the index."""
        against = () if oid is None else (oid,)
        self._repository = repository
        self._changes: Running = repository.start(
            "diff",
            *against,
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            "--no-color",
            "--ignore-submodules",
            *PYTHON,
        )
        self._untracked = repository.start("ls-files", "-o", "--exclude-standard", "-z", *PYTHON)
        self._entries = repository.start("ls-files", "-v", "-s", "-z", *PYTHON)

    def result(self) -> Difference:
        """Raises GitError."""
        served, hidden = read_changes(self._changes.result())
        hidden.update(split_nul(self._untracked.result()))
        # `git diff` believes assume-unchanged and skip-worktree entries blindly, so they are always served.
        for path, each in unwatched(self._entries.result()).items():
            served.setdefault(path, each)
        hidden.difference_update(served)
        for path in self._filtered(served):
            served[path] = Served(served[path].mode, served[path].oid, filtered=True)
        return Difference(served, frozenset(hidden))

    def _filtered(self, served: Mapping[str, Served]) -> list[str]:
        if not served:
            return []
        asked = ("filter", "working-tree-encoding")
        answer = split_nul(self._repository.git("check-attr", "-z", "--stdin", *asked, stdin=join_nul(served)))
        rows = zip(answer[0::3], answer[2::3], strict=True)
        return [path for path, value in rows if value not in ("unspecified", "unset")]


def read_changes(raw: bytes) -> tuple[dict[str, Served], set[str]]:
    """What `git diff --raw -z --no-renames` printed: the files to serve, and those that the tree lacks."""
    served: dict[str, Served] = {}
    hidden: set[str] = set()
    fields = split_nul(raw)
    for meta, path in zip(fields[0::2], fields[1::2], strict=True):
        mode, _, oid, _, status = meta.removeprefix(":").split(" ")
        # An intent-to-add entry shows as A: its content is not in the index, so it is not in the commit.
        if status == "A" or oid.strip("0") == "":
            hidden.add(path)
        else:
            served[path] = Served(mode, oid)
    return served, hidden


def unwatched(listing: bytes) -> dict[str, Served]:
    """Of `git ls-files -v -s -z`, the entries that git does not compare with the disk."""
    found: dict[str, Served] = {}
    for line in split_nul(listing):
        if line[0] == "S" or line[0].islower():
            meta, _, path = line.partition("\t")
            _, mode, oid, _ = meta.split(" ")
            found[path] = Served(mode, oid)
    return found
