"""``import gitmig.command``: the commands as functions, by Alembic's names and arguments."""

from __future__ import annotations

import sys

from gitmig.compat.alembic import command

sys.modules[__name__] = command
