"""Copies of a local database, one a branch: made before `sync --snapshot` steps back, restored on the way back.

SQLite: a file under the git directory, made and read by SQLite's backup API. PostgreSQL: a database beside the first one, made with it as
the template. MySQL and MariaDB: a dump under the git directory, made and read by the server's own client programs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from gitmig.adapters.database import readable
from gitmig.errors import DatabaseError, UsageError

_UNFIT = re.compile(r"[^A-Za-z0-9]+")
_POSTGRESQL_NAME = 63
"""Bytes of the longest name of a database (PostgreSQL's manual, 4.1.1)."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """``branch`` it was made for, ``rows`` of its version table, ``at`` ISO 8601 in UTC; ``place`` is a file's name, or a database's."""

    branch: str
    rows: tuple[str, ...]
    at: str
    place: str


class Snapshots:
    """The copies of one database, listed in a file under the git directory. ``url`` is SQLAlchemy's, with its password."""

    def __init__(self, common_dir: Path, url: Any) -> None:
        shown = url.render_as_string(hide_password=True)
        self._url = url
        self._folder = common_dir / "gitmig" / "snapshots" / hashlib.sha256(shown.encode()).hexdigest()[:16]
        self._index = self._folder / "index.json"

    def all(self) -> tuple[Snapshot, ...]:
        """Every copy, by branch."""
        return tuple(sorted(self._read()["snapshots"], key=lambda each: each.branch))

    def of(self, branch: str) -> Snapshot | None:
        return next((each for each in self.all() if each.branch == branch), None)

    def unfinished(self) -> str | None:
        """The branch whose copy was being restored when the process ended."""
        restoring: str | None = self._read()["restoring"]
        return restoring

    def owner(self) -> str | None:
        """The branch that the database was last brought to with its copies kept."""
        owner: str | None = self._read()["owner"]
        return owner

    def belongs_to(self, branch: str) -> None:
        self._change(owner=branch)

    def save(self, branch: str, rows: Sequence[str], at: str) -> Snapshot:
        """Copy the database as it is, in place of an older copy for that branch, which stays where DatabaseError is raised."""
        taken = {each.place for each in self.all()}
        old = self.of(branch)
        place = next(name for name in self._names(branch) if name not in taken)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._kind.copy(self._url, self._target(place))
        made = Snapshot(branch, tuple(rows), at, place)
        self._change(snapshots=[*(each for each in self.all() if each.branch != branch), made])
        if old is not None:
            self._kind.remove(self._url, self._target(old.place))
        return made

    def restore(self, branch: str) -> Snapshot:
        """Make the database what the copy is. Raises DatabaseError, UsageError where there is none."""
        found = self._required(branch)
        self._change(restoring=branch)
        self._kind.restore(self._url, self._target(found.place))
        self._change(restoring=None, owner=branch)
        return found

    def drop(self, branch: str) -> Snapshot:
        """Delete a copy. Raises UsageError where there is none."""
        found = self._required(branch)
        self._kind.remove(self._url, self._target(found.place))
        self._change(snapshots=[each for each in self.all() if each.branch != branch])
        return found

    def _required(self, branch: str) -> Snapshot:
        found = self.of(branch)
        if found is None:
            names = ", ".join(each.branch for each in self.all())
            raise UsageError(f"there is no copy for branch '{branch}'", f"There are: {names}." if names else "There are none.")
        return found

    @property
    def _kind(self) -> Any:
        match self._url.get_backend_name():
            case "sqlite":
                return _Sqlite()
            case "postgresql":
                return _Postgresql()
            case "mysql" | "mariadb":
                return _Mysql()
            case other:
                raise UsageError(f"copies are not made of {other}", "Leave --snapshot out.")

    def _target(self, place: str) -> Any:
        return place if self._url.get_backend_name() == "postgresql" else self._folder / place

    def _names(self, branch: str) -> Iterator[str]:
        digest = hashlib.sha256(f"{self._folder.name}{branch}".encode()).hexdigest()[:8]
        slug = _UNFIT.sub("_", branch).strip("_").lower()[:20]
        base = str(self._url.database or "")[: _POSTGRESQL_NAME - 45] if self._url.get_backend_name() == "postgresql" else "copy"
        for number in range(1, 10):
            yield f"{base}_gitmig_{slug}_{digest}_{number}"

    def _read(self) -> dict[str, Any]:
        try:
            data = json.loads(self._index.read_text("utf-8"))
        except FileNotFoundError:
            return {"snapshots": [], "restoring": None, "owner": None}
        except ValueError as error:
            raise DatabaseError(f"{self._index} cannot be read: {error}", "Delete it; the copies beside it stay.") from error
        data["snapshots"] = [Snapshot(**{**each, "rows": tuple(each["rows"])}) for each in data["snapshots"]]
        return data  # type: ignore[no-any-return]

    def _change(self, **values: Any) -> None:
        data = {**self._read(), **values}
        data["snapshots"] = [asdict(each) for each in data["snapshots"]]
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._index.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(data, indent=1), "utf-8")
        part.replace(self._index)


class _Sqlite:
    def copy(self, url: Any, target: Path) -> None:
        self._backup(Path(url.database), target, fresh=True)

    def restore(self, url: Any, source: Path) -> None:
        """Written as one transaction of the database that is there: an interrupted one is rolled back by SQLite."""
        self._backup(source, Path(url.database), fresh=False)

    def remove(self, url: Any, target: Path) -> None:
        target.unlink(missing_ok=True)

    def _backup(self, source: Path, target: Path, *, fresh: bool) -> None:
        try:
            if fresh:
                target.unlink(missing_ok=True)
            with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
                read.backup(write)
        except (sqlite3.Error, OSError) as error:
            raise DatabaseError(f"the copy {source} to {target} failed: {error}", "Nothing else was changed.") from error


