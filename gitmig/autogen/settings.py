"""What a diff is told beside the two schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from gitmig.schema.values import Column, Table, TableName

IncludeObject = Callable[[Any, "str | None", str, bool, Any], bool]
"""env.py's ``include_object``: (SQLAlchemy object, name, "table" | "column" | "index" | ..., came from the database, its counterpart)."""

IncludeName = Callable[["str | None", str, "dict[str, Any]"], bool]
"""env.py's ``include_name``: (name, kind, names of what it stands in)."""

Differs = Callable[[str, Column, Column, Table], "bool | None"]
"""A project's or a dialect's own word on whether the "type" or the "default" of a column differs: (which, before, after, its table after);
None leaves it to gitmig."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a project asks of a diff.

    ``ours``: tables that migration tools keep for themselves, on neither side of a diff. ``types`` and ``defaults`` say whether types and
    server defaults are compared (env.py's ``compare_type`` and ``compare_server_default``). ``separate_cycles``: foreign keys that close a
    cycle are added after the tables; None leaves it to the dialect. ``differs`` has the first word on types and defaults.
    """

    ours: frozenset[TableName] = frozenset({TableName("alembic_version"), TableName("gitmig_history"), TableName("gitmig_journal")})
    types: bool = True
    defaults: bool = True
    include_object: IncludeObject | None = None
    include_name: IncludeName | None = None
    separate_cycles: bool | None = None
    differs: Differs | None = None


PLAIN = Settings()
