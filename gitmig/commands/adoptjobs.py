"""In child processes: what Alembic itself makes of a project, and both tools run on throw-away databases.

The real Alembic is imported here, if it is installed, in a process in which gitmig's stand-in never is.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import tempfile
from argparse import Namespace
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from gitmig.adapters.child import child_root, child_tree
from gitmig.adapters.diversion import divert
from gitmig.commands.baseline import Source
from gitmig.commands.project import Options, Project
from gitmig.commands.running import RunOptions
from gitmig.commands.upgrade import upgrade
from gitmig.config import Config, use_url
from gitmig.errors import GitmigError


def alembic_graph(source: Config, request: Mapping[str, Any]) -> dict[str, Any]:
    """What Alembic reads. Result: ``version`` (None: it is not installed), ``revisions`` (id: down, depends_on), ``heads``, ``error``."""
    if not _alembic():
        return {"version": None, "revisions": {}, "heads": [], "error": None}
    found: dict[str, Any] = {"version": importlib.import_module("alembic").__version__, "revisions": {}, "heads": [], "error": None}
    script = importlib.import_module("alembic.script")
    with _silenced() as said:
        try:
            directory = script.ScriptDirectory.from_config(_alembic_config(source, request))
            for each in directory.walk_revisions():
                found["revisions"][each.revision] = {"down": _several(each.down_revision), "depends_on": _several(each.dependencies)}
            found["heads"] = sorted(directory.get_heads())
        except (Exception, SystemExit) as error:
            found["error"] = _told(error, said)
    return found


def alembic_upgrade(source: Config, request: Mapping[str, Any]) -> dict[str, Any]:
    """`alembic upgrade heads` on the database ``scratch`` alone. Result: ``error``, None where it went well."""
    divert(request["scratch"])
    command = importlib.import_module("alembic.command") if _alembic() else None
    config = _alembic_config(source, request)
    config.set_main_option("sqlalchemy.url", request["scratch"].replace("%", "%%"))
    with _silenced() as said:
        try:
            command.upgrade(config, "heads")  # type: ignore[union-attr]
        except (Exception, SystemExit) as error:
            return {"error": _told(error, said)}
    return {"error": None}


def scratch_upgrade(source: Config, request: Mapping[str, Any]) -> dict[str, Any]:
    """`gitmig upgrade heads` on the database ``scratch`` alone. Result: ``error``, None where it went well."""
    divert(request["scratch"])
    config = replace(use_url(source, request["scratch"]), history_table="")
    project = Project(config, Path(child_root()), child_tree(), Options(x_arguments=tuple(request.get("x_arguments") or ())))
    with _silenced() as said:
        try:
            upgrade(project, "heads", RunOptions())
        except GitmigError as error:
            return {"error": error.message}
        except (Exception, SystemExit) as error:
            return {"error": _told(error, said)}
    return {"error": None}


def env_facts(source: Source) -> dict[str, Any]:
    """What env.py says offline. Result: ``url`` (it may hold a password), ``tables`` (their number), ``error``."""
    from gitmig.commands.loading import load_models

    with _silenced():
        try:
            models = load_models(source.config, source.tree, x_arguments=source.x_arguments)
        except GitmigError as error:
            return {"url": None, "tables": 0, "error": error.message}
    return {"url": models.url, "tables": sum(len(metadata.tables) for metadata in models.metadatas), "error": None}


def _alembic() -> bool:
    """Whether the real Alembic can be imported. The project's root is not looked at: a migrations folder there may have the same name."""
    root = child_root()
    kept, sys.path[:] = list(sys.path), [path for path in sys.path if path and Path(path) != Path(root)]
    try:
        for name in ("alembic.command", "alembic.config", "alembic.script"):
            importlib.import_module(name)
    except ImportError:
        return False
    finally:
        sys.path[:] = kept
    return True


def _alembic_config(source: Config, request: Mapping[str, Any]) -> Any:
    files: dict[str, Any] = {"file_": source.ini_path, "ini_section": source.ini_section}
    if source.toml_path is not None:
        files["toml_file"] = source.toml_path
    arguments = Namespace(x=list(request.get("x_arguments") or ()) or None, name=source.ini_section, raiseerr=True)
    return importlib.import_module("alembic.config").Config(**files, cmd_opts=arguments)


@contextlib.contextmanager
def _silenced() -> Iterator[Any]:
    """What env.py and its logging say goes into a file in place of the terminal."""
    with tempfile.TemporaryFile() as said:
        terminal = os.dup(2)
        sys.stderr.flush()
        os.dup2(said.fileno(), 2)
        try:
            yield said
        finally:
            sys.stderr.flush()
            os.dup2(terminal, 2)
            os.close(terminal)


def _several(names: Any) -> list[str]:
    return [] if names is None else [names] if isinstance(names, str) else sorted(names)


def _told(error: BaseException, said: Any) -> str:
    """An exception in one sentence; of a program that ended itself, the last line that it said."""
    text = " ".join(str(getattr(error, "orig", None) or error).split())
    if isinstance(error, SystemExit):
        said.seek(0)
        lines = said.read().decode("utf-8", "replace").split("\n")
        text = next((line for line in reversed(lines) if line.strip()), f"exit code {error.code}")
    return f"{type(error).__name__}: {text}"
