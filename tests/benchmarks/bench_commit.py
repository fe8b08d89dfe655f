"""What the pre-commit hook costs; a script, and nothing in it is judged.

    python tests/benchmarks/bench_commit.py [--files 1000] [--tables 200] [--revisions 300] [--pairs 9]

Whole `git commit` processes are timed in interleaved pairs, once with gitmig's hook and once with a shell hook that does nothing;
printed are medians and their differences. A commit that changes a model is set against a bare `python -c "import models"`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PER_MODULE = 10
SHOWN = 1000.0

REVISION = '''"""table {table}"""

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
CREATE = """    op.create_table(
        "{table}",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=True),
        sa.Column("made", sa.DateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_{table}_name", "{table}", ["name"])
"""
ADD = """    op.add_column("{table}", sa.Column("extra{place}", sa.Integer(), nullable=True))
"""
MODEL = """

class Table{place}(Base):
    __tablename__ = "table_{place}"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), index=True)
    price: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    made: Mapped[datetime.datetime | None]
"""
HEAD = """import datetime
from decimal import Decimal

from sqlalchemy import Integer, Numeric, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
"""


class Bench:
    def __init__(self, folder: Path, files: int, tables: int, revisions: int) -> None:
        self.top = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITMIG")) and name != "CI"},
            "HOME": str(folder.parent),
            "GIT_CONFIG_NOSYSTEM": "1",
            "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT)])),
        }
        for role in ("AUTHOR", "COMMITTER"):
            self.environment |= {f"GIT_{role}_NAME": "Ada", f"GIT_{role}_EMAIL": "ada@example.org"}
        folder.mkdir()
        self.run("git", "init", "-q")
        self.write("pyproject.toml", '[tool.gitmig]\nmodels = ["models:Base"]\nurl = "sqlite:///app.db"\n')
        self.write(".gitignore", "__pycache__/\n")
        self._models(tables, revisions)
        self._revisions(tables, revisions)
        for place in range(files):
            self.write(f"other/part{place // 100}/file{place}.{'py' if place % 2 else 'txt'}", f"VALUE = {place}\n")
        noop = folder.parent / "noop" / "pre-commit"
        noop.parent.mkdir()
        noop.write_text("#!/bin/sh\nexit 0\n")
        noop.chmod(0o755)
        self.noop = noop.parent
        self.run(sys.executable, "-m", "gitmig", "install")
        self.run("git", "add", ".")
        first = self.run("git", "commit", "-qm", "all")
        print(f"first commit: {first.stderr.decode().strip() or 'nothing to say'}")

    def write(self, path: str, text: str) -> None:
        (self.top / path).parent.mkdir(parents=True, exist_ok=True)
        (self.top / path).write_text(text)

    def run(self, *words: str, environment: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(words, cwd=self.top, env=environment or self.environment, capture_output=True, check=True)

    def timed(self, *words: str) -> float:
        start = time.perf_counter()
        self.run(*words)
        return time.perf_counter() - start

    def _models(self, tables: int, revisions: int) -> None:
        modules = range((tables + PER_MODULE - 1) // PER_MODULE)
        self.write("models/base.py", "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n")
        self.write("models/__init__.py", "from models.base import Base\n" + "".join(f"import models.part{each}\n" for each in modules))
        for module in modules:
            text = HEAD
            for place in range(module * PER_MODULE, min(tables, (module + 1) * PER_MODULE)):
                text += MODEL.format(place=place)
                text += "".join(
                    f"    extra{each}: Mapped[int | None] = mapped_column(Integer)\n"
                    for each in range(tables, revisions)
                    if each % tables == place
                )
            self.write(f"models/part{module}.py", text)

    def _revisions(self, tables: int, revisions: int) -> None:
        down = None
        for place in range(revisions):
            id = f"{(place + 1) * 2654435761 % 2**48:012x}"
            table = f"table_{place % tables}"
            upgrade = CREATE.format(table=table) if place < tables else ADD.format(table=table, place=place)
            undo = f'    op.drop_table("{table}")\n' if place < tables else f'    op.drop_column("{table}", "extra{place}")\n'
            self.write(
                f"migrations/versions/{id}_{table}.py", REVISION.format(table=table, id=id, down=down, upgrade=upgrade, downgrade=undo)
            )
            down = id

    def pairs(self, count: int, change: Callable[[int], None]) -> tuple[list[float], list[float]]:
        """Commit times with gitmig's hook and with the one that does nothing, alternating; ``change`` makes what is committed."""
        ours, nothing = [], []
        for place in range(count):
            change(2 * place)
            self.run("git", "add", ".")
            nothing.append(self.timed("git", "-c", f"core.hooksPath={self.noop}", "commit", "-qm", "x"))
            change(2 * place + 1)
            self.run("git", "add", ".")
            ours.append(self.timed("git", "commit", "-qm", "x"))
        return ours, nothing


def tell(what: str, ours: list[float], nothing: list[float]) -> None:
    one, other = statistics.median(ours) * SHOWN, statistics.median(nothing) * SHOWN
    print(f"{what}: {one:.1f} ms with the hook, {other:.1f} ms with a no-op hook: {one - other:+.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("files", 900), ("tables", 200), ("revisions", 300), ("pairs", 9)):
        parser.add_argument(f"--{name}", type=int, default=value)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder, "repo"), given.files, given.tables, given.revisions)
        tracked = bench.run("git", "ls-files").stdout.count(b"\n")
        print(f"{tracked} tracked files, {given.tables} tables, {given.revisions} revisions")
        tell("without a Python change", *bench.pairs(given.pairs, lambda place: bench.write("README.md", f"{place}\n")))
        # The commit with the no-op hook changes nothing that matters either, so each one is the first look at its change.
        outside = bench.pairs(given.pairs, lambda place: bench.write("other/part0/file1.py", f"VALUE = 'x{place}'\n"))
        tell("Python outside the models' imports", *outside)
        listing = [bench.timed("git", "ls-files", "-s") for _ in range(given.pairs)]
        print(f"one git ls-files -s: {statistics.median(listing) * SHOWN:.1f} ms")
        model_change(bench, given.pairs)


def model_change(bench: Bench, pairs: int) -> None:
    """A nullable column more in each commit, beside the bare import of the same models."""
    bare, hook = [], []
    base = (bench.top / "models" / "part0.py").read_text()
    bench.timed(sys.executable, "-c", "import models")
    for place in range(pairs):
        base += f"    added{place}: Mapped[int | None] = mapped_column(Integer)\n"
        bench.write("models/part0.py", base)
        bare.append(bench.timed(sys.executable, "-c", "import models"))
        bench.run("git", "add", ".")
        start = time.perf_counter()
        bench.run(".git/hooks/pre-commit", environment={**bench.environment, "GIT_INDEX_FILE": ".git/index"})
        hook.append(time.perf_counter() - start)
        bench.run("git", "-c", f"core.hooksPath={bench.noop}", "commit", "-qm", "x")
    one, other = statistics.median(hook) * SHOWN, statistics.median(bare) * SHOWN
    print(f"a model change: the hook {one:.0f} ms, bare import of models and SQLAlchemy {other:.0f} ms: ratio {one / other:.2f}")


if __name__ == "__main__":
    main()
