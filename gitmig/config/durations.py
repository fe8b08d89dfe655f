"""Lengths of time, as people write them."""

from __future__ import annotations

import re

_DURATION = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>ms|s|sec|min|m|h)?")
_UNITS = {"ms": 0.001, "s": 1.0, "sec": 1.0, "min": 60.0, "m": 60.0, "h": 3600.0}
FORMS = "a number of seconds, or a number with ms, s, min or h (500ms, 5s, 2min); 0 for no limit"


def seconds(text: str) -> float | None:
    """ "5", "5s", "500ms", "2min" and "1h" as seconds; None for anything else."""
    found = _DURATION.fullmatch(text.strip().lower())
    return None if found is None else float(found["number"]) * _UNITS[found["unit"] or "s"]
