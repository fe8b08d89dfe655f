"""A history printed with --sql in many ways, on every dialect: the whole text is Alembic's, to the letter."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.dialects.offlinelab import RUNS, URLS, write

ROOT = Path(__file__).resolve().parents[2]
RAISED = "!! "


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    folder = tmp_path_factory.mktemp("history")
    write(folder)
    found = {}
    for tool in ("alembic", "gitmig"):
        command = [sys.executable, "-m", "tests.dialects.offlinelab", tool, str(folder)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
        found[tool] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("dialect", URLS)
def test_the_text_is_alembics(printed: dict[str, dict[str, str]], dialect: str) -> None:
    different = []
    for name in RUNS:
        expected, found = (_settled(printed[tool][f"{dialect}: {name}"]) for tool in ("alembic", "gitmig"))
        if RAISED not in expected:
            same = found == expected
        elif dialect == "mssql" and "'startswith'" in expected:
            # Alembic does not know SQL Server's default schema, which a comment names; gitmig says dbo.
            same = RAISED not in found and found.startswith(expected.partition(RAISED)[0]) and "'schema', dbo," in found
        else:
            # What is wrong is said in gitmig's words, and before anything is printed that Alembic would have printed.
            same = RAISED in found and expected.startswith(found.partition(RAISED)[0])
        if not same:
            different.append(f"{name}:\n{expected}\n-- and not\n{found}")
    assert different == []


def _settled(text: str) -> str:
    """Which of a merge's parents has the row that stays is not settled: Alembic takes them out of a set."""
    steps = re.split(r"(?m)^(?=-- Running )", text)
    for place, step in enumerate(steps):
        if re.match(r"-- Running \w+ (left, right -> merged|merged -> left, right)", step):
            head, line, rest = step.partition("\n")
            steps[place] = head + line + re.sub("'(left|right)'", "'parent'", rest)
    return "".join(steps)


def test_most_of_it_is_no_error(printed: dict[str, dict[str, str]]) -> None:
    raised = {name for name, text in printed["alembic"].items() if RAISED in text and not name.startswith("mssql")}
    assert {name.partition(": ")[2] for name in raised} == {"upgrade by a short name", "downgrade from nowhere"}
