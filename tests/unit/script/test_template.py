from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timezone
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st

from gitmig.config import Config
from gitmig.errors import ConfigError
from gitmig.script.header import read_header
from gitmig.script.template import NewRevision, docstring_text, file_name, render_revision, slug

OURS = Path(__file__).parents[3].joinpath("gitmig/templates/generic/script.py.mako").read_text(encoding="utf-8")
ALEMBICS = '''"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}
Create Date: ${create_date}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
'''
WHEN = datetime(2024, 3, 5, 6, 7, 8)
CONFIG = Config("/project", "gitmig.ini")


def rendered(new: NewRevision, template: str = OURS, config: Config = CONFIG) -> str:
    return render_revision(template, new, WHEN, config, template_path="t.mako").decode(config.output_encoding)


def is_formatted(text: str) -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--isolated", "--check", "--stdin-filename", "x.py", "-"],
        input=text.encode("utf-8", "surrogatepass"),
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


@pytest.mark.parametrize("template", [OURS, ALEMBICS])
@pytest.mark.parametrize("down", [(), ("p",), ("p", "q"), tuple(f"{n:012x}" for n in range(9))])
@pytest.mark.parametrize("depends_on", [(), ("d",), ("d", "e")])
def test_what_is_put_in_is_read_back(template: str, down: tuple[str, ...], depends_on: tuple[str, ...]) -> None:
    text = rendered(NewRevision("abc", "say this", down, ("lab",), depends_on), template)
    found = read_header(text.encode(), "x.py")
    assert (found.id, found.down, found.labels, found.depends_on) == ("abc", down, ("lab",), depends_on)
    assert found.doc == "say this"
    assert f"Revises: {', '.join(down)}".rstrip() in text
    assert found.upgrades and found.downgrades


def test_our_template_has_no_date_unless_one_is_asked_for() -> None:
    assert "2024" not in rendered(NewRevision("abc", "x"))
    assert "Create Date: 2024-03-05" in rendered(NewRevision("abc", "x"), config=Config("/p", "x", timezone="UTC"))
    dated = Config("/p", "x", file_template="%(year)d_%(rev)s")
    assert "Create Date: 2024-03-05" in rendered(NewRevision("abc", "x"), config=dated)
    assert "Create Date: 2024-03-05" in rendered(NewRevision("abc", "x"), ALEMBICS)


MESSAGES = [
    "plain",
    'say "hi"',
    '"quoted"',
    '"""',
    'x """" y',
    "it's ''' so",
    "back\\slash \\N{x} \\u12 \\",
    "two\nlines  \n\tand more",
    "zero\0 and bell\a",
    "ünï 中文 🎉",
    "  around  ",
    "${not} % a <%template%> ## x",
    "a" * 120,
    "half \ud800 pair",
    "a\r\nb",
]


@pytest.mark.parametrize("message", MESSAGES)
def test_any_message_is_safe_in_the_docstring_and_formatted(message: str) -> None:
    text = rendered(NewRevision("abc", message, ("p",)))
    found = read_header(text.encode(), "x.py")
    assert is_formatted(text)
    said = "\n".join(line.expandtabs(8).rstrip() for line in message.strip().replace("\r\n", "\n").split("\n"))
    assert found.doc == said.encode("utf-8", "surrogatepass").decode("utf-8", "surrogatepass")
    assert read_header(rendered(NewRevision("abc", message, ("p",)), ALEMBICS).encode(), "x.py").id == "abc"


@given(st.text(max_size=40))
def test_no_message_breaks_a_docstring(message: str) -> None:
    namespace: dict[str, object] = {}
    exec(f'"""{docstring_text(message)}\n\nend\n"""', namespace)
    exec(f'"""{docstring_text(message)}"""', namespace)


def test_an_empty_message_says_so() -> None:
    for message in (None, "", "  \n "):
        assert rendered(NewRevision("abc", message)).startswith('"""empty message\n')


