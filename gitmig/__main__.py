"""`python -m gitmig`."""

from __future__ import annotations

import sys

from gitmig.cli.main import main

sys.exit(main())
