"""`check A..B` and `check --merge-with REF`: commits, and merges that nobody has made yet, looked at in git's objects."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gitmig.adapters.branchrefs import BranchRef, folder_trees, merged_tree, reached_locally, tree_changes
from gitmig.adapters.gitrepo import Blobs, Repository, discover, split_nul
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.headercache import HeaderCache
from gitmig.adapters.publication import published
from gitmig.commands.asking import Change, ask, changes_of
from gitmig.commands.branchreading import folder_inside
from gitmig.commands.diff import commit_id
from gitmig.commands.edited import Edited
from gitmig.commands.forecast import Forecast, commit_json, forecast_over
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate, open_heads
from gitmig.config import Config, read_config
from gitmig.errors import ConfigError, GitmigError, GraphError, RevisionFileError, UsageError
from gitmig.ports import Commit, Entry
from gitmig.revision import Revision
from gitmig.script.header import Header
from gitmig.script.load import Revisions, header_of, is_revision_file, load_revisions, version_folders
from gitmig.script.meaning import same_meaning

Consent = Callable[[str, Sequence[str]], bool]
"""Asks whether code of a commit may run that no local branch ever had: the name of the commit, and its Python files."""


@dataclass(frozen=True, slots=True)
class RangeChecked:
    """What was found at the end of a range: ``changes`` that its models ask for and no revision makes, and the first commit that lacks
    them; several ``heads``; published revisions that the range edits."""

    commit: str
    changes: tuple[Change, ...] = ()
    since: Commit | None = None
    heads: tuple[str, ...] = ()
    edited: tuple[Edited, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        return not (self.changes or self.heads or self.edited)

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "clean": self.clean,
            "commit": self.commit,
            "changes": [each.to_json() for each in self.changes],
            "since": commit_json(self.since),
            "heads": list(self.heads),
            "edited": [each.to_json() for each in self.edited],
            "messages": list(self.messages),
        }


@dataclass(frozen=True, slots=True)
class MergeChecked:
    """What a merge would bring. ``conflicted`` are the paths that git cannot merge, ``heads`` the several heads of the merged tree.

    ``verdict`` and ``proofs`` come from recording both sides; where code may not run, ``forecast`` says what its text tells.
    """

    tree: str
    conflicted: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    verdict: str | None = None
    proofs: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    forecast: Forecast | None = None
    changes: tuple[Change, ...] = ()
    messages: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        return not (self.conflicted or self.heads or self.changes)

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        seen = self.forecast.to_json() if self.forecast is not None else {}
        return {
            "clean": self.clean,
            "tree": self.tree,
            "conflicted": list(self.conflicted),
            "heads": list(self.heads),
            "verdict": self.verdict,
            "proofs": {name: list(found) for name, found in self.proofs.items()},
            "contradictions": seen.get("contradictions", []),
            "unknown": seen.get("unknown", []),
            "changes": [each.to_json() for each in self.changes],
            "messages": list(self.messages),
        }


def check_range(project: Project, between: str, consent: Consent) -> RangeChecked:
    """Look at B of "A..B" (either end empty for HEAD), and at what the commits from A on do to published revisions.

    Raises UsageError for another text or where B's code may not run, GitError for what is no commit, and as `check` does.
    """
    first, dots, second = between.partition("..")
    if not dots or second.startswith("."):
        raise UsageError(f"'{between}' is no range of commits", "Write it as `A..B`, for example `origin/main..HEAD`.")
    repository = discover(project.root)
    before, after = commit_id(repository, first or "HEAD"), commit_id(repository, second or "HEAD")
    if not _may_run(repository, after, second or "HEAD", consent):
        raise UsageError(
            f"{second} holds code that no local branch ever had, and comparing its models would run it", "`--yes` says that it may."
        )
    found = check_commit(project, repository, after, before, first or "HEAD")
    return replace(found, since=missing_since(project, repository, before, after, found.changes)) if found.changes else found


def check_commit(project: Project, repository: Repository, commit: str, before: str | None, name: str) -> RangeChecked:
    """One commit as `check` would find it, and the published revisions edited since ``before`` (called ``name``; None: nothing is before).

    Its code is run. Raises as `check` does.
    """
    tree = GitTree(repository, repository.prefix(project.root), oid=commit)
    try:
        config = _config_at(project, tree)
        revisions = load_revisions(tree, config, HeaderCache(_state(repository)), locate(project))
        edited = () if before is None else tuple(_edited(project, repository, config, revisions, tree, before, name))
    finally:
        tree.close()
    answer = ask(project, "diff", {"form": "table"}, commit=commit)
    return RangeChecked(commit, changes_of(answer), None, open_heads(revisions), edited, tuple(answer["messages"]))


def check_merge(project: Project, ref: str, consent: Consent) -> MergeChecked:
    """HEAD as if ``ref`` were merged into it. Raises GitError, ConfigError, ModelsError, GraphError."""
    repository = discover(project.root)
    ours, theirs = commit_id(repository, "HEAD"), commit_id(repository, ref)
    merged = merged_tree(repository, ours, theirs)
    found = MergeChecked(merged.tree, merged.conflicted)
    tree = GitTree(repository, repository.prefix(project.root), oid=merged.tree)
    try:
        revisions = load_revisions(tree, _config_at(project, tree), HeaderCache(_state(repository)), locate(project))
        found = replace(found, heads=open_heads(revisions))
    except (ConfigError, RevisionFileError, GraphError) as error:
        if not merged.conflicted:
            raise
        found = replace(found, messages=(f"The heads of the merge are not known: {error.message}.",))
    finally:
        tree.close()
    if not merged.conflicted and _may_run(repository, theirs, ref, consent):
        return _replayed(project, found)
    if not merged.conflicted:
        told = f"{ref} holds code that no local branch ever had, so models and scripts were not run; `--yes` runs them."
        found = replace(found, messages=(*found.messages, told))
    if not found.heads:
        return found
    return replace(found, forecast=forecast_over(project, repository, [BranchRef("HEAD", ours), BranchRef(ref, theirs)], ours))


def _replayed(project: Project, found: MergeChecked) -> MergeChecked:
    if not found.heads:
        answer = ask(project, "diff", {"form": "table"}, commit=found.tree)
        return replace(found, changes=changes_of(answer), messages=(*found.messages, *answer["messages"]))
    answer = ask(project, "join", {"heads": list(found.heads)}, commit=found.tree)
    return replace(
        found,
        verdict=answer["verdict"],
        proofs=answer["proofs"],
        changes=changes_of(answer),
        messages=(*found.messages, *answer["messages"]),
    )


def _state(repository: Repository) -> str:
    return str(Path(repository.common_dir, "gitmig"))


def _config_at(project: Project, tree: GitTree) -> Config:
    """The configuration that the tree holds. Raises ConfigError where it holds none."""

    def read(path: str) -> bytes | None:
        try:
            return tree.read(path)
        except FileNotFoundError:
            return None

    here = project.options.cwd or Path.cwd()
    named = [posixpath.relpath(Path(here, each).as_posix(), project.root.as_posix()) for each in project.options.config_files]
    config = read_config(read, project.root.as_posix(), named=named, section=project.options.section)
    if config is None:
        raise ConfigError(f"{tree.oid} holds no gitmig configuration", "Name a commit that has one.")
    return config


def _may_run(repository: Repository, commit: str, name: str, consent: Consent) -> bool:
    if reached_locally(repository, commit):
        return True
    files = split_nul(repository.git("diff", "--name-only", "-z", "--no-renames", f"HEAD...{commit}", "--", "*.py"))
    return consent(name, files)


# -- published revisions


def _edited(
    project: Project, repository: Repository, config: Config, revisions: Revisions, tree: GitTree, before: str, name: str
) -> Iterator[Edited]:
    prefix = repository.prefix(project.root)
    facts = published(repository, prefix, config, HeaderCache(_state(repository)), locate(project))
    base = repository.attempt("merge-base", before, tree.oid or "").stdout.decode().strip() or before
    with Blobs(repository) as blobs:
        for entry in _gone(project, repository, config, base, tree.oid or ""):
            old = blobs.read(entry.oid or "")
            header = header_of(lambda old=old: old, entry.path)  # type: ignore[misc]
            if not isinstance(header, Header) or header.id is None:
                continue
            revision = Revision(header.id, header.down, header.labels, header.depends_on, entry.path, oid=entry.oid)
            # Where no ref tells what others have, everything before the range counts.
            ref = name if facts.everything is not None else facts.ref_of(revision)
            if ref is None:
                continue
            now = revisions.by_id.get(header.id)
            if now is None:
                yield Edited(header.id, entry.path, "deleted", ref)
            elif not same_meaning(old, tree.read(now.path)):
                moved = same_meaning(old, tree.read(now.path), links=False)
                yield Edited(header.id, posixpath.normpath(prefix + now.path), "moved" if moved else "edited", ref)


def _gone(project: Project, repository: Repository, config: Config, before: str, after: str) -> Iterator[Entry]:
    """The revision files of one commit that another has not, or not so; paths from the top."""
    prefix = repository.prefix(project.root)
    for folder in version_folders(project.tree, config, locate(project)):
        inside = folder_inside(repository, prefix, folder)
        if inside is None:
            continue
        old, new = folder_trees(repository, [before, after], inside)
        if old is None or old == new:
            continue
        if new is None:
            new = repository.git("hash-object", "-t", "tree", "-w", "--stdin").decode().strip()
        for entry in tree_changes(repository, old, [new], inside)[new].gone:
            if is_revision_file(entry.path, config.sourceless):
                yield entry


# -- since when


def missing_since(project: Project, repository: Repository, before: str, after: str, changes: Sequence[Change]) -> Commit | None:
    """The first commit of the range whose models ask for one of ``changes``: halved, as what is missing mostly stays so."""
    listed = repository.git("rev-list", "--reverse", "--topo-order", f"{before}..{after}", "--", "*.py").decode().split()
    if not listed:
        return None
    wanted = {each.summary for each in changes}
    low, high = 0, len(listed) - 1
    while low < high:
        middle = (low + high) // 2
        if wanted & _asked(project, listed[middle]):
            high = middle
        else:
            low = middle + 1
    told = repository.git("show", "-s", "-z", "--format=%H%x00%an%x00%aI%x00%s", listed[low])
    return Commit(*split_nul(told)[:4])


def _asked(project: Project, commit: str) -> set[str]:
    try:
        return {each.summary for each in changes_of(ask(project, "diff", {"form": "table"}, commit=commit))}
    except GitmigError:
        # A commit in the middle that cannot be looked at lacks nothing that could be named.
        return set()
