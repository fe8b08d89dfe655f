"""Where a work tree stands: its branch, what git is in the middle of, and whether index and files say the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.gitrepo import Repository, split_nul

_HEAD_NAMES = ("rebase-merge/head-name", "rebase-apply/head-name")


@dataclass(frozen=True, slots=True)
class WorkTree:
    """``branch`` is None where HEAD is detached; ``commit`` None before the first one. ``under_way``: "merge", "rebase", "cherry-pick",
    "revert" or "am"; ``rebased`` the branch that a rebase moves.

    ``unmerged`` are paths with conflicts. ``staged``: the index differs from HEAD; ``differs``: files differ from the index, or there are
    files that git was not told of.
    """

    branch: str | None
    commit: str | None
    under_way: str | None = None
    rebased: str | None = None
    unmerged: tuple[str, ...] = ()
    staged: bool = False
    differs: bool = False

    def words(self) -> str:
        """The branch and what is under way, for a line."""
        place = self.branch or (f"detached at {self.commit[:10]}" if self.commit else "no branch")
        if self.commit is None:
            place += " (no commit yet)"
        if self.under_way is None:
            return place
        of = f" of {self.rebased}" if self.rebased else ""
        conflicts = f", {len(self.unmerged)} with conflicts" if self.unmerged else ""
        return f"{place} (in the middle of a {self.under_way}{of}{conflicts})"


def read_work_tree(repository: Repository) -> WorkTree:
    """Ask git, once. Raises GitError."""
    output = repository.git("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal", "--no-renames")
    branch = commit = None
    unmerged: list[str] = []
    staged = differs = False
    for line in split_nul(output):
        kind, _, rest = line.partition(" ")
        if line.startswith("# branch.oid "):
            commit = None if line.endswith("(initial)") else line.rpartition(" ")[2]
        elif line.startswith("# branch.head "):
            branch = None if line.endswith("(detached)") else line.removeprefix("# branch.head ")
        elif kind == "u":
            unmerged.append(rest.split(" ", 9)[-1])
        elif kind == "?":
            differs = True
        elif kind in ("1", "2"):
            staged |= rest[0] != "."
            differs |= rest[1] != "."
    merging = Path(repository.git_dir, "MERGE_HEAD").exists()
    under_way = repository.under_way() or ("merge" if merging else None)
    return WorkTree(branch, commit, under_way, _rebased(repository), tuple(unmerged), staged or bool(unmerged), differs or bool(unmerged))


def _rebased(repository: Repository) -> str | None:
    for name in _HEAD_NAMES:
        try:
            return Path(repository.git_dir, name).read_text().strip().removeprefix("refs/heads/")
        except FileNotFoundError:
            continue
    return None
