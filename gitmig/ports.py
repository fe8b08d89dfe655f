"""The protocols through which commands reach files, git and people; adapters fill them, tests use plain objects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree. ``path`` is posix, relative to the tree's root; ``oid`` is git's blob id where it is known without reading."""

    path: str
    oid: str | None = None
    mode: str = "100644"


class Tree(Protocol):
    """Files of the index, of a commit, of the work tree, or a dict in a test; rooted at the project's root."""

    def read(self, path: str) -> bytes:
        """The file's content. Raises FileNotFoundError."""
        ...

    def exists(self, path: str) -> bool: ...

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        """The files in ``folder`` ("" is the root), sorted by path; empty where there is no such folder.

        An absolute ``folder`` is only understood by a work tree's tree.
        """
        ...


@dataclass(frozen=True, slots=True)
class Commit:
    """What is told of a commit: 40-hex id, author's name, ISO date, first line of its message."""

    oid: str
    author: str
    date: str
    subject: str


class Prompter(Protocol):
    """Asks a person. ``interactive`` is false where nobody can answer."""

    interactive: bool

    def choose(self, question: str, options: Sequence[str]) -> int: ...

    def confirm(self, question: str) -> bool: ...
