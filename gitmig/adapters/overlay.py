"""Importing the repository's modules as the index or a commit holds them, while the work tree stays as it is.

A path hook finds modules in folders of the repository, and a first entry of sys.meta_path looks again at what any other finder (an
editable install's) found there. Files that differ on disk are served from git, files that the tree lacks are not found, and byte code of
the repository is read only when it cannot be stale and never written: two edits of equal length within a second would otherwise run
the one and cache it as the other.
"""

from __future__ import annotations

import importlib.machinery
import importlib.util
import inspect
import linecache
import os
import pkgutil
import posixpath
import sys
from collections.abc import Callable, Iterator, Sequence
from importlib.machinery import ModuleSpec
from types import FrameType
from typing import Any, Literal

from gitmig.adapters.difference import Difference, Served
from gitmig.adapters.gitrepo import Blobs, Repository, relative_to

Where = Literal["disk", "hidden"]
_SYMLINK, _SUBMODULE = "120000", "160000"
_SURELY_OLDER = 1.0
"""Seconds by which byte code must be younger than its source to be believed; reading, compiling and writing take less."""


class Snapshot:
    """The repository's files as the tree holds them; keys are paths from the top."""

    def __init__(self, repository: Repository, difference: Difference) -> None:
        self.top = repository.top
        self.difference = difference
        self.names: set[str] = set()
        self.files: set[str] = set()
        self.folders: set[str] = set()
        self.missed: dict[str, str] = {}
        self.listing = False
        self._repository = repository
        self._blobs = Blobs(repository)
        self._real: dict[str, str] = {}
        self._children: dict[str, set[str]] = {}
        self._foreign = tuple(
            os.path.realpath(folder) + os.sep
            for folder in {sys.prefix, sys.exec_prefix, sys.base_prefix}
            if relative_to(self.top, os.path.realpath(folder)) not in (None, "")
        )
        for path in difference.served:
            while path:
                path, _, name = path.rpartition("/")
                self._children.setdefault(path, set()).add(name)

    def key(self, path: str) -> str | None:
        """The key of a path on disk, its folder's links resolved; None where it is not the repository's own."""
        folder, name = os.path.split(path)
        real = self._real.get(folder)
        if real is None:
            real = self._real[folder] = os.path.realpath(folder)
            if real != folder:
                self._follow(folder)
        path = os.path.join(real, name) if name else real
        if path.startswith(self._foreign) or f"{os.sep}site-packages{os.sep}" in path:
            return None
        return relative_to(self.top, path)

    def _follow(self, folder: str) -> None:
        """Remember the repository's own symbolic links on the way to ``folder``: where they point is part of what was found there."""
        way = ""
        for part in folder.split(os.sep):
            way = f"{way}{os.sep}{part}" if part else way
            if os.path.islink(way):
                key = relative_to(self.top, os.path.join(os.path.realpath(os.path.dirname(way)), part))
                if key:
                    self.files.add(key)

    def where(self, key: str) -> Served | Where:
        """Where the content of a file comes from, links followed inside the tree."""
        for _ in range(40):
            served = self.difference.served.get(key)
            if served is not None:
                if served.mode == _SUBMODULE:
                    return "disk"
                if served.mode != _SYMLINK:
                    return served
                target = posixpath.normpath(posixpath.join(posixpath.dirname(key), os.fsdecode(self.content(served))))
            elif key in self.difference.hidden:
                return "hidden"
            else:
                path = os.path.join(self.top, key)
                if not os.path.islink(path):
                    return "disk"
                target = relative_to(self.top, os.path.realpath(path)) or ".."
            if os.path.isabs(target) or target.startswith("..") or target == key:
                return "disk"
            self.files.add(target)
            key = target
        return "disk"

    def content(self, served: Served, path: str = "") -> bytes:
        """The bytes of a served file."""
        if served.filtered:
            return self._repository.git("cat-file", "--filters", f"--path={path}", served.oid)
        return self._blobs.read(served.oid)

    def children(self, key: str) -> set[str]:
        """The names in a folder: on disk without the hidden ones, and in the tree only."""
        found = set(self._children.get(key, ()))
        self.listing = True
        try:
            on_disk = os.listdir(os.path.join(self.top, key))
        except OSError:
            on_disk = []
        finally:
            self.listing = False
        start = f"{key}/" if key else ""
        found.update(name for name in on_disk if start + name not in self.difference.hidden)
        return found

    def is_folder(self, key: str) -> bool:
        return key in self._children or os.path.isdir(os.path.join(self.top, key))

    def close(self) -> None:
        self._blobs.close()


