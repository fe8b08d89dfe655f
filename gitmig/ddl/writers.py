"""The writer of each dialect. Its module, which brings SQLAlchemy's dialect along, is imported when the first one is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

    from gitmig.ddl.generic import Generic
    from gitmig.ddl.statement import Row


def writer(dialect: Dialect, offline: bool = False, live: Sequence[Row] | None = None) -> Generic:
    """The writer for a dialect; a dialect that is not ours is written generically, and may hook ``@compiles`` on ``ddl.elements``."""
    match dialect.name:
        case "sqlite":
            from gitmig.ddl.sqlite import Sqlite

            return Sqlite(dialect, offline, live)
        case "postgresql":
            from gitmig.ddl.postgresql import Postgresql

            return Postgresql(dialect, offline)
        case "mysql" | "mariadb":
            from gitmig.ddl.mysql import Mysql

            return Mysql(dialect, offline)
        case "mssql":
            from gitmig.ddl.mssql import Mssql

            return Mssql(dialect, offline)
        case "oracle":
            from gitmig.ddl.oracle import Oracle

            return Oracle(dialect, offline)
        case _:
            from gitmig.ddl.generic import Generic

            return Generic(dialect, offline)
