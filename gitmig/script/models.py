"""The models of a tree, found by reading its source: declarative bases, metadata, and the tables that they declare."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from gitmig.ports import Tree
from gitmig.script.pysource import Module, Sources, fold, read_sources, statements

BaseKind = Literal["declarative", "flask", "sqlmodel", "registry", "metadata"]
SQLMODEL = "sqlmodel.SQLModel"


@dataclass(frozen=True, slots=True)
class DeclaredTable:
    """A table as a class or a ``Table(...)`` call declares it. ``name`` is None where only running the code would tell."""

    name: str | None
    path: str
    line: int
    module: str
    base: str | None = None
    label: str = ""

    @property
    def place(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass(frozen=True, slots=True)
class Base:
    """Something that holds tables. ``name`` is dotted ("app.db.Base"); SQLModel's is "sqlmodel.SQLModel" and has no place."""

    name: str
    kind: BaseKind
    module: str | None
    attribute: str
    path: str
    line: int
    tables: tuple[DeclaredTable, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelsFound:
    """Every base of a tree in order of path and line, and the tables of each; ``loose`` are those whose base is not known."""

    bases: tuple[Base, ...]
    loose: tuple[DeclaredTable, ...]


def declared_tables(tree: Tree, *, skip: Iterable[str] = ()) -> tuple[DeclaredTable, ...]:
    """Every table that the source of ``tree`` declares, by place. ``skip`` are folders that hold no models (the migrations)."""
    sources = read_sources(tree, skip=skip)
    return tuple(sorted(_tables(sources, _Bases(sources)), key=lambda table: (table.path, table.line)))


def standing_class(table: str, declared: Iterable[DeclaredTable], imported: Iterable[str]) -> DeclaredTable | None:
    """The class that stands in the tree for a table which the loaded models lack, because its file was not ``imported`` (paths).

    None where no such class stands. A file whose table names only running it would tell counts when it was not imported either.
    """
    done = frozenset(imported)
    missing = [each for each in declared if each.path not in done]
    return next((each for each in missing if each.name == table), None) or next((each for each in missing if each.name is None), None)


def find_models(sources: Sources) -> ModelsFound:
    """The bases of a tree with their tables."""
    bases = _Bases(sources)
    tables = sorted(_tables(sources, bases), key=lambda table: (table.path, table.line))
    found = [
        Base(
            base.name,
            base.kind,
            base.module,
            base.attribute,
            base.path,
            base.line,
            tuple(table for table in tables if table.base == base.name),
        )
        for base in bases.all()
    ]
    used = {base.name for base in found}
    return ModelsFound(tuple(found), tuple(table for table in tables if table.base not in used))


class _Bases:
    """Which names of the tree are bases, and to which base a class or an expression belongs."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._found: dict[str, Base] = {}
        self._aliases: dict[str, str] = {}
        self._classes: dict[str, str | None] = {}
        for module in sources.modules.values():
            for name, value in module.values.items():
                if isinstance(value, ast.Call):
                    self._read_call(module, name, value)
        for module in sources.modules.values():
            for name, body in module.classes.items():
                if self._is_base(module, body):
                    self._add(module, name, "declarative", body.lineno)
                    self._alias_class_metadata(module, name, body)
                else:
                    self._read_class_metadata(module, name, body)
        for alias, owner in list(self._aliases.items()):
            if alias in self._found and owner in self._found and self._found[alias].kind in ("metadata", "registry"):
                del self._found[alias]

    def all(self) -> list[Base]:
        """In order of path and line; SQLModel, which stands in no file, first."""
        found = list(self._found.values())
        if any(self.of_class(f"{module.name}.{name}") == SQLMODEL for module, name in self._class_names()):
            found.append(Base(SQLMODEL, "sqlmodel", None, "SQLModel", "", 0))
        return sorted(found, key=lambda base: (base.path, base.line))

    def kind(self, name: str) -> BaseKind | None:
        """The kind of the base ``name``, if it is one that stands in the tree."""
        return self._found[name].kind if name in self._found else None

    def of_class(self, name: str) -> str | None:
        """The base that the class with this dotted name descends from, itself if it is one; None for any other class."""
        if name in self._classes:
            return self._classes[name]
        self._classes[name] = None
        if name in self._found:
            self._classes[name] = name
            return name
        if _is(name, "SQLModel", "sqlmodel"):
            return SQLMODEL
        if name.endswith(".Model"):
            owner = self._found.get(name.removesuffix(".Model"))
            if owner is not None and owner.kind == "flask":
                return owner.name
        found = self._sources.defining(name)
        body = found[0].classes.get(found[1]) if found else None
        if found is None or body is None:
            return None
        for parent in body.bases:
            resolved = self._sources.resolve(found[0], parent)
            owner_name = self.of_class(resolved) if resolved else None
            if owner_name is not None:
                self._classes[name] = owner_name
                return owner_name
        for decorator in body.decorator_list:
            resolved = self._sources.resolve(found[0], decorator.func if isinstance(decorator, ast.Call) else decorator)
            owner_name = self.of_value(resolved.rpartition(".")[0]) if resolved else None
            if owner_name is not None and resolved is not None and resolved.rpartition(".")[2].startswith("mapped"):
                self._classes[name] = owner_name
                return owner_name
        return None

    def of_value(self, name: str | None) -> str | None:
        """The base behind a dotted name of metadata: "app.db.Base.metadata", "app.db.metadata"."""
        if name is None:
            return None
        for candidate in (name, name.removesuffix(".metadata")):
            candidate = self._aliases.get(candidate, candidate)
            if candidate in self._found:
                return candidate
            if _is(candidate, "SQLModel", "sqlmodel"):
                return SQLMODEL
        return self.of_class(name.removesuffix(".metadata"))

    def _class_names(self) -> Iterator[tuple[Module, str]]:
        for module in self._sources.modules.values():
            for name in module.classes:
                yield module, name

    def _add(self, module: Module, name: str, kind: BaseKind, line: int) -> None:
        full = f"{module.name}.{name}"
        self._found[full] = Base(full, kind, module.name, name, module.path, line)

    def _read_call(self, module: Module, name: str, call: ast.Call) -> None:
        kind = self._call_kind(module, call)
        if kind is None:
            return
        self._add(module, name, kind, call.lineno)
        for keyword in call.keywords:
            if keyword.arg in ("metadata", "model_class"):
                held = self._sources.resolve(module, keyword.value)
                if held:
                    self._aliases[held] = f"{module.name}.{name}"
        if isinstance(call.func, ast.Attribute) and call.func.attr == "generate_base":
            registry = self._sources.resolve(module, call.func.value)
            if registry:
                self._aliases[registry] = f"{module.name}.{name}"

    def _call_kind(self, module: Module, call: ast.Call) -> BaseKind | None:
        if isinstance(call.func, ast.Attribute) and call.func.attr == "generate_base":
            inner = call.func.value.func if isinstance(call.func.value, ast.Call) else call.func.value
            target = self._sources.resolve(module, inner)
            found = self._sources.defining(target) if target else None
            value = found[0].values.get(found[1]) if found else None
            if isinstance(value, ast.Call) and found is not None:
                target = self._sources.resolve(found[0], value.func)
            return "declarative" if _is(target, "registry", "sqlalchemy") else None
        target = self._sources.resolve(module, call.func)
        if _is(target, "declarative_base", "sqlalchemy"):
            return "declarative"
        if _is(target, "registry", "sqlalchemy"):
            return "registry"
        if _is(target, "MetaData", "sqlalchemy", "sqlmodel"):
            return "metadata"
        if self._is_flask(target):
            return "flask"
        return None

    def _is_flask(self, target: str | None, depth: int = 0) -> bool:
        if _is(target, "SQLAlchemy", "flask_sqlalchemy") or target == "quart_sqlalchemy.SQLAlchemy":
            return True
        found = self._sources.defining(target) if target else None
        body = found[0].classes.get(found[1]) if found else None
        if found is None or body is None or depth > 5:
            return False
        return any(self._is_flask(self._sources.resolve(found[0], parent), depth + 1) for parent in body.bases)

    def _is_base(self, module: Module, body: ast.ClassDef) -> bool:
        if any(
            _is(self._sources.resolve(module, parent), name, "sqlalchemy")
            for parent in body.bases
            for name in ("DeclarativeBase", "DeclarativeBaseNoMeta")
        ):
            return True
        decorators = [each.func if isinstance(each, ast.Call) else each for each in body.decorator_list]
        return any(_is(self._sources.resolve(module, each), "as_declarative", "sqlalchemy") for each in decorators)

    def _read_class_metadata(self, module: Module, name: str, body: ast.ClassDef) -> None:
        """A plain class may hold a MetaData and its tables as a namespace."""
        for key, value in _assigned(body):
            if isinstance(value, ast.Call) and self._call_kind(module, value) == "metadata":
                self._add(module, f"{name}.{key}", "metadata", value.lineno)

    def _alias_class_metadata(self, module: Module, name: str, body: ast.ClassDef) -> None:
        for key, value in _assigned(body):
            if key in ("metadata", "registry"):
                held = self._sources.resolve(module, value)
                if held:
                    self._aliases[held] = f"{module.name}.{name}"


def _tables(sources: Sources, bases: _Bases) -> Iterator[DeclaredTable]:
    for module in sources.modules.values():
        for name, body in module.classes.items():
            table = _class_table(sources, bases, module, name, body)
            if table is not None:
                yield table
        yield from _table_calls(sources, bases, module)


def _class_table(sources: Sources, bases: _Bases, module: Module, name: str, body: ast.ClassDef) -> DeclaredTable | None:
    full = f"{module.name}.{name}"
    base = bases.of_class(full)
    own = dict(_assigned(body))
    if base == full or _is_true(own.get("__abstract__")) or "__table__" in own:
        return None
    is_sqlmodel = base == SQLMODEL
    if is_sqlmodel and not any(keyword.arg == "table" and _is_true(keyword.value) for keyword in body.keywords):
        return None
    if "__tablename__" in own:
        table = fold(sources, module, own["__tablename__"])
    elif base is None:
        return None
    elif is_sqlmodel:
        table = _inherited_name(sources, module, body, name) or name.lower()
    else:
        table = _inherited_name(sources, module, body, name)
        if table is None and bases.kind(base) == "flask" and not _defines_tablename(sources, module, body):
            table = snake_case(name)
    if base is None and table is None:
        return None
    return DeclaredTable(table, module.path, body.lineno, module.name, base, name)


def _table_calls(sources: Sources, bases: _Bases, module: Module) -> Iterator[DeclaredTable]:
    if b"Table(" not in module.source:
        return
    for call, scope in _import_time_calls(module):
        target = sources.resolve(module, call.func)
        if not call.args or target is None or target.rpartition(".")[2] != "Table":
            continue
        owner = bases.of_value(target.rpartition(".")[0])
        if owner is None and len(call.args) > 1:
            held = sources.resolve(module, call.args[1])
            owner = (bases.of_value(f"{module.name}.{scope}.{held}") if scope and held else None) or bases.of_value(held)
        if owner is None and not _is(target, "Table", "sqlalchemy", "sqlmodel"):
            continue
        name = fold(sources, module, call.args[0])
        if name is not None or owner is not None:
            yield DeclaredTable(name, module.path, call.lineno, module.name, owner, "Table")


def _import_time_calls(module: Module) -> Iterator[tuple[ast.Call, str | None]]:
    """The calls outside of functions, each with the class in whose body it stands."""
    for statement in statements(module.body.body):
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.If() | ast.Try() | ast.With():
                continue
            case _:
                scope = statement.name if isinstance(statement, ast.ClassDef) else None
                yield from ((node, scope) for node in ast.walk(statement) if isinstance(node, ast.Call))


def _assigned(body: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for statement in statements(body.body):
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value
            case _:
                pass


def _ancestors(sources: Sources, module: Module, body: ast.ClassDef, depth: int = 0) -> Iterator[tuple[Module, ast.ClassDef]]:
    yield module, body
    for parent in body.bases if depth < 20 else []:
        resolved = sources.resolve(module, parent)
        found = sources.defining(resolved) if resolved else None
        if found and found[1] in found[0].classes:
            yield from _ancestors(sources, found[0], found[0].classes[found[1]], depth + 1)


def _tablename_function(body: ast.ClassDef) -> ast.FunctionDef | None:
    return next((each for each in body.body if isinstance(each, ast.FunctionDef) and each.name == "__tablename__"), None)


def _defines_tablename(sources: Sources, module: Module, body: ast.ClassDef) -> bool:
    return any(_tablename_function(each) is not None for _, each in _ancestors(sources, module, body))


def _inherited_name(sources: Sources, module: Module, body: ast.ClassDef, name: str) -> str | None:
    """What a ``__tablename__`` written as a function of the class's name gives, where it is simple enough to be read."""
    for _, each in _ancestors(sources, module, body):
        function = _tablename_function(each)
        if function is not None:
            returned = function.body[-1]
            return _of_class_name(returned.value, name) if isinstance(returned, ast.Return) and returned.value else None
    return None


def _of_class_name(expression: ast.expr, name: str) -> str | None:
    match expression:
        case ast.Constant(value=str() as text):
            return text
        case ast.Attribute(attr="__name__"):
            return name
        case ast.Call(func=ast.Attribute(value=inner, attr="lower"), args=[]):
            lowered = _of_class_name(inner, name)
            return None if lowered is None else lowered.lower()
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            both = [_of_class_name(left, name), _of_class_name(right, name)]
            return None if None in both else "".join(part for part in both if part is not None)
        case ast.JoinedStr(values=values):
            parts = [_of_class_name(each, name) for each in values]
            return None if None in parts else "".join(part for part in parts if part is not None)
        case ast.FormattedValue(value=inner, conversion=-1, format_spec=None):
            return _of_class_name(inner, name)
        case _:
            return None


def snake_case(name: str) -> str:
    """Flask-SQLAlchemy's default table name: "HTTPRequest" is "http_request"."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=.)(?=[A-Z][a-z])", "_", name).lower().lstrip("_")


def _is_true(expression: ast.expr | None) -> bool:
    return isinstance(expression, ast.Constant) and expression.value is True


def _is(name: str | None, last: str, *tops: str) -> bool:
    """Whether a dotted name is ``last`` of one of the packages, wherever inside them it stands."""
    if name is None:
        return False
    parts = name.split(".")
    return len(parts) > 1 and parts[-1] == last and parts[0] in tops
