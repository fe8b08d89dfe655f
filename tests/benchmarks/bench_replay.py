"""Models against 1,000 revisions: `gitmig check`, which replays them, beside Alembic, which needs a database at head for it.

    python tests/benchmarks/bench_replay.py [--revisions 1000] [--pairs 5]

Whole processes are timed, in interleaved rounds; printed are medians and ratios, nothing is judged. From nothing: gitmig has no
cache, Alembic no database (so it upgrades an empty SQLite file first). Warm: the cache is there, and so is the database at head. One more:
the cache knows all revisions but the last.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MODELS = """from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
for place in range({tables}):
    Table(f"table_{{place}}", metadata, Column("id", Integer, primary_key=True), Column("name", String(50)))
"""
REVISION = """from alembic import op
import sqlalchemy as sa

revision = {id!r}
down_revision = {down!r}


def upgrade():
    op.create_table("table_{place}", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(50)),
                    sa.PrimaryKeyConstraint("id"))


def downgrade():
    op.drop_table("table_{place}")
"""
ENV = """from alembic import context
from sqlalchemy import create_engine
from models import metadata

with create_engine("sqlite:///app.db").connect() as connection:
    context.configure(connection=connection, target_metadata=metadata)
    with context.begin_transaction():
        context.run_migrations()
"""


def make_project(folder: Path, revisions: int) -> Path:
    """The project; the file of its last revision is returned."""
    versions = folder / "migrations" / "versions"
    versions.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    path, down = versions, None
    for place in range(revisions):
        id = f"{place * 2654435761 % 2**48:012x}"
        path = versions / f"{id}_add_table_{place}.py"
        path.write_text(REVISION.format(place=place, id=id, down=down))
        down = id
    (folder / "models.py").write_text(MODELS.format(tables=revisions))
    (folder / "migrations" / "env.py").write_text(ENV)
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = migrations\nprepend_sys_path = .\n")
    (folder / "gitmig.ini").write_text("[gitmig]\nscript_location = migrations\nurl = sqlite:///app.db\nmodels = models:metadata\n")
    return path


def timed(folder: Path, *commands: list[str]) -> float:
    """Seconds for the commands, one after the other; each must end well."""
    start = time.perf_counter()
    for command in commands:
        done = subprocess.run([sys.executable, "-m", *command], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revisions", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    check, upgrade, alembic_check = ["gitmig", "check"], ["alembic", "upgrade", "head"], ["alembic", "check"]
    found: dict[str, list[tuple[float, float]]] = {"from nothing": [], "warm": [], "one more": []}
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        last = make_project(folder, options.revisions)
        aside = folder / "last.txt"
        timed(folder, check, upgrade)  # bytecode of both is there from now on
        for _ in range(options.pairs):
            shutil.rmtree(folder / ".git" / "gitmig", ignore_errors=True)
            (folder / "app.db").unlink()
            found["from nothing"].append((timed(folder, check), timed(folder, upgrade, alembic_check)))
            found["warm"].append((timed(folder, check), timed(folder, alembic_check)))
            shutil.rmtree(folder / ".git" / "gitmig")
            shutil.move(last, aside)
            subprocess.run([sys.executable, "-m", "gitmig", "check"], cwd=folder, capture_output=True, check=False)
            shutil.move(aside, last)
            found["one more"].append((timed(folder, check), timed(folder, alembic_check)))
    print(f"{options.revisions} revisions, {options.revisions} tables, {options.pairs} rounds")
    for name, pairs in found.items():
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        ratio = statistics.median(one / other for one, other in pairs)
        print(f"{name:13} gitmig {ours:6.2f} s  alembic {theirs:6.2f} s  ratio {ratio:.2f}")


if __name__ == "__main__":
    main()
