"""The wheel that users get: built, installed into an empty environment, and played from there."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)], cwd=ROOT, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


def test_the_wheel_holds_hooks_templates_and_the_type_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"gitmig/hooks/pre-commit", "gitmig/py.typed", "gitmig/templates/demo/shop/models.py"} <= names
    assert {"gitmig/templates/generic/script.py.mako", "gitmig/templates/generic/env.py"} <= names


def test_the_wheel_brings_no_top_level_package_but_its_own(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"gitmig"}


def test_hooks_in_the_wheel_are_those_of_the_repository(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        for hook in sorted((ROOT / "hooks").iterdir()):
            assert archive.read(f"gitmig/hooks/{hook.name}") == hook.read_bytes()


def test_the_demo_runs_from_the_wheel_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    quiet = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, env=quiet, cwd=tmp_path)
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
    done = subprocess.run([environment / "bin" / "gitmig", "demo"], env=kept, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "That was all true output" in done.stdout
