"""Python source read without running it: the modules of a tree, what their names mean, and constants folded to strings."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from gitmig.ports import Tree

Function = ast.FunctionDef | ast.AsyncFunctionDef
TEST_FOLDERS = frozenset({"tests", "test"})
SIDE_FOLDERS = frozenset({"docs", "doc", "examples", "benchmarks", "build", "dist"})


@dataclass(slots=True)
class Module:
    """One module: ``name`` as it is imported, ``path`` in the tree, ``root`` the folder on the import path ("" is the tree's root).

    ``names`` maps a name bound by an import to the dotted name that it stands for, ``imports`` are the modules imported at import time,
    ``values`` the expressions assigned at module level, ``classes`` and ``functions`` those defined there.
    """

    name: str
    path: str
    root: str
    is_package: bool
    body: ast.Module
    source: bytes
    names: dict[str, str] = field(default_factory=dict)
    imports: list[str] = field(default_factory=list)
    stars: list[str] = field(default_factory=list)
    values: dict[str, ast.expr] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    functions: dict[str, Function] = field(default_factory=dict)

    @property
    def package(self) -> str:
        return self.name if self.is_package else self.name.rpartition(".")[0]


@dataclass(frozen=True, slots=True)
class Sources:
    """The modules of a tree by name, and the paths of those that do not parse."""

    modules: Mapping[str, Module]
    broken: tuple[str, ...] = ()

    def resolve(self, module: Module, expression: ast.expr) -> str | None:
        """The dotted name that an expression of names and attributes means, re-exports followed: "sqlalchemy.orm.DeclarativeBase"."""
        parts = dotted(expression)
        return self._follow(module, parts, frozenset()) if parts else None

    def defining(self, name: str) -> tuple[Module, str] | None:
        """The module that holds ``name`` ("app.base.Base") and what is left of it ("Base"); None for names from elsewhere."""
        parts = name.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self.modules.get(".".join(parts[:cut]))
            if module is not None:
                return module, ".".join(parts[cut:])
        return None

    def closure(self, name: str) -> set[str]:
        """The modules of the tree that are imported when ``name`` is, itself and the packages around it among them."""
        found: set[str] = set()
        waiting = [name]
        while waiting:
            current = waiting.pop()
            for each in _with_parents(current):
                if each in self.modules and each not in found:
                    found.add(each)
                    waiting.extend(self.modules[each].imports)
        return found

    def _follow(self, module: Module, parts: list[str], seen: frozenset[str]) -> str:
        first, rest = parts[0], parts[1:]
        key = f"{module.name}:{first}"
        if key in seen:
            return ".".join([module.name, *parts])
        seen = seen | {key}
        if first in module.classes or first in module.functions:
            return ".".join([module.name, *parts])
        if first in module.values:
            value = module.values[first]
            alias = dotted(value)
            # `Base = other.Base` is another name; `db = SQLAlchemy()` is a thing of its own.
            return self._follow(module, [*alias, *rest], seen) if alias else ".".join([module.name, *parts])
        if first in module.names:
            return self._elsewhere([*module.names[first].split("."), *rest], seen)
        for star in module.stars:
            other = self.modules.get(star)
            if other is not None and first in {*other.classes, *other.values, *other.names, *other.functions}:
                return self._follow(other, parts, seen)
        return ".".join(parts)

    def _elsewhere(self, parts: list[str], seen: frozenset[str]) -> str:
        found = self.defining(".".join(parts))
        return self._follow(found[0], found[1].split("."), seen) if found else ".".join(parts)


def read_sources(tree: Tree, *, skip: Iterable[str] = ()) -> Sources:
    """The modules under the root of ``tree``, without tests, documentation, hidden folders and those under ``skip`` (folders)."""
    skipped = tuple(f"{folder.strip('/')}/" for folder in skip if folder.strip("/") not in ("", "."))
    paths = [
        entry.path
        for entry in tree.list("", recursive=True)
        if entry.path.endswith(".py") and is_product(entry.path) and not entry.path.startswith(skipped)
    ]
    known = set(paths)
    bodies: dict[str, tuple[ast.Module, bytes]] = {}
    broken: list[str] = []
    for path in paths:
        try:
            source = tree.read(path)
            bodies[path] = ast.parse(source, path), source
        except (SyntaxError, ValueError, FileNotFoundError):
            # An editor's lock, say: a symbolic link that leads nowhere.
            broken.append(path)
    roots = _Roots(known, {name for body, _ in bodies.values() for name in _absolute_tops(body)})
    modules: dict[str, Module] = {}
    for path, (body, source) in bodies.items():
        root = roots.of(path)
        name = module_name(path, root)
        if name and all(part.isidentifier() for part in name.split(".")):
            module = Module(name, path, root, path.endswith("__init__.py"), body, source)
            _read_names(module, body.body, at_import=True)
            modules.setdefault(name, module)
    return Sources(modules, tuple(broken))


def is_product(path: str) -> bool:
    """Whether a file belongs to the product rather than to its tests, documentation or tools."""
    *folders, name = path.split("/")
    if name.startswith("test_") or name in ("conftest.py", "setup.py", "noxfile.py") or name.endswith("_test.py"):
        return False
    if any(folder.startswith(".") or folder in TEST_FOLDERS for folder in folders):
        return False
    return not folders or folders[0] not in SIDE_FOLDERS


def module_name(path: str, root: str = "") -> str:
    """ "app.models" for "src/app/models.py" under the import root "src"; a package for its __init__.py."""
    inside = path[len(root) + 1 :] if root else path
    stem = inside.removesuffix(".py").removesuffix("__init__").rstrip("/")
    return stem.replace("/", ".")


def dotted(expression: ast.expr) -> list[str]:
    """["db", "Model"] for ``db.Model``; empty for anything but names and attributes."""
    parts: list[str] = []
    while isinstance(expression, ast.Attribute):
        parts.append(expression.attr)
        expression = expression.value
    if not isinstance(expression, ast.Name):
        return []
    return [expression.id, *reversed(parts)]


def fold(sources: Sources, module: Module, expression: ast.expr, depth: int = 0) -> str | None:
    """The string that literals, f-strings, concatenation and module-level names of the tree make; None where it is none."""
    if depth > 20:
        return None
    match expression:
        case ast.Constant(value=str() as text):
            return text
        case ast.Name() | ast.Attribute():
            name = sources.resolve(module, expression)
            found = sources.defining(name) if name else None
            value = found[0].values.get(found[1]) if found else None
            return None if found is None or value is None else fold(sources, found[0], value, depth + 1)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            before, after = fold(sources, module, left, depth + 1), fold(sources, module, right, depth + 1)
            return None if before is None or after is None else before + after
        case ast.JoinedStr(values=values):
            parts = [fold(sources, module, value, depth + 1) for value in values]
            return None if None in parts else "".join(part for part in parts if part is not None)
        case ast.FormattedValue(value=value, conversion=-1, format_spec=None):
            return fold(sources, module, value, depth + 1)
        case _:
            return None


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that run at import: those of a body, and those inside its ``if``, ``try`` and ``with``."""
    for statement in body:
        yield statement
        match statement:
            case ast.If(body=inner, orelse=other):
                yield from statements([*inner, *other])
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=final):
                yield from statements([*inner, *other, *final])
                for handler in handlers:
                    yield from statements(handler.body)
            case ast.With(body=inner):
                yield from statements(inner)
            case _:
                pass


