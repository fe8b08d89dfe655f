"""Parsing many revision files: on several processors where that is quicker and safe."""

from __future__ import annotations

import marshal
import os
import sys
import warnings
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from gitmig.adapters.disk import DiskTree
from gitmig.errors import RevisionFileError
from gitmig.script.header import Declaration, Header, parse_header
from gitmig.script.load import read_one

Packed = tuple[Any, ...]
"""A header as plain tuples and texts, for marshal."""

ENOUGH_TO_SHARE = 600
"""From so many files on, a second process earns back what it costs."""
MOST_PROCESSES = 4


def pack(header: Header) -> Packed:
    return (
        header.id,
        header.down,
        header.labels,
        header.depends_on,
        header.longdoc,
        header.upgrades,
        header.downgrades,
        tuple((each.line, each.tables) for each in header.declarations),
    )


def unpack(packed: Packed) -> Header:
    if not packed[-1]:
        return Header._make(packed)
    return Header._make((*packed[:-1], tuple(Declaration(*each) for each in packed[-1])))


def parse_files(tree: DiskTree, paths: Sequence[str]) -> list[Header | RevisionFileError]:
    """The headers of the files at ``paths``; in the place of one that cannot be read, the error."""
    shares = _processes() if len(paths) >= ENOUGH_TO_SHARE else 1
    if shares == 1:
        return _parse_here(tree, paths)
    cuts = [len(paths) * share // shares for share in range(shares + 1)]
    others = [_Helper(tree, paths[start:end]) for start, end in pairwise(cuts[1:])]
    found = _parse_here(tree, paths[: cuts[1]])
    for helper in others:
        found.extend(helper.headers())
    return found


def _processes() -> int:
    """How many may work. A process that has other threads, or cannot fork, works alone: their locks would be copied."""
    threads = sys.modules.get("threading")
    alone = threads is None or threads.active_count() == 1
    if not alone or not hasattr(os, "fork") or sys.platform == "darwin":
        return 1
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(allowed, MOST_PROCESSES)


def _parse_here(tree: DiskTree, paths: Sequence[str]) -> list[Header | RevisionFileError]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [_parse_one(tree, path) for path in paths]


def _parse_one(tree: DiskTree, path: str) -> Header | RevisionFileError:
    if not path.endswith(".py"):
        return read_one(tree, path)
    try:
        with open(os.path.join(tree.root, path), "rb") as file:
            content = file.read()
        return parse_header(content, path)
    except OSError:
        return read_one(tree, path)
    except RevisionFileError as error:
        return error


class _Helper:
    """A forked process that parses its share and sends the headers back; errors are met again here, with their text."""

    def __init__(self, tree: DiskTree, paths: Sequence[str]) -> None:
        self._tree = tree
        self._paths = paths
        self._end, write = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            status = 1
            try:
                os.close(self._end)
                found = [pack(each) if isinstance(each, Header) else None for each in _parse_here(tree, paths)]
                with open(write, "wb") as pipe:
                    pipe.write(marshal.dumps(found, 4))
                status = 0
            finally:
                # Not sys.exit: nothing of the parent's may be flushed or closed from here.
                os._exit(status)
        os.close(write)

    def headers(self) -> list[Header | RevisionFileError]:
        with open(self._end, "rb") as pipe:
            content = pipe.read()
        _, status = os.waitpid(self._pid, 0)
        if status:
            return _parse_here(self._tree, self._paths)
        return [
            _parse_one(self._tree, path) if packed is None else unpack(packed)
            for path, packed in zip(self._paths, marshal.loads(content), strict=True)
        ]
