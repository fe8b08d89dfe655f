"""In a child process: a command on one of several databases."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import Any

from gitmig.commands.current import current
from gitmig.commands.downgrade import downgrade
from gitmig.commands.ensure_version import ensure_version
from gitmig.commands.project import Project
from gitmig.commands.running import RunOptions
from gitmig.commands.stamp import stamp
from gitmig.commands.upgrade import upgrade
from gitmig.errors import UsageError, redact
from gitmig.runtime.settings import Outcome


def work(project: Project, request: Mapping[str, Any]) -> dict[str, Any]:
    """``command`` is one of upgrade, downgrade, stamp, current, ensure-version; ``target`` a revision, for stamp a list; ``options`` are
    those of `RunOptions` that have a JSON form, ``quiet`` keeps progress back. Raises what the command raises."""
    name = str(project.config.database)
    quiet = bool(request.get("quiet"))

    def say(text: str) -> None:
        if not quiet:
            # One write a line: several processes share the terminal.
            sys.stderr.write("".join(f"[{name}] {line}\n" for line in redact(text).splitlines()))
            sys.stderr.flush()

    options = RunOptions(say=say, **request.get("options", {}))
    target: Any = request.get("target")
    match request["command"]:
        case "upgrade":
            return _told(upgrade(project, target, options))
        case "downgrade":
            return _told(downgrade(project, target, options))
        case "stamp":
            return _told(stamp(project, target, purge=bool(request.get("purge")), options=options))
        case "ensure-version":
            ensure_version(project, options)
            return {}
        case "current":
            place = current(project).to_json()
            return {**place, "database": redact(place["database"])}
        case other:
            raise UsageError(f"{other} is for one database", "Choose it with --database NAME.")


def _told(outcome: Outcome) -> dict[str, Any]:
    steps = [
        {"revision": done.revision, "direction": done.direction, "seconds": round(done.seconds, 6), "ran": done.ran}
        for done in outcome.done
    ]
    return {"database": redact(outcome.database), "before": list(outcome.before), "after": list(outcome.after), "steps": steps}
