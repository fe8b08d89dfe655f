"""`status`: git, revisions, databases and models on one screen. Everything that can be asked is; what cannot says why. Nothing changes."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from gitmig.adapters.githead import read_head
from gitmig.adapters.gitrepo import Repository, discover
from gitmig.adapters.gittree import read_index_entries
from gitmig.adapters.publication import published_refs
from gitmig.adapters.worktree import WorkTree, read_work_tree
from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.databases import Named, other_databases, own_database
from gitmig.commands.forecast import Contradiction, ForkSeen, commit_json, forecast
from gitmig.commands.project import Options, Project, open_project
from gitmig.commands.revisions import open_heads, project_revisions
from gitmig.commands.revisionview import RevisionView, views
from gitmig.commands.standing import Stands, stands
from gitmig.config import CONFIG_FILES, Role
from gitmig.errors import ConfigError, GitError, GitmigError, redact, sentence


@dataclass(frozen=True, slots=True)
class Models:
    """Changes of the models that no revision makes: ``committed`` or ``staged`` (the index has them), ``unstaged`` (only the files do).
    ``errors`` are why one of the two could not be looked at; ``asked`` False: the revisions are broken, so nothing was."""

    staged: tuple[Change, ...] = ()
    unstaged: tuple[Change, ...] = ()
    committed: tuple[Change, ...] = ()
    errors: tuple[str, ...] = ()
    asked: bool = True


@dataclass(frozen=True, slots=True)
class Fork:
    """A branch elsewhere that goes on from ``on`` by other revisions than this one. ``refs`` have ``theirs``."""

    on: tuple[str, ...]
    refs: tuple[str, ...]
    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    since: Any = None


@dataclass(frozen=True, slots=True)
class Database:
    """One database and what it is for."""

    stands: Stands
    role: Role


@dataclass(frozen=True, slots=True)
class Status:
    """One project. ``folder`` is relative to git's top level, "" for that itself. ``git`` None: ``no_git`` says why.

    ``open_heads`` are the heads where there should be one. ``tenants`` is their number where they were not asked. ``published``: why
    every committed revision counts as published. ``next`` are commands with the reason, most urgent first.
    """

    folder: str
    git: WorkTree | None = None
    no_git: str = ""
    heads: tuple[RevisionView, ...] = ()
    open_heads: tuple[str, ...] = ()
    broken: str = ""
    databases: tuple[Database, ...] = ()
    not_asked: tuple[str, ...] = ()
    models: Models = Models()
    published: str | None = None
    forks: tuple[Fork, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    no_forecast: str = ""
    next: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        git = self.git
        return {
            "folder": self.folder,
            "branch": None if git is None else git.branch,
            "commit": None if git is None else git.commit,
            "under_way": None if git is None else git.under_way,
            "unmerged": [] if git is None else list(git.unmerged),
            "no_git": self.no_git or None,
            "heads": [view.to_json() for view in self.heads],
            "open_heads": list(self.open_heads),
            "broken": self.broken or None,
            "databases": [{**each.stands.to_json(), "role": each.role} for each in self.databases],
            "not_asked": list(self.not_asked),
            "models": {
                "staged": [each.to_json() for each in self.models.staged],
                "unstaged": [each.to_json() for each in self.models.unstaged],
                "committed": [each.to_json() for each in self.models.committed],
                "errors": list(self.models.errors),
            },
            "published": self.published,
            "forks": [
                {
                    "on": list(each.on),
                    "refs": list(each.refs),
                    "theirs": list(each.theirs),
                    "ours": list(each.ours),
                    "since": commit_json(each.since),
                }
                for each in self.forks
            ],
            "contradictions": len(self.contradictions),
            "next": [{"command": command, "reason": reason} for command, reason in self.next],
        }


def projects(options: Options) -> tuple[Project, ...]:
    """The project of the current folder; where it has none, those below it that git knows of. Raises ConfigError."""
    try:
        return (open_project(options),)
    except ConfigError:
        if options.config_files or options.database:
            raise
        found = _below(options.cwd or Path.cwd(), options)
        if not found:
            raise
        return found


def _below(folder: Path, options: Options) -> tuple[Project, ...]:
    try:
        repository = discover(folder)
    except GitError:
        return ()
    prefix = repository.prefix(folder)
    listed = repository.git("ls-files", "-s", "-z", "--", *(f":(top,glob){prefix}**/{name}" for name in CONFIG_FILES))
    folders = sorted({posixpath.dirname(path) for path in read_index_entries(listed)})
    found = []
    for each in folders:
        try:
            project = open_project(replace(options, cwd=Path(repository.top, each)))
        except ConfigError:
            # A pyproject.toml of something else.
            continue
        if project.root == Path(repository.top, each):
            found.append(project)
    return tuple(found)


def status(project: Project, *, everything: bool = False) -> Status:
    """Look at all of it, side by side. ``everything``: the other databases and the tenants too. Raises ConfigError for names that the
    configuration does not have."""
    repository, no_git = _repository(project)
    tree = None
    try:
        tree = None if repository is None else read_work_tree(repository)
    except GitError as error:
        no_git = error.message
    folder = "" if repository is None else repository.prefix(project.root).rstrip("/")
    found = Status(folder, tree or _by_files(project), no_git)
    try:
        revisions = project_revisions(project)
    except GitmigError as error:
        broken = replace(found, broken=_told(error), models=Models(asked=False))
        return replace(broken, next=_next(project, broken))
    heads = views(project, revisions, revisions.graph.heads(), None)
    found = replace(found, heads=heads, open_heads=open_heads(revisions))
    with ThreadPoolExecutor(max_workers=8) as pool:
        databases, not_asked = _databases(project, everything)
        asked = [pool.submit(_stands, project, each) for each in databases]
        models = _asked_models(pool, project, None if tree is None or repository is None else tree)
        if repository is not None and tree is not None:
            found = replace(found, published=_why_everything(repository, project))
            found = _with_forecast(found, project, tree)
        found = replace(
            found,
            databases=tuple(Database(each.result(), named.role) for each, named in zip(asked, databases, strict=True)),
            not_asked=not_asked,
            models=models(),
        )
    return replace(found, next=_next(project, found))


# -- git ---------------------------------------------------------------------------------------------------------------


def _repository(project: Project) -> tuple[Repository | None, str]:
    try:
        return discover(project.root), ""
    except GitError as error:
        return None, error.message


def _by_files(project: Project) -> WorkTree | None:
    """Without a git binary the files of the git directory still tell the branch."""
    head = read_head(project.root)
    return None if head is None else WorkTree(head.branch, head.commit)


def _why_everything(repository: Repository, project: Project) -> str | None:
    try:
        return published_refs(repository, project.config)[1]
    except ConfigError as error:
        return _told(error)


def _with_forecast(found: Status, project: Project, tree: WorkTree) -> Status:
    if tree.commit is None:
        return found
    try:
        seen = forecast(project)
    except GitmigError as error:
        return replace(found, no_forecast=_told(error))
    here = {each.name for each in seen.branches if each.here}
    # While a rebase goes on, its branch still shows the commits that are being moved.
    forks = tuple(
        replace(each, refs=refs)
        for fork in seen.forks
        for each in _forks(fork, here)
        if (refs := tuple(ref for ref in each.refs if ref != tree.rebased))
    )
    contradictions = tuple(each for each in seen.contradictions if bool(here & {*each.left.refs}) != bool(here & {*each.right.refs}))
    return replace(found, forks=forks, contradictions=contradictions)


def _forks(fork: ForkSeen, here: set[str]) -> list[Fork]:
    ours = [side for side in fork.sides if here & {*side.refs}]
    if not ours:
        return []
    heads = tuple(dict.fromkeys(head for side in ours for head in side.heads))
    others = [side for side in fork.sides if side not in ours]
    return [Fork(fork.on, side.refs, side.heads, heads, side.since) for side in others]


# -- databases ---------------------------------------------------------------------------------------------------------


def _databases(project: Project, everything: bool) -> tuple[list[Named], tuple[str, ...]]:
    """Which are asked, and the names of those that are not."""
    from gitmig.commands.several import databases_of

    others = list(other_databases(project)) if project.config.database is None else []
    own = [own_database(project)]
    skipped: list[str] = []
    config = project.config
    if config.database is None and (
        config.tenants is not None or config.binds or config.engines or any(d.models for d in config.databases)
    ):
        names = databases_of(project)
        if names is not None:
            own = [own_database(replace(project, config=_narrowed(project, name))) for name in names]
            if config.tenants is not None and not everything:
                skipped, own = [f"{len(own)} tenants"], []
    if not everything:
        skipped += [str(each.name) for each in others]
        others = []
    return [*own, *others], tuple(skipped)


def _narrowed(project: Project, name: str) -> Any:
    from gitmig.config import use_database

    return use_database(project.config, name)


def _stands(project: Project, named: Named) -> Stands:
    try:
        return stands(project, named.name)
    except GitmigError as error:
        return Stands(named.name, error=error)


# -- models ------------------------------------------------------------------------------------------------------------


def _asked_models(pool: ThreadPoolExecutor, project: Project, tree: WorkTree | None) -> Any:
    """Starts looking; the result is called to have the answer. The index is asked only where it says something else than the files."""
    if not (project.config.models or project.config.app or project.config.style == "alembic" or project.config.databases):
        return lambda: Models()
    files = pool.submit(_changes, project, False)
    index = pool.submit(_changes, project, True) if tree is not None and tree.differs and not tree.unmerged else None
    return lambda: _models(tree, files, index)


def _changes(project: Project, staged: bool) -> tuple[Change, ...] | str:
    try:
        return changes_of(ask(project, "diff", {"form": "table"}, staged=staged))
    except GitmigError as error:
        return _told(error)


def _models(tree: WorkTree | None, files: Future[Any], index: Future[Any] | None) -> Models:
    in_files = files.result()
    in_index = in_files if index is None else index.result()
    errors = tuple(dict.fromkeys(each for each in (in_index, in_files) if isinstance(each, str)))
    in_files = () if isinstance(in_files, str) else in_files
    in_index = () if isinstance(in_index, str) else in_index
    if tree is None or tree.unmerged:
        return Models(unstaged=in_files, errors=errors)
    known = {each.summary for each in in_index}
    unstaged = tuple(each for each in in_files if each.summary not in known)
    if tree.staged or tree.commit is None:
        return Models(staged=in_index, unstaged=unstaged, errors=errors)
    return Models(committed=in_index, unstaged=unstaged, errors=errors)


# -- what to type ------------------------------------------------------------------------------------------------------


def _next(project: Project, found: Status) -> tuple[tuple[str, str], ...]:
    return tuple(_steps(project, found))


def _steps(project: Project, found: Status) -> list[tuple[str, str]]:
    steps: list[tuple[str, str]] = []
    if found.git is not None and found.git.unmerged:
        steps.append((f"git add {' '.join(found.git.unmerged[:3])}", "once their conflicts are resolved"))
    if found.open_heads:
        steps.append(("gitmig resolve", "makes one head of them"))
    models = found.models
    if models.staged:
        steps.append(
            ("git commit" if _hooked(project) else "gitmig revision --autogenerate --staged", "writes the revision of what is staged")
        )
    elif models.unstaged or models.committed:
        steps.append(("gitmig revision --autogenerate", "writes the revision of the models' changes"))
    if not found.open_heads:
        for each in found.databases:
            steps += _for_database(each, one=len(found.databases) == 1)
    return steps


def _hooked(project: Project) -> bool:
    from gitmig.adapters.hookfiles import MARKER

    head = read_head(project.root)
    hook = None if head is None else head.common_dir / "hooks" / "pre-commit"
    try:
        return hook is not None and MARKER in hook.read_text("utf-8", "replace")
    except OSError:
        return False


def _for_database(database: Database, *, one: bool) -> Sequence[tuple[str, str]]:
    at = database.stands
    option = f" --database {at.name}" if at.name is not None else ""
    which = "" if one else f" ({at.name or 'the own database'})"
    if not at.answered:
        return []
    if at.unknown and any(each["revision"] in at.rows for each in at.unknown):
        return [(f"gitmig{option} sync", f"moves the database to this checkout{which}")]
    if at.skipped:
        return [(f"gitmig{option} sync", f"steps back over what a rebase moved, and forward again{which}")]
    if at.pending and database.role == "local":
        return [(f"gitmig{option} upgrade", f"runs what is pending{which}")]
    return []


def _told(error: GitmigError) -> str:
    return redact(f"{sentence(error.message)} {error.hint}".rstrip())
