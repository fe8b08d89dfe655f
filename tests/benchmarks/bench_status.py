"""`gitmig status` over many branches, and `resolve --rebase` of a long chain; a script, and nothing in it is judged.

    python tests/benchmarks/bench_status.py [--revisions 2000] [--branches 200] [--chain 50] [--runs 3]

Whole processes are timed. Cold: nothing is remembered under the git directory. Warm: it has run before.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

from bench_forecast import ADD, CREATE, FILE, git, make, timed


def chain(folder: Path, count: int) -> None:
    """A line of ``count`` revisions beside main's last one, which is published."""
    git(folder, "update-ref", "refs/remotes/origin/main", "main")
    versions = folder / "migrations" / "versions"
    down = "b00000000000"
    text = FILE.format(doc="side", id=down, down=None, upgrade=CREATE.format("side"), downgrade="pass")
    (versions / f"{down}.py").write_text(text)
    for place in range(1, count):
        id = f"c{place:011x}"
        upgrade = ADD.format("side", f"chained_{place}")
        (versions / f"{id}.py").write_text(FILE.format(doc=id, id=id, down=down, upgrade=upgrade, downgrade="pass"))
        down = id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revisions", type=int, default=2000)
    parser.add_argument("--branches", type=int, default=200)
    parser.add_argument("--chain", type=int, default=50)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        print(f"{options.branches} branches, {options.revisions} revisions, {options.runs} runs, Python {sys.version.split()[0]}")
        folder = Path(temporary, "repository")
        make(folder, options.revisions, options.branches, 0)
        cold, warm, moved = [], [], []
        for _ in range(options.runs):
            shutil.rmtree(folder / ".git" / "gitmig", ignore_errors=True)
            cold.append(timed(folder, "status")[0])
            warm.append(timed(folder, "status")[0])
        chain(folder, options.chain)
        for _ in range(options.runs):
            moved.append(timed(folder, "resolve", "--rebase")[0])
            timed(folder, "resolve", "--undo")
        for title, seconds in (("status, cold", cold), ("status, warm", warm), (f"resolve --rebase of {options.chain}", moved)):
            print(f"{title:28} {statistics.median(seconds):6.3f} s  (worst {max(seconds):.3f})", flush=True)


if __name__ == "__main__":
    main()
