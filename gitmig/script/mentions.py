"""Which tables, indexes and other things a revision file names in its calls, told from its text alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

_SQL = re.compile(
    r"\b(?:TABLE|INTO|UPDATE|FROM|JOIN|ON|INDEX|TYPE|SEQUENCE|VIEW)\s+(?:IF\s+(?:NOT\s+)?EXISTS\s+)?[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)",
    re.IGNORECASE,
)
_WORDS = re.compile(rb"\w+")


def named(source: bytes) -> frozenset[str]:
    """The names that a source gives to `op` and to batches directly, and those that its SQL speaks of; none where it is no Python."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return frozenset()
    return frozenset(name for node in ast.walk(tree) if isinstance(node, ast.Call) for name in _given(node))


def words(source: bytes) -> frozenset[str]:
    """Every word of a text."""
    return frozenset(each.decode("utf-8", "replace") for each in set(_WORDS.findall(source)))


def _given(call: ast.Call) -> Iterator[str]:
    match call.func:
        case ast.Attribute(value=ast.Name(), attr=attribute):
            pass
        case _:
            return
    given = [*call.args, *(each.value for each in call.keywords if each.arg is not None and "table" in each.arg)]
    for argument in given:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
            text = argument.value
            if attribute in ("execute", "text"):
                yield from _SQL.findall(text)
            elif not attribute[:1].isupper():
                yield text
        elif isinstance(argument, ast.Call) and attribute == "execute":
            yield from (name for inner in ast.walk(argument) if isinstance(inner, ast.Constant) for name in _SQL.findall(str(inner.value)))
