"""The user's editor."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess

from gitmig.errors import GitmigError, UsageError

CANDIDATES = ("sensible-editor", "editor", "nano", "vim", "code")
WINDOWS_CANDIDATES = ("code.exe", "notepad++.exe", "notepad.exe")


def open_editor(path: str) -> None:
    """Open ``path`` in $EDITOR, $VISUAL, or the first editor found, and wait. Raises UsageError, GitmigError."""
    command = [*_editor(), path]
    try:
        done = subprocess.run(command, check=False)
    except OSError as error:
        raise UsageError(f"the editor '{command[0]}' cannot be run: {error.strerror or error}", "Set EDITOR.") from error
    if done.returncode:
        raise GitmigError(f"the editor '{command[0]}' ended with exit code {done.returncode}")


def _editor() -> list[str]:
    for name in ("EDITOR", "VISUAL"):
        said = os.environ.get(name, "").strip()
        if said:
            # $EDITOR may carry arguments ("code --wait"), or be one path with blanks in it.
            return [said] if shutil.which(said) else shlex.split(said, posix=os.name == "posix")
    candidates = WINDOWS_CANDIDATES if os.name == "nt" else CANDIDATES
    found = next((each for each in candidates if shutil.which(each)), None)
    if found is None:
        raise UsageError("no editor was found", "Set the environment variable EDITOR.")
    return [found]
