"""The pre-push hook: the commits that are pushed, looked at in git's objects, so that no way of committing hides a missing revision."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gitmig.adapters import clean
from gitmig.adapters.branchrefs import BranchRef
from gitmig.adapters.environ import environment
from gitmig.adapters.gitrepo import Repository, split_nul
from gitmig.commands.checkcommits import RangeChecked, check_commit, missing_since
from gitmig.commands.checktext import HOW
from gitmig.commands.forecast import Forecast, forecast_over
from gitmig.commands.forecasttext import commit_shown, contradiction
from gitmig.commands.hooktext import steps
from gitmig.commands.project import Options, Project
from gitmig.commands.staged import Change, StagedProject, command_in, committed_projects, decide
from gitmig.commands.surroundings import Report, Surroundings


@dataclass(frozen=True, slots=True)
class Push:
    """One ref: the local name of what is pushed, its commit, the remote ref, and the commit that is there now where it is known here."""

    name: str
    commit: str
    remote_ref: str
    before: str | None = None


def pre_push(repository: Repository, surroundings: Surroundings) -> Report:
    """Stop a push whose models have changes without a revision, or that edits published revisions; warn of heads and forks to come.

    Raises GitmigError for models, revisions and configuration that cannot be read at a pushed commit.
    """
    remote = surroundings.arguments[0] if surroundings.arguments else environment().get("PRE_COMMIT_REMOTE_NAME", "origin")
    stops: list[str] = []
    warnings: list[str] = []
    seen: set[str] = set()
    for push in pushes(repository, surroundings.stdin, remote):
        if push.commit in seen or not _brings_python(repository, push, remote):
            continue
        seen.add(push.commit)
        projects = committed_projects(repository, push.commit, surroundings.config)
        for project in _touched(repository, projects, push):
            stopped, warned = _look(repository, project, push, remote, surroundings)
            stops += stopped
            warnings += warned
    if not stops:
        return Report(0, tuple(warnings))
    return Report(1, (*warnings, *stops, "  To skip once: GITMIG=0 git push ..."))


def pushes(repository: Repository, stdin: str, remote: str) -> Iterator[Push]:
    """What git tells on stdin, or the pre-commit framework in the environment; without deletions and what is no commit."""
    lines = [line.split(" ") for line in stdin.splitlines() if line.strip()] or _from_framework()
    for name, oid, remote_ref, old in lines:
        commit = repository.attempt("rev-parse", "-q", "--verify", f"{oid}^{{commit}}").stdout.decode().strip() if oid.strip("0") else ""
        if not commit:
            continue
        before = repository.attempt("rev-parse", "-q", "--verify", f"{old}^{{commit}}").stdout.decode().strip() if old.strip("0") else ""
        before = before or _base(repository, commit, remote)
        yield Push(name.removeprefix("refs/heads/"), commit, remote_ref, before or None)


def _from_framework() -> list[list[str]]:
    """pre-commit passes no stdin on, and tells of one ref: without FROM and TO, all that it has is new."""
    variables = environment()
    if "PRE_COMMIT_REMOTE_NAME" not in variables:
        return []
    name = variables.get("PRE_COMMIT_LOCAL_BRANCH") or "HEAD"
    to = variables.get("PRE_COMMIT_TO_REF") or name
    return [[name, to, variables.get("PRE_COMMIT_REMOTE_BRANCH", ""), variables.get("PRE_COMMIT_FROM_REF") or "0"]]


def _base(repository: Repository, commit: str, remote: str) -> str:
    """Where a new branch left the remote's default one."""
    default = default_branch(repository, remote)
    if default is None:
        return ""
    return repository.attempt("merge-base", commit, default.commit).stdout.decode().strip()


def default_branch(repository: Repository, remote: str) -> BranchRef | None:
    """The remote-tracking ref of the remote's default branch: what its HEAD points to, else main, else master."""
    pointed = os.fsdecode(repository.attempt("symbolic-ref", "-q", "--short", f"refs/remotes/{remote}/HEAD").stdout).strip()
    for name in (pointed, f"{remote}/main", f"{remote}/master"):
        done = repository.attempt("rev-parse", "-q", "--verify", f"refs/remotes/{name}^{{commit}}") if name else None
        if done is not None and done.returncode == 0:
            return BranchRef(name, done.stdout.decode().strip())
    return None


