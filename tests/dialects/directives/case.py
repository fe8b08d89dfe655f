"""One call of a directive, as a script writes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

DIALECTS = ("default", "sqlite", "postgresql", "mysql", "mariadb", "mssql", "oracle")

Script = Callable[[Any], Any]


@dataclass(frozen=True)
class Case:
    """``script`` is given ``op``; ``options`` are keywords of ``context.configure()``."""

    script: Script
    options: Mapping[str, Any] = field(default_factory=dict)


Family = dict[str, Case]
