"""Models found by reading source: bases, tables, the line that loads them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from gitmig.ports import Entry
from gitmig.script.models import declared_tables, find_models, snake_case, standing_class
from gitmig.script.modelspec import Candidate, candidates
from gitmig.script.pysource import read_sources


class Files:
    """A tree of a dict."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    def read(self, path: str) -> bytes:
        if path not in self.files:
            raise FileNotFoundError(path)
        return self.files[path].encode()

    def exists(self, path: str) -> bool:
        return path in self.files

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        prefix = f"{folder}/" if folder else ""
        inside = sorted(path for path in self.files if path.startswith(prefix))
        return [Entry(path) for path in inside if recursive or "/" not in path[len(prefix) :]]


def found(files: dict[str, str], skip: Sequence[str] = ()) -> list[Candidate]:
    sources = read_sources(Files(files), skip=skip)
    return list(candidates(sources, find_models(sources)))


def models(files: dict[str, str], skip: Sequence[str] = ()) -> tuple[str, ...]:
    every = found(files, skip)
    assert len(every) == 1, every
    return every[0].models


def table_names(files: dict[str, str]) -> list[str | None]:
    return [table.name for table in declared_tables(Files(files))]


BASE = "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n"
USER = "class User(Base):\n    __tablename__ = 'users'\n"


@pytest.mark.parametrize(
    "base",
    [
        BASE,
        "import sqlalchemy.orm as orm\nclass Base(orm.MappedAsDataclass, orm.DeclarativeBase): pass\n",
        "from sqlalchemy.orm import DeclarativeBaseNoMeta\nclass Base(DeclarativeBaseNoMeta): pass\n",
        "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n",
        "from sqlalchemy.ext.declarative import declarative_base as make\nBase = make()\n",
        "from sqlalchemy.orm import registry\nBase = registry().generate_base()\n",
        "from sqlalchemy.orm import registry\nreg = registry()\nBase = reg.generate_base()\n",
        "from sqlalchemy.orm import as_declarative\n@as_declarative()\nclass Base: pass\n",
        "import sqlalchemy as sa\nfrom sqlalchemy.orm import declarative_base\nm = sa.MetaData()\nBase = declarative_base(metadata=m)\n",
        "from sqlalchemy import MetaData\nfrom sqlalchemy.orm import DeclarativeBase\nm = MetaData()\n"
        "class Base(DeclarativeBase):\n    metadata = m\n",
        "try:\n    from sqlalchemy.orm import DeclarativeBase\nexcept ImportError:\n    raise\nclass Base(DeclarativeBase): pass\n",
    ],
)
def test_every_form_of_declarative_base_is_found_with_its_tables(base: str) -> None:
    every = found({"models.py": base + USER})
    assert [candidate.models for candidate in every] == [("models:Base",)]
    assert [table.name for table in every[0].base.tables] == ["users"]


def test_sqlmodel_classes_are_tables_when_they_say_so() -> None:
    source = "from sqlmodel import SQLModel\nclass HeroBase(SQLModel): pass\nclass Hero(HeroBase, table=True): pass\n"
    every = found({"main.py": source})
    assert every[0].models == ("main:SQLModel",)
    assert [table.name for table in every[0].base.tables] == ["hero"]


def test_flask_sqlalchemy_names_tables_in_snake_case() -> None:
    source = (
        "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\n"
        "class UserProfile(db.Model): pass\ntags = db.Table('tags', db.Column('id'))\n"
    )
    every = found({"app.py": source})
    assert every[0].models == ("app:db",)
    assert sorted(table.name or "" for table in every[0].base.tables) == ["tags", "user_profile"]


def test_a_model_class_of_flask_sqlalchemy_is_no_second_base() -> None:
    source = BASE + "from flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy(model_class=Base)\nclass A(db.Model): pass\n"
    assert models({"app.py": source}) == ("app:db",)


def test_plain_metadata_with_tables_is_a_base() -> None:
    source = "import sqlalchemy as sa\nmetadata = sa.MetaData()\nusers = sa.Table('users', metadata, sa.Column('id', sa.Integer))\n"
    assert models({"db.py": source}) == ("db:metadata",)


