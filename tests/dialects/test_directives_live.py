"""The same scripts on fresh databases with both tools: the schema and the rows are the same, upwards and downwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

# At the top, as the modules are collected: a test that runs gitmig in this process puts its shim in Alembic's place.
from alembic.operations import Operations as AlembicOperations
from alembic.runtime.migration import MigrationContext as AlembicContext

from gitmig.runtime.executor import Executor
from gitmig.runtime.migration import MigrationContext
from gitmig.runtime.operations import Operations
from tests.databases import fresh_database
from tests.dialects.directives.livedump import dump
from tests.dialects.directives.livescripts import REVISIONS, Revision, setup


def alembics(connection: sa.Connection) -> Any:
    return AlembicOperations(AlembicContext.configure(connection))


def gitmigs(connection: sa.Connection) -> Any:
    return Operations(Executor(MigrationContext.configure(connection), connection))


def states(revision: Revision, kind: str, folder: Path, operations: Callable[[sa.Connection], Any]) -> list[list[Any]]:
    """The database before, after the upgrade, after the downgrade."""
    found = []
    with fresh_database(kind, folder) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            op = operations(connection)
            for script in (setup, revision.up, revision.down):
                script(op)
                connection.commit()
                found.append(dump(connection))
                connection.commit()
        engine.dispose()
    return found


def _pairs() -> list[Any]:
    return [pytest.param(kind, name, id=f"{kind}-{name}") for name, each in REVISIONS.items() for kind in each.databases]


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize(("kind", "name"), _pairs())
def test_both_tools_lead_to_the_same_database(kind: str, name: str, tmp_path: Path) -> None:
    revision = REVISIONS[name]
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    expected = states(revision, kind, tmp_path / "a", alembics)
    assert expected[1] != expected[0]
    assert states(revision, kind, tmp_path / "b", gitmigs) == expected
