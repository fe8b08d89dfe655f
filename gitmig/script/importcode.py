"""What a revision file does when it is merely imported: found by reading it, never by importing it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Calls that reach out of the process or to a database. What only builds a value (sa.table, sa.MetaData, uuid4) is no concern of anybody's.
_NAMES = frozenset({"open", "exec", "eval", "input", "create_engine", "print"})
_METHODS = frozenset(
    {"execute", "connect", "begin", "get_bind", "create_all", "drop_all", "urlopen", "system", "check_output", "create_engine"}
)
_ROOTS = frozenset({"subprocess", "requests", "httpx", "shutil"})


@dataclass(frozen=True, slots=True)
class Executed:
    """``line`` of the file, and the statement that stands there, shortened."""

    line: int
    text: str


def executed_on_import(source: bytes) -> tuple[Executed, ...]:
    """The statements at module level that do something: calls made for their effect, loops, and calls that reach for a database or a file.

    A file that does not parse has none; reading its header says what is wrong with it.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return ()
    return tuple(Executed(node.lineno, _shown(node)) for node in _acting(tree.body))


def _acting(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        match node:
            case ast.Import() | ast.ImportFrom() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                continue
            case ast.If(test=test):
                if "TYPE_CHECKING" not in ast.unparse(test):
                    yield from _acting([*node.body, *node.orelse])
            case ast.Try():
                yield from _acting(
                    [*node.body, *(each for handler in node.handlers for each in handler.body), *node.orelse, *node.finalbody]
                )
            case ast.For() | ast.While() | ast.With() | ast.AsyncFor() | ast.AsyncWith():
                yield node
            case ast.Expr(value=value):
                if any(isinstance(each, ast.Call) for each in ast.walk(value)):
                    yield node
            case _:
                if any(isinstance(each, ast.Call) and _reaches_out(each) for each in ast.walk(node)):
                    yield node


def _reaches_out(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    root, _, method = name.partition(".")
    if not method:
        return root in _NAMES
    # op.f() marks a name and works anywhere; every other directive needs a run.
    return root in _ROOTS or (root == "op" and method != "f") or name.rpartition(".")[2] in _METHODS


def _shown(node: ast.stmt) -> str:
    text = ast.unparse(node).splitlines()[0]
    return text if len(text) <= 80 else f"{text[:77]}..."
