"""What is told when the user's code cannot be imported: their own line, and the way on."""

from __future__ import annotations

import os
import shlex
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from gitmig.config import Config
from gitmig.errors import GitmigError, ModelsError, redact
from gitmig.ports import Tree

SKIP = "To commit without gitmig this once: `GITMIG=0 git commit ...`."


@contextmanager
def importing(
    doing: str,
    config: Config,
    tree: Tree,
    *,
    wanted: str | None = None,
    passing: tuple[type[Exception], ...] = (),
) -> Iterator[None]:
    """Turn whatever user code raises in the block into a ModelsError that begins with ``doing``; ``passing`` goes through.

    ``wanted`` is the module that configuration names: if that very one is missing, configuration is what is wrong.
    """
    try:
        yield
    except (Exception, SystemExit) as error:
        if isinstance(error, (GitmigError, *passing)):
            raise
        if os.environ.get("GITMIG_TRACEBACK"):
            sys.stderr.write(redact("".join(traceback.format_exception(error))))
        raise _told(doing, error, config, tree, wanted) from error


def _told(doing: str, error: BaseException, config: Config, tree: Tree, wanted: str | None) -> ModelsError:
    line = user_line(error, config.root, tree)
    place = f" ({line})" if line else ""
    match error:
        case ModuleNotFoundError(name=str() as name) if (
            wanted is not None and (wanted == name or wanted.startswith(f"{name}.")) and not line
        ):
            return ModelsError(f"{doing}: there is no module {name}", _missing_hint(name, config, tree, configured=True))
        case ModuleNotFoundError(name=str() as name):
            return ModelsError(f"{doing}: there is no module {name}{place}", f"{_missing_hint(name, config, tree)} {SKIP}")
        case SyntaxError():
            return ModelsError(f"{doing}: {error.msg}{place}", f"Correct that line. {SKIP}")
        case KeyError(args=(str() as variable,)) if _from_environment(error):
            hint = f"Set it: `export {variable}=...`. {SKIP}"
            return ModelsError(f"{doing}: it needs the environment variable {variable}, which is unset{place}", hint)
        case SystemExit():
            return ModelsError(
                f"{doing}: it ends the process by sys.exit({error.code!r}){place}", f'Guard it with `if __name__ == "__main__":`. {SKIP}'
            )
        case _ if _sealed(error):
            return ModelsError(
                f"{doing}: it connects to a database while it is imported{place}",
                f'Connect inside a function, or guard it with `if __name__ == "__main__":`. {SKIP}',
            )
        case _:
            text = str(error).strip().partition("\n")[0]
            return ModelsError(f"{doing}: {type(error).__name__}{f': {text}' if text else ''}{place}", f"Correct that line. {SKIP}")


def user_line(error: BaseException, root: str, tree: Tree) -> str | None:
    """ "app/models.py:12: the line" of the innermost frame in the project's own files; None where no frame is theirs."""
    if isinstance(error, SyntaxError) and error.filename and error.lineno:
        path = own_path(error.filename, root)
        if path is not None:
            return _with_text(path, error.lineno, tree)
    frames = [(frame.filename, frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    for filename, number in reversed(frames):
        path = own_path(filename, root)
        if path is not None and number is not None:
            return _with_text(path, number, tree)
    return None


def own_path(filename: str, root: str) -> str | None:
    """The path of one of the project's own files relative to its root, posix; None for what is installed or lies elsewhere."""
    # Resolving costs system calls, and most modules of a process come from elsewhere.
    top = _resolved(root)
    if f"{os.sep}site-packages{os.sep}" in filename or not filename.startswith((root, str(top))):
        return None
    path, prefix = Path(filename).resolve(), _resolved(sys.prefix)
    installed = prefix != top and prefix.is_relative_to(top) and path.is_relative_to(prefix)
    return None if installed or not path.is_relative_to(top) else path.relative_to(top).as_posix()


@lru_cache(maxsize=4)
def _resolved(path: str) -> Path:
    return Path(path).resolve()


def _with_text(path: str, number: int, tree: Tree) -> str:
    try:
        lines = tree.read(path).decode("utf-8", "replace").splitlines()
    except OSError:
        lines = []
    text = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    return f"{path}:{number}: {text}" if text else f"{path}:{number}"


def _missing_hint(name: str, config: Config, tree: Tree, *, configured: bool = False) -> str:
    inside = name.replace(".", "/")
    for root in ("", *(f"{each}/" for each in config.prepend_sys_path if each != ".")):
        for path in (f"{root}{inside}.py", f"{root}{inside}/__init__.py"):
            if Path(config.root, path).is_file() and not tree.exists(path):
                return f"{path} is not in git's index: `git add {shlex.quote(path)}`."
    if configured:
        return f"Correct `models` there; modules are looked for in {config.root} and in `prepend_sys_path`."
    return f"Install it for {sys.executable}, which is the Python that runs gitmig."


def _from_environment(error: BaseException) -> bool:
    """A KeyError that os.environ raised: its innermost frame is os.py's own."""
    frames = traceback.extract_tb(error.__traceback__)
    return bool(frames) and frames[-1].name == "__getitem__" and frames[-1].filename in (os.__file__, "<frozen os>")


def _sealed(error: BaseException | None) -> bool:
    seen = 0
    while error is not None and seen < 20:
        if type(error).__name__ == "Sealed" or type(getattr(error, "orig", None)).__name__ == "Sealed":
            return True
        error, seen = error.__cause__ or error.__context__, seen + 1
    return False
