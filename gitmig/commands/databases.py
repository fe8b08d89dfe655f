"""The databases that a configuration names, and what each is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gitmig.adapters.compose import compose_services
from gitmig.adapters.environ import environment
from gitmig.commands.project import Project
from gitmig.config import Role, expand_url, role_of_url
from gitmig.errors import ConfigError, UsageError


@dataclass(frozen=True, slots=True)
class Named:
    """One database: ``name`` is what ``--database`` takes, None for the project's own ``url``."""

    name: str | None
    role: Role


def own_database(project: Project, url: str | None = None) -> Named:
    """The database that a command without further words works on. ``url`` is what it turned out to be, where only env.py or the
    application knows; unknown, it is nobody's own."""
    config = project.config
    chosen = next((each for each in config.databases if each.name == config.database), None)
    if chosen is not None:
        return Named(chosen.name, chosen.role or _role(project, chosen.url))
    return Named(config.database, _role(project, config.url) if url is None else role_of_url(url, compose_services(project.root)))


def other_databases(project: Project) -> Sequence[Named]:
    """Those of ``databases`` that stand beside the project's own: they are asked, never migrated without being named."""
    config = project.config
    named = [each for each in config.databases if not each.models and each.name != config.database]
    return [Named(each.name, each.role or _role(project, each.url)) for each in named]


def _role(project: Project, template: str | None) -> Role:
    if template is None:
        return "shared"
    try:
        url = expand_url(template, environment(), project.config.source)
    except ConfigError:
        # An unset variable: what stands before it may tell all the same.
        url = template
    return role_of_url(url, compose_services(project.root))


def refuse_shared(project: Project, command: str, url: str | None = None) -> None:
    """Raises UsageError unless the database is a local one, or was named. ``url`` is as for `own_database`; where neither it nor the
    configuration tells one, nothing is refused yet."""
    if project.config.database is not None or (url is None and project.config.url is None):
        return
    role = own_database(project, url).role
    if role != "local":
        raise UsageError(
            f"the database of {project.config.source} is {role}: others use it too, and `{command}` touches only local ones by itself",
            f"Give it a name and a role in [tool.gitmig.databases.NAME], then `gitmig --database NAME {command} ...`.",
        )
