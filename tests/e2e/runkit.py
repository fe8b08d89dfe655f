"""A project with revision files and a database, run through the command line in processes of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[2]
ALEMBIC_ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True, dialect_opts={"paramstyle": "named"})
    with context.begin_transaction():
        context.run_migrations()
else:
    connectable = engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection)
        with context.begin_transaction():
            context.run_migrations()
"""


@dataclass
class Project:
    """``url`` is the database; revisions are written with `revision`, commands run with `gitmig` and `alembic`."""

    folder: Path
    url: str
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "migrations" / "versions").mkdir(parents=True)
        self.settings("")
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", **self.environment}

    def settings(self, more: str) -> None:
        (self.folder / "pyproject.toml").write_text(f'[tool.gitmig]\nurl = "{self.url}"\n{more}')

    def write(self, path: str, text: str) -> Path:
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip("\n"))
        return file

    def for_alembic(self, *, alone: bool = False) -> None:
        """Alembic's own files beside gitmig's (``alone``: in place of them)."""
        self.write("alembic.ini", f"[alembic]\nscript_location = %(here)s/migrations\nsqlalchemy.url = {self.url.replace('%', '%%')}\n")
        self.write("migrations/env.py", ALEMBIC_ENV)
        if alone:
            (self.folder / "pyproject.toml").unlink()

    def revision(
        self,
        id: str,
        down: str | Sequence[str] | None = None,
        upgrade: str = "pass",
        downgrade: str = "pass",
        *,
        doc: str = "",
        more: str = "",
        labels: Iterable[str] = (),
        depends_on: Iterable[str] = (),
    ) -> Path:
        down = down if down is None or isinstance(down, str) else tuple(down)
        lines = [
            f'"""{doc or id}"""',
            "import sqlalchemy as sa",
            "from alembic import op",
            f"revision = {id!r}",
            f"down_revision = {down!r}",
            f"branch_labels = {tuple(labels) or None!r}",
            f"depends_on = {tuple(depends_on) or None!r}",
            textwrap.dedent(more),
            "def upgrade():",
            textwrap.indent(textwrap.dedent(upgrade).strip(), "    "),
            "def downgrade():",
            textwrap.indent(textwrap.dedent(downgrade).strip(), "    "),
        ]
        return self.write(f"migrations/versions/{id}.py", "\n".join(lines) + "\n")

    def tables(self, *ids: str, start: str | None = None) -> None:
        """A line of revisions, each making a table ``t_<id>``."""
        down = start
        for id in ids:
            self.revision(
                id,
                down,
                f"op.create_table('t_{id}', sa.Column('id', sa.Integer(), primary_key=True), sa.Column('name', sa.String(20)))",
                f"op.drop_table('t_{id}')",
            )
            down = id

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "gitmig", *arguments]

    def gitmig(self, *arguments: str, expect: int | None = 0, url: str | None = None) -> subprocess.CompletedProcess[str]:
        before = ("--url", url) if url else ()
        return self._run([*self.command(*before, *arguments)], expect)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments), cwd=self.folder, env=self.environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def alembic(self, *arguments: str, expect: int | None = 0) -> subprocess.CompletedProcess[str]:
        code = "import sys; sys.argv[0] = 'alembic'; from alembic.config import main; sys.exit(main())"
        return self._run([sys.executable, "-c", code, *arguments], expect)

    def _run(self, words: list[str], expect: int | None) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, cwd=self.folder, env=self.environment, text=True, capture_output=True, check=False)
        assert expect is None or done.returncode == expect, f"{words}: exit code {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def json(self, *arguments: str) -> Any:
        return json.loads(self.gitmig(*arguments, "--json").stdout)

    # -- looking at the database

    def engine(self) -> sa.Engine:
        return sa.create_engine(self.url, poolclass=sa.NullPool)

    def query(self, statement: str) -> list[tuple[Any, ...]]:
        with self.engine().connect() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement))]

    def execute(self, *statements: str) -> None:
        with self.engine().begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement))

    def table_names(self) -> set[str]:
        """The tables without gitmig's and the version table."""
        with self.engine().connect() as connection:
            names = set(sa.inspect(connection).get_table_names())
        return names - {"alembic_version", "gitmig_history", "gitmig_journal", "gitmig_journal_rows"}

    def rows(self) -> set[str]:
        with self.engine().connect() as connection:
            if not sa.inspect(connection).has_table("alembic_version"):
                return set()
            return set(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars())

    def history(self) -> list[tuple[str, str, str]]:
        """(revision, direction, kind) of every line of the history."""
        table = "gitmig.gitmig_history" if self.url.startswith("postgresql") else "gitmig_history"
        return [(row[0], row[1], row[2]) for row in self.query(f"SELECT revision, direction, kind FROM {table} ORDER BY id")]
