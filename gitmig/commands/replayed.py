"""What the revisions of a tree make of an empty database: read by running them against a recorder, remembered by content.

For the child process: revisions are the user's code.
"""

from __future__ import annotations

import ast
import contextlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from gitmig import __version__
from gitmig.adapters.environ import environment
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.replaycache import ReplayCache, content_of, keys
from gitmig.config import Config
from gitmig.errors import RevisionFileError
from gitmig.ops import Operation, Place
from gitmig.ports import Tree
from gitmig.replay import Recorded, Replayed, touched, unread
from gitmig.revision import Revision
from gitmig.script.load import Revisions, load_revisions

if TYPE_CHECKING:
    from gitmig.runtime.recorder import Recorder
    from gitmig.schema.values import Schema

_IMPORTED = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
_NEVER = frozenset(
    {b"alembic", b"gitmig", b"sqlalchemy", b"typing", b"__future__", b"collections", b"os", b"logging", b"uuid", b"json", b"datetime"}
)
FORM = 1
"""Raised when the recorder reads the same files differently than before."""


@dataclass(frozen=True, slots=True)
class RecordedRevision:
    """What one revision does, operation by operation; ``places`` are where they stand, one each."""

    revision: Revision
    operations: tuple[Operation, ...]
    places: tuple[Place | None, ...]


class History:
    """The revisions of one tree on one dialect ("postgresql", "mysql+pymysql"), ready to be replayed.

    ``naming_convention`` is that of the models' MetaData, ``arguments`` what env.py gives to ``run_migrations()``,
    ``x_arguments`` what ``-x`` said. ``cache_dir`` is ``<git dir>/gitmig``, None keeps nothing.
    Raises RevisionFileError and GraphError for a history that cannot be put in order.
    """

    def __init__(
        self,
        config: Config,
        tree: Tree,
        dialect: str,
        *,
        revisions: Revisions | None = None,
        naming_convention: Mapping[str, Any] | None = None,
        arguments: Mapping[str, Any] | None = None,
        version_table: str = "alembic_version",
        x_arguments: Sequence[str] = (),
        cache_dir: str | None = None,
    ) -> None:
        self.revisions = revisions or load_revisions(tree, config, HeaderCache(cache_dir))
        self._config, self._tree, self._dialect = config, tree, dialect
        self._settings: dict[str, Any] = {
            "naming_convention": naming_convention,
            "arguments": arguments,
            "version_table": version_table,
            "x_arguments": x_arguments,
        }
        self._cache = ReplayCache(cache_dir)
        self._sources: dict[str, bytes] = {}

    def replayed(self, heads: Sequence[str] | None = None) -> Replayed:
        """The schema that the revisions up to ``heads`` (all of them) make. What cannot be read is in the result."""
        graph = self.revisions.graph
        wanted = graph.ancestors(*(graph.heads() if heads is None else heads))
        ordered = [self.revisions.by_id[id] for id in reversed(graph.sorted(wanted))]
        base = [
            FORM,
            __version__,
            _sqlalchemy(),
            sys.version_info[:2],
            self._dialect,
            self._settings,
            _configured(self._config, self._tree),
        ]
        names = keys(base, ((each.id, each.oid or content_of(self._tree, each.path, self._read)) for each in ordered))
        known, made, files = self._cache.longest(names, self._tree)
        if known == len(ordered):
            return made
        recorder = self._recorder(made.schema)
        # What is below the last revision is kept too: an amended commit changes only that one.
        for part in (ordered[known:-1], ordered[-1:]):
            if part:
                made = self._record(part, made, recorder)
                files |= _imported(self._config.root, (self._read(each.path) for each in part))
                known += len(part)
                self._cache.save(names[known - 1], made, files, self._tree)
        return made

    def recorded(self, ids: Iterable[str], start: Schema) -> tuple[RecordedRevision, ...]:
        """What these revisions do, one after the other from ``start`` on, in the order in which they run."""
        recorder = self._recorder(start)
        ordered = [self.revisions.by_id[id] for id in reversed(self.revisions.graph.sorted(ids))]
        return tuple(RecordedRevision(each, self._operations(each, recorder), recorder.places) for each in ordered)

    def recorded_down(self, ids: Iterable[str], start: Schema) -> tuple[RecordedRevision, ...]:
        """What stepping back over these revisions does, one after the other from ``start`` on, newest first."""
        recorder = self._recorder(start)
        ordered = [self.revisions.by_id[id] for id in self.revisions.graph.sorted(ids)]
        return tuple(RecordedRevision(each, self._operations(each, recorder, "downgrade"), recorder.places) for each in ordered)

    def _recorder(self, schema: Schema) -> Recorder:
        from gitmig.compat import alembic
        from gitmig.runtime.envconfig import EnvConfig
        from gitmig.runtime.recorder import Recorder

        alembic.install()
        return Recorder(dialect_instance(self._dialect), schema, config=EnvConfig(self._config, environment()), **self._settings)

    def _record(self, ordered: Sequence[Revision], before: Replayed, recorder: Recorder) -> Replayed:
        """What the revisions make of ``before``."""
        opaque, declared = list(before.opaque), list(before.declared)
        for revision in ordered:
            operations = self._operations(revision, recorder)
            opaque += unread(Recorded(revision.id, operations))
            declared += touched(operations)
        return Replayed(recorder.schema, tuple(opaque), tuple(dict.fromkeys(declared)))

    def _operations(
        self, revision: Revision, recorder: Recorder, direction: Literal["upgrade", "downgrade"] = "upgrade"
    ) -> tuple[Operation, ...]:
        filename = str(Path(self._config.root, revision.path))
        declared = self.revisions.headers[revision.id].declarations
        return recorder.record(revision, self._read(revision.path), filename, declared, direction=direction)

    def _read(self, path: str) -> bytes:
        if path not in self._sources:
            self._sources[path] = _read(self._tree, path)
        return self._sources[path]


