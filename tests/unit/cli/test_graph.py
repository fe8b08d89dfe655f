from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from gitmig.cli.main import main

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (tmp_path / "migrations" / "env.py").write_text("")
    url = f"sqlite:///{tmp_path / 'app.db'}"
    (tmp_path / "alembic.ini").write_text(f"[alembic]\nscript_location = migrations\nsqlalchemy.url = {url}\n")
    (tmp_path / "gitmig.ini").write_text(f"[gitmig]\nscript_location = migrations\nurl = {url}\n")
    for id, down, labels, depends_on in (
        ("aaaa", None, None, None),
        ("bbbb", "aaaa", ("lab",), None),
        ("cccc", "aaaa", None, None),
        ("dddd", None, "depl", "cccc"),
        ("eeee", "dddd", None, None),
        ("ffff", "aaaa", None, None),
        ("mmmm", ("bbbb", "ffff"), None, None),
    ):
        (versions / f"{id}_x.py").write_text(
            f'"""say {id}\n\nmore\nof it\n"""\nrevision = {id!r}\ndown_revision = {down!r}\nbranch_labels = {labels!r}\n'
            f"depends_on = {depends_on!r}\ndef upgrade(): pass\ndef downgrade(): pass\n"
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def alembic(project: Path, *arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "alembic", *arguments], cwd=project, capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("heads",),
        ("heads", "-v"),
        ("heads", "--resolve-dependencies"),
        ("branches",),
        ("branches", "-v"),
        ("history",),
        ("history", "-v"),
        ("history", "-r", "aaaa:mmmm"),
        ("history", "-r", ":bbbb"),
        ("history", "-r", "dddd:"),
        ("show", "lab@head"),
        ("show", "heads"),
        ("show", "base"),
    ],
)
def test_the_output_is_alembics(project: Path, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 0
    ours = capsys.readouterr().out
    assert settled(ours) == settled(alembic(project, *arguments))


def settled(text: str) -> list[str]:
    """Lines in a fixed order: Alembic's order of independent revisions and of children is chance."""
    plain = (line.rstrip() for line in text.rstrip().split("\n"))
    return sorted("Branches into: ?" if line.startswith("Branches into") else line for line in plain)


def test_heads_as_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["heads", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [each["revision"] for each in found] == ["cccc", "eeee", "mmmm"]
    assert found[2] == {
        "revision": "mmmm",
        "down_revision": ["bbbb", "ffff"],
        "depends_on": [],
        "branch_labels": ["lab"],
        "next": [],
        "is_base": False,
        "is_head": True,
        "is_effective_head": False,
        "is_branch_point": False,
        "is_merge_point": True,
        "is_current": None,
        "path": "migrations/versions/mmmm_x.py",
        "doc": "say mmmm",
        "longdoc": "say mmmm\n\nmore\nof it",
    }


@pytest.mark.parametrize("command", ["history", "branches", "show"])
def test_other_commands_speak_json_too(project: Path, command: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [command, *(["aaaa"] if command == "show" else []), "--json"]
    assert main(arguments) == 0
    assert "aaaa" in [each["revision"] for each in json.loads(capsys.readouterr().out)]


def at(project: Path, *rows: str) -> None:
    """Put the database at ``rows``; gitmig connects by `url` where there is no env.py."""
    (project / "migrations" / "env.py").unlink()
    engine = sa.create_engine(f"sqlite:///{project / 'app.db'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        for row in rows:
            connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{row}')")
    engine.dispose()


def test_history_marks_where_the_database_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(project, "bbbb", "eeee")
    assert main(["history", "-i"]) == 0
    marked = [line for line in capsys.readouterr().out.splitlines() if "(current)" in line]
    assert marked == ["dddd -> eeee (depl) (head) (current), say eeee", "aaaa -> bbbb (lab) (current), say bbbb"]


def test_ranges_may_begin_or_end_where_the_database_is(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(project, "bbbb")
    assert main(["history", "-r", "current:"]) == 0
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()] == ["bbbb, ffff -> mmmm", "aaaa -> bbbb"]
    assert main(["history", "-r=:current"]) == 0
    assert [line.split(" (")[0] for line in capsys.readouterr().out.splitlines()] == ["aaaa -> bbbb", "<base> -> aaaa"]
    assert main(["show", "current"]) == 0
    assert capsys.readouterr().out.startswith("Rev: bbbb\nParent: aaaa\n")


def test_a_database_that_is_elsewhere_does_not_stop_history(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at(project, "zzzz")
    assert main(["history", "-i"]) == 0
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 7
    assert "'zzzz', which no file here defines" in captured.err
    assert main(["show", "current"]) == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["show", "zzzz"], "no revision or branch is called 'zzzz'"),
        (["show", "aaab"], "Did you mean aaaa?"),
        (["show", "head"], "`gitmig merge heads`"),
        (["history", "-r", "aaaa"], "has no colon"),
        (["history", "-r", "mmmm:aaaa"], "joins nothing"),
        (["merge", "bbbb", "cccc"], "'bbbb' is not a head"),
        (["merge"], "REVISIONS"),
        (["edit", "base"], "no file to edit"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(project: Path, arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.out == ""
    assert len(captured.err.splitlines()) <= 2


def test_a_broken_revision_file_stops_every_graph_command_with_its_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "migrations/versions/zz_bad.py").write_text("revision = 'zz'\ndown_revision = None\ndef upgrade(:\n")
    for arguments in (["heads"], ["history"], ["branches"], ["show", "aaaa"], ["merge", "heads"]):
        assert main(arguments) == 2
        assert "migrations/versions/zz_bad.py:3: does not parse" in capsys.readouterr().err


def test_merge_writes_the_file_and_says_which(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["merge", "-m", "all of it", "heads"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("Wrote migrations/versions/") and said.endswith("_all_of_it.py\n")
    assert main(["merge", "heads"]) == 0
    assert capsys.readouterr().out == "There is one head; nothing needs merging.\n"
    assert "(head)" in alembic(project, "heads")


def test_merge_from_a_subfolder_names_a_path_that_can_be_typed(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(project / "migrations")
    assert main(["-c", "../gitmig.ini", "merge", "heads"]) == 0
    assert Path(capsys.readouterr().out.removeprefix("Wrote ").strip()).is_file()


def test_edit_opens_the_file_in_the_editor(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / "my editor.py").write_text("import sys\nopen(sys.argv[2], 'a').write(sys.argv[1])\n")
    monkeypatch.setenv("EDITOR", f"{sys.executable} '{project / 'my editor.py'}' '# edited'")
    assert main(["edit", "lab@head"]) == 0
    assert (project / "migrations/versions/mmmm_x.py").read_text().endswith("# edited")
    monkeypatch.setenv("EDITOR", f"{sys.executable} -c 'raise SystemExit(4)'")
    assert main(["edit", "aaaa"]) == 3
    monkeypatch.setenv("EDITOR", "no-such-editor-at-all")
    assert main(["edit", "aaaa"]) == 2


def test_quiet_says_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["-q", "heads"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", ["heads", "history", "branches"])
def test_graph_commands_import_neither_sqlalchemy_nor_the_users_code(project: Path, command: str) -> None:
    (project / "migrations/env.py").write_text("raise SystemExit('env.py was run')\n")
    (project / "migrations/versions/zzzz_bomb.py").write_text(
        "revision = 'zzzz'\ndown_revision = 'aaaa'\nraise SystemExit('a revision was run')\n"
    )
    code = (
        "import sys; from gitmig.cli.main import main; "
        f"code = main([{command!r}]); "
        "sys.exit(code or bool({'sqlalchemy', 'git', 'mako', 'rich', 'sqlglot'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, env={"PYTHONPATH": str(ROOT), "PATH": ""}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
