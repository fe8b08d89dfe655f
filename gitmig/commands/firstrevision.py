"""In the child process: the first revision of a database that has tables and no history, and whether it makes what is there."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from gitmig.adapters.connecting import connecting_config
from gitmig.adapters.database import connected
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.environ import environment
from gitmig.adapters.scratch import scratch_database
from gitmig.adapters.syncurl import sync_url
from gitmig.adapters.versiontable import VersionTable
from gitmig.autogen.classify import Finding, classify
from gitmig.autogen.diff import diff
from gitmig.autogen.steps import named_steps
from gitmig.commands.autogenerate import Asked, Proposed, compare_with, propose, settings_of
from gitmig.commands.baseline import Baseline, Source
from gitmig.commands.livebaseline import reflected, upgraded
from gitmig.commands.loading import Models
from gitmig.commands.newrevision import NewFile
from gitmig.commands.parts import Part
from gitmig.commands.proposedparts import propose_parts
from gitmig.config import Config, expand_url, url_dialect, use_url
from gitmig.errors import ConfigError, GitmigError, ModelsError, UsageError, redact
from gitmig.script.load import load_revisions

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_NOT_COMPARED = ("compare_type", "compare_server_default")


@dataclass(frozen=True, slots=True)
class First:
    """``proposed`` is the revision that makes the models; ``findings`` are what the models, or a scratch database on which that revision
    ran, have and the database has not, and the other way round. ``tables`` are those of the database, ``database`` its URL without
    password, ``notes`` what could not be tried."""

    proposed: Proposed
    findings: tuple[Finding, ...]
    tables: int
    database: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _There:
    """A database as it is: ``schema`` without tables of gitmig's own. ``source`` and ``models`` are as they are held against it."""

    source: Source
    models: Models
    schema: Baseline
    url: str
    shown: str


def first_revision(source: Source, models: Models, asked: Asked) -> First:
    """The revision that makes ``models`` out of nothing, held against the project's database.

    Raises UsageError where there are revisions, a version row or no tables at all; ModelsError, ConfigError, DatabaseError.
    """
    _refuse_revisions(source)
    there = _look(source, models)
    return _held(there, _with_tables(propose(source, models, asked), source))


def first_of_parts(source: Source, parts: Sequence[Part], chosen: Sequence[Part], asked: Asked) -> dict[str, First]:
    """The one revision for all ``parts``, held against the databases of the ``chosen`` ones, by their names. Raises as `first_revision`."""
    _refuse_revisions(source)
    theirs = {part.shown: _look(part.source, part.models) for part in chosen if _has_tables(part)}
    proposed = _with_tables(propose_parts(source, parts, asked), source)
    return {name: _held(there, proposed) for name, there in theirs.items()}


def _has_tables(part: Part) -> bool:
    return any(metadata.tables for metadata in part.models.metadatas)


def _with_tables(proposed: Proposed, source: Source) -> Proposed:
    if proposed.file is None:
        raise ModelsError(
            f"the models ({', '.join(source.config.models) or 'of env.py'}) have no tables",
            "Name the base that the tables are declared on.",
        )
    return proposed


def _look(source: Source, models: Models) -> _There:
    url = _url(source, models)
    # Whatever autogenerate is told to overlook: here both sides must be the same.
    strict = replace(models, options={key: value for key, value in models.options.items() if key not in _NOT_COMPARED})
    told = replace(source, config=replace(use_url(source.config, url), dialects=(url_dialect(url, {}) or "",)))
    with connected(sync_url(url)) as connection:
        live = _live(told, strict, connection)
        return _There(told, strict, live, url, connection.engine.url.render_as_string(hide_password=True))


def _held(there: _There, proposed: Proposed) -> First:
    assert proposed.file is not None
    findings = list(compare_with(there.source, there.models, lambda _dialect: there.schema).findings)
    notes = list(proposed.difference.messages)
    if not findings:
        try:
            findings = _tried(there.source, there.models, proposed.file, there.url, there.schema)
        except GitmigError as error:
            notes.append(f"warning: the revision could not be tried on a scratch database: {redact(error.message)}")
    return First(proposed, tuple(findings), len(there.schema.schema.tables), there.shown, tuple(notes))


def _refuse_revisions(source: Source) -> None:
    known = source.revisions.graph.heads()
    if known:
        raise UsageError(
            f"this project has revisions already ({len(source.revisions.by_id)}, head {', '.join(known)}), and a baseline is the first one",
            "`gitmig diff --against database` compares a database with the models; `gitmig stamp` says where it is.",
        )


def _url(source: Source, models: Models) -> str:
    config = connecting_config(source.config, source.tree, environment(), creating=False)
    if config.url is None and models.url is None:
        raise ConfigError(f"{config.source} names no database", 'Write `url = "..."` there, or give --url.')
    return models.url or "" if config.url is None else expand_url(config.url, environment(), config.source)


def _live(source: Source, models: Models, connection: Connection) -> Baseline:
    config = source.config
    name = str(models.options.get("version_table") or config.version_table)
    version = VersionTable(name, models.options.get("version_table_schema") or config.version_table_schema)
    rows = version.rows_if_there(connection)
    if rows:
        raise UsageError(
            f"the database has a history already: its table {version} is at {', '.join(rows)}",
            "Get the revision files that belong to it; or empty that table if they are lost, and run `gitmig baseline` again.",
        )
    live = reflected(source, models, connection)
    ours = {table.name for table in settings_of(config, models).ours}
    tables = {key: table for key, table in live.schema.tables.items() if key.name not in ours}
    if not tables:
        raise UsageError(
            f"the database {connection.engine.url.render_as_string(hide_password=True)!r} has no tables, so there is nothing to begin with",
            "`gitmig revision --autogenerate` and `gitmig upgrade` make them; or give another database with --url.",
        )
    return replace(live, schema=replace(live.schema, tables=tables))


def _tried(source: Source, models: Models, file: NewFile, url: str, live: Baseline) -> list[Finding]:
    """The revision run on a scratch database, and what that then has and the project's own has not. Raises GitmigError."""
    with tempfile.TemporaryDirectory(prefix="gitmig-") as folder:
        versions = Path(folder, "versions")
        versions.mkdir()
        (versions / Path(file.path).name).write_bytes(file.content)
        apart = _apart(source.config, folder)
        revisions = load_revisions(DiskTree(Path(folder)), apart)
        with scratch_database(sync_url(url)) as scratch:
            made = upgraded(replace(source, config=apart, revisions=revisions), models, scratch)
    settings = settings_of(source.config, models)
    operations = diff(live.schema, made.schema, live.dialect, settings)
    steps = named_steps(live.schema, operations, live.dialect)
    return [finding for _step, finding in classify(steps, live.dialect)]


def _apart(config: Config, folder: str) -> Config:
    return replace(config, root=Path(folder).as_posix(), script_location=".", version_locations=("versions",), sourceless=False)
