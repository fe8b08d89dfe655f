"""``alembic.runtime.environment``: the environment that env.py runs in, which is gitmig's own, and the kinds of functions given to it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, MutableMapping
from typing import Any, Literal

from gitmig.runtime.environment import EnvironmentContext

__all__ = [
    "CompareServerDefault",
    "CompareType",
    "EnvironmentContext",
    "IncludeNameFn",
    "IncludeObjectFn",
    "NameFilterParentNames",
    "NameFilterType",
    "OnVersionApplyFn",
    "ProcessRevisionDirectiveFn",
    "RenderItemFn",
]

NameFilterType = Literal["schema", "table", "column", "index", "unique_constraint", "foreign_key_constraint", "check_constraint"]
NameFilterParentNames = MutableMapping[Literal["schema_name", "table_name", "schema_qualified_table_name"], str | None]
CompareServerDefault = Callable[[Any, Any, Any, str | None, Any, str | None], bool | None]
CompareType = Callable[[Any, Any, Any, Any, Any], bool | None]
IncludeNameFn = Callable[[str | None, str, Mapping[str, str | None]], bool]
IncludeObjectFn = Callable[[Any, str | None, str, bool, Any], bool]
OnVersionApplyFn = Callable[..., None]
ProcessRevisionDirectiveFn = Callable[[Any, str | Iterable[str | None] | Collection[str], list[Any]], None]
RenderItemFn = Callable[[str, Any, Any], str | Literal[False]]
