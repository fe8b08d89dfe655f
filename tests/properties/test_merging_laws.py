"""Laws of merge proofs, against the plain truth: run both orders and look."""

from __future__ import annotations

from functools import partial

from hypothesis import given
from hypothesis import strategies as st

from gitmig import ops
from gitmig.errors import SchemaError
from gitmig.merging.acts import Side, acts_of, doubt
from gitmig.merging.proof import prove
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, Sql
from tests.properties.strategies import operations, schemas

PLAIN = dialect_named("postgresql")
NORMAL = partial(normalise, dialect=PLAIN)

Two = tuple[Schema, tuple[ops.Operation, ...], tuple[ops.Operation, ...]]


@st.composite
def forks(draw: st.DrawFn) -> Two:
    """A schema, and what two branches do to it; each fits it on its own."""
    base = draw(schemas())
    sides = []
    for _ in range(2):
        schema, found = base, []
        for _ in range(draw(st.integers(0, 3))):
            operation = draw(operations(schema))
            if doubt(operation) is None:
                schema = operation.apply(schema)
                found.append(operation)
        sides.append(tuple(found))
    return base, sides[0], sides[1]


def side(head: str, found: tuple[ops.Operation, ...]) -> Side:
    return Side(head, acts_of(head, found, [None] * len(found)))


def run(schema: Schema, found: tuple[ops.Operation, ...]) -> Schema | None:
    try:
        for operation in found:
            schema = operation.apply(schema)
    except SchemaError:
        return None
    return NORMAL(schema)


@given(forks())
def test_what_is_proved_is_true_and_what_is_true_is_proved(fork: Two) -> None:
    base, left, right = fork
    proof = prove(base, side("a", left), side("b", right), NORMAL)
    one, other = run(base, left + right), run(base, right + left)
    assert proof.proved == (one is not None and one == other), proof
    if proof.schema is not None:
        assert NORMAL(proof.schema) == one


@given(forks())
def test_the_sides_may_be_told_in_either_order(fork: Two) -> None:
    base, left, right = fork
    assert prove(base, side("a", left), side("b", right), NORMAL).verdict == prove(base, side("b", right), side("a", left), NORMAL).verdict


@given(forks())
def test_the_same_work_on_both_sides_is_never_a_conflict(fork: Two) -> None:
    base, left, _ = fork
    proof = prove(base, side("a", left), side("b", left), NORMAL)
    assert proof.conflicts == (), [str(each) for each in proof.conflicts]


@given(forks())
def test_rows_are_never_proved(fork: Two) -> None:
    base, left, right = fork
    data = (*right, ops.Execute(Sql("UPDATE t SET a = 1"), "data"))
    proof = prove(base, side("a", left), side("b", data), NORMAL)
    assert not left or not proof.proved


@given(forks())
def test_a_conflict_names_one_operation_of_either_side(fork: Two) -> None:
    base, left, right = fork
    proof = prove(base, side("a", left), side("b", right), NORMAL)
    for conflict in proof.conflicts:
        assert (conflict.left.revision, conflict.right.revision) == ("a", "b")
        assert conflict.refs, conflict
        assert conflict.reason and conflict.proposal
