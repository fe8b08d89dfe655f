"""Names, kinds and defaults of the parameters of every directive, and of ``context``'s functions, are those of Alembic's."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

# At the top, as the modules are collected: a test that runs gitmig in this process puts its shim in Alembic's place.
from alembic.operations import BatchOperations as AlembicBatch
from alembic.operations import Operations as AlembicOperations
from alembic.runtime.environment import EnvironmentContext as AlembicEnvironment
from alembic.runtime.migration import MigrationContext as AlembicContext

from gitmig.runtime import op
from gitmig.runtime.batch import BatchOperations
from gitmig.runtime.environment import EnvironmentContext
from gitmig.runtime.migration import MigrationContext
from gitmig.runtime.operations import Operations

PAIRS: dict[str, tuple[type, type]] = {
    "op": (AlembicOperations, Operations),
    "batch": (AlembicBatch, BatchOperations),
    "context": (AlembicEnvironment, EnvironmentContext),
    "migration context": (AlembicContext, MigrationContext),
}

# How Alembic makes its module-level functions; nobody calls it from a script.
MACHINERY = {"create_module_class_proxy"}


def public(owner: type) -> list[str]:
    return [name for name in dir(owner) if not name.startswith("_") and callable(getattr(owner, name)) and name not in MACHINERY]


def shape(function: Any) -> list[tuple[str, str, str]]:
    """Name, kind and default of each parameter; what takes the rest may be called anything."""
    found = []
    for each in inspect.signature(function).parameters.values():
        rest = each.kind in (each.VAR_KEYWORD, each.VAR_POSITIONAL)
        default: Any = each.default
        if isinstance(default, Mapping):
            default = dict(default)
        elif isinstance(default, Sequence) and not isinstance(default, str):
            default = list(default)
        found.append(("" if rest else each.name, each.kind.name, "" if each.default is each.empty else repr(default)))
    return found


@pytest.mark.parametrize("which", PAIRS)
def test_every_function_takes_what_alembics_takes(which: str) -> None:
    alembics, ours = PAIRS[which]
    wrong = []
    for name in public(alembics):
        expected = shape(getattr(alembics, name))
        found = shape(getattr(ours, name)) if hasattr(ours, name) else None
        if found != expected:
            wrong.append(f"{name}: {found}, wanted {expected}")
    assert wrong == []


def test_the_module_has_every_directive() -> None:
    import alembic.op as alembics

    names = [name for name in dir(alembics) if not name.startswith("_") and name not in MACHINERY]
    assert [name for name in names if not hasattr(op, name)] == []
