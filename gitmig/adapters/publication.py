"""Which revisions others may have already: those that stand in a published ref, by id or by content, so that squash merges count."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from gitmig.adapters.gitrepo import Repository
from gitmig.adapters.gittree import GitTree
from gitmig.adapters.mergehead import other_sides
from gitmig.config import Config
from gitmig.errors import ConfigError
from gitmig.revision import Revision
from gitmig.script.header import Header
from gitmig.script.load import HeaderReader, Locate, revision_files

_DEFAULT = ("origin/HEAD",)


@dataclass(frozen=True, slots=True)
class Published:
    """What was found. ``refs`` are the published refs (short names); ``everything`` is why every committed revision counts, None where
    it does not.

    ``by_id`` and ``by_blob`` say which ref holds a revision; ``pushed`` are those of remote-tracking refs that are not published, by id.
    ``standing`` says of which revisions a database has them, in words; ``silent`` why all of them count as standing in one.
    """

    refs: tuple[str, ...]
    everything: str | None = None
    by_id: Mapping[str, str] = field(default_factory=dict)
    by_blob: Mapping[str, str] = field(default_factory=dict)
    pushed: Mapping[str, str] = field(default_factory=dict)
    standing: Mapping[str, str] = field(default_factory=dict)
    silent: str | None = None

    def ref_of(self, revision: Revision) -> str | None:
        """The ref (or the database, in words) through which others have the revision; None where it is unpublished."""
        ref = self.by_id.get(revision.id) or self.by_blob.get(revision.oid or "")
        return ref or self.standing.get(revision.id) or self.silent

    def why(self, revision: Revision) -> str | None:
        """Why the revision counts as published, for a sentence; None where it does not."""
        ref = self.ref_of(revision)
        by_ref = revision.id in self.by_id or (revision.oid or "") in self.by_blob
        return self.everything if by_ref and self.everything is not None else ref


def published(repository: Repository, prefix: str, config: Config, cache: HeaderReader, locate: Locate) -> Published:
    """Look at the refs that ``config`` names. ``prefix`` is the project's folder in the repository.

    Where the default ref is missing, the upstream's default, origin/main and origin/master stand for it. In a shallow or single-branch
    clone, and where no ref is found, every committed revision counts. Raises ConfigError for a ref that was written down and is not there.
    """
    reader = _Reader(repository, prefix, config, cache, locate)
    refs, why = published_refs(repository, config)
    ids: dict[str, str] = {}
    blobs: dict[str, str] = {}
    for ref in refs if why is None else ("HEAD", *other_sides(repository)):
        by_id, by_blob = reader.read(ref)
        ids, blobs = {**by_id, **ids}, {**by_blob, **blobs}
    if why is not None:
        return Published((), why, ids, blobs)
    pushed: dict[str, str] = {}
    for ref in _remote_refs(repository):
        if ref not in refs:
            pushed = {**reader.read(ref)[0], **pushed}
    return Published(refs, None, ids, blobs, {id: ref for id, ref in pushed.items() if id not in ids})


def published_refs(repository: Repository, config: Config) -> tuple[tuple[str, ...], str | None]:
    """The refs that tell what others have; or none, and why every committed revision counts. Raises ConfigError as `published` does."""
    why = _incomplete(repository)
    refs = _refs(repository, config) if why is None else ()
    return refs, why if refs or why is not None else "no published ref was found"


def publisher(repository: Repository, path: str, published: Iterable[str]) -> str | None:
    """The first of the ``published`` refs, else of the remote-tracking ones, whose commit holds a file at ``path`` (posix, from the
    repository's top); None where none does."""
    remote = os.fsdecode(repository.git("for-each-ref", "--format=%(refname:short)", "refs/remotes")).split()
    refs = list(dict.fromkeys([*published, *remote]))
    asked = "".join(f"{ref}:{path}\n" for ref in refs)
    answers = repository.git("cat-file", "--batch-check=%(objecttype)", stdin=os.fsencode(asked)).split(b"\n")
    return next((ref for ref, answer in zip(refs, answers, strict=False) if answer == b"blob"), None)


class _Reader:
    """Revisions of refs, each distinct tree read once."""

    def __init__(self, repository: Repository, prefix: str, config: Config, cache: HeaderReader, locate: Locate) -> None:
        self._repository = repository
        self._prefix = prefix
        self._config = config
        self._cache = cache
        self._locate = locate

    def read(self, ref: str) -> tuple[dict[str, str], dict[str, str]]:
        """Ids and blobs of the revisions at ``ref``, each with the ref. Files that cannot be read count by their blob."""
        found = self._repository.attempt("rev-parse", "-q", "--verify", f"{ref}^{{commit}}")
        if found.returncode:
            return {}, {}
        tree = GitTree(self._repository, self._prefix, oid=found.stdout.decode().strip())
        try:
            entries = revision_files(tree, self._config, self._locate)
            headers = self._cache.read(tree, entries)
        finally:
            tree.close()
        ids = {header.id: ref for header in headers if isinstance(header, Header) and header.id}
        return ids, {entry.oid: ref for entry in entries if entry.oid}


def _incomplete(repository: Repository) -> str | None:
    """Why the refs here do not tell what others have."""
    if repository.git("rev-parse", "--is-shallow-repository").strip() == b"true":
        return "this is a shallow clone"
    for remote in dict.fromkeys(("origin", _upstream_remote(repository) or "origin")):
        specs = os.fsdecode(repository.attempt("config", "--get-all", f"remote.{remote}.fetch").stdout).split("\n")
        written = [each for each in specs if each]
        if written and not any("*" in each for each in written):
            return "this is a single-branch clone"
    return None


def _refs(repository: Repository, config: Config) -> tuple[str, ...]:
    if config.published != _DEFAULT:
        for ref in config.published:
            if not _exists(repository, ref):
                raise ConfigError(
                    f"{config.source}: `published` names {ref}, and there is no such ref here", "Fetch it, or correct the name."
                )
        return config.published
    remote = _upstream_remote(repository)
    own = [f"{remote}/{name}" for name in ("HEAD", "main", "master")] if remote else []
    for ref in (*_DEFAULT, *own[:1], "origin/main", "origin/master", *own[1:]):
        if _exists(repository, ref):
            return (ref,)
    return ()


def _upstream_remote(repository: Repository) -> str | None:
    answer = repository.attempt("rev-parse", "--abbrev-ref", "@{upstream}")
    return os.fsdecode(answer.stdout).partition("/")[0] if answer.returncode == 0 else None


def _exists(repository: Repository, ref: str) -> bool:
    return repository.attempt("rev-parse", "-q", "--verify", f"{ref}^{{commit}}").returncode == 0


def _remote_refs(repository: Repository) -> Sequence[str]:
    output = repository.git("for-each-ref", "--format=%(refname:short)%00%(symref)", "refs/remotes")
    lines = [os.fsdecode(line).split("\0") for line in output.splitlines()]
    return sorted(name for name, symref in lines if not symref)
