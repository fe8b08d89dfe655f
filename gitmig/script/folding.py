"""Values of module-level names, worked out from the syntax tree without running anything."""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from gitmig.errors import RevisionFileError


@dataclass(frozen=True, slots=True)
class _Unknown:
    """A name is bound by something that must be run to be known."""

    line: int
    why: str


class _CannotFold(Exception):
    def __init__(self, line: int, why: str) -> None:
        super().__init__(why)
        self.line = line
        self.why = why


_Names = dict[str, tuple[object, int]]
_KEYWORDS: dict[type[ast.stmt], str] = {ast.AsyncFor: "async for", ast.AsyncWith: "async with"}
_CONVERSIONS: dict[int, Callable[[object], object]] = {115: str, 114: repr, 97: ascii}
"""What ``!s``, ``!r`` and ``!a`` in an f-string do, by the number that the syntax tree has for them."""


def fold_module(tree: ast.Module, wanted: Collection[str], path: str) -> dict[str, tuple[object, int]]:
    """The values of those of the ``wanted`` names that the module binds, each with the line that bound it last.

    Raises RevisionFileError for a wanted name whose value would have to be computed by running the file.
    """
    names: _Names = {}
    for statement in tree.body:
        _bind(statement, names)
    for name in wanted:
        value = names.get(name, (None, 0))[0]
        if isinstance(value, _Unknown):
            raise RevisionFileError(
                f"{path}:{value.line}: `{name}` cannot be read without running the file: {value.why}",
                f'Write its value out, such as `{name} = "..."`.',
            )
    return {name: names[name] for name in wanted if name in names}


def docstring(tree: ast.Module) -> str:
    """The module's docstring as written, or nothing."""
    match tree.body:
        case [ast.Expr(value=ast.Constant(value=str(text))), *_]:
            return text
    return ""


def _bind(statement: ast.stmt, names: _Names) -> None:
    match statement:
        case ast.Assign(targets=targets, value=value):
            found = _folded(value, names)
            for target in targets:
                _assign(target, found, statement.lineno, names)
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            if value is not None:
                names[name] = (_folded(value, names), statement.lineno)
        case ast.AugAssign(target=ast.Name(id=name), op=operator, value=value):
            whole = ast.BinOp(ast.copy_location(ast.Name(name, ast.Load()), statement), operator, value)
            names[name] = (_folded(ast.copy_location(whole, statement), names), statement.lineno)
        case ast.Delete(targets=targets):
            for target in targets:
                if isinstance(target, ast.Name):
                    names.pop(target.id, None)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method))):
            if isinstance(names.get(name, (None, 0))[0], (list, set, dict)):
                names[name] = (_Unknown(statement.lineno, f"`{name}.{method}(...)` changes it"), statement.lineno)
        case _:
            for name in _bound_in(statement):
                names[name] = (_Unknown(statement.lineno, f"it is bound by {_kind(statement)}"), statement.lineno)


def _assign(target: ast.expr, value: object, line: int, names: _Names) -> None:
    match target:
        case ast.Name(id=name):
            names[name] = (value, line)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            plain = not any(isinstance(part, ast.Starred) for part in parts)
            fits = plain and isinstance(value, (tuple, list)) and len(value) == len(parts)
            for place, part in enumerate(parts):
                each: object = _Unknown(line, "it is unpacked from something else")
                if fits and isinstance(value, (tuple, list)):
                    each = value[place]
                elif isinstance(value, _Unknown):
                    each = value
                _assign(part, each, line, names)
        case ast.Starred(value=inner):
            _assign(inner, _Unknown(line, "it is unpacked from something else"), line, names)
        case ast.Subscript(value=ast.Name(id=name)) if name in names:
            names[name] = (_Unknown(line, "a part of it is assigned"), line)


def _folded(node: ast.expr, names: _Names) -> object:
    try:
        return _fold(node, names)
    except _CannotFold as problem:
        return _Unknown(problem.line, problem.why)


