"""The models of published projects: their first revision makes what ``create_all()`` makes, and goes back to nothing.

The wheels come from a package index (see tests/corpus/history.py); where it does not answer, the tests are skipped.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.adapters.reflect import reflect
from gitmig.schema.normal import normalise
from tests.corpus.history import Unavailable, overlay
from tests.databases import fresh_database
from tests.e2e.runkit import ROOT, Project

pytestmark = pytest.mark.real
DATABASES = (
    "sqlite",
    pytest.param("postgresql", marks=pytest.mark.postgresql),
    pytest.param("mariadb", marks=pytest.mark.mariadb),
)
OURS = {"alembic_version", "gitmig_history", "gitmig_journal"}
CREATE_ALL = """
import functools, importlib, sys
import sqlalchemy as sa

module, _, path = sys.argv[1].partition(":")
found = functools.reduce(getattr, path.split("."), importlib.import_module(module))
getattr(found, "metadata", found).create_all(sa.create_engine(sys.argv[2]))
"""


@dataclass(frozen=True, slots=True)
class Published:
    """``requirements`` are the project and what importing its models needs besides SQLAlchemy; ``tables`` is how many it has."""

    models: str
    tables: int
    requirements: tuple[str, ...]


PROJECTS = {
    "jupyterhub": Published(
        "jupyterhub.orm:Base",
        15,
        (
            "jupyterhub==6.1.1",
            "aiohappyeyeballs==2.7.1",
            "aiohttp==3.14.5",
            "aiosignal==1.4.0",
            "attrs==26.1.0",
            "frozenlist==1.8.0",
            "idna==3.20",
            "multidict==7.2.1",
            "propcache==0.5.4",
            "tornado==6.6.1",
            "traitlets==5.16.1",
            "yarl==1.25.1",
        ),
    ),
    "optuna": Published(
        "optuna.storages._rdb.models:BaseModel",
        12,
        ("optuna==5.0.0", "colorlog==6.12.0", "numpy==2.4.6", "tqdm==4.70.1"),
    ),
    "buildbot": Published(
        "buildbot.db.model:Model.metadata",
        42,
        (
            "buildbot==4.3.0",
            "attrs==26.1.0",
            "constantly==23.10.4",
            "incremental==24.11.0",
            "python_dateutil==4.0.0",
            "twisted==26.10.0",
            "zope_interface==8.7",
        ),
    ),
}


@pytest.mark.parametrize("database", DATABASES)
@pytest.mark.parametrize("name", PROJECTS)
def test_the_first_revision_of_published_models_makes_what_create_all_makes(name: str, database: str, tmp_path: Path) -> None:
    published = PROJECTS[name]
    path = importable(published)
    with fresh_database(database, tmp_path) as plain, fresh_database(database, tmp_path) as url:
        create_all(published, plain, path)
        project = Project(tmp_path / "project", url, {"PYTHONPATH": path, "PYTHONWARNINGS": "ignore"})
        project.settings(f'models = ["{published.models}"]\n')

        project.gitmig("revision", "--autogenerate")
        project.gitmig("upgrade")

        theirs = contents(plain)
        assert len(theirs["tables"]) == published.tables
        assert contents(url) == theirs
        project.gitmig("diff")
        project.gitmig("diff", "--against", "database")

        project.gitmig("downgrade", "base")
        assert contents(url) == {"tables": {}, "enums": {}, "sequences": {}}


def importable(published: Published) -> str:
    """A PYTHONPATH with the project and gitmig; skips the test where there is no package index."""
    try:
        folders = overlay(list(published.requirements))
    except Unavailable as error:
        pytest.skip(f"no package index: {error}")
    return os.pathsep.join(map(str, [*folders, ROOT]))


def create_all(published: Published, url: str, path: str) -> None:
    """In a process of its own: their packages stay out of this one."""
    command = [sys.executable, "-W", "ignore", "-c", CREATE_ALL, published.models, url]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, text=True, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def contents(url: str) -> dict[str, dict[Any, Any]]:
    """Everything in the database but gitmig's own tables and the version table."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        schema = normalise(reflect(connection), connection.dialect)
    tables = {str(name): table for name, table in schema.tables.items() if name.name not in OURS}
    return {"tables": tables, "enums": dict(schema.enums), "sequences": dict(schema.sequences)}
