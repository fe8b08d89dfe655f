"""The application and the database of a tree, guessed from its source: Flask objects and factories, and engine URLs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from gitmig.script.pysource import Function, Module, Sources, dotted, fold, statements

URI = "SQLALCHEMY_DATABASE_URI"
ENGINE_MAKERS = ("create_engine", "create_async_engine", "async_engine_from_config")
_PASSWORD = re.compile(r"(?P<before>^[\w+.-]+://[^\s:/@]+:)(?P<password>[^?]*)(?=@)")


@dataclass(frozen=True, slots=True)
class UrlFound:
    """A database URL as configuration writes it ("${NAME}" for a variable), and the place in the source that says so."""

    template: str
    path: str
    line: int
    password_hidden: bool = False

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class AppFound:
    """A Flask application: ``spec`` is the ``app`` key ("app:create_app"), ``root`` the folder that its instance folder lies in."""

    spec: str
    path: str
    line: int
    root: str
    own_instance_path: bool = False


def find_flask_app(sources: Sources) -> AppFound | None:
    """The Flask application object of a tree, else a factory that can be called without arguments; factories win over objects."""
    found: list[tuple[int, AppFound]] = []
    for module in sources.modules.values():
        if b"Flask" not in module.source:
            continue
        for name, function in module.functions.items():
            made = next((call for call in _flask_calls(sources, module, function)), None)
            if made is not None and _callable_without_arguments(function):
                found.append((0, _app(module, name, made, function.lineno)))
        for name, value in module.values.items():
            if isinstance(value, ast.Call) and _is_flask(sources, module, value):
                found.append((1, _app(module, name, value, value.lineno)))
    return min(found, key=lambda pair: (pair[0], pair[1].path, pair[1].line))[1] if found else None


def flask_urls(sources: Sources) -> tuple[list[UrlFound], bool]:
    """The literal database URIs that Flask configuration gets, and whether every one of them could be read."""
    urls: list[UrlFound] = []
    complete = True
    for module in sources.modules.values():
        for node in ast.walk(module.body) if URI.encode() in module.source else ():
            for value in _flask_settings(node):
                text = fold(sources, module, value)
                complete = complete and text is not None
                if text is not None:
                    urls.append(_url(text, module.path, value.lineno))
    return list({url.template: url for url in reversed(urls)}.values())[::-1], complete


def engine_urls(sources: Sources) -> list[UrlFound]:
    """The URLs that the source gives to ``create_engine`` and its like, in order of place; databases in memory are left out."""
    found: list[UrlFound] = []
    for module in sorted(sources.modules.values(), key=lambda each: each.path):
        if not any(name.encode() in module.source for name in ENGINE_MAKERS):
            continue
        for node in ast.walk(module.body):
            if isinstance(node, ast.Call) and (dotted(node.func) or [""])[-1] in ENGINE_MAKERS:
                target = sources.resolve(module, node.func) or ""
                argument = node.args[0] if node.args else next((k.value for k in node.keywords if k.arg == "url"), None)
                if argument is None or target.partition(".")[0] not in ("sqlalchemy", "sqlmodel"):
                    continue
                text = fold(sources, module, argument)
                if text is not None:
                    found.append(_url(text, module.path, node.lineno))
                else:
                    found.extend(_from_environment(sources, module, argument, node.lineno))
    return [url for url in dict.fromkeys(found) if not in_memory(url.template)]


def in_memory(url: str) -> bool:
    """Whether a SQLite URL names no file."""
    return url.startswith("sqlite") and (url.partition("://")[2] in ("", "/") or ":memory:" in url)


def needs_app_context(module: Module) -> bool:
    """Whether importing ``module`` uses Flask's ``current_app``."""
    for statement in statements(module.body.body):
        if isinstance(statement, Function):
            continue
        inner = [statement] if not isinstance(statement, ast.ClassDef) else [s for s in statement.body if not isinstance(s, Function)]
        if any(isinstance(n, ast.Name) and n.id == "current_app" for each in inner for n in ast.walk(each)):
            return True
    return False


def _flask_settings(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets=[ast.Subscript(slice=ast.Constant(value="SQLALCHEMY_DATABASE_URI"))], value=value):
            yield value
        case ast.Assign(targets=[ast.Name(id="SQLALCHEMY_DATABASE_URI")], value=value):
            yield value
        case ast.AnnAssign(target=ast.Name(id="SQLALCHEMY_DATABASE_URI"), value=ast.expr() as value):
            yield value
        case ast.keyword(arg="SQLALCHEMY_DATABASE_URI", value=value):
            yield value
        case ast.Dict(keys=keys, values=values):
            for key, value in zip(keys, values, strict=True):
                if isinstance(key, ast.Constant) and key.value == URI:
                    yield value
        case _:
            pass


def _from_environment(sources: Sources, module: Module, expression: ast.expr, line: int) -> Iterator[UrlFound]:
    """``os.environ["X"]`` is "${X}"; a literal default is taken before the variable, because it works without an edit."""
    if isinstance(expression, ast.Name):
        name = sources.resolve(module, expression)
        found = sources.defining(name) if name else None
        if found and found[1] in found[0].values and not isinstance(found[0].values[found[1]], ast.Name):
            yield from _from_environment(sources, found[0], found[0].values[found[1]], line)
        return
    if isinstance(expression, ast.BoolOp) and isinstance(expression.op, ast.Or):
        default = fold(sources, module, expression.values[-1])
        if default is not None:
            yield _url(default, module.path, line)
        else:
            yield from _from_environment(sources, module, expression.values[0], line)
        return
    variable, fallback = _variable(sources, module, expression)
    if variable is None:
        return
    text = fold(sources, module, fallback) if fallback is not None else None
    yield _url(text, module.path, line) if text is not None else UrlFound(f"${{{variable}}}", module.path, line)


def _variable(sources: Sources, module: Module, expression: ast.expr) -> tuple[str | None, ast.expr | None]:
    match expression:
        case ast.Subscript(value=target, slice=ast.Constant(value=str() as name)):
            return (name, None) if sources.resolve(module, target) == "os.environ" else (None, None)
        case ast.Call(func=function, args=[ast.Constant(value=str() as name), *rest]):
            if sources.resolve(module, function) in ("os.getenv", "os.environ.get"):
                return name, rest[0] if rest else None
    return None, None


def _url(text: str, path: str, line: int) -> UrlFound:
    """No password is written to a file: it becomes a variable."""
    template = text.replace("$", "$$").replace("sqlite+aiosqlite:", "sqlite:", 1)
    hidden = _PASSWORD.sub(r"\g<before>${DATABASE_PASSWORD}", template)
    return UrlFound(hidden, path, line, hidden != template)


def _app(module: Module, name: str, call: ast.Call, line: int) -> AppFound:
    own = any(keyword.arg in ("instance_path", "root_path") for keyword in call.keywords)
    return AppFound(f"{module.name}:{name}", module.path, line, module.root, own)


def _flask_calls(sources: Sources, module: Module, function: Function) -> Iterator[ast.Call]:
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and _is_flask(sources, module, node):
            yield node


def _is_flask(sources: Sources, module: Module, call: ast.Call) -> bool:
    return sources.resolve(module, call.func) in ("flask.Flask", "flask.app.Flask")


def _callable_without_arguments(function: Function) -> bool:
    arguments = function.args
    required = len(arguments.posonlyargs) + len(arguments.args) - len(arguments.defaults)
    return isinstance(function, ast.FunctionDef) and required <= 0 and None not in arguments.kw_defaults
