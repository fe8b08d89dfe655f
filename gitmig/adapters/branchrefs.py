"""What other branches hold, read from git's objects: refs, and the files of one folder in each, without a checkout."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from gitmig.adapters.gitrepo import Repository, split_nul
from gitmig.errors import GitError
from gitmig.ports import Commit, Entry

_SHAPE = "--format=%(refname)%00%(refname:short)%00%(objectname)%00%(symref)"
_LINE = "%x01%H%x00%an%x00%aI%x00%s%x00"


@dataclass(frozen=True, slots=True)
class BranchRef:
    """A branch by its short name ("main", "origin/main") and the commit that it is at."""

    name: str
    commit: str


@dataclass(frozen=True, slots=True)
class Changed:
    """How a folder differs from another: entries that it lacks, and entries that the other lacks; paths are from the repository's top."""

    gone: tuple[Entry, ...] = ()
    come: tuple[Entry, ...] = ()


def branch_refs(repository: Repository, pattern: str | None = None) -> tuple[BranchRef, ...]:
    """The local branches, then the remote-tracking ones, by name. ``pattern`` is a shell pattern over either name of a ref.

    What a ref like origin/HEAD points to is there under its own name.
    """
    found = []
    for line in os.fsdecode(repository.git("for-each-ref", _SHAPE, "refs/heads", "refs/remotes")).splitlines():
        full, short, oid, symref = line.split("\0")
        if not symref and (pattern is None or fnmatchcase(short, pattern) or fnmatchcase(full, pattern)):
            found.append(BranchRef(short, oid))
    return tuple(found)


def folder_trees(repository: Repository, commits: Sequence[str], folder: str) -> tuple[str | None, ...]:
    """The tree that each commit has at ``folder`` (from the top, "" for the top itself); None where it has none."""
    asked = "".join(f"{commit}:{folder.rstrip('/')}\n" for commit in commits)
    answers = repository.git("cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=os.fsencode(asked)).split(b"\n")
    return tuple(
        answer.decode().removeprefix("tree ") if answer.startswith(b"tree ") else None for answer, _ in zip(answers, commits, strict=False)
    )


def tree_files(repository: Repository, tree: str, folder: str) -> tuple[Entry, ...]:
    """Every file of ``tree``, which is the one at ``folder``; paths from the repository's top."""
    found = []
    for line in split_nul(repository.git("ls-tree", "-r", "-z", "--full-tree", tree)):
        meta, _, path = line.partition("\t")
        mode, _, oid = meta.split(" ")
        found.append(Entry(_join(folder, path), oid, mode))
    return tuple(found)


def tree_changes(repository: Repository, before: str, trees: Iterable[str], folder: str) -> Mapping[str, Changed]:
    """How each of the ``trees`` at ``folder`` differs from ``before``."""
    asked = [each for each in dict.fromkeys(trees) if each != before]
    found = {before: Changed(), **dict.fromkeys(asked, Changed())}
    if not asked:
        return found
    output = repository.git(
        "diff-tree",
        "--stdin",
        "-r",
        "--raw",
        "-z",
        "--no-renames",
        "--no-abbrev",
        stdin="".join(f"{before} {each}\n" for each in asked).encode(),
    )
    place = 0
    tree = ""
    gone: dict[str, list[Entry]] = {}
    come: dict[str, list[Entry]] = {}
    while place < len(output):
        if output[place : place + 1] != b":":
            end = output.index(b"\n", place)
            tree = output[place:end].split(b" ")[1].decode()
            place = end + 1
            continue
        end = output.index(b"\0", place)
        old_mode, new_mode, old, new, status = output[place + 1 : end].decode().split(" ")
        stop = output.index(b"\0", end + 1)
        path = _join(folder, os.fsdecode(output[end + 1 : stop]))
        place = stop + 1
        if status != "A":
            gone.setdefault(tree, []).append(Entry(path, old, old_mode))
        if status != "D":
            come.setdefault(tree, []).append(Entry(path, new, new_mode))
    return {**found, **{each: Changed(tuple(gone.get(each, ())), tuple(come.get(each, ()))) for each in asked}}


def added_by(repository: Repository, commits: Sequence[str], paths: Iterable[str]) -> dict[str, Commit]:
    """For each of ``paths`` the newest commit that brought it, among those that not all of ``commits`` have in common."""
    wanted = frozenset(paths)
    if not wanted:
        return {}
    starts = list(dict.fromkeys(commits))
    base = repository.attempt("merge-base", "--octopus", *starts).stdout.decode().split()
    # A folder is one comparison for each commit; every single path would be one more.
    limits = [f":(top,literal){each}" for each in sorted({posixpath.dirname(path) or "." for path in wanted})]
    output = repository.git(
        *("log", "--stdin", "--diff-filter=A", "--no-renames", "--name-only", "-z", "-c", f"--format={_LINE}", "--"),
        *limits,
        stdin="\n".join([*starts, *(f"^{each}" for each in base)]).encode(),
    )
    found: dict[str, Commit] = {}
    for block in output.split(b"\x01")[1:]:
        oid, author, date, subject, *names = [os.fsdecode(each) for each in block.split(b"\0")]
        for name in names:
            path = name.lstrip("\n")
            if path in wanted:
                found.setdefault(path, Commit(oid, author, date, subject))
    return found


def reached_locally(repository: Repository, commit: str) -> bool:
    """Whether a local branch, HEAD or their reflogs reach the commit: it was in somebody's hands on this machine."""
    heads = repository.git("for-each-ref", "--format=%(objectname)", "refs/heads")
    head = repository.attempt("rev-parse", "-q", "--verify", "HEAD").stdout
    logged = repository.attempt("log", "-g", "--format=%H", *(["HEAD"] if head else []), "--branches").stdout
    known = dict.fromkeys(line for line in (heads + head + logged).split(b"\n") if line)
    asked = b"".join([commit.encode() + b"\n", *(b"^" + line + b"\n" for line in known)])
    return not repository.git("rev-list", "-1", "--stdin", stdin=asked)


@dataclass(frozen=True, slots=True)
class Merged:
    """What `git merge` would make: its tree, and the paths (from the top) that conflict."""

    tree: str
    conflicted: tuple[str, ...]


def merged_tree(repository: Repository, ours: str, theirs: str) -> Merged:
    """Merge two commits into a tree; index, work tree and refs stay as they are. Raises GitError where git cannot do it."""
    done = repository.attempt("merge-tree", "--write-tree", "-z", "--name-only", "--no-messages", ours, theirs)
    if done.returncode not in (0, 1):
        said = os.fsdecode(done.stderr).strip().splitlines()
        if any(line.startswith("usage:") for line in said):
            raise GitError("this git cannot merge without a work tree", "Install git 2.38 or newer.")
        raise GitError(f"git cannot merge the two: {(said or ['no reason given'])[0].removeprefix('fatal: ')}")
    tree, *paths = split_nul(done.stdout)
    return Merged(tree, tuple(dict.fromkeys(paths)))


def _join(folder: str, path: str) -> str:
    return f"{folder.rstrip('/')}/{path}" if folder.rstrip("/") else path
