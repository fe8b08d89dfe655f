"""``alembic.script.base``, and ``alembic.script`` itself."""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

from gitmig.compat.alembic.script import Script
from gitmig.compat.alembic.scriptdirectory import ScriptDirectory

__all__ = ["Script", "ScriptDirectory", "ZoneInfo", "datetime"]
