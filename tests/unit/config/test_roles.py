"""Whose a database is, by its URL."""

from __future__ import annotations

import pytest

from gitmig.config import role_of_url

LOCAL = (
    "sqlite://",
    "sqlite+pysqlite:///app.db",
    "sqlite+aiosqlite:////srv/app.db",
    "postgresql:///app",
    "postgresql+psycopg://me@/app",
    "postgresql://me@localhost/app",
    "postgresql://me:p%40ss@LOCALHOST:5433/app",
    "postgresql://me@[::1]:5432/app",
    "postgresql://127.0.1.1/app",
    "postgresql://%2Fvar%2Frun%2Fpostgresql/app",
    "postgresql:///app?host=/var/run/postgresql",
    "postgresql://me@/app?host=localhost:5432&host=127.0.0.1",
    "postgresql://me@localhost,127.0.0.1:5433/app",
    "mysql+pymysql://me:secret@db:3306/app",
    "mysql+pymysql://me@elsewhere/app?unix_socket=/run/mysqld.sock",
)
SHARED = (
    "postgresql://db.example.org/app",
    "postgresql://me@localhost.example.org/app",
    "postgresql://me@localhost,db.example.org/app",
    "postgresql://me@localhost/app?host=db.example.org",
    "postgresql://localhost:secret@db.example.org/app",
    "postgresql://10.0.0.1/app",
    "postgresql://[2001:db8::1]/app",
    "postgresql://postgres/app",
    "${STAGING_URL}",
    "",
)


@pytest.mark.parametrize("url", LOCAL)
def test_a_socket_loopback_sqlite_and_a_compose_service_are_a_persons_own(url: str) -> None:
    assert role_of_url(url, {"db"}) == "local"


@pytest.mark.parametrize("url", SHARED)
def test_everything_else_is_shared(url: str) -> None:
    assert role_of_url(url, {"db"}) == "shared"
