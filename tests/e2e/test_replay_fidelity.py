"""Replay against what is really there: after each revision of published histories, is the replayed schema the live one?

Every run draws a few histories; ``-m nightly`` takes all, on every database that they support, and prints the share of equal revisions.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.corpus.history import Unavailable, histories, history, prepared
from tests.databases import fresh_database
from tests.e2e.test_histories import MARKS

pytestmark = pytest.mark.real
SEED = 28
DRAWN = 4

ALL = [(entry.name, database) for entry in histories() for database in entry.databases]


def judged(name: str, database: str, folder: Path) -> list[dict[str, Any]]:
    """The verdict on each revision, in the order in which they ran."""
    entry = history(name)
    observer = folder / "verdicts.jsonl"
    with fresh_database(database, folder) as url:
        try:
            places = prepared(entry, database, url, folder / "history")
        except Unavailable as error:
            pytest.skip(f"no package index: {error}")
        for place in places:
            done = place.run("gitmig", "upgrade", "heads", observer=observer)
            assert done.returncode == 0, done.stderr
    verdicts = [json.loads(line) for line in observer.read_text("utf-8").splitlines()]
    assert len(verdicts) == entry.data["revisions"]
    return verdicts


def wrong(verdicts: list[dict[str, Any]]) -> list[str]:
    """Revisions whose replay differs from the database although nothing in them was called unreadable."""
    return [f"{each['revision']}: {each['why'][:3]}" for each in verdicts if each["verdict"] == "unequal"]


@pytest.mark.parametrize(
    ("name", "database"),
    [pytest.param(*case, marks=MARKS.get(case[1], ())) for case in sorted(random.Random(SEED).sample(ALL, DRAWN))],
)
def test_no_revision_is_silently_replayed_wrong(name: str, database: str, tmp_path: Path) -> None:
    assert wrong(judged(name, database, tmp_path)) == []


@pytest.mark.nightly
@pytest.mark.parametrize("database", ["sqlite", *(pytest.param(each, marks=MARKS[each]) for each in ("postgresql", "mariadb"))])
def test_the_share_of_revisions_that_replay_reads(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    count: Counter[str] = Counter()
    failures = []
    lines = []
    for name, kind in ALL:
        if kind != database:
            continue
        folder = tmp_path / name
        folder.mkdir()
        verdicts = judged(name, database, folder)
        count.update(each["verdict"] for each in verdicts)
        failures += [f"{name} {each}" for each in wrong(verdicts)]
        lines += [
            f"  {name} {each['revision']} {each['verdict']}: {'; '.join(each['told'])}" for each in verdicts if each["verdict"] != "equal"
        ]
    total = sum(count.values())
    with capsys.disabled():
        print(f"\n{database}: {count['equal']} of {total} revisions equal ({count['equal'] / total:.1%}); {dict(count)}")
        print("\n".join(lines))
    assert failures == []
