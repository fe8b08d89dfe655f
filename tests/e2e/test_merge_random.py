"""Two-branch histories drawn at random, merged by git with gitmig's hooks.

Held for each: one head, or nothing committed where the sides contradict each other; databases that went down either side first end as a
fresh one does; no revision is skipped. Every run draws a few (``GITMIG_TEST_SEED`` draws others); ``pytest -m nightly`` draws 500.
"""

from __future__ import annotations

import os
import random
import sqlite3
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo, copy_repo, new_home, new_repo
from tests.e2e.test_merge_scene import heads

SEED = int(os.environ.get("GITMIG_TEST_SEED", "4"))
KINDS = ("String(40)", "String(80)", "Integer", "Text")
# Between two lines that are changed git wants some that are not.
GAP = "    # -\n    # -\n    # -\n"


def source(table: str, columns: dict[str, str]) -> str:
    lines = "".join(f"{GAP}    {name}: Mapped[str | None] = mapped_column({kind})\n" for name, kind in sorted(columns.items()))
    return (
        "from sqlalchemy import Integer, String, Text\nfrom base import Base, Mapped, mapped_column\n\n\n"
        f'class {table.title()}(Base):\n    __tablename__ = "{table}"\n\n    id: Mapped[int] = mapped_column(primary_key=True)\n{lines}'
    )


Models = dict[str, dict[str, str]]


@pytest.fixture(scope="session")
def _seed(tmp_path_factory: pytest.TempPathFactory) -> Repo:
    """Three tables, each in a module of its own, that every branch begins with."""
    folder = tmp_path_factory.mktemp("random")
    config = '[tool.gitmig]\nmodels = ["shop.**"]\nurl = "sqlite:///app.db"\n[tool.gitmig.commit]\nunsafe = "stage"\n'
    repo = new_repo(folder / "repo", new_home(folder / "home"), config=config, models="")
    repo.write(".gitignore", "__pycache__/\n*.db\n")
    repo.write("base.py", "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\n\n\nclass Base(DeclarativeBase):\n    pass\n")
    repo.write("shop/__init__.py", "")
    write(repo, START)
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    repo.gitmig("upgrade")
    return repo


START: Models = {name: {"ant": "String(40)", "bee": "Integer", "cat": "Text"} for name in ("users", "orders", "items")}


def write(repo: Repo, models: Models) -> None:
    for table, columns in models.items():
        repo.write(f"shop/{table}.py", source(table, columns))


def change(draw: random.Random, models: Models) -> Models:
    """``models`` with one thing done to them."""
    changed = {table: dict(columns) for table, columns in models.items()}
    table = draw.choice(sorted(changed))
    columns = changed[table]
    match draw.choice(("add", "add", "drop", "type", "table")):
        case "drop" if len(columns) > 1:
            del columns[draw.choice(sorted(columns))]
        case "type" if columns:
            columns[draw.choice(sorted(columns))] = draw.choice(("String(80)", "Text"))
        case "table":
            changed.setdefault(draw.choice(("tags", "notes")), {})["ant"] = draw.choice(KINDS)
        case _:
            columns[draw.choice(("ape", "bat", "cod", "dog"))] = draw.choice(KINDS[:3])
    return changed


def work(draw: random.Random, repo: Repo, name: str) -> None:
    """One or two commits on a new branch, and a database that goes along."""
    repo.git("switch", "-qc", name, "main")
    models = START
    for number in range(draw.choice((1, 1, 2))):
        models = change(draw, models)
        write(repo, models)
        repo.git("add", ".")
        repo.git("commit", "-qm", f"{name} {number}", check=False)
    if (repo.top / "app.db").exists():
        (repo.top / f"{name}.db").write_bytes((repo.top / "app.db").read_bytes())
    repo.gitmig("--url", f"sqlite:///{name}.db", "upgrade")


