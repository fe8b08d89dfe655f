"""What was last found clean, and whether what changed since can matter.

Files under the git directory: ``pre-commit.clean``, the index entries exactly as the shell hook compares them (hooks/pre-commit),
``pre-commit.state``, what each project rests on, and ``pre-commit.more``, what of it git has to be asked for beside `PATTERNS`: data files
that the models open and symbolic links that they are reached by. Losing any only costs time. Used before the interpreter has even read
site-packages, so this module imports nothing that is not built in.
"""

from __future__ import annotations

import marshal
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, TypedDict

    class Record(TypedDict):
        """What one clean project rests on; paths and folders from the repository's top, folders with a slash at the end.

        ``files``: opened while the models were imported, and symbolic links on the way. ``names``: modules asked for. ``folders``: folders
        that were listed. ``roots``: where top-level modules lie. ``own``: folders of the migrations, in which everything matters.
        """

        files: frozenset[str]
        names: frozenset[str]
        folders: frozenset[str]
        roots: tuple[str, ...]
        own: tuple[str, ...]

    class State(TypedDict):
        """The records of a repository's projects by their prefix ("" or "folder/"), and what wrote them."""

        format: int
        written_by: str
        projects: dict[str, Record]


PATTERNS = ("*.py", "*.mako", "*.ini", "*.toml", "*.lock", "*requirements*.txt", "*Pipfile")
"""The files that can matter, as hooks/pre-commit asks git for them."""
_LISTED = (".py", ".mako", ".ini", ".toml", ".lock")
CONFIGURATION = ("pyproject.toml", "gitmig.ini", "alembic.ini")
FORMAT = 2
_CLEAN, _STATE, _MORE, _CHECKOUT = "pre-commit.clean", "pre-commit.state", "pre-commit.more", "checkout"
_MANY = 500
"""Paths that fit onto a command line with room to spare."""


def signature() -> str:
    """The interpreter and the gitmig that a state is worth something to."""
    import sys

    from gitmig import __version__

    return f"{__version__} {sys.version}"


def read_state(folder: str) -> tuple[bytes, State] | None:
    """The entries last found clean and what they rest on; None when there is nothing usable."""
    try:
        with open(os.path.join(folder, _CLEAN), "rb") as file:
            entries = file.read()
        with open(os.path.join(folder, _STATE), "rb") as file:
            state: Any = marshal.loads(file.read())
    except (OSError, ValueError, EOFError, TypeError):
        return None
    if not isinstance(state, dict) or state.get("format") != FORMAT or state.get("written_by") != signature():
        return None
    return entries, state  # type: ignore[return-value]


def read_more(folder: str) -> list[str]:
    """The pathspecs that the entries were listed by beside `PATTERNS`."""
    try:
        with open(os.path.join(folder, _MORE), "rb") as file:
            return os.fsdecode(file.read()).splitlines()
    except OSError:
        return []


def more_of(projects: Mapping[str, Record]) -> list[str] | None:
    """Those for what ``projects`` rest on; None where they are too many, or a name cannot be written on a line."""
    paths = {path for record in projects.values() for path in record["files"] if not path.endswith(_LISTED)}
    if len(paths) > _MANY or any("\n" in path for path in paths):
        return None
    return [f":(top,literal){path}" for path in sorted(paths)]


def write_state(folder: str, entries: bytes, projects: Mapping[str, Record], more: Iterable[str] = ()) -> None:
    """Remember ``entries`` as clean, listed by ``more`` beside `PATTERNS`.

    A git directory that cannot be written costs time at the next commit and nothing else.
    """
    state = {"format": FORMAT, "written_by": signature(), "projects": dict(projects)}
    try:
        os.makedirs(folder, exist_ok=True)
        forget(folder)
        lines = "".join(f"{each}\n" for each in more)
        if lines:
            _replace(os.path.join(folder, _MORE), os.fsencode(lines))
        _replace(os.path.join(folder, _STATE), marshal.dumps(state))
        _replace(os.path.join(folder, _CLEAN), entries)
    except OSError:
        return


def write_entries(folder: str, entries: bytes) -> None:
    """Remember that ``entries`` differ from the last clean ones in nothing that matters."""
    try:
        _replace(os.path.join(folder, _CLEAN), entries)
    except OSError:
        return


