"""In the child: reading what a walk back and forward does, and stepping a database back with scripts of another commit."""

from __future__ import annotations

import ast
import base64
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from gitmig.adapters.child import child_root, child_tree
from gitmig.adapters.disk import DiskTree
from gitmig.adapters.elsewhere import Whereabouts
from gitmig.commands.missing import together
from gitmig.commands.project import Options, Project
from gitmig.commands.replayed import History, RecordedRevision
from gitmig.commands.running import Older, RunOptions, run
from gitmig.commands.syncevents import Event, events
from gitmig.config import Config
from gitmig.errors import GitmigError, redact
from gitmig.graph.routes import Move, retreat_route
from gitmig.ops import Nothing, Opaque, Place
from gitmig.ports import Entry, Tree
from gitmig.revision import Revision
from gitmig.runtime.envcapture import env_path
from gitmig.schema.jsonform import from_json, to_json
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema
from gitmig.script.header import read_header
from gitmig.script.load import Revisions, load_revisions


def files_to_json(found: Mapping[str, Whereabouts]) -> list[dict[str, Any]]:
    """Revisions with their sources, for a request."""
    return [
        {
            "revision": id,
            "path": each.path,
            "blob": each.blob,
            "commit": None if each.commit is None else each.commit.oid,
            "source": base64.b64encode(each.source or b"").decode("ascii"),
        }
        for id, each in found.items()
    ]


def _files(request: Mapping[str, Any]) -> dict[str, Whereabouts]:
    found = {}
    for each in request["files"]:
        source = base64.b64decode(each["source"])
        found[each["revision"]] = Whereabouts(
            each["revision"], "git", each["path"], each["blob"], source, read_header(source, each["path"])
        )
    return found


def forward(request: Mapping[str, Any], config: Config) -> dict[str, Any]:
    """What running ``up`` (ids of this checkout, oldest first) does, and the schema below it.

    Request: ``rows`` (what is applied of this checkout), ``up``, ``dialect``, ``cache_dir``. Result: ``schema``, ``steps``.
    """
    tree = DiskTree(child_root())
    history = History(config, tree, request["dialect"], revisions=load_revisions(tree, config), cache_dir=request.get("cache_dir"))
    base = history.replayed(request["rows"]).schema
    steps, schema = [], base
    for each in history.recorded(request["up"], base):
        told = list(events(each.operations, schema, dialect_named(request["dialect"])))
        schema = _after(schema, each)
        steps.append(_step(each, told))
    return {"schema": to_json(base), "steps": steps}


def back(request: Mapping[str, Any], config: Config) -> dict[str, Any]:
    """What stepping back over ``drop`` does. Request: ``files``, ``schema`` (below them), ``missing`` (ids applied that are not of this
    checkout), ``drop``, ``dialect``. Result: ``steps``, newest first, each with ``refused``: why it cannot be stepped back, or None."""
    found = _files(request)
    disk = DiskTree(child_root())
    here = load_revisions(disk, config)
    shown = together(here, found, _shown(request))
    tree = _Layered(disk, {_shown(request)(id): each.source or b"" for id, each in found.items()})
    history = History(config, tree, request["dialect"], revisions=shown)
    schema = from_json(request["schema"])
    ups: dict[str, RecordedRevision] = {}
    for each in history.recorded(request["missing"], schema):
        ups[each.revision.id] = each
        schema = _after(schema, each)
    steps = []
    for each in history.recorded_down(request["drop"], schema):
        told = list(events(each.operations, schema, dialect_named(request["dialect"])))
        schema = _after(schema, each)
        id = each.revision.id
        refused = _refused(each, ups.get(id), shown, (found[id].source or b"") if id in found else disk.read(each.revision.path))
        steps.append({**_step(each, told), "refused": refused})
    return {"steps": steps}


