"""The command line's own part: help, versions, errors told in one sentence, passwords hidden."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest

from gitmig import __version__
from gitmig.cli import main as entry
from gitmig.cli.main import ALIASES, COMMANDS, cli, main
from gitmig.cli.output import columns, to_json
from gitmig.errors import ConfigError, redact


def command_that_raises(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    @click.command()
    def command() -> None:
        raise error

    monkeypatch.setattr(entry.Commands, "get_command", lambda self, context, name: command)


def test_every_command_of_the_table_is_there() -> None:
    context = click.Context(cli)
    assert [name for name in COMMANDS if not isinstance(cli.get_command(context, name), click.Command)] == []


def test_help_lists_every_command_without_importing_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    out = capsys.readouterr().out
    assert [name for name in COMMANDS if f"  {name} " not in out] == ["hook"]
    heavy = "{'sqlalchemy', 'gitmig.cli.setup', 'git', 'mako'} & set(sys.modules)"
    code = f"import sys; from gitmig.cli.main import main; main(['--help']); sys.exit(bool({heavy}))"
    assert subprocess.run([sys.executable, "-c", code], stdout=subprocess.DEVNULL).returncode == 0


def test_importing_gitmig_imports_nothing_else() -> None:
    code = "import sys; before = set(sys.modules); import gitmig; print(sorted(set(sys.modules) - before - {'gitmig'}))"
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(Path(entry.__file__).parents[2])}
    )
    names = done.stdout.strip()
    assert "sqlalchemy" not in names and "click" not in names and "inspect" not in names, names


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"gitmig {__version__}\n"


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_alembics_spellings_are_understood(alias: str) -> None:
    context = click.Context(cli)
    assert cli.get_command(context, alias) is cli.get_command(context, ALIASES[alias])


def test_an_unknown_command_is_a_usage_error_with_a_near_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list-templats"]) == 2
    assert "Did you mean list-templates?" in capsys.readouterr().err


def test_an_unknown_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list-templates", "--nonsense"]) == 2
    assert capsys.readouterr().err.startswith("gitmig: ")


def test_an_error_is_one_sentence_with_what_to_do_next(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(monkeypatch, ConfigError("gitmig.ini:3: it is broken", "Mend it."))
    assert main(["init"]) == 2
    captured = capsys.readouterr()
    assert captured.err == "gitmig: gitmig.ini:3: it is broken. Mend it.\n"
    assert captured.out == ""


def test_a_bug_says_how_to_see_where_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(monkeypatch, ValueError("odd"))
    assert main(["init"]) == 3
    assert "--traceback" in capsys.readouterr().err
    monkeypatch.setenv("GITMIG_TRACEBACK", "")
    assert main(["--traceback", "init"]) == 3
    assert "Traceback" in capsys.readouterr().err


def test_an_answer_of_the_machine_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(monkeypatch, PermissionError(13, "Permission denied", "migrations/x.py"))
    assert main(["init"]) == 3
    assert "gitmig: migrations/x.py: Permission denied." in capsys.readouterr().err


def test_no_password_is_told_not_even_in_a_traceback(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    command_that_raises(monkeypatch, ValueError("cannot reach postgresql://me:geheim@h/d"))
    monkeypatch.setenv("GITMIG_TRACEBACK", "")
    main(["--traceback", "init"])
    captured = capsys.readouterr()
    assert "geheim" not in captured.err + captured.out
    assert "me:***@h" in captured.err


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql+psycopg://me:geheim@h/d", "postgresql+psycopg://me:***@h/d"),
        ("'mysql://me:ge@heim/x@h:3306/d?x=1' and more@x", "'mysql://me:***@h:3306/d?x=1' and more@x"),
        ("host=h password=geheim user=me", "host=h password=*** user=me"),
        ("x://h/d?password=geheim&a=b", "x://h/d?password=***&a=b"),
        ("sqlite:///C:/x@y.db", "sqlite:///C:/x@y.db"),
        ("http://example.org:80/a", "http://example.org:80/a"),
        ("no password here", "no password here"),
    ],
)
def test_passwords_are_hidden_in_whatever_is_told(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_json_keeps_order_and_letters() -> None:
    assert to_json({"b": "ü", "a": [1]}) == '{\n  "b": "ü",\n  "a": [\n    1\n  ]\n}'


def test_columns_stand_under_each_other() -> None:
    assert columns([("a", "b"), ("long", "c", "d"), ("x",)]) == ["a     b", "long  c  d", "x"]


def test_what_gitmig_exports_is_there() -> None:
    import gitmig

    assert [name for name in gitmig.__all__ if not hasattr(gitmig, name)] == []
    assert not hasattr(gitmig, "nonsense")


@pytest.mark.parametrize("command", ["upgrade", "downgrade", "show", "edit"])
@pytest.mark.parametrize("option", ["--foo", "-y", "--foo=1"])
def test_a_wrong_option_is_not_taken_for_a_revision(command: str, option: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, option]) == 2
    told = capsys.readouterr().err
    assert "No such option" in told and option in told
