"""Whether two sides of a merge can run in either order: a proof, or what stands in its way.

Values only: nothing is raised for a conflict.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gitmig.errors import SchemaError
from gitmig.merging.acts import Act, Side, declared, doubt
from gitmig.merging.proposals import proposal
from gitmig.ops.footprint import Footprint, Ref
from gitmig.schema.values import Schema, TableName

Verdict = Literal["independent", "same", "unproved", "duplicates", "conflict"]
"""From good to bad: no operation of one side meets one of the other; some meet, and either order makes the same schema; something cannot be
read; both sides do the same thing; the sides contradict each other."""

_ORDER: tuple[Verdict, ...] = ("independent", "same", "unproved", "duplicates", "conflict")

Normal = Callable[[Schema], Schema]
"""The normal form in which two schemas are compared."""


@dataclass(frozen=True, slots=True)
class Duplicate:
    """The same operation on both sides, which cannot run twice."""

    left: Act
    right: Act

    def __str__(self) -> str:
        return f"both sides {self.left.operation.describe()}: {self.left.revision} and {self.right.revision}"


@dataclass(frozen=True, slots=True)
class Unproved:
    """An operation of which nothing can be proved: rows, or something that cannot be read."""

    act: Act
    reason: str

    def __str__(self) -> str:
        return f"{self.act}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two operations that contradict each other. ``refs`` is what both touch, ``reason`` what happens, ``proposal`` what to do."""

    left: Act
    right: Act
    refs: tuple[Ref, ...]
    reason: str
    proposal: str

    def __str__(self) -> str:
        return f"{self.left.operation.describe()} ({self.left.revision}) against {self.right.operation.describe()} ({self.right.revision})"


