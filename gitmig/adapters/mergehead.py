"""The other sides of the merge that is being committed."""

from __future__ import annotations

import os
import re
from pathlib import Path

from gitmig.adapters.gitrepo import Repository

_SIDE = re.compile(r"GITHEAD_([0-9a-f]{40,64})")


def other_sides(repository: Repository) -> tuple[str, ...]:
    """The commits that are merged into HEAD, in git's order; none where no merge is under way.

    In pre-merge-commit git has not written MERGE_HEAD yet: the sides are only in the names of variables (GITHEAD_<id>=<branch>).
    """
    try:
        return tuple(Path(repository.git_dir, "MERGE_HEAD").read_text("ascii").split())
    except FileNotFoundError:
        pass
    return tuple(found[1] for name in os.environ if (found := _SIDE.fullmatch(name)))
