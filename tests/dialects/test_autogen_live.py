"""The first revision of every model, generated, run and undone on a live database."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema
from tests.autogenlab import created, lab, reflected
from tests.databases import fresh_database
from tests.dialects import livecorpus
from tests.dialects.changecorpus import CHANGES, Change
from tests.dialects.hostilecorpus import HOSTILE
from tests.dialects.test_reflect import differences
from tests.properties.test_autogen_laws import bare

# What Alembic itself cannot do: its rebuild of an SQLite table copies generated columns, which takes no values; and it refuses to comment a
# generated column of MariaDB's.
BEYOND_ALEMBIC = {("sqlite", "computed_columns"), ("mariadb", "comments_of_all_kinds")}

Fill = Callable[[sa.MetaData], None]
pytestmark = pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")


def filled(fill: Fill, url: str) -> sa.MetaData:
    metadata: Any = sa.MetaData()
    livecorpus.fill(fill, metadata, sa.create_engine(url))
    return metadata


@pytest.mark.parametrize("fill", livecorpus.MODELS, ids=lambda fill: fill.__name__)
def test_the_first_revision_makes_what_create_all_makes(fill: Fill, any_database: str, tmp_path: Path) -> None:
    if fill is livecorpus.sequences:  # which MariaDB has, and MySQL, whose name the URL says, has not
        any_database = any_database.replace("mysql+", "mariadb+")
    metadata = filled(fill, any_database)
    schemas = sorted({table.schema for table in metadata.tables.values() if table.schema})
    kind = "mariadb" if any_database.startswith(("mysql", "mariadb")) else sa.make_url(any_database).get_backend_name()
    with fresh_database(kind, tmp_path) as twin:
        expected = created(twin.replace("mysql+", any_database.partition("+")[0] + "+"), filled(fill, any_database))
    here = lab(tmp_path, any_database)
    proposed = here.generate(metadata)
    assert proposed.file is not None
    here.upgrade()
    found = here.reflected(*schemas)
    assert not differences(expected, found), "\n".join(differences(expected, found))
    assert here.differs(metadata) == []
    assert here.differs(metadata, "database") == []
    here.downgrade()
    left = reflected(any_database, *schemas)
    assert (left.tables, left.enums, left.sequences) == ({}, {}, {})


def staged(change: Change, url: str, after: bool) -> sa.MetaData:
    metadata = sa.MetaData()
    change(metadata, family_of(url), after)
    return metadata


def family_of(url: str) -> str:
    name = sa.make_url(url).get_backend_name()
    return "mariadb" if name == "mysql" else name


def left_over(expected: Schema, found: Schema, url: str) -> list[str]:
    """What differs. SQLite gives no names, and batch blocks need some: there they do not count."""
    if family_of(url) != "sqlite":
        return differences(expected, found)
    dialect = dialect_named("sqlite")
    return differences(bare(expected, dialect), bare(found, dialect))


DRAWN = frozenset(random.Random(12).sample([each.__name__ for each in (*CHANGES, *HOSTILE)], 8))
"""What each run plays with Alembic's template too; ``-m nightly`` plays it with the others."""


def in_turn(change: Change, template: str) -> Any:
    later = template == "alembic" and change.__name__ not in DRAWN
    return pytest.param(change, template, id=f"{change.__name__}-{template}", marks=[pytest.mark.nightly] if later else [])


@pytest.mark.parametrize(
    ("change", "template"), [in_turn(change, template) for change in (*CHANGES, *HOSTILE) for template in ("gitmig", "alembic")]
)
def test_a_change_leads_to_what_create_all_makes_and_back(change: Change, template: str, any_database: str, tmp_path: Path) -> None:
    before, after = staged(change, any_database, False), staged(change, any_database, True)
    expected = []
    for after_it in (False, True):
        with fresh_database(family_of(any_database), tmp_path) as twin:
            expected.append(created(twin, staged(change, any_database, after_it)))
    here = lab(tmp_path, any_database, alembic=template == "alembic")
    here.generate(before, "before")
    here.upgrade()
    assert here.differs(before) == []
    changed = here.generate(after, "after")
    if changed.file is None:
        assert expected[0] == expected[1]
        return
    text = changed.file.content.decode()
    here.upgrade()
    found = here.reflected("shop")
    assert not left_over(expected[1], found, any_database), "\n".join([text, *left_over(expected[1], found, any_database)])
    assert here.differs(after) == [], text
    assert here.differs(after, "database") == [], text
    here.downgrade("-1")
    found = here.reflected("shop")
    assert not left_over(expected[0], found, any_database), "\n".join([text, *left_over(expected[0], found, any_database)])
    here.upgrade()
    found = here.reflected("shop")
    assert not left_over(expected[1], found, any_database), "\n".join([text, *left_over(expected[1], found, any_database)])


@pytest.mark.parametrize("share", [pytest.param(True, id="drawn"), pytest.param(False, id="rest", marks=pytest.mark.nightly)])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql", "mariadb"])
def test_alembic_runs_what_a_project_with_its_template_gets(kind: str, share: bool, tmp_path: Path) -> None:
    written = {}
    with fresh_database(kind, tmp_path) as url:
        for change in (*CHANGES, *HOSTILE):
            if (kind, change.__name__) in BEYOND_ALEMBIC or (change.__name__ in DRAWN) != share:
                continue
            here = lab(tmp_path / change.__name__, url, alembic=True)
            here.generate(staged(change, url, False), "before")
            made = here.generate(staged(change, url, True), "after")
            if made.file is not None:
                written[change.__name__] = made.file.content.decode()
    command = [sys.executable, "-m", "tests.dialects.alembicrun", kind, str(tmp_path), *written]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found == {}, "\n".join(f"{name}: {lines}\n{written[name]}" for name, lines in found.items())
