"""Every revision file of a project as values: where the files are, their headers, and the graph that they make."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from gitmig.config import Config
from gitmig.errors import ConfigError, RevisionFileError
from gitmig.graph import BrokenGraph, Node, RevisionGraph
from gitmig.ports import Entry, Tree
from gitmig.revision import Revision
from gitmig.script.header import Header, check_id, read_compiled, read_header

T = TypeVar("T")
Locate = Callable[[str, str], str | None]
"""The folder of ``path`` inside the importable package of that name, or None."""

_LEGACY = re.compile(r"[a-f0-9]+")
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")


@dataclass(frozen=True, slots=True)
class Revisions:
    """The revisions of a tree: their graph, and by id what each file says. Orders are those of the files."""

    graph: RevisionGraph
    by_id: Mapping[str, Revision]
    headers: Mapping[str, Header]


class HeaderReader(Protocol):
    """Reads many headers at once; an adapter does it with a cache."""

    def read(self, tree: Tree, entries: Sequence[Entry]) -> Sequence[Header | RevisionFileError]:
        """The headers of ``entries`` in their order; in the place of a file that cannot be read, the error."""
        ...


class PlainReader:
    """Reads each file, one after the other."""

    def read(self, tree: Tree, entries: Sequence[Entry]) -> Sequence[Header | RevisionFileError]:
        return [read_one(tree, entry.path) for entry in entries]


def read_one(tree: Tree, path: str) -> Header | RevisionFileError:
    """The header of one file, or what is wrong with it."""
    return header_of(lambda: tree.read(path), path)


def header_of(read: Callable[[], bytes], path: str) -> Header | RevisionFileError:
    """The header of the file at ``path``, whose content ``read`` gives, or what is wrong with it."""
    try:
        content = read()
    except OSError as error:
        return RevisionFileError(f"{path}: cannot be read: {error.strerror or error}", "Correct its permissions.")
    try:
        return read_header(content, path) if path.endswith(".py") else read_compiled(content, path)
    except RevisionFileError as error:
        return error


def load_revisions(tree: Tree, config: Config, cache: HeaderReader | None = None, locate: Locate | None = None) -> Revisions:
    """Read every revision file below the version locations of ``config``.

    ``locate`` finds installed packages for locations of the form ``package:path``. Raises RevisionFileError naming every file
    that cannot be read, GraphError where they make no graph, ConfigError for a package that cannot be found.
    """
    entries = revision_files(tree, config, locate)
    headers = (cache or PlainReader()).read(tree, entries)
    errors: list[RevisionFileError] = []
    files: dict[str, tuple[Header, Entry]] = {}
    nodes: list[Node] = []
    for entry, header in zip(entries, headers, strict=True):
        if isinstance(header, RevisionFileError):
            errors.append(header)
            continue
        id = header.id
        if id is None:
            try:
                id = _id_by_name(entry.path)
            except RevisionFileError as error:
                errors.append(error)
                continue
        nodes.append(Node(id, header.down, header.depends_on, header.labels, entry.path))
        files[id] = (header, entry)
    if errors:
        raise _together(errors)
    return Revisions(_graph(nodes, tree), _ById(files), _Headers(files))


class _Files(Mapping[str, T]):
    """Views of the files by id, made when they are asked for: `heads` asks for a few of thousands."""

    __slots__ = ("_files",)

    def __init__(self, files: Mapping[str, tuple[Header, Entry]]) -> None:
        self._files = files

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    def __contains__(self, id: object) -> bool:
        return id in self._files


class _ById(_Files[Revision]):
    __slots__ = ()

    def __getitem__(self, id: str) -> Revision:
        header, entry = self._files[id]
        return Revision(id, header.down, header.labels, header.depends_on, entry.path, header.doc, header.longdoc, entry.oid)


class _Headers(_Files[Header]):
    __slots__ = ()

    def __getitem__(self, id: str) -> Header:
        return self._files[id][0]


def _id_by_name(path: str) -> str:
    """Before Alembic 0.2 a file's name was its id."""
    stem = path.rpartition("/")[2].partition(".")[0]
    if _LEGACY.fullmatch(stem) is None:
        raise RevisionFileError(f"{path}: has no `revision`", 'Add `revision = "<id>"`, or move the file elsewhere.')
    check_id(stem, path)
    return stem


def _together(errors: Sequence[RevisionFileError]) -> RevisionFileError:
    if len(errors) == 1:
        return errors[0]
    lines = "".join(f"\n  {error.message}" for error in errors)
    return RevisionFileError(f"{len(errors)} revision files cannot be read:{lines}", "Correct or delete them.")


