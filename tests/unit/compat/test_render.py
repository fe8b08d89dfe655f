"""Operation objects as Python: what Alembic writes for the same objects, to the letter.

Each tool renders in a process of its own, because both go by the name ``alembic``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]

RENDER = f"""
import json, sys, warnings
warnings.simplefilter("ignore")
sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]
if sys.argv[1] == "gitmig":
    from gitmig.compat import alembic as shim
    shim.install()
import rendercases as cases
from alembic.autogenerate import render_python_code
from alembic.operations import ops
from alembic.runtime.migration import MigrationContext

found = {{}}
for name, given in cases.CONTEXTS.items():
    keywords = dict(given)
    dialect = keywords.pop("dialect", None)
    if dialect:
        keywords["migration_context"] = MigrationContext.configure(dialect_name=dialect)
    for number, op in enumerate(cases.operations(ops)):
        found[f"{{name}} {{number}} {{type(op).__name__}}"] = render_python_code(ops.UpgradeOps([op]), **keywords)
    for container, make in cases.containers(ops).items():
        for batch in (False, True):
            found[f"{{name}} {{container}} batch={{batch}}"] = render_python_code(make(), render_as_batch=batch, **keywords)
print(json.dumps(found))
"""


@cache
def rendered(tool: str) -> dict[str, str]:
    done = subprocess.run([sys.executable, "-c", RENDER, tool], capture_output=True, text=True, check=False, cwd=HERE)
    assert done.returncode == 0, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


def corrected(text: str) -> str:
    """Alembic's text without two faults of it: a text() given as it is loses its call, and percent signs are doubled for the driver."""
    return text.replace("server_default=now())", "server_default=sa.text('now()'))").replace("a%%", "a%")


@pytest.mark.parametrize("context", ["default", "postgresql", "mysql", "prefixes"])
def test_gitmig_writes_what_alembic_writes(context: str) -> None:
    ours = {name: text for name, text in rendered("gitmig").items() if name.startswith(f"{context} ")}
    theirs = {name: corrected(text) for name, text in rendered("alembic").items() if name.startswith(f"{context} ")}
    if context == "prefixes":
        theirs = {name: text.replace("=sa.text('now()'))", "=sqlalchemy.text('now()'))") for name, text in theirs.items()}
    assert len(ours) > 70
    assert ours == theirs