def merge(draw: random.Random, repo: Repo) -> str:
    """Merge "theirs" into "ours" in one of the ways; everything that was said."""
    repo.git("switch", "-q", "ours")
    way = draw.choice((("--no-edit",), ("--no-edit",), ("--squash",), ("--no-commit",)))
    done = repo.git("merge", *way, "theirs", check=False)
    said = done.out + done.err
    conflicts = repo.git("diff", "--name-only", "--diff-filter=U").out.split()
    for path in conflicts:
        repo.git("checkout", "-q", draw.choice(("--ours", "--theirs")), "--", path, check=False)
        repo.git("add", "--", path)
    if repo.git("diff", "--cached", "--name-only").out or (repo.top / ".git/MERGE_HEAD").exists():
        ended = repo.git("commit", "-qm", "merged", check=False)
        said += ended.out + ended.err
    return said


def schema(path: Path) -> dict[str, set[tuple[str, ...]]]:
    with sqlite3.connect(path) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: {tuple(str(value) for value in row[1:]) for row in connection.execute(f'PRAGMA table_info("{table}")')}
            for table in sorted(tables)
            if not table.startswith(("gitmig_", "sqlite_", "alembic_"))
        }


def ran(path: Path) -> set[str]:
    with sqlite3.connect(path) as connection:
        return {row[0] for row in connection.execute("SELECT revision FROM gitmig_history WHERE direction = 'upgrade'")}


def play(seed: int, repo: Repo) -> str:
    """One history; how it ended."""
    draw = random.Random(seed)
    work(draw, repo, "ours")
    work(draw, repo, "theirs")
    ids = {where: {path.split("/")[-1].split("_")[0] for path in repo.revisions(where)} for where in ("ours", "theirs")}
    before = repo.git("rev-parse", "ours").out.strip()
    said = merge(draw, repo)
    told = f"seed {seed}: {said}"
    if "contradict each other" in said or "do the same thing" in said:
        assert repo.head() == before, told
        assert "nothing was committed" in said, told
        return "refused"
    assert repo.status() == "", told
    assert len(heads(repo)) == 1, told
    assert repo.gitmig("check", check=False).code == 0, told
    every = {path.split("/")[-1].split("_")[0] for path in repo.revisions()}
    assert ids["ours"] | ids["theirs"] <= every, told
    for name in ("ours", "theirs", "fresh"):
        repo.gitmig("--url", f"sqlite:///{name}.db", "upgrade")
        assert ran(repo.top / f"{name}.db") == every, (name, told)
    fresh = schema(repo.top / "fresh.db")
    assert fresh == schema(repo.top / "ours.db") == schema(repo.top / "theirs.db"), told
    return "merged" if ids["ours"] - ids["theirs"] and ids["theirs"] - ids["ours"] else "nothing to merge"


@pytest.mark.parametrize("number", range(3))
def test_a_merge_of_two_drawn_branches(_seed: Repo, tmp_path: Path, number: int) -> None:
    play(SEED + number, copy_repo(_seed, tmp_path / "repo"))


@pytest.mark.nightly
def test_500_merges_of_two_drawn_branches(_seed: Repo, tmp_path: Path) -> None:
    start = int(os.environ.get("GITMIG_TEST_SEED", random.SystemRandom().randrange(10**6)))
    print(f"GITMIG_TEST_SEED={start}")
    count: dict[str, int] = {}
    for seed in range(start, start + 500):
        repo = copy_repo(_seed, tmp_path / str(seed))
        ended = play(seed, repo)
        count[ended] = count.get(ended, 0) + 1
    print(count)
    assert count["merged"] > 100 and count["refused"] > 10, count


def test_a_new_module_of_a_package_named_by_stars_gets_its_revision(_seed: Repo, tmp_path: Path) -> None:
    repo = copy_repo(_seed, tmp_path / "repo")
    write(repo, {"tags": {"ant": "Text"}})
    repo.git("add", ".")
    repo.git("commit", "-qm", "tags")
    assert "tags" in repo.new_revision()
