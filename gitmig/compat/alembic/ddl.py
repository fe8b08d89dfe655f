"""``alembic.ddl`` and ``alembic.ddl.impl``: the implementations of dialects."""

from __future__ import annotations

from gitmig.compat.alembic import ddldialects as ddldialects  # makes those of SQLAlchemy's own dialects known
from gitmig.compat.alembic.ddlimpl import DefaultImpl, ImplMeta, made_for

__all__ = ["DefaultImpl", "ImplMeta", "made_for"]
