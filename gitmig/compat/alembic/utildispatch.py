"""``alembic.util.langhelpers``' dispatchers: the comparators of autogenerate, in the order of their priorities."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from enum import Enum, IntEnum
from typing import Any, TypeVar

from gitmig.runtime.dispatch import Dispatcher

__all__ = ["DispatchPriority", "Dispatcher", "PriorityDispatchResult", "PriorityDispatcher"]

_F = TypeVar("_F", bound=Callable[..., Any])


class DispatchPriority(IntEnum):
    """When a function has its turn."""

    FIRST = 50
    MEDIUM = 25
    LAST = 10


class PriorityDispatchResult(Enum):
    """What a function says of those after it in its group: STOP passes them over, anything else lets them go on."""

    CONTINUE = 1
    STOP = 2


class PriorityDispatcher:
    """Several functions for each target: by priority, and inside one those of the dialect (the qualifier) before the others."""

    def __init__(self) -> None:
        self._registry: defaultdict[tuple[str, str, DispatchPriority], list[tuple[Any, str | None]]] = defaultdict(list)

    def dispatch_for(
        self,
        target: str,
        *,
        priority: DispatchPriority = DispatchPriority.MEDIUM,
        qualifier: str = "default",
        subgroup: str | None = None,
    ) -> Callable[[_F], _F]:
        """A decorator: the function is one of those for ``target``."""

        def register(function: _F) -> _F:
            self._registry[target, qualifier, priority].append((function, subgroup))
            return function

        return register

    def dispatch(self, target: str, *, qualifier: str = "default") -> Callable[..., None]:
        """A function that calls all of them."""
        qualifiers = ("default",) if qualifier == "default" else (qualifier, "default")
        found = [
            each
            for priority in (DispatchPriority.FIRST, DispatchPriority.MEDIUM, DispatchPriority.LAST)
            for name in qualifiers
            for each in self._registry.get((target, name, priority), ())
        ]

        def call(*args: Any, **keywords: Any) -> None:
            stopped: set[str | None] = set()
            for function, subgroup in found:
                if subgroup not in stopped and function(*args, **keywords) is PriorityDispatchResult.STOP:
                    stopped.add(subgroup)

        return call

    def branch(self) -> PriorityDispatcher:
        """A dispatcher that begins with the functions of this one."""
        made = PriorityDispatcher()
        made.populate_with(self)
        return made

    def populate_with(self, other: PriorityDispatcher) -> None:
        """The functions of ``other`` too, after those that are here."""
        for key, functions in other._registry.items():
            self._registry[key].extend(functions)
