"""Where revisions live that this checkout lacks: in git's objects of any ref, reflog or stash, else in the history of a database.

Nothing is executed: files are read as blobs, their headers with ``ast``. Without a repository, or without a git binary, the history is
all there is.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from gitmig.adapters.githead import blob_id
from gitmig.adapters.gitrepo import Blobs, Repository, discover, split_nul
from gitmig.errors import GitError, RevisionFileError
from gitmig.ports import Commit
from gitmig.script.header import Header, read_header

if TYPE_CHECKING:
    from gitmig.adapters.history import Entry

_MARK = "\x01"
_FORMAT = "--format=%x01%H%x00%an%x00%cI%x00%s"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one revision lives.

    ``where``: "git" (``commit`` brought this content; ``refs`` are the branches, remote branches and tags that have it, local ones first,
    or the stash entry where none does), "history" (the database keeps the source that ran), "nowhere". ``local``: local branches or
    reflogs reach the content. ``path`` is posix, from the project's root, ``blob`` its id; ``source`` is None where it is nowhere.
    ``applied`` is the blob id that the history says ran, None where it does not say; ``tree`` the commit whose other files it goes with,
    None where there is none that local branches or reflogs reach (or, for what others brought, none at all).
    """

    revision: str
    where: Literal["git", "history", "nowhere"]
    path: str = ""
    blob: str = ""
    source: bytes | None = None
    header: Header | None = None
    commit: Commit | None = None
    refs: tuple[str, ...] = ()
    local: bool = False
    applied: str | None = None
    tree: str | None = None

    def words(self) -> str:
        """ "on branch feature, commit 4f2a91c0 by Ann, 2026-11-20": completes "it lives …"."""
        if self.where == "nowhere":
            return "nowhere that can be seen from here: no ref, reflog or stash has its file, and no history its source"
        if self.commit is None:
            return "only in the database's history, which kept its source"
        shown, more = self.refs[:2], len(self.refs) - 2
        place = f"on {' and '.join(shown)}" + (f" (and {more} more)" if more > 0 else "") if shown else "in git's reflog only"
        return f"{place}, commit {self.commit.oid[:8]} by {self.commit.author}, {self.commit.date[:10]}"

    def to_json(self) -> dict[str, object]:
        """The documented form: see docs/json.md."""
        commit = self.commit
        told = None if commit is None else {"id": commit.oid, "author": commit.author, "date": commit.date, "subject": commit.subject}
        return {
            "revision": self.revision,
            "where": self.where,
            "refs": list(self.refs),
            "commit": told,
            "path": self.path or None,
            "local": self.local,
        }


@dataclass(frozen=True, slots=True)
class _Version:
    """One content that a file had: which commit brought it."""

    path: str
    blob: str
    commit: Commit


def find(root: Path, folders: Sequence[str], ids: Iterable[str], history: Sequence[Entry] = ()) -> Mapping[str, Whereabouts]:
    """Where each of ``ids`` lives.

    ``root`` is the project's root, ``folders`` its version folders (`script.load.version_folders`), ``history`` what the database tells,
    with sources, oldest first. The content that ran is preferred, then what local branches and reflogs reach, then the newest.
    Raises GitError only for a repository that git refuses to read.
    """
    wanted = tuple(dict.fromkeys(ids))
    ran = {entry.revision: entry for entry in history if entry.direction == "upgrade" and entry.kind == "ran"}
    found: dict[str, Whereabouts] = {}
    repository = _repository(root)
    if repository is not None and wanted:
        with Blobs(repository) as blobs:
            search = _Search(repository, blobs, repository.prefix(root), _pathspecs(repository, root, folders, ran.values()))
            for local in (True, False):
                for id, each in search.run([id for id in wanted if not _settled(found.get(id), ran.get(id))], ran, local=local).items():
                    if id not in found or each.blob == each.applied:
                        found[id] = each
    for id in wanted:
        entry = ran.get(id)
        kept = None if entry is None else _kept(entry)
        if entry is not None and kept is not None and (id not in found or found[id].blob != kept.blob):
            found[id] = replace(kept, tree=_reached(repository, entry.commit))
        elif id not in found:
            found[id] = Whereabouts(id, "nowhere", applied=None if entry is None else entry.blob)
    return {id: found[id] for id in wanted}


def _settled(found: Whereabouts | None, ran: Entry | None) -> bool:
    """Whether there is nothing better to be found: the very content that ran."""
    return found is not None and (ran is None or ran.blob is None or found.blob == ran.blob)


def _kept(entry: Entry) -> Whereabouts | None:
    """What the history kept; None where that is not the content whose id it names."""
    if entry.source is None or entry.blob is None:
        return None
    source = entry.source.encode("utf-8")
    if blob_id(source) != entry.blob:
        return None
    header = _header(source, entry.path or f"{entry.revision}.py")
    if header is None or header.id != entry.revision:
        return None
    return Whereabouts(entry.revision, "history", entry.path or f"{entry.revision}.py", entry.blob, source, header, applied=entry.blob)


