"""`gitmig adopt`: an Alembic project as `alembic init` makes it, turned over and used by both tools in turn."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.adapters.scratch import scratch_database
from tests.e2e.runkit import ROOT

ALEMBIC = "import sys; sys.argv[0] = 'alembic'; from alembic.config import main; sys.exit(main())"
MODELS = """\
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), index=True)
"""


class Theirs:
    """A git repository with a project that `alembic init` made, its models, and a first revision that Alembic wrote and ran."""

    def __init__(self, folder: Path, url: str, *, directory: str = "migrations", toml: bool = False, git: bool = True) -> None:
        self.folder = folder
        self.url = url
        self.directory = directory
        folder.mkdir()
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
        if git:
            subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        if toml:
            (folder / "pyproject.toml").write_text('[project]\nname = "shop"\n')
        self.write("models.py", MODELS)
        self.alembic("init", directory)
        ini = self.read("alembic.ini")
        line = next(line for line in ini.splitlines() if line.startswith("sqlalchemy.url"))
        self.write("alembic.ini", ini.replace(line, f"sqlalchemy.url = {url}"))
        env = self.read(f"{directory}/env.py")
        self.write(f"{directory}/env.py", env.replace("target_metadata = None", "from models import Base\ntarget_metadata = Base.metadata"))

    def begun(self) -> Theirs:
        self.alembic("revision", "--autogenerate", "-m", "first", "--rev-id", "aaaa")
        self.alembic("upgrade", "head")
        return self

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)

    def read(self, path: str) -> str:
        return (self.folder / path).read_text()

    def revision(self, id: str, down: str | None, upgrade: str = "pass", *, top: str = "", name: str | None = None) -> None:
        self.write(
            f"{self.directory}/versions/{name or id}.py",
            f"import sqlalchemy as sa\nfrom alembic import op\nrevision = {id!r}\ndown_revision = {down!r}\n{top}\n"
            f"def upgrade():\n    {upgrade}\ndef downgrade():\n    pass\n",
        )

    def add_column(self, name: str) -> None:
        self.write("models.py", self.read("models.py") + f"    {name}: Mapped[str | None] = mapped_column(sa.String(20))\n")

    def alembic(self, *words: str, expect: int | None = 0) -> str:
        return self._run([sys.executable, "-c", ALEMBIC, *words], expect)

    def gitmig(self, *words: str, expect: int | None = 0) -> str:
        return self._run([sys.executable, "-m", "gitmig", *words], expect)

    def json(self, *words: str, expect: int = 0) -> Any:
        done = self._done([sys.executable, "-m", "gitmig", *words, "--json"])
        assert done.returncode == expect, done.stderr
        return json.loads(done.stdout)

    def _run(self, words: list[str], expect: int | None) -> str:
        done = self._done(words)
        assert expect is None or done.returncode == expect, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done.stdout + done.stderr

    def _done(self, words: list[str]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(words, cwd=self.folder, env=self.environment, text=True, capture_output=True, check=False)

    def kinds(self, expect: int = 0, *words: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for each in self.json("adopt", *words, expect=expect)["found"]:
            found.setdefault(each["kind"], []).append(f"{each['where']} {each['text']}")
        return found

    def content(self) -> dict[str, bytes]:
        paths = [path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts and path.suffix != ".db"]
        return {path.relative_to(self.folder).as_posix(): path.read_bytes() for path in paths}

    def columns(self) -> set[str]:
        return {each["name"] for each in sa.inspect(sa.create_engine(self.url, poolclass=sa.NullPool)).get_columns("users")}


@pytest.fixture
def lite(tmp_path: Path, sqlite_url: str) -> Theirs:
    return Theirs(tmp_path / "shop", sqlite_url).begun()


@pytest.mark.parametrize("git", [True, False], ids=["in a repository", "without git"])
def test_afterwards_both_tools_work_in_turn(tmp_path: Path, any_database: str, git: bool) -> None:
    shop = Theirs(tmp_path / "shop", any_database, git=git).begun()
    before = shop.content()
    said = shop.gitmig("adopt")
    assert "and gitmig read 1 revision; head: aaaa." in said
    assert "Both make the same schema" in said
    after = shop.content()
    assert sorted(after.keys() - before.keys()) == ["gitmig.ini"]
    assert {path: after[path] for path in before} == before
    assert "script_location" not in shop.read("gitmig.ini") and "sqlalchemy.url" not in shop.read("gitmig.ini")

    shop.alembic("check")
    shop.add_column("city")
    shop.gitmig("revision", "--autogenerate", "-m", "city", "--rev-id", "bbbb")
    shop.alembic("upgrade", "head")
    shop.alembic("check")
    shop.gitmig("check")
    shop.gitmig("downgrade", "-1")
    assert "city" not in shop.columns()
    assert "aaaa" in shop.alembic("current")
    shop.gitmig("upgrade")
    shop.alembic("check")
    shop.add_column("street")
    shop.alembic("revision", "--autogenerate", "-m", "street", "--rev-id", "cccc")
    shop.gitmig("check")
    shop.gitmig("upgrade")
    shop.alembic("check")
    assert {"city", "street"} <= shop.columns()
    shop.alembic("downgrade", "base")
    assert shop.gitmig("current") == ""
    shop.gitmig("upgrade")
    shop.alembic("check")
    assert "cccc" in shop.alembic("current")


def test_twice_there_is_nothing_to_do(lite: Theirs) -> None:
    lite.gitmig("adopt")
    before = lite.content()
    assert lite.gitmig("adopt") == "Nothing to do: gitmig.ini [gitmig] is beside Alembic's configuration already.\n"
    assert lite.json("adopt")["already"] == "gitmig.ini [gitmig]"
    assert lite.content() == before


def test_dry_run_shows_what_would_be_written(lite: Theirs) -> None:
    before = lite.content()
    said = lite.gitmig("adopt", "--dry-run")
    assert "[gitmig.commit]" in said and "no revision file changes" in said
    assert lite.content() == before


def test_a_pyproject_gets_a_table_and_keeps_what_it_says(tmp_path: Path, sqlite_url: str) -> None:
    shop = Theirs(tmp_path / "shop", sqlite_url, toml=True, directory="alembic").begun()
    told = shop.json("adopt")
    assert (told["written"], told["agreed"], told["schema"]) == ("pyproject.toml", True, "sqlite")
    text = shop.read("pyproject.toml")
    assert text.startswith('[project]\nname = "shop"\n') and "[tool.gitmig]\n" in text
    assert not (shop.folder / "gitmig.ini").exists()
    shop.alembic("check")
    assert shop.gitmig("heads") == "aaaa (head)\n"


def test_what_alembic_does_not_see_is_told(lite: Theirs) -> None:
    engine = sa.create_engine(lite.url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE strange (id INTEGER)"))
        connection.execute(sa.text("DROP INDEX ix_users_name"))
    found = lite.kinds(0, "--dry-run")
    assert set(found) == {"drift"}
    assert any("drop table strange" in text for text in found["drift"]) and any("ix_users_name" in text for text in found["drift"])

    lite.revision("b" * 40, "aaaa", name="long")
    lite.revision("b2b2", "aaaa", top="print('hello')\nconnection = op.get_bind\nif True:\n    open(__file__).close()")
    lite.add_column("city")
    found = lite.kinds(0, "--dry-run")
    assert "40 characters" in found["long-id"][0] and "versions/long.py" in found["long-id"][0]
    assert found["several-heads"] and "b2b2" in found["several-heads"][0]
    assert [text.split()[0].rpartition(":")[2] for text in found["executes-on-import"]] == ["5", "8"]
    assert found["models-differ"] == [" no revision makes what the models say: add column users.city"]
    assert "is at aaaa, not at the heads" in found["database"][0]
    assert "drift" not in found


def test_a_header_that_cannot_be_read_stops_it(lite: Theirs) -> None:
    lite.write("migrations/versions/odd.py", "import os\nrevision = os.environ['REV']\ndown_revision = 'aaaa'\n")
    lite.write("migrations/versions/broken.py", "revision = (\n")
    before = lite.content()
    found = lite.kinds(1)
    assert len(found["unreadable-header"]) == 2
    assert any("odd.py" in text for text in found["unreadable-header"])
    said = lite.gitmig("adopt", expect=1)
    assert "In the way:" in said and "Nothing was written." in said
    assert lite.content() == before


def test_a_missing_parent_stops_it(lite: Theirs) -> None:
    lite.revision("bbbb", "gone")
    found = lite.kinds(1)
    assert "gone" in found["broken-graph"][0]
    assert not (lite.folder / "gitmig.ini").exists()


def test_another_schema_by_the_other_tool_stops_it(lite: Theirs) -> None:
    script = "import sys; sys.modules.get('gitmig.runtime.runner') and op.create_table('only_ours', sa.Column('id', sa.Integer))"
    lite.revision("bbbb", "aaaa", script)
    found = lite.kinds(1)
    assert found["schema-differs"] == [" from the schema that Alembic makes to the one that gitmig makes: create table only_ours"]
    assert not (lite.folder / "gitmig.ini").exists()


def test_an_env_py_with_a_url_of_its_own_never_reaches_that_database(tmp_path: Path, any_database: str) -> None:
    shop = Theirs(tmp_path / "shop", any_database)
    shop.alembic("revision", "--rev-id", "aaaa")
    shop.revision("bbbb", "aaaa", "op.create_table('made', sa.Column('id', sa.Integer()))")
    env = shop.read("migrations/env.py")
    start = env.index("engine_from_config(\n")
    end = env.index(")\n", env.index("poolclass=pool.NullPool"))
    env = env[:start] + f"__import__('sqlalchemy').create_engine({any_database!r}" + env[end:]
    shop.write("migrations/env.py", env)
    found = shop.kinds(0)
    assert "not-compared" not in found and "schema-differs" not in found
    engine = sa.create_engine(any_database, poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


def test_an_env_py_with_a_creator_of_its_own_is_not_run(tmp_path: Path, sqlite_url: str) -> None:
    shop = Theirs(tmp_path / "shop", sqlite_url)
    shop.revision("aaaa", None, "op.create_table('made', sa.Column('id', sa.Integer()))")
    file = sqlite_url.removeprefix("sqlite:///")
    env = shop.read("migrations/env.py")
    creator = f"poolclass=pool.NullPool, creator=lambda: __import__('sqlite3').connect({file!r})"
    shop.write("migrations/env.py", env.replace("poolclass=pool.NullPool", creator))
    found = shop.kinds(0)
    assert any("creator" in text for text in found["not-compared"])
    with sa.create_engine(sqlite_url).connect() as connection:
        assert sa.inspect(connection).get_table_names() == []


def test_a_server_that_is_down_leaves_the_rest_to_compare(tmp_path: Path, sqlite_url: str) -> None:
    shop = Theirs(tmp_path / "shop", sqlite_url).begun()
    ini = shop.read("alembic.ini")
    shop.write("alembic.ini", ini.replace(sqlite_url, "postgresql+psycopg://shop:geheim@127.0.0.1:1/shop"))
    said = shop.gitmig("adopt")
    assert "no schema was compared" in said and "geheim" not in said
    assert "and gitmig read 1 revision" in said
    assert (shop.folder / "gitmig.ini").exists()


def test_without_alembic_gitmig_says_what_it_could_not_compare(lite: Theirs, tmp_path: Path) -> None:
    (tmp_path / "hidden" / "alembic").mkdir(parents=True)
    (tmp_path / "hidden" / "alembic" / "__init__.py").write_text("raise ImportError('not here')\n")
    lite.environment["PYTHONPATH"] = f"{tmp_path / 'hidden'}{os.pathsep}{ROOT}"
    told = lite.json("adopt")
    assert (told["alembic"], told["schema"], told["agreed"], told["written"]) == (None, None, True, "gitmig.ini")
    assert ["not installed" in each["text"] for each in told["found"]] == [True, True]


def test_a_project_of_gitmig_alone_needs_no_adopting(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "pyproject.toml").write_text("[tool.gitmig]\n")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "gitmig", "adopt"]
    done = subprocess.run(words, cwd=folder, env=environment, text=True, capture_output=True, check=False)
    assert done.returncode == 2 and "no alembic.ini" in done.stderr


def test_an_env_py_that_tells_no_models_gets_a_models_line(lite: Theirs) -> None:
    env = lite.read("migrations/env.py")
    lite.write("migrations/env.py", env.replace("from models import Base\ntarget_metadata = Base.metadata", "target_metadata = None"))
    lite.gitmig("adopt")
    assert "models = models:Base\n" in lite.read("gitmig.ini")
    lite.gitmig("check")


def test_a_scratch_database_goes_even_when_what_runs_in_it_fails(any_database: str) -> None:
    made = ""
    with pytest.raises(RuntimeError), scratch_database(any_database) as url:
        made = url
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE TABLE t (id INTEGER)"))
        raise RuntimeError
    name = sa.engine.make_url(made).database or ""
    if made.startswith("sqlite"):
        assert not Path(name).exists()
        return
    listing = "SHOW DATABASES" if made.startswith("mysql") else "SELECT datname FROM pg_database"
    with sa.create_engine(any_database, poolclass=sa.NullPool).connect() as connection:
        assert name not in connection.execute(sa.text(listing)).scalars().all()
