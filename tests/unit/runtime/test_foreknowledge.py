"""What is known of a revision before it runs: whether SQLite's foreign keys go off, and for which tool it is written."""

from __future__ import annotations

import pytest

from gitmig.runtime.foreknowledge import keeps_unsaid, needs_foreign_keys_off


@pytest.mark.parametrize(
    "source",
    [
        'with op.batch_alter_table("t") as batch:',
        'op.alter_column("t", "c", nullable=False)',
        'op.drop_column("t", "c")',
        'op.create_foreign_key(None, "t", "u", ["a"], ["b"])',
        'op.execute("PRAGMA foreign_keys=OFF")',
        'op.execute("pragma  foreign_keys = 0")',
        'op.add_column("t", sa.Column("c", sa.Integer, sa.ForeignKey("u.id")))',
        'op.add_column(\n    "t",\n    sa.Column("c", sa.Integer, sa.Computed("a + b")),\n)',
    ],
)
def test_a_possible_rebuild_is_foreseen(source: str) -> None:
    assert needs_foreign_keys_off(source.encode())


@pytest.mark.parametrize(
    "source",
    [
        'op.create_table("t", sa.Column("c", sa.Integer, sa.ForeignKey("u.id")))',
        'op.add_column("t", sa.Column("c", sa.Integer))',
        'op.execute("DELETE FROM t")',
        'op.create_index("ix", "t", ["c"])',
        'op.drop_table("t")',
    ],
)
def test_other_revisions_keep_their_cascades(source: str) -> None:
    assert not needs_foreign_keys_off(source.encode())


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("from gitmig import op\n", True),
        ("import sqlalchemy as sa\nfrom gitmig import context, op\n", True),
        ("def upgrade():\n    from gitmig import op\n", True),
        ("from alembic import op\n", False),
        ("from alembic import context\nfrom gitmig import op\n", False),
        ("from project.migrations import op\n", False),
        ("from gitmig_helpers import op\n", False),
        ("# from gitmig import op\nfrom alembic import op\n", False),
        ("import alembic.op as op\n", False),
    ],
)
def test_a_file_is_written_for_the_tool_that_it_imports(source: str, kept: bool) -> None:
    assert keeps_unsaid(source.encode()) is kept
