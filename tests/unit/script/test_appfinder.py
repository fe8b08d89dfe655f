"""Applications and database URLs guessed from source."""

from __future__ import annotations

import pytest

from gitmig.script.appfinder import engine_urls, find_flask_app, flask_urls, in_memory, needs_app_context
from gitmig.script.pysource import read_sources
from tests.unit.script.test_models import Files


def urls(source: str, **others: str) -> list[str]:
    sources = read_sources(Files({"app.py": source, **{f"{name}.py": text for name, text in others.items()}}))
    return [url.template for url in engine_urls(sources)]


IMPORT = "import os\nfrom sqlalchemy import create_engine\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("create_engine('sqlite:///x.db')", ["sqlite:///x.db"]),
        ("create_engine(url='sqlite:///x.db')", ["sqlite:///x.db"]),
        ("name = 'x.db'\nurl = f'sqlite:///{name}'\ndef f():\n    return create_engine(url)", ["sqlite:///x.db"]),
        ("create_engine('sqlite://')", []),
        ("create_engine('sqlite:///:memory:')", []),
        ("create_engine(os.environ['DB_URL'])", ["${DB_URL}"]),
        ("create_engine(os.getenv('DB_URL'))", ["${DB_URL}"]),
        ("URL = os.environ.get('DB_URL', 'sqlite:///x.db')\ncreate_engine(URL)", ["sqlite:///x.db"]),
        ("create_engine(os.environ.get('DB_URL') or 'sqlite:///x.db')", ["sqlite:///x.db"]),
        ("create_engine('postgresql://me:geheim@h/d')", ["postgresql://me:${DATABASE_PASSWORD}@h/d"]),
        ("create_engine('mysql://me:a@b$c@h/d')", ["mysql://me:${DATABASE_PASSWORD}@h/d"]),
        ("create_engine(settings.url)", []),
        ("other.create_engine('sqlite:///x.db')", []),
    ],
)
def test_engine_urls_are_read_as_far_as_they_are_literal(source: str, expected: list[str]) -> None:
    assert urls(IMPORT + source) == expected


def test_a_url_from_another_module_is_followed() -> None:
    assert urls(IMPORT + "from settings import URL\ncreate_engine(URL)", settings="URL = 'sqlite:///s.db'\n") == ["sqlite:///s.db"]


def test_an_async_sqlite_url_loses_its_driver() -> None:
    source = "from sqlalchemy.ext.asyncio import create_async_engine\ncreate_async_engine('sqlite+aiosqlite:///x.db')"
    assert urls(source) == ["sqlite:///x.db"]


def test_databases_in_memory() -> None:
    assert in_memory("sqlite://") and in_memory("sqlite:///:memory:")
    assert not in_memory("sqlite:///x.db") and not in_memory("postgresql:///x")


def app(source: str) -> str | None:
    found = find_flask_app(read_sources(Files({"web/__init__.py": source})))
    return found.spec if found else None


def test_a_flask_object_and_a_factory_without_arguments_are_applications() -> None:
    assert app("from flask import Flask\nsite = Flask(__name__)\n") == "web:site"
    assert app("import flask\ndef make(config=None):\n    return flask.Flask('x')\n") == "web:make"
    assert app("from flask import Flask\ndef make(config):\n    return Flask('x')\n") is None
    assert app("from flask import Flask\ndef create(*, debug):\n    return Flask('x')\n") is None


def uris(source: str) -> tuple[list[str], bool]:
    found, complete = flask_urls(read_sources(Files({"app.py": source})))
    return [url.template for url in found], complete


def test_flask_settings_are_found_in_every_form() -> None:
    assert uris("app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///x.db'") == (["sqlite:///x.db"], True)
    assert uris("app.config.from_mapping(SQLALCHEMY_DATABASE_URI='sqlite:///x.db')") == (["sqlite:///x.db"], True)
    assert uris("app.config.update({'SQLALCHEMY_DATABASE_URI': 'sqlite:///x.db'})") == (["sqlite:///x.db"], True)
    assert uris("class Config:\n    SQLALCHEMY_DATABASE_URI = 'sqlite:///x.db'") == (["sqlite:///x.db"], True)
    assert uris("class Config:\n    SQLALCHEMY_DATABASE_URI = os.environ['X']") == ([], False)


def test_current_app_at_import_time_needs_a_context() -> None:
    def needs(source: str) -> bool:
        return needs_app_context(read_sources(Files({"m.py": source})).modules["m"])

    assert needs("from flask import current_app\nclass A:\n    size = current_app.config['SIZE']\n")
    assert not needs("from flask import current_app\nclass A:\n    def f(self):\n        return current_app\n")
    assert not needs("from flask import current_app\ndef f():\n    return current_app\n")
