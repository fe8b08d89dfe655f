"""``alembic.script.write_hooks``: kinds of post-write hooks that a project registers beside those that gitmig has."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from gitmig.adapters.writehooks import FILE_TOKEN, TYPES, Runner, run_hooks
from gitmig.compat.alembic.util import CommandError
from gitmig.config import Hook
from gitmig.errors import GitmigError

__all__ = ["REVISION_SCRIPT_TOKEN", "register", "subprocess"]

REVISION_SCRIPT_TOKEN = FILE_TOKEN


def _ours(kind: str) -> Runner:
    """A kind that gitmig runs itself, to be called like those that are registered."""

    def run(path: str, options: Mapping[str, str]) -> None:
        hook = Hook(options.get("_hook_name", kind), {**options, "type": kind})
        try:
            run_hooks([hook], Path(path), Path.cwd(), lambda text: None)
        except GitmigError as error:
            raise CommandError(error.message, error.hint) from error

    return run


_registry: dict[str, Callable[..., Any]] = {kind: _ours(kind) for kind in TYPES}


def register(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: the function, called with the file's path and the hook's options, is what hooks of type ``name`` do."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        _registry[name] = function
        return function

    return decorate


def registered_hooks() -> dict[str, Runner]:
    """What was registered, without the kinds that gitmig runs itself."""
    return {name: function for name, function in _registry.items() if name not in TYPES}


def _invoke(name: str, revision_path: str, options: Mapping[str, str]) -> Any:
    """Runs the hook type ``name`` over a file. Raises CommandError where it is not registered."""
    if name not in _registry:
        raise CommandError(f"No formatter with name '{name}' registered")
    return _registry[name](revision_path, options)
