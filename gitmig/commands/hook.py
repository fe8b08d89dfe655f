"""The pre-commit hook: the models in the index against the revisions in the index; what is missing goes into the commit."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gitmig.adapters import clean
from gitmig.adapters.child import Child
from gitmig.adapters.difference import Comparing, Difference
from gitmig.adapters.frameworkstash import stashed_by_framework
from gitmig.adapters.gitrepo import Repository, split_nul
from gitmig.adapters.gittree import SUBMODULE, read_index_entries
from gitmig.adapters.mergehead import other_sides
from gitmig.adapters.review import Pending, read_pending
from gitmig.adapters.staging import IgnoreProbe, blob_id, scratch_index, stage
from gitmig.commands import hooktext
from gitmig.commands.amend import Earlier, Kept, Rewritten, rewritten
from gitmig.commands.finishing import finish
from gitmig.commands.guard import guard
from gitmig.commands.hooktext import from_here
from gitmig.commands.joint import Disagree, Joint, join
from gitmig.commands.placing import Placing
from gitmig.commands.revisions import open_heads
from gitmig.commands.staged import (
    Mode,
    Proposal,
    SeveralHeads,
    StagedProject,
    decide,
    examine,
    folders_of,
    in_project,
    record_of,
    refusal,
    refuse_forgotten,
    revisions_of,
    staged_projects,
    step_back,
)
from gitmig.commands.surroundings import Report, Surroundings
from gitmig.errors import CheckFailed, GitmigError

_PARENTS = re.compile(r"^down_revision\b.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one project asks for. ``adopted``: files on disk that the hook left earlier and that now join the commit.

    ``generated``: whether the proposal's file is to be written. ``obsolete``: files of an earlier attempt that it replaces.
    ``earlier``: the revision of the amended commit that it takes the place of; ``kept``: why it does not.
    ``joint``: what makes one of several heads.
    """

    project: StagedProject
    proposal: Proposal
    mode: Mode
    adopted: tuple[Pending, ...] = ()
    generated: bool = False
    obsolete: tuple[Pending, ...] = ()
    earlier: Earlier | None = None
    kept: Kept | None = None
    joint: Joint | None = None


class EditedSinceStaged(CheckFailed):
    """A file left for review is staged in another form than the one on disk."""

    def __init__(self, path: str) -> None:
        super().__init__(f"{path} was changed after it was staged")
        self.path = path


def pre_commit(repository: Repository, surroundings: Surroundings) -> Report:
    """Look at every project that the commit touches and act as its settings say.

    Outside a commit and in CI nothing is written. Raises GitmigError with index and work tree as they were.
    """
    return _run(repository, surroundings, clean_merge=False)


def pre_merge_commit(repository: Repository, surroundings: Surroundings) -> Report:
    """The same for a merge without conflicts. Git has written its tree already, so what is added is in the commit only if that is made by
    `git commit`, or amended by the post-merge hook: see `commands.finishing`."""
    return _run(repository, surroundings, clean_merge=True)


def _run(repository: Repository, surroundings: Surroundings, *, clean_merge: bool) -> Report:
    children = _Children(surroundings.child)
    try:
        return _PreCommit(repository, surroundings, children, clean_merge).run()
    except Disagree as error:
        return Report(error.exit_code, (*error.proof, *error.steps))
    except EditedSinceStaged as error:
        return Report(error.exit_code, tuple(hooktext.edited_since(from_here(error.path, surroundings.here))))
    finally:
        children.end()


class _Children:
    """The child that was started ahead, and more where more are needed."""

    def __init__(self, ahead: Child | None) -> None:
        self._ahead = ahead

    def start(self) -> None:
        """Have one started: it imports while the parent looks around."""
        if self._ahead is None:
            self._ahead = Child()

    def next(self) -> Child:
        child, self._ahead = self._ahead or Child(), None
        return child

    def end(self) -> None:
        if self._ahead is not None:
            self._ahead.end()


