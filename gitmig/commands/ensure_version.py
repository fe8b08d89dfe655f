"""`ensure-version`: the version table is there afterwards."""

from __future__ import annotations

from gitmig.commands.project import Project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.running import USUAL, RunOptions, run


def ensure_version(project: Project, options: RunOptions = USUAL) -> None:
    """Creates the version table unless it is there, and nothing else; offline prints it. Raises DatabaseError, ConfigError."""
    run(project, project_revisions(project), "ensure_version", lambda rows: (), options)
