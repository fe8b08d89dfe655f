"""The same history run by both tools, each on a throw-away database, and the project's own database beside them."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gitmig.adapters.connecting import connecting_config
from gitmig.adapters.database import connected, readable
from gitmig.adapters.environ import environment
from gitmig.adapters.journal import journal_table
from gitmig.adapters.reflect import reflect
from gitmig.adapters.scratch import scratch_database
from gitmig.adapters.syncurl import sync_url
from gitmig.adapters.versiontable import VersionTable
from gitmig.autogen.classify import classify
from gitmig.autogen.diff import diff
from gitmig.autogen.settings import PLAIN, Settings
from gitmig.autogen.steps import named_steps
from gitmig.commands.asking import ask
from gitmig.commands.project import Project
from gitmig.config import Config, expand_url, sqlite_file
from gitmig.errors import GitmigError, redact
from gitmig.schema.values import Schema, TableName
from gitmig.script.load import Revisions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Compared:
    """``dialect``: on which both tools made the same, None where that was not seen. ``differences`` of what they made, ``drift`` of the
    project's database from it, ``places``: what else that database says; ``gaps``: what could not be compared, and why."""

    dialect: str | None = None
    differences: tuple[str, ...] = ()
    drift: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


def compare_schemas(project: Project, revisions: Revisions, named: str | None, *, alembic: bool) -> Compared:
    """``named`` is the URL that env.py gives, for where the configuration has none. ``alembic``: whether it is installed."""
    try:
        url = _url(project, named)
        with ExitStack() as stack:
            ours = stack.enter_context(scratch_database(url))
            theirs = stack.enter_context(scratch_database(url)) if alembic else None
            return _compared(project, revisions, url, ours, theirs)
    except GitmigError as error:
        return Compared(gaps=(f"no schema was compared: {redact(error.message)}",))


class _NoUrl(GitmigError):
    """There is no database to speak of."""


def _url(project: Project, named: str | None) -> str:
    config = connecting_config(project.config, project.tree, environment(), creating=False)
    if config.url is not None:
        url = expand_url(config.url, environment(), config.source)
    elif named is not None:
        url = named
    else:
        raise _NoUrl("neither the configuration nor env.py names a database (give one with --url)")
    with readable(url):
        return sync_url(url)


def _compared(project: Project, revisions: Revisions, url: str, ours: str, theirs: str | None) -> Compared:
    mine = ask(project, "adopting", {"ask": "ours", "scratch": ours}, against="scratch")["error"]
    other = None if theirs is None else ask(project, "adopting", {"ask": "upgrade", "scratch": theirs}, against="scratch")["error"]
    if mine is not None and (other is not None or theirs is None):
        said = f"gitmig: {mine}" if other is None else f"gitmig: {mine}; Alembic: {other}"
        return Compared(gaps=(f"the revisions do not run on an empty database ({said})",))
    if mine is not None:
        return Compared(differences=(f"Alembic runs the revisions on an empty database, and gitmig does not: {mine}",))
    if other is not None:
        return Compared(gaps=(f"Alembic does not run the revisions on an empty database ({other}), gitmig does",))
    with connected(ours) as connection:
        made, dialect = _schema(connection), connection.dialect
    gaps = [] if theirs is not None else ["Alembic is not installed here, so only gitmig ran the revisions"]
    differences: tuple[str, ...] = ()
    if theirs is not None:
        with connected(theirs) as connection:
            changes = _changes(project, _schema(connection), made, dialect)
        differences = tuple(f"from the schema that Alembic makes to the one that gitmig makes: {text}" for text in changes)
    drift, places = _live(project, revisions, url, made)
    return Compared(None if differences or theirs is None else dialect.name, differences, drift, places, tuple(gaps))


def _schema(connection: Connection) -> Schema:
    """Everything in the database: on PostgreSQL every schema but the server's own and ours."""
    from sqlalchemy import inspect

    schemas: list[str | None] = [None]
    if connection.dialect.name == "postgresql":
        inspector: Any = inspect(connection)
        system = ("information_schema", "gitmig")
        schemas += [name for name in inspector.get_schema_names() if name not in system and not name.startswith("pg_")]
    return reflect(connection, schemas=schemas)


def _settings(config: Config) -> Settings:
    history = config.history_table or "gitmig_history"
    ours = {
        TableName(config.version_table, config.version_table_schema),
        TableName(history),
        TableName(journal_table(config.version_table)),
    }
    return replace(PLAIN, ours=PLAIN.ours | ours)


def _changes(project: Project, before: Schema, after: Schema, dialect: Any) -> list[str]:
    operations = diff(before, after, dialect, _settings(project.config))
    return [finding.summary for _step, finding in classify(named_steps(before, operations, dialect), dialect)]


def _live(project: Project, revisions: Revisions, url: str, made: Schema) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """How the project's own database differs from what the revisions make, and where it stands if that cannot be said."""
    file = sqlite_file(url)
    if file is not None and not Path(file).exists():
        return (), (f"the database {redact(url)} is not there yet",)
    config, graph = project.config, revisions.graph
    try:
        with connected(url) as connection:
            rows = VersionTable(config.version_table, config.version_table_schema).rows_if_there(connection)
            live = _schema(connection)
            dialect = connection.dialect
    except GitmigError as error:
        return (), (redact(error.message),)
    if set(rows) != set(graph.real_heads()) and set(rows) != set(graph.heads()):
        unknown = [row for row in rows if row not in graph]
        at = ", ".join(rows) or "no revision"
        more = f" ({', '.join(unknown)} is defined by no file here)" if unknown else ""
        return (), (f"the database {redact(url)} is at {at}, not at the heads{more}, so it was not looked at for drift",)
    changes = _changes(project, live, made, dialect)
    return tuple(f"the database {redact(url)} is not what the revisions make; it would have to: {text}" for text in changes), ()
