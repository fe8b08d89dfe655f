"""A new revision file of a ScriptDirectory: its parents checked as Alembic does, the file made and written as gitmig does."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from gitmig.adapters.newrevision import Placement, compose, version_folder, write_file
from gitmig.compat.alembic.revision import Revision, RevisionMap
from gitmig.compat.alembic.script import Script
from gitmig.compat.alembic.scripterrors import command_errors, revision_errors
from gitmig.compat.alembic.util import CommandError
from gitmig.compat.alembic.utilmessaging import status
from gitmig.compat.alembic.writehooks import registered_hooks
from gitmig.config import Config
from gitmig.ports import Tree
from gitmig.revision import Revision as Header
from gitmig.script.load import Locate, version_folders
from gitmig.script.template import NewRevision

_NO_HEAD = "Multiple heads are present; please specify the head revision on which the new revision should be based, or perform a merge."


class Place(Protocol):
    """Where new files go, and what they come after."""

    @property
    def tree(self) -> Tree: ...

    @property
    def settings(self) -> Config: ...

    @property
    def root(self) -> Path: ...

    @property
    def revision_map(self) -> RevisionMap: ...

    @property
    def locate(self) -> Locate: ...


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of ``generate_revision``, in its order; ``heads`` are names or revisions, ``variables`` are given to the template."""

    id: str
    message: str | None
    heads: tuple[Any, ...]
    splice: bool
    branch_labels: tuple[str, ...]
    version_path: str | None
    file_template: str | None
    depends_on: tuple[str, ...]
    variables: Mapping[str, Any]


def write_script(place: Place, asked: Asked, *, quiet: bool) -> Path:
    """Write the file and run the hooks over it. Raises CommandError, and then no file is written."""
    parents = _parents(place.revision_map, asked)
    config = place.settings if asked.file_template is None else replace(place.settings, file_template=asked.file_template)
    with command_errors():
        Script.verify_rev_id(asked.id)
        folder = _folder(place, config, parents, asked.version_path)
        placement = Placement(parents, asked.branch_labels, _dependencies(place.revision_map, asked.depends_on), folder)
        new = NewRevision(asked.id, asked.message, parents, placement.labels, placement.depends_on)
        variables = dict(asked.variables)
        made = compose(
            place.tree,
            config,
            place.revision_map.graph,
            placement,
            new,
            script_config=variables.get("config"),
            extra=variables,
            locate=place.locate,
        )
        path = Path(place.root, made.path)
        with status(f"Generating {path}", quiet=quiet):
            write_file(config, place.root, made, lambda text: _say(text, quiet), registered_hooks())
    return path


def _parents(revisions: RevisionMap, asked: Asked) -> tuple[str, ...]:
    with revision_errors(multiple_heads=_NO_HEAD):
        found = [each if isinstance(each, Revision) else revisions.get_revision(each) for each in asked.heads]
    parents = [each.revision for each in found if each is not None]
    if len(set(parents)) < len(parents):
        raise CommandError("Duplicate head revisions specified")
    for each in found:
        if each is not None and not asked.splice and not each.is_head:
            raise CommandError(
                f"Revision {each.revision} is not a head revision; please specify --splice to create a new branch from this revision"
            )
    return tuple(parents)


def _folder(place: Place, config: Config, parents: tuple[str, ...], asked: str | None) -> str:
    folders = version_folders(place.tree, config, place.locate)
    if asked is not None and Path(asked).resolve() not in [Path(place.root, each).resolve() for each in folders]:
        raise CommandError(f"Path {asked} is not represented in current version locations")
    if asked is None and len(folders) > 1 and not parents:
        raise CommandError("Multiple version locations present, please specify --version-path")
    headers: dict[str, Header] = {}
    for id in parents:
        script = place.revision_map.revisions[id]
        assert isinstance(script, Script)
        headers[id] = script.value
    return version_folder(place.tree, config, headers, parents, asked, place.locate)


def _dependencies(revisions: RevisionMap, names: tuple[str, ...]) -> tuple[str, ...]:
    """Full ids for ids and their beginnings; labels stay labels."""
    found: list[str] = []
    for name in names:
        if name in revisions.graph.labels:
            found.append(name)
            continue
        with revision_errors():
            one = revisions.get_revision(name)
        if one is not None:
            found.append(one.revision)
    return tuple(dict.fromkeys(found))


def _say(text: str, quiet: bool) -> None:
    if not quiet:
        sys.stderr.write(f"{text}\n")
