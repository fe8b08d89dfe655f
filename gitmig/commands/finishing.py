"""A merge without conflicts: git has written its tree before the hook runs, so what the hook adds is not in the commit by itself.

It is there when `git commit` ends the merge (``finish = "stop"``), or when the post-merge hook puts it into the commit that was made
(``"amend"``): the same commit with another tree. A signature would be void and others could have the commit: then it is left as it is.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from gitmig.adapters.gitrepo import Repository
from gitmig.commands import hooktext
from gitmig.commands.surroundings import Report
from gitmig.errors import GitmigError

_MARK = "amend-merge"


def finish(repository: Repository, asked: Collection[str], report: Report) -> Report:
    """The hook's report after something was staged for a merge without conflicts. ``asked``: what the projects concerned say; none: nothing
    was staged."""
    mark = _mark(repository)
    mark.unlink(missing_ok=True)
    if not asked:
        return report
    if set(asked) == {"amend"} and not _signs(repository):
        tree = repository.git("write-tree").decode().strip()
        try:
            mark.parent.mkdir(parents=True, exist_ok=True)
            mark.write_text(tree, "ascii")
        except OSError as error:
            raise GitmigError(f"{mark} cannot be written: {error.strerror or error}") from error
        return report
    return Report(1, tuple(hooktext.completes(report.lines)))


def amend(repository: Repository) -> list[str]:
    """After the merge: put what was staged for it into its commit. What could not be done, in lines."""
    mark = _mark(repository)
    if not mark.exists():
        return []
    wanted = mark.read_text("ascii").strip()
    mark.unlink(missing_ok=True)
    head = repository.git("rev-parse", "HEAD").decode().strip()
    commit = repository.git("cat-file", "commit", head)
    header, _, message = commit.partition(b"\n\n")
    lines = header.split(b"\n")
    if sum(line.startswith(b"parent ") for line in lines) < 2 or repository.git("write-tree").decode().strip() != wanted:
        return []
    why = None
    if any(line.startswith((b"gpgsig ", b"gpgsig-sha256 ")) for line in lines):
        why = "is signed"
    elif repository.git("for-each-ref", "--contains", head, "--format=%(refname)", "refs/remotes"):
        why = "was pushed already"
    if why is not None:
        return [f"gitmig: the merge commit {why}, so its revision is not put into it; it is staged.", "  Next: git commit"]
    lines[0] = f"tree {wanted}".encode()
    new = repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=b"\n".join(lines) + b"\n\n" + message).decode().strip()
    repository.git("update-ref", "-m", "gitmig: the merge with its revision", "HEAD", new, head)
    return []


def _mark(repository: Repository) -> Path:
    return repository.state_folder() / _MARK


def _signs(repository: Repository) -> bool:
    return repository.attempt("config", "--type=bool", "--get", "commit.gpgSign").stdout.strip() == b"true"