class _Postgresql:
    def copy(self, url: Any, target: str) -> None:
        with self._server(url) as execute:
            execute(f'DROP DATABASE IF EXISTS "{target}"')
            execute(f'CREATE DATABASE "{target}" TEMPLATE {self._name(url)}')

    def restore(self, url: Any, source: str) -> None:
        """A copy of the copy takes the database's name in one transaction, so that the copy itself stays."""
        fresh, old = f"{source}_new", f"{source}_old"
        with self._server(url) as execute:
            execute(f'DROP DATABASE IF EXISTS "{fresh}"')
            execute(f'DROP DATABASE IF EXISTS "{old}"')
            execute(f'CREATE DATABASE "{fresh}" TEMPLATE "{source}"')
            execute(
                f'BEGIN; ALTER DATABASE {self._name(url)} RENAME TO "{old}"; ALTER DATABASE "{fresh}" RENAME TO {self._name(url)}; COMMIT'
            )
            execute(f'DROP DATABASE "{old}"')

    def remove(self, url: Any, target: str) -> None:
        with self._server(url) as execute:
            execute(f'DROP DATABASE IF EXISTS "{target}"')

    @staticmethod
    def _name(url: Any) -> str:
        name = str(url.database).replace('"', '""')
        return f'"{name}"'

    @contextmanager
    def _server(self, url: Any) -> Iterator[Any]:
        """The maintenance database: the one that is copied must have no other connection."""
        import sqlalchemy as sa

        engine = sa.create_engine(url.set(database="postgres"), poolclass=sa.NullPool, isolation_level="AUTOCOMMIT")
        with readable(url.render_as_string(hide_password=False)), engine.connect() as connection:

            def execute(statement: str) -> None:
                try:
                    connection.exec_driver_sql(statement)
                except sa.exc.OperationalError as error:
                    if "being accessed by other users" not in str(error):
                        raise
                    raise DatabaseError(
                        f"the database {url.database} has other connections, and PostgreSQL copies only one that has none",
                        "Stop the application (and close psql), then run the command again. Nothing was changed.",
                    ) from error

            yield execute


class _Mysql:
    def copy(self, url: Any, target: Path) -> None:
        part = target.with_suffix(".part")
        with part.open("wb") as file:
            flags = ("--single-transaction", "--routines", "--triggers", "--events", "--no-tablespaces", "--hex-blob")
            self._run(url, ("mariadb-dump", "mysqldump"), flags, stdout=file)
        part.replace(target)

    def restore(self, url: Any, source: Path) -> None:
        """Not one transaction: DDL commits by itself. What is interrupted is begun anew by the next `sync`."""
        if shutil.which("mariadb") is None and shutil.which("mysql") is None:
            raise DatabaseError("there is no mariadb or mysql client on PATH, which reads the copy", "Install it.")
        self._empty(url)
        with source.open("rb") as file:
            self._run(url, ("mariadb", "mysql"), (), stdin=file)

    def remove(self, url: Any, target: Path) -> None:
        target.unlink(missing_ok=True)

    def _empty(self, url: Any) -> None:
        """Take everything out, so that what was made since the copy does not stay."""
        import sqlalchemy as sa

        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with readable(url.render_as_string(hide_password=False)), engine.begin() as connection:
            quote = connection.dialect.identifier_preparer.quote
            connection.exec_driver_sql("SET FOREIGN_KEY_CHECKS = 0")
            found = connection.exec_driver_sql("SHOW FULL TABLES").all()
            for name, kind in found:
                connection.exec_driver_sql(
                    f"DROP {'VIEW' if kind == 'VIEW' else 'SEQUENCE' if kind == 'SEQUENCE' else 'TABLE'} {quote(name)}"
                )
            for kind in ("PROCEDURE", "FUNCTION"):
                rows = connection.exec_driver_sql(
                    "SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE() AND routine_type = %s", (kind,)
                )
                for (name,) in rows.all():
                    connection.exec_driver_sql(f"DROP {kind} {quote(name)}")
            events = connection.exec_driver_sql("SELECT event_name FROM information_schema.events WHERE event_schema = DATABASE()")
            for (name,) in events.all():
                connection.exec_driver_sql(f"DROP EVENT {quote(name)}")

    def _run(self, url: Any, programs: Sequence[str], flags: Sequence[str], **pipes: Any) -> None:
        program = next((each for each in programs if shutil.which(each)), None)
        if program is None:
            raise DatabaseError(f"there is no {programs[0]} on PATH, which copies this database", "Install the client programs.")
        with TemporaryDirectory(prefix="gitmig-") as folder:
            # In a file of this user's own: the command line of a process is there for everybody to read.
            file = Path(folder, "client.cnf")
            file.touch(mode=0o600)
            file.write_text(_client(url), "utf-8")
            words = [program, f"--defaults-extra-file={file}", *flags, str(url.database)]
            done = subprocess.run(words, stderr=subprocess.PIPE, check=False, **pipes)
        if done.returncode:
            said = " ".join(done.stderr.decode("utf-8", "replace").split())
            raise DatabaseError(f"{program} failed: {said}", "Run the command again when that is mended.")


def _client(url: Any) -> str:
    query: Mapping[str, Any] = url.query
    given = {
        "host": url.host,
        "port": url.port,
        "user": url.username,
        "password": url.password,
        "socket": query.get("unix_socket"),
    }
    lines = [f'{name}="{_escaped(str(value))}"' for name, value in given.items() if value is not None]
    return "\n".join(["[client]", *lines, ""])


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
