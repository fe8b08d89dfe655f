"""`gitmig upgrade` beside `alembic upgrade head` on the same files on SQLite; a script, and nothing in it is judged.

    python -m tests.benchmarks.bench_upgrade [--revisions 1000] [--pairs 5] [--folder DIR]

Whole processes are timed, each kind in turn, and the medians are set against Alembic's: a commit for each revision, one transaction, a run
with nothing to do, and bare sqlite3 doing only the statements. Both tools have run before (their caches are warm); "cold" is gitmig
without its cache under the git directory against Alembic without __pycache__. ``--folder`` puts the databases on another file system,
because most of the time with a commit for each revision is that of its fsync.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.benchmarks.bench_graph import FILE

ROOT = Path(__file__).resolve().parents[2]
ENV = """from sqlalchemy import engine_from_config, pool

from alembic import context

config = context.config
connectable = engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
with connectable.connect() as connection:
    context.configure(connection=connection, target_metadata=None)
    with context.begin_transaction():
        context.run_migrations()
"""
ALEMBIC = ("-c", "import sys; sys.argv[0] = 'alembic'; from alembic.config import main; main()", "upgrade", "head")
GITMIG = ("-m", "gitmig", "-q", "upgrade")


class Bench:
    """One project with both tools' configuration; each measured process starts in its folder."""

    def __init__(self, folder: Path, revisions: int) -> None:
        self.folder = folder
        self.database = folder / "app.db"
        self.versions = folder / "migrations" / "versions"
        self.versions.mkdir(parents=True)
        down: str | None = None
        for place in range(revisions):
            id = f"{place:012x}"
            (self.versions / f"{id}_add_table.py").write_text(FILE.format(place=place, id=id, down=down))
            down = id
        (folder / "migrations" / "env.py").write_text(ENV)
        (folder / "alembic.ini").write_text("[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = sqlite:///app.db\n")
        (folder / "pyproject.toml").write_text('[tool.gitmig]\nurl = "sqlite:///app.db"\n')
        (folder / ".git").mkdir()
        (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITMIG"))}
        self.environment["PYTHONPATH"] = str(ROOT)

    def run(self, arguments: Sequence[str]) -> None:
        subprocess.run([sys.executable, *arguments], cwd=self.folder, env=self.environment, capture_output=True, check=True)

    def empty(self) -> None:
        self.database.unlink(missing_ok=True)

    def cold(self) -> None:
        self.empty()
        shutil.rmtree(self.folder / ".git" / "gitmig", ignore_errors=True)
        for cache in self.folder.rglob("__pycache__"):
            shutil.rmtree(cache)

    def bare(self) -> None:
        """The statements alone: the table and the version row, committed for each revision."""
        connection = sqlite3.connect(self.database, isolation_level=None)
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('')")
        for place in range(len(list(self.versions.glob("*.py")))):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(f"CREATE TABLE table_{place} (id INTEGER NOT NULL, name VARCHAR(50) NOT NULL, PRIMARY KEY (id))")
            connection.execute(f"UPDATE alembic_version SET version_num = '{place:012x}'")
            connection.execute("COMMIT")
        connection.close()


def nothing() -> None:
    return None


def measure(bench: Bench, pairs: int) -> None:
    kinds: dict[str, tuple[Callable[[], None], Callable[[], None]]] = {
        "alembic": (bench.empty, lambda: bench.run(ALEMBIC)),
        "alembic, nothing to do": (nothing, lambda: bench.run(ALEMBIC)),
        "gitmig, a commit a revision": (bench.empty, lambda: bench.run(GITMIG)),
        "gitmig, one transaction": (bench.empty, lambda: bench.run((*GITMIG, "--single-transaction"))),
        "gitmig, nothing to do": (nothing, lambda: bench.run(GITMIG)),
        "bare sqlite3": (bench.empty, bench.bare),
        "alembic, cold": (bench.cold, lambda: bench.run(ALEMBIC)),
        "gitmig, one transaction, cold": (bench.cold, lambda: bench.run((*GITMIG, "--single-transaction"))),
        "gitmig, cold": (bench.cold, lambda: bench.run(GITMIG)),
    }
    bench.run(ALEMBIC)
    bench.empty()
    bench.run(GITMIG)
    times: dict[str, list[float]] = {kind: [] for kind in kinds}
    for _ in range(pairs):
        for kind, (prepare, run) in kinds.items():
            prepare()
            start = time.perf_counter()
            run()
            times[kind].append(time.perf_counter() - start)
        bench.empty()
        bench.run(GITMIG)
    medians = {kind: statistics.median(found) for kind, found in times.items()}
    against = {
        "gitmig, nothing to do": "alembic, nothing to do",
        "gitmig, cold": "alembic, cold",
        "gitmig, one transaction, cold": "alembic, cold",
    }
    for kind, median in medians.items():
        base = against.get(kind, "alembic")
        ratio = f"  {median / medians[base]:5.2f} of {base}" if not kind.startswith("alembic") else ""
        print(f"{kind:32} {median:7.3f} s{ratio}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--revisions", type=int, default=1000)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        print(f"{arguments.revisions} create-table revisions on SQLite, medians of {arguments.pairs}")
        measure(Bench(Path(folder) / "project", arguments.revisions), arguments.pairs)


if __name__ == "__main__":
    main()
