"""Run in a history's folder: a proof of every merge revision that its people wrote. Prints one JSON line a merge.

python -m tests.corpus.merges DIALECT
"""

from __future__ import annotations

import json
import sys
from itertools import combinations
from pathlib import Path

from gitmig.commands.project import Options, open_project
from gitmig.commands.proving import proofs, told
from gitmig.commands.replayed import History
from gitmig.commands.revisions import project_revisions


def main(dialect: str) -> None:
    project = open_project(Options(config_files=("alembic.ini",)))
    revisions = project_revisions(project)
    history = History(project.config, project.tree, dialect, revisions=revisions, cache_dir=str(Path("cache").absolute()))
    for id in sorted(revisions.graph):
        parents = revisions.graph.down(id)
        if len(parents) > 1:
            for pair in combinations(parents, 2):
                (proof,) = proofs(history, pair, dialect)
                print(json.dumps({"merge": id, **told(proof)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
