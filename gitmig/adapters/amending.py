"""Whether the commit under way amends HEAD, which git tells no hook.

Two signs must agree. The words of the git process that runs the hook, read as git reads them: where an option is not known here, it is no
amend. And the author that git hands to hooks: `--amend` takes HEAD's, date included, but for what `--author`, `--date` and `--reset-author`
say. Where the system tells the words without their borders (ps), a message could pass for an option: there all of the author must be
HEAD's. Where the signs do not agree it is no amend: what the hook does then is right for any commit.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gitmig.adapters.gitrepo import Repository

_PLAIN = frozenset(
    (
        *("quiet", "verbose", "reset-author", "signoff", "edit", "status", "all", "include", "interactive", "patch", "only", "verify"),
        *("dry-run", "short", "branch", "ahead-behind", "porcelain", "long", "null", "amend", "post-rewrite", "allow-empty"),
        *("allow-empty-message", "pathspec-file-nul", "gpg-sign", "untracked-files"),
    )
)
"""Options of `git commit` that take no word of their own (the last two: only one that is joined to them by a sign)."""
_OWN_WORD = frozenset(
    (
        *("file", "author", "date", "message", "reedit-message", "reuse-message", "fixup", "squash", "trailer", "template", "cleanup"),
        *("pathspec-from-file", "unified", "inter-hunk-context"),
    )
)
"""Those that take the next word where none is joined to them."""
_LETTERS = "qvseaiponz"
_LETTERS_WITH_REST = "Su"
_LETTERS_WITH_WORD = "FmcCtU"
_AUTHORS = {"author": ("name",), "date": ("date",), "reset-author": ("name", "date"), "reuse-message": ("name", "date")}
_AUTHORS["reedit-message"] = _AUTHORS["reuse-message"]
"""What of the author an option takes from elsewhere than HEAD."""
_VALUED = ("-c", "-C", "--git-dir", "--work-tree", "--namespace", "--super-prefix", "--config-env", "--exec-path")
_FAR = 32
"""Processes between git and this one: a shell, the framework, its launcher, ... and an end to the search."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the words of `git commit` ask for; ``own`` is what of the author ("name", "date") they do not leave to HEAD."""

    amend: bool
    own: frozenset[str] = frozenset()


def is_amend(repository: Repository) -> bool:
    """Whether git was asked to amend HEAD; False too where that cannot be known."""
    if not repository.committing:
        return False
    bordered = Path("/proc/self/stat").exists()
    for words in _lineage(os.getppid(), bordered):
        arguments = commit_arguments(words)
        if arguments is not None:
            asked = read_arguments(arguments)
            own = asked.own if asked is not None and bordered else frozenset()
            return asked is not None and asked.amend and _author_is_heads(repository, own)
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


def read_arguments(arguments: list[str]) -> Asked | None:
    """What ``arguments`` of `git commit` ask for, read by git's own rules (parse-options); None where one of them is not known here."""
    amend, own = False, frozenset[str]()
    rest = iter(arguments)
    for word in rest:
        if word in ("--", "--end-of-options"):
            break
        if word.startswith("--"):
            option, joined, _ = word.removeprefix("--").partition("=")
            if option.startswith("no-"):
                amend = amend and not "no-amend".startswith(option)
                continue
            name = _option(option)
            if name is None:
                return None
            amend = amend or name == "amend"
            own |= frozenset(_AUTHORS.get(name, ()))
            if name in _OWN_WORD and not joined:
                next(rest, None)
        elif word.startswith("-") and word != "-":
            letters = word[1:].lstrip(_LETTERS)
            if not letters or letters[0] in _LETTERS_WITH_REST:
                continue
            if letters[0] not in _LETTERS_WITH_WORD:
                return None
            own |= frozenset(_AUTHORS["reuse-message"] if letters[0] in "cC" else ())
            if len(letters) == 1:
                next(rest, None)
    return Asked(amend, own)


def _option(given: str) -> str | None:
    """The option that ``given`` is, or is the beginning of; None where git knows more of them than this."""
    if given in _PLAIN | _OWN_WORD:
        return given
    found = [name for name in sorted(_PLAIN | _OWN_WORD) if name.startswith(given)]
    return found[0] if len(found) == 1 and given else None


def _author_is_heads(repository: Repository, own: frozenset[str]) -> bool:
    """Whether the author of the commit under way is that of HEAD, but for what is its ``own``."""
    name, mail, date = (os.environ.get(f"GIT_AUTHOR_{part}") for part in ("NAME", "EMAIL", "DATE"))
    shown = repository.attempt("cat-file", "commit", "HEAD")
    if name is None or mail is None or date is None or shown.returncode:
        return False
    lines = shown.stdout.partition(b"\n\n")[0].split(b"\n")
    author = next((line for line in lines if line.startswith(b"author ")), b"")
    before, _, when = author.rpartition(b"> ")
    same_name = before == os.fsencode(f"author {name} <{mail}")
    same_date = when == os.fsencode(date.removeprefix("@"))
    return (same_name or "name" in own) and (same_date or "date" in own)


def _lineage(process: int, bordered: bool) -> Iterator[list[str]]:
    """The words of ``process`` and of those that it descends from, nearest first, as far as they can be read."""
    for _ in range(_FAR):
        found = _from_proc(process) if bordered else _from_ps(process)
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
