"""The history, in a table and in a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from gitmig.adapters.history import Entry, FileHistory, History, TableHistory, fold
from tests.limits import no_file_larger_than


def entry(revision: str, direction: str = "upgrade", rows: tuple[str, ...] = ()) -> Entry:
    return Entry(revision, direction, "ran", rows or (revision,), "2026-01-02T03:04:05.000006Z", path=f"{revision}.py", source="é\n")  # type: ignore[arg-type]


@pytest.fixture
def connection(any_database: str) -> Iterator[sa.Connection]:
    with sa.create_engine(any_database, poolclass=sa.NullPool).connect() as connection:
        yield connection


def kept_and_read_back(history: History) -> None:
    assert not history.exists()
    history.create()
    assert history.exists()
    assert history.record().rows is None
    history.add([entry("aa")])
    history.add([entry("bb"), entry("cc", rows=("bb", "cc"))])
    history.add([])
    history.add([entry("bb", "downgrade", rows=("aa", "cc"))])
    record = history.record()
    assert (record.rows, record.applied) == (("aa", "cc"), frozenset({"aa", "cc"}))
    assert [(each.revision, each.direction, each.rows) for each in history.entries()] == [
        ("aa", "upgrade", ("aa",)),
        ("bb", "upgrade", ("bb",)),
        ("cc", "upgrade", ("bb", "cc")),
        ("bb", "downgrade", ("aa", "cc")),
    ]


def test_a_table_keeps_what_is_added(connection: sa.Connection) -> None:
    kept_and_read_back(TableHistory(connection, "gitmig_history", "alembic_version"))


def test_version_tables_in_one_database_have_histories_of_their_own(connection: sa.Connection) -> None:
    one = TableHistory(connection, "gitmig_history", "one")
    two = TableHistory(connection, "gitmig_history", "two")
    one.create()
    two.create()
    one.add([entry("aa")])
    assert one.record().applied == {"aa"}
    assert two.record().rows is None


def test_a_file_keeps_what_is_added(tmp_path: Path) -> None:
    kept_and_read_back(FileHistory(tmp_path, "sqlite:///x.db", "alembic_version"))


def test_a_line_that_a_crash_cut_short_is_passed_over(tmp_path: Path) -> None:
    history = FileHistory(tmp_path, "sqlite:///x.db", "alembic_version")
    history.create()
    history.add([entry("aa")])
    (file,) = (tmp_path / "history").iterdir()
    file.write_text(file.read_text() + '{"revision": "bb", "dire')
    assert history.record().applied == {"aa"}
    history.add([entry("cc")])
    assert history.record().applied == {"aa", "cc"}


def test_a_full_disk_leaves_no_half_line(tmp_path: Path) -> None:
    history = FileHistory(tmp_path, "sqlite:///x.db", "alembic_version")
    history.create()
    history.add([entry("aa")])
    (file,) = (tmp_path / "history").iterdir()
    before = file.read_bytes()
    with no_file_larger_than(len(before) + 20), pytest.raises(OSError):
        history.add([entry("bb")])
    assert file.read_bytes() == before
    history.add([entry("bb")])
    assert history.record().applied == {"aa", "bb"}


def test_no_password_is_written_to_the_file_or_its_name(tmp_path: Path) -> None:
    history = FileHistory(tmp_path, "postgresql://ada:***@host/x", "alembic_version")
    history.create()
    history.add([entry("aa")])
    (file,) = (tmp_path / "history").iterdir()
    assert "host" not in file.name + file.read_text()


def test_the_last_line_says_the_rows() -> None:
    assert fold([]) == (None, frozenset())
    assert fold([("a", "upgrade", "a"), ("a", "downgrade", "")]) == ((), frozenset())
