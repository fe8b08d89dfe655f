"""Published Alembic histories, unmodified: upgraded by gitmig they become what Alembic makes of them, and downgraded too.

Every run draws a few for each database (``GITMIG_TEST_SEED`` draws others); ``pytest -m nightly`` takes all and prints a table.
The wheels come from a package index (see tests/corpus/history.py); where it does not answer, the tests are skipped.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.adapters.reflect import reflect
from gitmig.schema.normal import normalise
from tests.corpus.history import History, Place, Unavailable, histories, history, prepared
from tests.databases import DATABASES, fresh_database

pytestmark = pytest.mark.real
FEW = 2
MARKS = {"postgresql": (pytest.mark.postgresql,), "mariadb": (pytest.mark.mariadb,)}
KINDS = [pytest.param(kind, marks=MARKS.get(kind, ())) for kind in DATABASES]
LONG = frozenset({"gnocchi", "tacker", "zuul", "ckan-ckan", "pyrit"})
"""Histories that take a server too long for a run that people wait for."""


def drawn() -> list[Any]:
    """A few (name, database)."""
    chance = random.Random(int(os.environ.get("GITMIG_TEST_SEED") or 0))
    found = []
    for database in DATABASES:
        names = sorted(entry.name for entry in histories() if database in entry.databases and entry.name not in LONG)
        found += [pytest.param(name, database, marks=MARKS.get(database, ())) for name in chance.sample(names, FEW)]
    return found


@dataclass(frozen=True, slots=True)
class Made:
    """What a tool made of an empty database, and what was left after its downgrade; None where it cannot take the history back."""

    up: dict[str, Any]
    down: dict[str, Any] | None


@pytest.mark.parametrize(("name", "database"), drawn())
def test_a_published_history_becomes_what_alembic_makes_of_it(name: str, database: str, tmp_path: Path) -> None:
    compare(history(name), database, tmp_path)


@pytest.mark.nightly
@pytest.mark.parametrize("database", KINDS)
def test_every_published_history_becomes_what_alembic_makes_of_it(
    database: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = []
    for entry in histories():
        if database not in entry.databases:
            continue
        try:
            said = "equal, back too" if compare(entry, database, tmp_path / entry.name) else "equal; Alembic cannot take it back"
        except AssertionError as error:
            wrong.append(entry.name)
            said = f"NOT EQUAL: {str(error)[:2000]}"
        with capsys.disabled():
            print(f"{entry.name:24} {database:11} {entry.data['revisions']:4} revisions  {said}", flush=True)
    assert not wrong


def compare(entry: History, database: str, folder: Path) -> bool:
    """Raises AssertionError where gitmig's result is another than Alembic's; whether Alembic can take the history back."""
    theirs, ours = made(entry, database, "alembic", folder), made(entry, database, "gitmig", folder)
    assert ours.up["tables"] == theirs.up["tables"]
    assert ours.up == theirs.up
    assert theirs.down is None or ours.down == theirs.down
    return theirs.down is not None


def made(entry: History, database: str, tool: str, folder: Path) -> Made:
    home = folder / tool
    home.mkdir(parents=True)
    with fresh_database(database, home) as url:
        places = prepare(entry, database, url, home)
        for place in places:
            done = place.run(tool, "upgrade", "heads")
            assert done.returncode == 0, done.stderr
        up = contents(url)
        back = all(place.run(tool, "downgrade", "base").returncode == 0 for place in reversed(places))
        return Made(up, contents(url) if back else None)


def prepare(entry: History, database: str, url: str, folder: Path) -> list[Place]:
    try:
        return prepared(entry, database, url, folder)
    except Unavailable as error:
        pytest.skip(f"no package index: {error}")


def contents(url: str) -> dict[str, Any]:
    """Everything that a comparison is about: tables, types and sequences, rows and versions; not what gitmig keeps for itself."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        schema = normalise(reflect(connection), connection.dialect)
        known = {str(name): table for name, table in schema.tables.items() if "gitmig" not in name.name}
        marking = [name for name, table in known.items() if [column.name for column in table.columns] == ["version_num"]]
        tables = {name: table for name, table in known.items() if name not in marking}
        counts = {name: connection.scalar(sa.text(f"SELECT count(*) FROM {_quoted(connection, name)}")) for name in tables}
        versions = {name: sorted(connection.scalars(sa.text(f"SELECT version_num FROM {_quoted(connection, name)}"))) for name in marking}
        texts = {}
        if connection.dialect.name == "mysql":
            texts = {name: _created(connection, name) for name in tables}
    engine.dispose()
    found = {"tables": tables, "rows": counts, "versions": versions, "enums": schema.enums, "sequences": schema.sequences, "texts": texts}
    return {**found, "others": _others(url)} if url.startswith("sqlite") else found


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _created(connection: sa.Connection, name: str) -> str:
    text = connection.exec_driver_sql(f"SHOW CREATE TABLE {_quoted(connection, name)}".replace("%", "%%")).one()[1]
    return re.sub(r" AUTO_INCREMENT=\d+", "", text)


def _others(url: str) -> list[tuple[str, str, str]]:
    """Indexes, triggers and views of SQLite, with their text."""
    connection = sqlite3.connect(url.removeprefix("sqlite:///"))
    query = "SELECT type, name, sql FROM sqlite_master WHERE type <> 'table' AND sql IS NOT NULL AND tbl_name NOT LIKE '%gitmig%'"
    rows = [(kind, name, " ".join(sql.split())) for kind, name, sql in connection.execute(query)]
    connection.close()
    return sorted(rows)