def test_a_registry_with_mapped_classes_is_a_base() -> None:
    source = "from sqlalchemy.orm import registry\nreg = registry()\n@reg.mapped\nclass A:\n    __tablename__ = 'a'\n"
    assert models({"m.py": source}) == ("m:reg",)


def test_models_in_one_module_are_loaded_by_that_module() -> None:
    files = {"app/__init__.py": "", "app/db.py": BASE, "app/models.py": "from app.db import Base\n" + USER}
    assert models(files) == ("app.models:Base",)


def test_a_base_whose_package_imports_all_the_models_is_enough() -> None:
    files = {
        "app/__init__.py": "",
        "app/models/__init__.py": "from .base import Base\nfrom .user import User\nfrom . import post\n",
        "app/models/base.py": BASE,
        "app/models/user.py": "from .base import Base\n" + USER,
        "app/models/post.py": "from .base import Base\nclass Post(Base):\n    __tablename__ = 'posts'\n",
        "app/main.py": "from app.models import Base, User\n",
    }
    assert models(files) == ("app.models.base:Base",)


@pytest.mark.parametrize("imported", ["from .item import Item\nfrom .user import User\n", "from .item import Item\n"])
def test_one_of_many_modules_is_not_named_for_all_of_them(imported: str) -> None:
    """Any of them brings the package, and so the others that it imports; the next module would be missed."""
    files = {
        "acme/__init__.py": "",
        "acme/db.py": BASE,
        "acme/models/__init__.py": imported,
        "acme/models/item.py": "from acme.db import Base\nclass Item(Base):\n    __tablename__ = 'items'\n",
        "acme/models/user.py": "from acme.db import Base\n" + USER,
    }
    assert models(files) == ("acme.models.**",)


def test_a_package_that_names_the_base_and_imports_all_models_is_enough() -> None:
    files = {
        "acme/__init__.py": "",
        "acme/db.py": BASE,
        "acme/models/__init__.py": "from acme.db import Base\nfrom . import item, user\n",
        "acme/models/item.py": "from acme.db import Base\nclass Item(Base):\n    __tablename__ = 'items'\n",
        "acme/models/user.py": "from acme.db import Base\n" + USER,
    }
    assert models(files) == ("acme.models:Base",)


def test_models_spread_over_a_package_are_loaded_by_importing_all_of_it() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/base.py": BASE,
        "shop/users/__init__.py": "",
        "shop/users/models.py": "from shop.base import Base\n" + USER,
        "shop/orders/__init__.py": "",
        "shop/orders/models.py": "from shop.base import Base\nclass Order(Base):\n    __tablename__ = 'orders'\n",
    }
    assert models(files) == ("shop.**",)


def test_models_in_modules_without_a_package_are_named_one_by_one() -> None:
    files = {
        "base.py": BASE,
        "users.py": "from base import Base\n" + USER,
        "posts.py": "from base import Base\nclass Post(Base):\n    __tablename__ = 'posts'\n",
    }
    assert models(files) == ("posts:Base", "users:Base")


def test_an_import_under_type_checking_loads_nothing() -> None:
    files = {
        "app/__init__.py": "",
        "app/base.py": BASE + "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from app.user import User\n",
        "app/user.py": "from app.base import Base\n" + USER,
    }
    assert models(files) == ("app.user:Base",)


def test_the_src_layout_is_seen() -> None:
    every = found({"src/app/__init__.py": "", "src/app/models.py": BASE + USER})
    assert (every[0].models, every[0].import_roots) == (("app.models:Base",), ("src",))


def test_a_folder_that_others_import_from_is_an_import_root() -> None:
    files = {
        "backend/app/__init__.py": "",
        "backend/app/db.py": BASE,
        "backend/app/models.py": "from app.db import Base\n" + USER,
    }
    every = found(files)
    assert (every[0].models, every[0].import_roots) == (("app.models:Base",), ("backend",))


def test_a_folder_without_init_is_a_namespace_package() -> None:
    files = {"app/db.py": BASE, "app/models.py": "from app.db import Base\n" + USER}
    every = found(files)
    assert (every[0].models, every[0].import_roots) == (("app.models:Base",), ())


def test_several_bases_with_tables_are_several_candidates() -> None:
    other = BASE.replace("Base(", "Other(") + "class Post(Other):\n    __tablename__ = 'posts'\n"
    every = found({"a.py": BASE + USER, "b.py": other})
    assert [candidate.line() for candidate in every] == ['models = ["a:Base"]', 'models = ["b:Other"]']