def _fold(node: ast.expr, names: _Names) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            if name not in names:
                raise _CannotFold(node.lineno, f"it uses `{name}`, which is not bound to plain values above")
            found = names[name][0]
            if isinstance(found, _Unknown):
                raise _CannotFold(node.lineno, f"it uses `{name}`, and {found.why} (line {found.line})")
            return found
        case ast.Tuple(elts=parts):
            return tuple(_items(parts, names))
        case ast.List(elts=parts):
            return list(_items(parts, names))
        case ast.Set(elts=parts):
            return _checked(lambda: set(_items(parts, names)), node)
        case ast.Dict(keys=keys, values=values) if None not in keys:
            pairs = [(_fold(key, names), _fold(value, names)) for key, value in zip(keys, values, strict=True) if key]
            return _checked(lambda: dict(pairs), node)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _add(_fold(left, names), _fold(right, names), node)
        case ast.JoinedStr(values=parts):
            return "".join(_formatted(part, names) for part in parts)
    raise _CannotFold(node.lineno, f"`{_short(node)}` is neither a literal nor made of literals")


def _items(parts: list[ast.expr], names: _Names) -> Iterator[object]:
    for part in parts:
        if isinstance(part, ast.Starred):
            inner = _fold(part.value, names)
            if not isinstance(inner, (tuple, list, str)):
                raise _CannotFold(part.lineno, f"`{_short(part)}` unpacks what has no order")
            yield from inner
        else:
            yield _fold(part, names)


def _add(left: object, right: object, node: ast.expr) -> object:
    match left, right:
        case (str(), str()):
            return left + right
        case (bytes(), bytes()):
            return left + right
        case (tuple(), tuple()):
            return left + right
        case (list(), list()):
            return left + right
    raise _CannotFold(node.lineno, f"`{_short(node)}` adds what cannot be added here")


def _formatted(part: ast.expr, names: _Names) -> str:
    match part:
        case ast.Constant(value=str(text)):
            return text
        case ast.FormattedValue(value=value, conversion=conversion, format_spec=spec):
            inner = _fold(value, names)
            if conversion in _CONVERSIONS:
                inner = _CONVERSIONS[conversion](inner)
            width = "" if spec is None else str(_fold(spec, names))
            try:
                return format(inner, width)
            except (TypeError, ValueError) as error:
                raise _CannotFold(part.lineno, f"`{_short(part)}` fails: {error}") from None
    raise _CannotFold(part.lineno, f"`{_short(part)}` is neither a literal nor made of literals")


def _checked(make: Callable[[], object], node: ast.expr) -> object:
    try:
        return make()
    except TypeError as error:
        raise _CannotFold(node.lineno, f"`{_short(node)}` fails: {error}") from None


def _bound_in(node: ast.AST) -> Iterator[str]:
    """The module-level names that a statement binds, however deep; what functions and classes bind inside is their own."""
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
            return
        case ast.Lambda():
            return
        case ast.Name(id=name, ctx=ast.Store()):
            yield name
        case ast.alias(name=name, asname=asname):
            yield asname or name.partition(".")[0]
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name
        case ast.MatchMapping(rest=str(name)):
            yield name
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            for inner in ast.walk(node):
                if isinstance(inner, ast.NamedExpr):
                    yield inner.target.id
            return
    for child in ast.iter_child_nodes(node):
        yield from _bound_in(child)


def _kind(statement: ast.stmt) -> str:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return "a function definition"
        case ast.ClassDef():
            return "a class definition"
        case ast.Import() | ast.ImportFrom():
            return "an import"
        case ast.Expr() | ast.Assert():
            return "an expression"
    word = _KEYWORDS.get(type(statement), type(statement).__name__.lower())
    return f"{'an' if word[0] in 'aeiou' else 'a'} `{word}` statement"


def _short(node: ast.expr) -> str:
    text = ast.unparse(node)
    return text if len(text) <= 60 else f"{text[:57]}..."
