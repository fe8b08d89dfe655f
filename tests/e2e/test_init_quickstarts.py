"""Applications as the quick-starts of Flask-SQLAlchemy and SQLModel make them: init, install, commit, upgrade, nothing typed by hand."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.gitkit import Repo

FLASK = """\
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)

# create the app
app = Flask(__name__)
# configure the SQLite database, relative to the app instance folder
app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:///project.db"
# initialize the app with the extension
db.init_app(app)


class User(db.Model):
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    username: Mapped[str] = mapped_column(String, unique=True, nullable=False)
    email: Mapped[str] = mapped_column(String)


@app.route("/users")
def user_list():
    users = db.session.execute(db.select(User).order_by(User.username)).scalars()
    return [user.username for user in users]
"""
SQLMODEL = """\
from sqlmodel import Field, Session, SQLModel, create_engine, select


class Hero(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(index=True)
    secret_name: str
    age: int | None = Field(default=None, index=True)


sqlite_file_name = "database.db"
sqlite_url = f"sqlite:///{sqlite_file_name}"

engine = create_engine(sqlite_url, echo=True)


def create_db_and_tables():
    SQLModel.metadata.create_all(engine)


def main():
    create_db_and_tables()


if __name__ == "__main__":
    main()
"""
FACTORY = """\
import os

from flask import Flask

from .models import db


def create_app(test_config=None):
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite:///shop.db")
    db.init_app(app)
    return app
"""
FACTORY_MODELS = """\
from flask_sqlalchemy import SQLAlchemy

db = SQLAlchemy()


class Customer(db.Model):
    id = db.Column(db.Integer, primary_key=True)
    name = db.Column(db.String(80), nullable=False)
"""


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Repo:
    """An empty repository that ignores databases, as everybody's does."""
    top = tmp_path / "repo"
    top.mkdir()
    repo = Repo(top, home)
    repo.git("init", "-q", "-b", "main")
    repo.write(".gitignore", "instance/\n*.db\n__pycache__/\n")
    return repo


def columns(database: Path, table: str) -> list[str]:
    with sqlite3.connect(database) as connection:
        return [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]


def adopted(repo: Repo) -> None:
    """The three commands of a new user, and the commit that they lead to."""
    repo.gitmig("init")
    repo.gitmig("install")
    repo.git("add", ".")
    repo.git("commit", "-qm", "first")
    assert repo.status() == ""
    assert len(repo.revisions()) == 1
    repo.gitmig("upgrade")
    assert repo.gitmig("diff", check=False).code == 0
    assert repo.status() == ""


@pytest.mark.real
def test_the_quick_start_of_flask_sqlalchemy_needs_no_line_of_configuration(project: Repo) -> None:
    pytest.importorskip("flask_sqlalchemy")
    project.write("app.py", FLASK)
    adopted(project)
    database = project.top / "instance/project.db"
    assert columns(database, "user") == ["id", "username", "email"]
    project.write(
        "app.py",
        FLASK.replace(
            "email: Mapped[str] = mapped_column(String)\n", "email: Mapped[str] = mapped_column(String)\n    nick: Mapped[str | None]\n"
        ),
    )
    project.git("commit", "-qam", "nick")
    project.gitmig("upgrade")
    assert columns(database, "user") == ["id", "username", "email", "nick"]
    project.gitmig("downgrade", "base")
    assert columns(database, "user") == []


@pytest.mark.real
def test_the_quick_start_that_creates_its_tables_on_import_works_too(project: Repo) -> None:
    pytest.importorskip("flask_sqlalchemy")
    project.write("app.py", FLASK + "\n\nwith app.app_context():\n    db.create_all()\n")
    adopted(project)
    assert columns(project.top / "instance/project.db", "user") == ["id", "username", "email"]


@pytest.mark.real
def test_the_quick_start_of_sqlmodel_needs_no_line_of_configuration(project: Repo) -> None:
    pytest.importorskip("sqlmodel")
    project.write("pyproject.toml", '[project]\nname = "heroes"\nversion = "1"\n')
    project.write("main.py", SQLMODEL)
    adopted(project)
    assert columns(project.top / "database.db", "hero") == ["id", "name", "secret_name", "age"]
    project.write("main.py", SQLMODEL.replace("    secret_name: str\n", "    secret_name: str\n    team: str | None = None\n"))
    project.git("commit", "-qam", "team")
    project.gitmig("upgrade")
    assert "team" in columns(project.top / "database.db", "hero")


@pytest.mark.real
def test_a_flask_factory_is_made_to_learn_its_database(project: Repo) -> None:
    pytest.importorskip("flask_sqlalchemy")
    project.write("shop/__init__.py", FACTORY)
    project.write("shop/models.py", FACTORY_MODELS)
    adopted(project)
    assert columns(project.top / "instance/shop.db", "customer") == ["id", "name"]
    other = project.top / "other.db"
    project.gitmig("upgrade", env={"DATABASE_URL": f"sqlite:///{other}"})
    assert columns(other, "customer") == ["id", "name"]
