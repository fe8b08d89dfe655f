"""The environments that Alembic's `init` makes, filled in as their authors say: gitmig and Alembic side by side."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from tests.databases import fresh_database
from tests.e2e.runkit import ROOT

MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(30))
"""
ASYNC = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
SECOND = '''"""second"""
import sqlalchemy as sa
from alembic import op

revision = "second"
down_revision = "first"


def upgrade() -> None:
    op.add_column("users", sa.Column("email", sa.String(50), nullable=True))
    op.bulk_insert(sa.table("users", sa.column("id", sa.Integer), sa.column("name", sa.String)), [{"id": 1, "name": "Ada"}])


def downgrade() -> None:
    op.execute("DELETE FROM users")
    op.drop_column("users", "email")
'''


@dataclass
class Side:
    """A project that one of the two tools works in, on a database of its own."""

    folder: Path
    tool: str

    def run(self, *words: str, expect: int = 0) -> str:
        """stdout, and stderr where the command fails otherwise than expected."""
        code = {
            "alembic": "import sys; sys.argv[0] = 'alembic'; from alembic.config import main; sys.exit(main())",
            "gitmig": "import sys; from gitmig.cli.main import main; sys.exit(main())",
        }[self.tool]
        done = subprocess.run(
            [sys.executable, "-c", code, *words],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == expect, f"{self.tool} {words}: exit code {done.returncode}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}"
        return done.stdout


def template(name: str, folder: Path, url: str, tool: str) -> Side:
    """A project made by `alembic init`, its URL and its models filled in."""
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", "alembic", "init", "-t", name, "migrations"],
        cwd=folder,
        check=True,
        capture_output=True,
        env=dict(os.environ),
    )
    (folder / "models.py").write_text(MODELS)
    ini = folder / "alembic.ini"
    ini.write_text(ini.read_text().replace("driver://user:pass@localhost/dbname", url.replace("%", "%%")))
    env = folder / "migrations/env.py"
    text = env.read_text()
    assert text.count("target_metadata = None") == 1
    env.write_text(text.replace("target_metadata = None", "from models import Base\ntarget_metadata = Base.metadata"))
    return Side(folder, tool)


def shape(url: str) -> dict[str, list[tuple[str, str, bool]]]:
    """Tables with columns: name, type, nullable."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        names = [name for name in inspector.get_table_names() if name != "gitmig_history"]
        return {name: [(c["name"], str(c["type"]), c["nullable"]) for c in inspector.get_columns(name)] for name in sorted(names)}


def rows(url: str) -> list[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return sorted(connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalars())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def two(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """The URLs of two empty databases."""
    with fresh_database(request.param, tmp_path) as one, fresh_database(request.param, tmp_path) as other:
        yield one, other


def driven(url: str, name: str) -> str:
    """The URL with the driver that the template needs."""
    made = make_url(url)
    if "async" in name:
        made = made.set(drivername=ASYNC[made.get_backend_name()])
    return made.render_as_string(hide_password=False)


COMMANDS = (
    (("downgrade", "-1"), ["first"]),
    (("upgrade", "+1"), ["second"]),
    (("stamp", "first"), ["first"]),
    (("stamp", "head"), ["second"]),
    (("downgrade", "base"), []),
)
"""Commands that move a database at `second`, one after the other, and where it is then."""


@pytest.mark.parametrize("name", ["generic", "async", "pyproject", "pyproject_async"])
def test_a_template_of_alembics_goes_through_every_command(name: str, tmp_path: Path, two: tuple[str, str]) -> None:
    theirs = template(name, tmp_path / "theirs", driven(two[0], name), "alembic")
    ours = template(name, tmp_path / "ours", driven(two[1], name), "gitmig")
    for side in (theirs, ours):
        side.run("revision", "--autogenerate", "--rev-id", "first", "-m", "make users")
        (side.folder / "migrations/versions/second.py").write_text(SECOND)
        side.run("upgrade", "head")
    assert rows(two[1]) == rows(two[0]) == ["second"]
    assert shape(two[1]) == shape(two[0])
    assert "email" in str(shape(two[1])["users"])
    for words in (
        ("current",),
        ("history",),
        ("heads",),
        ("upgrade", "head", "--sql"),
        ("upgrade", "first:second", "--sql"),
        ("downgrade", "second:base", "--sql"),
        ("stamp", "first:second", "--sql"),
    ):
        assert ours.run(*words) == theirs.run(*words), words
    for words, place in COMMANDS:
        for side in (theirs, ours):
            side.run(*words)
        assert rows(two[1]) == rows(two[0]) == place, words
        assert shape(two[1]) == shape(two[0]), words
    assert set(shape(two[1])) == {"alembic_version"}


MULTI = """
import sqlalchemy as sa

