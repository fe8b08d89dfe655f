"""Two branches drawn, proved, and made one: what then holds for every database, whichever way it went.

A nightly run draws 50,000 histories; the merges themselves, with git, are in tests/e2e/test_merge_random.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hypothesis import event, given, settings

from gitmig import ops
from gitmig.errors import SchemaError
from gitmig.graph import Node, RevisionGraph
from gitmig.graph.routes import upgrade_route
from gitmig.merging.acts import Side, acts_of
from gitmig.merging.proof import prove
from gitmig.merging.relink import relinked
from gitmig.schema.values import Schema
from tests.properties.test_merging_laws import NORMAL, Two, forks

NUMBER = 50_000 if settings.default is not None and settings.default.max_examples > 100 else 60

Operations = dict[str, tuple[ops.Operation, ...]]


def branch(name: str, found: Sequence[ops.Operation]) -> tuple[list[Node], Operations, Side]:
    """A revision for each operation, one after the other on the base; the proof's side acts revision by revision."""
    ids = [f"{name}{number:07}" for number in range(max(1, len(found)))]
    nodes = [Node(id, (parent,)) for id, parent in zip(ids, ["base0000", *ids], strict=False)]
    does = {id: tuple(found[number : number + 1]) for number, id in enumerate(ids)}
    acts = [act for id in ids for act in acts_of(id, does[id], [None] * len(does[id]))]
    return nodes, does, Side(ids[-1], tuple(acts))


def after(graph: RevisionGraph, rows: Sequence[str], schema: Schema, does: Operations) -> tuple[Schema, list[str], tuple[str, ...]]:
    """A database at ``rows`` upgraded to the heads: its schema, what ran, its rows."""
    route = upgrade_route(graph, rows)
    for move in route:
        for operation in does.get(move.revision, ()):
            schema = operation.apply(schema)
    return schema, [move.revision for move in route], route[-1].after if route else tuple(rows)


def ways(base: Schema, sides: Sequence[Sequence[str]], does: Operations) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Where a database can be before the merge is there: at the base, and at each revision of either side."""
    yield ("base0000",), base
    for ids in sides:
        schema = base
        for id in ids:
            for operation in does[id]:
                schema = operation.apply(schema)
            yield (id,), schema


def run(schema: Schema, found: Sequence[ops.Operation]) -> Schema | None:
    try:
        for operation in found:
            schema = operation.apply(schema)
    except SchemaError:
        return None
    return NORMAL(schema)


@settings(max_examples=NUMBER)
@given(forks())
def test_joined_branches_bring_every_database_to_the_same_schema_and_skip_nothing(fork: Two) -> None:
    base, left, right = fork
    (nodes, does, one), (more, others, other) = branch("a", left), branch("b", right)
    does = {**does, **others}
    proof = prove(base, one, other, NORMAL)
    event(proof.verdict)
    plain, reverse = run(base, left + right), run(base, right + left)
    if plain is None or plain != reverse:
        # Contradictions (and what cannot run twice) are never merged.
        assert proof.verdict in ("conflict", "duplicates")
        return
    assert proof.verdict in ("independent", "same")
    every = [Node("base0000"), *nodes, *more]
    merged = RevisionGraph([*every, Node("merge000", (one.head, other.head))])
    assert merged.heads() == ("merge000",)
    for rows, schema in ways(base, [[each.id for each in nodes], [each.id for each in more]], does):
        end, ran, at = after(merged, rows, schema, does)
        assert (NORMAL(end), at) == (plain, ("merge000",))
        assert {*ran, *merged.ancestors(*rows)} == set(merged)

    parents = relinked(RevisionGraph(every), other.head, one.head, [one.head])
    moved = RevisionGraph([Node(each.id, parents.get(each.id, each.down), each.depends_on) for each in every])
    assert moved.heads() == (other.head,)
    # Nobody has what was moved; every database of others is at the base or on the side that stayed.
    for rows, schema in ways(base, [[each.id for each in nodes]], does):
        end, ran, at = after(moved, rows, schema, does)
        assert (NORMAL(end), at) == (plain, (other.head,))
        assert {*ran, *moved.ancestors(*rows)} == set(moved)
