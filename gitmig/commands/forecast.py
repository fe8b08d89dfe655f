"""`heads --refs`: the heads of every branch, which of them will fork, and which contradict each other.

Everything is read from git's objects; nothing is checked out and nothing of a branch is executed.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from gitmig import __version__
from gitmig.adapters.branchrefs import BranchRef, added_by, branch_refs
from gitmig.adapters.child import Child
from gitmig.adapters.environ import environment
from gitmig.adapters.forecastcache import ForecastCache, key_of
from gitmig.adapters.gitrepo import Repository, discover
from gitmig.adapters.headercache import HeaderCache
from gitmig.commands.branchreading import BranchReader
from gitmig.commands.project import Project
from gitmig.config import Config, replay_dialects
from gitmig.errors import ConfigError, GitmigError
from gitmig.merging.forest import Forest, Fork, Reading
from gitmig.ports import Commit

FORM = 1
"""Raised when the same files are read differently than before."""

NO_DIALECT = "sqlite"
"""What scripts are read for where the configuration names no database: a forecast does not ask the models or env.py."""


@dataclass(frozen=True, slots=True)
class Branch:
    """One ref with its heads; ``error`` is why they are not known. ``here`` is the checked-out commit."""

    name: str
    commit: str
    heads: tuple[str, ...] = ()
    error: str | None = None
    here: bool = False


@dataclass(frozen=True, slots=True)
class ForkSide:
    """``heads`` that go on from a fork by the revisions ``first``; ``since`` is the commit that brought the first of those."""

    first: tuple[str, ...]
    heads: tuple[str, ...]
    refs: tuple[str, ...]
    path: str
    since: Commit | None = None


@dataclass(frozen=True, slots=True)
class ForkSeen:
    """``on`` are the last revisions that all sides have."""

    on: tuple[str, ...]
    sides: tuple[ForkSide, ...]


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a contradiction: the revision, what it does and where, the branches that have it and not the other, and its commit."""

    revision: str
    operation: str | None
    path: str
    line: int | None
    refs: tuple[str, ...]
    since: Commit | None = None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """``kind`` is "conflict", "duplicate" (the same thing on both sides) or "meaning" (one id that does different things)."""

    kind: str
    left: Party
    right: Party
    objects: tuple[str, ...] = ()
    reason: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What of a revision was not evaluated, so that nothing is said of it."""

    revision: str
    path: str
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """What was found, in the order of the refs."""

    branches: tuple[Branch, ...]
    forks: tuple[ForkSeen, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    dialect: str = field(default=NO_DIALECT)

    def to_json(self) -> dict[str, Any]:
        """The documented form: see docs/json.md."""
        return {
            "refs": [
                {"name": each.name, "commit": each.commit, "heads": list(each.heads), "error": each.error, "here": each.here}
                for each in self.branches
            ],
            "forks": [{"on": list(fork.on), "sides": [_side_json(side) for side in fork.sides]} for fork in self.forks],
            "contradictions": [
                {
                    "kind": each.kind,
                    "objects": list(each.objects),
                    "left": _party_json(each.left),
                    "right": _party_json(each.right),
                    "reason": each.reason,
                    "proposal": each.proposal,
                }
                for each in self.contradictions
            ],
            "unknown": [{"revision": each.revision, "path": each.path, "line": each.line, "reason": each.reason} for each in self.unknown],
            "dialect": self.dialect,
        }


def _side_json(side: ForkSide) -> dict[str, Any]:
    return {
        "first": list(side.first),
        "heads": list(side.heads),
        "refs": list(side.refs),
        "path": side.path,
        "since": commit_json(side.since),
    }


def _party_json(party: Party) -> dict[str, Any]:
    return {
        "revision": party.revision,
        "operation": party.operation,
        "path": party.path,
        "line": party.line,
        "refs": list(party.refs),
        "since": commit_json(party.since),
    }


def commit_json(commit: Commit | None) -> dict[str, str] | None:
    """A commit as the documents tell of it."""
    return None if commit is None else {"commit": commit.oid, "author": commit.author, "date": commit.date, "subject": commit.subject}


def forecast(project: Project, pattern: str | None = None) -> Forecast:
    """The forecast over the branches whose names match ``pattern``, and the commit that is checked out.

    Raises GitError, ConfigError.
    """
    repository = discover(project.root)
    refs = list(branch_refs(repository, pattern))
    head = repository.attempt("rev-parse", "-q", "--verify", "HEAD^{commit}").stdout.decode().strip()
    if head:
        branch = os.fsdecode(repository.attempt("symbolic-ref", "-q", "--short", "HEAD").stdout).strip()
        here = BranchRef(branch or "HEAD", head)
        if here not in refs:
            refs.insert(0, here)
    return forecast_over(project, repository, refs, head)


def forecast_over(project: Project, repository: Repository, refs: Sequence[BranchRef], head: str) -> Forecast:
    """The forecast over these refs; ``head`` is the commit that is called here."""
    return _Forecasting(project, repository, refs, head).run()


class _Forecasting:
    def __init__(self, project: Project, repository: Repository, refs: Sequence[BranchRef], head: str) -> None:
        self.project = project
        self.repository = repository
        self.refs = refs
        self.head = head
        self.forest = Forest()
        self.folder = str(Path(repository.common_dir, "gitmig"))
        self.cache = ForecastCache(self.folder)
        self.dialect = _dialect(project.config)
        self.readings: dict[str, Reading | GitmigError] = {}

    def run(self) -> Forecast:
        # Where nothing is remembered SQLAlchemy will be needed; it is imported while git answers.
        ahead = Child() if self.cache.empty and len(self.refs) > 1 else None
        try:
            reader = BranchReader(self.project, self.repository, self.forest, HeaderCache(self.folder))
            self.readings = reader.read([each.commit for each in self.refs], self.head)
            heads = sorted({head for each in self.readings.values() if isinstance(each, Reading) for head in each.heads})
            forks = self.forest.forks(heads)
            answer = self._answer(heads, ahead) if forks else {"contradictions": [], "meanings": [], "unknown": []}
        finally:
            if ahead is not None:
                ahead.end()
        return self._told(forks, answer)

    def _answer(self, heads: Sequence[int], ahead: Child | None) -> Mapping[str, Any]:
        """What the child finds, with revisions named by their digests, so that it can be remembered."""
        key = key_of("proofs", __version__, FORM, self.dialect, sorted(self.forest.digests[each].hex() for each in heads))
        known = self.cache.get(key)
        if known is not None:
            return dict(known)
        request = {"forest": self.forest.to_json(), "heads": list(heads), "dialect": self.dialect}
        found = (ahead or Child()).ask("forecast", request, project_root=self.project.root).result
        name = [each.hex() for each in self.forest.digests]
        answer = {
            "contradictions": [{**each, "numbers": [name[number] for number in each["numbers"]]} for each in found["contradictions"]],
            "meanings": [[name[number] for number in pair] for pair in found["meanings"]],
            "unknown": [[name[number], line, reason] for number, line, reason in found["unknown"]],
        }
        self.cache.put(key, answer)
        return answer

    # -- telling

    def _told(self, forks: Sequence[Fork], answer: Mapping[str, Any]) -> Forecast:
        numbers = {digest.hex(): number for number, digest in enumerate(self.forest.digests)}
        contradictions = [self._contradiction(each, numbers) for each in answer["contradictions"]]
        contradictions += [self._meaning(*(numbers[each] for each in pair)) for pair in answer["meanings"]]
        seen = tuple(self._fork(fork) for fork in forks)
        paths = [side.path for fork in seen for side in fork.sides]
        paths += [party.path for each in contradictions for party in (each.left, each.right)]
        stories = self._stories(paths)
        self.cache.save()
        return Forecast(
            tuple(self._branch(each) for each in self.refs),
            tuple(replace(fork, sides=tuple(replace(side, since=stories.get(side.path)) for side in fork.sides)) for fork in seen),
            tuple(
                replace(
                    each,
                    left=replace(each.left, since=stories.get(each.left.path)),
                    right=replace(each.right, since=stories.get(each.right.path)),
                )
                for each in dict.fromkeys(contradictions)
            ),
            tuple(self._unknown(numbers[digest], line, reason) for digest, line, reason in answer["unknown"]),
            self.dialect,
        )

    def _branch(self, ref: BranchRef) -> Branch:
        reading = self.readings[ref.commit]
        here = ref.commit == self.head
        if isinstance(reading, Reading):
            return Branch(ref.name, ref.commit, self._ids(reading.heads), None, here)
        return Branch(ref.name, ref.commit, (), reading.message, here)

    def _ids(self, numbers: Iterable[int]) -> tuple[str, ...]:
        return tuple(self.forest.nodes[each].id for each in numbers)

    def _fork(self, fork: Fork) -> ForkSeen:
        sides = []
        for side in fork.sides:
            mask = sum(1 << head for head in side.heads)
            refs = tuple(ref.name for ref in self.refs if any(mask >> head & 1 for head in self._heads(ref)))
            first = [*side.first, *side.heads][0]
            sides.append(ForkSide(self._ids(side.first), self._ids(side.heads), refs, self.forest.nodes[first].path))
        return ForkSeen(self._ids(fork.on), tuple(sides))

    def _heads(self, ref: BranchRef) -> tuple[int, ...]:
        reading = self.readings[ref.commit]
        return reading.heads if isinstance(reading, Reading) else ()

    def _party(self, number: int, other: int, told: Mapping[str, Any]) -> Party:
        stand = self.forest.nodes[number]
        refs = []
        for ref in self.refs:
            beneath = 0
            for head in self._heads(ref):
                beneath |= self.forest.beneath[head]
            if beneath >> number & 1 and not beneath >> other & 1:
                refs.append(ref.name)
        return Party(stand.id, told.get("operation"), stand.path, told.get("line"), tuple(refs))

    def _contradiction(self, told: Mapping[str, Any], numbers: Mapping[str, int]) -> Contradiction:
        left, right = (numbers[each] for each in told["numbers"])
        return Contradiction(
            told["kind"],
            self._party(left, right, told["left"]),
            self._party(right, left, told["right"]),
            tuple(told.get("objects", ())),
            told.get("reason", ""),
            told.get("proposal", ""),
        )

    def _meaning(self, left: int, right: int) -> Contradiction:
        id = self.forest.nodes[left].id
        return Contradiction(
            "meaning",
            self._party(left, right, {}),
            self._party(right, left, {}),
            (f"revision {id}",),
            "one id does different things on the two sides",
            "Give the one that nobody has applied another id.",
        )

    def _unknown(self, number: int, line: int | None, reason: str) -> Unknown:
        stand = self.forest.nodes[number]
        return Unknown(stand.id, stand.path, line, reason)

    def _stories(self, paths: Iterable[str]) -> dict[str, Commit]:
        wanted = sorted(set(paths))
        if not wanted:
            return {}
        commits = sorted({each.commit for each in self.refs})
        key = key_of("stories", FORM, commits, wanted)
        known = self.cache.get(key)
        if known is None:
            found = added_by(self.repository, commits, wanted)
            known = {path: [commit.oid, commit.author, commit.date, commit.subject] for path, commit in found.items()}
            self.cache.put(key, known)
        return {path: Commit(*each) for path, each in known.items()}


def _dialect(config: Config) -> str:
    try:
        return replay_dialects(config, environment())[0]
    except ConfigError:
        return NO_DIALECT
