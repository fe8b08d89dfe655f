"""What the shell hook runs when the index is not the one last found clean: `python -S fastexit.py HOOK FORM`, the entries on stdin.

It ends here when nothing that changed can matter. Else it starts the child, which imports SQLAlchemy while the rest of gitmig is loaded.
"""

from __future__ import annotations

import gc
import os
import sys


def main() -> int:
    """The hook's exit code."""
    # Run as a script without site-packages: this folder is no place to import from, and gitmig's parent is one.
    gc.disable()
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [each for each in sys.path if os.path.abspath(each) != here]
    sys.path.append(os.path.dirname(os.path.dirname(here)))
    from gitmig.adapters import clean

    entries = sys.stdin.buffer.read()
    folder = os.path.join(os.environ.get("GIT_DIR") or ".git", "gitmig")
    known = clean.read_state(folder)
    stale = None
    if known is not None:
        stale = clean.stale_projects(known[1]["projects"], clean.changed_paths(known[0], entries))
        # What was clean once can still take a revision away that HEAD has got since.
        if stale == [] and clean.keeps_revisions(known[1]["projects"]):
            clean.write_entries(folder, entries)
            return 0
    from gitmig.adapters.spawn import start_child

    child = start_child()
    import site

    sys.path.pop()
    site.main()
    from gitmig.cli.githook import run

    # An older install gave neither.
    name, form = sys.argv[1:] or ("pre-commit", "")
    return run(name, process=child, form=form)


if __name__ == "__main__":
    try:
        code = main()
    except KeyboardInterrupt:
        code = 130
    sys.stderr.flush()
    # Taking the interpreter down in order would cost a commit some milliseconds and change nothing.
    os._exit(code)
