from __future__ import annotations

import codecs
import py_compile
from pathlib import Path

import pytest

from gitmig.errors import RevisionFileError
from gitmig.script import header
from gitmig.script.header import Declaration, Header, read_compiled, read_declarations, read_header

USUAL = '''"""add users

Revision ID: 4f2a91c07b3e
Revises: 1b2c3d4e5f60
Create Date: 2024-01-01 00:00:00.000000

"""
from typing import Sequence, Union

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision: str = '4f2a91c07b3e'
down_revision: Union[str, Sequence[str], None] = '1b2c3d4e5f60'
branch_labels: Union[str, Sequence[str], None] = None
depends_on: Union[str, Sequence[str], None] = None


def upgrade() -> None:
    """Upgrade schema."""
    op.create_table('users', sa.Column('id', sa.Integer(), nullable=False))


def downgrade() -> None:
    """Downgrade schema."""
    op.drop_table('users')
'''


def read(text: str) -> Header:
    return read_header(text.encode(), "v/x.py")


def test_alembics_own_form_is_read_by_pattern_and_by_tree_alike() -> None:
    fast = header._read_plain(USUAL.encode())
    assert fast is not None
    assert fast == header._read_by_ast(USUAL.encode(), "x")
    assert fast.id == "4f2a91c07b3e"
    assert fast.down == ("1b2c3d4e5f60",)
    assert fast.doc == "add users"
    assert fast.longdoc.endswith("00:00:00.000000")
    assert fast.upgrades and fast.downgrades


@pytest.mark.parametrize(
    ("text", "id", "down"),
    [
        ("revision = 'a'\ndown_revision = None", "a", ()),
        ('revision = "a"; down_revision = "b"', "a", ("b",)),
        ("revision: str = 'a'\ndown_revision: str | None = ('b', 'c')", "a", ("b", "c")),
        ("revision = 'a' + 'b'\ndown_revision = ['c']", "ab", ("c",)),
        ("revision = f'{1}a{\"x\"!r:>5}'\ndown_revision = None", "1a  'x'", ()),
        ("base = '20'\nrevision = base + '24'\ndown_revision = (base,)", "2024", ("20",)),
        ("revision = old = 'a'\ndown_revision = None", "a", ()),
        ("revision, down_revision = 'a', 'b'", "a", ("b",)),
        ("parents = ('b',)\nrevision = 'a'\ndown_revision = parents + ('c',)", "a", ("b", "c")),
        ("parents = ['b']\nrevision = 'a'\ndown_revision = [*parents, 'c']", "a", ("b", "c")),
        ("revision = 'x'\nrevision = 'a'\ndown_revision = ()", "a", ()),
        ("revision = 'a'\ndown_revision = {'c', 'b'}", "a", ("b", "c")),
        ("revision = 'a'\nrevision += 'b'\ndown_revision = None", "ab", ()),
        ("revision = 'x'\ndel revision\nrevision = 'a'\ndown_revision = None", "a", ()),
        ("revision = (\n    'a'\n    'b'\n)\ndown_revision = None", "ab", ()),
        ("from __future__ import annotations\nimport os\nrevision = 'a'\ndown_revision = ('b', 'b')", "a", ("b",)),
        ("revision = 'é'\ndown_revision = None", "é", ()),
    ],
)
def test_values_are_folded_without_running_the_file(text: str, id: str, down: tuple[str, ...]) -> None:
    found = read(text)
    assert (found.id, found.down) == (id, down)


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("import os\nrevision = os.environ['X']\ndown_revision = None", 2, "neither a literal"),
        ("revision = 'a'\ndown_revision = previous()", 2, "previous()"),
        ("if 1:\n    revision = 'a'\ndown_revision = None", 1, "an `if` statement"),
        ("try:\n    revision = 'a'\nexcept Exception: pass\ndown_revision = None", 1, "`try`"),
        ("from ids import revision\ndown_revision = None", 1, "an import"),
        ("def revision(): pass\ndown_revision = None", 1, "a function definition"),
        ("from ids import base\nrevision = base + 'a'\ndown_revision = None", 2, "it uses `base`"),
        ("revision = other\ndown_revision = None", 1, "`other`, which is not bound"),
        ("revision = 'a'\ndown_revision = ['b']\ndown_revision.append('c')", 3, "changes it"),
        ("revision = 'a'\ndown_revision = ['b']\ndown_revision[0] = 'c'", 3, "a part of it"),
        ("revision = 'a' % 1\ndown_revision = None", 1, "neither a literal"),
        ("for revision in 'ab': pass\ndown_revision = None", 1, "a `for` statement"),
        ("with open('x') as revision: pass\ndown_revision = None", 1, "a `with` statement"),
        ("(revision := 'a')\ndown_revision = None", 1, "an expression"),
        ("revision, *down_revision = 'a', 'b'", 1, "unpacked"),
        ("revision = 'a'\ndown_revision = (\n  [1] + ('b',)\n)", 3, "cannot be added"),
    ],
)
def test_what_must_be_run_to_be_known_is_an_error_with_its_line(text: str, line: int, why: str) -> None:
    with pytest.raises(RevisionFileError) as caught:
        read(text)
    assert caught.value.message.startswith(f"v/x.py:{line}: ")
    assert why in caught.value.message
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("revision = 'a'\ndef upgrade(:\n    pass", "v/x.py:2: does not parse"),
        ("revision = 'a'\ndown_revision = None\ndef f():\n    nonlocal x\n", "v/x.py:4: does not parse"),
        ("revision = 'a'", "v/x.py: has no `down_revision`"),
        ("revision = 1\ndown_revision = None", "v/x.py:1: `revision` is 1, not an id"),
        ("revision = ''\ndown_revision = None", "v/x.py:1: `revision` is ''"),
        ("revision = None\ndown_revision = None", "v/x.py:1: `revision` is None"),
        ("revision = 'a'\ndown_revision = 7", "v/x.py:2: `down_revision` is 7"),
        ("revision = 'a'\ndown_revision = ('b', None)", "v/x.py:2: `down_revision` is ('b', None)"),
        ("revision = 'a'\ndown_revision = ''", "v/x.py:2: `down_revision` is ''"),
        ("revision = 'a-b@c'\ndown_revision = None", "v/x.py:1: '-', '@' cannot be part of a revision id"),
        ("\0", "v/x.py"),
    ],
)
def test_a_bad_file_is_told_with_path_and_line(text: str, said: str) -> None:
    with pytest.raises(RevisionFileError) as caught:
        read(text)
    assert caught.value.message.startswith(said)
    assert caught.value.hint


