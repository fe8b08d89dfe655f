"""The revision that joins heads: proofs of every pair, and what the models ask for beyond the sides together.

For the child process: revisions and models are the user's code.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gitmig.adapters.environ import environment
from gitmig.adapters.newrevision import NewFile, Placement, RevisionRequest, compose, version_folder
from gitmig.commands.autogenerate import NOTHING, Asked, Difference, compare, written
from gitmig.commands.baseline import Source
from gitmig.commands.loading import Models
from gitmig.commands.merge import default_message
from gitmig.commands.parts import Part, compare_parts, revision_id, together, write_parts
from gitmig.commands.proving import proofs
from gitmig.commands.replaybaseline import history
from gitmig.config import replay_dialects
from gitmig.merging.proof import Proof, Verdict, worst
from gitmig.runtime.envconfig import EnvConfig
from gitmig.script.identity import content_id
from gitmig.script.template import NewRevision


@dataclass(frozen=True, slots=True)
class Joined:
    """What was found, by dialect (of several databases by their names); ``file`` is the merge revision, None where the sides cannot be
    joined."""

    proofs: Mapping[str, tuple[Proof, ...]]
    difference: Difference | None
    file: NewFile | None

    @property
    def verdict(self) -> Verdict:
        return worst(each.verdict for found in self.proofs.values() for each in found)


def join(source: Source, models: Models | None, dialects: Sequence[str], heads: Sequence[str], request: RevisionRequest) -> Joined:
    """Prove each pair of ``heads`` on each of the dialects, and compose the revision that joins them all.

    ``models`` None (the project names none) joins without comparing. Raises what `compare` and `compose` raise.
    """
    found = {name: proofs(history(source, models or Models(()), name), heads, name) for name in dialects}
    if worst(each.verdict for per_dialect in found.values() for each in per_dialect) in ("conflict", "duplicates"):
        return Joined(found, None, None)
    difference = compare(source, models, "replay") if models is not None else None
    return Joined(found, difference, _file(source, models, difference, tuple(sorted(heads)), request))


def join_parts(source: Source, parts: Sequence[Part], heads: Sequence[str], request: RevisionRequest) -> Joined:
    """As `join`, where a revision is for several databases: each is proved by itself, and has its own part in the file."""
    found: dict[str, tuple[Proof, ...]] = {}
    for part in parts:
        dialects = replay_dialects(part.source.config, environment(), part.models.url)
        for dialect in dialects:
            name = part.shown if len(dialects) == 1 else f"{part.shown} ({dialect})"
            found[name] = proofs(history(part.source, part.models, dialect), heads, dialect)
    if worst(each.verdict for of_one in found.values() for each in of_one) in ("conflict", "duplicates"):
        return Joined(found, None, None)
    named = [part for part in parts if part.models.metadatas]
    differences = {**dict.fromkeys((part.shown for part in parts), NOTHING), **compare_parts(named, Asked())}
    parents = tuple(sorted(heads))
    placement = _placement(source, parents, request)
    id = request.id or (revision_id(placement, differences) if any(differences.values()) else content_id(parents))
    file = write_parts(source, parts, differences, placement, id, request.message or default_message(parents))
    return Joined(found, together(differences), file)


def _file(
    source: Source, models: Models | None, difference: Difference | None, parents: tuple[str, ...], request: RevisionRequest
) -> NewFile:
    placement = _placement(source, parents, request)
    message = request.message or default_message(parents)
    if models is None or not difference:
        new = NewRevision(request.id or content_id(parents), message, parents, placement.labels)
        shown = EnvConfig(source.config, environment())
        return compose(source.tree, source.config, source.revisions.graph, placement, new, script_config=shown)
    return written(source, models, difference, placement, message, request.id)


def _placement(source: Source, parents: tuple[str, ...], request: RevisionRequest) -> Placement:
    folder = version_folder(source.tree, source.config, source.revisions.by_id, parents, request.version_path, None)
    return Placement(parents, request.branch_labels, (), folder)
