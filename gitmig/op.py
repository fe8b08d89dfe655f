"""``import gitmig.op`` is the live module that scripts talk to."""

from __future__ import annotations

import sys

from gitmig.runtime import op

sys.modules[__name__] = op
