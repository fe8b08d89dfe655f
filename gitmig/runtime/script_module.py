"""Revision files as Python modules, run once each when their turn comes."""

from __future__ import annotations

import os
import re
import traceback
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from gitmig.adapters.codecache import CodeCache
from gitmig.adapters.database import driver_words, recognised
from gitmig.adapters.githead import blob_id
from gitmig.adapters.stopping import StopAsked
from gitmig.errors import DatabaseError, GitmigError, RevisionFileError
from gitmig.graph import RevisionGraph
from gitmig.revision import Revision
from gitmig.script.timeouts import Timeouts, read_timeouts

Direction = Literal["upgrade", "downgrade"]
_NO_NAME = re.compile(r"\W")
_RETURN = "Write `return` where its work is done, or raise an exception where it cannot be done."


@dataclass(frozen=True, slots=True)
class Scripts:
    """The revision files of a project. ``root`` is the project's root, to which paths of revisions are relative."""

    graph: RevisionGraph
    revisions: Mapping[str, Revision]
    root: Path
    cache: CodeCache = field(default_factory=lambda: CodeCache(None), repr=False, compare=False)
    modules: Mapping[str, types.ModuleType] = field(default_factory=dict, repr=False, compare=False)
    """Files that were run already."""
    _sources: dict[str, bytes] = field(default_factory=dict, repr=False, compare=False)

    @property
    def revision_map(self) -> Scripts:
        """Where steps find their revisions."""
        return self

    def get_revision(self, id: str) -> Revision:
        """The header of the file of that revision."""
        return self.revisions[id]

    def path(self, id: str) -> str:
        return os.path.join(self.root, self.revisions[id].path)

    def source(self, id: str) -> bytes:
        """The file's content. Raises RevisionFileError where it is gone."""
        if id not in self._sources:
            try:
                with open(self.path(id), "rb") as file:
                    self._sources[id] = file.read()
            except OSError as error:
                raise RevisionFileError(f"{self.revisions[id].path}: cannot be read ({error.strerror})") from error
        return self._sources[id]

    def timeouts(self, id: str) -> Timeouts:
        """What the file says of timeouts. Raises RevisionFileError for what cannot be read."""
        return read_timeouts(self.source(id), self.revisions[id].path)

    def blob(self, id: str) -> str:
        """The git blob id of the file as it is on disk."""
        return blob_id(self.source(id))

    def module(self, id: str) -> types.ModuleType:
        """The file, run as a module of its own that is not in ``sys.modules``. Raises ScriptFailed for what it raises."""
        if id in self.modules:
            return self.modules[id]
        path = self.path(id)
        module = types.ModuleType(_NO_NAME.sub("_", os.path.splitext(os.path.basename(path))[0]))
        module.__file__ = path
        code = self._code(id, path)
        with script_errors(self.revisions[id], path, "its body"):
            exec(code, module.__dict__)
        return module

    def _code(self, id: str, path: str) -> types.CodeType:
        source = self.source(id)
        if path.endswith((".pyc", ".pyo")):
            import marshal

            code = marshal.loads(source[16:])
            assert isinstance(code, types.CodeType)
            return code
        try:
            return self.cache.compiled(source, path, self.blob(id))
        except SyntaxError as error:
            raise RevisionFileError(
                f"{self.revisions[id].path}:{error.lineno}: does not parse: {error.msg}", "Correct the file."
            ) from error

    def function(self, id: str, direction: Direction) -> Callable[..., Any]:
        """``upgrade`` or ``downgrade`` of the file. Raises RevisionFileError where it has none."""
        found = getattr(self.module(id), direction, None)
        if not callable(found):
            raise RevisionFileError(
                f"{self.revisions[id].path}: has no function {direction}(), which revision '{id}' needs now",
                f"Write `def {direction}() -> None:` in it.",
            )
        return found  # type: ignore[no-any-return]


class ScriptFailed(DatabaseError):
    """A revision's code raised. ``where`` is "path:line", ``reason`` one line."""

    def __init__(self, revision: Revision, where: str, what: str, reason: str, statement: str = "", hint: str = "") -> None:
        text = f", at the statement: {statement}" if statement else ""
        super().__init__(f"revision '{revision.id}' failed in {what} at {where}: {reason}{text}", hint)
        self.revision = revision
        self.where = where
        self.reason = reason


class RunStopped(DatabaseError):
    """A signal stopped the run."""


def refuse_unfinished(result: Any, direction: str) -> None:
    """Raises DatabaseError for the result of a function that only promises to run: it did nothing, and must not count as done."""
    if isinstance(result, types.CoroutineType):
        result.close()
        raise DatabaseError(
            f"{direction}() is an `async def` and did not run", "Write `def`, and give what is async to `op.run_async(function)`."
        )
    if isinstance(result, (types.GeneratorType, types.AsyncGeneratorType)):
        raise DatabaseError(f"{direction}() has a `yield` in it, so it did not run", "Take the `yield` out.")


class script_errors:
    """A context manager: what the script's own code raises inside becomes ScriptFailed (also what would end the process), a signal
    RunStopped; errors of ours pass, with the place added."""

    def __init__(self, revision: Revision, path: str, what: str) -> None:
        self._revision = revision
        self._path = path
        self._what = what

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: types.TracebackType | None) -> None:
        if error is None or isinstance(error, ScriptFailed):
            return
        where = self._where(trace)
        if isinstance(error, (KeyboardInterrupt, StopAsked)):
            raise RunStopped(f"stopped in {self._what} of revision '{self._revision.id}' at {where}") from error
        if isinstance(error, SystemExit):
            said = f"sys.exit({error.code!r})" if error.code is not None else "sys.exit()"
            raise ScriptFailed(self._revision, where, self._what, f"it ends the process by {said}", hint=_RETURN) from error
        if isinstance(error, GitmigError):
            if where not in error.message:
                error.message = f"{where}: {error.message}"
            return
        reason, statement = _reason(error)
        known = recognised(reason, bool(statement)) if hasattr(error, "orig") else None
        hint = ""
        if known is not None:
            reason, hint = f"the database {known[0]}: {reason}", known[1]
        raise ScriptFailed(self._revision, where, self._what, reason, statement, hint) from error

    def _where(self, trace: types.TracebackType | None) -> str:
        """The innermost line of the script that was running."""
        frames = traceback.walk_tb(trace)
        lines = [line for frame, line in frames if frame.f_code.co_filename == self._path]
        return f"{self._revision.path}:{lines[-1]}" if lines else self._revision.path


def _reason(error: BaseException) -> tuple[str, str]:
    """What went wrong in one line, and the statement at which it did, if it was one."""
    statement = getattr(error, "statement", None)
    if statement is not None and getattr(error, "orig", None) is not None:
        text = driver_words(error)
    else:
        words = " ".join(str(error).split())
        text = f"{type(error).__name__}: {words}" if words else type(error).__name__
    words = " ".join(str(statement).split()) if statement else ""
    return text, words if len(words) <= 200 else f"{words[:199]}…"