@dataclass(frozen=True, slots=True)
class Proof:
    """What was found of two heads. Where ``verdict`` is "independent" or "same", ``schema`` is what either order makes."""

    left: str
    right: str
    verdict: Verdict
    conflicts: tuple[Conflict, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    unproved: tuple[Unproved, ...] = ()
    schema: Schema | None = None

    @property
    def proved(self) -> bool:
        return self.verdict in ("independent", "same")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The verdict over several pairs of heads."""
    return max(verdicts, key=_ORDER.index, default="independent")


def prove(base: Schema, left: Side, right: Side, normal: Normal) -> Proof:
    """Compare what two sides do to ``base``, the schema of the revisions that both have.

    What cannot be read is unproved where the other side does anything at all. Of the rest both orders are replayed. Where one of them
    fails, operations that are equal and cannot run twice are duplicates, and the others are replayed without their second copy.
    """
    unproved = (*_unproved(left, right), *_unproved(right, left))
    lefts, rights = _known(left), _known(right)
    meeting = _meeting(lefts, rights)
    forward, backward = _run(base, (*lefts, *rights)), _run(base, (*rights, *lefts))
    duplicates: tuple[Duplicate, ...] = ()
    if forward.failed or backward.failed:
        duplicates, conflicts = _failing(base, lefts, rights, meeting, normal)
    else:
        conflicts = _conflicts(meeting, lefts, rights, forward, backward, normal)
    verdicts: list[Verdict] = ["same" if meeting else "independent"]
    verdicts += ["unproved"] if unproved else []
    verdicts += ["duplicates"] if duplicates else []
    verdicts += ["conflict"] if conflicts else []
    schema = forward.schema if len(verdicts) == 1 else None
    return Proof(left.head, right.head, worst(verdicts), conflicts, duplicates, unproved, schema)


# -- what cannot be read


def _unproved(side: Side, other: Side) -> Iterator[Unproved]:
    if not other.acts:
        return
    theirs = Footprint()
    for act in other.acts:
        if doubt(act.operation) is None:
            theirs = theirs | act.operation.footprint()
    for act in side.acts:
        reason = doubt(act.operation)
        if reason is not None:
            yield Unproved(act, reason)
        elif declared(act.operation) and act.operation.footprint().meets(theirs):
            yield Unproved(act, "touches what the other side changes, as its author declared")


def _known(side: Side) -> tuple[Act, ...]:
    return tuple(act for act in side.acts if doubt(act.operation) is None)


# -- what both do


def _failing(
    base: Schema, lefts: Sequence[Act], rights: Sequence[Act], meeting: Sequence[_Meeting], normal: Normal
) -> tuple[tuple[Duplicate, ...], tuple[Conflict, ...]]:
    """Why one order fails: what both sides do, and what is left of contradictions when the right side does not repeat it.

    Where something is left, all that is equal is taken for one, what could run twice too: it may stand beside what cannot.
    """
    duplicates: tuple[Duplicate, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    for once in (True, False):
        twins = _twins(base, lefts, rights, once=once)
        shared = [each.right for each in twins]
        rest = _without(rights, shared)
        forward = _run(base, (*lefts, *rest))
        backward = _run(base, (*shared, *rest, *_without(lefts, [each.left for each in twins])))
        found = _conflicts(meeting, lefts, rights, forward, backward, normal)
        if once or not found:
            duplicates, conflicts = twins, found
        if not found:
            break
    return duplicates, conflicts


def _twins(base: Schema, lefts: Sequence[Act], rights: Sequence[Act], *, once: bool) -> tuple[Duplicate, ...]:
    """The operations that both sides have: with ``once`` those that cannot run a second time."""
    found: list[Duplicate] = []
    free = list(lefts)
    states = _states(base, lefts)
    for act in rights:
        equal = (each for each in free if each.operation == act.operation)
        twin = next((each for each in equal if not once or _only_once(act, states[id(each)])), None)
        if twin is not None:
            free.remove(twin)
            found.append(Duplicate(twin, act))
    return tuple(found)


def _states(base: Schema, acts: Sequence[Act]) -> dict[int, Schema]:
    """The schema after each act, by the act's identity; from one that does not fit on, as if it had done nothing."""
    states = {}
    schema = base
    for act in acts:
        with contextlib.suppress(SchemaError):
            schema = act.operation.apply(schema)
        states[id(act)] = schema
    return states


def _only_once(act: Act, after: Schema) -> bool:
    try:
        act.operation.apply(after)
    except SchemaError:
        return True
    return False


def _without(acts: Sequence[Act], left_out: Sequence[Act]) -> tuple[Act, ...]:
    gone = {id(each) for each in left_out}
    return tuple(each for each in acts if id(each) not in gone)


# -- what meets


@dataclass(frozen=True, slots=True)
class _Meeting:
    left: Act
    right: Act
    refs: tuple[Ref, ...]


def _meeting(lefts: Sequence[Act], rights: Sequence[Act]) -> tuple[_Meeting, ...]:
    """The pairs whose footprints meet, in the order of the left side."""
    by_name: dict[tuple[str, TableName], list[tuple[Act, Footprint]]] = {}
    for right in rights:
        footprint = right.operation.footprint()
        for key in {(ref.kind, ref.name) for ref in (*footprint.reads, *footprint.writes)}:
            by_name.setdefault(key, []).append((right, footprint))
    found = []
    for left in lefts:
        footprint = left.operation.footprint()
        keys = {(ref.kind, ref.name) for ref in (*footprint.reads, *footprint.writes)}
        near = {id(act): (act, theirs) for key in keys for act, theirs in by_name.get(key, ())}
        for right in rights:
            if id(right) in near and footprint.meets(near[id(right)][1]):
                found.append(_Meeting(left, right, _common(footprint, near[id(right)][1])))
    return tuple(found)


def _common(left: Footprint, right: Footprint) -> tuple[Ref, ...]:
    """The refs in which two footprints meet: of each pair the one that says more."""
    pairs = [
        (one, other)
        for ours, theirs in ((left.writes, right.writes), (left.writes, right.reads), (left.reads, right.writes))
        for one in ours
        for other in theirs
        if one.meets(other)
    ]
    found = {one if one.part else other for one, other in pairs}
    return tuple(sorted(found, key=lambda ref: (ref.kind, str(ref.name), ref.part)))


# -- both orders


@dataclass(frozen=True, slots=True)
class _Run:
    """One order, run. ``failed`` are the acts that did not fit, with what was said; what rests on them was passed over."""

    schema: Schema
    failed: tuple[tuple[Act, str], ...] = ()


def _run(schema: Schema, acts: Sequence[Act]) -> _Run:
    failed: list[tuple[Act, str]] = []
    missing = Footprint()
    for act in acts:
        footprint = act.operation.footprint()
        try:
            schema = act.operation.apply(schema)
        except SchemaError as error:
            if not footprint.meets(missing):
                failed.append((act, error.message))
            missing = missing | footprint
    return _Run(schema, tuple(failed))


def _conflicts(
    meeting: Sequence[_Meeting], lefts: Sequence[Act], rights: Sequence[Act], forward: _Run, backward: _Run, normal: Normal
) -> tuple[Conflict, ...]:
    found: dict[tuple[int, int], Conflict] = {}
    own = {id(act) for act in lefts}
    for act, message in (*forward.failed, *backward.failed):
        others = rights if id(act) in own else lefts
        for each in _touching(meeting, act) or [_pair(act, others, own)]:
            found.setdefault((id(each.left), id(each.right)), _conflict(each, f"one after the other fails: {message}"))
    if found:
        return tuple(found.values())
    differing = _differing(forward.schema, backward.schema, normal)
    if not differing:
        return ()
    chosen = [each for each in meeting if any(ref.name in differing for ref in each.refs)] or list(meeting)
    return tuple(_conflict(each, "the order in which they run decides what is left") for each in _most_telling(chosen))


def _differing(one: Schema, other: Schema, normal: Normal) -> frozenset[TableName]:
    """The names of what the two schemas hold differently, in their normal forms; only tables that differ at all are brought into it."""
    if one == other:
        return frozenset()
    names = {name for name in {*one.tables, *other.tables} if one.tables.get(name) != other.tables.get(name)}
    left, right = (
        normal(Schema({name: each.tables[name] for name in each.tables if name in names}, each.enums, each.sequences, each.schemas))
        for each in (one, other)
    )
    found = {name for name in {*left.tables, *right.tables} if left.tables.get(name) != right.tables.get(name)}
    found |= {name for name in {*left.enums, *right.enums} if left.enums.get(name) != right.enums.get(name)}
    found |= {name for name in {*left.sequences, *right.sequences} if left.sequences.get(name) != right.sequences.get(name)}
    found |= {TableName(name) for name in left.schemas ^ right.schemas}
    return frozenset(found)


def _pair(act: Act, others: Sequence[Act], own: set[int]) -> _Meeting:
    """For a failure that no footprint foretold: beside the last thing that the other side did."""
    return _Meeting(act, others[-1], ()) if id(act) in own else _Meeting(others[-1], act, ())


def _touching(meeting: Sequence[_Meeting], act: Act) -> list[_Meeting]:
    return _most_telling([each for each in meeting if each.left is act or each.right is act])


def _most_telling(meeting: Sequence[_Meeting]) -> list[_Meeting]:
    """Those that meet in a part of a table rather than in the table, where there are any."""
    exact = [each for each in meeting if any(ref.part for ref in each.refs)]
    return exact or list(meeting)


def _conflict(meeting: _Meeting, reason: str) -> Conflict:
    left, right = meeting.left, meeting.right
    return Conflict(left, right, meeting.refs, reason, proposal(left.operation, right.operation, left.revision, right.revision))