def write_places(folder: str, pathspecs: Iterable[str]) -> None:
    """What the post-checkout hook compares between two commits. Raises OSError."""
    os.makedirs(folder, exist_ok=True)
    _replace(os.path.join(folder, _CHECKOUT), "".join(f"{each}\n" for each in pathspecs).encode())


def forget(folder: str) -> None:
    """Make the next commit look at everything."""
    for name in (_CLEAN, _STATE, _MORE, _CHECKOUT):
        try:
            os.unlink(os.path.join(folder, name))
        except FileNotFoundError:
            continue


def changed_paths(old: bytes, new: bytes) -> dict[str, bool]:
    """The paths whose entries differ, each with whether it is in only one of the two."""
    before, after = set(old.split(b"\0")), set(new.split(b"\0"))
    gone, come = ({os.fsdecode(line.partition(b"\t")[2]) for line in lines} for lines in (before - after, after - before))
    return {path: (path in gone) != (path in come) for path in gone | come}


def stale_projects(projects: Mapping[str, Record], changed: Mapping[str, bool]) -> list[str] | None:
    """The prefixes of the projects that must be looked at again; None when the set of projects itself may have changed."""
    for path in changed:
        folder, _, name = path.rpartition("/")
        if name in CONFIGURATION and (f"{folder}/" if folder else "") not in projects:
            return None
    return [prefix for prefix, record in projects.items() if any(_matters(path, alone, prefix, record) for path, alone in changed.items())]


def specs_of(projects: Mapping[str, Record]) -> list[str]:
    """The folders of the migrations, as git is asked for them."""
    return [f":(top,literal){folder}" if folder else ":(top)" for record in projects.values() for folder in record["own"]]


def keeps_revisions(projects: Mapping[str, Record]) -> bool:
    """Whether the index has the migrations as HEAD has them, new files aside."""
    asked = ("git", "diff", "--cached", "--quiet", "--no-renames", "--diff-filter=DMT", "HEAD", "--", *specs_of(projects))
    # `subprocess` would cost more than git does here; without spawnvp (Windows) the commit is looked at, which is only slower.
    return hasattr(os, "spawnvp") and os.spawnvp(os.P_WAIT, "git", asked) == 0


def _matters(path: str, alone: bool, prefix: str, record: Record) -> bool:
    if path in record["files"] or path.startswith(record["own"]):
        return True
    if not path.endswith(".py"):
        folder = path[: path.rfind("/") + 1]
        name = path[len(folder) :]
        # A lock file above the project may be its own; a configuration file only beside it.
        return folder == prefix if name.endswith((".ini", ".toml", ".mako")) else prefix.startswith(folder)
    return alone and (path.startswith(tuple(record["folders"])) or any(_found_as(path, root, record) for root in record["roots"]))


def _found_as(path: str, root: str, record: Record) -> bool:
    """Whether a file that came or went could answer (or have answered) one of the imports."""
    if not path.startswith(root):
        return False
    module = path[len(root) : -3].removesuffix("/__init__")
    parts = module.split("/")
    if ".".join(parts) in record["names"]:
        return True
    for count in range(1, len(parts)):
        # The first file of a folder makes it a namespace package; one that was imported from already is known.
        folder = root + "/".join(parts[:count]) + "/"
        if ".".join(parts[:count]) in record["names"] and not any(file.startswith(folder) for file in record["files"]):
            return True
    return False


def _replace(path: str, content: bytes) -> None:
    temporary = f"{path}.{os.getpid()}"
    try:
        with open(temporary, "wb") as file:
            file.write(content)
        os.replace(temporary, path)
    except OSError:
        if os.path.exists(temporary):
            os.unlink(temporary)
        raise


def record(*, files: Iterable[str], names: Iterable[str], folders: Iterable[str], roots: Iterable[str], own: Iterable[str]) -> Record:
    """What a project rests on. ``folders`` come without a slash at the end ("" is the top of the repository)."""
    return {
        "files": frozenset(files),
        "names": frozenset(names),
        "folders": frozenset(f"{folder}/" if folder else "" for folder in folders),
        "roots": tuple(roots),
        "own": tuple(own),
    }
