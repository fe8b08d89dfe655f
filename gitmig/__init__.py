"""Git-aware migrations for SQLAlchemy.

Names are imported when they are first used, so that importing this costs nothing. ``op`` and ``context`` are for revision files and env.py;
``command`` and the classes are the Python API, as Alembic names it.
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing takes longer to import than all of this
if TYPE_CHECKING:
    from gitmig.compat.alembic import command as command
    from gitmig.compat.alembic.configfile import Config as Config
    from gitmig.compat.alembic.scriptdirectory import ScriptDirectory as ScriptDirectory
    from gitmig.compat.alembic.util import CommandError as CommandError
    from gitmig.runtime import context as context
    from gitmig.runtime import op as op
    from gitmig.runtime.environment import EnvironmentContext as EnvironmentContext
    from gitmig.runtime.migration import MigrationContext as MigrationContext

__version__ = "0.1.0"
__all__ = [
    "CommandError",
    "Config",
    "EnvironmentContext",
    "MigrationContext",
    "ScriptDirectory",
    "__version__",
    "command",
    "context",
    "op",
]

_MODULES = {"command": "gitmig.command", "context": "gitmig.context", "op": "gitmig.op"}
_CLASSES = {
    "CommandError": "gitmig.compat.alembic.util",
    "Config": "gitmig.compat.alembic.configfile",
    "EnvironmentContext": "gitmig.runtime.environment",
    "MigrationContext": "gitmig.runtime.migration",
    "ScriptDirectory": "gitmig.compat.alembic.scriptdirectory",
}


def __getattr__(name: str) -> object:
    if name not in _MODULES and name not in _CLASSES:
        raise AttributeError(f"module 'gitmig' has no attribute {name!r}")
    import importlib

    found = importlib.import_module(_MODULES[name]) if name in _MODULES else getattr(importlib.import_module(_CLASSES[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
