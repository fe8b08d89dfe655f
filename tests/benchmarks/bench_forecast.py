"""`gitmig heads --refs` over many branches; a script, and nothing in it is judged.

    python tests/benchmarks/bench_forecast.py [--revisions 2000] [--branches 200] [--runs 5]

Whole processes are timed. Cold: nothing is remembered under the git directory. Warm: it has run before. "One branch moved": another
commit with a revision came since. "tip": every branch forks from main's last revision; "spread": all along main's last tenth.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILE = '''"""{doc}

Revision ID: {id}
Revises: {down}
"""

import sqlalchemy as sa

from gitmig import op

revision = "{id}"
down_revision = {down!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
    {upgrade}


def downgrade() -> None:
    {downgrade}
'''
CREATE = (
    'op.create_table("{0}", sa.Column("id", sa.Integer(), nullable=False), sa.Column("name", sa.String(50)), sa.PrimaryKeyConstraint("id"))'
)
ADD = 'op.add_column("{0}", sa.Column("{1}", sa.String(50), nullable=True))'


def make(folder: Path, revisions: int, branches: int, spread: int) -> None:
    """A line of revisions on main, a commit each, and branches with a revision each; the last two add the same column."""
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input="".join(stream(revisions, branches, spread)).encode(), check=True)
    git(folder, "reset", "-q", "--hard", "main")


def stream(revisions: int, branches: int, spread: int) -> Iterator[str]:
    yield commit("main", 0, "configure", {"pyproject.toml": '[tool.gitmig]\nscript_location = "migrations"\nurl = "sqlite:///app.db"\n'})
    down: str | None = None
    ids: list[str] = []
    for mark, place in enumerate(range(revisions), 1):
        id = f"{(place + 1) * 2654435761 % 2**48:012x}"
        text = FILE.format(
            doc=f"table {place}", id=id, down=down, upgrade=CREATE.format(f"t_{place}"), downgrade=f'op.drop_table("t_{place}")'
        )
        yield commit("main", mark, f"table {place}", {f"migrations/versions/{id}.py": text})
        down = id
        ids.append(id)
    for branch in range(branches):
        place = revisions - 1 - (branch * spread // branches if spread else 0)
        id = f"b{branch:011x}"
        column = "same" if branch >= branches - 2 else f"column_{branch}"
        kind = "sa.Integer()" if branch == branches - 1 else "sa.String(50)"
        upgrade = ADD.format("t_0", column).replace("sa.String(50)", kind)
        text = FILE.format(doc=column, id=id, down=ids[place], upgrade=upgrade, downgrade=f'op.drop_column("t_0", "{column}")')
        yield f"reset refs/heads/feature-{branch}\nfrom :{place + 1}\n\n"
        yield commit(f"feature-{branch}", 0, f"add {column}", {f"migrations/versions/{id}.py": text})


def commit(branch: str, mark: int, subject: str, files: dict[str, str]) -> str:
    lines = [f"commit refs/heads/{branch}\n"]
    if mark:
        lines.append(f"mark :{mark}\n")
    lines.append(f"committer Ada <ada@example.org> 1700000000 +0000\ndata {len(subject)}\n{subject}\n")
    for path, text in files.items():
        lines.append(f"M 100644 inline {path}\ndata {len(text.encode())}\n{text}\n")
    return "".join(lines) + "\n"


def git(folder: Path, *words: str) -> None:
    subprocess.run(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", *words], cwd=folder, check=True, stdout=subprocess.DEVNULL
    )


def timed(folder: Path, *words: str) -> tuple[float, float]:
    """Seconds on the clock, and seconds of processor time with all that it started."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start, before = time.perf_counter(), os.times()
    subprocess.run([sys.executable, "-m", "gitmig", *words], cwd=folder, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    work = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - start, work


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--revisions", type=int, default=2000)
    parser.add_argument("--branches", type=int, default=200)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        print(f"{options.branches} branches, {options.revisions} revisions, {options.runs} runs, Python {sys.version.split()[0]}")
        for shape, spread in (("tip", 0), ("spread", options.revisions // 10)):
            folder = Path(temporary, shape)
            make(folder, options.revisions, options.branches, spread)
            cold, warm, moved = [], [], []
            for run in range(options.runs):
                shutil.rmtree(folder / ".git" / "gitmig", ignore_errors=True)
                cold.append(timed(folder, "heads", "--refs"))
                warm.append(timed(folder, "heads", "--refs"))
                git(folder, "branch", "-f", f"moved-{run}", f"feature-{run}")
                git(folder, "branch", "-D", f"feature-{run}")
                moved.append(timed(folder, "heads", "--refs"))
            for title, seconds in (("cold", cold), ("warm", warm), ("one branch renamed", moved)):
                clock, work = (statistics.median(each) for each in zip(*seconds, strict=True))
                print(f"{shape:8}{title:20} {clock:6.3f} s on the clock   {work:6.3f} s of work", flush=True)


if __name__ == "__main__":
    main()
