"""Names that a revision's calls speak of."""

from __future__ import annotations

from gitmig.script.mentions import named, words

SOURCE = b"""
import sqlalchemy as sa
from gitmig import op

def upgrade():
    op.add_column("users", sa.Column("nick", sa.String(50)))
    op.drop_index("ix_a", table_name="orders")
    op.execute("INSERT INTO shop.items VALUES (1)")
    op.execute(sa.text("ALTER TABLE IF EXISTS \\"old\\" ADD x int"))
    with op.batch_alter_table("batched") as batch:
        batch.drop_column("gone")
"""


def test_what_is_given_to_op_and_what_sql_speaks_of() -> None:
    assert named(SOURCE) == {"users", "ix_a", "orders", "items", "old", "batched", "gone"}


def test_words_of_a_text_are_found_whole() -> None:
    assert {"users", "nick"} <= words(SOURCE)
    assert "user" not in words(SOURCE)


def test_no_python_names_nothing() -> None:
    assert named(b"def (") == frozenset()
