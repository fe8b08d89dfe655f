"""The post-checkout hook, and what post-merge and post-rewrite say of the database: it follows the branch, or is told of."""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Iterator, Sequence
from pathlib import Path

from gitmig.adapters import clean
from gitmig.adapters.environ import environment
from gitmig.adapters.gitrepo import Repository
from gitmig.commands.missing import find_missing
from gitmig.commands.project import Options, Project, open_project
from gitmig.commands.revisions import project_revisions
from gitmig.commands.running import RunOptions
from gitmig.commands.staged import StagedProject, command_in, staged_projects
from gitmig.commands.surroundings import Report, Surroundings
from gitmig.commands.sync import Place, Plan, apply, place_of, plan_of, refuse_strangers
from gitmig.config import anchor_url, may_be_several, with_template
from gitmig.errors import GitmigError, UsageError
from gitmig.graph.routes import upgrade_route
from gitmig.script.load import Revisions, version_folders


def post_checkout(repository: Repository, surroundings: Surroundings) -> Report:
    """A checkout is never failed by it, whatever comes up."""
    given = surroundings.arguments or _framework()
    if surroundings.ci or not _is_due(repository, given):
        return Report()
    entries = repository.git("ls-files", "-s", "-z", "--", *clean.PATTERNS)
    try:
        projects = staged_projects(repository, entries, surroundings.config)
    except GitmigError as error:
        return Report(0, (f"gitmig: {error}",))
    _watch(repository, projects)
    return Report(0, database_lines(projects, surroundings.here))


def database_lines(projects: Sequence[StagedProject], here: str) -> tuple[str, ...]:
    """What is said of the databases of ``projects`` after their files changed; with ``checkout.sync = "auto"`` they are moved."""
    return tuple(line for project in projects for line in _lines(project, here))


def _framework() -> tuple[str, ...]:
    """The arguments as the pre-commit framework passes them on."""
    found = environment()
    names = ("PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF", "PRE_COMMIT_CHECKOUT_TYPE")
    return tuple(found[name] for name in names) if all(name in found for name in names) else ()


def _is_due(repository: Repository, given: Sequence[str]) -> bool:
    """Whether another branch was checked out: no file, no commit without a branch, no step of a rebase but one that only moves on."""
    if len(given) != 3 or given[2] != "1" or given[0] == given[1]:
        return False
    rebase = Path(repository.git_dir, "rebase-merge")
    if rebase.is_dir():
        orig, onto = (_oid(rebase / name) for name in ("orig-head", "onto"))
        return bool(orig and onto) and repository.attempt("merge-base", "--is-ancestor", orig, onto).returncode == 0
    return repository.under_way() is None and repository.attempt("symbolic-ref", "-q", "HEAD").returncode == 0


def _oid(file: Path) -> str:
    try:
        return file.read_text("ascii").strip()
    except OSError:
        return ""


def _watch(repository: Repository, projects: Sequence[StagedProject]) -> None:
    """What the hook's shell part compares: where two commits have the same in these places, nothing has to be done."""
    places: dict[str, None] = {}
    for project in projects:
        for folder in version_folders(project.tree, project.config):
            place = posixpath.normpath(project.prefix + folder)
            if not place.startswith(("/", "..")):
                places[place] = None
        places |= dict.fromkeys(posixpath.normpath(project.prefix + file) for file in project.config.files)
    with contextlib.suppress(OSError):
        # Unwritten, the next checkout is only looked at once more.
        clean.write_places(str(repository.state_folder()), [f":(top,literal){place}" for place in places if "\n" not in place])


def _lines(staged: StagedProject, here: str) -> Iterator[str]:
    config = staged.config
    if config.checkout.sync == "off" or may_be_several(config):
        return
    command = command_in(staged, "gitmig sync", here)
    try:
        project = open_project(Options(cwd=staged.root))
        if project.config.url is not None:
            config = with_template(project.config, anchor_url(project.config.url, project.config.root))
            project = Project(config, project.root, project.tree, project.options)
        yield from _auto(project, command) if config.checkout.sync == "auto" else _notify(project, command)
    except UsageError:
        # A database that is not this person's own.
        return
    except GitmigError as error:
        if staged.config.checkout.sync == "auto":
            yield f"gitmig: the database was not moved: {error}"


def _notify(project: Project, command: str) -> Iterator[str]:
    revisions = project_revisions(project)
    place = place_of(project, revisions)
    said = _behind(project, revisions, place)
    if said:
        yield f"gitmig: {said}"
        yield f"  Next: {command}"


def _behind(project: Project, revisions: Revisions, place: Place) -> str:
    """How the database differs from this checkout; nothing of one that never had a revision."""
    if not place.rows:
        return ""
    unknown = [row for row in place.rows if row not in revisions.graph]
    if unknown:
        missing = find_missing(project, revisions, unknown, place.entries)
        where = "; ".join(f"{each.revision} lives {each.words()}" for id, each in missing.found.items() if id in unknown)
        return f"the database is at {', '.join(unknown)}, which this branch lacks" + (f": {where}." if where else ".")
    if place.skipped:
        return f"below what the database has, {', '.join(place.skipped)} never ran on it."
    pending = [move.revision for move in upgrade_route(revisions.graph, place.rows, "heads")]
    if not pending:
        return ""
    more = f" and {len(pending) - 1} more" if len(pending) > 1 else ""
    return f"the database lacks {pending[0]}{more} of this branch."


def _auto(project: Project, command: str) -> Iterator[str]:
    revisions = project_revisions(project)
    place = place_of(project, revisions)
    if not _behind(project, revisions, place):
        return
    plan = plan_of(project, refuse_strangers)
    why = _why_not(plan)
    if why:
        yield f"gitmig: the database was not moved to this branch, because {why}."
        yield f"  Next: {command}"
        return
    outcome = apply(project, plan, RunOptions(), quiet=True)
    back, forward = len(plan.back), len(plan.forward)
    yield f"gitmig: the database is at {', '.join(outcome.after) or 'base'} now ({back} back, {forward} forward)."


def _why_not(plan: Plan) -> str:
    if plan.losses:
        return f"that loses {', '.join(map(str, plan.losses))}"
    unsure = [f"{words} ({step.revision})" for step in plan.steps for words in step.unsure]
    return f"what this does to data is not known: {unsure[0]}" if unsure else ""
