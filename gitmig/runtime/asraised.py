"""Errors of a run that a program started: what a revision's code or the database raised comes out as it was raised.

gitmig's own telling of them, with place and state, is for its command line.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from gitmig.runtime.script_module import ScriptFailed


@contextmanager
def as_raised() -> Iterator[None]:
    """Callers expect the error of the revision itself, and catch that."""
    original: BaseException | None = None
    try:
        yield
    except ScriptFailed as failed:
        original = failed.__cause__
        if original is None:
            raise
    if original is not None:
        raise original
