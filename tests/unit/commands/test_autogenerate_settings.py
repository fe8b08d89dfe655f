"""What a project asks of a diff: the tables that gitmig keeps for itself are on neither side."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from gitmig.adapters.journal import journal_table
from gitmig.commands.autogenerate import settings_of
from gitmig.config import Config
from gitmig.schema.values import TableName


@pytest.mark.parametrize("version_table", ["alembic_version", "shop_version"])
def test_version_table_history_and_journal_are_never_diffed(version_table: str) -> None:
    models: Any = SimpleNamespace(options={})
    settings = settings_of(Config(root="/", source="a test", version_table=version_table), models)
    for name in (version_table, "gitmig_history", journal_table(version_table)):
        assert TableName(name) in settings.ours
    assert TableName("gitmig_history", "gitmig") in settings.ours


def test_journals_of_two_version_tables_have_two_names() -> None:
    assert journal_table("alembic_version") != journal_table("shop_version")
