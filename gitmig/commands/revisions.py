"""The revisions of a project on disk, as every command that reads the graph gets them."""

from __future__ import annotations

from pathlib import Path

from gitmig.adapters.headercache import header_cache
from gitmig.adapters.packages import package_folder
from gitmig.commands.project import Project
from gitmig.errors import ConfigError
from gitmig.script.load import Locate, Revisions, load_revisions, script_folder


def project_revisions(project: Project) -> Revisions:
    """Every revision of the work tree. Raises RevisionFileError, GraphError, and ConfigError where there is no folder."""
    found = load_revisions(project.tree, project.config, header_cache(project.root), locate(project))
    if not found.by_id:
        require_script_folder(project)
    return found


def require_script_folder(project: Project) -> Path:
    """The migrations folder, absolute. Raises ConfigError where there is none."""
    folder = project.root / script_folder(project.tree, project.config, locate(project))
    if not folder.is_dir():
        raise ConfigError(
            f"{project.config.source}: `script_location` is '{project.config.script_location}', and there is no such folder",
            "`gitmig init` makes one.",
        )
    return folder


def locate(project: Project) -> Locate:
    """Finds installed packages as the project's own import path does."""
    more = [str(project.root / each) for each in ("", *project.config.prepend_sys_path)]
    return lambda package, path: package_folder(package, path, more)


def open_heads(revisions: Revisions) -> tuple[str, ...]:
    """The heads, where there are several; none where each has a label of its own: those are kept side by side on purpose."""
    graph = revisions.graph
    heads = graph.heads()
    if len(heads) < 2:
        return ()
    labels = [set(graph.labels_of(head)) for head in heads]
    shared = any(one & other for place, one in enumerate(labels) for other in labels[:place])
    return () if all(labels) and not shared else heads
