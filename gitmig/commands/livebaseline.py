"""The baselines that need a database: the project's own as it is, or a throw-away one that the revisions were run on."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gitmig.adapters.connecting import connecting_config
from gitmig.adapters.database import connected, readable
from gitmig.adapters.environ import environment
from gitmig.adapters.reflect import reflect
from gitmig.adapters.scratch import scratch_database
from gitmig.adapters.versiontable import VersionTable
from gitmig.commands.baseline import Baseline, Source
from gitmig.commands.loading import Models
from gitmig.config import Config, expand_url, use_url
from gitmig.errors import CheckFailed, ConfigError
from gitmig.graph.routes import upgrade_route

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def live(source: Source, models: Models, dialect: str, against: Literal["scratch", "database"]) -> Baseline:
    """The schema of the database (which must be at the heads), or of a scratch one that was upgraded to them.

    A scratch database stands on the server of the project's own; for SQLite it is a file that goes again. Raises ConfigError,
    DatabaseError, CheckFailed.
    """
    config = connecting_config(source.config, source.tree, environment(), creating=False)
    if config.url is None and models.url is not None:
        config = use_url(config, models.url)
    # The scratch file of SQLite needs no URL of the project's.
    sqlite = against == "scratch" and dialect == "sqlite"
    url = "sqlite://" if sqlite else _url(config, dialect, against)
    if against == "database":
        with connected(url) as connection:
            _require_heads(source, models, connection)
            return replace(reflected(source, models, connection), url=url)
    with scratch_database(url) as scratch:
        return upgraded(source, models, scratch)


def _url(config: Config, dialect: str, against: str) -> str:
    if config.url is None:
        raise ConfigError(
            f"{config.source} names no database, which `--against {against}` needs", 'Write `url = "..."` there, or give --url.'
        )
    url = expand_url(config.url, environment(), config.source)
    from sqlalchemy.engine import make_url

    with readable(url):
        name = make_url(url).get_backend_name()
    if name != dialect and {name, dialect} != {"mysql", "mariadb"}:
        raise ConfigError(
            f"`--against {against}` looks at a {name} database, but {config.source} says `dialect` {dialect}",
            f"Give a {dialect} database with --url, or leave --against out.",
        )
    return url


def _require_heads(source: Source, models: Models, connection: Connection) -> None:
    name = models.options.get("version_table") or source.config.version_table
    schema = models.options.get("version_table_schema") or source.config.version_table_schema
    rows = VersionTable(name, schema).rows_if_there(connection)
    graph = source.revisions.graph
    if set(rows) != set(graph.real_heads()) and set(rows) != set(graph.heads()):
        place = ", ".join(rows) or "no revision"
        raise CheckFailed(
            f"Target database is not up to date: it is at {place}, the heads are {', '.join(graph.heads())}", "Run `gitmig upgrade` first."
        )


def reflected(source: Source, models: Models, connection: Connection) -> Baseline:
    """What the database holds in the schemas that the models speak of."""
    schemas = sorted({table.schema for metadata in models.metadatas for table in metadata.tables.values() if table.schema})
    present = _present_schemas(connection)
    include_name = models.options.get("include_name")
    schema = reflect(connection, schemas=[None, *(name for name in schemas if name in present)], include_name=include_name)
    return Baseline(schema, dialect=connection.dialect)


def _present_schemas(connection: Connection) -> frozenset[str]:
    from sqlalchemy import inspect

    inspector: Any = inspect(connection)
    return frozenset(inspector.get_schema_names())


def upgraded(source: Source, models: Models, url: str) -> Baseline:
    """Runs every revision on the empty database behind ``url``. env.py stays out of it: it might connect to the real one."""
    from gitmig.runtime.envconfig import EnvConfig
    from gitmig.runtime.environment import EnvironmentContext, run_environment
    from gitmig.runtime.script_module import Scripts
    from gitmig.runtime.settings import Settings

    graph = source.revisions.graph
    config = use_url(source.config, url)
    scripts = Scripts(graph, source.revisions.by_id, Path(config.root))
    arguments = Namespace(x=None, cmd=("upgrade", [], []), sql=False, tag=None, revision="heads", name=config.ini_section)
    metadata = models.metadatas[0] if models.metadatas else None
    context = EnvironmentContext(
        EnvConfig(config, environment(), cmd_opts=arguments, connecting=True),
        scripts,
        fn=lambda rows, _context: upgrade_route(graph, rows, "heads"),
        command="upgrade",
        destination_rev="heads",
        settings=Settings(history="off"),
        target_metadata=metadata,
    )
    with readable(url):
        run_environment(context, None, "env.py", url)
    with connected(url) as connection:
        return reflected(source, models, connection)
