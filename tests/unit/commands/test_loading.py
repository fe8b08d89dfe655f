"""Whose word counts: `models`, the application, or env.py. Each case is a process of its own, as the child is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
LOAD = """
import json, sys
from pathlib import Path
from gitmig.adapters.configfile import find_configuration
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.seal import seal_databases
from gitmig.commands.loading import load_models
from gitmig.errors import GitmigError
seal_databases()
root = Path.cwd()
try:
    config = find_configuration(root, environ={})
    models = load_models(config, DiskTree(root), x_arguments=["tenant=a"])
    print(json.dumps({
        "tables": [sorted(each.tables) for each in models.metadatas],
        "options": sorted(set(models.options) - {"target_metadata"}),
        "notes": models.notes, "files": models.files, "dialects": models.dialects(config),
    }))
except GitmigError as error:
    print(json.dumps({"error": error.message, "hint": error.hint}))
"""
MODELS = """
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
class Base(DeclarativeBase): pass
class User(Base):
    __tablename__ = "{}"
    id: Mapped[int] = mapped_column(primary_key=True)
"""
ENV = """
from {tool} import context
{more}
context.configure(url=context.config.get_main_option("sqlalchemy.url"), target_metadata={target}, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
"""


def load(root: Path, files: dict[str, str]) -> Any:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=root, env={"PYTHONPATH": str(ROOT), "PATH": "", "HOME": str(root)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


GITMIG = "[gitmig]\nurl = sqlite:///x.db\nmodels = models:Base\n"
ALEMBIC = "[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://h/d\n"


def test_models_alone(tmp_path: Path) -> None:
    found = load(tmp_path, {"gitmig.ini": GITMIG, "models.py": MODELS.format("users")})
    assert found == {"tables": [["users"]], "options": [], "notes": [], "files": ["models.py"], "dialects": ["sqlite"]}


def test_env_py_with_no_metadata_of_its_own_means_models_and_gives_its_options(tmp_path: Path) -> None:
    env = ENV.format(tool="gitmig", more="", target="None")
    found = load(tmp_path, {"gitmig.ini": GITMIG, "models.py": MODELS.format("users"), "migrations/env.py": env})
    assert (found["tables"], found["options"]) == ([["users"]], ["render_as_batch", "url"])


def test_env_py_with_metadata_of_its_own_is_what_counts(tmp_path: Path) -> None:
    env = ENV.format(tool="gitmig", more="from other import Base", target="Base.metadata")
    files = {"gitmig.ini": GITMIG, "models.py": MODELS.format("users"), "other.py": MODELS.format("others"), "migrations/env.py": env}
    assert load(tmp_path, files)["tables"] == [["others"]]


def test_an_env_py_that_fails_beside_models_costs_its_options_and_a_note(tmp_path: Path) -> None:
    env = ENV.format(tool="gitmig", more="1 / 0", target="None")
    found = load(tmp_path, {"gitmig.ini": GITMIG, "models.py": MODELS.format("users"), "migrations/env.py": env})
    assert found["tables"] == [["users"]]
    assert "migrations/env.py:3: 1 / 0" in found["notes"][0]


def test_a_project_of_alembics_files_alone_is_read_through_its_env_py(tmp_path: Path) -> None:
    env = ENV.format(tool="alembic", more="from models import Base", target="[Base.metadata]")
    files = {"alembic.ini": ALEMBIC, "models.py": MODELS.format("users"), "alembic/env.py": env, "alembic/__init__.py": ""}
    found = load(tmp_path, files)
    assert (found["tables"], found["options"], found["dialects"]) == ([["users"]], ["render_as_batch", "url"], ["postgresql"])
    assert found["files"] == ["models.py"]


def test_the_url_that_env_py_configures_tells_the_dialect(tmp_path: Path) -> None:
    env = """
import sqlalchemy as sa
from alembic import context
context.configure(url="mysql+pymysql://u:p@h/d", target_metadata=sa.MetaData())
"""
    ini = ALEMBIC.replace("postgresql://h/d", "driver://user:pass@localhost/dbname")
    assert load(tmp_path, {"alembic.ini": ini, "alembic/env.py": env})["dialects"] == ["mysql"]


def test_x_arguments_reach_env_py(tmp_path: Path) -> None:
    env = ENV.format(
        tool="alembic",
        more="assert context.get_x_argument(as_dictionary=True) == {'tenant': 'a'}",
        target="__import__('sqlalchemy').MetaData()",
    )
    assert "error" not in load(tmp_path, {"alembic.ini": ALEMBIC, "alembic/env.py": env})


@pytest.mark.parametrize("files", [{}, {"migrations/env.py": ENV.format(tool="gitmig", more="", target="None")}])
def test_nothing_that_names_models_is_an_error_with_the_line_to_write(tmp_path: Path, files: dict[str, str]) -> None:
    found = load(tmp_path, {"gitmig.ini": "[gitmig]\nurl = sqlite://\n", **files})
    assert "names no `models`" in found["error"]
    assert "models = " in found["hint"]


def test_an_alembic_env_py_that_cannot_run_offline_is_an_error_with_the_line_to_write(tmp_path: Path) -> None:
    env = "import sqlalchemy as sa\nsa.create_engine('sqlite://').connect()\n"
    found = load(tmp_path, {"alembic.ini": ALEMBIC, "alembic/env.py": env})
    assert "alembic/env.py cannot be run without a database" in found["error"]
    assert "alembic/env.py:2" in found["error"]
    assert "models = " in found["hint"]


def test_a_flask_application_alone_gives_models_and_dialect(tmp_path: Path) -> None:
    pytest.importorskip("flask_sqlalchemy")
    app = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
def create_app():
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"
    db.init_app(app)
    return app
class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
"""
    found = load(tmp_path, {"gitmig.ini": "[gitmig]\napp = shop:create_app\n", "shop.py": app})
    assert (found["tables"], found["dialects"]) == ([["user"]], ["sqlite"])


def test_flask_migrates_env_py_finds_the_application(tmp_path: Path) -> None:
    pytest.importorskip("flask_sqlalchemy")
    app = """
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
db = SQLAlchemy()
app = Flask(__name__)
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///shop.db"
db.init_app(app)
class User(db.Model):
    id = db.Column(db.Integer, primary_key=True)
"""
    env = """
from alembic import context
from flask import current_app
db = current_app.extensions["sqlalchemy"]
context.config.set_main_option("sqlalchemy.url", str(db.engine.url).replace("%", "%%"))
def run_migrations_offline():
    context.configure(url=context.config.get_main_option("sqlalchemy.url"), target_metadata=db.metadatas[None], literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
run_migrations_offline()
"""
    files = {"gitmig.ini": "[gitmig]\napp = shop:app\n", "alembic.ini": ALEMBIC, "shop.py": app, "alembic/env.py": env}
    assert load(tmp_path, files)["tables"] == [["user"]]
