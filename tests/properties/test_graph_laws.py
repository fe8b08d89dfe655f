"""Laws of the revision graph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gitmig.graph import Node, RevisionGraph, routes
from tests.properties.graphs import graphs, node_lists, sane


@st.composite
def parts(draw: st.DrawFn) -> tuple[RevisionGraph, RevisionGraph, RevisionGraph]:
    """Three graphs that share history: each what lies under some revisions of one graph."""
    whole = draw(graphs(labels=False))
    chosen = [draw(st.lists(st.sampled_from(list(whole)), max_size=4)) for _ in range(3)]
    one, two, three = (RevisionGraph(whole[id] for id in whole if id in whole.ancestors(*ids)) for ids in chosen)
    return one, two, three


@given(parts())
def test_union_is_associative_and_commutative(three: tuple[RevisionGraph, RevisionGraph, RevisionGraph]) -> None:
    a, b, c = three
    assert (a | b) | c == a | (b | c)
    assert a | b == b | a
    assert a | a == a
    assert a | RevisionGraph() == a


@given(node_lists(), st.randoms())
def test_the_order_of_files_changes_no_answer(nodes: tuple[Node, ...], random: object) -> None:
    mixed = list(nodes)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    one, other = RevisionGraph(nodes), RevisionGraph(mixed)
    assert one == other and hash(one) == hash(other)
    assert set(one.heads()) == set(other.heads())
    assert all(one.labels_of(id) == other.labels_of(id) for id in one)
    assert all(set(one.normal_parents(id)) == set(other.normal_parents(id)) for id in one)


@given(graphs())
def test_sorted_stands_everything_before_what_it_builds_on(graph: RevisionGraph) -> None:
    order = graph.sorted(graph)
    assert sorted(order) == sorted(graph)
    assert sane(graph, order)


@given(st.data())
def test_sorted_keeps_the_order_of_revisions_that_are_far_apart(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    some = data.draw(st.sets(st.sampled_from(list(graph))))
    order = graph.sorted(some)
    assert set(order) == some
    assert sane(graph, order)


@given(st.data())
def test_up_then_down_is_nothing(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    reached = data.draw(st.lists(st.sampled_from(list(graph)), max_size=3, unique=True))
    start = graph.maximal(graph.ancestors(*reached)) if reached else ()
    up = routes.upgrade_route(graph, start, "heads")
    assert {move.revision for move in up} == set(graph) - graph.ancestors(*start)
    top = up[-1].after if up else start
    assert set(top) == set(graph.real_heads())
    down = routes.downgrade_route(graph, top, "base")
    assert {move.revision for move in down} == set(graph)
    assert not down or down[-1].after == ()
    assert routes.upgrade_route(graph, top, "heads") == ()


@given(st.data())
def test_rows_are_the_tops_of_what_is_applied(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    applied: set[str] = set()
    for move in routes.upgrade_route(graph, (), "heads"):
        applied.add(move.revision)
        assert set(move.after) == set(graph.maximal(applied))


@given(st.data())
def test_merge_bases_are_the_newest_common_ancestors(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    a, b = (data.draw(st.sampled_from(list(graph))) for _ in range(2))
    common = graph.ancestors(a) & graph.ancestors(b)
    bases = graph.merge_bases(a, b)
    assert set(bases) == {id for id in common if not any(id in graph.ancestors(other) - {other} for other in common)}
    assert set(bases) == set(graph.merge_bases(b, a))


@given(st.data())
def test_ancestors_and_descendants_mirror_each_other(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    a, b = (data.draw(st.sampled_from(list(graph))) for _ in range(2))
    for dependencies in (True, False):
        down = graph.ancestors(a, dependencies=dependencies)
        assert (b in down) == (a in graph.descendants(b, dependencies=dependencies))
