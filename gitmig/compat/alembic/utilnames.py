"""What else ``alembic.util`` holds from its own modules and from SQLAlchemy."""

from __future__ import annotations

from sqlalchemy.util import immutabledict, memoized_property

from gitmig.compat.alembic.utileditor import open_in_editor
from gitmig.compat.alembic.utilsqla import sqla_2_1

__all__ = ["EMPTY_DICT", "immutabledict", "memoized_property", "open_in_editor", "sqla_2_1"]

EMPTY_DICT: immutabledict[str, object] = immutabledict()
