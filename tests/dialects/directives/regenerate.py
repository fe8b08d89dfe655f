"""Writes the golden SQL anew: real Alembic, in a process of its own, runs every case in offline mode.

    python -m tests.dialects.directives.regenerate

The files stand beside this module, ``golden/DIALECT/FAMILY.sql``: each case under its title, the text to the letter. Where Alembic
raises, its exception's name stands in place of the rest. Run it when a case is added or another release of Alembic is the measure.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.dialects.directives.alembicoffline import alembics
from tests.dialects.directives.case import DIALECTS
from tests.dialects.directives.families import FAMILIES
from tests.dialects.directives.golden import GOLDEN, written


def main(folder: Path = GOLDEN) -> None:
    for dialect in DIALECTS:
        (folder / dialect).mkdir(parents=True, exist_ok=True)
        for family, cases in FAMILIES.items():
            texts = {title: alembics(case, dialect) for title, case in cases.items()}
            (folder / dialect / f"{family}.sql").write_bytes(written(texts).encode())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