class TreeLoader(importlib.machinery.SourceFileLoader):
    """Loads one module of the repository; ``source`` is the tree's content where the disk has another."""

    def __init__(self, fullname: str, path: str, source: bytes | None) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_data(self, path: str) -> bytes:
        if self._source is not None and path == self.path:
            return self._source
        return super().get_data(path)

    def path_stats(self, path: str) -> Any:
        """An OSError tells importlib neither to read nor to write byte code."""
        if self._source is not None:
            raise OSError("this file comes from git")
        stats = super().path_stats(path)
        if os.stat(importlib.util.cache_from_source(path)).st_mtime - stats["mtime"] < _SURELY_OLDER:
            raise OSError("the byte code may be older than the source")
        return stats

    def source_to_code(self, data: Any, path: Any, **options: Any) -> Any:  # type: ignore[override]
        if self._source is not None:
            text = _lines(self._source)
            # Without a time of change linecache never compares with the disk: tracebacks show what ran.
            linecache.cache[path] = (len(self._source), None, text, path)
        return super().source_to_code(data, path, **options)


class TreeFinder:
    """Finds modules in one folder of the repository, as importlib.machinery.FileFinder does on disk."""

    def __init__(self, snapshot: Snapshot, folder: str, key: str) -> None:
        self.path = folder
        self.snapshot = snapshot
        self.key = key
        self._names: set[str] | None = None

    def find_spec(self, fullname: str, target: object = None) -> ModuleSpec | None:
        tail = fullname.rpartition(".")[2]
        names = self.names()
        folder = tail in names and self.snapshot.is_folder(self._join(tail))
        if folder:
            inside = self.snapshot.children(self._join(tail))
            for suffix in _SUFFIXES:
                if f"__init__{suffix}" in inside:
                    spec = self._spec(fullname, f"{tail}/__init__{suffix}", package=True)
                    if spec is not None:
                        return spec
        for suffix in _SUFFIXES:
            if tail + suffix in names:
                spec = self._spec(fullname, tail + suffix, package=False)
                if spec is not None:
                    return spec
        for name in (f"{tail}.py", f"{tail}/__init__.py"):
            if self._join(name) in self.snapshot.difference.hidden:
                self.snapshot.missed[fullname] = self._join(name)
        if folder:
            namespace = ModuleSpec(fullname, None)
            namespace.submodule_search_locations = [os.path.join(self.path, tail)]
            return namespace
        return None

    def invalidate_caches(self) -> None:
        self._names = None

    def names(self) -> set[str]:
        if self._names is None:
            self._names = self.snapshot.children(self.key)
        return self._names

    def modules(self, prefix: str = "") -> Iterator[tuple[str, bool]]:
        """(name, is a package) of the modules here, for pkgutil."""
        self.snapshot.folders.add(self.key)
        found: dict[str, bool] = {}
        for name in sorted(self.names()):
            module = _module_name(name)
            if module is not None and module != "__init__" and self.snapshot.where(self._join(name)) != "hidden":
                found.setdefault(module, False)
            elif "." not in name and self.snapshot.is_folder(self._join(name)):
                inside = self.snapshot.children(self._join(name))
                if any(_module_name(each) == "__init__" for each in inside):
                    found[name] = True
        for module, package in sorted(found.items()):
            yield prefix + module, package

    def _join(self, name: str) -> str:
        return f"{self.key}/{name}" if self.key else name

    def _spec(self, fullname: str, name: str, *, package: bool) -> ModuleSpec | None:
        key = self._join(name)
        path = os.path.join(self.path, *name.split("/"))
        where = self.snapshot.where(key)
        if where == "hidden":
            self.snapshot.missed[fullname] = key
            return None
        if where == "disk" and not os.path.isfile(path):
            return None
        loader: Any
        if name.endswith(tuple(importlib.machinery.EXTENSION_SUFFIXES)):
            loader = importlib.machinery.ExtensionFileLoader(fullname, path)
        elif name.endswith(".pyc"):
            loader = importlib.machinery.SourcelessFileLoader(fullname, path)
        else:
            loader = _loader(self.snapshot, fullname, path, key, where)
        return importlib.util.spec_from_file_location(
            fullname, path, loader=loader, submodule_search_locations=[os.path.dirname(path)] if package else None
        )


