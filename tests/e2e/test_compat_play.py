"""Commands, scripts and contexts under Alembic's names say and do what Alembic's own do."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PLAY = Path(__file__).with_name("alembicplay.py")
ROOT = PLAY.parents[2]


def played(folder: Path, *arguments: str) -> list[str]:
    folder.mkdir()
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "1", "COLUMNS": "200"}
    done = subprocess.run(
        [sys.executable, str(PLAY), str(folder), *arguments], capture_output=True, text=True, check=False, env=environ, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return (folder / "lines").read_text().replace(str(folder), "FOLDER").splitlines()


def test_every_command_gives_what_alembic_gives(tmp_path: Path) -> None:
    ours, theirs = played(tmp_path / "ours", "gitmig"), played(tmp_path / "theirs")
    assert len(theirs) > 400
    assert ours == theirs
