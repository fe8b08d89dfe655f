"""How long a statement may wait for a lock and how long it may take, set on the server for one connection.

PostgreSQL: ``lock_timeout`` and ``statement_timeout`` (manual, "Client Connection Defaults"), milliseconds. MariaDB: ``lock_wait_timeout``
(locks of tables and metadata) and ``innodb_lock_wait_timeout`` (of rows), whole seconds, and ``max_statement_time``, seconds; MySQL has
``max_execution_time`` in place of the last, milliseconds, for SELECT alone. SQLite has neither: its one lock is what the run waits for.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sqlalchemy import text

from gitmig.script.timeouts import NONE, Timeouts

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

# The largest value that the server takes for lock_wait_timeout: a year.
_NO_LIMIT = 31536000


class ServerTimeouts:
    """Those of one connection. What was set before the first change comes back by `restore`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._set = NONE
        self._before: dict[str, str] = {}

    def apply(self, wanted: Timeouts) -> None:
        """Makes ``wanted`` hold from the next statement on; what it does not say becomes what it was at first."""
        if wanted == self._set:
            return
        values = self._values(wanted)
        for name in [name for name in self._before if name not in values]:
            self._write(name, self._before.pop(name))
        for name, value in values.items():
            if name not in self._before:
                self._before[name] = self._read(name)
            self._write(name, value)
        self._set = wanted

    def restore(self) -> None:
        """Everything as it was."""
        self.apply(NONE)

    def _values(self, wanted: Timeouts) -> dict[str, str]:
        match self._connection.dialect.name:
            case "postgresql":
                given = {"lock_timeout": wanted.lock, "statement_timeout": wanted.statement}
                return {name: f"{math.ceil(value * 1000)}ms" for name, value in given.items() if value is not None}
            case "mysql" | "mariadb":
                found: dict[str, str] = {}
                if wanted.lock is not None:
                    whole = str(math.ceil(wanted.lock) or _NO_LIMIT)
                    found |= {"lock_wait_timeout": whole, "innodb_lock_wait_timeout": whole}
                if wanted.statement is not None:
                    found |= self._mysql_statement(wanted.statement)
                return found
            case _:
                return {}

    def _mysql_statement(self, seconds: float) -> dict[str, str]:
        if bool(getattr(self._connection.dialect, "is_mariadb", False)):
            return {"max_statement_time": f"{seconds:.6f}"}
        return {"max_execution_time": str(math.ceil(seconds * 1000))}

    def _read(self, name: str) -> str:
        if self._connection.dialect.name == "postgresql":
            return str(self._connection.scalar(text("SELECT current_setting(:name)"), {"name": name}))
        return str(self._connection.scalar(text(f"SELECT @@SESSION.{name}")))

    def _write(self, name: str, value: str) -> None:
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("SELECT set_config(:name, :value, false)"), {"name": name, "value": value})
        else:
            self._connection.exec_driver_sql(f"SET SESSION {name} = {value}")
