"""The comparators of autogenerate: those of packages, and gitmig's own diff as the one that Alembic's built-in ones are here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from gitmig.compat.alembic import plugins
from gitmig.compat.alembic.utildispatch import PriorityDispatcher

comparators = PriorityDispatcher()
"""What packages register with ``comparators.dispatch_for("schema" | "table" | "column")``."""

built_in = PriorityDispatcher()
"""gitmig's own."""

_ready: list[bool] = []


def every_comparator(include_plugins: Iterable[str] | None) -> PriorityDispatcher:
    """gitmig's own, those of the plug-ins that are asked for, and those registered without one."""
    _set_up()
    made = PriorityDispatcher()
    made.populate_with(built_in)
    plugins.Plugin.populate_autogenerate_priority_dispatch(made, plugins.patterns(include_plugins))
    made.populate_with(comparators)
    return made


def own_parts(include_plugins: Iterable[str] | None) -> frozenset[str]:
    """Which of "types", "constraints", "defaults", "comments" ... are compared; "checkconstraint_byname" where that is asked for."""
    _set_up()
    return frozenset(name.rpartition(".")[2] for name in plugins.chosen(plugins.patterns(include_plugins)))


def registered_by_packages(target: str) -> list[Any]:
    """The functions that packages or env.py have registered for a target, on whichever dialect."""
    _set_up()
    registries = [comparators, *(each.autogenerate_comparators for each in plugins._all_plugins.values())]
    return [
        function for registry in registries for (name, _, _), functions in registry._registry.items() if name == target
        for function, _ in functions
    ]  # fmt: skip


def _set_up() -> None:
    if not _ready:
        _ready.append(True)
        plugins._setup()
