"""Packages that drive Alembic, as they are released, run on gitmig where Alembic cannot be imported: Flask-Migrate and pytest-alembic."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

BLOCKED = """
import sys
class Blocked:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] == "alembic":
            raise ModuleNotFoundError("No module named 'alembic'", name=name)
sys.meta_path.insert(0, Blocked())
"""

FLASK_APP = """
import gitmig.compat.alembic
gitmig.compat.alembic.install()

from flask import Flask
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///app.db"
db = SQLAlchemy(app)
migrate = Migrate(app, db)


class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(128), index=True)
"""

FLASK_PLAY = """
import io
import sys
shown, sys.stdout = sys.stdout, io.StringIO()
written = sys.stdout
import app
import alembic
assert alembic.gitmig_shim
runner = app.app.test_cli_runner()


def flask(*arguments, code=0):
    before = len(written.getvalue())
    # Each command is a process of its own in life; the first one leaves a function here that knows its command.
    app.app.extensions["migrate"].configure_args.pop("process_revision_directives", None)
    done = runner.invoke(args=["db", *arguments])
    assert done.exit_code == code, (arguments, done.output, done.exception)
    return done.output + written.getvalue()[before:]


assert "flask-multidb - " in flask("list-templates")
assert "Generating" in flask("init")
assert "Generating" in flask("migrate", "-m", "users", "--rev-id", "aaaa11")
text = open("migrations/versions/aaaa11_users.py").read()
assert "op.create_table('user'," in text and "batch_op.create_index(batch_op.f('ix_user_name'), ['name'], unique=False)" in text, text
flask("upgrade")
assert "aaaa11 (head)" in flask("current")
assert "No new upgrade operations detected" in flask("check")
flask("migrate", "-m", "nothing", "--rev-id", "eeee55")
assert "eeee55" not in flask("history")
assert "DELETE FROM alembic_version" in flask("downgrade", "--sql")
flask("revision", "-m", "by hand", "--rev-id", "bbbb22")
flask("revision", "-m", "other", "--rev-id", "cccc33", "--head", "aaaa11", "--splice")
assert {line.split()[0] for line in flask("heads").splitlines()} == {"bbbb22", "cccc33"}
assert "aaaa11 (branchpoint)" in flask("branches")
flask("upgrade", code=1)
flask("merge", "-m", "together", "--rev-id", "dddd44", "heads")
assert "Merges: bbbb22, cccc33" in flask("show", "dddd44")
flask("upgrade")
assert "dddd44 (head) (mergepoint)" in flask("current")
flask("downgrade", "aaaa11")
flask("downgrade")
assert flask("current").strip().endswith(")") is False
flask("stamp", "dddd44")
assert "dddd44" in flask("current", "-v")
assert "<base> -> aaaa11 (branchpoint), users" in flask("history")
assert "(current)" in flask("history", "-i")
assert "CREATE TABLE user" in flask("upgrade", "--sql")
assert "DROP TABLE user" in flask("downgrade", "--sql", "aaaa11:base")
flask("upgrade", "nowhere", code=1)
flask("edit", "dddd44")
assert open("edited").read().endswith("dddd44_together.py")
loaded = [name for name, module in sys.modules.items() if "site-packages/alembic" in str(getattr(module, "__file__", ""))]
assert loaded == [], loaded
print("played", file=shown)
"""

PYTEST_CONFTEST = """
import pytest
from sqlalchemy import create_engine


@pytest.fixture
def alembic_engine():
    return create_engine("sqlite:///test.db")
"""
PYTEST_ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool
from models import Base
config = context.config


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata)
    with context.begin_transaction():
        context.run_migrations()


connectable = config.attributes.get("connection") or engine_from_config(config.get_section("alembic"), poolclass=pool.NullPool)
with connectable.connect() as connection:
    run(connection)
"""
PYTEST_MODELS = """
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import declarative_base
Base = declarative_base()


class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String(30))
"""
PYTEST_REVISIONS = {
    "aaaa11": (None, 'op.create_table("user", sa.Column("id", sa.Integer, primary_key=True))', 'op.drop_table("user")'),
    "bbbb22": ("aaaa11", 'op.add_column("user", sa.Column("name", sa.String(30)))', 'op.drop_column("user", "name")'),
}


