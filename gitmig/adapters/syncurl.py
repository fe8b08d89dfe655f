"""A database URL for a process without an event loop: the same database through a driver that needs none."""

from __future__ import annotations

from importlib.util import find_spec

_INSTEAD = {
    "aiosqlite": (("pysqlite", "sqlite3"),),
    "asyncpg": (("psycopg", "psycopg"), ("psycopg2", "psycopg2"), ("pg8000", "pg8000")),
    "asyncmy": (("pymysql", "pymysql"), ("mysqldb", "MySQLdb")),
    "aiomysql": (("pymysql", "pymysql"), ("mysqldb", "MySQLdb")),
}


def sync_url(url: str) -> str:
    """``url`` (expanded), or where its driver is asyncio's and another is installed, the URL with that one."""
    from sqlalchemy.engine import make_url

    made = make_url(url)
    for driver, module in _INSTEAD.get(made.get_driver_name() if "+" in made.drivername else "", ()):
        if find_spec(module) is not None:
            return made.set(drivername=f"{made.get_backend_name()}+{driver}").render_as_string(hide_password=False)
    return url
