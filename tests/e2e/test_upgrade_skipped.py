"""A revision that a rebase put under applied ones is not skipped in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.runkit import Project


@pytest.fixture
def rebased(tmp_path: Path, sqlite_url: str) -> Project:
    """aaaa and cccc were applied; then bbbb came in between."""
    project = Project(tmp_path / "project", sqlite_url)
    project.tables("aaaa", "cccc")
    project.gitmig("upgrade")
    project.tables("bbbb", start="aaaa")
    project.tables("cccc", start="bbbb")
    return project


def test_it_is_refused_and_the_ways_out_are_named(rebased: Project) -> None:
    for target in ("heads", "cccc"):
        said = rebased.gitmig("upgrade", target, expect=3).stderr
        assert "revision 'bbbb' (migrations/versions/bbbb.py) never ran on this database, although 'cccc' above it did" in said
        assert "gitmig upgrade --run-skipped" in said and "`gitmig sync`" in said and "gitmig stamp cccc" in said
    assert rebased.table_names() == {"t_aaaa", "t_cccc"}


def test_it_can_be_run_late(rebased: Project) -> None:
    rebased.gitmig("upgrade", "--run-skipped")
    assert (rebased.table_names(), rebased.rows()) == ({"t_aaaa", "t_bbbb", "t_cccc"}, {"cccc"})
    assert rebased.gitmig("upgrade").stderr == "Nothing to do: the database is at cccc.\n"


def test_stepping_back_passes_over_it(rebased: Project) -> None:
    said = rebased.gitmig("downgrade", "aaaa").stderr
    assert "Passing over bbbb, which never ran on this database" in said
    assert (rebased.table_names(), rebased.rows()) == ({"t_aaaa"}, {"aaaa"})
    rebased.gitmig("upgrade")
    assert rebased.table_names() == {"t_aaaa", "t_bbbb", "t_cccc"}


def test_stamping_settles_it(rebased: Project) -> None:
    rebased.gitmig("stamp", "cccc")
    assert rebased.gitmig("upgrade").stderr == "Nothing to do: the database is at cccc.\n"


def test_what_another_tool_brought_is_no_skip(tmp_path: Path, sqlite_url: str) -> None:
    project = Project(tmp_path / "project", sqlite_url)
    project.tables("aaaa", "bbbb", "cccc")
    project.gitmig("upgrade", "aaaa")
    project.execute("UPDATE alembic_version SET version_num = 'bbbb'")
    project.gitmig("upgrade")
    assert project.rows() == {"cccc"}
    assert project.history() == [("aaaa", "upgrade", "ran"), ("bbbb", "upgrade", "foreign"), ("cccc", "upgrade", "ran")]


def test_without_a_history_nothing_is_known_to_be_skipped(rebased: Project) -> None:
    rebased.settings('history_table = ""\n')
    assert rebased.gitmig("upgrade").stderr == "Nothing to do: the database is at cccc.\n"
