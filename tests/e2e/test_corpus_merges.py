"""Merges that people wrote and that work: a proof never calls one of them a contradiction."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import merges
from tests.corpus.history import Unavailable, histories, history, prepared

pytestmark = pytest.mark.real
DATABASES = {"sqlite": "sqlite:///x.db", "postgresql": "postgresql+psycopg://nobody@127.0.0.1/nothing"}
"""Nothing connects: the address says which dialect it is. No history for MariaDB has a merge."""


def proofs(name: str, database: str, folder: Path) -> list[dict[str, Any]]:
    """A proof of every merge revision of the history."""
    try:
        places = prepared(history(name), database, DATABASES[database], folder)
    except Unavailable as error:
        pytest.skip(f"no package index: {error}")
    found = []
    for place in places:
        command = [sys.executable, str(merges.__file__), database]
        done = subprocess.run(command, cwd=place.folder, env=place.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        found += [json.loads(line) for line in done.stdout.splitlines()]
    return found


def contradictions(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [each for each in found if each["verdict"] in ("conflict", "duplicates")]


@pytest.mark.parametrize("database", list(DATABASES))
def test_the_merges_of_one_history_are_no_contradictions(database: str, tmp_path: Path) -> None:
    found = proofs("pyrit", database, tmp_path)
    assert len(found) == 2
    assert contradictions(found) == []


@pytest.mark.nightly
@pytest.mark.parametrize("database", list(DATABASES))
def test_no_merge_of_the_corpus_is_called_a_contradiction(database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = []
    count: Counter[str] = Counter()
    for entry in histories():
        if database in entry.databases:
            found = proofs(entry.name, database, tmp_path / entry.name)
            count.update(each["verdict"] for each in found)
            wrong += [f"{entry.name} {each['merge']}" for each in contradictions(found)]
    with capsys.disabled():
        print(f"\n{database}: {sum(count.values())} merges: {dict(count)}")
    assert count.total() > 0
    assert wrong == []
