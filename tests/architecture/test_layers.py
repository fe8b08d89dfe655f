"""The picture of docs/architecture.md, held against every import in the code, type-checking ones too."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "gitmig"

LAYERS = (
    ("errors",),
    ("schema",),
    ("graph", "ops"),
    ("revision", "replay", "ports", "config"),
    ("script", "autogen", "ddl", "merging"),
    ("adapters",),
    ("runtime",),
    ("compat",),
    ("commands",),
    ("cli",),
)
LEVEL = {name: level for level, names in enumerate(LAYERS) for name in names}
EDGE = LEVEL["adapters"]
OUTSIDE = {"__init__", "__main__", "command", "context", "op"}  # the package's face, and the door of `python -m gitmig`

IO_MODULES = {"os", "subprocess", "socket", "tempfile", "shutil", "time", "random", "git", "sqlite3", "glob", "io", "urllib"}
PURE_PARTS = {"os.pathsep", "io", "io.BytesIO", "io.StringIO", "urllib.parse", "urllib.parse.parse_qs", "urllib.parse.unquote"}
"""Constants, streams that stay in memory, and functions of texts."""
IO_NAMES = {"sqlalchemy.create_engine", "sqlalchemy.engine.create_engine", "pathlib.Path"}
NO_SQLALCHEMY = ("errors", "graph", "config", "revision", "ports", "schema.values", "ops", "script.header", "script.edit", "script.load")


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        relative = path.relative_to(PACKAGE)
        if relative.parts[0] == "templates":
            continue  # templates are files of users' projects, not modules of ours
        name = ".".join(relative.with_suffix("").parts)
        yield name.removesuffix(".__init__"), ast.parse(path.read_text("utf-8"))


MODULES = dict(modules())


def imports(name: str) -> Iterator[tuple[str, int]]:
    """Every module (and module.name) that a module imports, wherever the import stands."""
    for node in ast.walk(MODULES[name]):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node.lineno


def ours(name: str) -> set[str]:
    """The modules of gitmig that a module imports."""
    found = set()
    for target, _ in imports(name):
        if target.startswith("gitmig."):
            inner = target.removeprefix("gitmig.")
            while inner and inner not in MODULES:
                inner = inner.rpartition(".")[0]
            if inner:
                found.add(inner)
    return found - {name}


def room(name: str) -> str:
    return name.partition(".")[0]


def test_every_module_has_a_layer() -> None:
    assert [name for name in MODULES if room(name) not in LEVEL and name not in OUTSIDE] == []


def test_relative_imports_are_not_used() -> None:
    found = [name for name, tree in MODULES.items() for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.level]
    assert found == []


@pytest.mark.parametrize("name", [name for name in MODULES if name not in OUTSIDE])
def test_a_module_imports_from_its_own_package_or_from_below(name: str) -> None:
    wrong = [
        target for target in ours(name) if target not in OUTSIDE and room(target) != room(name) and LEVEL[room(target)] >= LEVEL[room(name)]
    ]
    assert wrong == []


@pytest.mark.parametrize("name", [name for name in MODULES if name not in OUTSIDE and LEVEL.get(room(name), 99) < EDGE])
def test_below_the_line_nothing_touches_the_world(name: str) -> None:
    wrong = [
        f"{target} (line {line})"
        for target, line in imports(name)
        if (target.partition(".")[0] in IO_MODULES and target not in PURE_PARTS)
        or target in IO_NAMES
        or any(target.startswith(each + ".") for each in IO_NAMES)
    ]
    opened = [f"open() (line {node.lineno})" for node in ast.walk(MODULES[name]) if _calls_open(node)]
    assert wrong + opened == []


def _calls_open(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open"


@pytest.mark.parametrize("name", [name for name in MODULES if any(name == each or name.startswith(each + ".") for each in NO_SQLALCHEMY)])
def test_what_graph_commands_need_does_not_import_sqlalchemy(name: str) -> None:
    assert [line for target, line in imports(name) if target.partition(".")[0] == "sqlalchemy"] == []


def test_there_is_no_import_cycle() -> None:
    edges = {name: ours(name) for name in MODULES if name not in OUTSIDE}
    done: set[str] = set()

    def visit(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise AssertionError("cycle: " + " -> ".join((*path[path.index(name) :], name)))
        if name in done:
            return
        for target in sorted(edges.get(name, ())):
            visit(target, (*path, name))
        done.add(name)

    for name in edges:
        visit(name, ())


def test_no_file_says_too_much() -> None:
    long = {name: len(path.read_text("utf-8").splitlines()) for name, path in _paths() if len(path.read_text("utf-8").splitlines()) > 550}
    assert long == {}


def _paths() -> Iterator[tuple[str, Path]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), path