def write_project(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``python ARGUMENTS`` in ``folder``, in a process that cannot import Alembic."""
    write_project(folder, {"blocked/sitecustomize.py": BLOCKED})
    paths = os.pathsep.join([str(folder / "blocked"), str(ROOT)])
    environ = {**os.environ, "PYTHONPATH": paths, "EDITOR": str(folder / "editor"), "PYTEST_ADDOPTS": ""}
    return subprocess.run([sys.executable, *arguments], cwd=folder, env=environ, capture_output=True, text=True, check=False)


def test_alembic_is_really_out_of_the_way(tmp_path: Path) -> None:
    assert "No module named 'alembic'" in run(tmp_path, "-c", "import alembic").stderr


@pytest.mark.real
def test_flask_migrate_runs_all_its_commands(tmp_path: Path) -> None:
    pytest.importorskip("flask_migrate")
    write_project(tmp_path, {"app.py": FLASK_APP, "play.py": FLASK_PLAY, "editor": '#!/bin/sh\nprintf %s "$1" > edited\n'})
    (tmp_path / "editor").chmod(0o755)
    done = run(tmp_path, "play.py")
    assert done.stdout.endswith("played\n"), done.stderr


def write_pytest_project(folder: Path) -> None:
    files = {
        "alembic.ini": "[alembic]\nscript_location = mig\nprepend_sys_path = .\n",
        "mig/env.py": PYTEST_ENV,
        "mig/script.py.mako": (ROOT / "gitmig/templates/alembic/generic/script.py.mako").read_text(),
        "models.py": PYTEST_MODELS,
        "conftest.py": PYTEST_CONFTEST,
        "test_migrations.py": "from pytest_alembic.tests import *\n",
        "pytest.ini": "[pytest]\naddopts = -p gitmig.compat.alembic.pytest\n",
    }
    for id, (down, up, back) in PYTEST_REVISIONS.items():
        files[f"mig/versions/{id}_.py"] = (
            f'"""{id}"""\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = {id!r}\ndown_revision = {down!r}\n\n\n'
            f"def upgrade():\n    {up}\n\n\ndef downgrade():\n    {back}\n"
        )
    write_project(folder, files)


@pytest.mark.real
def test_pytest_alembic_finds_a_sound_history_sound(tmp_path: Path) -> None:
    pytest.importorskip("pytest_alembic")
    write_pytest_project(tmp_path)
    done = run(tmp_path, "-m", "pytest", "-p", "no:cacheprovider")
    assert "= 4 passed in" in done.stdout, done.stdout + done.stderr


@pytest.mark.real
def test_pytest_alembic_finds_what_is_wrong(tmp_path: Path) -> None:
    pytest.importorskip("pytest_alembic")
    write_pytest_project(tmp_path)
    models = tmp_path / "models.py"
    models.write_text(models.read_text() + "    age = Column(Integer)\n")
    other = tmp_path / "mig" / "versions" / "bbbb22_.py"
    (tmp_path / "mig" / "versions" / "cccc33_.py").write_text(other.read_text().replace("bbbb22", "cccc33").replace('"name"', '"title"'))
    done = run(tmp_path, "-m", "pytest", "-p", "no:cacheprovider")
    failed = {line.rpartition("::")[2].partition(" ")[0] for line in done.stdout.splitlines() if line.startswith("FAILED")}
    assert {"test_model_definitions_match_ddl", "test_single_head_revision"} <= failed, done.stdout + done.stderr
    assert "op.add_column('user', sa.Column('age', sa.Integer(), nullable=True))" in done.stdout
