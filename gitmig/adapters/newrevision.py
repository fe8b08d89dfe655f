"""A new revision: where it goes in the graph, which file it is, and that file written."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from gitmig.adapters.newfile import write_new
from gitmig.adapters.templates import FOLDER
from gitmig.adapters.writehooks import Runner, check_hooks, run_hooks
from gitmig.config import Config
from gitmig.errors import ConfigError, RevisionFileError, UsageError
from gitmig.graph import Node, RevisionGraph, SeveralHeads
from gitmig.graph.names import find, resolve
from gitmig.ports import Tree
from gitmig.revision import Revision
from gitmig.script.header import check_id, read_header
from gitmig.script.load import Locate, Revisions, script_folder, version_folders
from gitmig.script.template import NewRevision, file_name, render_revision

TEMPLATE = "script.py.mako"


@dataclass(frozen=True, slots=True)
class RevisionRequest:
    """What was asked for, as Alembic's `revision` takes it. ``id`` None makes a random one; ``version_path`` is relative to
    the project root or absolute; ``depends_on`` are names of any form."""

    message: str | None = None
    head: str = "head"
    splice: bool = False
    branch_labels: tuple[str, ...] = ()
    version_path: str | None = None
    id: str | None = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a new revision goes: its parents and dependencies, and the folder of its file (as `version_folders` names it)."""

    down: tuple[str, ...]
    labels: tuple[str, ...]
    depends_on: tuple[str, ...]
    folder: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A revision file, perhaps not written yet. ``path`` is posix, relative to the project root (absolute outside of it)."""

    id: str
    down: tuple[str, ...]
    path: str
    content: bytes

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {"revision": self.id, "down_revision": list(self.down), "path": self.path}


def random_id() -> str:
    """The id of a revision that a person writes: 12 hex digits."""
    return uuid.uuid4().hex[-12:]


def place(tree: Tree, config: Config, revisions: Revisions, request: RevisionRequest, locate: Locate | None = None) -> Placement:
    """Where the revision that ``request`` asks for goes.

    Raises SeveralHeads naming the commands that help, UsageError for a parent that is no head (without ``splice``) or a
    folder that is no version location, GraphError for names that mean nothing.
    """
    graph = revisions.graph
    if request.id is not None:
        check_id(request.id, "--rev-id")
    parents = _parents(graph, request)
    depends_on = tuple(dict.fromkeys(name if graph.label_owner(name) else find(graph, name) for name in request.depends_on))
    folder = version_folder(tree, config, revisions.by_id, parents, request.version_path, locate)
    return Placement(parents, request.branch_labels, depends_on, folder)


def _parents(graph: RevisionGraph, request: RevisionRequest) -> tuple[str, ...]:
    try:
        parents = resolve(graph, request.head)
    except SeveralHeads as error:
        raise several_heads(error.heads, request.head) from None
    if len(parents) > 1:
        raise several_heads(parents, request.head)
    for parent in parents:
        if not request.splice and not graph.is_head(parent):
            raise UsageError(
                f"revision '{parent}' is not a head",
                f"`--splice` starts a new branch there; without `--head {request.head}` the revision follows the head.",
            )
    return parents


def several_heads(heads: Sequence[str], name: str = "head") -> SeveralHeads:
    """The error where a new revision needs one head to follow."""
    return SeveralHeads(
        name,
        heads,
        f"`gitmig merge heads` joins them; `gitmig revision --head {heads[0]}` follows one of them.",
    )


def version_folder(
    tree: Tree,
    config: Config,
    revisions: Mapping[str, Revision],
    parents: Sequence[str],
    asked: str | None,
    locate: Locate | None,
) -> str:
    """The folder of a new file: ``asked``, which must be a version location, else that of its first parent."""
    folders = version_folders(tree, config, locate)
    if asked is not None:
        wanted = _normal(config.root, asked)
        for folder in folders:
            if _normal(config.root, folder) == wanted:
                return folder
        raise UsageError(f"'{asked}' is none of the version locations", f"`--version-path` may be {' or '.join(folders)}.")
    if len(folders) == 1:
        return folders[0]
    for parent in parents:
        return str(PurePosixPath(revisions[parent].path).parent)
    raise UsageError(
        "there are several version locations and no parent to choose by",
        f"Say `--version-path` {' or '.join(folders)}.",
    )


def _normal(root: str, path: str) -> str:
    return os.path.normpath(Path(root, path))


def compose(
    tree: Tree,
    config: Config,
    graph: RevisionGraph,
    placement: Placement,
    new: NewRevision,
    *,
    created: datetime | None = None,
    script_config: object = None,
    extra: Mapping[str, object] | None = None,
    locate: Locate | None = None,
) -> NewFile:
    """The file of ``new``, rendered with the template in ``tree`` (gitmig's own where there is none) but not written.

    Raises GraphError where its id or a label is taken, ConfigError for a template or file_template that fails,
    RevisionFileError where what the template makes is no revision file.
    """
    check_id(new.id, "the new revision")
    RevisionGraph([*graph.nodes.values(), Node(new.id, new.down, new.depends_on, new.labels, "the new revision")])
    now = created or creation_time(config)
    text, template_path = template_text(tree, config, locate)
    content = render_revision(text, new, now, config, template_path=template_path, script_config=script_config, extra=extra)
    path = f"{placement.folder}/{file_name(config, new.id, new.message, now)}"
    _check(content, new, path, template_path)
    return NewFile(new.id, new.down, path, content)


def _check(content: bytes, new: NewRevision, path: str, template_path: str) -> None:
    """A file that could not be read back would stop every later command."""
    try:
        header = read_header(content, path)
    except RevisionFileError as error:
        raise ConfigError(
            f"{template_path}: the template makes a file that is no revision file ({error.message})",
            "Correct the template; nothing was written.",
        ) from None
    if (header.id or new.id, header.down, header.labels) != (new.id, new.down, new.labels):
        raise ConfigError(
            f"{template_path}: the template leaves out `revision`, `down_revision` or `branch_labels` of the new revision",
            "Correct the template; nothing was written.",
        )


def template_text(tree: Tree, config: Config, locate: Locate | None = None) -> tuple[str, str]:
    """The project's template, or gitmig's own where it has none; with its path for messages."""
    path = f"{script_folder(tree, config, locate)}/{TEMPLATE}"
    try:
        return tree.read(path).decode("utf-8"), path
    except FileNotFoundError:
        own = FOLDER / "generic" / TEMPLATE
        return own.read_text(encoding="utf-8"), TEMPLATE
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: the template is not UTF-8: {error}", "Save it as UTF-8.") from None


def creation_time(config: Config) -> datetime:
    """Now, in the zone that `timezone` names, else naive and local as Alembic has it. Raises ConfigError."""
    if config.timezone is None:
        return datetime.now()
    from zoneinfo import ZoneInfo

    for name in (config.timezone, config.timezone.upper()):
        try:
            return datetime.now(ZoneInfo(name))
        except (LookupError, ValueError, OSError):
            continue
    raise ConfigError(
        f"{config.source}: `timezone` is '{config.timezone}', which is not known here",
        "Write a name such as UTC or Europe/Berlin; the package tzdata brings them where the system has none.",
    )


def write_file(
    config: Config, root: Path, made: NewFile, say: Callable[[str], None], registered: Mapping[str, Runner] | None = None
) -> NewFile:
    """Write ``made`` below ``root`` and run `post_write_hooks` over it; returns it with the content that they left.

    ``registered`` are types of hooks that the process knows beside ours.
    """
    path = Path(root, made.path)
    check_hooks(config.hooks, root, registered)
    write_new(path, made.content)
    run_hooks(config.hooks, path, root, say, registered)
    return NewFile(made.id, made.down, made.path, path.read_bytes())
