"""A git hook's way to the terminal, without click: it is part of every commit's time. Other hooks than pre-commit run it as a script:
`python githook.py NAME ARGUMENTS...`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable

    from gitmig.adapters.gitrepo import Repository
    from gitmig.adapters.hookfiles import GitHook
    from gitmig.commands.surroundings import Report, Surroundings

_INTERRUPTED = 130


def run(name: str, arguments: Sequence[str] = (), *, process: subprocess.Popen[bytes] | None = None, form: str | None = None) -> int:
    """Run the hook ``name``, show its lines on stderr, return its exit code.

    ``process`` is a child that was started ahead. ``form`` is the one of the installed hook (None: it is not told), which is renewed when
    it is not this gitmig's.
    """
    from gitmig.adapters.child import Child
    from gitmig.adapters.environ import environment, hooks_skipped, in_ci
    from gitmig.adapters.gitrepo import discover
    from gitmig.adapters.hookfiles import hook_named
    from gitmig.commands.surroundings import Surroundings
    from gitmig.errors import GitmigError, redact

    child = Child(process) if process is not None else None
    code = 0
    lines: list[str] = []
    try:
        if hooks_skipped():
            return 0
        hook, ci = hook_named(name), in_ci()
        try:
            repository = discover()
            if form is not None and not ci:
                lines += _renewed(repository, form)
            here, config = environment().get("GIT_PREFIX", ""), environment().get("GITMIG_CONFIG")
            report = _function(hook)(repository, Surroundings(ci, config, here, tuple(arguments), child, _stdin(name)))
            code, lines = report.exit_code, [*lines, *report.lines]
        except GitmigError as error:
            skip = [f"  To skip once: GITMIG=0 {hook.way} ..."] if hook.way and "GITMIG=0" not in error.hint else []
            code, lines = error.exit_code, [*lines, f"gitmig: {error.message}.", *([f"  {error.hint}"] if error.hint else []), *skip]
        except KeyboardInterrupt:
            code = _INTERRUPTED
    finally:
        if child is not None:
            child.end()
    if lines:
        print(redact("\n".join(lines)), file=sys.stderr, flush=True)
    return code


def _stdin(name: str) -> str:
    """What git writes to the hooks that it tells something in that way."""
    if name != "pre-push" or sys.stdin is None or sys.stdin.isatty():
        return ""
    return sys.stdin.read()


def _function(hook: GitHook) -> Callable[[Repository, Surroundings], Report]:
    import importlib

    module, _, attribute = hook.runs.partition(":")
    found: Callable[[Repository, Surroundings], Report] = getattr(importlib.import_module(module), attribute)
    return found


def _renewed(repository: Repository, form: str) -> Sequence[str]:
    from gitmig.adapters import hookfiles

    if form == hookfiles.form():
        return ()
    from gitmig.commands.install import renew

    return renew(repository)


if __name__ == "__main__":
    # Run as a script: this folder is no place to import from, and gitmig's parent is one.
    here = Path(__file__).resolve().parent
    sys.path[:] = [each for each in sys.path if Path(each).resolve() != here]
    sys.path.append(str(here.parents[1]))
    from gitmig.cli import githook

    sys.exit(githook.run(sys.argv[1], sys.argv[2:]))
