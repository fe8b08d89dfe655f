"""What of a revision file can be evaluated without running its code: ``op`` and SQLAlchemy calls whose arguments are literals.

For forecasts over branches that nobody checked out. Nothing of the file runs that is not on the lists below.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from gitmig.script.header import parse

UNKNOWN = "__gitmig_unknown__"
"""Called in the place of a statement that is not evaluated, with a few words about it; whoever runs the code supplies it."""

_OP_SOURCES = frozenset({"alembic", "gitmig"})
_SQLALCHEMY = ("sqlalchemy", "sqlalchemy.types", "sqlalchemy.schema", "sqlalchemy.sql", "sqlalchemy.dialects")
_HARMLESS = frozenset({"typing", "collections.abc", "__future__"})
_DIRECTIVES = frozenset(
    {
        *("create_table", "drop_table", "rename_table", "create_table_comment", "drop_table_comment"),
        *("add_column", "drop_column", "alter_column"),
        *("create_index", "drop_index", "create_unique_constraint", "create_check_constraint", "create_foreign_key"),
        *("create_primary_key", "create_exclude_constraint", "drop_constraint"),
        *("bulk_insert", "execute", "f", "inline_literal", "batch_alter_table"),
    }
)
_FUNCTIONS = frozenset(
    {
        *("text", "literal", "literal_column", "null", "true", "false", "column", "table", "cast", "case"),
        *("and_", "or_", "not_", "desc", "asc", "nulls_first", "nulls_last", "nullsfirst", "nullslast"),
    }
)
_METHODS = frozenset({"with_variant", "desc", "asc", "nulls_first", "nulls_last", "collate", "label", "is_", "is_not", "isnot"})
"""Methods that may be called on what an allowed call returned."""


def literal_code(source: bytes, path: str) -> ast.Module:
    """The module with its ``upgrade()`` cut down to what can be evaluated; each other statement there is a call of `UNKNOWN`.

    Raises RevisionFileError where the file does not parse.
    """
    return _Reader().module(parse(source, path))


class _Reader:
    """Walks one module; ``_ops`` are names that are ``op`` or a batch, ``_sqlalchemy`` those from SQLAlchemy, ``_values`` all others."""

    def __init__(self) -> None:
        self._ops: set[str] = set()
        self._sqlalchemy: set[str] = set()
        self._values: set[str] = set()

    def module(self, tree: ast.Module) -> ast.Module:
        kept: list[ast.stmt] = []
        upgrade: ast.FunctionDef | None = None
        for statement in tree.body:
            match statement:
                case ast.Import() | ast.ImportFrom():
                    kept += self._imported(statement)
                case ast.FunctionDef(name="upgrade"):
                    upgrade = statement
                case ast.Assign() | ast.AnnAssign() if self._assignment(statement):
                    kept.append(_plain(statement))
        if upgrade is not None:
            kept.append(self._upgrade(upgrade))
        return ast.fix_missing_locations(ast.Module(kept, []))

    def _imported(self, statement: ast.Import | ast.ImportFrom) -> Iterator[ast.stmt]:
        if isinstance(statement, ast.Import):
            for alias in statement.names:
                if _is_sqlalchemy(alias.name):
                    self._sqlalchemy.add(alias.asname or alias.name.partition(".")[0])
                    yield ast.copy_location(ast.Import([alias]), statement)
            return
        module = statement.module or ""
        for alias in statement.names:
            name = alias.asname or alias.name
            if statement.level or alias.name == "*":
                continue
            if module in _OP_SOURCES and alias.name == "op":
                self._ops.add(name)
            elif _is_sqlalchemy(module) and _describes(module, alias.name):
                self._sqlalchemy.add(name)
            elif module not in _HARMLESS:
                continue
            yield ast.copy_location(ast.ImportFrom(module, [alias], 0), statement)

    def _upgrade(self, function: ast.FunctionDef) -> ast.stmt:
        body = list(self._statements(function.body)) or [ast.copy_location(ast.Pass(), function)]
        made = ast.parse("def upgrade(*arguments, **keywords): pass").body[0]
        assert isinstance(made, ast.FunctionDef)
        made.body = body
        return ast.copy_location(made, function)

    def _statements(self, statements: Sequence[ast.stmt]) -> Iterator[ast.stmt]:
        for statement in statements:
            match statement:
                case ast.Pass() | ast.Expr(value=ast.Constant()):
                    continue
                case ast.Return(value=None):
                    return
                case ast.Expr(value=ast.Call() as call) if self._is_literal(call):
                    yield statement
                case ast.Assign() | ast.AnnAssign() if self._assignment(statement):
                    yield _plain(statement)
                case ast.With(items=[ast.withitem(ast.Call() as call, ast.Name(id=name))]) if self._is_batch(call):
                    self._ops.add(name)
                    inner = list(self._statements(statement.body)) or [ast.copy_location(ast.Pass(), statement)]
                    yield ast.copy_location(ast.With(statement.items, inner), statement)
                case _:
                    yield from self._unknown(statement)

    def _unknown(self, statement: ast.stmt) -> Iterator[ast.stmt]:
        """What it binds is not known from here on."""
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                for names in (self._ops, self._sqlalchemy, self._values):
                    names.discard(node.id)
        words = ast.unparse(statement).partition("\n")[0]
        call = ast.parse(f"{UNKNOWN}({words[:60]!r})").body[0]
        for node in ast.walk(call):
            ast.copy_location(node, statement)
        yield call

    def _assignment(self, statement: ast.Assign | ast.AnnAssign) -> bool:
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        value = statement.value
        match targets, value:
            case [ast.Name(id=name)], ast.expr() if self._is_literal(value):
                self._values.add(name)
                return True
            case _:
                return False

    # -- expressions

    def _is_literal(self, node: ast.expr) -> bool:
        match node:
            case ast.Constant():
                return True
            case ast.Name(id=name):
                return name in self._values or name in self._sqlalchemy
            case ast.Attribute():
                return self._is_sqlalchemy_name(node)
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts):
                return all(map(self._is_literal, parts))
            case ast.Dict(keys=keys, values=values):
                return all(key is not None and self._is_literal(key) for key in keys) and all(map(self._is_literal, values))
            case ast.Starred(value=value):
                return self._is_literal(value)
            case ast.JoinedStr(values=parts):
                return all(isinstance(part, ast.Constant) for part in parts)
            case ast.UnaryOp(op=ast.USub() | ast.Not(), operand=operand):
                return self._is_literal(operand)
            case ast.BinOp(left=ast.expr() as left, op=ast.Add(), right=ast.expr() as right):
                return self._is_literal(left) and self._is_literal(right)
            case ast.Call(func=func, args=args, keywords=keywords):
                given = [*args, *(each.value for each in keywords if each.arg is not None)]
                named = all(each.arg is not None for each in keywords)
                return named and self._may_be_called(func) and all(map(self._is_literal, given))
            case _:
                return False

    def _may_be_called(self, func: ast.expr) -> bool:
        match func:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name in self._ops:
                return attribute in _DIRECTIVES
            case ast.Attribute(value=ast.Call() as call, attr=attribute):
                return attribute in _METHODS and self._is_literal(call)
            case ast.Name(id=name):
                return name in self._sqlalchemy and (name[:1].isupper() or name in _FUNCTIONS)
            case ast.Attribute(attr=attribute):
                return self._is_sqlalchemy_name(func) and (_in_func(func) or attribute[:1].isupper() or attribute in _FUNCTIONS)
            case _:
                return False

    def _is_batch(self, call: ast.Call) -> bool:
        return isinstance(call.func, ast.Attribute) and call.func.attr == "batch_alter_table" and self._is_literal(call)

    def _is_sqlalchemy_name(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            if node.attr.startswith("_") or node.attr in _NEVER:
                return False
            node = node.value
        return isinstance(node, ast.Name) and node.id in self._sqlalchemy


_NEVER = frozenset({"engine", "orm", "ext", "event", "util", "testing", "pool", "create_engine", "inspect", "inspection"})
"""Parts of SQLAlchemy that do more than describe."""


def _is_sqlalchemy(module: str) -> bool:
    parts = module.split(".")
    return module in _SQLALCHEMY or (parts[:2] == ["sqlalchemy", "dialects"] and len(parts) == 3)


def _describes(module: str, name: str) -> bool:
    """Whether a name out of one of SQLAlchemy's modules only describes: a type, a construct, a function that makes one."""
    return name[:1].isupper() or name in _FUNCTIONS or name == "func" or _is_sqlalchemy(f"{module}.{name}")


def _in_func(node: ast.expr) -> bool:
    """``sa.func.now``: any name below ``func`` is a SQL function."""
    while isinstance(node, ast.Attribute):
        node = node.value
        if (isinstance(node, ast.Attribute) and node.attr == "func") or (isinstance(node, ast.Name) and node.id == "func"):
            return True
    return False


def _plain(statement: ast.Assign | ast.AnnAssign) -> ast.stmt:
    """Without its annotation, which may be anything."""
    if isinstance(statement, ast.AnnAssign):
        assert statement.value is not None
        return ast.copy_location(ast.Assign([statement.target], statement.value), statement)
    return statement
