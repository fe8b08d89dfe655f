"""The names of Alembic's modules of operations, autogenerate, DDL and helpers: each is there, of the same kind, with the same arguments.

Each tool is asked in a process of its own, because both go by the name ``alembic``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
NAMES = [line.partition(": ") for line in (HERE / "opsnames.txt").read_text().splitlines()]
ELSEWHERE = {("alembic.autogenerate.compare", "_compare_columns"), ("alembic.util.sqla_compat", "_reflect_table")}
"""Names of earlier releases that packages still ask for: the installed Alembic does not have them."""

ASK = f"""
import importlib, inspect, json, sys
sys.path.insert(0, {str(ROOT)!r})
if sys.argv[1] == "gitmig":
    from gitmig.compat import alembic as shim
    shim.install()

def kind(thing):
    if inspect.ismodule(thing):
        return "module"
    if inspect.isclass(thing):
        return "exception" if issubclass(thing, BaseException) else "class"
    return "function" if inspect.isroutine(thing) else "value"

def signature(thing):
    if inspect.ismodule(thing) or not callable(thing) or kind(thing) == "exception":
        return None
    try:
        found = inspect.signature(thing)
    except ValueError:
        return None
    return [(each.name, str(each.kind), each.default is not each.empty) for each in found.parameters.values()]

found = {{}}
for line in open({str(HERE / "opsnames.txt")!r}):
    module, _, names = line.strip().partition(": ")
    held = importlib.import_module(module)
    for name in names.split():
        thing = getattr(held, name, None)
        found[module + " " + name] = None if not hasattr(held, name) else [kind(thing), signature(thing)]
print(json.dumps(found))
"""


@cache
def answers(tool: str) -> dict[str, list[object] | None]:
    done = subprocess.run([sys.executable, "-c", ASK, tool], capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode == 0, done.stderr
    found: dict[str, list[object] | None] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("module", [module for module, _, _ in NAMES])
def test_each_name_is_there_with_the_same_arguments(module: str) -> None:
    names = next(words.split() for each, _, words in NAMES if each == module)
    for name in names:
        ours, theirs = answers("gitmig")[f"{module} {name}"], answers("alembic")[f"{module} {name}"]
        assert ours is not None, name
        if (module, name) not in ELSEWHERE:
            assert ours == theirs, name
