"""Whether the commit under way amends HEAD, which git tells no hook.

Two signs must agree. Git hands hooks the author that the commit will have, and `--amend` takes HEAD's, date included; but so do
`-C HEAD`, a fixed GIT_AUTHOR_DATE, and two commits within a second. And the words of the git process that runs the hook; but where only
`ps` tells them they come without their borders, and on some systems nobody does. Where the signs do not agree it is no amend: what the
hook does then is right for any commit.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from gitmig.adapters.gitrepo import Repository

_AMEND = ("--amend", "--amen", "--ame", "--am")
"""Git takes an option by any beginning that no other option has."""
_VALUED = ("-c", "-C", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env", "--exec-path")
_FAR = 32
"""Processes between git and this one: a shell, the framework, its launcher, ... and an end to the search."""


def is_amend(repository: Repository) -> bool:
    """Whether git was asked to amend HEAD; False too where that cannot be known."""
    if not repository.committing or not _author_is_heads(repository):
        return False
    for words in _lineage(os.getppid()):
        arguments = commit_arguments(words)
        if arguments is not None:
            return asks_to_amend(arguments)
    return False


def commit_arguments(words: list[str]) -> list[str] | None:
    """What stands after `git ... commit`; None for any other command."""
    if not words or Path(words[0]).name.lower() not in ("git", "git.exe"):
        return None
    rest = iter(words[1:])
    for word in rest:
        if word in _VALUED:
            next(rest, None)
        elif not word.startswith("-"):
            return list(rest) if word == "commit" else None
    return None


def asks_to_amend(arguments: list[str]) -> bool:
    """Whether ``arguments`` of `git commit` say `--amend`; paths after `--` say nothing."""
    amend = False
    for word in arguments:
        if word == "--":
            break
        amend = word in _AMEND or (amend and word != "--no-amend")
    return amend


def _author_is_heads(repository: Repository) -> bool:
    name, mail, date = (os.environ.get(f"GIT_AUTHOR_{part}") for part in ("NAME", "EMAIL", "DATE"))
    if name is None or mail is None or date is None:
        return False
    shown = repository.attempt("cat-file", "commit", "HEAD")
    author = os.fsencode(f"author {name} <{mail}> {date.removeprefix('@')}")
    return shown.returncode == 0 and author in shown.stdout.partition(b"\n\n")[0].split(b"\n")


def _lineage(process: int) -> Iterator[list[str]]:
    """The words of ``process`` and of those that it descends from, nearest first, as far as they can be read."""
    for _ in range(_FAR):
        found = _from_proc(process) if Path("/proc/self/stat").exists() else _from_ps(process)
        if found is None:
            return
        process, words = found
        yield words


def _from_proc(process: int) -> tuple[int, list[str]] | None:
    """(parent, words); the name in the second field of ``stat`` may hold anything, brackets included."""
    try:
        stat = Path(f"/proc/{process}/stat").read_bytes()
        words = Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return None
    return int(stat.rpartition(b")")[2].split()[1]), [os.fsdecode(word) for word in words.split(b"\0")[:-1]]


def _from_ps(process: int) -> tuple[int, list[str]] | None:
    """The same, of a system that has POSIX's ps: words with a blank in them come apart."""
    try:
        done = subprocess.run(("ps", "-o", "ppid=", "-o", "args=", "-p", str(process)), capture_output=True, check=False)
    except OSError:
        return None
    parent, *words = os.fsdecode(done.stdout).split() or [""]
    return (int(parent), words) if parent.isdigit() else None
