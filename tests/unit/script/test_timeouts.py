"""Timeouts that a revision declares in a comment."""

from __future__ import annotations

import pytest

from gitmig.errors import RevisionFileError
from gitmig.script.timeouts import NONE, Timeouts, read_timeouts


def test_comments_are_read_wherever_they_stand_and_the_last_one_counts() -> None:
    source = b"x = 1  # gitmig: lock_timeout 5s\ndef upgrade():\n    # gitmig: statement_timeout = 2min, lock_timeout 1  # slow\n    pass\n"
    assert read_timeouts(source, "a.py") == Timeouts(1.0, 120.0)


def test_texts_and_other_declarations_are_no_timeouts() -> None:
    source = b'"""\n# gitmig: lock_timeout 5s\n"""\n# gitmig: touches lock_timeout\nx = "# gitmig: statement_timeout 5s"\n'
    assert read_timeouts(source, "a.py") == NONE


@pytest.mark.parametrize("text", ["lock_timeout", "lock_timeout soon", "lock_timeout 5s statement_timeout 5s", "lock_timeout -1"])
def test_one_that_cannot_be_read_is_named_with_its_line(text: str) -> None:
    with pytest.raises(RevisionFileError, match=r"^a\.py:2: '"):
        read_timeouts(f"\n# gitmig: {text}\n".encode(), "a.py")


def test_what_one_says_goes_over_the_other() -> None:
    assert Timeouts(lock=0.0).over(Timeouts(1.0, 2.0)) == Timeouts(0.0, 2.0)
