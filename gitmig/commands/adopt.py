"""`adopt`: an Alembic project is looked at by both tools, and gitmig's configuration is put beside Alembic's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gitmig.adapters.configfile import folder_config
from gitmig.adapters.newfiles import write_project_files
from gitmig.adapters.versiontable import WIDTH
from gitmig.commands.adoptconfig import Overlay, overlay
from gitmig.commands.adoptschema import Compared, compare_schemas
from gitmig.commands.asking import ask
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate
from gitmig.errors import ConfigError, GitmigError, RevisionFileError, UsageError
from gitmig.script.importcode import executed_on_import
from gitmig.script.load import Revisions, load_revisions, read_one, revision_files

Kind = Literal[
    "unreadable-header",
    "broken-graph",
    "graph-differs",
    "schema-differs",
    "several-heads",
    "long-id",
    "executes-on-import",
    "models-differ",
    "models-unread",
    "drift",
    "database",
    "not-compared",
]
BLOCKING: frozenset[Kind] = frozenset({"unreadable-header", "broken-graph", "graph-differs", "schema-differs"})


@dataclass(frozen=True, slots=True)
class Found:
    """Something that a person should know. ``where`` is a file (and line), possibly empty."""

    kind: Kind
    text: str
    where: str = ""

    @property
    def blocks(self) -> bool:
        """Whether the two tools would not do the same, or gitmig could not work at all."""
        return self.kind in BLOCKING

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "where": self.where, "text": self.text, "blocks": self.blocks}


@dataclass(frozen=True, slots=True)
class Adopted:
    """``written`` is the file that now holds gitmig's configuration (``text`` what was put there), None where nothing was written.

    ``already``: it is there since earlier. ``alembic`` is the version of the real Alembic, None where it is not installed;
    ``schema`` the dialect on which both made the same schema, None where that could not be compared.
    """

    written: str | None
    text: str = ""
    already: str | None = None
    revisions: int = 0
    heads: tuple[str, ...] = ()
    alembic: str | None = None
    schema: str | None = None
    found: tuple[Found, ...] = ()

    @property
    def agreed(self) -> bool:
        return not any(each.blocks for each in self.found)

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "written": self.written,
            "already": self.already,
            "agreed": self.agreed,
            "revisions": self.revisions,
            "heads": list(self.heads),
            "alembic": self.alembic,
            "schema": self.schema,
            "found": [each.to_json() for each in self.found],
        }


def adopt(project: Project, *, dry_run: bool = False) -> Adopted:
    """Compare, and unless the tools disagree or it is a ``dry_run`` write the configuration. No revision file is changed.

    Raises UsageError where there is nothing of Alembic's, ConfigError where the file cannot be added to.
    """
    config = project.config
    if not config.alembic_files:
        raise UsageError(
            f"{config.source} is gitmig's own configuration, and there is no alembic.ini and no [tool.alembic] beside it",
            "Nothing needs adopting here.",
        )
    if config.style == "gitmig":
        return Adopted(None, already=config.source)
    found, revisions = _files(project)
    if revisions is None:
        return Adopted(None, found=tuple(found))
    heads = revisions.graph.heads()
    theirs = ask(project, "adopting", {"ask": "graph"})
    found += _graph(revisions, theirs)
    facts = ask(project, "adopting", {"ask": "env"})
    compared = Compared()
    if not any(each.blocks for each in found):
        compared = compare_schemas(project, revisions, facts["url"], alembic=theirs["version"] is not None)
        found += [Found("schema-differs", text) for text in compared.differences]
        found += [Found("drift", text) for text in compared.drift]
        found += [Found("database", text) for text in compared.places]
        found += [Found("not-compared", text) for text in compared.gaps]
    found += _models(project, facts)
    add = overlay(project, models_known=facts["error"] is None)
    result = Adopted(None, add.text, None, len(revisions.by_id), heads, theirs["version"], compared.dialect, tuple(found))
    if dry_run or not result.agreed:
        return result
    _write(project, add)
    return Adopted(add.file, add.text, None, len(revisions.by_id), heads, theirs["version"], compared.dialect, tuple(found))


def _files(project: Project) -> tuple[list[Found], Revisions | None]:
    """What the files say by themselves, and the revisions unless they cannot be put in order."""
    found: list[Found] = []
    for entry in revision_files(project.tree, project.config, locate(project)):
        header = read_one(project.tree, entry.path)
        if isinstance(header, RevisionFileError):
            found.append(Found("unreadable-header", header.message.removeprefix(f"{entry.path}: "), entry.path))
            continue
        if entry.path.endswith(".py"):
            for each in executed_on_import(project.tree.read(entry.path)):
                found.append(Found("executes-on-import", f"executes code when it is imported: {each.text}", f"{entry.path}:{each.line}"))
        if header.id is not None and len(header.id) > WIDTH:
            text = f"the id '{header.id}' has {len(header.id)} characters; the version table holds {WIDTH} (SQLite holds any)"
            found.append(Found("long-id", text, entry.path))
    if any(each.blocks for each in found):
        return found, None
    try:
        revisions = load_revisions(project.tree, project.config, None, locate(project))
    except GitmigError as error:
        return [*found, Found("broken-graph", error.message)], None
    heads = revisions.graph.heads()
    if len(heads) > 1:
        found.append(Found("several-heads", f"there are {len(heads)} heads: {', '.join(heads)}; `gitmig merge heads` joins them"))
    return found, revisions


def _graph(revisions: Revisions, theirs: Mapping[str, Any]) -> list[Found]:
    if theirs["version"] is None:
        return [Found("not-compared", "Alembic is not installed here, so only gitmig read the graph")]
    if theirs["error"] is not None:
        return [Found("graph-differs", f"Alembic cannot read the revisions, and gitmig can: {theirs['error']}")]
    ours = {id: {"down": sorted(each.down), "depends_on": sorted(each.depends_on)} for id, each in revisions.by_id.items()}
    found = []
    for id in sorted(ours.keys() | theirs["revisions"].keys()):
        mine, other = ours.get(id), theirs["revisions"].get(id)
        if mine is None or other is None:
            who = "Alembic" if mine is None else "gitmig"
            where = revisions.by_id[id].path if other is None else ""
            found.append(Found("graph-differs", f"only {who} finds the revision {id}", where))
        elif mine != other:
            found.append(Found("graph-differs", f"Alembic reads {other} of the revision {id}, gitmig {mine}", revisions.by_id[id].path))
    if not found and sorted(revisions.graph.heads()) != theirs["heads"]:
        ours_heads = ", ".join(revisions.graph.heads())
        found.append(Found("graph-differs", f"Alembic's heads are {', '.join(theirs['heads'])}, gitmig's {ours_heads}"))
    return found


def _models(project: Project, facts: Mapping[str, Any]) -> list[Found]:
    if facts["error"] is not None:
        return [Found("models-unread", f"the models cannot be read by way of env.py: {facts['error']}")]
    try:
        answer = ask(project, "diff", {"form": "table"})
    except GitmigError as error:
        return [Found("models-unread", f"the models cannot be compared with the revisions: {error.message}")]
    return [Found("models-differ", f"no revision makes what the models say: {each['summary']}") for each in answer["changes"]]


def _write(project: Project, add: Overlay) -> None:
    path = project.root / add.file
    before = path.read_bytes() if path.exists() else None
    new = {path: add.content} if before is None else {}
    replaced = {} if before is None else {path: add.content}
    write_project_files(new, replaced, ())
    try:
        named = project.config.alembic_files if project.options.config_files else ()
        after = folder_config(project.root, named=named, section=project.options.section)
        if after is None or after.style != "gitmig" or after.script_location != project.config.script_location:
            raise ConfigError(
                f"{add.file}: what was added is not what counts in {project.root}", "Give its folder's configuration with -c."
            )
    except ConfigError:
        if before is None:
            path.unlink()
        else:
            path.write_bytes(before)
        raise
