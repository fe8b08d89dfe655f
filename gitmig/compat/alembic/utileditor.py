"""``alembic.util.editor``: a file in the user's editor."""

from __future__ import annotations

import os
import shlex
import shutil
from collections.abc import Mapping
from os.path import exists
from subprocess import CalledProcessError, check_call

from gitmig.adapters.editor import CANDIDATES, WINDOWS_CANDIDATES
from gitmig.compat.alembic.util import CommandError
from gitmig.compat.alembic.utilcompat import is_posix

__all__ = ["check_call", "exists", "is_posix", "open_in_editor"]


def open_in_editor(filename: str, environ: Mapping[str, str] | None = None) -> None:
    """Opens the file and waits. ``environ`` is read for EDITOR and VISUAL. Raises CommandError."""
    given = os.environ if environ is None else environ
    candidates = CANDIDATES if is_posix else WINDOWS_CANDIDATES
    said = [given[name] for name in ("EDITOR", "VISUAL") if given.get(name)]
    for each in said:
        words = shlex.split(each, posix=is_posix)
        found = shutil.which(words[0], path=given.get("PATH", os.defpath))
        if found is not None:
            return _run([found, *words[1:], filename])
    for each in candidates:
        found = shutil.which(each, path=given.get("PATH", ""))
        if found is not None:
            return _run([found, filename])
    raise CommandError('Error executing editor (No suitable editor found. Please set the "EDITOR" or "VISUAL" environment variables)')


def _run(command: list[str]) -> None:
    try:
        check_call(command)
    except (OSError, CalledProcessError) as error:
        raise CommandError(f"Error executing editor ({error})") from error
