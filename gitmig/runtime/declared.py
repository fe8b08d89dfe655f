"""Which lines of a revision file its author has declared: ``# gitmig: touches users`` and ``# gitmig: pure data``.

A declaration on a line of code, or directly above it, speaks for that statement, with all that stands in it: above ``for`` for the loop,
above ``def upgrade()`` for the whole function. Anywhere else (beside the header, after the imports) it speaks for the file.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from gitmig.schema.values import TableName
from gitmig.script.header import Declaration

_EVERYTHING = 1 << 60


@dataclass(frozen=True, slots=True)
class Declared:
    """Lines ``first`` to ``last`` (counted from 1, both included) touch ``tables`` and nothing else of the schema."""

    first: int
    last: int
    tables: tuple[TableName, ...]


@dataclass(frozen=True, slots=True)
class Declarations:
    """What is declared in one file. ``ends`` are the first and last lines of its functions."""

    spans: tuple[Declared, ...] = ()
    ends: tuple[tuple[int, int], ...] = ()

    def at(self, lines: Sequence[int]) -> Declared | None:
        """The declaration that speaks for any of the ``lines``: those of the frames that were running, innermost first."""
        found = [span for line in lines for span in self.spans if span.first <= line <= span.last]
        if not found:
            return None
        tables = tuple(dict.fromkeys(table for span in found for table in span.tables))
        return Declared(min(span.first for span in found), max(span.last for span in found), tables)

    def to_the_end(self, span: Declared) -> bool:
        """Whether nothing of its function follows the declared lines."""
        inside = [last for first, last in self.ends if first <= span.last <= last]
        return span.last >= max(inside, default=0)


def declarations(source: bytes | str, given: Sequence[Declaration]) -> Declarations:
    """Where the declarations ``given`` of a file apply."""
    if not given:
        return Declarations()
    tree = ast.parse(source)
    statements = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    functions = [node for node in statements if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]
    spans = tuple(_span(each, statements, functions) for each in given)
    return Declarations(spans, tuple((_first(node), node.end_lineno or node.lineno) for node in functions))


def _first(node: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)])


def _span(given: Declaration, statements: list[ast.stmt], functions: list[ast.FunctionDef | ast.AsyncFunctionDef]) -> Declared:
    tables = tuple(_name(each) for each in given.tables)
    on_line = [node for node in statements if _first(node) <= given.line <= (node.end_lineno or node.lineno)]
    # In a compound statement the comment may stand between the statements of its body: then it speaks for the next one.
    inside = [node for node in on_line if not _has_body(node)] or [node for node in on_line if _first(node) == given.line]
    if not inside:
        after = [node for node in statements if _first(node) > given.line]
        nearest = min((_first(node) for node in after), default=None)
        inside = [node for node in after if _first(node) == nearest]
        around = [node for node in functions if node.lineno <= given.line <= (node.end_lineno or 0)]
        if around and inside and not any(each.lineno <= (nearest or 0) <= (each.end_lineno or 0) for each in around):
            inside = []
    widest = max(inside, key=lambda node: (node.end_lineno or 0) - _first(node), default=None)
    if widest is None or (widest not in functions and not any(each.lineno < widest.lineno <= (each.end_lineno or 0) for each in functions)):
        return Declared(1, _EVERYTHING, tables)
    return Declared(_first(widest), widest.end_lineno or widest.lineno, tables)


def _has_body(node: ast.stmt) -> bool:
    return isinstance(getattr(node, "body", None), list)


def _name(written: str) -> TableName:
    schema, _, name = written.rpartition(".")
    return TableName(name, schema or None)
