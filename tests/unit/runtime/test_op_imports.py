"""What `import gitmig.op` costs a script: SQLAlchemy, the operations, and nothing of what runs, prints or reads them."""

from __future__ import annotations

import subprocess
import sys

_NEEDED = {"errors", "op", "ops", "runtime", "schema", "ddl"}
_SHOWN = """
import sys, sqlalchemy
before = set(sys.modules)
import gitmig.op
print("\\n".join(sorted(set(sys.modules) - before)))
"""


def imported() -> set[str]:
    done = subprocess.run([sys.executable, "-c", _SHOWN], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_op_imports_nothing_but_operations_and_what_builds_them() -> None:
    names = imported()
    others = {name for name in names if name.partition(".")[0] != "gitmig"}
    assert others <= {"typing_extensions", "sqlalchemy.ext", "sqlalchemy.ext.compiler"}
    assert {name.split(".")[1] for name in names if name.startswith("gitmig.")} == _NEEDED
    # How each database says it, and who carries it out, is for the run.
    assert {name for name in names if name.startswith("gitmig.ddl.")} == {
        "gitmig.ddl.literals",
        "gitmig.ddl.needs",
        "gitmig.ddl.statement",
        "gitmig.ddl.writers",
    }
    assert not {f"gitmig.runtime.{each}" for each in ("executor", "printer", "recorder", "runner", "migrationcontext")} & names
