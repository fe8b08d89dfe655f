"""Who brought a file, in which commit, and which branches have it: for the texts that name people. GitPython is imported only here."""

from __future__ import annotations

from dataclasses import dataclass

from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.mergehead import other_sides
from gitmig.ports import Commit


@dataclass(frozen=True, slots=True)
class Story:
    """The commit that added a file, and the branches (short names, local ones first) that contain it."""

    commit: Commit
    branches: tuple[str, ...] = ()


class Stories:
    """Asked for file by file; each answer is remembered."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._sides = other_sides(repository)
        self._told: dict[str, Story | None] = {}

    def of(self, path: str) -> Story | None:
        """The story of ``path`` (posix, from the repository's top); None for a file that no commit holds."""
        if path not in self._told:
            self._told[path] = self._find(path)
        return self._told[path]

    def _find(self, path: str) -> Story | None:
        import git

        repo = git.Repo(self._repository.top)
        try:
            refs = ["--all", *(["HEAD"] if self._resolves("HEAD") else []), *self._sides]
            oid = repo.git.log(*refs, "--diff-filter=A", "--format=%H", "-1", "--", path)
            if not oid:
                return None
            commit = repo.commit(oid)
            names = repo.git.for_each_ref("--contains", oid, "--format=%(refname:short)", "refs/heads", "refs/remotes").split("\n")
        finally:
            repo.close()
        author = str(commit.author.name or commit.author.email or "")
        told = Commit(oid, author, commit.committed_datetime.isoformat(), str(commit.summary))
        return Story(told, tuple(name for name in names if name and not name.endswith("/HEAD")))

    def _resolves(self, name: str) -> bool:
        return self._repository.attempt("rev-parse", "-q", "--verify", name).returncode == 0
