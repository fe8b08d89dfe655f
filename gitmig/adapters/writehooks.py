"""`post_write_hooks`: programs that are run over a revision file when it has been written."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import metadata, util
from pathlib import Path

from gitmig.config import Hook
from gitmig.errors import ConfigError

FILE_TOKEN = "REVISION_SCRIPT_FILENAME"
TYPES = ("console_scripts", "exec", "module")

STDERR = 2
"""The descriptor: ``sys.stderr`` may be an object that has none."""

Runner = Callable[[str, Mapping[str, str]], None]
"""A hook type that a project registers: called with the file's path and the hook's options."""


def check_hooks(hooks: Sequence[Hook], root: Path, registered: Mapping[str, Runner] | None = None) -> None:
    """Raises ConfigError for a hook that does not say what to run, or says what is not there; asked before a file is written."""
    for hook in hooks:
        kind = _kind(hook)
        if not (registered and kind in registered):
            _command(hook, kind, root)


def run_hooks(
    hooks: Sequence[Hook],
    path: Path,
    root: Path,
    say: Callable[[str], None],
    registered: Mapping[str, Runner] | None = None,
) -> None:
    """Run ``hooks`` over the file at ``path`` in their order; programs run in ``root`` unless a hook says `cwd`.

    As with Alembic their exit status is not asked; one that is not 0 is told through ``say``. What they print goes to
    stderr. Raises ConfigError as `check_hooks` does.
    """
    for hook in hooks:
        kind = _kind(hook)
        if registered and kind in registered:
            registered[kind](str(path), hook.options)
            continue
        command = [*_command(hook, kind, root), *_arguments(hook, path)]
        try:
            done = subprocess.run(command, cwd=_folder(hook, root), stdout=STDERR, check=False)
        except OSError as error:
            raise ConfigError(
                f"post-write hook '{hook.name}' cannot run '{command[0]}': {error.strerror or error}",
                f"The file is written: {path}.",
            ) from error
        if done.returncode:
            say(f"post-write hook '{hook.name}' ended with exit code {done.returncode}")


def _kind(hook: Hook) -> str:
    kind = hook.options.get("type")
    if kind is None:
        raise ConfigError(f"post-write hook '{hook.name}' has no `type`", f"Write `{hook.name}.type`: {', '.join(TYPES)}.")
    return kind


def _folder(hook: Hook, root: Path) -> Path:
    cwd = hook.options.get("cwd")
    return root if cwd is None else root / cwd


def _command(hook: Hook, kind: str, root: Path) -> list[str]:
    match kind:
        case "console_scripts":
            wanted = _option(hook, "entrypoint")
            for entry in metadata.entry_points(group="console_scripts"):
                if entry.name == wanted:
                    module, attribute = entry.module, entry.attr
                    return [sys.executable, "-c", f"import {module}, sys; sys.exit({module}.{attribute}())"]
            raise ConfigError(
                f"post-write hook '{hook.name}': no installed package has a console script '{wanted}'",
                "Install it beside gitmig.",
            )
        case "exec":
            wanted = _option(hook, "executable")
            if shutil.which(wanted) is None and not (_folder(hook, root) / wanted).is_file():
                raise ConfigError(f"post-write hook '{hook.name}': there is no program '{wanted}'", "Install it, or write its path.")
            return [wanted]
        case "module":
            wanted = _option(hook, "module")
            if _missing(wanted):
                raise ConfigError(f"post-write hook '{hook.name}': there is no module '{wanted}'", "Install it beside gitmig.")
            return [sys.executable, "-m", wanted]
    raise ConfigError(f"post-write hook '{hook.name}' has the type '{kind}'", f"Types are {', '.join(TYPES)}.")


def _missing(module: str) -> bool:
    try:
        return util.find_spec(module) is None
    except ModuleNotFoundError:
        return True


def _option(hook: Hook, key: str) -> str:
    value = hook.options.get(key)
    if value is None:
        raise ConfigError(f"post-write hook '{hook.name}' has no `{key}`", f"Write `{hook.name}.{key}`.")
    return value


def _arguments(hook: Hook, path: Path) -> list[str]:
    options = hook.options.get("options", "")
    words = shlex.split(options, posix=os.name == "posix")
    if FILE_TOKEN not in options:
        return [str(path), *words]
    return [word.replace(FILE_TOKEN, str(path)) for word in words]
