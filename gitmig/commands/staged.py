"""Models in the index against revisions in the index: what `--staged` shows and what the hook acts on."""

from __future__ import annotations

import posixpath
import shlex
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from gitmig.adapters import clean
from gitmig.adapters.child import Child, Watch
from gitmig.adapters.difference import Difference
from gitmig.adapters.gitrepo import Repository, split_nul
from gitmig.adapters.gittree import GitTree, read_index_entries
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.packages import package_folder
from gitmig.config import CommitSettings, Config, read_config
from gitmig.errors import CheckFailed
from gitmig.script.header import Header
from gitmig.script.load import Locate, Revisions, header_of, load_revisions, script_folder, version_folders

Mode = Literal["stage", "review", "check", "off"]
_STRICTNESS = ("off", "stage", "review", "check")


@dataclass(frozen=True, slots=True)
class StagedProject:
    """A project as the index holds it. ``prefix`` is its folder from the repository's top, "" or with a slash at the end."""

    repository: Repository
    prefix: str
    config: Config
    tree: GitTree

    @property
    def root(self) -> Path:
        return Path(self.repository.top, self.prefix)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a revision: what it does in words, whether it is purely additive, why not, and what it does to data."""

    summary: str
    safe: bool
    reason: str = ""
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """The revision that the index lacks; ``source`` None when it lacks none. ``path`` is from the repository's top."""

    changes: tuple[Change, ...]
    source: str | None
    path: str | None
    revision: str | None
    messages: tuple[str, ...]
    opaque: tuple[str, ...]
    watch: Watch


class SeveralHeads(CheckFailed):
    """The commit would hold heads that nobody labelled apart."""


def staged_projects(repository: Repository, entries: bytes, named: str | None = None) -> list[StagedProject]:
    """Every project of the index, by prefix. ``entries`` is `git ls-files -s -z` of at least the configuration files.

    ``named`` is GITMIG_CONFIG. Raises ConfigError with file and line, GitError for unresolved conflicts.
    """
    return _projects(repository, None if named else read_index_entries(entries), named, None)


def committed_projects(repository: Repository, commit: str, named: str | None = None) -> list[StagedProject]:
    """Every project of a commit, as `staged_projects` gives those of the index."""
    listed = None if named else split_nul(repository.git("ls-tree", "-r", "-z", "--name-only", "--full-tree", commit))
    return _projects(repository, listed, named, commit)


def _projects(repository: Repository, paths: Iterable[str] | None, named: str | None, commit: str | None) -> list[StagedProject]:
    if named:
        path = posixpath.normpath(repository.prefix(Path(named).absolute().parent) + Path(named).name)
        folders = {posixpath.dirname(path)}
        files = [posixpath.basename(path)]
    else:
        folders = {posixpath.dirname(path) for path in paths or () if posixpath.basename(path) in clean.CONFIGURATION}
        files = []
    projects = []
    for folder in sorted(folders):
        prefix = f"{folder}/" if folder else ""
        tree = GitTree(repository, prefix, oid=commit)
        config = read_config(_reader(tree), Path(repository.top, folder).as_posix(), named=files)
        if config is not None:
            projects.append(StagedProject(repository, prefix, config, tree))
    return projects


def examine(
    project: StagedProject,
    child: Child,
    difference: Difference,
    *,
    repository: Repository | None = None,
    compose: bool = True,
    message: str | None = None,
) -> Proposal:
    """Ask the child what revision the index lacks. ``repository`` may have another index than the project's.

    Without ``compose`` only the changes are told: where several heads stand apart on purpose a person says which one goes on.
    Raises what autogenerate raises: models that do not import, a broken graph, revisions that cannot be replayed.
    """
    repository = repository or project.repository
    answer = child.ask(
        "autogenerate" if compose else "diff",
        autogenerate_request(project.root, project.repository, message),
        project_root=project.root,
        repository=repository,
        difference=difference,
    )
    return proposal_of(project.prefix, answer.result, answer.watch)


def autogenerate_request(root: Path, repository: Repository | None, message: str | None = None) -> dict[str, Any]:
    """The request of the job "autogenerate" as the hook asks it."""
    return {
        "root": str(root),
        "against": "replay",
        "message": message,
        "cache_dir": str(Path(repository.common_dir, "gitmig")) if repository is not None else None,
    }


def refusal(project: StagedProject, heads: Sequence[str], here: str = "", what: str = "this commit") -> str:
    """The heads of ``what`` and their files in words. ``here`` is where the person stands, from the top, for the paths that are told."""
    graph = revisions_of(project).graph
    named = " and ".join(f"{head} ({posixpath.relpath(project.prefix + graph[head].source, here or '.')})" for head in heads)
    where = f" in {project.prefix.rstrip('/')}" if project.prefix else ""
    return f"{what} has {len(heads)} heads{where}: {named}"


def revisions_of(project: StagedProject) -> Revisions:
    """The project's revisions in the index. Raises RevisionFileError, GraphError."""
    cache = HeaderCache(str(Path(project.repository.common_dir, "gitmig")))
    return load_revisions(project.tree, project.config, cache, locate_for(project))


