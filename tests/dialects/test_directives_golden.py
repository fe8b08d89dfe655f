"""Every directive with every argument, on every dialect: gitmig's offline text is Alembic's, but for what ``deviations`` names.

The golden files are what Alembic itself prints (``directives.regenerate``).
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from tests.dialects.directives import deviations
from tests.dialects.directives.case import DIALECTS
from tests.dialects.directives.deviations import RAISES, deviating
from tests.dialects.directives.families import FAMILIES
from tests.dialects.directives.golden import read
from tests.dialects.directives.offline import gitmigs

CASES = [(family, title) for family, cases in FAMILIES.items() for title in cases]


@pytest.mark.skipif(not sa.__version__.startswith("2.1."), reason="the golden files were written with SQLAlchemy 2.1")
@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("family", FAMILIES)
def test_gitmig_prints_what_alembic_prints(family: str, dialect: str) -> None:
    golden = read(dialect, family)
    assert list(golden) == list(FAMILIES[family]), "a case was added or taken away: write the golden files anew"
    different: list[str] = []
    for title, case in FAMILIES[family].items():
        expected, found = golden[title], gitmigs(case, dialect)
        other = deviating(family, title, dialect, expected)
        if other is not None:
            right = _folded(found) == other and found != expected
        elif RAISES in expected:
            right = _before(found) == _before(expected) and RAISES in found
        else:
            right = found == expected
        if not right:
            wanted = other if other is not None else expected
            different.append(f"{title}\n  wanted: {_folded(wanted)}\n  found:  {_folded(found)}")
    assert different == []


def test_every_deviation_is_of_a_case() -> None:
    assert [each for each in deviations.DEVIATIONS if (each.family, each.title) not in CASES] == []


def _folded(text: str) -> str:
    return " ".join(text.split())


def _before(text: str) -> str:
    """What was printed before something was raised; the exceptions themselves have gitmig's own names."""
    return text.partition(RAISES)[0]
