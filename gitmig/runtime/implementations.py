"""How a dialect that is not gitmig's own does things: classes of packages, registered by the dialect's name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from gitmig.ops import Operation


class Implementation(Protocol):
    """What a run asks of a registered implementation."""

    @property
    def transactional_ddl(self) -> bool:
        """Whether DDL can be rolled back."""
        ...

    def perform(self, operation: Operation, natively: Callable[[Operation], None]) -> None:
        """Carry the operation out; ``natively`` does it as gitmig would."""
        ...

    def start_migrations(self) -> None:
        """A run begins."""
        ...


_registered: dict[str, Callable[[Any], Implementation]] = {}
_general: list[Callable[[Any], Any]] = []


def register(dialect: str, make: Callable[[Any], Implementation]) -> None:
    """``make(context)`` gives the implementation of the dialect from now on."""
    _registered[dialect] = make


def register_general(make: Callable[[Any], Any]) -> None:
    """``make(context)`` gives what scripts see as ``context.impl`` on any dialect that has none of its own."""
    _general[:] = [make]


def registered(context: Any) -> Implementation | None:
    """The implementation of the context's dialect, where a package has registered one."""
    make = _registered.get(context.dialect.name)
    return None if make is None else make(context)


def general(context: Any) -> Any:
    """What any dialect has, None where nothing is registered."""
    return _general[0](context) if _general else None
