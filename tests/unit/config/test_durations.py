"""Lengths of time as people write them."""

from __future__ import annotations

import pytest

from gitmig.config.durations import seconds


@pytest.mark.parametrize(
    ("text", "length"),
    [("5", 5.0), ("0", 0.0), ("1.5", 1.5), ("500ms", 0.5), ("5s", 5.0), (" 2 min ", 120.0), ("1H", 3600.0), ("3m", 180.0)],
)
def test_a_length_is_read_in_seconds(text: str, length: float) -> None:
    assert seconds(text) == length


@pytest.mark.parametrize("text", ["", "soon", "-1", "5 days", "s", "1e3", "5s5s"])
def test_anything_else_is_none(text: str) -> None:
    assert seconds(text) is None