def _brings_python(repository: Repository, push: Push, remote: str) -> bool:
    known = [f"--remotes={remote}", *([push.before] if push.before else [])]
    return bool(repository.git("rev-list", "-1", push.commit, "--not", *known, "--", *clean.PATTERNS))


def _touched(repository: Repository, projects: Sequence[StagedProject], push: Push) -> Sequence[StagedProject]:
    """Of several projects those under which the push changes something."""
    if len(projects) < 2 or push.before is None:
        return projects
    paths = split_nul(repository.git("diff", "--name-only", "-z", "--no-renames", push.before, push.commit))
    return [each for each in projects if any(path.startswith(each.prefix) for path in paths)]


def _look(
    repository: Repository, staged: StagedProject, push: Push, remote: str, surroundings: Surroundings
) -> tuple[list[str], list[str]]:
    """The lines that stop the push, and those that warn."""
    named = (str(Path(surroundings.config).absolute()),) if surroundings.config else ()
    project = Project(staged.config, staged.root, staged.tree, Options(named, cwd=staged.root))
    if staged.config.commit.autogenerate == "off":
        return [], []
    found = check_commit(project, repository, push.commit, push.before, push.name)
    changes = [Change(each.summary, each.safe, each.reason, each.effect) for each in found.changes]
    if changes and decide(staged.config.commit, changes) == "off":
        changes = []
    if changes and push.before is not None:
        found = replace(found, since=missing_since(project, repository, push.before, push.commit, found.changes))
    where = f" in {staged.prefix.rstrip('/')}" if staged.prefix else ""
    return list(_stops(staged, push, found, changes, where, surroundings.here)), list(_warnings(project, repository, push, found, remote))


def _stops(staged: StagedProject, push: Push, found: RangeChecked, changes: Sequence[Change], where: str, here: str) -> Iterator[str]:
    if changes:
        yield f"gitmig: {push.name} would be pushed with changes of the models{where} that no revision makes:"
        yield from steps(changes)
        if found.since is not None:
            yield f"  since {commit_shown(found.since)}"
        yield f"  Next: {command_in(staged, 'gitmig revision --autogenerate', here)}; git add and commit the file, and push again"
    for each in found.edited:
        yield f"gitmig: {push.name} would be pushed with a published revision that {HOW[each.how]}: {each.revision} ({each.path})."
        yield f"  {each.ref} has it, and databases may. Next: put it back as it was, and write a new revision."


def _warnings(project: Project, repository: Repository, push: Push, found: RangeChecked, remote: str) -> Iterator[str]:
    if found.heads:
        yield f"gitmig: warning: {push.name} has {len(found.heads)} heads: {', '.join(found.heads)}. `gitmig resolve` makes one of them."
    default = default_branch(repository, remote)
    if default is None or push.remote_ref.removeprefix("refs/heads/") == default.name.removeprefix(f"{remote}/"):
        return
    seen = forecast_over(project, repository, [BranchRef(push.name, push.commit), default], push.commit)
    yield from _forks(push, default, seen)


def _forks(push: Push, default: BranchRef, seen: Forecast) -> Iterator[str]:
    theirs = [side for fork in seen.forks for side in fork.sides if default.name in side.refs and push.name not in side.refs]
    ours = [side for fork in seen.forks for side in fork.sides if push.name in side.refs and default.name not in side.refs]
    if not theirs or not ours:
        return
    since = f", since {commit_shown(theirs[0].since)}" if theirs[0].since is not None else ""
    yield f"gitmig: warning: {push.name} ({', '.join(ours[0].first)}) and {default.name} ({', '.join(theirs[0].first)}{since}) will fork."
    for each in seen.contradictions:
        yield from (f"  {line}" for line in contradiction(each))
    yield f"  Next: git merge {default.name}, or git rebase {default.name}; then gitmig resolve"
