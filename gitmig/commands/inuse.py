"""Which revisions stand in databases that others use: those are published, wherever git has them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from gitmig.adapters.publication import Published
from gitmig.commands.databases import Named, other_databases, own_database
from gitmig.commands.project import Project
from gitmig.commands.standing import Stands, stands


def asked(project: Project) -> tuple[Named, ...]:
    """The databases whose revisions count as published."""
    return tuple(each for each in (own_database(project), *other_databases(project)) if each.role != "local")


def ask_all(project: Project, databases: Sequence[Named]) -> tuple[Stands, ...]:
    """Where each stands, asked side by side; a database that does not answer is among them."""
    if not databases:
        return ()
    with ThreadPoolExecutor(max_workers=min(len(databases), project.config.jobs or 1)) as pool:
        return tuple(pool.map(lambda each: stands(project, each.name), databases))


def with_databases(facts: Published, databases: Sequence[Stands]) -> Published:
    """``facts``, with what stands in ``databases``; one that cannot be asked has everything."""
    standing: dict[str, str] = {}
    for each in databases:
        standing |= {id: f"it stands in {words(each.name)}" for id in each.standing if id not in standing}
    silent = [f"{words(each.name)} cannot be asked, so it counts as standing there" for each in databases if not each.answered]
    return replace(facts, standing=standing, silent=silent[0] if silent else None)


def words(name: str | None) -> str:
    """What the database is called in a sentence."""
    return "the database" if name is None else f"the database {name}"
