"""When Alembic itself was imported before gitmig stood in for it: what other modules took of it becomes gitmig's."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

_MISSING = object()


def rebind(old: Mapping[str, ModuleType], new: Callable[[str], ModuleType | None]) -> list[str]:
    """Names in other modules that are bound to modules of ``old``, or to what those define, are bound to the same of ``new(name)``.

    Returns them as "module.name", sorted; one that has nothing to be bound to stays and is told of as a warning.
    """
    modules = {id(module): name for name, module in old.items()}
    changed: list[str] = []
    left: list[str] = []
    for name, module in list(sys.modules.items()):
        if name in old or not isinstance(module, ModuleType) or name.startswith("gitmig."):
            continue
        for key, value in list(vars(module).items()):
            found = _counterpart(value, modules, old, new)
            if found is None:
                continue
            if found is _MISSING:
                left.append(f"{name}.{key}")
                continue
            setattr(module, key, found)
            changed.append(f"{name}.{key}")
    log = logging.getLogger("gitmig.compat")
    if changed:
        log.warning("alembic was imported before gitmig stood in for it; these names are gitmig's now: %s", ", ".join(sorted(changed)))
    if left:
        log.warning("these names are still Alembic's own, and gitmig has none in their place: %s", ", ".join(sorted(left)))
    return sorted(changed)


def _counterpart(value: Any, modules: Mapping[int, str], old: Mapping[str, ModuleType], new: Callable[[str], ModuleType | None]) -> Any:
    """What takes the place of ``value``: None where it is nothing of Alembic's, `_MISSING` where there is nothing."""
    name = modules.get(id(value))
    if name is not None:
        found = new(name)
        return _MISSING if found is None else found
    home = getattr(value, "__module__", None)
    if not isinstance(home, str) or home not in old or isinstance(value, ModuleType):
        return None
    own = getattr(value, "__name__", None)
    if not isinstance(own, str) or vars(old[home]).get(own) is not value:
        return None
    target = new(home)
    return _MISSING if target is None else getattr(target, own, _MISSING)
