from __future__ import annotations

import sys
from pathlib import Path

import pytest

from gitmig.adapters.writehooks import check_hooks, run_hooks
from gitmig.config import Hook
from gitmig.errors import ConfigError


@pytest.fixture
def script(tmp_path: Path) -> Path:
    path = tmp_path / "a file.py"
    path.write_text("x")
    return path


def run(script: Path, *hooks: Hook) -> list[str]:
    said: list[str] = []
    run_hooks(hooks, script, script.parent, said.append)
    return said


def program(folder: Path, body: str) -> str:
    path = folder / "tool.py"
    path.write_text(body)
    return str(path)


APPEND = "import os, pathlib, sys\npathlib.Path(os.environ.get('OUT', 'out')).open('a').write(repr(sys.argv[1:]) + '\\n')\n"


def test_the_token_in_the_options_stands_for_the_file(script: Path) -> None:
    tool = program(script.parent, APPEND)
    run(script, Hook("a", {"type": "exec", "executable": sys.executable, "options": f"{tool} --x REVISION_SCRIPT_FILENAME"}))
    assert (script.parent / "out").read_text() == repr(["--x", str(script)]) + "\n"


def test_without_the_token_the_file_comes_first_and_a_failing_program_is_told(script: Path, tmp_path: Path) -> None:
    tool = program(tmp_path, APPEND)
    (tmp_path / "sub").mkdir()
    script.write_text("raise SystemExit(1)")
    one = Hook("one", {"type": "exec", "executable": sys.executable, "options": f"{tool} 1"})
    # Without the token the path stands first: python runs the revision file itself, which here ends with 1.
    said = run(script, one)
    assert "ended with exit code 1" in said[0]
    two = Hook("two", {"type": "exec", "executable": sys.executable, "options": f"{tool} 2 REVISION_SCRIPT_FILENAME", "cwd": "sub"})
    assert run(script, two) == []
    assert (tmp_path / "sub" / "out").read_text().startswith("['2'")


def test_a_module_is_run_by_this_python(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (script.parent / "fixer.py").write_text("import sys\nopen(sys.argv[1], 'a').write(' fixed')\n")
    monkeypatch.syspath_prepend(script.parent)
    monkeypatch.setenv("PYTHONPATH", str(script.parent))
    assert run(script, Hook("a", {"type": "module", "module": "fixer"})) == []
    assert script.read_text() == "x fixed"


def test_a_console_script_is_found_by_its_entry_point(script: Path) -> None:
    script.write_text("x   =  1\n")
    hook = Hook("ruff", {"type": "console_scripts", "entrypoint": "pytest", "options": "--version REVISION_SCRIPT_FILENAME"})
    assert run(script, hook) == []


def test_a_registered_type_is_called_with_path_and_options(script: Path) -> None:
    seen: list[object] = []
    options = {"type": "mine", "extra": "1"}
    run_hooks([Hook("a", options)], script, script.parent, print, {"mine": lambda path, given: seen.append((path, given))})
    assert seen == [(str(script), options)]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "has no `type`"),
        ({"type": "nope"}, "has the type 'nope'"),
        ({"type": "exec"}, "has no `executable`"),
        ({"type": "exec", "executable": "no-such-program-at-all"}, "there is no program 'no-such-program-at-all'"),
        ({"type": "module"}, "has no `module`"),
        ({"type": "module", "module": "no_such.module"}, "there is no module 'no_such.module'"),
        ({"type": "console_scripts"}, "has no `entrypoint`"),
        ({"type": "console_scripts", "entrypoint": "no-such"}, "no installed package has a console script 'no-such'"),
    ],
)
def test_a_hook_that_cannot_run_is_told_by_name(script: Path, options: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        check_hooks([Hook("black", options)], script.parent)
    assert "'black'" in caught.value.message
