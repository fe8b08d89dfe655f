"""The version table, as Alembic makes and writes it: one column, the heads of what is applied, values as literals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gitmig.errors import CommandError, DatabaseError
from gitmig.graph.rows import Delete, Insert, RowChange, Update

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Dialect

WIDTH = 32
"""Characters that Alembic's column holds."""
_OLD, _NEW = "\x01old\x01", "\x01new\x01"


class RowMoved(DatabaseError, CommandError):
    """A row that was to be changed is not there any more: something else moved it."""


class VersionTable:
    """The table ``name``. Statements are SQLAlchemy constructs, so that offline text is the same thing compiled."""

    def __init__(self, name: str = "alembic_version", schema: str | None = None, *, primary_key: bool = True) -> None:
        key = [sa.PrimaryKeyConstraint("version_num", name=f"{name}_pkc")] if primary_key else []
        column = sa.Column("version_num", sa.String(WIDTH), nullable=False)
        self.table = sa.Table(name, sa.MetaData(), column, *key, schema=schema)
        self._rendered: dict[type, str] = {}
        self._select = ""

    def __str__(self) -> str:
        return f"{self.table.schema}.{self.table.name}" if self.table.schema else self.table.name

    def exists(self, connection: Connection) -> bool:
        return connection.dialect.has_table(connection, self.table.name, self.table.schema)

    def creation(self) -> sa.schema.CreateTable:
        return sa.schema.CreateTable(self.table)

    def create(self, connection: Connection) -> None:
        """Creates it unless it is there. Raises DatabaseError where another tool does so at the same moment."""
        if self.exists(connection):
            return
        try:
            connection.execute(self.creation())
        except sa.exc.DBAPIError as error:
            if "already exists" not in str(error.orig).lower():
                raise
            raise DatabaseError(
                f"another tool created the table {self} at the same moment", "Run the command again when that has finished."
            ) from error

    def rows(self, connection: Connection) -> tuple[str, ...]:
        """Its rows, sorted. Raises SQLAlchemy's error where there is no such table."""
        if not self._select:
            # Rendered once: it is asked for again after every BEGIN.
            self._select = str(sa.select(self.table.c.version_num).compile(dialect=connection.dialect))
        found = [row[0] for row in connection.exec_driver_sql(self._select)]
        for row in found:
            if not isinstance(row, str):
                shown = "NULL" if row is None else repr(row)
                raise DatabaseError(
                    f"the table {self} holds {shown}, which is no revision id",
                    f"Delete that row, or make the table anew with `gitmig stamp --purge <revision>` after `DROP TABLE {self}`; if it is "
                    "no version table, name another one with `version_table` in the configuration.",
                )
        return tuple(sorted(found))

    def rows_if_there(self, connection: Connection) -> tuple[str, ...]:
        """Its rows, sorted; none where there is no table. Raises DatabaseError where it is no version table."""
        if not self.exists(connection):
            return ()
        try:
            return self.rows(connection)
        except sa.exc.DBAPIError as error:
            columns = [] if connection.invalidated else self._columns(connection)
            if columns and "version_num" not in columns:
                raise DatabaseError(
                    f"the table {self} has no column version_num, so it is no version table (it has: {', '.join(columns)})",
                    "Rename it, or name another one with `version_table` in the configuration.",
                ) from error
            raise

    def _columns(self, connection: Connection) -> list[str]:
        if connection.in_transaction():
            connection.rollback()
        return [column["name"] for column in sa.inspect(connection).get_columns(self.table.name, self.table.schema)]

    def statement(self, change: RowChange) -> sa.sql.dml.UpdateBase:
        """The statement that makes ``change``."""
        column = self.table.c.version_num
        match change:
            case Insert(version):
                return self.table.insert().values(version_num=_literal(version))
            case Update(old, new):
                return self.table.update().values(version_num=_literal(new)).where(column == _literal(old))
            case Delete(version):
                return self.table.delete().where(column == _literal(version))

    def apply(self, connection: Connection, changes: Iterable[RowChange]) -> None:
        """Makes ``changes``. Raises RowMoved where a row that should change was not there (or was there twice)."""
        for change in changes:
            result = connection.exec_driver_sql(self._text(connection.dialect, change))
            if isinstance(change, Insert):
                continue
            sane = connection.dialect.supports_sane_rowcount
            if sane and result.rowcount != 1:
                raise self._moved(change, result.rowcount)

    def purge(self, connection: Connection) -> None:
        """Deletes every row."""
        connection.execute(self.table.delete())

    def _text(self, dialect: Dialect, change: RowChange) -> str:
        # Compiling a construct costs more than running it, so each kind is compiled once, with marks in place of the ids.
        kind = type(change)
        template = self._rendered.get(kind)
        if template is None:
            match change:
                case Insert():
                    statement: Any = self.table.insert().inline().values(version_num=_literal(_NEW))
                case Update():
                    statement = self.statement(Update(_OLD, _NEW))
                case Delete():
                    statement = self.statement(Delete(_OLD))
            template = self._rendered[kind] = str(statement.compile(dialect=dialect))
        percent = dialect.paramstyle in ("format", "pyformat")
        match change:
            case Insert(version):
                return template.replace(_quoted(_NEW), _quoted(version, percent))
            case Update(old, new):
                return template.replace(_quoted(_NEW), _quoted(new, percent)).replace(_quoted(_OLD), _quoted(old, percent))
            case Delete(version):
                return template.replace(_quoted(_OLD), _quoted(version, percent))

    def _moved(self, change: Update | Delete, found: int) -> RowMoved:
        old = change.old if isinstance(change, Update) else change.version
        doing = f"updating '{old}' to '{change.new}'" if isinstance(change, Update) else f"deleting '{old}'"
        return RowMoved(
            f"Online migration expected to match one row when {doing} in '{self}'; {found} found",
            "Something else moved it meanwhile: see `gitmig current`, and run the command again.",
        )

    def check_width(self, connection: Connection | None, dialect: Dialect, ids: Sequence[str]) -> None:
        """Raises DatabaseError for ids that the column cannot hold, before anything runs; SQLite holds any."""
        long = [id for id in ids if len(id) > WIDTH]
        if not long or dialect.name == "sqlite":
            return
        width: int | None = WIDTH
        if connection is not None and self.exists(connection):
            columns = sa.inspect(connection).get_columns(self.table.name, self.table.schema)
            width = getattr(columns[0]["type"], "length", None)
        if width is not None and any(len(id) > width for id in long):
            text = self._widening(dialect, max(len(id) for id in long))
            raise DatabaseError(
                f"revision id '{long[0]}' has {len(long[0])} characters, and the column {self}.version_num holds {width}",
                f"Give the revision a shorter id, or widen the column: {text}",
            )

    def _widening(self, dialect: Dialect, width: int) -> str:
        name = dialect.identifier_preparer.format_table(self.table)
        if dialect.name in ("mysql", "mariadb"):
            return f"ALTER TABLE {name} MODIFY version_num VARCHAR({width}) NOT NULL"
        return f"ALTER TABLE {name} ALTER COLUMN version_num TYPE VARCHAR({width})"


def _literal(value: str) -> sa.ColumnElement[str]:
    return sa.literal_column(_quoted(value))


def _quoted(value: str, percent: bool = False) -> str:
    quoted = "'" + value.replace("'", "''") + "'"
    return quoted.replace("%", "%%") if percent else quoted
