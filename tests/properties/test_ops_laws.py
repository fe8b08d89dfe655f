"""Laws of operations: inverses undo, independent operations commute, what a diff finds is what was missing."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gitmig import ops
from gitmig.autogen.diff import diff
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema
from tests.properties.strategies import histories, nameless, operations, schemas, unsound

DIALECTS = ("sqlite", "postgresql", "mariadb")
PLAIN = dialect_named("postgresql")


@given(histories())
def test_every_reachable_schema_is_sound(history: tuple[Schema, tuple[ops.Operation, ...]]) -> None:
    schema, found = history
    for step in ops.steps(schema, found):
        assert unsound(step.after) == [], step.op.describe()


@given(histories())
def test_the_inverse_undoes(history: tuple[Schema, tuple[ops.Operation, ...]]) -> None:
    schema, found = history
    for step in ops.steps(schema, found):
        back = step.op.invert(step.before).apply(step.after)
        assert normalise(back, PLAIN) == normalise(step.before, PLAIN), step.op.describe()


@given(histories())
def test_inverses_in_reverse_undo_a_whole_history(history: tuple[Schema, tuple[ops.Operation, ...]]) -> None:
    schema, found = history
    forward = ops.steps(schema, found)
    back = forward[-1].after if forward else schema
    for operation in ops.inverted(forward):
        back = operation.apply(back)
    assert normalise(back, PLAIN) == normalise(schema, PLAIN)


@given(st.data())
def test_operations_whose_footprints_do_not_meet_commute(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    left, right = data.draw(operations(schema)), data.draw(operations(schema))
    assume(not left.footprint().meets(right.footprint()))
    one = right.apply(left.apply(schema))
    other = left.apply(right.apply(schema))
    assert normalise(one, PLAIN) == normalise(other, PLAIN), f"{left.describe()} / {right.describe()}"


@given(st.data())
def test_footprints_meet_both_ways(data: st.DataObject) -> None:
    schema = data.draw(schemas())
    left, right = data.draw(operations(schema)).footprint(), data.draw(operations(schema)).footprint()
    assert left.meets(right) == right.meets(left)


@pytest.mark.parametrize("dialect", DIALECTS)
@given(schema=schemas())
def test_a_schema_does_not_differ_from_itself(schema: Schema, dialect: str) -> None:
    assert diff(schema, schema, dialect_named(dialect)) == ()


@pytest.mark.parametrize("dialect", DIALECTS)
@given(before=schemas(), after=schemas())
def test_replaying_a_diff_arrives(before: Schema, after: Schema, dialect: str) -> None:
    there = dialect_named(dialect)
    found = diff(before, after, there)
    arrived = before
    for operation in found:
        arrived = operation.apply(arrived)
    assert nameless(normalise(arrived, there)) == nameless(normalise(after, there))
    assert diff(arrived, after, there) == ()


@pytest.mark.parametrize("dialect", DIALECTS)
@given(history=histories())
def test_a_diff_over_a_history_arrives(history: tuple[Schema, tuple[ops.Operation, ...]], dialect: str) -> None:
    before, operations_ = history
    after = before
    for operation in operations_:
        after = operation.apply(after)
    there = dialect_named(dialect)
    arrived = before
    for operation in diff(before, after, there):
        arrived = operation.apply(arrived)
    assert nameless(normalise(arrived, there)) == nameless(normalise(after, there))
    assert diff(arrived, after, there) == ()