def _read(tree: Tree, path: str) -> bytes:
    try:
        return tree.read(path)
    except OSError as error:
        raise RevisionFileError(f"{path}: cannot be read: {error.strerror or error}") from None


def _configured(config: Config, tree: Tree) -> list[str]:
    """What scripts may read as ``context.config``: the content of the configuration's files."""
    found = []
    for file in config.files:
        with contextlib.suppress(OSError):
            found.append(content_of(tree, file))
    return found


def _sqlalchemy() -> str:
    import sqlalchemy

    return sqlalchemy.__version__


def dialect_instance(name: str) -> Any:
    """An instance of the dialect; its driver is not imported."""
    from sqlalchemy.dialects import registry

    plain = name.replace("+", ".")
    kind: Any = registry.load(plain)
    if getattr(kind, "is_async", False):
        kind = registry.load(name.partition("+")[0])
    if name == "mariadb":
        from sqlalchemy.dialects.mysql.mariadb import MariaDBDialect as kind  # the registry gives no class for the bare name
    dialect = kind()
    if dialect.name == "postgresql":
        dialect.server_version_info, dialect.default_schema_name = (16, 0), "public"
    elif dialect.name in ("mysql", "mariadb"):
        dialect.server_version_info = (10, 11, 0) if dialect.name == "mariadb" else (8, 0, 0)
        dialect.supports_sequences = dialect.name == "mariadb"
    elif dialect.name == "sqlite":
        dialect.default_schema_name = "main"
    return dialect


def _imported(root: str, sources: Iterable[bytes]) -> set[str]:
    """The project's modules that sources import, and those that these import: relative to ``root``, as trees name them."""
    found: set[str] = set()
    waiting = [name for source in sources for name in _imports(source)]
    seen: set[str] = set()
    folder = os.path.realpath(root) + os.sep
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        module = sys.modules.get(name)
        path = os.path.realpath(getattr(module, "__file__", None) or "/")
        if module is None or not path.startswith(folder) or "site-packages" in path or not path.endswith(".py"):
            continue
        found.add(os.path.relpath(path, folder).replace(os.sep, "/"))
        source = importlib.util.find_spec(name)
        content = getattr(getattr(source, "loader", None), "get_source", lambda _: "")(name) or ""
        waiting += _imports(content.encode(), getattr(module, "__package__", None) or "")
    return found


def _imports(source: bytes, package: str = "") -> list[str]:
    """The names of modules that a source imports, and what may be modules inside them."""
    if not package and not any(_may_be_ours(name) for name in set(_IMPORTED.findall(source))):
        return []
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return []
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                start = ".".join([*above, start]).strip(".")
            found += [start, *(f"{start}.{alias.name}" for alias in node.names)]
    return [name for each in found for name in _with_parents(each)]


def _may_be_ours(name: bytes) -> bool:
    module = sys.modules.get(name.decode())
    return module is not None and name not in _NEVER and "site-packages" not in (getattr(module, "__file__", None) or "")


def _with_parents(name: str) -> list[str]:
    parts = name.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts) + 1)]
