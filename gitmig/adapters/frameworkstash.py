"""What the pre-commit framework has taken out of the work tree while its hooks run.

It puts unstaged edits into a patch file named after its own process and back afterwards, so a hook sees the staged text on disk.
"""

from __future__ import annotations

import os
from pathlib import Path


def stashed_by_framework(path: str) -> bool:
    """Whether ``path`` (from the repository's top) has edits in the patch of the pre-commit process that runs this one."""
    if os.environ.get("PRE_COMMIT") != "1":
        return False
    named = os.fsencode(f"diff --git a/{path} b/{path}")
    return any(named in patch.read_bytes() for patch in _folder().glob(f"patch*-{os.getppid()}"))


def _folder() -> Path:
    home = os.environ.get("PRE_COMMIT_HOME")
    if home:
        return Path(home)
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "pre-commit"
