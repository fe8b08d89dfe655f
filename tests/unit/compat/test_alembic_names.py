"""``import alembic`` in gitmig's process, with and without Alembic, and beside a folder of that name."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def run(code: str, folder: Path) -> str:
    """What ``code`` prints in a process of its own, after ``install()``, with ``folder`` first on the path."""
    start = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(ROOT)!r}]\nfrom gitmig.compat import alembic as shim; shim.install()\n"
    done = subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_op_and_context_are_the_live_modules(tmp_path: Path) -> None:
    code = """
from alembic import op, context
import alembic.op, alembic
import gitmig
print(op is gitmig.op is alembic.op, context is gitmig.context, alembic.__version__)
"""
    assert run(code, tmp_path) == "True True 1.20.1"


def test_names_can_be_taken_from_the_modules(tmp_path: Path) -> None:
    code = """
from alembic.op import create_table, add_column
from alembic.context import get_context
from alembic.operations import Operations, BatchOperations
from alembic.operations.base import BatchOperations as Same
from alembic.util.exc import CommandError
from alembic import util
from alembic.ddl.base import AddColumn, RenameTable
from gitmig.ddl import elements
print(BatchOperations is Same, util.CommandError is CommandError, AddColumn is elements.AddColumn)
"""
    assert run(code, tmp_path) == "True True True"


def test_a_folder_called_alembic_is_not_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "alembic" / "versions").mkdir(parents=True)
    (tmp_path / "alembic" / "__init__.py").write_text("raise SystemExit('the folder was imported')")
    assert run("from alembic import op; print(op.__name__)", tmp_path) == "gitmig.runtime.op"


def test_an_alembic_that_was_imported_before_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "alembic").mkdir()
    (tmp_path / "alembic" / "__init__.py").write_text("")
    (tmp_path / "alembic" / "op.py").write_text("wrong = True")
    code = """
for name in [name for name in sys.modules if name.split('.')[0] == 'alembic']:
    del sys.modules[name]
sys.meta_path[:] = [each for each in sys.meta_path if type(each).__module__ != 'gitmig.compat.alembic']
import alembic.op
assert alembic.op.wrong
shim.install()
from alembic import op
print(hasattr(op, "wrong"))
"""
    assert run(code, tmp_path) == "False"


def test_what_is_not_there_says_so(tmp_path: Path) -> None:
    code = """
try:
    import alembic.nowhere
except ModuleNotFoundError as error:
    print(error)
"""
    assert run(code, tmp_path) == "No module named 'alembic.nowhere'"


def test_the_error_of_alembic_is_one_of_ours(tmp_path: Path) -> None:
    code = """
from alembic.util import CommandError, err
from gitmig.errors import GitmigError
try:
    err("no")
except GitmigError as error:
    print(isinstance(error, CommandError), error)
"""
    assert run(code, tmp_path) == "True no"
