"""Functions found by the kind of a thing: the doors through which packages say how their own operations are carried out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

_F = TypeVar("_F", bound=Callable[..., Any])


class Dispatcher:
    """Functions by class (subclasses follow their bases) or by name, each for every dialect ("default") or for one (a qualifier)."""

    def __init__(self) -> None:
        self._registry: dict[tuple[Any, str], Any] = {}

    def dispatch_for(self, target: Any, *, qualifier: str = "default", replace: bool = False) -> Callable[[_F], _F]:
        """A decorator: the function is the one for ``target``. Raises ValueError where there is one and ``replace`` is not asked for."""

        def register(function: _F) -> _F:
            if (target, qualifier) in self._registry and not replace:
                raise ValueError(
                    f"Can not set dispatch function for object {target!r}: key already exists. "
                    "To replace existing function, use replace=True."
                )
            self._registry[target, qualifier] = function
            return function

        return register

    def dispatch(self, obj: Any, qualifier: str = "default") -> Any:
        """The function for a name, a class or an instance: that of its nearest class, and of that the qualifier's before the default.

        Raises ValueError where there is none.
        """
        found = self.find(obj, qualifier)
        if found is None:
            raise ValueError(f"no dispatch function for object: {obj!s}")
        return found

    def find(self, obj: Any, qualifier: str = "default") -> Any | None:
        """As ``dispatch``, None where there is none."""
        for target in _targets(obj):
            for key in ((target, qualifier), (target, "default")):
                if key in self._registry:
                    return self._registry[key]
        return None

    def branch(self) -> Dispatcher:
        """A dispatcher that begins with the functions of this one."""
        made = Dispatcher()
        made._registry = dict(self._registry)
        return made


def _targets(obj: Any) -> Iterator[Any]:
    if isinstance(obj, str):
        yield obj
    else:
        yield from (obj if isinstance(obj, type) else type(obj)).__mro__
