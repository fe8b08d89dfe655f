"""`revision`: a new, empty revision file."""

from __future__ import annotations

from collections.abc import Callable

from gitmig.adapters.environ import environment
from gitmig.adapters.newfile import exchange
from gitmig.adapters.newrevision import (
    TEMPLATE,
    NewFile,
    Placement,
    RevisionRequest,
    compose,
    creation_time,
    place,
    random_id,
    several_heads,
    template_text,
    write_file,
)
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate, project_revisions, require_script_folder
from gitmig.errors import GitmigError
from gitmig.runtime.envconfig import EnvConfig
from gitmig.script.headfile import head_file_content, stale_head_file
from gitmig.script.template import NewRevision, RevisionPart, is_dated


def new_revision(project: Project, request: RevisionRequest, say: Callable[[str], None]) -> NewFile | None:
    """Write an empty revision file and run `post_write_hooks` over it; ``say`` takes what they have to tell. None where env.py, which runs
    first with `revision_environment`, wants no file.

    Raises GraphError, UsageError, ConfigError, RevisionFileError; GitmigError where the file cannot be written, and then
    nothing is left.
    """
    revisions = project_revisions(project)
    require_script_folder(project)
    if project.config.revision_environment:
        # The child and the models' import path are no part of a command that only writes a file.
        from gitmig.commands.environmentrevision import empty_by_environment, runs_environment

        if runs_environment(project):
            wanted = empty_by_environment(project, request, say)
            return None if wanted is None else write(project, wanted, say)
    placement = place(project.tree, project.config, revisions, request, locate(project))
    new = NewRevision(
        request.id or random_id(), request.message, placement.down, placement.labels, placement.depends_on, parts=empty_parts(project)
    )
    shown = EnvConfig(project.config, environment())
    made = compose(project.tree, project.config, revisions.graph, placement, new, script_config=shown, locate=locate(project))
    return write(project, made, say)


def empty_parts(project: Project) -> tuple[RevisionPart, ...]:
    """Where every revision is for several databases, a pair of functions for each. Alembic's own template makes them by itself."""
    config = project.config
    if not (config.binds or any(database.models for database in config.databases)):
        return ()
    from gitmig.commands.partnames import engine_name, part_names

    return tuple(RevisionPart(engine_name(config, name)) for name in part_names(config, project.tree))


def write(project: Project, made: NewFile, say: Callable[[str], None]) -> NewFile:
    """Write ``made`` and run `post_write_hooks` over it; returns it with the content that they left. The file of heads follows."""
    written = write_file(project.config, project.root, made, say)
    keep_head_file(project)
    return written


def keep_head_file(project: Project) -> None:
    """Let the file of heads name those of the work tree, where the configuration wants it. Raises GitmigError."""
    if not project.config.head_file:
        return
    revisions = project_revisions(project)
    path = stale_head_file(project.tree, project.config, revisions, locate(project))
    if path is None:
        return
    try:
        exchange(project.root / path, head_file_content(revisions.graph.heads()))
    except OSError as error:
        raise GitmigError(f"{path}: cannot be written: {error.strerror or error}", "`gitmig check` tells what it should say.") from error


__all__ = [
    "TEMPLATE",
    "NewFile",
    "Placement",
    "RevisionRequest",
    "compose",
    "creation_time",
    "empty_parts",
    "is_dated",
    "new_revision",
    "place",
    "random_id",
    "several_heads",
    "template_text",
    "write",
]