def retreat(request: Mapping[str, Any], config: Config) -> dict[str, Any]:
    """Steps the database back over ``drop`` with the scripts in ``files``. Result: ``before``, ``after``, ``steps``.

    Request also: ``options`` (those of `RunOptions` that have a JSON form), ``quiet``.
    """
    root = Path(child_root())
    disk = DiskTree(str(root))
    found = _files(request)
    revisions = together(load_revisions(disk, config), found)
    tree = child_tree()
    environment = env_path(config)
    older = Older({id: each.source or b"" for id, each in found.items()}, tree.read(environment) if tree.exists(environment) else None)
    quiet = bool(request.get("quiet"))

    def say(text: str) -> None:
        if not quiet:
            sys.stderr.write(f"{redact(text)}\n")
            sys.stderr.flush()

    def plan(rows: tuple[str, ...]) -> Sequence[Move]:
        return retreat_route(revisions.graph, rows, request["drop"])

    options = Options(x_arguments=tuple(request.get("x_arguments") or ()), database=request.get("database"))
    project = Project(config, root, disk, options)
    outcome = run(project, revisions, "downgrade", plan, RunOptions(say=say, **request["options"]), older=older)
    steps = [{"revision": done.revision, "direction": done.direction, "seconds": round(done.seconds, 6)} for done in outcome.done]
    return {"before": list(outcome.before), "after": list(outcome.after), "steps": steps}


def at_commit(config: Config, theirs: Config | None) -> Config:
    """This checkout's configuration, with what says where another commit keeps its env.py and its modules."""
    if theirs is None:
        return config
    return replace(config, script_location=theirs.script_location, prepend_sys_path=theirs.prepend_sys_path)


class _Layered:
    """A tree with more files in it, by made-up paths."""

    def __init__(self, tree: Tree, files: Mapping[str, bytes]) -> None:
        self._tree = tree
        self._more = files

    def read(self, path: str) -> bytes:
        return self._more[path] if path in self._more else self._tree.read(path)

    def exists(self, path: str) -> bool:
        return path in self._more or self._tree.exists(path)

    def list(self, folder: str, *, recursive: bool = False) -> Sequence[Entry]:
        return self._tree.list(folder, recursive=recursive)


def _shown(request: Mapping[str, Any]) -> Any:
    """How a file of another commit is called in messages, as git calls it: "4f2a91c0:migrations/versions/b2.py"."""
    paths = {each["revision"]: f"{(each['commit'] or 'history')[:8]}:{each['path']}" for each in request["files"]}
    return paths.__getitem__


def _after(schema: Schema, each: RecordedRevision) -> Schema:
    for operation in each.operations:
        schema = operation.apply(schema)
    return schema


def _step(each: RecordedRevision, told: Sequence[Event]) -> dict[str, Any]:
    return {"revision": each.revision.id, "path": each.revision.path, "doc": each.revision.doc, "events": list(told)}


def _refused(down: RecordedRevision, up: RecordedRevision | None, revisions: Revisions, source: bytes) -> str | None:
    """Why a revision cannot be stepped back over; None where it can."""
    revision: Revision = down.revision
    if not revisions.headers[revision.id].downgrades:
        return "has no downgrade()"
    done = [each for each in down.operations if not isinstance(each, Nothing)]
    if not done and up is not None and any(not isinstance(each, Nothing) for each in up.operations):
        return "has a downgrade() that does nothing, while its upgrade() does something"
    for each in done:
        if isinstance(each, Opaque) and each.reason.startswith("raises ") and _is_raise(source, each.place):
            return f"cannot be taken back: its downgrade() {each.reason}"
    return None


def _is_raise(source: bytes, place: Place | None) -> bool:
    """Whether the script itself raises there, and not what it calls."""
    try:
        tree = ast.parse(source)
    except SyntaxError as error:
        raise GitmigError(f"{place}: does not parse: {error.msg}") from error
    return place is not None and any(
        isinstance(node, ast.Raise) and node.lineno <= place.line <= (node.end_lineno or node.lineno) for node in ast.walk(tree)
    )