one, two = sa.MetaData(), sa.MetaData()
sa.Table("users", one, sa.Column("id", sa.Integer, primary_key=True))
sa.Table("logs", two, sa.Column("id", sa.Integer, primary_key=True))
by_name = {"engine1": one, "engine2": two}
"""
MULTI_SECOND = '''"""second"""
import sqlalchemy as sa
from alembic import op

revision = "second"
down_revision = "first"


def upgrade(engine_name: str) -> None:
    globals()[f"upgrade_{engine_name}"]()


def downgrade(engine_name: str) -> None:
    globals()[f"downgrade_{engine_name}"]()


def upgrade_engine1() -> None:
    op.add_column("users", sa.Column("email", sa.String(50)))


def downgrade_engine1() -> None:
    op.drop_column("users", "email")


def upgrade_engine2() -> None:
    op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_engine2() -> None:
    op.drop_table("more")
'''


def multidb(folder: Path, urls: tuple[str, str], tool: str) -> Side:
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "alembic", "init", "-t", "multidb", "migrations"], cwd=folder, check=True, capture_output=True)
    (folder / "models.py").write_text(MULTI)
    ini = folder / "alembic.ini"
    text = ini.read_text()
    for name, url in (("dbname2", urls[1]), ("dbname", urls[0])):
        text = text.replace(f"driver://user:pass@localhost/{name}", url.replace("%", "%%"))
    ini.write_text(text)
    env = folder / "migrations/env.py"
    text = env.read_text()
    assert text.count("target_metadata = {}") == 1
    env.write_text(text.replace("target_metadata = {}", "from models import by_name as target_metadata"))
    return Side(folder, tool)


def test_the_multidb_template_goes_through_every_command(tmp_path: Path) -> None:
    urls = {tool: tuple(f"sqlite:///{tmp_path / f'{tool}{number}.db'}" for number in (1, 2)) for tool in ("alembic", "gitmig")}
    theirs = multidb(tmp_path / "theirs", (urls["alembic"][0], urls["alembic"][1]), "alembic")
    ours = multidb(tmp_path / "ours", (urls["gitmig"][0], urls["gitmig"][1]), "gitmig")

    def same(place: list[str]) -> None:
        for before, after in zip(urls["alembic"], urls["gitmig"], strict=True):
            assert rows(after) == rows(before) == place
            assert shape(after) == shape(before)

    for side in (theirs, ours):
        side.run("revision", "--autogenerate", "--rev-id", "first", "-m", "first")
        (side.folder / "migrations/versions/second.py").write_text(MULTI_SECOND)
        side.run("upgrade", "head")
    same(["second"])
    assert set(shape(urls["gitmig"][1])) == {"alembic_version", "logs", "more"}
    for words in (("upgrade", "head", "--sql"), ("upgrade", "first:second", "--sql"), ("downgrade", "second:base", "--sql")):
        for side in (theirs, ours):
            side.run(*words)
        for name in ("engine1.sql", "engine2.sql"):
            assert (ours.folder / name).read_text() == (theirs.folder / name).read_text(), words
    for words, place in COMMANDS:
        for side in (theirs, ours):
            side.run(*words)
        same(place)


FLASK = """
import os

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class User(db.Model):
    __tablename__ = "users"

    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(30), nullable=False)


def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = {url!r}
    db.init_app(app)
    Migrate(app, db)
    return app
"""


def flask(folder: Path, url: str) -> Side:
    """A Flask project whose migrations folder Flask-Migrate made, with gitmig's configuration beside."""
    folder.mkdir()
    (folder / "app.py").write_text(FLASK.replace("{url!r}", repr(url)))
    subprocess.run([sys.executable, "-m", "flask", "--app", "app", "db", "init"], cwd=folder, check=True, capture_output=True)
    (folder / "pyproject.toml").write_text('[tool.gitmig]\napp = "app:create_app"\n')
    return Side(folder, "gitmig")


def flask_db(side: Side, *words: str) -> str:
    """Flask-Migrate's own command, with Alembic, in the same folder."""
    done = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "app", "db", *words], cwd=side.folder, text=True, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr[-1500:]
    return done.stdout


def test_flask_migrates_template_goes_through_every_command(tmp_path: Path, two: tuple[str, str]) -> None:
    pytest.importorskip("flask_migrate")
    theirs, ours = flask(tmp_path / "theirs", two[0]), flask(tmp_path / "ours", two[1])
    flask_db(theirs, "migrate", "--rev-id", "first", "-m", "make users")
    ours.run("revision", "--autogenerate", "--rev-id", "first", "-m", "make users")
    for side in (theirs, ours):
        (side.folder / "migrations/versions/second.py").write_text(SECOND)
    flask_db(theirs, "upgrade")
    ours.run("upgrade")
    assert rows(two[1]) == rows(two[0]) == ["second"]
    assert shape(two[1]) == shape(two[0])
    assert ours.run("upgrade", "head", "--sql") == flask_db(theirs, "upgrade", "--sql")
    assert ours.run("current") == flask_db(theirs, "current")
    for words, place in COMMANDS:
        if words[0] == "upgrade":
            flask_db(theirs, "upgrade", "second")
        elif words == ("downgrade", "-1"):
            flask_db(theirs, "downgrade")
        else:
            flask_db(theirs, *words)
        ours.run(*words)
        assert rows(two[1]) == rows(two[0]) == place, words
        assert shape(two[1]) == shape(two[0]), words