def in_project(project: StagedProject, command: str, here: str) -> str:
    """The line to type in ``here`` so that ``command`` makes a revision of the project and git gets it."""
    move = _move(project, here)
    return f"{move}{command} && git add {_typed(project, project.prefix + folders_of(project)[0], here)}"


def command_in(project: StagedProject, command: str, here: str) -> str:
    """The line to type in ``here`` that runs ``command`` for the project."""
    return f"{_move(project, here)}{command}"


def step_back(project: StagedProject, path: str, oid: str, down: str, here: str) -> str:
    """The line to type in ``here`` that takes a database back over a revision whose file, blob ``oid``, is no longer at ``path``."""
    file = _typed(project, path, here)
    return f"{_move(project, here)}git show {oid[:12]} > {file} && gitmig downgrade {down} && rm {file}"


def _move(project: StagedProject, here: str) -> str:
    folder = posixpath.relpath(project.prefix or ".", here or ".")
    return "" if folder in (".", "..") or not project.prefix else f"cd {shlex.quote(folder)} && "


def _typed(project: StagedProject, path: str, here: str) -> str:
    """``path`` (from the top) as it is typed after `_move`."""
    start = project.prefix if _move(project, here) else here
    return shlex.quote(posixpath.relpath(path, start or "."))


def folders_of(project: StagedProject) -> list[str]:
    """The folders of the migrations, relative to the project: where revisions lie first, then where env.py does."""
    locate = locate_for(project)
    return [*version_folders(project.tree, project.config, locate), script_folder(project.tree, project.config, locate)]


def decide(settings: CommitSettings, changes: Sequence[Change]) -> Mode:
    """What the hook does with these changes: the stricter of the two settings that apply; ``autogenerate = "off"`` is off."""
    if settings.autogenerate == "off" or all(change.safe for change in changes):
        return settings.autogenerate
    return max(settings.autogenerate, settings.unsafe, key=_STRICTNESS.index)


def record_of(project: StagedProject, watch: Watch) -> clean.Record:
    """What the project was found clean on, for the fast exit."""
    # "shop.**" is every module below shop: a new one counts, whoever listed the folder.
    packages = [spec[: -len(".**")].replace(".", "/") for spec in project.config.models if spec.endswith(".**")]
    starred = [
        _under(project, posixpath.join(root, each)).rstrip("/")
        for root in ("", "src", *project.config.prepend_sys_path)
        for each in packages
    ]
    return clean.record(
        files=watch.files,
        names=watch.names,
        folders=[*watch.folders, *starred],
        roots=[_under(project, folder) for folder in ("", "src", *project.config.prepend_sys_path)],
        own=[_under(project, folder) for folder in folders_of(project)],
    )


def locate_for(project: StagedProject) -> Locate:
    """Finds installed packages as the project's own import path does."""
    more = [str(project.root / each) for each in ("", *project.config.prepend_sys_path)]
    return lambda package, path: package_folder(package, path, more)


def _under(project: StagedProject, folder: str) -> str:
    """A folder of the project from the repository's top, with a slash at the end ("" for the top)."""
    path = posixpath.normpath(posixpath.join(project.prefix, folder))
    return "" if path == "." else f"{path}/"


def _reader(tree: GitTree) -> Callable[[str], bytes | None]:
    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except FileNotFoundError:
            return None

    return read


def refuse_forgotten(project: StagedProject, proposal: Proposal, left: Iterable[str]) -> None:
    """Raises CheckFailed where a file on disk that nobody staged is this very revision: the commit would bring it under a second name.

    ``left`` are paths of files that gitmig left itself, which it sees to.
    """
    assert proposal.path is not None
    known = {*left, proposal.path, *(posixpath.normpath(project.prefix + each.path) for each in revisions_of(project).by_id.values())}
    for file in sorted(Path(project.repository.top, proposal.path).parent.glob("*.py")):
        path = posixpath.join(posixpath.dirname(proposal.path), file.name)
        header = None if path in known else header_of(file.read_bytes, path)
        if isinstance(header, Header) and header.id == proposal.revision:
            raise CheckFailed(
                f"{path} is the revision that the staged models need, but it is not in the commit",
                f"Run: git add {shlex.quote(path)}",
            )


def proposal_of(prefix: str, result: Mapping[str, Any], watch: Watch) -> Proposal:
    """A job's answer as a proposal; paths of the answer are from the project's root."""
    path = result.get("path")
    return Proposal(
        changes=tuple(
            Change(each["summary"], bool(each["safe"]), each.get("reason") or "", each.get("effect") or "")
            for each in result.get("changes", ())
        ),
        source=result.get("source"),
        path=posixpath.normpath(prefix + path) if path else None,
        revision=result.get("revision"),
        messages=tuple(result.get("messages", ())),
        opaque=tuple(str(each) for each in result.get("opaque", ())),
        watch=watch,
    )
