"""Histories as schemas, and the cache of them: it only saves time."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from gitmig.adapters.disk import DiskTree
from gitmig.commands import replayed as module
from gitmig.commands.replayed import History
from gitmig.config import Config
from gitmig.replay import Replayed
from gitmig.runtime.recorder import Recorder
from gitmig.schema.values import TableName


class Project:
    """A folder of revision files that follow each other."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.cache = root / ".git" / "gitmig"
        self.config = Config(root=str(root), source="test")
        (root / "migrations" / "versions").mkdir(parents=True)

    def write(self, number: int, body: str, before: str = "") -> None:
        down = f"r{number - 1}" if number else None
        text = f"from gitmig import op\nimport sqlalchemy as sa\nrevision = 'r{number}'\ndown_revision = {down!r}\n{before}"
        (self.root / "migrations" / "versions" / f"r{number}.py").write_text(f"{text}def upgrade():\n    {body}\n", "utf-8")

    def table(self, number: int) -> None:
        self.write(number, f'op.create_table("t{number}", sa.Column("id", sa.Integer, primary_key=True))')

    def replayed(self, dialect: str = "sqlite", heads: Sequence[str] | None = None, **settings: object) -> Replayed:
        return self.history(dialect, **settings).replayed(heads)

    def history(self, dialect: str = "sqlite", **settings: object) -> History:
        return History(self.config, DiskTree(self.root), dialect, cache_dir=str(self.cache), **settings)  # type: ignore[arg-type]

    def entries(self) -> list[Path]:
        return sorted((self.cache / "replay").glob("*.json"))


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    for number in range(4):
        made.table(number)
    return made


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The ids of the revisions that were recorded, in order."""
    ids: list[str] = []
    record = Recorder.record

    def counting(self: Recorder, revision, *arguments, **given):  # type: ignore[no-untyped-def]
        ids.append(revision.id)
        return record(self, revision, *arguments, **given)

    monkeypatch.setattr(Recorder, "record", counting)
    return ids


def names(found: Replayed) -> set[str]:
    return {name.name for name in found.schema.tables}


def test_revisions_are_replayed_from_the_oldest_on(project: Project, recorded: list[str]) -> None:
    assert names(project.replayed()) == {"t0", "t1", "t2", "t3"}
    assert recorded == ["r0", "r1", "r2", "r3"]


def test_a_second_replay_records_nothing_and_gives_the_same(project: Project, recorded: list[str]) -> None:
    first = project.replayed()
    recorded.clear()
    assert project.replayed() == first
    assert recorded == []


def test_a_revision_on_top_replays_one(project: Project, recorded: list[str]) -> None:
    project.replayed()
    recorded.clear()
    project.table(4)
    assert names(project.replayed()) == {"t0", "t1", "t2", "t3", "t4"}
    assert recorded == ["r4"]


def test_the_last_revision_amended_replays_one(project: Project, recorded: list[str]) -> None:
    project.replayed()
    recorded.clear()
    project.write(3, 'op.drop_table("t0")')
    assert names(project.replayed()) == {"t1", "t2"}
    assert recorded == ["r3"]


def test_an_edited_revision_replays_all(project: Project, recorded: list[str]) -> None:
    project.replayed()
    recorded.clear()
    project.write(0, 'op.create_table("other", sa.Column("id", sa.Integer))')
    assert names(project.replayed()) == {"other", "t1", "t2", "t3"}
    assert recorded == ["r0", "r1", "r2", "r3"]


def test_another_dialect_or_naming_convention_is_another_schema(project: Project, recorded: list[str]) -> None:
    project.replayed()
    recorded.clear()
    project.replayed("postgresql")
    project.replayed(naming_convention={"pk": "pk_%(table_name)s"})
    assert len(recorded) == 8


def test_a_driver_is_not_needed(project: Project) -> None:
    assert len(project.replayed("mysql+mysqldb").schema.tables) == 4
    assert len(project.replayed("postgresql+asyncpg").schema.tables) == 4
    assert "asyncpg" not in sys.modules
    assert "MySQLdb" not in sys.modules


def test_heads_may_be_chosen(project: Project) -> None:
    assert names(project.replayed(heads=["r1"])) == {"t0", "t1"}


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"schema": {"form": 99}}', b"\xff\xfe"])
def test_a_damaged_cache_only_costs_time(project: Project, recorded: list[str], damage: bytes) -> None:
    first = project.replayed()
    recorded.clear()
    for path in project.entries():
        path.write_bytes(damage)
    assert project.replayed() == first
    assert recorded == ["r0", "r1", "r2", "r3"]
    recorded.clear()
    assert project.replayed() == first
    assert recorded == []


def test_without_a_place_for_the_cache_replay_goes_on(project: Project) -> None:
    project.cache.parent.mkdir()
    project.cache.write_text("a file where the folder should be")
    assert names(project.replayed()) == {"t0", "t1", "t2", "t3"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_cache_that_cannot_be_written_is_left_alone(project: Project) -> None:
    project.cache.mkdir(parents=True)
    project.cache.chmod(0o500)
    assert names(project.replayed()) == {"t0", "t1", "t2", "t3"}


def test_what_could_not_be_read_is_remembered(project: Project, recorded: list[str]) -> None:
    project.write(2, 'op.get_bind().execute(sa.text("SELECT 1")).all()')
    first = project.replayed()
    assert [str(each) for each in first.opaque] == ["migrations/versions/r2.py:6: revision 'r2' asks the database for rows: SELECT 1"]
    recorded.clear()
    assert project.replayed() == first
    assert recorded == []


def test_declared_tables_are_remembered(project: Project) -> None:
    project.write(2, 'op.get_bind().execute(sa.text("SELECT 1")).all()  # gitmig: touches t0')
    assert project.replayed().declared == (TableName("t0"),)
    assert project.replayed().declared == (TableName("t0"),)
    assert project.replayed().opaque == ()


def test_a_module_that_a_revision_imports_is_part_of_the_content(
    project: Project, recorded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (project.root / "helper_of_replay.py").write_text('NAME = "one"\n')
    monkeypatch.syspath_prepend(str(project.root))
    project.write(4, "op.create_table(helper_of_replay.NAME, sa.Column('id', sa.Integer))", before="import helper_of_replay\n")
    assert "one" in names(project.replayed())
    (project.root / "helper_of_replay.py").write_text('NAME = "another"\n')
    monkeypatch.delitem(sys.modules, "helper_of_replay")
    assert "another" in names(project.replayed())


def test_only_so_many_schemas_are_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gitmig.adapters.replaycache.KEPT", 3)
    for number in range(4, 9):
        project.table(number)
        project.replayed()
    assert len(project.entries()) == 3
    assert not list((project.cache / "replay").glob("*.part"))


def test_the_cache_is_json_that_holds_no_code(project: Project) -> None:
    project.replayed()
    for path in project.entries():
        assert set(json.loads(path.read_text())) == {"schema", "opaque", "declared", "files"}


def test_revisions_see_the_configuration(project: Project) -> None:
    project.write(
        4,
        'op.create_table(context.config.get_main_option("prefix", "p") + "x", sa.Column("id", sa.Integer))',
        "from gitmig import context\n",
    )
    found = project.replayed()
    assert found.opaque == ()
    assert "px" in names(found)


def test_versions_of_tools_are_part_of_the_key(project: Project, recorded: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    project.replayed()
    recorded.clear()
    monkeypatch.setattr(module, "__version__", "99")
    project.replayed()
    assert len(recorded) == 4
