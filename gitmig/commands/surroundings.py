"""What every git hook is given and gives back."""

from __future__ import annotations

from dataclasses import dataclass

from gitmig.adapters.child import Child


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Of the process: ``ci``, whether it runs unattended; ``config``, GITMIG_CONFIG; ``here``, GIT_PREFIX (where the person stands);
    ``arguments``, what git gave the hook, ``stdin`` what it wrote to it; ``child``, one that was started ahead."""

    ci: bool = False
    config: str | None = None
    here: str = ""
    arguments: tuple[str, ...] = ()
    child: Child | None = None
    stdin: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The hook's exit code and the lines that it shows on stderr."""

    exit_code: int = 0
    lines: tuple[str, ...] = ()
