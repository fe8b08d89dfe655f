"""What can be wrong with a graph, or with a name in it: kinds of GraphError that callers tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from gitmig.errors import GraphError


class BrokenGraph(GraphError):
    """The nodes do not make a graph: a parent is missing, an id or label is used twice, revisions form a circle.

    ``ids`` are the revisions to blame and ``field`` the part of their header.
    """

    def __init__(self, message: str, hint: str = "", *, ids: Sequence[str] = (), field: str = "revision") -> None:
        super().__init__(message, hint)
        self.ids = tuple(ids)
        self.field = field


class Circle(BrokenGraph):
    """Revisions are their own ancestors: ``ids`` in the order of the circle."""


class UnknownRevision(GraphError):
    """A name means no revision and no branch label. ``near`` are names that it may have been meant to be; ``located``: the message says
    where it lives instead."""

    def __init__(self, message: str, name: str, near: Sequence[str] = (), hint: str = "", *, located: bool = False) -> None:
        if near:
            hint = f"Did you mean {_either(near)}?"
        super().__init__(message, hint or "`gitmig history` lists the revisions.")
        self.name = name
        self.near = tuple(near)
        self.located = located


class AmbiguousRevision(GraphError):
    """A name means several revisions where one is needed."""

    def __init__(self, message: str, name: str, found: Sequence[str], hint: str = "") -> None:
        super().__init__(message, hint or "Give more characters of the id.")
        self.name = name
        self.found = tuple(found)


class SeveralHeads(GraphError):
    """``head`` was said where there are several heads."""

    def __init__(self, name: str, heads: Sequence[str], hint: str = "") -> None:
        one = name.partition("@")[0] if "@" in name else "the graph"
        super().__init__(
            f"'{name}' means one head, but {one} has {len(heads)}: {', '.join(heads)}",
            hint or "`gitmig merge heads` joins them; `gitmig upgrade heads` takes all of them.",
        )
        self.name = name
        self.heads = tuple(heads)


class NoRoute(GraphError):
    """Two places in the graph are not joined in the direction that was asked for.

    ``kind``: "target" nothing of it is applied, "branch" its branch has nothing there, "short" a count leaves the graph or leads the
    wrong way, "ways" a step could go several ways, "starts" a count could begin at several revisions, "range" two ends do not meet.
    """

    def __init__(
        self, message: str, hint: str = "", *, kind: Literal["target", "branch", "short", "ways", "starts", "range"] = "target"
    ) -> None:
        super().__init__(message, hint)
        self.kind = kind


def _either(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
