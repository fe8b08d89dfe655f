"""Which revisions of different branches contradict each other, by a reading of their files that runs nothing of them.

For the child process, which has SQLAlchemy: only literal calls of `op` and of SQLAlchemy's constructs are evaluated (`script.literal`).
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Any

from gitmig.commands.proving import told
from gitmig.commands.replayed import dialect_instance
from gitmig.errors import SchemaError
from gitmig.merging.acts import Act, Side, acts_of, doubt
from gitmig.merging.forest import Forest, numbers_in
from gitmig.merging.proof import Proof, prove
from gitmig.ops.footprint import Footprint
from gitmig.revision import Revision
from gitmig.runtime.recorder import Recorder
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema
from gitmig.script.header import read_header
from gitmig.script.meaning import same_meaning
from gitmig.script.mentions import named, words

Read = Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class Forecast:
    """``proofs`` with the numbers of the two heads that they are about, ``meanings`` the numbers of one id that does different things,
    ``unknown`` what was not evaluated, by number."""

    proofs: tuple[tuple[int, int, Proof], ...]
    meanings: tuple[tuple[int, int], ...]
    unknown: tuple[tuple[int, Act, str], ...]


def forecast(forest: Forest, heads: Sequence[int], read: Read, dialect: str) -> Forecast:
    """Compare what the forking ``heads`` do beyond what they have in common. ``read`` gives the content of a blob."""
    return _Forecasting(forest, read, dialect).run(heads)


def forecast_json(forest: Forest, found: Forecast) -> dict[str, Any]:
    """As the parent takes it: of each proof the contradictions, with the numbers of the revisions on either side."""
    contradictions = []
    for left, right, proof in found.proofs:
        parts = told(proof)
        for kind in ("conflicts", "duplicates"):
            for each in parts[kind]:
                numbers = [_number(forest, head, each[side]["revision"]) for head, side in ((left, "left"), (right, "right"))]
                contradictions.append({"kind": kind[:-1], "numbers": numbers, **each})
    return {
        "contradictions": contradictions,
        "meanings": [list(each) for each in found.meanings],
        "unknown": [[number, act.place.line if act.place is not None else None, reason] for number, act, reason in found.unknown],
    }


def _number(forest: Forest, head: int, id: str) -> int:
    return next(each for each in numbers_in(forest.beneath[head]) if forest.nodes[each].id == id)


class _Forecasting:
    def __init__(self, forest: Forest, read: Read, dialect: str) -> None:
        self._forest = forest
        self._read = read
        self._dialect = dialect
        self._recorder = Recorder(dialect_instance(dialect))
        self._schemas: dict[int, Schema] = {}
        self._acts: dict[int, tuple[Act, ...]] = {}
        self._sources: dict[int, bytes] = {}
        self._base_bits = 0
        self._base = Schema()

    def run(self, heads: Sequence[int]) -> Forecast:
        pairs = list(self._forest.pairs(heads))
        if not pairs:
            return Forecast((), (), ())
        beneath = [self._forest.beneath[each] for each in {head for pair in pairs for head in pair}]
        everything, shared = 0, beneath[0]
        for bits in beneath:
            everything, shared = everything | bits, shared & bits
        outside = list(numbers_in(everything & ~shared))
        self._record_base(shared, outside)
        for number in outside:
            self._record(number)
        unknown = [
            (number, act, reason) for number in outside for act in self._acts[number] if (reason := doubt(act.operation)) is not None
        ]
        return Forecast(tuple(self._proofs(pairs, outside)), tuple(self._meanings(outside)), tuple(unknown))

    # -- reading

    def _source(self, number: int) -> bytes:
        if number not in self._sources:
            self._sources[number] = self._read(self._forest.nodes[number].oid)
        return self._sources[number]

    def _record_base(self, shared: int, outside: Iterable[int]) -> None:
        """The schema that all have, as far as anything outside of it speaks of it: the rest of a long history is not read."""
        base = list(numbers_in(shared))
        self._base_bits = shared
        told = {number: words(self._source(number)) for number in base}
        names = frozenset(name for number in outside for name in named(self._source(number)))
        wanted: set[int] = set()
        while names:
            more = [number for number in base if number not in wanted and told[number] & names]
            wanted.update(more)
            names = frozenset(name for number in more for name in named(self._source(number))) - names
        for number in sorted(wanted):
            self._base, _ = self._read_one(number, self._base)

    def _record(self, number: int) -> None:
        before = self._schema_of(self._forest.parents[number])
        self._schemas[number], self._acts[number] = self._read_one(number, before)

    def _read_one(self, number: int, before: Schema) -> tuple[Schema, tuple[Act, ...]]:
        stand = self._forest.nodes[number]
        source = self._source(number)
        self._recorder.schema = before
        revision = Revision(stand.id, stand.down, stand.labels, stand.depends_on, stand.path, oid=stand.oid)
        declared = read_header(source, stand.path).declarations if stand.path.endswith(".py") else ()
        operations = self._recorder.record(revision, source, stand.path, declared, literally=True)
        return self._recorder.schema, acts_of(stand.id, operations, self._recorder.places)

    def _schema_of(self, numbers: Sequence[int]) -> Schema:
        """What the revisions ``numbers`` and all beneath them make."""
        outside = [each for each in numbers if not self._base_bits >> each & 1]
        if not outside:
            return self._base
        first, *others = outside
        schema, done = self._schemas[first], self._forest.beneath[first] | self._base_bits
        for other in others:
            for number in numbers_in(self._forest.beneath[other] & ~done):
                schema = _applied(schema, self._acts[number])
            done |= self._forest.beneath[other]
        return schema

    # -- comparing

    def _proofs(self, pairs: Sequence[tuple[int, int]], outside: Sequence[int]) -> Iterator[tuple[int, int, Proof]]:
        """Each two revisions that meet are part of one proof, of the pair of heads with the least to go through."""
        normal = partial(normalise, dialect=dialect_named(self._dialect))
        beneath = self._forest.beneath
        known = set(pairs)
        heads = sorted({head for pair in pairs for head in pair}, key=lambda head: beneath[head].bit_count())
        done: list[tuple[int, int]] = []
        for one, other in self._meeting(outside):
            if any(_apart(beneath, pair, one, other) for pair in done):
                continue
            ours = [head for head in heads if beneath[head] >> one & 1 and not beneath[head] >> other & 1]
            theirs = [head for head in heads if beneath[head] >> other & 1 and not beneath[head] >> one & 1]
            sorted_pairs = ((min(a, b), max(a, b)) for a in ours for b in theirs)
            pair = next((each for each in sorted_pairs if each in known), None)
            if pair is None:
                continue
            done.append(pair)
            left, right = pair
            common = beneath[left] & beneath[right]
            base = self._schema_of(self._forest.maximal(common))
            yield left, right, prove(base, self._side(left, right, common), self._side(right, left, common), normal)

    def _side(self, head: int, other: int, common: int) -> Side:
        """What the head does alone; a revision that the other side has under other parents is done once, and told of apart."""
        theirs = {self._forest.nodes[each].id for each in numbers_in(self._forest.beneath[other] & ~common)}
        own = (each for each in numbers_in(self._forest.beneath[head] & ~common) if self._forest.nodes[each].id not in theirs)
        return Side(self._forest.nodes[head].id, tuple(act for each in own for act in self._acts[each]))

    def _meeting(self, outside: Sequence[int]) -> Iterator[tuple[int, int]]:
        """The pairs of revisions, neither beneath the other, whose footprints meet."""
        prints = {number: _footprint(self._acts[number]) for number in outside}
        by_name: dict[object, list[int]] = {}
        for number, footprint in prints.items():
            for name in {(ref.kind, ref.name) for ref in (*footprint.reads, *footprint.writes)}:
                by_name.setdefault(name, []).append(number)
        seen: set[tuple[int, int]] = set()
        nodes, beneath = self._forest.nodes, self._forest.beneath
        for near in by_name.values():
            for one, other in combinations(near, 2):
                if (one, other) in seen or beneath[other] >> one & 1 or nodes[one].id == nodes[other].id:
                    continue
                if prints[one].meets(prints[other]):
                    seen.add((one, other))
        yield from sorted(seen)

    def _meanings(self, outside: Iterable[int]) -> Iterator[tuple[int, int]]:
        """One id whose files do different things: not only different in their header, comments or form."""
        numbers = set(outside)
        for twins in self._forest.twins():
            there = [each for each in twins if each in numbers]
            for each in there[1:]:
                if not same_meaning(self._source(there[0]), self._source(each), links=False):
                    yield there[0], each


def _apart(beneath: Sequence[int], pair: tuple[int, int], one: int, other: int) -> bool:
    """Whether each of the revisions stands on a side of its own."""
    left, right = beneath[pair[0]], beneath[pair[1]]
    ours, theirs = left & ~right, right & ~left
    return bool((ours >> one & 1 and theirs >> other & 1) or (ours >> other & 1 and theirs >> one & 1))


def _footprint(acts: Iterable[Act]) -> Footprint:
    whole = Footprint()
    for act in acts:
        if doubt(act.operation) is None:
            footprint = act.operation.footprint()
            if not footprint.everything:
                whole = whole | footprint
    return whole


def _applied(schema: Schema, acts: Iterable[Act]) -> Schema:
    for act in acts:
        # Two sides of a merge that somebody made: what does not fit is known there, and is no forecast.
        with contextlib.suppress(SchemaError):
            schema = act.operation.apply(schema)
    return schema
