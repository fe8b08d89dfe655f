"""The parent's side of the child process in which user code runs.

The child is `gitmig.cli.child`: one JSON request on stdin, one JSON answer on stdout. It starts importing SQLAlchemy before the request
is there, so a caller that will surely need it (the hook) starts it first and looks around meanwhile.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gitmig import errors
from gitmig.adapters.difference import Comparing, Difference
from gitmig.adapters.gitrepo import Repository, discover, split_nul
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.spawn import start_child
from gitmig.errors import GitmigError
from gitmig.ports import Tree


@dataclass(frozen=True, slots=True)
class Watch:
    """What the answer rests on: ``files`` opened, module ``names`` asked for, ``folders`` listed; paths from the repository's top."""

    files: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The job's ``result`` and what it rests on."""

    result: dict[str, Any]
    watch: Watch


class Child:
    """One child process, importing SQLAlchemy while it waits for its request. Ends with `ask` or `end`."""

    def __init__(self, process: subprocess.Popen[bytes] | None = None) -> None:
        """``process`` was started by `start_child` already."""
        self._process = process if process is not None else start_child()

    def ask(
        self,
        job: str,
        request: Mapping[str, Any],
        *,
        project_root: str | os.PathLike[str],
        repository: Repository | None = None,
        oid: str | None = None,
        difference: Difference | None = None,
        allow_database: bool = False,
        seconds: float | None = None,
    ) -> Answer:
        """Send the one request and wait, ``seconds`` long where that is given. Raises what the job raised (any GitmigError), and
        DatabaseError where it took longer.

        With ``repository`` and ``difference`` user code sees the index (or the commit ``oid``), else the work tree.
        """
        payload = {
            "job": job,
            "request": request,
            "project_root": os.path.realpath(project_root),
            "allow_database": allow_database,
            "prefix": repository.prefix(project_root) if repository is not None else "",
            "oid": oid,
            "repository": repository.describe() if repository is not None else None,
            "difference": difference.to_json() if difference is not None else None,
        }
        try:
            out, _ = self._process.communicate(json.dumps(payload).encode(), timeout=seconds)
        except subprocess.TimeoutExpired:
            self.end()
            raise errors.DatabaseError(
                f"there was no answer within {seconds:.0f} seconds", "Is the database running, and are host and port right?"
            ) from None
        except BaseException:
            self.end()
            raise
        answer = _read(out, self._process.returncode)
        if repository is not None and difference is not None:
            _refuse_moved_links(repository, oid, answer.watch)
        return answer

    def end(self) -> None:
        """Stop the process if it runs."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def call(
    job: str,
    request: Mapping[str, Any],
    *,
    project_root: str | os.PathLike[str],
    tree_spec: Mapping[str, Any] | None = None,
    allow_database: bool = False,
    seconds: float | None = None,
) -> dict[str, Any]:
    """Run one job of `gitmig.commands.jobs.JOBS` in a child and return its result; ``seconds`` is how long it may take.

    ``tree_spec`` says which files user code sees: ``{"kind": "worktree"}`` (the default), ``{"kind": "index"}`` or
    ``{"kind": "commit", "oid": "..."}``. Raises what the job raised; GitError when a kind other than the work tree finds no repository.
    """
    kind = (tree_spec or {}).get("kind", "worktree")
    if kind == "worktree":
        return Child().ask(job, request, project_root=project_root, allow_database=allow_database, seconds=seconds).result
    child = Child()
    try:
        repository = discover(project_root)
        oid = None if tree_spec is None or kind == "index" else str(tree_spec["oid"])
        difference = Comparing(repository, oid).result()
        return child.ask(
            job,
            request,
            project_root=project_root,
            repository=repository,
            oid=oid,
            difference=difference,
            allow_database=allow_database,
            seconds=seconds,
        ).result
    except BaseException:
        child.end()
        raise


@dataclass(slots=True)
class _Running:
    tree: Tree | None = None
    root: str = ""


_running = _Running()


def child_tree() -> Tree:
    """In the child: the files of the project as the running job is to see them (`DiskTree` or `GitTree`), rooted at the project."""
    if _running.tree is None:
        raise RuntimeError("no job is running in this process")
    return _running.tree


def child_root() -> str:
    """In the child: the project's root, absolute."""
    return _running.root


def enter(tree: Tree, root: str) -> None:
    """In the child: what `child_tree` and `child_root` answer."""
    _running.tree = tree
    _running.root = root


def git_tree(repository: Repository, prefix: str, oid: str | None) -> GitTree:
    """In the child: the tree of the index, or of the commit ``oid``."""
    return GitTree(repository, prefix, oid=oid)


def error_to_json(error: GitmigError) -> dict[str, Any]:
    """An error as it crosses the border; `error_from_json` reads it."""
    return {
        "class": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "exit_code": error.exit_code,
    }


def error_from_json(data: Mapping[str, Any]) -> GitmigError:
    """The error of the same class where `gitmig.errors` has it, else a GitmigError with the same exit code."""
    kind = getattr(errors, data["class"], None)
    if isinstance(kind, type) and issubclass(kind, GitmigError):
        error = GitmigError.__new__(kind)
        GitmigError.__init__(error, data["message"], data["hint"])
    else:
        error = GitmigError(data["message"], data["hint"])
        error.exit_code = data["exit_code"]
    return error


def _refuse_moved_links(repository: Repository, oid: str | None, watch: Watch) -> None:
    """Folders are reached by the links on disk. Raises CheckFailed where the tree has such a link point elsewhere."""
    links = [path for path in watch.files if not path.endswith(".py") and os.path.islink(os.path.join(repository.top, path))]
    if not links:
        return
    against = () if oid is None else (oid,)
    moved = split_nul(
        repository.git("diff", *against, "--name-only", "-z", "--no-renames", "--", *(f":(top,literal){each}" for each in links))
    )
    if moved:
        where = "in the commit" if oid is None else f"in {oid[:12]}"
        raise errors.CheckFailed(
            f"the models are reached by the symbolic link {moved[0]}, which points elsewhere {where} than on disk",
            f"Make the two agree (git add {moved[0]}, or git restore {moved[0]}).",
        )


def _read(out: bytes, code: int) -> Answer:
    try:
        answer = json.loads(out)
    except ValueError:
        how = f"was ended by signal {-code}" if code < 0 else f"ended itself with exit code {code}"
        raise GitmigError(
            f"the process that imports the models {how} before it answered",
            "Something in the imported code ends the process (os._exit, a crash in a C module); import it by hand to see.",
        ) from None
    if "error" in answer:
        raise error_from_json(answer["error"])
    watch = answer["watch"]
    return Answer(answer["result"], Watch(tuple(watch["files"]), tuple(watch["names"]), tuple(watch["folders"])))