class _PreCommit:
    def __init__(self, repository: Repository, surroundings: Surroundings, children: _Children, clean_merge: bool = False) -> None:
        self.repository = repository
        self.clean_merge = clean_merge
        self.merging = clean_merge or bool(other_sides(repository))
        self.surroundings = surroundings
        self.children = children
        self.writes = repository.committing and not surroundings.ci
        self.state = repository.state_folder()

    def run(self) -> Report:
        operation = self.repository.under_way()
        if operation is not None and not self._ends_revert(operation):
            return Report(0, tuple(hooktext.skipped(operation) if self._touches_python() else ()))
        comparing = Comparing(self.repository)
        entries = self._entries(clean.read_more(str(self.state)))
        projects = staged_projects(self.repository, entries, self.surroundings.config)
        known = clean.read_state(str(self.state))
        due = self._due(projects, entries, known)
        if due:
            self.children.start()
        pending, gone = self._pending(), list[str]()
        for project in due:
            self._refuse_edited(project, pending)
            gone += guard(project, self.surroundings.here)
        difference = comparing.result()
        try:
            outcomes = [each for project in due for each in self._outcome(project, pending, difference)]
        except (SeveralHeads, Disagree):
            raise
        except GitmigError as error:
            if not self.repository.committing or self._touches_python():
                raise
            return Report(0, tuple(hooktext.passed_by(error)))
        report = self._act(outcomes, pending)
        report = replace(report, lines=(*report.lines, *gone))
        if self.clean_merge and report.exit_code == 0:
            report = finish(self.repository, {each.project.config.merge.finish for each in outcomes if _places(each)}, report)
        if report.exit_code == 0:
            self._remember_clean(projects, due, outcomes, known)
        return report

    def _ends_revert(self, operation: str) -> bool:
        """Whether `git commit` ends the revert of one commit: a commit like any other. A clean `git revert` asks no hook."""
        return operation == "revert" and not Path(self.repository.git_dir, "sequencer").exists()

    def _touches_python(self) -> bool:
        patterns = (*clean.PATTERNS, *clean.read_more(str(self.state)))
        return bool(self.repository.git("diff", "--cached", "--name-only", "-z", "--", *patterns))

    def _entries(self, more: Sequence[str]) -> bytes:
        """As the shell hook lists them."""
        return self.repository.git("ls-files", "-s", "-z", "--", *clean.PATTERNS, *more)

    # -- which projects ---------------------------------------------------------------------------------------------

    def _due(self, projects: Sequence[StagedProject], entries: bytes, known: tuple[bytes, clean.State] | None) -> list[StagedProject]:
        """Those to look at: changed since they were clean; of those never looked at, the ones that the commit touches."""
        records = known[1]["projects"] if known is not None else {}
        changed = clean.changed_paths(known[0], entries) if known is not None else {}
        stale = {prefix for prefix in records if clean.stale_projects({prefix: records[prefix]}, changed) != []}
        # What was clean once can still take a revision away that HEAD has got since.
        stale |= {prefix for prefix in records if self.writes and not clean.keeps_revisions({prefix: records[prefix]})}
        if len(projects) == 1 or not self.repository.committing:
            return [each for each in projects if each.prefix not in records or each.prefix in stale]
        touched = split_nul(self.repository.git("diff", "--cached", "--name-only", "-z", "--no-renames"))
        return [
            each
            for each in projects
            if (
                each.prefix in stale
                if each.prefix in records and records[each.prefix]["files"]
                else any(path.startswith(each.prefix) for path in touched)
            )
        ]

    def _remember_clean(
        self,
        projects: Sequence[StagedProject],
        due: Sequence[StagedProject],
        outcomes: Sequence[Outcome],
        known: tuple[bytes, clean.State] | None,
    ) -> None:
        before = known[1]["projects"] if known is not None else {}
        looked = {each.project.prefix: record_of(each.project, each.proposal.watch) for each in outcomes}
        unseen = {each.prefix for each in due} - looked.keys()
        records = {}
        for project in projects:
            prefix = project.prefix
            # A project that nobody has looked at yet: anything that changes under it makes it due.
            everything = clean.record(files=(), names=(), folders=(), roots=(), own=(prefix,))
            records[prefix] = looked.get(prefix) or (None if prefix in unseen else before.get(prefix)) or everything
        more = clean.more_of(records)
        entries = self._entries(more or ())
        if more is None or any(self._in_submodule(each["files"], entries) for each in records.values()):
            # What a submodule holds shows in no entry that the fast exit looks at.
            clean.forget(str(self.state))
            return
        clean.write_state(str(self.state), entries, records, more)

    def _in_submodule(self, files: Iterable[str], entries: bytes) -> bool:
        if not Path(self.repository.top, ".gitmodules").exists():
            return False
        rest = set(files) - read_index_entries(entries).keys()
        found = read_index_entries(self.repository.git("ls-files", "-s", "-z"))
        modules = tuple(f"{path}/" for path, entry in found.items() if entry.mode == SUBMODULE)
        return any(path.startswith(modules) for path in rest)

    # -- files that the hook left earlier ------------------------------------------------------------------------------

    def _pending(self) -> list[Pending]:
        """Those that no commit holds yet and that a person has not deleted."""
        pending = read_pending(self.state)
        if not pending:
            return []
        committed: set[str] = set()
        if self.repository.attempt("rev-parse", "-q", "--verify", "HEAD").returncode == 0:
            committed = set(split_nul(self.repository.git("ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD")))
        return [each for each in pending if each.path not in committed and Path(self.repository.top, each.path).is_file()]

    def _refuse_edited(self, project: StagedProject, pending: Iterable[Pending]) -> None:
        for each, staged in self._staged(project, pending):
            if staged is not None and (staged != blob_id(self.repository, each.path) or stashed_by_framework(each.path)):
                raise EditedSinceStaged(each.path)

    def _staged(self, project: StagedProject, pending: Iterable[Pending]) -> Iterator[tuple[Pending, str | None]]:
        """The project's pending files with the blob that the commit's index has at their path."""
        own = [each for each in pending if each.project == project.prefix]
        if own:
            paths = [f":(top,literal){each.path}" for each in own]
            entries = read_index_entries(self.repository.git("ls-files", "-s", "-z", "--", *paths))
            for each in own:
                entry = entries.get(each.path)
                yield each, entry.oid if entry is not None else None

    # -- one project ------------------------------------------------------------------------------------------------

    def _outcome(self, project: StagedProject, pending: Iterable[Pending], difference: Difference) -> list[Outcome]:
        if project.config.commit.autogenerate == "off":
            return []
        revisions = revisions_of(project)
        heads = open_heads(revisions)
        one_head = len(revisions.graph.heads()) < 2
        probe = IgnoreProbe(self.repository, posixpath.normpath(project.prefix + folders_of(project)[0]))
        if heads:
            return self._joining(project, heads, pending, difference, probe)
        proposal = examine(project, self.children.next(), difference, compose=one_head)
        if not one_head and proposal.changes:
            return [Outcome(project, proposal, "check", generated=True)]
        if proposal.source is None or proposal.path is None:
            return [Outcome(project, proposal, "stage")]
        waiting = [each for each, staged in self._staged(project, pending) if staged is None]
        amended = None
        if self.writes and project.config.commit.autogenerate != "check":
            amended = rewritten(project, self.children.next, read_pending(self.state))
        if isinstance(amended, Rewritten):
            probe.refuse()
            return [self._rewriting(project, amended, waiting)]
        settled = self._settled_by(project, proposal, waiting)
        if settled is not None:
            return [settled]
        mode = decide(project.config.commit, proposal.changes)
        if mode == "off":
            return []
        if not self.writes:
            mode = "check"
        if mode != "check":
            probe.refuse()
            refuse_forgotten(project, proposal, [each.path for each in pending])
        obsolete = [each for each in waiting if self._replaced(each, proposal)]
        return [Outcome(project, proposal, mode, generated=True, obsolete=tuple(obsolete), kept=amended)]

    def _joining(
        self, project: StagedProject, heads: Sequence[str], pending: Iterable[Pending], difference: Difference, probe: IgnoreProbe
    ) -> list[Outcome]:
        joint = join(project, heads, self.children.next, difference, self.surroundings.here)
        proposal = joint.proposal
        if joint.waits:
            return [Outcome(project, replace(proposal, source=None), "stage", joint=joint)]
        waiting = [each for each, staged in self._staged(project, pending) if staged is None]
        settled = self._settled_by(project, proposal, waiting) if proposal.source is not None and not joint.edits else None
        if settled is not None:
            return [settled]
        mode = decide(project.config.commit, proposal.changes) if self.writes else "check"
        if mode != "check":
            probe.refuse()
        obsolete = [each for each in waiting if self._replaced(each, proposal)]
        return [Outcome(project, proposal, mode, generated=proposal.source is not None, obsolete=tuple(obsolete), joint=joint)]

    def _rewriting(self, project: StagedProject, amended: Rewritten, waiting: Sequence[Pending]) -> Outcome:
        whole = amended.proposal
        obsolete = [each for each in waiting if self._replaced(each, whole)]
        return Outcome(project, whole, "stage", generated=whole.source is not None, obsolete=tuple(obsolete), earlier=amended.earlier)

    def _settled_by(self, project: StagedProject, proposal: Proposal, waiting: Sequence[Pending]) -> Outcome | None:
        """The outcome when files left earlier are what the commit lacks, wholly or in part."""
        assert proposal.source is not None and proposal.path is not None
        if not self.writes:
            return None
        edited = []
        for each in waiting:
            on_disk = blob_id(self.repository, each.path)
            if each.path == proposal.path and on_disk == each.oid and self._says(each, proposal.source):
                return Outcome(project, replace(proposal, source=None), "stage", adopted=(each,))
            if on_disk != each.oid:
                edited.append(each)
        if not edited:
            return None
        with scratch_index(self.repository) as trial:
            for each in edited:
                stage(trial, each.path)
            try:
                rest = examine(project, self.children.next(), Comparing(trial).result(), repository=trial)
            except CheckFailed:
                return None
        if rest.source is None:
            return Outcome(project, rest, "stage", adopted=tuple(edited))
        if len(rest.changes) >= len(proposal.changes):
            return None
        mode = decide(project.config.commit, rest.changes)
        return Outcome(project, rest, mode, adopted=tuple(edited), generated=True)

    def _says(self, pending: Pending, source: str) -> bool:
        return pending.source == blob_id(self.repository, pending.path, source.encode())

    def _replaced(self, pending: Pending, proposal: Proposal) -> bool:
        """Whether ``pending`` is the hook's own, untouched text for an earlier form of the same change."""
        if pending.path == proposal.path or blob_id(self.repository, pending.path) != pending.oid:
            return False
        text = Path(self.repository.top, pending.path).read_text("utf-8", "replace")
        return _PARENTS.findall(text) == _PARENTS.findall(proposal.source or "")

    # -- acting -------------------------------------------------------------------------------------------------------

    def _act(self, outcomes: Sequence[Outcome], pending: Sequence[Pending]) -> Report:
        """Stage what is to be staged; or, where one project stops the commit, only leave the files that a person has to read."""
        stops = [each for each in outcomes if (each.generated or each.joint) and each.mode != "stage"]
        lines: list[str] = []
        with Placing(self.repository, pending, merging=self.merging) as placing:
            for outcome in stops or outcomes:
                lines += self._place(outcome, placing) if not stops else self._stop(outcome, placing)
                lines += [f"gitmig: {text}" for text in (*outcome.proposal.messages, *placing.notes)]
                placing.notes.clear()
            if not stops and self.writes:
                for outcome in outcomes:
                    path = placing.keep_head_file(outcome.project)
                    lines += [f"gitmig: {self._shown(path)} in this commit names its head."] if path is not None else []
            placing.remember()
        return Report(1 if stops else 0, tuple(lines))

    def _place(self, outcome: Outcome, placing: Placing) -> list[str]:
        lines: list[str] = []
        for each in outcome.adopted:
            placing.stage(each.path)
            lines += hooktext.adopted(self._shown(each.path))
        if outcome.joint is not None:
            return self._place_joint(outcome, outcome.joint, placing)
        if outcome.earlier is not None:
            placing.supersede(outcome.earlier.entry)
        if outcome.generated:
            path = placing.write(outcome.project, outcome.proposal, "commit")
            placing.replace(outcome.obsolete)
            if outcome.earlier is None:
                lines += hooktext.added(self._shown(path), outcome.proposal.changes)
            else:
                old = self._shown(outcome.earlier.entry.path)
                lines += hooktext.replaced(self._shown(path), old, outcome.proposal.changes, self._step_back(outcome))
        elif outcome.earlier is not None:
            lines += hooktext.withdrawn(self._shown(outcome.earlier.entry.path), self._step_back(outcome))
        return [*lines, *self._kept(outcome)]

    def _place_joint(self, outcome: Outcome, joint: Joint, placing: Placing) -> list[str]:
        if joint.waits:
            return hooktext.waiting(joint.heads) if self.merging else []
        lines = list(joint.notes)
        if joint.edits:
            for edit in joint.edits:
                placing.rewrite(edit)
            assert joint.onto is not None
            lines += hooktext.moved([self._shown(edit.path) for edit in joint.edits], joint.moved, joint.onto)
        if outcome.generated:
            path = self._shown(placing.write(outcome.project, outcome.proposal, "commit"))
            placing.replace(outcome.obsolete)
            changes = outcome.proposal.changes
            lines += hooktext.added(path, changes) if joint.edits else hooktext.joined(path, joint.heads, changes)
        return lines

    def _stop(self, outcome: Outcome, placing: Placing) -> list[str]:
        joint = outcome.joint
        if outcome.mode == "check":
            if joint is None:
                return hooktext.stopped_by_check(outcome.proposal.changes, self._by_hand(outcome))
            return hooktext.joined_by_hand(refusal(outcome.project, joint.heads, self.surroundings.here), self._by_hand(outcome))
        if joint is not None and joint.edits:
            for edit in joint.edits:
                placing.rewrite(edit)
        if self.merging:
            # Staged, so that `git merge --abort` takes it away again and the commit that ends the merge holds it.
            path = self._shown(placing.write(outcome.project, outcome.proposal, "commit"))
            return [*(joint.notes if joint is not None else ()), *hooktext.stopped_merge(path, outcome.proposal.changes)]
        path = placing.write(outcome.project, outcome.proposal, "review")
        placing.replace(outcome.obsolete)
        return [*hooktext.stopped_for_review(self._shown(path), outcome.proposal.changes), *self._kept(outcome)]

    def _kept(self, outcome: Outcome) -> list[str]:
        return hooktext.kept(self._shown(outcome.kept.path), outcome.kept.reason) if outcome.kept is not None else []

    def _step_back(self, outcome: Outcome) -> str:
        assert outcome.earlier is not None and outcome.earlier.entry.oid is not None
        down = next(iter(outcome.earlier.revision.down), "base")
        return step_back(outcome.project, outcome.earlier.entry.path, outcome.earlier.entry.oid, down, self.surroundings.here)

    def _shown(self, path: str) -> str:
        return from_here(path, self.surroundings.here)

    def _by_hand(self, outcome: Outcome) -> str:
        # Where several heads stand apart on purpose, no revision was composed.
        if outcome.joint is not None:
            strategy = "--rebase" if outcome.joint.edits else "--merge"
            return f"{in_project(outcome.project, f'gitmig resolve {strategy}', self.surroundings.here)}, then commit again"
        head = " --head LABEL@head" if outcome.proposal.source is None else ""
        command = f"gitmig revision --autogenerate{head} -m '...'"
        return f"{in_project(outcome.project, command, self.surroundings.here)}, then commit again"


def _places(outcome: Outcome) -> bool:
    """Whether something went into the index for it."""
    joint = outcome.joint
    return outcome.generated or bool(outcome.adopted) or (joint is not None and bool(joint.edits))
