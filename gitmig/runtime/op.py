"""``op``, as scripts import it: each directive goes to the active run.

``_proxy`` may be assigned an Operations object; it answers where no run is active in this context (another thread, say).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import MethodType
from typing import Any

from gitmig.runtime.operations import DIRECTIVES, Operations, directive
from gitmig.runtime.run import active

_proxy: Any = None


def _operations(name: str) -> Any:
    run = active()
    if run is not None:
        return Operations(run)
    if _proxy is None:
        raise NameError(
            f"Can't invoke function '{name}', as the proxy object has not yet been established for the Alembic 'Operations' class.  "
            "Try placing this code inside a callable."
        )
    return _proxy


def _forward(name: str) -> Callable[..., Any]:
    @wraps(directive(name))
    def call(*args: Any, **keywords: Any) -> Any:
        return getattr(_operations(name), name)(*args, **keywords)

    return call


for _name in DIRECTIVES:
    globals()[_name] = _forward(_name)


def __getattr__(name: str) -> Any:
    """Directives that came later, and what else an Operations object offers."""
    if name.startswith("__"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(Operations, name, None)
    if isinstance(found, MethodType):
        return found  # of the class: register_operation, implementation_for
    if callable(found):
        return _forward(name)
    if found is None and (active() is not None or _proxy is not None):
        return getattr(_operations(name), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(DIRECTIVES)