@pytest.mark.parametrize(
    "body",
    [
        "revision = 'other'\n",
        "if True:\n    down_revision = 'other'\n",
        "import revision\n",
        "for depends_on in (): pass\n",
        "x = [revision := 1]\n",
        "class branch_labels: pass\n",
        "del revision\n",
    ],
)
def test_a_field_bound_again_below_is_never_missed(body: str) -> None:
    assert header._read_plain((USUAL + body).encode()) is None


def test_a_field_in_a_docstring_is_no_field() -> None:
    text = '"""\nrevision = "wrong"\ndown_revision = "wrong"\n"""\nrevision = "a"\ndown_revision = None\n'
    assert read(text).id == "a"
    assert read(text).longdoc.startswith("revision = ")


def test_a_broken_body_is_found_though_the_header_is_fine() -> None:
    with pytest.raises(RevisionFileError, match=r"v/x\.py:\d+: does not parse"):
        read(USUAL + "\ndef more(:\n")


def test_words_of_the_header_in_a_body_change_nothing() -> None:
    text = USUAL.replace("'users'", "'revision'") + "\nNAMES = ['down_revision']\n"
    assert read(text) == read(USUAL)
    assert header._read_plain(text.encode()) is not None


def test_a_missing_revision_leaves_the_id_to_the_files_name() -> None:
    assert read("down_revision = None").id is None