def _graph(nodes: Sequence[Node], tree: Tree) -> RevisionGraph:
    try:
        return RevisionGraph(nodes)
    except BrokenGraph as broken:
        # Only now do lines matter: the same error once more, with the line of each field in its file's name.
        lined = [_with_line(node, broken.field, tree) if node.id in broken.ids else node for node in nodes]
        return RevisionGraph(lined)


def _with_line(node: Node, field: str, tree: Tree) -> Node:
    from gitmig.script.edit import line_of

    if not node.source.endswith(".py"):
        return node
    line = line_of(tree.read(node.source), field, node.source)
    return node if line is None else Node(node.id, node.down, node.depends_on, node.labels, f"{node.source}:{line}")


# -- where the files are -------------------------------------------------------------------------------------------------


def version_folders(tree: Tree, config: Config, locate: Locate | None = None) -> tuple[str, ...]:
    """The folders that hold revision files, each once: `version_locations`, else ``versions`` in `script_location`.

    Relative to the tree's root, or absolute. Raises ConfigError for a package that cannot be found.
    """
    written = config.version_locations or (f"{config.script_location.rstrip('/')}/versions",)
    return tuple(dict.fromkeys(_folder(tree, config, each, locate) for each in written))


def script_folder(tree: Tree, config: Config, locate: Locate | None = None) -> str:
    """The folder of env.py and the template. Raises ConfigError for a package that cannot be found."""
    return _folder(tree, config, config.script_location, locate)


def _folder(tree: Tree, config: Config, written: str, locate: Locate | None) -> str:
    if ":" in written and not written.startswith("/") and not _DRIVE.match(written):
        package, _, path = written.partition(":")
        return _in_package(tree, config, package, path.strip("/"), locate)
    folder = _relative(written.replace("\\", "/") if _DRIVE.match(written) else written, config.root)
    parts: list[str] = []
    for part in folder.split("/"):
        if part == ".." and parts and parts[-1] not in ("..", ""):
            parts.pop()
        elif part != "." and (part or not parts):
            parts.append(part)
    return "/".join(parts)


def _relative(folder: str, root: str) -> str:
    """``folder`` without the project's root in front, where it lies inside."""
    base = root.replace("\\", "/").rstrip("/")
    if folder == base:
        return "."
    return folder[len(base) + 1 :] if base and folder.startswith(f"{base}/") else folder


def _in_package(tree: Tree, config: Config, package: str, path: str, locate: Locate | None) -> str:
    inside = "/".join(part for part in (*package.split("."), path) if part)
    for start in ("", *config.prepend_sys_path, "src"):
        front = _relative(start, config.root).strip("/") if start else ""
        folder = inside if front in ("", ".") else f"{front}/{inside}"
        if tree.list(folder, recursive=True):
            return folder
    found = locate(package, path) if locate is not None else None
    if found is None:
        raise ConfigError(
            f"{config.source}: '{package}:{path}' names a folder in package '{package}', which cannot be found",
            "Install the package, or write the folder's path.",
        )
    return _relative(found.replace("\\", "/"), config.root)


def revision_files(tree: Tree, config: Config, locate: Locate | None = None) -> tuple[Entry, ...]:
    """The files that Alembic would take for revisions, location by location, by path."""
    found: dict[str, Entry] = {}
    for folder in version_folders(tree, config, locate):
        for entry in tree.list(folder, recursive=config.recursive_version_locations):
            path = entry.path
            if path not in found and is_revision_file(path, config.sourceless):
                found[path] = entry
        if config.sourceless:
            for entry in _cached_bytecode(tree, folder, found):
                found.setdefault(entry.path, entry)
    return tuple(found.values())


def is_revision_file(path: str, sourceless: bool) -> bool:
    """Whether Alembic would take a file of this name, in a folder of revisions, for one."""
    name = path[path.rfind("/") + 1 :]
    if name.startswith((".#", "__init__")):
        return False
    return name.endswith((".py", ".pyc", ".pyo")) if sourceless else name.endswith(".py")


def _cached_bytecode(tree: Tree, folder: str, found: Mapping[str, Entry]) -> list[Entry]:
    """What Python left in ``__pycache__`` of files whose source is gone."""
    folders = dict.fromkeys([folder, *(path.rpartition("/")[0] for path in found)])
    more: list[Entry] = []
    for each in folders:
        stems = {path.rpartition("/")[2].partition(".")[0] for path in found if path.rpartition("/")[0] == each}
        for entry in tree.list(f"{each}/__pycache__"):
            name = entry.path.rpartition("/")[2]
            if is_revision_file(entry.path, True) and name.partition(".")[0] not in stems:
                more.append(entry)
    return more