def test_a_base_without_tables_gives_way_to_one_with_tables() -> None:
    assert models({"a.py": BASE, "b.py": BASE + USER}) == ("b:Base",)


def test_a_single_empty_base_is_taken() -> None:
    assert models({"a.py": BASE}) == ("a:Base",)


def test_tests_migrations_and_hidden_folders_hold_no_models() -> None:
    files = {
        "app.py": BASE + USER,
        "tests/models.py": BASE + USER,
        "test_app.py": BASE + USER,
        ".tox/x.py": BASE + USER,
        "migrations/env.py": BASE + USER,
        "docs/conf.py": BASE + USER,
    }
    assert models(files, skip=["migrations"]) == ("app:Base",)


def test_a_file_that_does_not_parse_is_named() -> None:
    assert read_sources(Files({"a.py": "def f(:\n", "b.py": "\0"})).broken == ("a.py", "b.py")


def test_import_cycles_and_names_that_mean_themselves_end() -> None:
    files = {"a.py": "from b import X\nclass A(X): pass\n", "b.py": "from a import X\nY = Y\n", "c.py": "class C(C): pass\n"}
    assert found(files) == []


def test_declared_tables_are_named_as_the_classes_name_them() -> None:
    source = (
        BASE
        + "PREFIX = 'shop_'\n"
        + "class A(Base):\n    __tablename__ = PREFIX + 'a'\n"
        + "class B(Base):\n    __tablename__: str = f'{PREFIX}b'\n"
        + "class Abstract(Base):\n    __abstract__ = True\n"
        + "class Named(Base):\n    __abstract__ = True\n    @declared_attr\n"
        + "    def __tablename__(cls):\n        return cls.__name__.lower() + 's'\n"
        + "class Order(Named): pass\n"
        + "class Unknown(Base):\n    __tablename__ = name_of('x')\n"
        + "Table('plain', Base.metadata)\n"
    )
    assert table_names({"m.py": "from sqlalchemy import Table\n" + source}) == ["shop_a", "shop_b", "orders", None, "plain"]


def test_a_class_whose_file_was_not_imported_stands_against_a_drop() -> None:
    tables = declared_tables(Files({"a.py": BASE + USER, "b.py": "from a import Base\nclass P(Base):\n    __tablename__ = 'posts'\n"}))
    standing = standing_class("posts", tables, ["a.py"])
    assert standing is not None and standing.place == "b.py:2"
    assert standing_class("posts", tables, ["a.py", "b.py"]) is None
    assert standing_class("gone", tables, ["a.py"]) is None


def test_a_table_whose_name_only_running_tells_stands_against_every_drop() -> None:
    tables = declared_tables(Files({"a.py": BASE, "b.py": "from a import Base\nclass P(Base):\n    __tablename__ = f()\n"}))
    assert standing_class("anything", tables, ["a.py"]) is not None
    assert standing_class("anything", tables, ["a.py", "b.py"]) is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [("User", "user"), ("UserProfile", "user_profile"), ("HTTPRequest", "http_request"), ("A1B", "a1_b"), ("APIKey", "api_key")],
)
def test_snake_case_is_that_of_flask_sqlalchemy(name: str, expected: str) -> None:
    assert snake_case(name) == expected
    theirs = pytest.importorskip("flask_sqlalchemy.model")
    assert theirs.camel_to_snake_case(name) == expected


def test_a_table_of_no_known_base_whose_name_is_unknown_is_nobodys() -> None:
    source = "import sqlalchemy as sa\nt = sa.Table(name, sa.MetaData(), autoload_with=engine)\n"
    assert table_names({"m.py": source}) == []


def test_a_class_that_holds_metadata_and_tables_is_a_base() -> None:
    source = (
        "import sqlalchemy as sa\nfrom util import Table\nclass Model:\n    metadata = sa.MetaData()\n"
        "    users = sa.Table('users', metadata)\n    posts = Table('posts', metadata)\n"
    )
    every = found({"model.py": source})
    assert every[0].models == ("model:Model.metadata",)
    assert [table.name for table in every[0].base.tables] == ["users", "posts"]
