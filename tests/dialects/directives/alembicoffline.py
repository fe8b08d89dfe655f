"""The text that a script makes in Alembic's offline mode."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# At the top, as the modules are collected: a test that runs gitmig in this process puts its shim in Alembic's place.
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext

from tests.dialects.directives.case import Case
from tests.dialects.directives.offline import configured, text_of


def alembics(case: Case, dialect: str) -> str:
    def operations(options: Mapping[str, Any]) -> Any:
        return Operations(MigrationContext.configure(**configured(dialect), opts=dict(options)))

    return text_of(case, operations)
