"""`gitmig demo`: what it promises is in the repository that it keeps."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

# What a CI service and a developer's shell may have set: the demo is its own small world.
SURROUNDINGS = {"CI": "true", "SKIP": "gitmig", "DATABASE_URL": "sqlite:///elsewhere.db", "GITMIG": "0"}


def gitmig(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **SURROUNDINGS}
    return subprocess.run([sys.executable, "-m", "gitmig", *words], cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def git(*words: str, cwd: Path) -> str:
    return subprocess.run(["git", *words], cwd=cwd, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("demo") / "a shop"
    done = gitmig("demo", "--keep", str(folder), cwd=folder.parent)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder, done.stdout


def test_every_model_commit_holds_its_revision(kept: tuple[Path, str]) -> None:
    folder, _ = kept
    log = git("log", "--no-merges", "--format=>%s", "--name-only", cwd=folder)
    commits = {block.splitlines()[0]: block.splitlines()[1:] for block in log.split(">") if block.strip()}
    for subject in ("customers have a phone", "no more legacy codes", "products have a weight", "orders have a note"):
        names = [name for name in commits[subject] if name]
        assert "shop/models.py" in names
        assert len([name for name in names if name.startswith("migrations/versions/")]) == 1


def test_the_work_tree_is_clean_at_the_end(kept: tuple[Path, str]) -> None:
    assert git("status", "--porcelain", cwd=kept[0]) == ""


def test_rows_survived_every_upgrade_and_the_dropped_column_is_gone(kept: tuple[Path, str]) -> None:
    with sqlite3.connect(kept[0] / "app.db") as connection:
        assert connection.execute("select count(*) from order_lines").fetchone() == (2,)
        names = [row[1] for row in connection.execute("pragma table_info(products)")]
    assert "weight" in names
    assert "legacy_code" not in names


def test_one_head_is_left_and_the_models_agree(kept: tuple[Path, str]) -> None:
    assert len(gitmig("heads", cwd=kept[0]).stdout.splitlines()) == 1
    assert gitmig("check", cwd=kept[0]).returncode == 0


def test_the_review_stop_names_the_file_and_the_loss(kept: tuple[Path, str]) -> None:
    _, text = kept
    scene = text.split("== A change that loses data")[1].split("==")[0]
    assert "legacy_code" in scene
    assert "migrations/versions/" in scene


def test_a_folder_with_something_in_it_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", "utf-8")
    done = gitmig("demo", "--keep", str(tmp_path), cwd=tmp_path)
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_after_a_switch_the_database_is_where_the_branch_is(kept: tuple[Path, str]) -> None:
    folder, shown = kept
    assert "which this branch lacks" in shown and "  back  " in shown
    with sqlite3.connect(folder / "app.db") as connection:
        assert "vip" not in {row[1] for row in connection.execute("pragma table_info(customers)")}
