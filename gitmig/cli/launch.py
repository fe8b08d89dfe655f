"""The hook of `.pre-commit-hooks.yaml`: pre-commit runs it in an environment of its own, in which the project's models do not import.

So it looks for the project's interpreter and becomes that one.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

_PLACES = (".venv", "venv", "env", ".env")


def main() -> int:
    """Run `gitmig hook ARGUMENTS` with the project's interpreter; its exit code."""
    python = project_python(Path.cwd())
    if python is None:
        print(
            "gitmig: the project's interpreter is not found (.venv and venv were looked for).\n"
            "  Next: GITMIG_PYTHON=/path/to/the/project/python, or a `repo: local` hook: gitmig install --pre-commit",
            file=sys.stderr,
        )
        return 2
    if subprocess.run([python, "-c", "import gitmig.cli.main, sqlalchemy"], capture_output=True, check=False).returncode:
        print(f"gitmig: {python} has no gitmig.\n  Next: {python} -m pip install gitmig", file=sys.stderr)
        return 2
    command = [python, "-m", "gitmig", "hook", *sys.argv[1:]]
    if os.name == "posix":
        # The same process: the hook finds what pre-commit has stashed by the number of its parent.
        os.execv(python, command)
    return subprocess.run(command, check=False).returncode


def project_python(top: Path) -> str | None:
    """GITMIG_PYTHON, else that of a virtual environment in ``top``, else the active conda environment's."""
    named = os.environ.get("GITMIG_PYTHON")
    if named:
        return named
    folders = [top / name for name in _PLACES]
    if os.environ.get("UV_PROJECT_ENVIRONMENT"):
        folders.insert(0, top / os.environ["UV_PROJECT_ENVIRONMENT"])
    if os.environ.get("CONDA_PREFIX"):
        folders.append(Path(os.environ["CONDA_PREFIX"]))
    for folder in folders:
        for inside in ("bin/python", "Scripts/python.exe", "python.exe"):
            if (folder / inside).is_file():
                return str(folder / inside)
    return None


if __name__ == "__main__":
    sys.exit(main())