@pytest.mark.parametrize(
    ("text", "functions"),
    [
        ("", (False, False)),
        ("def upgrade(): pass", (True, False)),
        ("if 1:\n    def upgrade(): pass\nfrom x import downgrade", (True, True)),
        ("upgrade = downgrade = print", (True, True)),
        ("class A:\n    def upgrade(self): pass", (False, False)),
        ("'''\ndef upgrade(): pass\n'''", (False, False)),
        ("upgrade()", (False, False)),
    ],
)
def test_whether_a_module_can_upgrade_and_downgrade(text: str, functions: tuple[bool, bool]) -> None:
    found = read(f"revision = 'a'\ndown_revision = None\n{text}\n")
    assert (found.upgrades, found.downgrades) == functions


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + "revision = 'é'\ndown_revision = None\n".encode(),
        "# -*- coding: latin-1 -*-\nrevision = 'é'\ndown_revision = None\n".encode("latin-1"),
        "#!/usr/bin/python\n# vim: set fileencoding=cp1252 :\nrevision = 'é'\ndown_revision = None\n".encode("cp1252"),
        "revision = 'é'\r\ndown_revision = None\r\n".encode(),
        "revision = 'é'\rdown_revision = None\r".encode(),
    ],
)
def test_encodings_and_line_ends_of_all_kinds(content: bytes) -> None:
    assert read_header(content, "x.py").id == "é"


@pytest.mark.parametrize("content", [b"revision = '\xe9'\ndown_revision = None\n", b"# coding: nonsense\nrevision = 'a'\n"])
def test_bytes_that_do_not_fit_the_encoding_are_told(content: bytes) -> None:
    with pytest.raises(RevisionFileError, match=r"^v/x\.py"):
        read_header(content, "v/x.py")


def test_an_invalid_escape_in_a_body_warns_nobody(recwarn: pytest.WarningsRecorder) -> None:
    read(USUAL + "\nPATTERN = '\\d'\n")
    read("revision = 'a'\ndown_revision = (None)\nPATTERN = '\\d'\n")
    assert not recwarn.list


def test_declarations_are_comments_with_their_lines() -> None:
    text = (
        "revision = 'a'\ndown_revision = None\n# gitmig: touches users, shop.orders\ndef upgrade():\n"
        "    op.execute(sql)  # gitmig: pure data\n    x = '# gitmig: pure data'\n    #gitmig:touches a  # why\n"
        "# gitmig: something else\n# gitmig: touches\n"
    )
    wanted = (Declaration(3, ("users", "shop.orders")), Declaration(5), Declaration(7, ("a",)))
    assert read(text).declarations == wanted == read_declarations(text)
    assert [each.pure_data for each in wanted] == [False, True, False]


@pytest.mark.parametrize(
    "text",
    [
        "'''the doc\n\nmore'''\nrevision = 'a'\ndown_revision = 'b'\nbranch_labels = None\ndepends_on = None\ndef upgrade(): pass\n",
        "revision: str = 'a'\ndown_revision: tuple = ('b', 'c')\nbranch_labels = ['x']\ndepends_on = ['d', 'e', 'f', 'g']\n",
        "import os\nfrom x import y\nold = revision = 'a'\ndown_revision = ()\ndepends_on = {'q'}\ndef downgrade(): pass\n",
        "name = 'a'\nrevision = name\ndown_revision = [name, 'z']\n",
        "revision = 'a'\ndown_revision = None\nx = [n for n in range(3)]\nif x:\n    y = 1\n",
    ],
)
def test_a_compiled_file_says_what_its_source_said(text: str, tmp_path: Path) -> None:
    source, compiled = tmp_path / "x.py", tmp_path / "x.pyc"
    source.write_text(text)
    py_compile.compile(str(source), str(compiled), doraise=True)
    assert read_compiled(compiled.read_bytes(), "x.pyc") == read(text)


def test_a_compiled_file_that_computes_its_id_is_an_error(tmp_path: Path) -> None:
    source, compiled = tmp_path / "x.py", tmp_path / "x.pyc"
    source.write_text("import os\nrevision = os.name\ndown_revision = None\n")
    py_compile.compile(str(source), str(compiled), doraise=True)
    with pytest.raises(RevisionFileError, match="cannot be read without running"):
        read_compiled(compiled.read_bytes(), "x.pyc")


@pytest.mark.parametrize("content", [b"", b"\0" * 40])
def test_a_compiled_file_of_another_python_is_told(content: bytes) -> None:
    with pytest.raises(RevisionFileError, match="another version of Python"):
        read_compiled(content, "x.pyc")


def test_a_damaged_compiled_file_is_told() -> None:
    from importlib.util import MAGIC_NUMBER

    for body in (b"", b"N", b"\xff\xff"):
        with pytest.raises(RevisionFileError, match="no compiled Python file"):
            read_compiled(MAGIC_NUMBER + b"\0" * 12 + body, "x.pyc")
