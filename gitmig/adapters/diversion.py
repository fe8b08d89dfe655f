"""Every engine of this process is sent to one database, whatever URL the user's env.py gives it.

For running a whole history on a throw-away database: an env.py takes its URL from wherever it likes, and none of them may be reached.
"""

from __future__ import annotations

from typing import Any

from gitmig.errors import DatabaseError


class Diverted(DatabaseError):
    """env.py wants a database that this process cannot stand in for."""


def divert(url: str) -> None:
    """From now on, for the rest of the process, connections go to ``url`` (expanded), with the options that the engine was given.

    An engine of another kind of database, a second database, or a connection that the engine's own ``creator`` made raises Diverted.
    """
    import sqlalchemy as sa
    from sqlalchemy.engine import make_url

    target = make_url(url)
    ours: set[int] = set()
    wanted: set[str] = set()

    @sa.event.listens_for(sa.Engine, "do_connect")
    def connect(dialect: Any, record: Any, arguments: list[Any], keywords: dict[str, Any]) -> Any:
        if dialect.name != target.get_backend_name():
            raise Diverted(f"env.py connects to {dialect.name}, and the scratch database is {target.get_backend_name()}")
        positional, named = dialect.create_connect_args(target.set(drivername=target.get_backend_name()))
        made = dialect.loaded_dbapi.connect(*positional, **{**keywords, **named})
        ours.add(id(made))
        return made

    @sa.event.listens_for(sa.pool.Pool, "connect")
    def check(connection: Any, record: Any) -> None:
        if id(connection) not in ours:
            raise Diverted("env.py makes its connections itself (create_engine(creator=...)), so they cannot be sent to a scratch database")

    @sa.event.listens_for(sa.Engine, "engine_connect")
    def count(connection: Any) -> None:
        named = connection.engine.url
        wanted.add(f"{named.host} {named.port} {named.database}")
        if len(wanted) > 1:
            raise Diverted("env.py connects to several databases")
