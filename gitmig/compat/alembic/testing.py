"""``alembic.testing.requirements``: the class that dialects' own test suites derive from."""

from __future__ import annotations

from sqlalchemy.testing.requirements import Requirements

__all__ = ["SuiteRequirements"]


class SuiteRequirements(Requirements):
    """What a dialect can do, as properties that a subclass gives; the suite that asks for them is Alembic's own and is not part of this."""
