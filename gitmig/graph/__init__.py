"""Revisions as a graph of ids: what is above what, what a name means, which way leads where, what the version rows become."""

from __future__ import annotations

from gitmig.graph.errors import AmbiguousRevision, BrokenGraph, NoRoute, SeveralHeads, UnknownRevision
from gitmig.graph.graph import Node, RevisionGraph

__all__ = [
    "AmbiguousRevision",
    "BrokenGraph",
    "NoRoute",
    "Node",
    "RevisionGraph",
    "SeveralHeads",
    "UnknownRevision",
]
