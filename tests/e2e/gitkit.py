"""A real repository in a temporary folder, with its own HOME: what the tests of the commit scene stand in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

CONFIG = """\
[tool.gitmig]
models = ["models:Base"]
url = "sqlite:///app.db"
"""
MODELS = """\
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
"""


@dataclass(frozen=True)
class Ran:
    """What came of a command."""

    code: int
    out: str
    err: str


class Repo:
    """A work tree; every method works at its top unless ``cwd`` says otherwise."""

    def __init__(self, top: Path, home: Path, extra: Mapping[str, str] | None = None) -> None:
        self.top = top
        self.home = home
        self.extra = dict(extra or {})

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GIT_", "GITMIG", "PRE_COMMIT")) and name not in ("CI", "SKIP")
        }
        return {
            **kept,
            "HOME": str(self.home),
            "XDG_CACHE_HOME": str(self.home / "cache"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": str(self.home / "gitconfig"),
            "GIT_EDITOR": "true",
            "PYTHONPATH": os.pathsep.join(filter(None, [os.environ.get("PYTHONPATH"), str(ROOT)])),
            **self.extra,
            **(more or {}),
        }

    def run(
        self,
        *words: str | Path,
        cwd: Path | None = None,
        env: Mapping[str, str] | None = None,
        stdin: str = "",
        check: bool = False,
    ) -> Ran:
        done = subprocess.run(
            [str(word) for word in words],
            cwd=cwd or self.top,
            env=self.environment(env),
            input=stdin.encode(),
            capture_output=True,
            check=False,
        )
        ran = Ran(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
        if check and ran.code:
            raise AssertionError(f"{words} exited {ran.code}\n{ran.out}\n{ran.err}")
        return ran

    def git(self, *words: str | Path, check: bool = True, **options: object) -> Ran:
        return self.run("git", *words, check=check, **options)  # type: ignore[arg-type]

    def gitmig(self, *words: str, check: bool = True, **options: object) -> Ran:
        return self.run(sys.executable, "-m", "gitmig", *words, check=check, **options)  # type: ignore[arg-type]

    def write(self, path: str, text: str) -> Path:
        target = self.top / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
        return target

    def read(self, path: str) -> str:
        return (self.top / path).read_text("utf-8")

    def add_columns(self, *names: str, path: str = "models.py", table: str = "users") -> None:
        """Append nullable columns to the last class of a models file."""
        lines = "".join(f"    {name}: Mapped[str | None]\n" for name in names)
        self.write(path, self.read(path) + lines)

    def add_table(self, name: str, path: str = "models.py") -> None:
        self.write(path, self.read(path) + table(name))

    def status(self) -> str:
        return self.git("status", "--porcelain", "--untracked-files=all").out

    def changed(self, revision: str = "HEAD") -> list[str]:
        """The paths that a commit changes, a root commit's too."""
        return self.git("show", "--format=", "--name-only", "-z", "-m", "--first-parent", revision).out.strip("\0\n").split("\0")

    def revisions(self, where: str = "HEAD", folder: str = "migrations/versions") -> dict[str, str]:
        """The revision files of a commit (or, for "", of the index) and their texts."""
        if where:
            listed = self.git("ls-tree", "-r", "-z", "--name-only", "--full-tree", where, "--", f"{folder}/").out
        else:
            listed = self.git("ls-files", "-z", "--", f":(top){folder}/").out
        return {path: self.git("show", f"{where}:{path}").out for path in listed.split("\0") if path}

    def new_revision(self, where: str = "HEAD", folder: str = "migrations/versions") -> str:
        """The text of the one revision that a commit adds."""
        added = [path for path in self.changed(where) if path.startswith(f"{folder}/")]
        assert len(added) == 1, self.changed(where)
        return self.revisions(where, folder)[added[0]]

    def head(self) -> str:
        return self.git("rev-parse", "-q", "--verify", "HEAD", check=False).out.strip()


def table(name: str) -> str:
    """The source of one more mapped class."""
    return textwrap.dedent(
        f"""

        class {name.title().replace("_", "")}(Base):
            __tablename__ = "{name}"

            id: Mapped[int] = mapped_column(primary_key=True)
        """
    )


def new_home(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "gitconfig").write_text(
        "[user]\n\tname = Ada\n\temail = ada@example.org\n[init]\n\tdefaultBranch = main\n"
        '[protocol "file"]\n\tallow = always\n[advice]\n\tdetachedHead = false\n'
    )
    return folder


def new_repo(folder: Path, home: Path, *, config: str = CONFIG, models: str = MODELS) -> Repo:
    """A repository with configuration and models, nothing committed, gitmig's hook installed."""
    folder.mkdir(parents=True)
    repo = Repo(folder, home)
    repo.git("init", "-q")
    repo.write("pyproject.toml", config)
    repo.write("models.py", models)
    repo.write("app.py", "VERSION = 1\n")
    repo.write(".gitignore", "__pycache__/\n")
    repo.gitmig("install")
    return repo


def copy_repo(source: Repo, folder: Path) -> Repo:
    """A copy with its own index and work tree; HOME is shared."""
    shutil.copytree(source.top, folder, symlinks=True)
    copy = Repo(folder, source.home, source.extra)
    copy.git("update-index", "-q", "--refresh")
    return copy
