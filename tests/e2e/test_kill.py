"""SIGKILL at random moments of an upgrade or a downgrade: what product.md promises holds afterwards.

SQLite and PostgreSQL show the old or the new state of a revision (PostgreSQL of the run); MariaDB goes on where it was. The default run
draws a few moments for each database from fixed seeds; ``pytest -m nightly`` draws many from a seed that it prints.
"""

from __future__ import annotations

import os
import random
import signal
import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import DATABASES, fresh_database
from tests.e2e.runkit import Project

REVISIONS = ("aaaa", "bbbb", "cccc", "dddd", "eeee")
FEW, MANY = 2, 60
UP = """
bind = op.get_bind()
t = op.create_table("t_{id}", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer), sa.Column("name", sa.String(20)))
op.bulk_insert(t, [{{"id": place, "n": 0, "name": "x"}} for place in range(1, 20)])
for place in range(3):
    op.execute("UPDATE t_{id} SET n = n + 1")
    op.add_column("t_{id}", sa.Column(f"more{{place}}", sa.Integer))
    bind.execute(sa.text("INSERT INTO counts (name) VALUES (:name)"), {{"name": f"{id} {{place}}"}})
    op.create_index(f"ix_{id}_{{place}}", "t_{id}", [f"more{{place}}"])
op.drop_index("ix_{id}_1", "t_{id}")
op.drop_column("t_{id}", "more1")
op.rename_table("t_{id}", "u_{id}")
op.execute("UPDATE u_{id} SET n = n * 2")
"""
DOWN = """
op.execute("DELETE FROM counts WHERE name LIKE '{id}%'")
op.rename_table("u_{id}", "t_{id}")
op.drop_index("ix_{id}_0", "t_{id}")
op.drop_column("t_{id}", "name")
op.drop_table("t_{id}")
"""


def make_project(folder: Path, url: str) -> Project:
    project = Project(folder, url)
    down = None
    for id in REVISIONS:
        first = 'op.create_table("counts", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))\n'
        project.revision(
            id,
            down,
            (first if down is None else "") + UP.format(id=id),
            DOWN.format(id=id) + ('op.drop_table("counts")' if down is None else ""),
        )
        down = id
    return project


def picture(project: Project) -> Any:
    """Tables, columns, indexes and rows; serial numbers are left out, which a rolled back transaction may burn."""
    engine = project.engine()
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        seen = {}
        for name in sorted(inspector.get_table_names()):
            if name in ("alembic_version", "gitmig_history", "gitmig_journal", "gitmig_journal_rows"):
                continue
            columns = [column["name"] for column in inspector.get_columns(name)]
            indexes = sorted(str(index["name"]) for index in inspector.get_indexes(name))
            shown = [column for column in columns if not (name == "counts" and column == "id")]
            rows = sorted(tuple(row) for row in connection.execute(sa.text(f"SELECT {', '.join(shown)} FROM {name}")))
            seen[name] = (columns, indexes, rows)
        return seen


@cache
def expected(kind: str) -> list[tuple[set[str], Any]]:
    """Version rows and picture before the first revision and after each one."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder, fresh_database(kind, Path(folder)) as url:
        project = make_project(Path(folder) / "project", url)
        states = [(project.rows(), picture(project))]
        for _ in REVISIONS:
            project.gitmig("upgrade", "+1")
            states.append((project.rows(), picture(project)))
        return states


def killed_run(project: Project, chance: random.Random, *arguments: str) -> bool:
    """Starts a run and kills it at some moment after its first step began. False: it had ended by itself."""
    run = project.start(*arguments)
    assert run.stderr is not None
    for _ in range(chance.randint(1, len(REVISIONS))):
        run.stderr.readline()
    time.sleep(chance.choice((0.0, chance.uniform(0, 0.02), chance.uniform(0, 0.1))))
    run.send_signal(signal.SIGKILL)
    run.communicate()
    return run.returncode == -signal.SIGKILL


def check(kind: str, project: Project, start: int) -> None:
    """The state is one of those that are promised."""
    rows, seen = project.rows(), picture(project)
    states = expected(kind)
    if kind == "sqlite":
        assert (rows, seen) in states
    elif kind == "postgresql":
        # The kill may have come after the commit of the whole run, or before.
        assert (rows, seen) in (states[start], states[0], states[-1])
    else:
        assert any(rows == known for known, _ in states)


def play(kind: str, folder: Path, seed: int) -> None:
    chance = random.Random(f"{kind} {seed}")
    states = expected(kind)
    with fresh_database(kind, folder) as url:
        project = make_project(folder / f"project{seed}", url)
        for _ in range(chance.randint(1, 3)):
            killed_run(project, chance, "upgrade")
            check(kind, project, 0)
        project.gitmig("upgrade")
        assert (project.rows(), picture(project)) == states[-1], f"seed {seed}"
        if kind == "mariadb":
            with project.engine().connect() as connection:
                assert not {"gitmig_journal", "gitmig_journal_rows"} & set(sa.inspect(connection).get_table_names())
        for _ in range(chance.randint(1, 2)):
            killed_run(project, chance, "downgrade", "base")
            check(kind, project, len(REVISIONS))
        project.gitmig("downgrade", "base")
        assert (project.rows(), picture(project)) == states[0], f"seed {seed}"


KINDS = [pytest.param(kind, marks=[] if kind == "sqlite" else getattr(pytest.mark, kind)) for kind in DATABASES]


@pytest.mark.parametrize("seed", range(FEW))
@pytest.mark.parametrize("kind", KINDS)
def test_a_killed_run_leaves_what_is_promised_and_the_next_one_finishes(kind: str, seed: int, tmp_path: Path) -> None:
    play(kind, tmp_path, seed)


@pytest.mark.nightly
@pytest.mark.parametrize("kind", KINDS)
def test_many_killed_runs_leave_what_is_promised(kind: str, tmp_path: Path) -> None:
    start = int(os.environ.get("GITMIG_TEST_SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"GITMIG_TEST_SEED={start}")
    for seed in range(start, start + MANY):
        play(kind, tmp_path, seed)
