"""`gitmig upgrade heads` beside `alembic upgrade heads` over published histories; a script, and nothing in it is judged.

    python -m tests.benchmarks.bench_corpus [--database sqlite ...] [--only NAME ...] [--pairs 5] [--json FILE]

Both tools upgrade the same unmodified files on an empty database, one after the other in turns, each once unmeasured before (what they
import is compiled then). The medians of the wall times stand side by side with their ratio, then the totals of each database and of all.
CPU is that of the tool's own process, which other work on the machine moves less. Histories below a second are said not to be judged.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from tests.corpus.history import History, Place, Unavailable, histories, prepared
from tests.databases import DATABASES, fresh_database

TOOLS = ("alembic", "gitmig")
LONG = 1.0
"""Seconds that Alembic takes, from which on a history's own ratio says something."""


@dataclass(frozen=True, slots=True)
class Result:
    """Medians in seconds, by tool."""

    name: str
    database: str
    wall: dict[str, float]
    cpu: dict[str, float]

    def line(self) -> str:
        ratio = self.wall["gitmig"] / self.wall["alembic"]
        cpu = self.cpu["gitmig"] / self.cpu["alembic"]
        short = "" if self.wall["alembic"] >= LONG else "  (short)"
        return (
            f"{self.name:24} {self.database:11} {self.wall['alembic']:8.2f} {self.wall['gitmig']:8.2f} {ratio:6.2f}"
            f" {self.cpu['alembic']:8.2f} {self.cpu['gitmig']:8.2f} {cpu:6.2f}{short}"
        )


def upgrade(tool: str, place: Place) -> tuple[float, float]:
    """Wall and CPU seconds of one process. Raises RuntimeError where it fails."""
    command = [sys.executable, "-m", tool, "-c", "alembic.ini", "upgrade", "heads"]
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(command, cwd=place.folder, env=place.environment, stdout=said, stderr=said)
        _, status, used = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise RuntimeError(f"{tool} in {place.folder}: {said.read().decode('utf-8', 'replace')[-2000:]}")
    return wall, used.ru_utime + used.ru_stime


def once(tool: str, entry: History, database: str) -> tuple[float, float]:
    """One upgrade of an empty database to the heads."""
    with tempfile.TemporaryDirectory() as folder, fresh_database(database, Path(folder)) as url:
        times = [upgrade(tool, place) for place in prepared(entry, database, url, Path(folder) / "place")]
    return sum(wall for wall, _ in times), sum(cpu for _, cpu in times)


def measured(entry: History, database: str, pairs: int) -> Result:
    times: dict[str, list[tuple[float, float]]] = {tool: [] for tool in TOOLS}
    for tool in TOOLS:
        once(tool, entry, database)
    for number in range(pairs):
        for tool in TOOLS if number % 2 else reversed(TOOLS):
            times[tool].append(once(tool, entry, database))
    wall, cpu = ({tool: statistics.median(each[part] for each in times[tool]) for tool in TOOLS} for part in (0, 1))
    return Result(entry.name, database, wall, cpu)


def total(results: list[Result], database: str) -> Result:
    wall, cpu = ({tool: sum(getattr(each, kind)[tool] for each in results) for tool in TOOLS} for kind in ("wall", "cpu"))
    return Result("total", database, wall, cpu)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", action="append", choices=DATABASES, help="may be repeated; all by default")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="may be repeated; all by default")
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--json", type=Path, help="write the medians to this file")
    arguments = parser.parse_args()
    print(f"medians of {arguments.pairs} interleaved pairs, in seconds; a ratio below 1 is gitmig's")
    print(f"{'history':24} {'database':11} {'alembic':>8} {'gitmig':>8} {'ratio':>6} {'CPU':>8} {'CPU':>8} {'ratio':>6}")
    results: list[Result] = []
    for database in arguments.database or DATABASES:
        for entry in histories():
            if database not in entry.databases or (arguments.only and entry.name not in arguments.only):
                continue
            try:
                results.append(measured(entry, database, arguments.pairs))
            except Unavailable as error:
                print(f"{entry.name:24} {database:11} not measured: {error}")
                continue
            print(results[-1].line(), flush=True)
        print(total([each for each in results if each.database == database], database).line())
    print(total(results, "all").line())
    if arguments.json:
        arguments.json.write_text(
            json.dumps([{"name": e.name, "database": e.database, "wall": e.wall, "cpu": e.cpu} for e in results], indent=1)
        )


if __name__ == "__main__":
    main()
