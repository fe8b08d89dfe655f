"""Databases for tests: each fixture hands out the URL of a fresh, empty database and drops it afterwards.

``GITMIG_TEST_POSTGRESQL`` and ``GITMIG_TEST_MARIADB`` name other servers than the local ones. A server that is not there skips the test,
unless ``GITMIG_TEST_REQUIRE`` (comma-separated: postgresql, mariadb) says that it must be there.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url

from tests import sparedatabases as spare

POSTGRESQL = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
MARIADB = "mysql+pymysql://root@127.0.0.1:3306/mysql"
DATABASES = ("sqlite", "postgresql", "mariadb")


class Unreachable(Exception):
    """No server of that kind can be used here; the text says why."""


def _answers(url: URL) -> str:
    """Why the server does not answer, or "" when it does."""
    timeout = {"connect_timeout": 3}
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args=timeout)
    try:
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
    except (sa.exc.SQLAlchemyError, ImportError) as error:
        return str(error).splitlines()[0]
    finally:
        engine.dispose()
    return ""


@functools.cache
def _bundled_postgresql() -> URL:
    """A server from the pgserver wheel, one for each test process; it stops with the process."""
    if importlib.util.find_spec("pgserver") is None:
        raise Unreachable("no PostgreSQL server answers, and the pgserver wheel is not installed")
    import pgserver

    data = Path(tempfile.mkdtemp(prefix="gitmig-postgresql-"))
    server = pgserver.get_server(data, cleanup_mode="delete")
    return make_url(server.get_uri()).set(drivername="postgresql+psycopg")


@functools.cache
def postgresql_server() -> URL:
    """The URL of a database on the PostgreSQL server to use, as its superuser. Raises Unreachable."""
    given = os.environ.get("GITMIG_TEST_POSTGRESQL")
    url = make_url(given or POSTGRESQL)
    reason = _answers(url)
    if not reason:
        return url
    if given:
        raise Unreachable(f"GITMIG_TEST_POSTGRESQL does not answer: {reason}")
    return _bundled_postgresql()


@functools.cache
def mariadb_server() -> URL:
    """The URL of a database on the MariaDB server to use, as its root user. Raises Unreachable."""
    url = make_url(os.environ.get("GITMIG_TEST_MARIADB", MARIADB))
    reason = _answers(url)
    if reason:
        raise Unreachable(f"no MariaDB server answers: {reason}")
    return url


def _server(kind: str) -> URL:
    """The server of that kind; skips the running test where there is none, or fails it where one is required."""
    try:
        return postgresql_server() if kind == "postgresql" else mariadb_server()
    except Unreachable as error:
        required = os.environ.get("GITMIG_TEST_REQUIRE", "").split(",")
        if kind in (name.strip() for name in required):
            pytest.fail(f"GITMIG_TEST_REQUIRE names {kind}: {error}")
        pytest.skip(str(error))


@contextmanager
def _fresh(server: URL) -> Iterator[str]:
    name = f"gitmig_{uuid.uuid4().hex[:16]}"
    engine = sa.create_engine(server, poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield server.set(database=name).render_as_string(hide_password=False)
    finally:
        with engine.connect() as connection:
            connection.execute(sa.text(f"DROP DATABASE IF EXISTS {name}"))
        engine.dispose()


@contextmanager
def fresh_database(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database of that kind (see DATABASES); ``folder`` is where SQLite's file goes."""
    if kind == "sqlite":
        yield f"sqlite:///{folder / f'{uuid.uuid4().hex[:8]}.db'}"
        return
    server = _server(kind)
    with spare.fresh(server) if kind == "postgresql" else _fresh(server) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> Iterator[str]:
    """An SQLite file that does not exist yet, under ``tmp_path``."""
    with fresh_database("sqlite", tmp_path) as url:
        yield url


@pytest.fixture
def postgresql_url(tmp_path: Path) -> Iterator[str]:
    """An empty PostgreSQL database."""
    with fresh_database("postgresql", tmp_path) as url:
        yield url


@pytest.fixture
def mariadb_url(tmp_path: Path) -> Iterator[str]:
    """An empty MariaDB database."""
    with fresh_database("mariadb", tmp_path) as url:
        yield url


@pytest.fixture(
    params=[
        "sqlite",
        pytest.param("postgresql", marks=pytest.mark.postgresql),
        pytest.param("mariadb", marks=pytest.mark.mariadb),
    ]
)
def any_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database: the test runs once on each of the three kinds."""
    with fresh_database(request.param, tmp_path) as url:
        yield url
