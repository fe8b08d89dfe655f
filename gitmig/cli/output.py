"""Forms of output that several commands share."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    F = TypeVar("F", bound=Callable[..., object])


def json_option(function: F) -> F:
    """The ``--json`` flag, passed as ``as_json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")(function)


def revision_or_wrong_option(context: click.Context, parameter: click.Parameter, value: str) -> str:
    """Callback of REVISION in commands that take `-1` and so let unknown options through: all but a step back is a wrong option."""
    if value.startswith("-") and not value[1:2].isdigit():
        raise click.NoSuchOption(value, ctx=context)
    return value


def to_json(data: object) -> str:
    """One JSON document: non-ASCII as it is, two blanks of indentation, keys in the order given."""
    return json.dumps(data, indent=2, ensure_ascii=False)


@contextmanager
def talk_on_stderr(on: bool = True) -> Iterator[None]:
    """Inside, whatever prints on stdout (env.py, a script, a program that they start) prints on stderr: stdout is for one JSON document."""
    if not on:
        yield
        return
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def columns(rows: Sequence[Sequence[str]], gap: int = 2) -> list[str]:
    """Lines in which the cells of ``rows`` stand under each other; rows may be of unequal length."""
    widths: dict[int, int] = {}
    for row in rows:
        for place, cell in enumerate(row):
            widths[place] = max(widths.get(place, 0), len(cell))
    return [(" " * gap).join(cell.ljust(widths[place]) for place, cell in enumerate(row)).rstrip() for row in rows]
