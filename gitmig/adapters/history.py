"""What ran on a database, and how: the table beside the version table, or a file under the git directory.

The version table holds only heads. The history holds each revision that ran, was stamped, or was brought by another tool, so that a
revision that a rebase slipped under the heads can be told from one that was applied.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles

from gitmig.adapters.lock import key_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

Kind = Literal["ran", "stamped", "foreign"]
SCHEMA = "gitmig"
"""On PostgreSQL the table lives in a schema of its own, where `alembic check` does not look."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    ``kind``: "ran" by gitmig, "stamped" by gitmig, "foreign" (another tool moved the version table). ``rows`` is the version table after
    it, ``at`` ISO 8601 in UTC, ``seconds`` how long it took; ``blob``, ``path`` and ``source`` are the file's as it ran.
    """

    revision: str
    direction: Literal["upgrade", "downgrade"]
    kind: Kind
    rows: tuple[str, ...]
    at: str
    blob: str | None = None
    path: str | None = None
    source: str | None = None
    seconds: float = 0.0
    commit: str | None = None
    branch: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """What a run needs of the history: ``rows`` as last stored (None when it is empty), and the revisions that count as applied."""

    rows: tuple[str, ...] | None
    applied: frozenset[str]


class History(Protocol):
    """Where entries are kept. Writing belongs to the transaction of the connection where there is one."""

    def exists(self) -> bool: ...

    def create(self) -> None:
        """Makes the place where entries are kept. Raises SQLAlchemy's error or OSError where that is not allowed."""
        ...

    def record(self) -> Record: ...

    def entries(self, *, sources: Collection[str] = ()) -> tuple[Entry, ...]:
        """Every entry, oldest first; with source only those of the revisions ``sources``."""
        ...

    def add(self, entries: Sequence[Entry]) -> None: ...


def fold(entries: Iterable[tuple[str, str, str]]) -> tuple[tuple[str, ...] | None, frozenset[str]]:
    """(revision, direction, rows) in their order → the rows last stored, and what counts as applied."""
    rows: str | None = None
    applied: set[str] = set()
    for revision, direction, after in entries:
        if direction == "upgrade":
            applied.add(revision)
        else:
            applied.discard(revision)
        rows = after
    return (None if rows is None else _split(rows)), frozenset(applied)


def _split(rows: str) -> tuple[str, ...]:
    return tuple(rows.split(",")) if rows else ()


class _LongText(sa.Text):
    """A text without a bound: on MySQL one of its own, whose dialect the others shall not import."""


@compiles(_LongText, "mysql", "mariadb")
def visit_long_text(type_: _LongText, compiler: Any, **kw: Any) -> str:
    return "LONGTEXT"


