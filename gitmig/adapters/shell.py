"""Commands run for the demo: in a folder of its own, with git's configuration of this machine kept out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from gitmig.errors import UsageError


def hermetic_environment() -> dict[str, str]:
    """The environment without git's and gitmig's variables and without a person's git configuration, signing and hooks included.

    Without CI too: what the demo shows is a person at a terminal, whose hooks write.
    """
    foreign, names = ("GIT_", "GITMIG", "ALEMBIC_", "PRE_COMMIT"), ("CI", "SKIP", "DATABASE_URL")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(foreign) and name not in names}
    person = {"NAME": "gitmig demo", "EMAIL": "demo@example.org"}
    git = {f"GIT_{role}_{key}": value for role in ("AUTHOR", "COMMITTER") for key, value in person.items()}
    return {**kept, **git, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TERMINAL_PROMPT": "0", "PYTHONUNBUFFERED": "1"}


def run_in(folder: Path, words: Sequence[str], environment: Mapping[str, str]) -> tuple[str, int]:
    """Run one command in ``folder``: what it wrote (stdout and stderr as they came) and its exit code.

    "gitmig" and "python" mean this interpreter. Raises UsageError where the program is missing.
    """
    ours = {"gitmig": [sys.executable, "-m", "gitmig"], "python": [sys.executable]}
    command = [*ours.get(words[0], [words[0]]), *words[1:]]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except FileNotFoundError:
        raise UsageError(f"the demo needs {words[0]}, which is not on PATH", f"Install {words[0]} and try again") from None
    return done.stdout.decode("utf-8", "replace"), done.returncode
