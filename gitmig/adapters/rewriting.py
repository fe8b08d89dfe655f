"""Changing files in each commit of a line of commits, without touching anything else of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.gittree import read_index_entries
from gitmig.adapters.staging import scratch_index, stage_content
from gitmig.errors import CheckFailed


class CannotRewrite(CheckFailed):
    """The commits have to stay as they are; the message says why."""


@dataclass(frozen=True, slots=True)
class FileEdit:
    """What becomes of the file at ``path`` (from the top) in each commit that has it."""

    path: str
    change: Callable[[bytes], bytes]


def rewrite(repository: Repository, onto: str, edits: Sequence[FileEdit], note: str) -> str:
    """Make the commits from ``onto`` (not included) to HEAD anew with ``edits``, and move HEAD, index and work tree there; the old HEAD.

    Messages, authors and dates stay. Raises CannotRewrite, and then nothing has changed: for merges, signed commits, commits that a
    remote-tracking ref has, and files with changes that are not committed.
    """
    old = repository.git("rev-parse", "HEAD").decode().strip()
    commits = [line.split() for line in repository.git("rev-list", "--reverse", "--parents", f"{onto}..{old}").decode().splitlines()]
    if not commits or any(len(each) != 2 for each in commits) or commits[0][1] != onto:
        raise CannotRewrite("the rebased commits are no straight line")
    if repository.git("for-each-ref", "--contains", commits[0][0], "--format=%(refname)", "refs/remotes").strip():
        raise CannotRewrite("the rebased commits were pushed already")
    parent = onto
    with scratch_index(repository, onto) as trial:
        for commit, _ in commits:
            trial.git("read-tree", commit)
            for edit in _present(trial, edits):
                stage_content(trial, edit.path, edit.change(trial.git("cat-file", "blob", f":{edit.path}")))
            parent = _commit(repository, commit, trial.git("write-tree").decode().strip(), parent)
    if repository.attempt("read-tree", "-m", "-u", old, parent).returncode:
        raise CannotRewrite("there are changes that are not committed")
    repository.git("update-ref", "-m", note, "HEAD", parent, old)
    return old


def _present(repository: Repository, edits: Sequence[FileEdit]) -> Iterator[FileEdit]:
    specs = [f":(top,literal){edit.path}" for edit in edits]
    found = read_index_entries(repository.git("ls-files", "-s", "-z", "--", *specs))
    return (edit for edit in edits if edit.path in found)


def _commit(repository: Repository, commit: str, tree: str, parent: str) -> str:
    header, _, message = repository.git("cat-file", "commit", commit).partition(b"\n\n")
    lines = header.split(b"\n")
    if any(line.startswith(b"gpgsig") for line in lines):
        raise CannotRewrite("a rebased commit is signed")
    named = {b"tree": tree, b"parent": parent}
    lines = [b"%s %s" % (word, named[word].encode()) if (word := line.partition(b" ")[0]) in named else line for line in lines]
    return repository.git("hash-object", "-t", "commit", "-w", "--stdin", stdin=b"\n".join(lines) + b"\n\n" + message).decode().strip()
