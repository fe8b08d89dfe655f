"""``alembic.script.ScriptDirectory``: the migrations folder of a project, over gitmig's loader, graph and runner."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from gitmig.adapters.codecache import CodeCache
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.environ import environment
from gitmig.adapters.githead import read_head
from gitmig.adapters.headercache import header_cache
from gitmig.adapters.packages import package_folder
from gitmig.compat.alembic import install
from gitmig.compat.alembic.revision import RevisionMap
from gitmig.compat.alembic.script import Script
from gitmig.compat.alembic.scripterrors import command_errors, revision_errors
from gitmig.compat.alembic.steps import RevisionStep, StampStep, stamp_step
from gitmig.compat.alembic.util import CommandError
from gitmig.config import Config, Hook, expand_url
from gitmig.graph import RevisionGraph
from gitmig.graph.names import many
from gitmig.graph.routes import downgrade_route, stamp_route, upgrade_route
from gitmig.revision import Revision
from gitmig.runtime import context
from gitmig.runtime.environment import built_in, load_env
from gitmig.runtime.script_module import Scripts
from gitmig.runtime.settings import Settings, logged
from gitmig.script.header import read_header
from gitmig.script.load import Locate, load_revisions, script_folder, version_folders

__all__ = ["ScriptDirectory"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where new files go, and what they come after."""

    tree: DiskTree
    settings: Config
    root: Path
    revision_map: RevisionMap
    locate: Locate