class Guard:
    """The first finder: whatever another one finds is looked at again, so that no file gets past the snapshot."""

    def __init__(self, snapshot: Snapshot, roots: Sequence[str]) -> None:
        self._snapshot = snapshot
        self._roots = roots

    def find_spec(self, fullname: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:
        self._snapshot.names.add(fullname)
        hidden = False
        for finder in list(sys.meta_path):
            find = getattr(finder, "find_spec", None)
            if finder is self or find is None:
                continue
            spec = find(fullname, path, target)
            if spec is None:
                continue
            looked = self._look(spec)
            if looked is not None:
                return looked
            hidden = True
        if path is None:
            for root in self._roots:
                spec = self._only_in_tree(root, fullname)
                if spec is not None:
                    return spec
        if hidden:
            # Returning None would let the next finder serve the very file.
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        return None

    def _look(self, spec: ModuleSpec) -> ModuleSpec | None:
        origin = spec.origin
        if origin is None or not spec.has_location or isinstance(spec.loader, TreeLoader):
            return spec
        key = self._snapshot.key(origin)
        if key is None:
            return spec
        where = self._snapshot.where(key)
        if where == "hidden":
            self._snapshot.missed[spec.name] = key
            return None
        if where == "disk" and type(spec.loader) is not importlib.machinery.SourceFileLoader:
            return spec
        return importlib.util.spec_from_file_location(
            spec.name,
            origin,
            loader=_loader(self._snapshot, spec.name, origin, key, where),
            submodule_search_locations=spec.submodule_search_locations,
        )

    def _only_in_tree(self, root: str, fullname: str) -> ModuleSpec | None:
        key = self._snapshot.key(os.path.join(root, ""))
        if key is None:
            return None
        spec = TreeFinder(self._snapshot, root, key).find_spec(fullname)
        return spec if spec is not None and spec.loader is not None else None


def install(snapshot: Snapshot, roots: Sequence[str]) -> None:
    """Let every import from now on see ``snapshot``. ``roots`` are the folders in which top-level modules of the project lie."""

    def hook(path: str) -> TreeFinder:
        folder = path or os.getcwd()
        key = snapshot.key(os.path.join(folder, ""))
        if key is None or os.path.isfile(folder):
            raise ImportError("not a folder of the repository", path=path)
        return TreeFinder(snapshot, folder, key)

    pkgutil.iter_importer_modules.register(TreeFinder, TreeFinder.modules)  # type: ignore[attr-defined]
    sys.path_hooks.insert(0, hook)
    for path in [each for each in sys.path_importer_cache if snapshot.key(os.path.join(each, "")) is not None]:
        del sys.path_importer_cache[path]
    sys.meta_path.insert(0, Guard(snapshot, roots))
    sys.addaudithook(_watcher(snapshot))


def _watcher(snapshot: Snapshot) -> Callable[[str, tuple[Any, ...]], None]:
    """Remembers which files of the repository are read and which of its folders are listed: what the models rest on."""
    start = snapshot.top + os.sep

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            path, mode = arguments[:2]
            if isinstance(path, str) and (path.endswith(".py") or _is_data(path, mode, start)):
                key = snapshot.key(os.path.abspath(path))
                if key is not None and not key.startswith(".git/"):
                    snapshot.files.add(key)
        elif event in ("os.listdir", "os.scandir") and not snapshot.listing and not _looks_for_packages(inspect.currentframe()):
            folder = os.fsdecode(arguments[0]) if isinstance(arguments[0], str | bytes) else os.getcwd()
            folder = os.path.abspath(folder)
            if (folder + os.sep).startswith(start):
                key = snapshot.key(os.path.join(folder, ""))
                if key is not None:
                    snapshot.folders.add(key)

    return watch


def _looks_for_packages(frame: FrameType | None) -> bool:
    """Whether the listing that ``frame`` is told of is a search for installed packages, which goes through all of sys.path."""
    caller = frame.f_back if frame is not None else None
    return caller is not None and caller.f_globals.get("__name__") in ("importlib.metadata", "gitmig.adapters.packages")


def _is_data(path: str, mode: str | None, start: str) -> bool:
    """Whether a file that is opened is one of the repository's that is read, byte code apart."""
    return (mode is None or "r" in mode) and not path.endswith(_BYTECODE) and os.path.abspath(path).startswith(start)


def _loader(snapshot: Snapshot, fullname: str, path: str, key: str, where: Served | Where) -> TreeLoader:
    snapshot.files.add(key)
    return TreeLoader(fullname, path, snapshot.content(where, key) if isinstance(where, Served) else None)


_BYTECODE = tuple(importlib.machinery.BYTECODE_SUFFIXES)
_SUFFIXES = (
    *importlib.machinery.EXTENSION_SUFFIXES,
    *importlib.machinery.SOURCE_SUFFIXES,
    *importlib.machinery.BYTECODE_SUFFIXES,
)


def _module_name(name: str) -> str | None:
    for suffix in _SUFFIXES:
        if name.endswith(suffix):
            return name[: -len(suffix)]
    return None


def _lines(source: bytes) -> list[str]:
    try:
        return importlib.util.decode_source(source).splitlines(keepends=True)
    except (SyntaxError, UnicodeDecodeError):
        return []