def _read_names(module: Module, body: Iterable[ast.stmt], *, at_import: bool) -> None:
    for statement in body:
        match statement:
            case ast.Import(names=names):
                for alias in names:
                    module.names[alias.asname or alias.name.partition(".")[0]] = (
                        alias.name if alias.asname else alias.name.partition(".")[0]
                    )
                    if at_import:
                        module.imports.append(alias.name)
            case ast.ImportFrom(module=source, names=names, level=level):
                origin = _absolute(module, source, level)
                for alias in names:
                    if alias.name == "*":
                        module.stars.append(origin)
                    else:
                        module.names[alias.asname or alias.name] = f"{origin}.{alias.name}" if origin else alias.name
                    if at_import:
                        module.imports.extend([origin, f"{origin}.{alias.name}"])
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    if isinstance(target, ast.Name):
                        module.values[target.id] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                module.values[name] = value
            case ast.ClassDef(name=name):
                module.classes[name] = statement
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                module.functions[name] = statement
            case ast.If(test=test, body=inner, orelse=other):
                typing_only = bool(dotted(test)) and dotted(test)[-1] == "TYPE_CHECKING"
                _read_names(module, inner, at_import=at_import and not typing_only)
                _read_names(module, other, at_import=at_import)
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=final):
                for handler in handlers:
                    _read_names(module, handler.body, at_import=at_import)
                _read_names(module, [*inner, *other, *final], at_import=at_import)
            case ast.With(body=inner):
                _read_names(module, inner, at_import=at_import)
            case _:
                pass


def _absolute(module: Module, source: str | None, level: int) -> str:
    if level == 0:
        return source or ""
    package = module.package.split(".") if module.package else []
    base = package[: len(package) - (level - 1)]
    return ".".join([*base, source] if source else base)


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]


def _absolute_tops(body: ast.Module) -> Iterator[str]:
    for statement in statements(body.body):
        match statement:
            case ast.Import(names=names):
                yield from (alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(module=str() as source, level=0):
                yield source.partition(".")[0]
            case _:
                pass


@dataclass(frozen=True, slots=True)
class _Roots:
    """Decides from which folder a file is imported: the one above its outermost package, "src" before the tree's root."""

    paths: set[str]
    imported: set[str]

    def of(self, path: str) -> str:
        folder = posixpath.dirname(path)
        outer = folder
        while outer and f"{outer}/__init__.py" in self.paths:
            outer = posixpath.dirname(outer)
        if not outer or outer == "src":
            return outer
        if outer.startswith("src/"):
            return "src"
        inside = module_name(path, outer).partition(".")[0]
        # Without __init__.py a folder may be a namespace package or stand on the import path; what others import tells which.
        if outer.partition("/")[0] in self.imported or inside not in self.imported:
            return ""
        return outer
