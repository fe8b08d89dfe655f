"""A plugin for pytest (``-p gitmig.compat.alembic.pytest``): plugins and tests that import alembic find gitmig."""

from __future__ import annotations

from gitmig.compat.alembic import install

install()
