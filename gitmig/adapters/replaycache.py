"""Replayed schemas, remembered under the git directory. A cache that is missing, damaged or cannot be written only costs time."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from gitmig.adapters.newfile import exchange
from gitmig.errors import GitmigError
from gitmig.ops import Place
from gitmig.ports import Tree
from gitmig.replay import Replayed, Unread
from gitmig.schema import jsonform
from gitmig.schema.values import Schema, TableName

KEPT = 24
"""How many schemas are kept; the one that was used longest ago goes first."""


class ReplayCache:
    """Schemas by the content that made them. ``folder`` None keeps nothing.

    A key says every revision up to one point in order, so a history that grew by one revision finds the schema below it.
    """

    def __init__(self, folder: str | None) -> None:
        self._folder = Path(folder, "replay") if folder is not None else None

    def longest(self, keys: Sequence[str], tree: Tree) -> tuple[int, Replayed, frozenset[str]]:
        """How many of the revisions are known together (``keys[n]`` stands for the first n + 1), what they make, and on which files of
        the project that rests besides the revisions."""
        nothing = (0, Replayed(Schema()), frozenset[str]())
        if self._folder is None:
            return nothing
        try:
            names = {entry.name for entry in os.scandir(self._folder)}
        except OSError:
            return nothing
        for count in range(len(keys), 0, -1):
            if f"{keys[count - 1]}.json" in names:
                found = self._load(keys[count - 1], tree)
                if found is not None:
                    return count, *found
        return nothing

    def _load(self, key: str, tree: Tree) -> tuple[Replayed, frozenset[str]] | None:
        assert self._folder is not None
        path = self._folder / f"{key}.json"
        try:
            data = json.loads(path.read_bytes())
            if any(_content(tree, file) != digest for file, digest in data["files"].items()):
                return None
            found = _from_json(data), frozenset[str](data["files"])
        except (OSError, ValueError, KeyError, TypeError, AttributeError, GitmigError):
            return None
        with contextlib.suppress(OSError):
            os.utime(path)
        return found

    def save(self, key: str, replayed: Replayed, files: Iterable[str], tree: Tree) -> None:
        """Remember; ``files`` as `longest` gives them."""
        if self._folder is None:
            return
        try:
            data = {**_to_json(replayed), "files": {file: _content(tree, file) for file in sorted(files)}}
        except GitmigError:
            return  # a value of a user's own that has no JSON: such a history is replayed each time
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            exchange(self._folder / f"{key}.json", json.dumps(data, separators=(",", ":")).encode())
            self._prune()

    def _prune(self) -> None:
        assert self._folder is not None
        found = sorted(self._folder.glob("*.*"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in found[KEPT:]:
            path.unlink(missing_ok=True)


def keys(base: Sequence[Any], revisions: Iterable[tuple[str, str]]) -> list[str]:
    """One key for each revision: of ``base`` (what else decides) and of all (id, content) up to it."""
    digest = hashlib.sha256(json.dumps(base, sort_keys=True, default=str).encode())
    found = []
    for id, content in revisions:
        digest.update(f"\0{id}\0{content}".encode())
        found.append(digest.hexdigest()[:40])
    return found


def content_of(tree: Tree, path: str, read: Callable[[str], bytes] | None = None) -> str:
    """The git blob id of a file of ``tree``: the same whether or not git knows it."""
    data = (read or tree.read)(path)
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _content(tree: Tree, path: str) -> str | None:
    try:
        return content_of(tree, path)
    except OSError:
        return None


def _to_json(replayed: Replayed) -> dict[str, Any]:
    return {
        "schema": jsonform.to_json(replayed.schema),
        "opaque": [
            [each.revision, each.reason, each.place.path if each.place else None, each.place.line if each.place else 0]
            for each in replayed.opaque
        ],
        "declared": [[name.name, name.schema] for name in replayed.declared],
    }


def _from_json(data: Any) -> Replayed:
    return Replayed(
        jsonform.from_json(data["schema"]),
        tuple(Unread(id, reason, Place(path, line) if path else None) for id, reason, path, line in data["opaque"]),
        tuple(TableName(name, schema) for name, schema in data["declared"]),
    )