class _Search:
    """Every content that the version folders had, in the commits that some refs reach."""

    def __init__(self, repository: Repository, blobs: Blobs, prefix: str, paths: Sequence[str]) -> None:
        self._repository = repository
        self._blobs = blobs
        self._prefix = prefix.rstrip("/") or "."
        self._paths = paths
        self._read: dict[str, bytes] = {}

    def run(self, ids: Sequence[str], ran: Mapping[str, Entry], *, local: bool) -> dict[str, Whereabouts]:
        if not ids:
            return {}
        found: dict[str, Whereabouts] = {}
        seen: set[str] = set()
        for version in self._versions(ids, local):
            if all(_settled(found.get(id), ran.get(id)) for id in ids):
                break
            if version.blob in seen:
                continue
            seen.add(version.blob)
            # A file that does not so much as hold the text of an id does not define it; only the others are parsed.
            content = self._content(version.blob)
            if not any(id.encode() in content for id in ids):
                continue
            header = _header(content, version.path)
            id = None if header is None else header.id
            if id is None or id not in ids:
                continue
            applied = ran[id].blob if id in ran else None
            if id in found and version.blob != applied:
                continue
            refs = self._refs(version.commit.oid)
            path = posixpath.relpath(version.path, self._prefix)
            found[id] = Whereabouts(
                id, "git", path, version.blob, content, header, version.commit, refs, local, applied, version.commit.oid
            )
        return found

    def _content(self, blob: str) -> bytes:
        if blob not in self._read:
            self._read[blob] = self._blobs.read(blob)
        return self._read[blob]

    def _versions(self, ids: Sequence[str], local: bool) -> Iterator[_Version]:
        """Newest first; where the folders tell nothing, files anywhere whose name holds an id."""
        starts = local_commits(self._repository) if local else b""
        which = ("--stdin",) if local else ("--all", "--reflog")
        if local and not starts:
            return
        for paths in (self._paths, [f":(top,glob)**/*{id}*.py" for id in ids]):
            output = self._repository.git(
                "log", *which, "--full-history", "-c", "--raw", "-z", "--no-abbrev", "--no-renames", _FORMAT, "--", *paths, stdin=starts
            )
            yield from _versions(output)

    def _refs(self, commit: str) -> tuple[str, ...]:
        namespaces = ("refs/heads", "refs/remotes", "refs/tags")
        names = os.fsdecode(self._repository.git("for-each-ref", "--contains", commit, "--format=%(refname)", *namespaces)).splitlines()
        told = [_ref_words(name) for space in namespaces for name in names if name.startswith(space) and not name.endswith("/HEAD")]
        if told:
            return tuple(told)
        stashed = os.fsdecode(self._repository.attempt("log", "-g", "--format=%gd %H %P", "--glob=refs/stas[h]").stdout).splitlines()
        return tuple(line.split(" ")[0] for line in stashed if commit in line.split(" ")[1:])[:1]


def local_commits(repository: Repository) -> bytes:
    """What local branches, HEAD, the stash and their reflogs name, as lines."""
    heads = repository.git("for-each-ref", "--format=%(objectname)", "refs/heads", "refs/stash")
    head = repository.attempt("rev-parse", "-q", "--verify", "HEAD").stdout
    logged = repository.attempt("log", "-g", "--format=%H", *(["HEAD"] if head else []), "--branches", "--glob=refs/stas[h]").stdout
    oids = dict.fromkeys(line for line in (heads + head + logged).split(b"\n") if line)
    return b"".join(oid + b"\n" for oid in oids)


def _reached(repository: Repository | None, commit: str | None) -> str | None:
    """``commit`` where local branches or reflogs reach it."""
    if repository is None or commit is None:
        return None
    missing = repository.attempt("rev-list", "-1", commit, "--not", "--stdin", stdin=local_commits(repository))
    return commit if missing.returncode == 0 and not missing.stdout.strip() else None


def _ref_words(name: str) -> str:
    for start, word in (("refs/heads/", "branch "), ("refs/remotes/", ""), ("refs/tags/", "tag ")):
        if name.startswith(start):
            return word + name.removeprefix(start)
    return name


def _versions(output: bytes) -> Iterator[_Version]:
    """What `git log -c --raw -z` prints, with commits marked. A merge has one mode and one id for each parent, and as many colons."""
    parts = iter(split_nul(output))
    commit: Commit | None = None
    for part in parts:
        told = part.lstrip("\n")
        if told.startswith(_MARK):
            commit = Commit(told[1:], *(next(parts) for _ in range(3)))
        elif told.startswith(":") and commit is not None:
            parents = len(told) - len(told.lstrip(":"))
            fields = told.lstrip(":").split(" ")
            path, oid = next(parts), fields[2 * parents + 1]
            if path.endswith(".py") and oid.strip("0"):
                yield _Version(path, oid, commit)


def _pathspecs(repository: Repository, root: Path, folders: Sequence[str], ran: Iterable[Entry]) -> list[str]:
    """The version folders of today, and those of the files that ran, from the repository's top."""
    prefix = repository.prefix(root)
    inside = [folder for folder in folders if not Path(folder).is_absolute()]
    inside += [posixpath.dirname(entry.path) for entry in ran if entry.path and not Path(entry.path).is_absolute()]
    places = dict.fromkeys(posixpath.normpath(posixpath.join(prefix, folder)) for folder in inside)
    return [f":(top,literal){place}" for place in places if not place.startswith("..")]


def _header(content: bytes, path: str) -> Header | None:
    try:
        return read_header(content, path)
    except RevisionFileError:
        # A version that somebody once saved broken defines nothing.
        return None


def _repository(root: Path) -> Repository | None:
    try:
        return discover(root)
    except GitError:
        # No repository, or no git: what the history kept is all there is.
        return None
