"""``alembic.runtime.migration``: the context of a run, which is gitmig's own, and its steps."""

from __future__ import annotations

from gitmig.compat.alembic.steps import HeadMaintainer, MigrationInfo, MigrationStep, RevisionStep, StampStep
from gitmig.runtime.migration import MigrationContext

__all__ = ["HeadMaintainer", "MigrationContext", "MigrationInfo", "MigrationStep", "RevisionStep", "StampStep"]
