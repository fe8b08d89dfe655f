from __future__ import annotations

import codecs

import pytest

from gitmig.errors import RevisionFileError
from gitmig.script.edit import edit_header, line_of
from gitmig.script.header import read_header

TEXT = '''# -*- coding: utf-8 -*-
"""add é

Revises: old"""
revision: str = 'aé'   # mine
down_revision: str | None = (  # both
    'old',
    'x',
)
branch_labels = None

def upgrade():
    pass\t
'''


def edited(text: str, **changes: str | tuple[str, ...] | None) -> str:
    return edit_header(text.encode(), changes, "x.py").decode()


def test_only_the_value_changes() -> None:
    assert edited(TEXT, down_revision="new") == TEXT.replace("(  # both\n    'old',\n    'x',\n)", "'new'")


def test_several_fields_change_at_once() -> None:
    found = read_header(edited(TEXT, down_revision=("p", "q"), revision="r", branch_labels=("l",)).encode(), "x.py")
    assert (found.id, found.down, found.labels) == ("r", ("p", "q"), ("l",))


def test_the_files_quotes_are_kept() -> None:
    assert 'down_revision = "b"' in edited('revision = "a"\ndown_revision = None\n', down_revision="b")
    assert "down_revision = 'b'" in edited("revision = 'a'\ndown_revision = None\n", down_revision="b")
    assert "down_revision = ('b', 'it\\'s')" in edited("revision = 'a'\ndown_revision = None\n", down_revision=("b", "it's"))


def test_a_missing_field_is_added_below_the_last() -> None:
    text = "revision = 'a'\ndown_revision = None\n\ndef upgrade(): pass\n"
    assert edited(text, depends_on=("b", "c")) == text.replace("= None\n", "= None\ndepends_on = ('b', 'c')\n")
    assert edited(text, depends_on=None) == text


def test_a_field_is_added_at_the_end_of_a_file_without_a_last_line_end() -> None:
    assert edited("revision = 'a'\ndown_revision = None", depends_on="b").endswith("= None\ndepends_on = 'b'")


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_are_kept(newline: str) -> None:
    content = TEXT.replace("\n", newline).encode()
    result = edit_header(content, {"branch_labels": "l", "depends_on": "d"}, "x.py")
    assert result.replace(newline.encode(), b"").count(b"\n" if newline == "\r" else b"\r") == 0
    assert result.count(newline.encode()) == content.count(newline.encode()) + 1


def test_byte_order_mark_and_encoding_are_kept() -> None:
    latin = "# coding: latin-1\nrevision = 'é'; down_revision = None\n".encode("latin-1")
    assert edit_header(latin, {"down_revision": "ü"}, "x.py") == latin.replace(b"None", "'ü'".encode("latin-1"))
    marked = codecs.BOM_UTF8 + b"revision = 'a'; down_revision = None\n"
    assert edit_header(marked, {"down_revision": "b"}, "x.py") == marked.replace(b"None", b"'b'")


def test_a_form_feed_ends_no_line() -> None:
    text = "revision = 'a'\n\f\nx = '\x0b'\ndown_revision = None\n"
    assert edited(text, down_revision="b") == text.replace("None", "'b'")


@pytest.mark.parametrize(
    "text",
    [
        "revision = 'a'\ndown_revision = None\ndown_revision = 'b'\n",
        "revision = down_revision = 'a'\n",
        "revision, down_revision = 'a', None\n",
        "revision = 'a'\ndown_revision = ()\ndown_revision += ('b',)\n",
    ],
)
def test_a_field_that_is_not_bound_plainly_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(RevisionFileError, match=r"x\.py:\d: `(down_)?revision` is not bound by one plain assignment"):
        edited(text, down_revision="c")


def test_a_file_that_does_not_parse_is_refused() -> None:
    with pytest.raises(RevisionFileError, match="does not parse"):
        edited("revision = (", revision="b")


def test_a_file_without_header_has_nothing_to_add_to() -> None:
    with pytest.raises(RevisionFileError, match="has no header"):
        edited("x = 1\n", revision="b")


def test_a_field_that_is_computed_again_elsewhere_is_refused() -> None:
    with pytest.raises(RevisionFileError):
        edited("revision = 'a'\ndown_revision = None\nif x:\n    down_revision = 'q'\n", down_revision="c")


def test_lines_of_fields() -> None:
    assert line_of(TEXT.encode(), "down_revision", "x.py") == 6
    assert line_of(TEXT.encode(), "depends_on", "x.py") is None
    assert line_of(b"(", "revision", "x.py") is None
