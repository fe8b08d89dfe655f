"""``import gitmig.context`` is the live module that env.py talks to."""

from __future__ import annotations

import sys

from gitmig.runtime import context

sys.modules[__name__] = context
