"""The quick reading of a header and the thorough one never disagree."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitmig.errors import RevisionFileError
from gitmig.script import header

LINES = (
    "",
    "# revision identifiers, used by Alembic.",
    "import sqlalchemy as sa",
    "from alembic import op  # op",
    "from typing import (\n    Sequence,\n    Union,\n)",
    "from x import *",
    "import revision",
    "from x import (a, depends_on)",
    "revision = 'a'",
    'revision = "it\'s"',
    "revision: str = 'a=b'",
    "revision = 'a'  # = why",
    "revision='a'",
    "    revision = 'x'",
    "down_revision = None",
    "down_revision: Union[str, Sequence[str], None] = 'b'",
    "down_revision = ('b', 'c')",
    "down_revision = 'b' 'c'",
    "branch_labels = None",
    "branch_labels = 'pay'",
    'branch_labels: str = ""',
    "depends_on = None",
    "depends_on: list = ['d']",
    "depends_on = x",
    '"""doc\n\nrevision = "z"\n"""',
    "'''doc'''",
    '"""one line"""',
    'r"""raw"""',
    "if True:",
    "    pass",
    "x = 'revision'",
    "x = revision",
    "x = (\n",
    ")",
    "def upgrade():\n    pass",
    "async def downgrade(): pass",
    "class upgrade: pass",
    "x = '''",
    "'''",
    "# coding: utf-8",
    "# gitmig: pure data",
    "\\",
    "def f(:",
    "x = '\\d'",
    "del revision",
    "revision += 'b'",
    "\f",
    "\ufeff",
    "revision = 'é'",
    "revision = 'a-b'",
    "revision = ''",
)


def answer(content: bytes) -> object:
    try:
        return header._read_by_ast(content, "x.py")
    except RevisionFileError as error:
        return str(error)


@given(st.lists(st.sampled_from(LINES), max_size=9), st.sampled_from(["\n", "\r\n", "\r"]), st.booleans())
def test_reading_by_pattern_agrees_with_reading_by_tree(lines: list[str], newline: str, ended: bool) -> None:
    content = newline.join(lines).encode() + (newline.encode() if ended else b"")
    fast = header._read_plain(content)
    if fast is not None:
        assert fast == answer(content)


@given(st.permutations(LINES[8:30]), st.integers(0, 10))
def test_usual_beginnings_agree_too(lines: list[str], more: int) -> None:
    text = "\n".join(["revision = 'a'", "down_revision = 'b'", *lines[:more], ""])
    fast = header._read_plain(text.encode())
    if fast is not None:
        assert fast == answer(text.encode())
