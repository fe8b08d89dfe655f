"""Several databases in one command: which there are, and each worked on in a child process of its own, some at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, replace
from typing import Any

from gitmig.adapters.connecting import connecting_config
from gitmig.adapters.database import connected
from gitmig.adapters.environ import environment
from gitmig.adapters.syncurl import sync_url
from gitmig.commands.asking import ask
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate
from gitmig.config import TenantSettings, expand_url, use_database
from gitmig.errors import ConfigError, GitmigError, redact
from gitmig.script.load import script_folder

_TWO_PHASES = re.compile(r"^USE_TWOPHASE\s*(?::\s*bool\s*)?=\s*True\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Each:
    """What became of one database: ``answer`` of its child (see `gitmig.commands.jobs.member`), or the ``error``."""

    name: str
    answer: Mapping[str, Any] | None
    error: GitmigError | None = None

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        if self.error is not None:
            told = {"message": redact(self.error.message), "hint": redact(self.error.hint), "exit_code": self.error.exit_code}
            return {"name": self.name, "ok": False, "error": told}
        return {"name": self.name, "ok": True, "error": None, **(self.answer or {})}


def databases_of(project: Project) -> tuple[str, ...] | None:
    """The names of the databases that a command without ``--database`` is for; None where the project has one.

    Raises ConfigError, ModelsError, DatabaseError where they cannot be told.
    """
    config = project.config
    if config.database is not None or config.jobs == 0:
        return None
    if config.tenants is not None:
        return _tenants(project, config.tenants)
    if project.options.url is not None:
        return None
    parts = tuple(database.name for database in config.databases if database.models)
    if parts:
        return parts
    if config.binds:
        from gitmig.commands.partnames import bind_parts

        return bind_parts(config, project.tree)
    if config.engines and not _commits_in_two_phases(project):
        return tuple(engine.name for engine in config.engines)
    return None


def _commits_in_two_phases(project: Project) -> bool:
    """Whether env.py prepares all databases and then commits them: that it can do only in one process."""
    path = f"{script_folder(project.tree, project.config, locate(project))}/env.py"
    try:
        return _TWO_PHASES.search(project.tree.read(path).decode("utf-8", "replace")) is not None
    except FileNotFoundError:
        return False


def _tenants(project: Project, tenants: TenantSettings) -> tuple[str, ...]:
    if tenants.query is not None:
        names = _queried(project, tenants.query)
    elif tenants.call is not None:
        from gitmig.adapters.models import called

        names = called(tenants.call, f"`call = {tenants.call!r}` in the tenants of {project.config.source}", project.config, project.tree)
    else:
        names = tenants.names
    found: list[str] = []
    for name in names:
        if not isinstance(name, str) or not name:
            raise ConfigError(f"{project.config.source}: {name!r} is no tenant's name", "A name is a text that is not empty.")
        if name not in found:
            found.append(name)
            use_database(replace(project.config, tenants=replace(tenants, names=())), name)
    return tuple(found)


def _queried(project: Project, query: str) -> Sequence[Any]:
    from sqlalchemy import text

    config = connecting_config(project.config, project.tree, environment(), creating=False)
    if config.url is None:
        raise ConfigError(f"{config.source}: `query` of the tenants needs a database to ask", 'Write `url = "..."` too, or give --url.')
    with connected(sync_url(expand_url(config.url, environment(), config.source))) as connection:
        return [row[0] for row in connection.execute(text(query))]


def on_each(
    project: Project, names: Sequence[str], request: Mapping[str, Any], jobs: int, finished: Callable[[Each], None]
) -> tuple[Each, ...]:
    """Do ``request`` (see `gitmig.commands.jobs.member`) on every database, ``jobs`` at a time; one that fails stops no other.

    ``finished`` is told of each as it ends. The results stand in the order of ``names``.
    """

    def one(name: str) -> Each:
        chosen = replace(project, options=replace(project.options, database=name))
        try:
            return Each(name, ask(chosen, "member", request, against="database"))
        except GitmigError as error:
            return Each(name, None, error)

    results: dict[str, Each] = {}
    with ThreadPoolExecutor(max_workers=max(1, jobs)) as pool:
        waiting = [pool.submit(one, name) for name in names]
        try:
            for done in as_completed(waiting):
                each = done.result()
                results[each.name] = each
                finished(each)
        except BaseException:
            # Ctrl-C reaches the children too, and each of them ends its own work in good order; none is begun any more.
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    return tuple(results[name] for name in names)
