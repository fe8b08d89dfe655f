"""Connecting to the project's database, and its errors told in one sentence."""

from __future__ import annotations

import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gitmig.errors import ConfigError, DatabaseError, redact

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine
    from sqlalchemy.exc import DBAPIError

_READ_ONLY = ("readonly database", "read-only", "read only")
_REFUSED = ("password authentication failed", "access denied for user", "no password supplied", "authentication failed")
_NO_ROLE = re.compile(r'role "[^"]*" does not exist')
_NO_DATABASE = ("unknown database", "does not exist")
_NO_FILE = ("unable to open database file",)
_NO_SQLITE = ("file is not a database", "file is encrypted", "disk image is malformed")
_DOWN = (
    "connection refused",
    "could not connect",
    "can't connect",
    "connection failed",
    "timed out",
    "could not translate",
    "name or service",
    "failed to resolve",
)
_DISK = ("disk is full", "no space left", "disk full", "disk i/o error")
_NO_RIGHT = ("permission denied", "command denied", "must be owner", "insufficient privilege")
_LOCKED_OUT = ("lock timeout", "lock wait timeout")
_TOO_LONG = ("statement timeout", "max_statement_time", "maximum statement execution time")
# PostgreSQL quotes the line of the statement and marks the place below it; the statement is told in full anyway.
_MARKED_LINE = re.compile(r"\s*LINE \d+: [^\n]*\n\s*\^")


def engine_for(url: str) -> Engine:
    """An engine without a pool for ``url`` (expanded). Raises ConfigError for a URL or a driver that cannot be used."""
    import sqlalchemy as sa

    with readable(url):
        return sa.create_engine(url, poolclass=sa.pool.NullPool)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    """A connection to ``url`` (expanded). Raises ConfigError, or DatabaseError where the database does not let us in."""
    with readable(url), engine_for(url).connect() as connection:
        yield connection


@contextmanager
def readable(url: str | None = None) -> Iterator[None]:
    """SQLAlchemy's and drivers' errors inside become ConfigError and DatabaseError; ``url`` serves messages, without its password."""
    from sqlalchemy import exc

    try:
        yield
    except exc.NoSuchModuleError as error:
        raise ConfigError(f"the database URL {_shown(url)} names a dialect that is not installed: {error}", _URL_HINT) from error
    except exc.ArgumentError as error:
        if not is_wrong_url(error):
            raise
        # What has no "://" may hold its password anywhere, so it is not repeated.
        shown = _shown(url) if url and "://" in url else "what is configured"
        raise ConfigError(f"{shown} is no database URL", _URL_HINT) from error
    except ValueError as error:
        if not is_unreadable_url(error):
            raise
        raise ConfigError(
            "the database URL cannot be read: what stands after the last colon of its host is no port number",
            "In a password, write @ as %40, : as %3A, / as %2F, # as %23 and ? as %3F (in an ini file with %%).",
        ) from None
    except ModuleNotFoundError as error:
        if not is_missing_driver(error):
            raise
        name = (error.name or "").partition(".")[0]
        raise ConfigError(
            f"the driver {name} for {_shown(url)} is not installed", f"Install it, for example `pip install {_DRIVERS[name]}`."
        ) from error
    except exc.DBAPIError as error:
        raise told(error, url) from error


_URL_HINT = "For example sqlite:///app.db, postgresql+psycopg://user@host/name or mysql+pymysql://user@host/name."


def _shown(url: str | None) -> str:
    return repr(redact(url)) if url else "of the project"


_DRIVERS = {
    "psycopg2": "psycopg2-binary",
    "psycopg": "'psycopg[binary]'",
    "asyncpg": "asyncpg",
    "pg8000": "pg8000",
    "pymysql": "pymysql",
    "MySQLdb": "mysqlclient",
    "mysql": "mysql-connector-python",
    "mariadb": "mariadb",
    "aiosqlite": "aiosqlite",
    "asyncmy": "asyncmy",
    "aiomysql": "aiomysql",
    "pyodbc": "pyodbc",
    "oracledb": "oracledb",
    "cx_Oracle": "cx_Oracle",
}


def is_missing_driver(error: Exception) -> bool:
    """Whether the error says that a database driver is not installed."""
    return isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in _DRIVERS


def is_unreadable_url(error: BaseException) -> bool:
    """Whether SQLAlchemy could not take a URL apart. Its words hold a piece of the URL, perhaps of the password."""
    frames = [frame.f_globals.get("__name__") for frame, _ in traceback.walk_tb(error.__traceback__)]
    return isinstance(error, ValueError) and bool(frames) and frames[-1] == "sqlalchemy.engine.url"


def is_wrong_url(error: BaseException) -> bool:
    """Whether SQLAlchemy finds no database URL in what it was given, or no dialect for it."""
    from sqlalchemy import exc

    return isinstance(error, exc.NoSuchModuleError) or (isinstance(error, exc.ArgumentError) and "URL" in str(error))


def driver_words(error: BaseException) -> str:
    """What the driver of a SQLAlchemy error (or the error itself) says, on one line."""
    original = getattr(error, "orig", None) or error
    arguments = original.args
    if len(arguments) == 2 and isinstance(arguments[0], int) and isinstance(arguments[1], str):
        # MySQL's drivers give number and text.
        return f"{' '.join(arguments[1].split())} ({arguments[0]})"
    return " ".join(_MARKED_LINE.sub("", str(original)).split())


def told(error: DBAPIError, url: str | None = None) -> DatabaseError:
    """A driver's error as one sentence with what to do next."""
    reason = driver_words(error)
    where = f"the database {_shown(url)}" if url else "the database"
    known = recognised(reason, bool(error.statement))
    if known is not None:
        return DatabaseError(f"{where} {known[0]}: {reason}", known[1])
    at = f" (at the statement: {' '.join(str(error.statement).split())[:200]})" if error.statement else ""
    return DatabaseError(f"{where} answered with an error: {reason}{at}")


def denied(reason: str) -> bool:
    """Whether a driver's words (or the machine's) say that we may not."""
    return any(words in reason.lower() for words in _NO_RIGHT)


def recognised(reason: str, at_a_statement: bool) -> tuple[str, str] | None:
    """What a driver's words mean, and what to do next, where that does not lie in the statement; None where it may."""
    lowered = reason.lower()

    def says(words: tuple[str, ...]) -> bool:
        return any(word in lowered for word in words)

    if says(_REFUSED) or (not at_a_statement and _NO_ROLE.search(reason)):
        return "refuses the login", "Check user and password in the URL."
    if says(_READ_ONLY):
        return "is read-only", "Give yourself the right to write, or name another with --url."
    if "database is locked" in lowered or "database table is locked" in lowered:
        return "is locked by another process", "Run the command again when that has finished."
    if says(_DISK):
        return "has no room left", "Make room, and run the command again."
    if says(_LOCKED_OUT):
        return (
            "waited too long for a lock that another session holds",
            "Run the command again when that has finished; `--lock-timeout` says how long to wait.",
        )
    if says(_TOO_LONG):
        return "stopped a statement that took too long", "`--statement-timeout` says how long one may take."
    if says(_NO_SQLITE):
        return "is no SQLite database that can be read", "Correct the URL, or restore the file."
    if says(_NO_FILE):
        return "cannot be opened", "Is the path in the URL right, and may you read and write the file and its folder?"
    if denied(reason):
        return "does not allow that", "Connect as a user who may, or have the right granted."
    if not at_a_statement and says(_NO_DATABASE):
        return "is not there", "Create it, or correct the URL."
    if says(_DOWN):
        return "does not answer", "Is it running, and are host and port right?"
    return None
