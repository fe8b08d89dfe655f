"""A history of our own that does what real scripts do at their worst: gitmig and Alembic make the same of it, and of its way back.

tests/e2e/alike holds it: the application's package and the revisions. Raw SQL, several statements in one, types made by hand, sessions,
inspection, batch blocks with all their arguments, models and helpers imported, nested transactions, autocommit blocks, old names.
"""

from __future__ import annotations

from pathlib import Path

from tests.databases import fresh_database
from tests.e2e.runkit import Project
from tests.e2e.test_histories import contents

HERE = Path(__file__).parent / "alike"


def test_a_history_of_everything_becomes_what_alembic_makes_of_it(any_database: str, tmp_path: Path) -> None:
    kind = "mariadb" if any_database.startswith("mysql") else any_database.partition(":")[0].partition("+")[0]
    made = {}
    for tool in ("alembic", "gitmig"):
        with fresh_database(kind, tmp_path) as url:
            project = Project(tmp_path / tool, url, {"PYTHONPATH": f"{HERE}:{HERE.parents[2]}", "PYTHONWARNINGS": "ignore"})
            project.for_alembic(alone=True)
            with (project.folder / "alembic.ini").open("a") as file:
                file.write(f"version_locations = {HERE / 'versions'}\n")
            run = project.alembic if tool == "alembic" else project.gitmig
            run("upgrade", "heads")
            up = contents(url)
            run("downgrade", "base")
            made[tool] = (up, contents(url))
    assert made["gitmig"][0]["tables"] == made["alembic"][0]["tables"]
    assert made["gitmig"] == made["alembic"]
