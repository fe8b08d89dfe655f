"""Writing and staging revision files for the commit under way: all of it, or nothing."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import Literal

from gitmig.adapters.backup import Edit
from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.newfile import exchange
from gitmig.adapters.review import Pending, read_pending, write_pending
from gitmig.adapters.staging import (
    KeptIndexes,
    blob_id,
    differs_on_disk,
    missing_folders,
    put_back,
    remove_written,
    stage,
    stage_content,
    stat,
    take_out,
    take_out_any,
    unstage,
    write_from_index,
    write_new,
)
from gitmig.commands.staged import Proposal, StagedProject, locate_for
from gitmig.errors import CheckFailed, GitError, GitmigError
from gitmig.ports import Entry
from gitmig.script.headfile import head_file_content, stale_head_file
from gitmig.script.load import load_revisions


class Placing:
    """A context: what was written and staged in it is taken back when it ends with an error.

    ``pending`` are the files that are remembered; `notes` collects what post-write hooks tell. In a merge (``merging``) what is staged can
    be taken away by `git merge --abort`.
    """

    def __init__(self, repository: Repository, pending: Iterable[Pending], *, merging: bool = False) -> None:
        self.notes: list[str] = []
        self._merging = merging
        self._repository = repository
        self._remembered = {each.path: each for each in pending}
        self._obsolete: list[Path] = []
        self._staged: list[str] = []
        self._taken: list[tuple[str, Entry]] = []
        self._written: list[tuple[str, list[Path]]] = []
        self._exchanged: list[tuple[Path, bytes | None]] = []
        self._rewritten: list[str] = []

    def __enter__(self) -> Placing:
        self._before = KeptIndexes(self._repository)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        try:
            if error is not None:
                self._undo()
                return
            try:
                for path in self._obsolete:
                    path.unlink(missing_ok=True)
            except OSError as failure:
                self._undo()
                raise GitmigError(f"{failure.filename} cannot be removed: {failure.strerror}. Nothing was changed") from failure
        finally:
            self._before.forget()

    def stage(self, path: str) -> str:
        """Put the file on disk into the commit; its blob id."""
        self._staged.append(path)
        oid = stage(self._repository, path)
        if self._merging:
            stat(self._repository, path)
        return oid

    def write(self, project: StagedProject, proposal: Proposal, why: Literal["review", "commit"]) -> str:
        """Write the proposal's file, run the project's post-write hooks, remember it; its path. Staged when it is for the commit."""
        assert proposal.path is not None and proposal.source is not None
        content = proposal.source.encode(project.config.output_encoding)
        folders = missing_folders(self._repository, proposal.path)
        target = Path(self._repository.top, proposal.path)
        if write_new(self._repository, proposal.path, content):
            self._written.append((proposal.path, folders))
            if project.config.hooks:
                from gitmig.adapters.writehooks import run_hooks

                run_hooks(project.config.hooks, target, project.root, self.notes.append)
        oid = self.stage(proposal.path) if why == "commit" else blob_id(self._repository, proposal.path)
        source = oid if target.read_bytes() == content else blob_id(self._repository, proposal.path, content)
        self._remembered[proposal.path] = Pending(proposal.path, oid, source, project.prefix, why)
        return proposal.path

    def keep_head_file(self, project: StagedProject) -> str | None:
        """Let the file of heads name those of the commit, where the configuration wants it; its path where it did not."""
        if not project.config.head_file:
            return None
        tree = GitTree(self._repository, project.prefix)
        try:
            revisions = load_revisions(tree, project.config, None, locate_for(project))
            stale = stale_head_file(tree, project.config, revisions, locate_for(project))
        finally:
            tree.close()
        if stale is None:
            return None
        path = posixpath.normpath(project.prefix + stale)
        target = Path(self._repository.top, path)
        self._exchanged.append((target, target.read_bytes() if target.is_file() else None))
        try:
            exchange(target, head_file_content(revisions.graph.heads()))
        except OSError as error:
            raise GitmigError(f"{path} cannot be written: {error.strerror or error}") from error
        self._taken += take_out_any(self._repository, path)
        self.stage(path)
        return path

    def replace(self, obsolete: Iterable[Pending]) -> None:
        """Delete files of an earlier attempt, once everything else has gone well.

        One that a failed commit staged is still in the index, be it only in the one that `git commit path` goes on with.
        """
        for each in obsolete:
            self._taken += take_out(self._repository, each.path, each.oid)
            self._obsolete.append(Path(self._repository.top, each.path))
            self._remembered.pop(each.path, None)

    def supersede(self, entry: Entry) -> None:
        """Take ``entry`` out of the commit, and its file (which holds the same) from disk once everything else has gone well."""
        assert entry.oid is not None
        self._taken += take_out(self._repository, entry.path, entry.oid)
        self._obsolete.append(Path(self._repository.top, entry.path))
        self._remembered.pop(entry.path, None)

    def rewrite(self, edit: Edit) -> None:
        """Give a file that the commit has another content, there and on disk. Raises CheckFailed where it has changes that are not
        staged."""
        assert edit.after is not None
        if differs_on_disk(self._repository, edit.path):
            raise CheckFailed(
                f"{edit.path} would get another parent, and has changes that are not staged",
                "git add or git stash them, then commit again.",
            )
        self._taken += stage_content(self._repository, edit.path, edit.after)
        self._rewritten.append(edit.path)
        write_from_index(self._repository, edit.path)

    def remember(self) -> None:
        """Write down what is pending now. Raises GitmigError."""
        folder = self._repository.state_folder()
        if read_pending(folder) == tuple(self._remembered.values()):
            return
        try:
            write_pending(folder, self._remembered.values())
        except OSError as error:
            raise GitmigError(f"{folder} cannot be written: {error.strerror or error}") from error

    def _undo(self) -> None:
        for target, before in self._exchanged:
            if before is None:
                target.unlink(missing_ok=True)
            else:
                exchange(target, before)
        for path, folders in reversed(self._written):
            remove_written(self._repository, path, folders)
        try:
            for path in reversed(self._staged):
                unstage(self._repository, path)
            put_back(self._repository, self._taken)
        except GitError:
            if not self._before.restore():
                raise
        for path in self._rewritten:
            write_from_index(self._repository, path)
