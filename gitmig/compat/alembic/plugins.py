"""``alembic.runtime.plugins``: sets of comparators under a name, of packages and of autogenerate itself."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module, metadata
from types import ModuleType
from typing import Any

from gitmig.compat.alembic.util import CommandError
from gitmig.compat.alembic.utildispatch import DispatchPriority, PriorityDispatcher

__all__ = ["Plugin", "_all_plugins", "_make_re", "_setup", "_translate_legacy_name", "metadata"]

_all_plugins: dict[str, Plugin] = {}

BUILT_IN = tuple(f"alembic.autogenerate.{name}" for name in ("schemas", "tables", "types", "constraints", "defaults", "comments"))
"""What autogenerate compares by itself, each of which can be left out by its name."""
CHECKS_BY_NAME = "alembic.ext.checkconstraint_byname"
_LEGACY = {"alembic.autogenerate.checkconstraint_byname": CHECKS_BY_NAME}
_DEFAULT = ("alembic.autogenerate.*",)


class Plugin:
    """A set of comparators. Raises ValueError for a name that is taken."""

    def __init__(self, name: str) -> None:
        if name in _all_plugins:
            raise ValueError(f"A plugin named {name} is already registered")
        self.name = name
        self.autogenerate_comparators = PriorityDispatcher()
        _all_plugins[name] = self

    def remove(self) -> None:
        """The name is free again."""
        del _all_plugins[self.name]

    def add_autogenerate_comparator(
        self,
        fn: Callable[..., Any],
        compare_target: str,
        compare_element: str | None = None,
        *,
        qualifier: str = "default",
        priority: DispatchPriority = DispatchPriority.MEDIUM,
    ) -> None:
        """``fn`` takes part in comparing ("autogenerate", "schema", "table", "column"); ``compare_element`` is its group: one that
        gives STOP ends it for those of the group after it."""
        self.autogenerate_comparators.dispatch_for(compare_target, subgroup=compare_element, priority=priority, qualifier=qualifier)(fn)

    @classmethod
    def populate_autogenerate_priority_dispatch(cls, comparators: PriorityDispatcher, include_plugins: Iterable[str]) -> None:
        """Puts the comparators of the plug-ins that are named into ``comparators``. Raises CommandError for names that fit none."""
        for name in chosen(include_plugins):
            comparators.populate_with(_all_plugins[name].autogenerate_comparators)

    @classmethod
    def setup_plugin_from_module(cls, module: ModuleType, name: str) -> None:
        """The plug-in of a module that has ``setup(plugin)``."""
        plugin = Plugin(name)
        module.setup(plugin)


def chosen(include_plugins: Iterable[str]) -> list[str]:
    """The plug-ins that patterns name: dotted names, ``*`` for one part, ``~`` before one to leave it out.

    Raises CommandError for patterns that fit none, ValueError for what is no name.
    """
    wanted: dict[str, None] = {}
    missed = []
    for given in include_plugins:
        name = given.removeprefix("~")
        pattern = _make_re(_translate_legacy_name(name))
        found = [each for each in _all_plugins if pattern.fullmatch(each)]
        if given.startswith("~"):
            for each in found:
                wanted.pop(each, None)
        elif found:
            wanted.update(dict.fromkeys(found))
        else:
            missed.append(given)
    if missed:
        raise CommandError(f"Did not locate plugins: {', '.join(missed)}")
    return list(wanted)


def patterns(given: Iterable[str] | None) -> tuple[str, ...]:
    """What is meant where env.py says nothing: what autogenerate compares by itself, and the plug-ins of packages."""
    if given is not None:
        return tuple(given)
    return (*_DEFAULT, *(name for name in _all_plugins if name not in (*BUILT_IN, CHECKS_BY_NAME)))


def _make_re(name: str) -> re.Pattern[str]:
    """A pattern for names; ``*`` stands for one part. Raises ValueError for what is no name."""
    parts = name.split(".")
    if not all(part == "*" or part.isidentifier() for part in parts):
        raise ValueError(f"Invalid plugin expression {name!r}")
    return re.compile(r"\.".join(r"\w+" if part == "*" else re.escape(part) for part in parts))


def _translate_legacy_name(name: str) -> str:
    return _LEGACY.get(name, name)


def _setup() -> None:
    """Makes the plug-ins of autogenerate and those of installed packages (entry points of the group ``alembic.plugins``)."""
    for name in (*BUILT_IN, CHECKS_BY_NAME):
        if name not in _all_plugins:
            Plugin(name)
    for entry in metadata.entry_points(group="alembic.plugins"):
        if entry.name in _all_plugins or entry.value.startswith("alembic."):
            continue
        found = entry.load()
        modules = [found] if isinstance(found, ModuleType) else list(found)
        if not isinstance(found, ModuleType):
            warnings.warn(f"the plug-in {entry.name} is a collection of modules; it shall be one module", DeprecationWarning, stacklevel=2)
        for each in modules:
            module = import_module(each) if isinstance(each, str) else each
            Plugin.setup_plugin_from_module(module, entry.name if module is found else f"{entry.name}.{module.__name__}")
