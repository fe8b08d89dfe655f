"""The revisions of many commits, read from git's objects: one of them in full, of the others what differs."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from pathlib import Path

from gitmig.adapters.branchrefs import folder_trees, tree_changes, tree_files
from gitmig.adapters.gitrepo import Blobs, Repository, relative_to
from gitmig.adapters.headercache import HeaderCache
from gitmig.commands.project import Project
from gitmig.commands.revisions import locate
from gitmig.errors import GitmigError, GraphError, RevisionFileError
from gitmig.merging.forest import Forest, Reading, Stand
from gitmig.ports import Entry
from gitmig.script.header import Header
from gitmig.script.load import is_revision_file, version_folders


class BranchReader:
    """Reads the revisions of commits into a forest: one commit in full, of the others what differs."""

    def __init__(self, project: Project, repository: Repository, forest: Forest, cache: HeaderCache) -> None:
        self._repository = repository
        self._forest = forest
        self._cache = cache
        self._config = project.config
        prefix = repository.prefix(project.root)
        self._folders: list[str] = []
        self._elsewhere: list[Entry] = []
        self._tree = project.tree
        for folder in version_folders(project.tree, project.config, locate(project)):
            inside = folder_inside(repository, prefix, folder)
            if inside is not None:
                self._folders.append(inside)
            else:
                self._elsewhere += project.tree.list(folder, recursive=project.config.recursive_version_locations)
        self._stands: dict[tuple[str, str], Stand | RevisionFileError] = {}

    def read(self, commits: Sequence[str], first: str) -> dict[str, Reading | GitmigError]:
        """The reading of each commit, or why there is none. ``first`` is the one to be read in full, where it can be."""
        wanted = list(dict.fromkeys([*([first] if first in commits else []), *commits]))
        columns = [folder_trees(self._repository, wanted, folder) for folder in self._folders]
        rows: dict[str, tuple[str | None, ...]] = dict(zip(wanted, zip(*columns, strict=True), strict=True)) if columns else {}
        known: dict[tuple[str | None, ...], Reading | GitmigError] = {}
        base: tuple[tuple[str | None, ...], Reading] | None = None
        with Blobs(self._repository) as blobs:
            distinct = list(dict.fromkeys(rows.values()))
            for row in distinct:
                known[row] = self._whole(row, blobs)
                found = known[row]
                if isinstance(found, Reading) and any(row):
                    base = (row, found)
                    break
            rest = [row for row in distinct if row not in known]
            if base is not None and rest:
                known.update(self._others(base, rest, blobs))
        return {commit: known[rows[commit]] for commit in wanted}

    def _whole(self, row: Sequence[str | None], blobs: Blobs) -> Reading | GitmigError:
        entries = [
            entry
            for tree, folder in zip(row, self._folders, strict=True)
            if tree is not None
            for entry in tree_files(self._repository, tree, folder)
        ]
        try:
            return self._forest.read([*self._fixed(), *self._read(entries, blobs)])
        except (GraphError, RevisionFileError) as error:
            return error

    def _others(
        self, base: tuple[tuple[str | None, ...], Reading], rows: Sequence[tuple[str | None, ...]], blobs: Blobs
    ) -> dict[tuple[str | None, ...], Reading | GitmigError]:
        """Those that have the same folders as the base by what differs, the others in full."""
        alike = [row for row in rows if [each is None for each in row] == [each is None for each in base[0]]]
        changes = (
            [
                {} if tree is None else tree_changes(self._repository, tree, [other for other in column if other is not None], folder)
                for tree, column, folder in zip(base[0], zip(*alike, strict=True), self._folders, strict=True)
            ]
            if alike
            else []
        )
        delta = {row: [found[tree] for found, tree in zip(changes, row, strict=True) if tree is not None] for row in alike}
        everything = {(entry.path, entry.oid): entry for each in delta.values() for part in each for entry in (*part.gone, *part.come)}
        self._load(list(everything.values()), blobs)
        found: dict[tuple[str | None, ...], Reading | GitmigError] = {}
        for row in rows:
            if row not in delta:
                found[row] = self._whole(row, blobs)
                continue
            gone = [entry for part in delta[row] for entry in part.gone]
            come = [entry for part in delta[row] for entry in part.come]
            try:
                found[row] = self._forest.read_like(base[1], self._read(gone, blobs), self._read(come, blobs))
            except (GraphError, RevisionFileError) as error:
                found[row] = error
        return found

    def _fixed(self) -> list[Stand]:
        """Revisions outside of the repository (an installed package's): the same for every branch."""
        entries = [each for each in self._elsewhere if is_revision_file(each.path, self._config.sourceless)]
        headers = self._cache.read(self._tree, entries) if entries else ()
        stands = (_stand(entry.path, entry.path, header) for entry, header in zip(entries, headers, strict=True))
        return [_or_raise(each) for each in stands]

    def _read(self, entries: Sequence[Entry], blobs: Blobs) -> list[Stand]:
        """Raises RevisionFileError for the first that cannot be read."""
        files = [each for each in entries if self._is_revision(each.path)]
        self._load(files, blobs)
        return [_or_raise(self._stands[each.path, each.oid or ""]) for each in files]

    def _load(self, entries: Sequence[Entry], blobs: Blobs) -> None:
        new = [each for each in entries if (each.path, each.oid or "") not in self._stands and self._is_revision(each.path)]
        if not new:
            return
        headers = self._cache.read_blobs(new, lambda entry: blobs.read(entry.oid or ""))
        for entry, header in zip(new, headers, strict=True):
            self._stands[entry.path, entry.oid or ""] = _stand(entry.path, entry.oid or "", header)

    def _is_revision(self, path: str) -> bool:
        if not is_revision_file(path, self._config.sourceless):
            return False
        return self._config.recursive_version_locations or posixpath.dirname(path) in self._folders


def folder_inside(repository: Repository, prefix: str, folder: str) -> str | None:
    """``folder`` of the project, from the repository's top; None where it lies outside."""
    if Path(folder).is_absolute():
        return relative_to(repository.top, str(Path(folder).resolve()))
    path = posixpath.normpath(posixpath.join(prefix, folder))
    return None if path.startswith("../") else "" if path == "." else path


def _stand(path: str, oid: str, header: Header | RevisionFileError) -> Stand | RevisionFileError:
    if isinstance(header, RevisionFileError):
        return header
    id = header.id if header.id is not None else path.rpartition("/")[2].partition(".")[0]
    return Stand(id, header.down, header.depends_on, header.labels, path, oid)


def _or_raise(found: Stand | RevisionFileError) -> Stand:
    if isinstance(found, RevisionFileError):
        raise found
    return found
