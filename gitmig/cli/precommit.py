"""The pre-commit hook's way to the terminal, without click: it is part of every commit's time."""

from __future__ import annotations

import subprocess
import sys

from gitmig.adapters.child import Child
from gitmig.adapters.environ import environment, hooks_skipped, in_ci
from gitmig.adapters.gitrepo import discover
from gitmig.commands.hook import EditedSinceStaged, Surroundings, pre_commit
from gitmig.commands.hooktext import Report, edited_since, from_here
from gitmig.errors import GitmigError, redact

_INTERRUPTED = 130
_SKIP = "  To skip once: GITMIG=0 git commit ..."


def run(process: subprocess.Popen[bytes] | None = None) -> int:
    """Run the hook, show its lines on stderr, return its exit code. ``process`` is a child that was started ahead."""
    child = Child(process) if process is not None else None
    if hooks_skipped():
        if child is not None:
            child.end()
        return 0
    here = environment().get("GIT_PREFIX", "")
    report = Report(_INTERRUPTED)
    try:
        surroundings = Surroundings(ci=in_ci(), config=environment().get("GITMIG_CONFIG"), here=here)
        report = pre_commit(discover(), surroundings, child)
    except EditedSinceStaged as error:
        report = Report(error.exit_code, tuple(edited_since(from_here(error.path, here))))
    except GitmigError as error:
        if child is not None:
            child.end()
        lines = [f"gitmig: {error.message}.", *([f"  {error.hint}"] if error.hint else [])]
        report = Report(error.exit_code, (*lines, *([] if "GITMIG=0" in error.hint else [_SKIP])))
    except KeyboardInterrupt:
        if child is not None:
            child.end()
    if report.lines:
        print(redact("\n".join(report.lines)), file=sys.stderr, flush=True)
    return report.exit_code
