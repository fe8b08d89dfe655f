"""``alembic.operations``: the directives, as classes."""

from __future__ import annotations

from sqlalchemy.sql.elements import conv

from gitmig.compat.alembic import operationsimpl as operationsimpl  # how operation objects are carried out is known from here on
from gitmig.runtime.batch import BatchOperations
from gitmig.runtime.directives import Directives as AbstractOperations
from gitmig.runtime.operations import Operations

__all__ = ["AbstractOperations", "BatchOperations", "Operations", "conv"]
