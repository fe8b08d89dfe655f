"""Which edits of a revision file change what it does."""

from __future__ import annotations

import pytest

from gitmig.script.meaning import same_meaning

FILE = '''\
"""add users

Revision ID: b
"""
from typing import Union

import sqlalchemy as sa
from alembic import op

revision: str = "b"
down_revision: Union[str, None] = "a"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go on."""
    op.create_table("users", sa.Column("id", sa.Integer(), primary_key=True))


def downgrade() -> None:
    op.drop_table("users")
'''
SAME = {
    "comments": FILE.replace("    op.drop", "    # gone again\n    op.drop"),
    "quotes and lines": FILE.replace('op.create_table("users", sa', "op.create_table(\n        'users',\n        sa"),
    "docstrings": FILE.replace("add users", "users, at last").replace('    """Go on."""\n', ""),
    "annotations": FILE.replace(": Union[str, None]", "").replace(" -> None", ""),
    "order of imports": FILE.replace("import sqlalchemy as sa\nfrom alembic import op", "from alembic import op\nimport sqlalchemy as sa"),
}
OTHER = {
    "a name": FILE.replace('"users"', '"people"'),
    "the way back": FILE.replace('    op.drop_table("users")', "    pass"),
    "an import": FILE.replace("from alembic import op", "from gitmig import op"),
    "its id": FILE.replace('revision: str = "b"', 'revision: str = "c"'),
    "not Python any more": FILE.replace("def downgrade", "def def downgrade"),
}


@pytest.mark.parametrize("name", SAME)
def test_these_do_not(name: str) -> None:
    assert SAME[name] != FILE and same_meaning(FILE.encode(), SAME[name].encode())


@pytest.mark.parametrize("name", OTHER)
def test_these_do(name: str) -> None:
    assert OTHER[name] != FILE and not same_meaning(FILE.encode(), OTHER[name].encode())


def test_its_place_in_the_graph_counts_where_it_is_asked_for() -> None:
    moved = FILE.replace('= "a"', '= "z"').encode()
    assert not same_meaning(FILE.encode(), moved)
    assert same_meaning(FILE.encode(), moved, links=False)
    written_otherwise = FILE.replace('= "a"', '= ("a",)').encode()
    assert same_meaning(FILE.encode(), written_otherwise)