class ScriptDirectory:
    """The migrations folder ``dir``. A relative path counts from the current folder."""

    def __init__(
        self,
        dir: str | os.PathLike[str],
        file_template: str = "%(rev)s_%(slug)s",
        truncate_slug_length: int | None = 40,
        version_locations: Sequence[str | os.PathLike[str]] | None = None,
        sourceless: bool = False,
        output_encoding: str = "utf-8",
        timezone: str | None = None,
        hooks: Sequence[Mapping[str, str]] = [],
        recursive_version_locations: bool = False,
        messaging_opts: Mapping[str, Any] = {},
    ) -> None:
        self.settings = Config(
            root=Path.cwd().as_posix(),
            source="the ScriptDirectory",
            style="alembic",
            script_location=Path(dir).as_posix() if ":" not in str(dir) else str(dir),
            file_template=file_template,
            truncate_slug_length=truncate_slug_length or 0,
            version_locations=tuple(str(each) for each in version_locations or ()),
            sourceless=sourceless,
            output_encoding=output_encoding,
            timezone=timezone,
            hooks=tuple(Hook(hook["_hook_name"], {key: value for key, value in hook.items() if key != "_hook_name"}) for hook in hooks),
            recursive_version_locations=recursive_version_locations,
        )
        self.messaging_opts = messaging_opts
        self._take(self.settings)
        if not Path(self.dir).is_dir():
            raise CommandError(f"Path doesn't exist: {self.dir}.  Please use the 'init' command to create a new scripts folder.")

    @classmethod
    def from_config(cls, config: Any) -> ScriptDirectory:
        """The folder that a Config, or the ``context.config`` of an environment, names. Raises CommandError."""
        with command_errors():
            settings: Config = config.settings
        _put_on_path(settings)
        made = cls(
            settings.script_location,
            settings.file_template,
            settings.truncate_slug_length,
            settings.version_locations,
            settings.sourceless,
            settings.output_encoding,
            settings.timezone,
            [{"_hook_name": hook.name, **hook.options} for hook in settings.hooks],
            settings.recursive_version_locations,
            config.messaging_opts,
        )
        made._take(settings)
        return made

    @classmethod
    def over(cls, settings: Config, scripts: Scripts) -> ScriptDirectory:
        """A project whose revisions are read already."""
        made = cls.__new__(cls)
        made.messaging_opts = {"quiet": False}
        made._take(settings)
        made._scripts = scripts
        return made

    def _take(self, settings: Config) -> None:
        self.settings = settings
        self.tree = DiskTree(Path(settings.root))
        with command_errors():
            self.dir = str(Path(settings.root, script_folder(self.tree, settings, self._locate)))
        self.file_template = settings.file_template
        self.truncate_slug_length = settings.truncate_slug_length
        self.version_locations = list(settings.version_locations)
        self.sourceless = settings.sourceless
        self.output_encoding = settings.output_encoding
        self.timezone = settings.timezone
        self.hooks = list(settings.hooks)
        self.recursive_version_locations = settings.recursive_version_locations
        self.revision_map = RevisionMap(self._load_revisions)
        self._scripts: Scripts | None = None

    def _locate(self, package: str, path: str) -> str | None:
        return package_folder(package, path, [str(self.root / each) for each in ("", *self.settings.prepend_sys_path)])

    # -- where things are

    @property
    def root(self) -> Path:
        """The folder that the paths of revisions are relative to."""
        return Path(self.settings.root)

    @property
    def _version_locations(self) -> list[Path]:
        with command_errors():
            return [Path(self.settings.root, each) for each in version_folders(self.tree, self.settings, self._locate)]

    @property
    def versions(self) -> str:
        """The folder of revision files. Raises CommandError where there are several."""
        return str(self._singular_version_location)

    @property
    def _singular_version_location(self) -> Path:
        folders = self._version_locations
        if len(folders) > 1:
            raise CommandError("Multiple version_locations present")
        return folders[0]

    @property
    def env_py_location(self) -> str:
        return str(Path(self.dir, "env.py"))

    # -- what is there

    def _load_revisions(self) -> Iterator[Script]:
        """Every revision file, read anew; none is run."""
        if self._scripts is None:
            with command_errors():
                found = load_revisions(self.tree, self.settings, header_cache(self.root), self._locate)
            self._scripts = Scripts(found.graph, dict(found.by_id), self.root, self._cache())
        scripts, self._scripts = self._scripts, None
        return iter([Script.of_file(scripts, id) for id in scripts.revisions])

    def script_at(self, path: Path) -> Script | None:
        """The revision in a file; None where it holds none. Raises CommandError where it cannot be read."""
        if path.suffix != ".py" or path.name.startswith((".#", "__init__")):
            return None
        with command_errors():
            header = read_header(path.read_bytes(), str(path))
        if header.id is None:
            raise CommandError(f"Could not determine revision id from filename {path.name}. Be sure the 'revision' variable is declared.")
        value = Revision(header.id, header.down, header.labels, header.depends_on, path.as_posix(), header.doc, header.longdoc)
        return Script.of_file(Scripts(RevisionGraph(), {header.id: value}, self.root), header.id)

    def _catch_revision_errors(
        self,
        ancestor: str | None = None,
        multiple_heads: str | None = None,
        start: str | None = None,
        end: str | None = None,
        resolution: str | None = None,
    ) -> AbstractContextManager[None]:
        return revision_errors(ancestor=ancestor, multiple_heads=multiple_heads, start=start, end=end, resolution=resolution)

    def get_revision(self, id_: Any) -> Script:
        """The one revision that a name means. Raises CommandError."""
        with revision_errors():
            return self.revision_map.get_revision(id_)  # type: ignore[return-value]

    def get_revisions(self, id_: Any) -> tuple[Script, ...]:
        """The revisions that a name, or several, mean. Raises CommandError."""
        with revision_errors():
            return self.revision_map.get_revisions(id_)  # type: ignore[return-value]

    def get_all_current(self, id_: tuple[str, ...]) -> set[Script]:
        """The revisions that a database with the rows ``id_`` is at, those that its rows imply among them."""
        with revision_errors():
            return self.revision_map._get_all_current(id_)  # type: ignore[return-value]

    def as_revision_number(self, id_: str | None) -> str | tuple[str, ...] | None:
        """The id that a name means, the ids for ``heads``, None for the base."""
        with revision_errors():
            found = tuple(revision.revision for revision in self.revision_map.get_revisions(id_))
        if not found:
            return None
        return found if id_ == "heads" else found[0]

    def iterate_revisions(self, upper: Any, lower: Any, **kw: Any) -> Iterator[Script]:
        """The revisions from ``upper`` down to ``lower``, newest first: see `RevisionMap.iterate_revisions`."""
        return self.revision_map.iterate_revisions(upper, lower, **kw)  # type: ignore[return-value]

    def walk_revisions(self, base: str = "base", head: str = "heads") -> Iterator[Script]:
        """Every revision from ``head`` down to ``base``, both included."""
        with revision_errors(start=base, end=head):
            found = list(self.revision_map.iterate_revisions(head, base, inclusive=True))
        return iter(found)  # type: ignore[arg-type]

    def get_current_head(self) -> str | None:
        """The only head, None where there is no revision. Raises CommandError where there are several."""
        with revision_errors(
            multiple_heads="The script directory has multiple heads (due to branching)."
            "Please use get_heads(), or merge the branches using alembic merge."
        ):
            return self.revision_map.get_current_head()

    def get_heads(self, consider_depends_on: bool = False) -> list[str]:
        """The heads; with ``consider_depends_on`` without those that another revision depends on."""
        with revision_errors():
            return list(self.revision_map._real_heads if consider_depends_on else self.revision_map.heads)

    def get_base(self) -> str | None:
        """The only base, None where there is no revision. Raises CommandError where there are several."""
        bases = self.get_bases()
        if len(bases) > 1:
            raise CommandError("The script directory has multiple bases. Please use get_bases().")
        return bases[0] if bases else None

    def get_bases(self) -> list[str]:
        with revision_errors():
            return list(self.revision_map.bases)

    # -- ways through it

    def _upgrade_revs(self, destination: str, current_rev: Any) -> list[RevisionStep]:
        """The steps from the rows ``current_rev`` up to ``destination``. Raises CommandError."""
        ends = f"Destination {destination} is not a valid upgrade target from current head(s)"
        with revision_errors(ancestor=ends, end=destination):
            route = upgrade_route(self.graph, self._rows(current_rev), destination)
            return [RevisionStep(self.revision_map, self.get_revision(move.revision), True) for move in route]

    def _downgrade_revs(self, destination: str, current_rev: Any) -> list[RevisionStep]:
        """The steps from the rows ``current_rev`` down to ``destination``. Raises CommandError."""
        ends = f"Destination {destination} is not a valid downgrade target from current head(s)"
        with revision_errors(ancestor=ends, end=destination):
            route = downgrade_route(self.graph, self._rows(current_rev), destination)
            return [RevisionStep(self.revision_map, self.get_revision(move.revision), False) for move in route]

    def _stamp_revs(self, revision: Any, heads: Any) -> list[StampStep]:
        """The changes of the rows ``heads`` that make them ``revision``. Raises CommandError."""
        names = ("base",) if revision is None else (revision,) if isinstance(revision, str) else tuple(revision)
        with revision_errors(multiple_heads="Multiple heads are present; please specify a single target revision"):
            route = stamp_route(self.graph, self._rows(heads), names)
        return [stamp_step(move, self.revision_map) for move in route]

    def _rows(self, rows: Any) -> tuple[str, ...]:
        return () if rows is None else many(self.graph, (rows,) if isinstance(rows, str) else tuple(rows))

    def run_env(self) -> None:
        """Run env.py in the environment that is active; without a file, what gitmig's own env.py does. What env.py raises comes out."""
        file = Path(self.env_py_location)
        install()
        with command_errors():
            if file.is_file():
                load_env(file)
                return
            url = self.settings.url
            built_in(context.environment(), None if url is None else expand_url(url, environment(), self.settings.source))

    # -- a new revision

    def _generate_create_date(self) -> datetime:
        from gitmig.adapters.newrevision import creation_time

        with command_errors():
            return creation_time(self.settings)

    def generate_revision(
        self,
        revid: str,
        message: str | None,
        head: Any = None,
        splice: bool | None = False,
        branch_labels: Any = None,
        version_path: str | os.PathLike[str] | None = None,
        file_template: str | None = None,
        depends_on: Any = None,
        **kw: Any,
    ) -> Script | None:
        """Write a revision file over ``head`` (a name, several for a merge, None for the only head) and run the hooks over it.

        ``kw`` are further variables of the template. Raises CommandError, and then no file is written.
        """
        from gitmig.compat.alembic.newscript import Asked, write_script

        asked = Asked(
            revid,
            message,
            ("head",) if head is None else (head,) if isinstance(head, str) else tuple(head),
            bool(splice),
            _several(branch_labels),
            None if version_path is None else os.fspath(version_path),
            file_template,
            _several(depends_on),
            kw,
        )
        path = write_script(self.place(), asked, quiet=bool(self.messaging_opts.get("quiet")))
        script = self.script_at(path)
        assert script is not None
        with revision_errors():
            self.revision_map.add_revision(script)
        return script

    def place(self) -> Place:
        """Where new files go, and what they come after."""
        return Place(self.tree, self.settings, self.root, self.revision_map, self._locate)

    # -- what the runner asks

    @property
    def run_settings(self) -> Settings:
        """How runs go that the application starts: told to its log; gitmig's history where the project has gitmig's configuration."""
        kept = self.settings.style == "gitmig" and bool(self.settings.history_table)
        head = read_head(self.root)
        # Beside Alembic's configuration it is kept where `alembic check` does not see it, as by gitmig's own command line.
        shared = any(Path(self.root, each).is_file() for each in self.settings.alembic_files)
        where: Literal["file", "table"] = "file" if shared else "table"
        return Settings(
            say=logged,
            history=where if kept else "off",
            history_table=self.settings.history_table,
            history_folder=None if head is None else head.git_dir / "gitmig",
            head=head,
        )

    @property
    def graph(self) -> RevisionGraph:
        if self._scripts is not None:
            return self._scripts.graph
        with revision_errors():
            return self.revision_map.graph

    @property
    def revisions(self) -> Mapping[str, Revision]:
        """The headers by id."""
        return _Headers(self.revision_map)

    @property
    def scripts(self) -> Scripts:
        """The files as the runner calls them; those whose module was asked for before are not run again."""
        if self._scripts is not None:
            return self._scripts
        every = [script for script in self.revision_map.revisions.values() if isinstance(script, Script)]
        ran = {script.revision: script.module for script in every if script.ran}
        return Scripts(self.graph, self.revisions, self.root, self._cache(), ran)

    def _cache(self) -> CodeCache:
        head = read_head(self.root)
        return CodeCache(None if head is None else head.git_dir / "gitmig")


class _Headers(Mapping[str, Revision]):
    """The headers of a map's scripts, which may have more of them tomorrow."""

    def __init__(self, revision_map: RevisionMap) -> None:
        self._map = revision_map

    def __getitem__(self, id: str) -> Revision:
        script = self._map.revisions[id]
        assert isinstance(script, Script)
        return script.value

    def __iter__(self) -> Iterator[str]:
        return iter(self._map.revisions)

    def __len__(self) -> int:
        return len(self._map.revisions)


def _several(names: Any) -> tuple[str, ...]:
    return () if not names else (names,) if isinstance(names, str) else tuple(names)


def _put_on_path(settings: Config) -> None:
    """What ``prepend_sys_path`` says comes first; a project with gitmig's configuration is importable without it."""
    written = [str(Path(settings.root, each)) for each in settings.prepend_sys_path]
    if settings.style == "gitmig":
        written.append(settings.root)
    for folder in reversed(written):
        if folder not in sys.path:
            sys.path.insert(0, folder)
