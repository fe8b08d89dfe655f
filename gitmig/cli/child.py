"""The child process: user code runs here, behind the overlay, where no database can be reached unless the request allows it."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
from typing import TYPE_CHECKING, Any

from gitmig.adapters import child
from gitmig.errors import GitmigError, ModelsError

if TYPE_CHECKING:
    from gitmig.adapters.overlay import Snapshot


def main() -> None:
    """One request from stdin, one answer to stdout; what user code prints goes to stderr."""
    try:
        _serve()
    except KeyboardInterrupt:
        # The parent got the same signal and is the one to speak.
        os._exit(130)


def _serve() -> None:
    # A process of half a second, most of which makes classes that live on: collecting among them is a sixth of its time.
    gc.set_threshold(200_000, 20, 20)
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    missing = _warm()
    sys.dont_write_bytecode = True
    data = sys.stdin.buffer.read()
    with open(os.devnull, "rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    if not data:
        return
    answer = {"error": child.error_to_json(missing)} if missing is not None else answer_to(json.loads(data))
    sys.stdout.flush()
    out.write(json.dumps(answer).encode())
    out.flush()
    sys.stderr.flush()
    # User code may have left threads and exit handlers behind; the answer is given and nothing of theirs is waited for.
    os._exit(0)


def _warm() -> GitmigError | None:
    """Import what every job needs while the request is still being prepared: it is most of the time."""
    try:
        import sqlalchemy.orm  # noqa: F401

        import gitmig.commands.jobs  # noqa: F401
    except ImportError as error:
        return GitmigError(f"{sys.executable} cannot import {error.name}: {error}", f"{sys.executable} -m pip install gitmig brings it.")
    return None


def answer_to(payload: dict[str, Any]) -> dict[str, Any]:
    """Set the stage, run the job, and put its result or its error into an answer."""
    from gitmig.adapters.seal import seal_databases

    snapshot: Snapshot | None = None
    try:
        if payload["allow_database"]:
            # A scratch database has to be dropped, whatever happens.
            signal.signal(signal.SIGINT, signal.default_int_handler)
        else:
            seal_databases()
        snapshot = _enter(payload)
        from gitmig.commands.jobs import JOBS

        result = JOBS[payload["job"]](payload["request"])
    except GitmigError as error:
        return {"error": child.error_to_json(_untracked(error, snapshot) or error)}
    except (Exception, SystemExit) as error:
        return {"error": child.error_to_json(_untracked(error, snapshot) or _unexpected(error, payload))}
    return {"result": result, "watch": _watch(snapshot)}


def _enter(payload: dict[str, Any]) -> Snapshot | None:
    """The overlay, the project root on sys.path and as current folder, and the job's tree."""
    from gitmig.adapters.disk import DiskTree

    root = payload["project_root"]
    snapshot = None
    if payload["difference"] is not None:
        from gitmig.adapters import overlay
        from gitmig.adapters.difference import difference_from_json
        from gitmig.adapters.gitrepo import described

        repository = described(payload["repository"])
        os.environ.update(payload["repository"]["variables"])
        snapshot = overlay.Snapshot(repository, difference_from_json(payload["difference"]))
        overlay.install(snapshot, (root, os.path.join(root, "src")))
        child.enter(child.git_tree(repository, payload["prefix"], payload["oid"]), root)
    else:
        child.enter(DiskTree(root), root)
    if root not in sys.path:
        sys.path.insert(0, root)
    if os.path.isdir(root):
        os.chdir(root)
    return snapshot


def _watch(snapshot: Snapshot | None) -> dict[str, list[str]]:
    if snapshot is None:
        return {"files": [], "names": [], "folders": []}
    return {
        "files": sorted(snapshot.files),
        "names": sorted(snapshot.names),
        "folders": sorted(snapshot.folders),
    }


def _untracked(error: BaseException, snapshot: Snapshot | None) -> GitmigError | None:
    """A failed import that an untracked file would have satisfied, said as what it is."""
    if snapshot is None:
        return None
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ImportError) and seen.name is not None:
            name = seen.name if seen.name in snapshot.missed else _submodule(str(seen), seen.name, snapshot)
            if name is not None:
                where = _user_line(seen, snapshot.top)
                path = os.path.relpath(snapshot.missed[name], os.environ.get("GIT_PREFIX") or ".")
                return ModelsError(
                    f"{where or 'the project'} imports {name}, but {path} is not in the commit", f"Run: git add {_quoted(path)}"
                )
        seen = seen.__cause__ or seen.__context__
    return None


def _submodule(text: str, package: str, snapshot: Snapshot) -> str | None:
    """`from package import x` names the package in the error and the module only in its text."""
    for name in snapshot.missed:
        parent, _, tail = name.rpartition(".")
        if parent == package and f"'{tail}'" in text:
            return name
    return None


def _user_line(error: BaseException, top: str) -> str | None:
    import traceback

    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(top + os.sep)]
    return f"{os.path.relpath(frames[-1].filename, top)}:{frames[-1].lineno}" if frames else None


def _quoted(path: str) -> str:
    import shlex

    return shlex.quote(path)


def _unexpected(error: BaseException, payload: dict[str, Any]) -> GitmigError:
    where = _user_line(error, payload["project_root"])
    place = f" ({where})" if where else ""
    if isinstance(error, SystemExit):
        return GitmigError(
            f"the imported code ended the process by sys.exit({error.code!r}){place}",
            'Guard it with `if __name__ == "__main__":`.',
        )
    if os.environ.get("GITMIG_TRACEBACK"):
        import traceback

        traceback.print_exception(type(error), error, error.__traceback__)
    if where is None:
        return GitmigError(f"something went wrong inside: {type(error).__name__}: {error}", "GITMIG_TRACEBACK=1 shows where it happened.")
    return GitmigError(f"{type(error).__name__}: {error}{place}")
