"""Whether two texts of a revision file mean the same: comments, formatting, docstrings and annotations do not count."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable

from gitmig.errors import RevisionFileError
from gitmig.script.header import parse, read_header

_LINKS = ("down_revision", "depends_on", "branch_labels")


def same_meaning(before: bytes, after: bytes, *, links: bool = True) -> bool:
    """Whether both do the same when they run. ``links``: their places in the graph count too, as values and not as they are written.

    A text that does not parse means the same as its own bytes only.
    """
    if before == after:
        return True
    try:
        if links and read_header(before, "before")[1:4] != read_header(after, "after")[1:4]:
            return False
        return _form(before) == _form(after)
    except RevisionFileError:
        return False


def _form(content: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    with warnings.catch_warnings():
        # An invalid escape is told when the file runs.
        warnings.simplefilter("ignore")
        tree = _Plain().visit(parse(content, "the file"))
    imports = {ast.dump(single) for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom)) for single in _apart(node)}
    rest = [node for node in tree.body if not isinstance(node, (ast.Import, ast.ImportFrom)) and not _is_link(node)]
    return tuple(sorted(imports)), tuple(ast.dump(node) for node in rest)


def _apart(node: ast.Import | ast.ImportFrom) -> Iterable[ast.stmt]:
    """One statement for each name: tools that sort imports split and join them."""
    for alias in node.names:
        yield ast.Import([alias]) if isinstance(node, ast.Import) else ast.ImportFrom(node.module, [alias], node.level)


def _is_link(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(target := node.targets[0], ast.Name) and target.id in _LINKS
    )


class _Plain(ast.NodeTransformer):
    """Without docstrings and annotations."""

    def visit_Module(self, node: ast.Module) -> ast.AST:
        return self._undocumented(node)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        return self._undocumented(node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.generic_visit(ast.Assign([node.target], node.value))

    def _undocumented(self, node: ast.Module | ast.FunctionDef) -> ast.AST:
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            del node.body[0]
        node.body = node.body or [ast.Pass()]
        return self.generic_visit(node)