@pytest.mark.parametrize("down", [("p",), tuple(f"{n:012x}" for n in range(7))])
def test_our_template_renders_formatted_bodies(down: tuple[str, ...]) -> None:
    body = 'op.create_table(\n        "t",\n        sa.Column("id", sa.Integer()),\n    )'
    text = rendered(NewRevision("abc", "m", down, (), (), "from app import types", body, 'op.drop_table("t")'))
    assert is_formatted(text)
    assert "from gitmig import op\nfrom app import types\n\nrevision" in text
    assert f"def upgrade() -> None:\n    {body}\n" in text


def test_other_encodings_say_which() -> None:
    config = Config("/p", "x", output_encoding="latin-1")
    content = render_revision(OURS, NewRevision("abc", "é"), WHEN, config, template_path="t")
    assert content.startswith(b"# coding: latin-1\n")
    assert read_header(content, "x.py").doc == "é"
    with pytest.raises(ConfigError, match="latin-1', which has no '中'"):
        render_revision(OURS, NewRevision("abc", "中"), WHEN, config, template_path="t")
    with pytest.raises(ConfigError, match="'nonsense', which Python does not know"):
        render_revision(OURS, NewRevision("a"), WHEN, Config("/p", "x", output_encoding="nonsense"), template_path="t")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("revision = ${up_revision\n", "t.mako"),
        ("a\n${nothing.at.all}\n", "AttributeError"),
        ("a\nb\n${1 / 0}\n", "t.mako:3"),
        ("% if x:\n", "t.mako"),
    ],
)
def test_a_template_that_fails_is_told_with_its_name(template: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        rendered(NewRevision("abc"), template)


def test_alembics_variables_reach_the_template() -> None:
    extra = {"engines": ["one", "two"]}
    content = render_revision(
        "${config.name} ${','.join(engines)} ${context.get('one_upgrades', 'pass')} ${down_revision | comma,n}",
        NewRevision("abc", down=("x", "y")),
        WHEN,
        CONFIG,
        template_path="t",
        script_config=type("C", (), {"name": "cfg"}),
        extra=extra,
    )
    assert content == b"cfg one,two pass x, y"


@pytest.mark.parametrize("length", [0, 3, 10, 40])
@pytest.mark.parametrize(
    "message",
    [None, "", "Some Really Long Message Here", "a" * 25 + " b", "é Ünï-code/x!!", "_x_", "exactlyten", "exactly ten x", "!!!"],
)
@pytest.mark.parametrize("template", ["%(rev)s_%(slug)s", "%(year)d/%(month).2d_%(day)s_%(hour)s%(minute)s%(second)s_%(epoch)s_%(slug)s"])
def test_file_names_are_alembics(message: str | None, length: int, template: str, tmp_path: Path) -> None:
    alembic = ScriptDirectory(str(tmp_path), file_template=template, truncate_slug_length=length)
    theirs = alembic._rev_path("/v", "abc", message, WHEN)
    config = Config("/p", "x", file_template=template, truncate_slug_length=length)
    assert f"/v/{file_name(config, 'abc', message, WHEN)}" == Path(theirs).as_posix()


@pytest.mark.parametrize("template", ["%(nope)s", "%(rev)d", "%q", "../%(rev)s", "a//%(rev)s", "/%(rev)s"])
def test_a_file_template_that_cannot_be_filled_in_is_told(template: str) -> None:
    with pytest.raises(ConfigError, match="`file_template`"):
        file_name(Config("/p", "x.ini", file_template=template), "abc", "m", WHEN)


def test_dates_in_zones_are_written_with_them() -> None:
    config = Config("/p", "x", timezone="UTC")
    content = render_revision(OURS, NewRevision("a"), WHEN.replace(tzinfo=timezone.utc), config, template_path="t")
    assert b"Create Date: 2024-03-05 06:07:08+00:00" in content


def test_slugs_end_at_a_word() -> None:
    assert slug("add a column to users", 12) == "add_a_"
