"""The process's environment, read here and nowhere else."""

from __future__ import annotations

import os
from collections.abc import Mapping


def environment() -> Mapping[str, str]:
    """The environment variables of this process."""
    return os.environ


def colour_unwanted() -> bool:
    """Whether NO_COLOR (no-color.org: any non-empty value) or a dumb terminal asks for plain text."""
    return bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"


def hooks_skipped() -> bool:
    """Whether ``GITMIG=0`` asks that the hooks do nothing this once."""
    return os.environ.get("GITMIG") == "0"


def in_ci() -> bool:
    """Whether this runs unattended: every CI service sets CI."""
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")
