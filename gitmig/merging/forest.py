"""The revisions of many branches in one graph: which heads each branch has, and which of them will fork where they are merged.

Revisions are numbered, parents before children, and what lies beneath one is a number of bits: thousands of pairs are compared in a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha1
from itertools import combinations
from typing import Any

from gitmig.errors import GraphError


@dataclass(frozen=True, slots=True)
class Stand:
    """One revision as one branch holds it. ``depends_on`` are ids or labels, ``oid`` is the blob of the file at ``path``."""

    id: str
    down: tuple[str, ...]
    depends_on: tuple[str, ...]
    labels: tuple[str, ...]
    path: str
    oid: str


@dataclass(frozen=True, slots=True)
class Reading:
    """The revisions of one branch by id, their numbers by id, the numbers of its heads, and all numbers as bits."""

    stands: Mapping[str, Stand]
    numbers: Mapping[str, int]
    heads: tuple[int, ...]
    bits: int


@dataclass(frozen=True, slots=True)
class Side:
    """``heads`` that go on from a fork by the same revisions, ``first``; all are numbers."""

    heads: tuple[int, ...]
    first: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Fork:
    """Where heads part: ``on`` are the last revisions that both have (none: they have nothing in common). Each two ``sides`` fork."""

    on: tuple[int, ...]
    sides: tuple[Side, ...]


@dataclass(slots=True)
class Forest:
    """Every revision of every branch, numbered. One id has several numbers where branches hold it with another content or other parents."""

    nodes: list[Stand] = field(default_factory=list)
    parents: list[tuple[int, ...]] = field(default_factory=list)
    beneath: list[int] = field(default_factory=list)
    digests: list[bytes] = field(default_factory=list)
    _labels: list[frozenset[str]] = field(default_factory=list)
    _above: list[int] = field(default_factory=list)
    _followers: list[int] = field(default_factory=list)
    _roots: int = 0
    _known: dict[tuple[str, str, tuple[int, ...]], int] = field(default_factory=dict)
    _bits_of: dict[str, int] = field(default_factory=dict)
    _twice: bool = False

    def read(self, stands: Iterable[Stand]) -> Reading:
        """A branch, all of it. Raises GraphError for a parent that is missing, a circle, or an id that two files have."""
        by_id: dict[str, Stand] = {}
        for stand in stands:
            _put(by_id, stand)
        numbers: dict[str, int] = {}
        self._place(by_id, numbers, by_id)
        bits = 0
        for number in numbers.values():
            bits |= 1 << number
        return Reading(by_id, numbers, self._heads(numbers.values(), bits), bits)

    def read_like(self, other: Reading, gone: Iterable[Stand], come: Sequence[Stand]) -> Reading:
        """A branch that holds what ``other`` holds without ``gone`` and with ``come``. Raises as `read` does."""
        gone = tuple(gone)
        stands, numbers = dict(other.stands), dict(other.numbers)
        for each in gone:
            stands.pop(each.id, None)
        for each in come:
            _put(stands, each)
        lost = [other.numbers[each.id] for each in gone if each.id in other.numbers]
        bits = other.bits
        candidates = {*other.heads, *(parent for number in lost for parent in self.parents[number])}
        # Whatever stands on what went may be another revision now, for all that its file is the same.
        waiting = lost
        while waiting:
            number = waiting.pop()
            if bits >> number & 1:
                bits &= ~(1 << number)
                numbers.pop(self.nodes[number].id, None)
                waiting += numbers_in(self._above[number] & bits)
        again = [self.nodes[number].id for number in numbers_in(other.bits & ~bits)]
        wanted = dict.fromkeys([*(id for id in again if id in stands), *(each.id for each in come)])
        self._place(stands, numbers, wanted)
        new = [numbers[id] for id in wanted]
        for number in new:
            bits |= 1 << number
        return Reading(stands, numbers, self._heads(candidates.union(new), bits), bits)

    def _heads(self, numbers: Iterable[int], bits: int) -> tuple[int, ...]:
        """Those of ``numbers`` that are in ``bits`` and that none in ``bits`` names as parent."""
        return tuple(sorted(each for each in numbers if bits >> each & 1 and not self._followers[each] & bits))

    def _place(self, stands: Mapping[str, Stand], numbers: dict[str, int], wanted: Iterable[str]) -> None:
        """Number the ``wanted`` and what they stand on."""
        labels: dict[str, str] = {}
        for id in list(wanted):
            waiting = [id]
            seen: set[str] = set()
            while waiting:
                current = waiting[-1]
                if current in numbers:
                    waiting.pop()
                    continue
                stand = stands[current]
                if stand.depends_on and not labels:
                    labels = {label: each.id for each in stands.values() for label in each.labels}
                parents = (*stand.down, *(labels.get(name, name) for name in stand.depends_on))
                open_ones = [each for each in parents if each not in numbers]
                if not open_ones:
                    numbers[current] = self.add(stand, tuple(sorted({numbers[each] for each in parents})))
                    waiting.pop()
                    continue
                for each in open_ones:
                    if each not in stands:
                        raise GraphError(f"revision '{each}', which '{current}' ({stand.path}) names, is in no file")
                if current in seen:
                    raise GraphError(f"revision '{current}' ({stand.path}) follows itself")
                seen.add(current)
                waiting += open_ones

    def add(self, stand: Stand, parents: tuple[int, ...]) -> int:
        """The number of a revision that stands on ``parents`` (sorted): the one that it has, or the next."""
        key = (stand.id, stand.oid, parents)
        number = self._known.get(key)
        if number is not None:
            return number
        number = self._known[key] = len(self.nodes)
        bits = 1 << number
        labels = frozenset(stand.labels)
        digest = sha1(f"{stand.id} {stand.oid}".encode(), usedforsecurity=False)
        for parent in parents:
            bits |= self.beneath[parent]
            labels |= self._labels[parent]
            self._above[parent] |= 1 << number
            if self.nodes[parent].id in stand.down:
                self._followers[parent] |= 1 << number
            digest.update(self.digests[parent])
        if not parents:
            self._roots |= 1 << number
        self.nodes.append(stand)
        self.parents.append(parents)
        self.beneath.append(bits)
        self.digests.append(digest.digest())
        self._labels.append(labels)
        self._above.append(0)
        self._followers.append(0)
        self._twice = self._twice or stand.id in self._bits_of
        self._bits_of[stand.id] = self._bits_of.get(stand.id, 0) | 1 << number
        return number

    # -- the border of a process

    def to_json(self) -> list[list[Any]]:
        """Each revision with its parents; `forest_from_json` gives them the same numbers."""
        return [
            [each.id, each.down, each.depends_on, each.labels, each.path, each.oid, parents]
            for each, parents in zip(self.nodes, self.parents, strict=True)
        ]

    # -- pairs

    def pairs(self, heads: Iterable[int]) -> Iterator[tuple[int, int]]:
        """The heads that will stand side by side where both are merged, two by two.

        Not those of which one stands on the other, nor branches that labels keep apart, nor two states of one revision (a branch and what
        was pushed of it before a rebase).
        """
        for left, right in combinations(sorted(set(heads)), 2):
            if self._fork(left, right):
                yield left, right

    def _fork(self, left: int, right: int) -> bool:
        if self.beneath[right] >> left & 1 or self.beneath[left] >> right & 1:
            return False
        ours, theirs = self._labels[left], self._labels[right]
        if ours and theirs and not ours & theirs:
            return False
        return not self._twice or not (self._has_id(left, right) or self._has_id(right, left))

    def _has_id(self, head: int, other: int) -> bool:
        """Whether the other head stands on a revision of the head's id."""
        return bool(self.beneath[other] & self._bits_of[self.nodes[head].id])

    def twins(self) -> Iterator[tuple[int, ...]]:
        """The numbers of each id that has several."""
        for bits in self._bits_of.values():
            if bits & (bits - 1):
                yield tuple(numbers_in(bits))

    def common(self, left: int, right: int) -> int:
        """What both heads have, as bits."""
        return self.beneath[left] & self.beneath[right]

    def maximal(self, bits: int) -> tuple[int, ...]:
        """Of the revisions in ``bits`` (and all beneath them) those that no other one stands on."""
        found = []
        while bits:
            top = bits.bit_length() - 1
            found.append(top)
            bits &= ~self.beneath[top]
        return tuple(sorted(found))

    def forks(self, heads: Iterable[int]) -> tuple[Fork, ...]:
        """Where the pairs of heads part, the newest fork last."""
        parting: dict[int, dict[int, None]] = {}
        for left, right in self.pairs(heads):
            parting.setdefault(self.common(left, right), {}).update({left: None, right: None})
        found = []
        for common, apart in parting.items():
            on = self.maximal(common)
            next_ones = self._roots
            if on:
                next_ones = 0
                for each in on:
                    next_ones |= self._above[each]
            sides: dict[int, list[int]] = {}
            for head in apart:
                sides.setdefault(next_ones & self.beneath[head] & ~common, []).append(head)
            made = [Side(tuple(sorted(group)), tuple(numbers_in(first))) for first, group in sides.items()]
            found.append(Fork(on, tuple(sorted(made, key=lambda side: side.first))))
        return tuple(sorted(found, key=lambda fork: fork.on))


def forest_from_json(data: Iterable[Sequence[Any]]) -> Forest:
    """What `Forest.to_json` told."""
    forest = Forest()
    for id, down, depends_on, labels, path, oid, parents in data:
        forest.add(Stand(id, tuple(down), tuple(depends_on), tuple(labels), path, oid), tuple(parents))
    return forest


def numbers_in(bits: int) -> Iterator[int]:
    """The places of the bits that are set, lowest first."""
    while bits:
        low = bits & -bits
        yield low.bit_length() - 1
        bits ^= low


def _put(by_id: dict[str, Stand], stand: Stand) -> None:
    twin = by_id.setdefault(stand.id, stand)
    if twin is not stand and twin.path != stand.path:
        raise GraphError(f"revision '{stand.id}' is in {twin.path} and in {stand.path}")
    by_id[stand.id] = stand
