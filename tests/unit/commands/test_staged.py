from __future__ import annotations

import pytest

from gitmig.commands.hooktext import added, from_here, steps, stopped_for_review
from gitmig.commands.staged import Change, Mode, decide
from gitmig.config import CommitSettings

SAFE = Change("add column users.email", True)
LOSS = Change("drop column users.nick", False, "it loses data", "its data is deleted")


@pytest.mark.parametrize(
    ("autogenerate", "unsafe", "additive", "losing"),
    [
        ("stage", "review", "stage", "review"),
        ("stage", "stage", "stage", "stage"),
        ("stage", "check", "stage", "check"),
        ("stage", "off", "stage", "stage"),
        ("review", "stage", "review", "review"),
        ("review", "check", "review", "check"),
        ("check", "review", "check", "check"),
        ("off", "review", "off", "off"),
    ],
)
def test_the_stricter_word_wins_and_off_is_off(autogenerate: Mode, unsafe: Mode, additive: Mode, losing: Mode) -> None:
    settings = CommitSettings(autogenerate, unsafe)
    assert decide(settings, [SAFE]) == additive
    assert decide(settings, [SAFE, LOSS]) == losing


def test_what_it_does_to_data_is_said() -> None:
    lines = steps([SAFE, LOSS])
    assert lines == ["  + add column users.email", "  ! drop column users.nick: its data is deleted"]


def test_long_lists_are_cut() -> None:
    lines = steps([SAFE] * 40)
    assert len(lines) < 15
    assert lines[-1].strip() == "and 28 more"


def test_each_text_says_what_to_type_next() -> None:
    assert any("gitmig upgrade" in line for line in added("a.py", [SAFE]))
    review = stopped_for_review("it's a.py", [LOSS])
    assert any("git commit" in line for line in review)
    assert any("rm 'it'\"'\"'s a.py'" in line for line in review)


def test_paths_are_as_typed_where_the_person_stands() -> None:
    assert from_here("migrations/versions/a.py", "") == "migrations/versions/a.py"
    assert from_here("migrations/versions/a.py", "sub/deep/") == "../../migrations/versions/a.py"