def history_table(name: str, schema: str | None) -> sa.Table:
    """The table's definition. ``version_table`` tells apart the projects that share a database."""
    id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    return sa.Table(
        name,
        sa.MetaData(),
        sa.Column("id", id, primary_key=True, autoincrement=True),
        sa.Column("version_table", sa.String(255), nullable=False),
        sa.Column("revision", sa.String(255), nullable=False),
        sa.Column("direction", sa.String(9), nullable=False),
        sa.Column("kind", sa.String(7), nullable=False),
        sa.Column("rows_after", sa.Text(), nullable=False),
        sa.Column("applied_at", sa.String(32), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("blob", sa.String(64)),
        sa.Column("path", sa.Text()),
        sa.Column("source", _LongText()),
        sa.Column("git_commit", sa.String(64)),
        sa.Column("git_branch", sa.Text()),
        schema=schema,
    )


class TableHistory:
    """The history in the database itself; on PostgreSQL in the schema `gitmig`."""

    def __init__(self, connection: Connection, name: str, version_table: str) -> None:
        self._connection = connection
        self._schema = SCHEMA if connection.dialect.name == "postgresql" else None
        self._name = name
        self._version_table = version_table
        self._table: sa.Table | None = None
        self._insert: tuple[str, tuple[str, ...] | None] | None = None

    def __str__(self) -> str:
        return f"{self._schema}.{self._name}" if self._schema else self._name

    @property
    def table(self) -> sa.Table:
        if self._table is None:
            self._table = history_table(self._name, self._schema)
        return self._table

    def exists(self) -> bool:
        return self._connection.dialect.has_table(self._connection, self._name, self._schema)

    def create(self) -> None:
        if self._schema is not None:
            # Tenants in schemas of one database are upgraded at once, and IF NOT EXISTS fails while another is just making it.
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(key_of(f"{self._schema}.{self._name}"))))
            self._connection.execute(sa.schema.CreateSchema(self._schema, if_not_exists=True))
        self._connection.execute(sa.schema.CreateTable(self.table, if_not_exists=True))

    def record(self) -> Record:
        # As text: every run reads this, and most find nothing to do and need no table for more.
        preparer = self._connection.dialect.identifier_preparer
        name = preparer.quote(self._name)
        where = f"{preparer.quote_schema(self._schema)}.{name}" if self._schema else name
        wanted = sa.text(f"SELECT revision, direction, rows_after FROM {where} WHERE version_table = :version_table ORDER BY id")
        found = self._connection.execute(wanted, {"version_table": self._version_table}).all()
        return Record(*fold((row[0], row[1], row[2]) for row in found))

    def entries(self, *, sources: Collection[str] = ()) -> tuple[Entry, ...]:
        table = self.table
        ours = table.c.version_table == self._version_table
        wanted = sa.select(*(column for column in table.c if column.name != "source")).where(ours).order_by(table.c.id)
        found = self._connection.execute(wanted).mappings().all()
        texts: dict[int, str] = {}
        ids = sorted(sources)
        # By hundreds: a statement takes only so many parameters.
        for start in range(0, len(ids), 500):
            some = sa.select(table.c.id, table.c.source).where(ours, table.c.revision.in_(ids[start : start + 500]))
            texts |= {row[0]: row[1] for row in self._connection.execute(some)}
        return tuple(_entry(row, texts.get(row["id"])) for row in found)

    def add(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        if len(entries) > 1:
            self._connection.execute(self.table.insert(), [self._values(entry) for entry in entries])
            return
        # Compiled once: a run over a thousand revisions would spend a fifth of its time on SQLAlchemy's way to the same string.
        if self._insert is None:
            compiled = self.table.insert().inline().compile(dialect=self._connection.dialect, column_keys=list(self._values(entries[0])))
            positions = tuple(compiled.positiontup) if compiled.positional and compiled.positiontup is not None else None
            self._insert = (str(compiled), positions)
        text, order = self._insert
        values = self._values(entries[0])
        self._connection.exec_driver_sql(text, tuple(values[name] for name in order) if order is not None else values)

    def _values(self, entry: Entry) -> dict[str, Any]:
        return {
            "version_table": self._version_table,
            "revision": entry.revision,
            "direction": entry.direction,
            "kind": entry.kind,
            "rows_after": ",".join(entry.rows),
            "applied_at": entry.at,
            "seconds": entry.seconds,
            "blob": entry.blob,
            "path": entry.path,
            "source": entry.source,
            "git_commit": entry.commit,
            "git_branch": entry.branch,
        }


def _entry(row: Any, source: str | None) -> Entry:
    return Entry(
        revision=row["revision"],
        direction=row["direction"],
        kind=row["kind"],
        rows=_split(row["rows_after"]),
        at=row["applied_at"],
        blob=row["blob"],
        path=row["path"],
        source=source,
        seconds=row["seconds"],
        commit=row["git_commit"],
        branch=row["git_branch"],
    )


class FileHistory:
    """The history as lines of JSON in one file of the git directory, for a project that Alembic's own files configure.

    A line is written after its transaction is committed; one that is lost with a crash shows up as foreign in the next run.
    """

    def __init__(self, folder: Path, database: str, version_table: str) -> None:
        digest = hashlib.sha256(f"{database}\n{version_table}".encode()).hexdigest()
        self._file = folder / "history" / f"{digest[:32]}.jsonl"
        self._database = database

    def __str__(self) -> str:
        return str(self._file)

    def exists(self) -> bool:
        return self._file.is_file()

    def create(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8"):
            pass

    def record(self) -> Record:
        return Record(*fold((entry.revision, entry.direction, ",".join(entry.rows)) for entry in self.entries()))

    def entries(self, *, sources: Collection[str] = ()) -> tuple[Entry, ...]:
        lines = [line for line in map(_line, self._file.read_text(encoding="utf-8").split("\n")) if line is not None]
        for line in lines:
            if line["revision"] not in sources:
                line["source"] = None
        return tuple(Entry(**{**line, "rows": tuple(line["rows"])}) for line in lines)

    def add(self, entries: Sequence[Entry]) -> None:
        content = "".join(json.dumps(asdict(entry), ensure_ascii=False) + "\n" for entry in entries).encode()
        with self._file.open("a+b", buffering=0) as file:
            size = file.seek(0, os.SEEK_END)
            if size and file.seek(size - 1) and file.read(1) != b"\n":
                content = b"\n" + content  # behind a line that a crash cut short
            try:
                while content:
                    content = content[file.write(content) :]
            except OSError:
                file.truncate(size)
                raise


def _line(text: str) -> dict[str, Any] | None:
    """A line as data; None for one that a crash cut short."""
    try:
        data = json.loads(text)
    except ValueError:
        return None
    return data if isinstance(data, dict) else None
