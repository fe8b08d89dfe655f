"""Alembic's module names over gitmig's own modules, for revision files and env.py that say ``from alembic import op, context``.

``install()`` puts them into ``sys.modules``, so they are found before an installed Alembic and before a folder called alembic in the
project. ``op`` and ``context`` are gitmig's live modules themselves.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

from gitmig.compat.alembic import opsmodules
from gitmig.runtime.implementations import register_general

_VERSION = "1.20.1"
"""The release whose behaviour this is; packages split and compare it."""


def install() -> None:
    """From now on ``import alembic`` in this process means gitmig. May be called again.

    What a module holds is imported when the module is: a command that finds nothing to do must not pay for it. Where Alembic itself was
    imported before, what other modules took of it is bound anew, and a warning is logged that names them.
    """
    present = sys.modules.get("alembic")
    if getattr(present, "gitmig_shim", False):
        return
    old = {name: module for name, module in sys.modules.items() if name == "alembic" or name.startswith("alembic.")}
    for name in old:
        del sys.modules[name]
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
    importlib.import_module("alembic")
    register_general(_implementation)
    if old:
        from gitmig.compat.alembic.rebinding import rebind

        rebind(old, _module)


def _implementation(context: Any) -> Any:
    """What scripts see as ``context.impl``. Few ask for it."""
    from gitmig.compat.alembic.ddl import made_for

    return made_for(context)


def _module(name: str) -> ModuleType | None:
    return importlib.import_module(name) if name in _MODULES else None


class _Finder(MetaPathFinder):
    """Finds the modules below before an installed Alembic and before a folder of that name."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        return ModuleSpec(name, _Loader(), is_package=True) if name in _MODULES else None


class _Loader(Loader):
    """Makes a module of what `_MODULES` says; ``op`` and ``context`` are gitmig's own modules and stay what they are."""

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        live = _LIVE.get(spec.name)
        if live is None:
            return _Package(spec.name, "gitmig's stand-in for Alembic's module of this name.")
        module = importlib.import_module(live)
        self._own = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        if isinstance(module, _Package):
            vars(module).update(_MODULES[module.__name__]())
        else:
            module.__spec__ = self._own


class _Package(ModuleType):
    """A package without files, whose modules are imported when they are first asked for."""

    def __getattr__(self, name: str) -> Any:
        full = f"{self.__name__}.{name}"
        if full in _MODULES:
            return importlib.import_module(full)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


_LIVE = {
    "alembic.op": "gitmig.runtime.op",
    "alembic.context": "gitmig.runtime.context",
    "alembic.command": "gitmig.compat.alembic.command",
    "alembic.config": "gitmig.compat.alembic.config",
    "alembic.environment": "gitmig.compat.alembic.environment",
    "alembic.migration": "gitmig.compat.alembic.migration",
    "alembic.runtime.environment": "gitmig.compat.alembic.environment",
    "alembic.runtime.migration": "gitmig.compat.alembic.migration",
    "alembic.script.base": "gitmig.compat.alembic.scriptbase",
    "alembic.script.revision": "gitmig.compat.alembic.revision",
    "alembic.script.write_hooks": "gitmig.compat.alembic.writehooks",
    "alembic.testing.requirements": "gitmig.compat.alembic.testing",
}
"""Modules of ours that are found under Alembic's names as they are, so that what is replaced in one is replaced for all."""


def _script() -> Mapping[str, Any]:
    here = "gitmig.compat.alembic"
    return {
        "Script": importlib.import_module(f"{here}.script").Script,
        "ScriptDirectory": importlib.import_module(f"{here}.scriptdirectory").ScriptDirectory,
    }


def _nothing() -> Mapping[str, Any]:
    return {}


def _alembic() -> Mapping[str, Any]:
    return {"__version__": _VERSION, "gitmig_shim": True}


_MODULES: Mapping[str, Callable[[], Mapping[str, Any]]] = {
    "alembic": _alembic,
    "alembic.runtime": _nothing,
    "alembic.script": _script,
    "alembic.templates": _nothing,
    "alembic.testing": _nothing,
    **dict.fromkeys(_LIVE, _nothing),
    **opsmodules.MODULES,
}
