"""Models loaded from their specification, and what is said when they do not load."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gitmig.adapters.disk import DiskTree
from gitmig.adapters.models import LoadedModels, load_metadata
from gitmig.config import Config
from gitmig.errors import ModelsError

BASE = "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase): pass\n"
USER = "class User(Base):\n    __tablename__ = 'users'\n    id: Mapped[int] = mapped_column(primary_key=True)\n"


class Project:
    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str) -> None:
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text, "utf-8")

    def load(self, *models: str, app: str | None = None, prepend: tuple[str, ...] = ()) -> LoadedModels:
        config = Config(self.root.as_posix(), "gitmig.ini [gitmig]", models=models, app=app, prepend_sys_path=prepend)
        return load_metadata(config, DiskTree(self.root))

    def tables(self, *models: str, app: str | None = None, prepend: tuple[str, ...] = ()) -> list[list[str]]:
        return [sorted(metadata.tables) for metadata in self.load(*models, app=app, prepend=prepend).metadatas]

    def refused(self, *models: str, app: str | None = None) -> ModelsError:
        with pytest.raises(ModelsError) as caught:
            self.load(*models, app=app)
        return caught.value


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    modules, path = set(sys.modules), list(sys.path)
    yield Project(tmp_path)
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        file = getattr(sys.modules[name], "__file__", None)
        if file is None or file.startswith(str(tmp_path)):
            del sys.modules[name]


@pytest.mark.parametrize(
    "spec",
    [
        "shop.models:Base",
        "shop.models:Base.metadata",
        "shop.models:User",
        "shop.models:make",
        "shop.models:several",
        "shop.models",
        "shop.**",
    ],
)
def test_every_form_of_specification_gives_the_metadata(project: Project, spec: str) -> None:
    project.write("shop/__init__.py", "")
    project.write("shop/models.py", BASE + USER + "def make():\n    return Base\nseveral = [Base.metadata, Base.metadata]\n")
    assert project.tables(spec) == [["users"]]


def test_a_package_is_imported_as_a_whole_without_its_tests_and_migrations(project: Project) -> None:
    project.write("shop/__init__.py", "")
    project.write("shop/base.py", BASE)
    project.write("shop/inner/deep.py", "from shop.base import *\n" + USER)
    for path in ("shop/tests/x.py", "shop/test_y.py", "shop/__main__.py", "migrations/z.py"):
        project.write(path, "raise SystemExit(9)\n")
    loaded = project.load("shop.**")
    assert [sorted(each.tables) for each in loaded.metadatas] == [["users"]]
    assert loaded.files == ("shop/__init__.py", "shop/base.py", "shop/inner/deep.py")
    assert loaded.modules == ("shop", "shop.base", "shop.inner.deep")


def test_bases_with_tables_are_taken_and_each_once(project: Project) -> None:
    project.write("a.py", BASE + USER)
    project.write("b.py", BASE + USER.replace("users", "others"))
    assert project.tables("a:Base", "b:Base", "a:User") == [["users"], ["others"]]


def test_sqlmodel_is_loaded_with_the_module_that_knows_it(project: Project) -> None:
    pytest.importorskip("sqlmodel")
    project.write(
        "heroes.py",
        "from sqlmodel import Field, SQLModel\nclass HeroOfTest(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n",
    )
    assert "herooftest" in project.tables("heroes:SQLModel")[0]


FLASK = (
    "from flask import Flask, current_app\nfrom flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
    "def create_app():\n    app = Flask(__name__)\n    app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///shop.db'\n"
    "    app.config['SIZE'] = 7\n    db.init_app(app)\n    return app\n"
)


def test_a_flask_factory_is_called_and_its_url_is_the_one_of_the_engine(project: Project) -> None:
    pytest.importorskip("flask_sqlalchemy")
    project.write("site_a.py", FLASK)
    project.write(
        "site_models.py",
        "from site_a import *\nclass User(db.Model):\n    id = db.Column(db.String(current_app.config['SIZE']), primary_key=True)\n",
    )
    loaded = project.load("site_models:db", app="site_a:create_app")
    assert [sorted(each.tables) for each in loaded.metadatas] == [["user"]]
    assert loaded.url == f"sqlite:///{project.root}/instance/shop.db"


def test_an_application_alone_is_enough(project: Project) -> None:
    pytest.importorskip("flask_sqlalchemy")
    project.write("site_b.py", FLASK + "class User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\napp = create_app()\n")
    assert project.tables(app="site_b:app") == [["user"]]


def test_folders_of_prepend_sys_path_are_importable(project: Project) -> None:
    project.write("src/deep_models.py", BASE + USER)
    assert project.tables("deep_models:Base", prepend=("src",)) == [["users"]]


def test_a_module_that_configuration_names_and_nobody_has(project: Project) -> None:
    error = project.refused("nowhere.models:Base")
    assert "there is no module nowhere" in error.message
    assert "gitmig.ini [gitmig]" in error.message
    assert "Correct `models`" in error.hint


def test_a_missing_attribute_is_answered_with_near_names(project: Project) -> None:
    project.write("shop1.py", BASE)
    error = project.refused("shop1:Bse")
    assert "no 'Bse' in module shop1" in error.message
    assert "Base" in error.hint


@pytest.mark.parametrize("spec", ["shop2:number", "shop2:make"])
def test_something_that_holds_no_tables_is_refused(project: Project, spec: str) -> None:
    project.write("shop2.py", "number = 3\ndef make():\n    return 3\n")
    assert "holds no tables" in project.refused(spec).message


def test_a_package_without_a_base_is_refused(project: Project) -> None:
    project.write("shop3/__init__.py", "")
    assert "no module of shop3" in project.refused("shop3.**").message
    project.write("shop4.py", "")
    assert "not a package" in project.refused("shop4.**").message


@pytest.mark.parametrize("spec", ["", ":Base", "a b:Base", "shop-x:Base"])
def test_what_is_no_module_name_is_refused(project: Project, spec: str) -> None:
    assert "no module's name" in project.refused(spec).message


BROKEN = [
    ("import stripe_of_test", "there is no module stripe_of_test", "Install it for"),
    ("def f(:", "invalid syntax", "Correct that line"),
    ("import os\nos.environ['STRIPE_KEY_OF_TEST']", "environment variable STRIPE_KEY_OF_TEST", "export STRIPE_KEY_OF_TEST"),
    ("import sys\nsys.exit(3)", "sys.exit(3)", "__main__"),
    ("1 / 0", "ZeroDivisionError: division by zero", "Correct that line"),
    ("{}['x']", "KeyError: 'x'", "Correct that line"),
]


@pytest.mark.parametrize(("line", "word", "hint"), BROKEN)
def test_a_module_that_fails_is_told_by_its_own_line_with_the_way_on(project: Project, line: str, word: str, hint: str) -> None:
    project.write("shop5/__init__.py", "")
    project.write("shop5/broken.py", f"# first\n{line}\n")
    project.write("shop5/models.py", "from shop5 import broken\n")
    error = project.refused("shop5.models:Base")
    number = 2 + line.count("\n")
    assert word in error.message
    assert f"shop5/broken.py:{number}: {line.splitlines()[-1]}" in error.message
    assert hint in error.hint and "GITMIG=0 git commit" in error.hint


def test_a_factory_that_fails_is_told_by_its_own_line(project: Project) -> None:
    project.write("shop6.py", "def create_app():\n    return unknown\n")
    error = project.refused(app="shop6:create_app")
    assert "shop6.py:2: return unknown" in error.message


def test_an_application_that_is_none_is_refused(project: Project) -> None:
    project.write("shop7.py", "app = 3\ndef make():\n    return 3\n")
    assert "no Flask application" in project.refused(app="shop7:app").message
    assert "no Flask application" in project.refused(app="shop7:make").message
