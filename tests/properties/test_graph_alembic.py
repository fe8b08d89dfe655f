"""Graphs, names and routes mean what they mean in Alembic, on random graphs with branches, merges, labels and dependencies.

Where the two differ, the difference is meant and said here: Alembic fails on an assertion, ignores a branch that does not
exist, or chooses between several revisions by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from alembic.script.revision import RevisionError, RevisionMap
from hypothesis import assume, given
from hypothesis import strategies as st

from gitmig.errors import GraphError
from gitmig.graph import RevisionGraph, SeveralHeads, routes
from gitmig.graph.names import resolve
from tests.properties.graphs import alembic_map, graphs, sane

Answer = tuple[str, ...] | None
"""Ids, or None for an error."""


def asked(function: Callable[..., object], *arguments: object, **options: object) -> Answer:
    """What Alembic answers; None for its own errors. Its assertions and KeyErrors are nobody's contract: the case is dropped."""
    try:
        found = function(*arguments, **options)
        if isinstance(found, Iterable) and not isinstance(found, str):
            found = tuple(found)
    except RevisionError:
        return None
    except (AssertionError, KeyError):
        assume(False)
    if found is None:
        return ()
    several = found if isinstance(found, tuple) else (found,)
    return tuple(each if isinstance(each, str) else each.revision for each in several if each is not None)


def ours(function: Callable[[], Iterable[str]]) -> Answer:
    try:
        return tuple(function())
    except GraphError:
        return None


def loaded(graph: RevisionGraph) -> RevisionMap:
    return alembic_map(graph)


@st.composite
def names(draw: st.DrawFn, graph: RevisionGraph, *, steps: bool) -> str:
    """A name in any form, of something that exists or not; branches named are there."""
    plain = [*graph, *graph.labels, *(id[:3] for id in graph), "head", "heads", "base", "zzz", "x"]
    label = draw(st.sampled_from([None, None, *graph.labels, *graph]))
    front = "" if label is None else f"{label}@"
    if not steps:
        return front + draw(st.sampled_from(plain))
    symbol = draw(st.sampled_from(["", "", *graph, "head"]))
    return f"{front}{symbol}{draw(st.sampled_from('+-'))}{draw(st.integers(1, 4))}"


def rows_of(data: st.DataObject, graph: RevisionGraph) -> tuple[str, ...]:
    """The version rows of a database that some upgrades have reached."""
    reached = data.draw(st.lists(st.sampled_from(list(graph)), max_size=3, unique=True))
    return graph.maximal(graph.ancestors(*reached)) if reached else ()


@given(graphs())
def test_ends_parents_and_dependencies_are_alembics(graph: RevisionGraph) -> None:
    theirs = loaded(graph)
    assert graph.heads() == tuple(theirs.heads)
    assert graph.real_heads() == tuple(theirs._real_heads)
    assert graph.bases() == tuple(theirs.bases)
    assert graph.real_bases() == tuple(theirs._real_bases)
    for id in graph:
        revision = theirs.get_revision(id)
        assert set(graph.children(id)) == set(revision.nextrev)
        assert set(graph.dependencies(id)) == set(revision._resolved_dependencies)
        assert set(graph.normal_parents(id)) == set(revision._normalized_down_revisions)
        assert graph.is_branch_point(id) == revision.is_branch_point
        assert graph.is_merge_point(id) == revision.is_merge_point


@given(graphs())
def test_labels_reach_as_far_as_alembics_on_lines(graph: RevisionGraph) -> None:
    theirs = loaded(graph)
    for id in graph:
        spread = theirs.get_revision(id).branch_labels
        for label, owner in graph.labels.items():
            above = graph.descendants(owner, dependencies=False)
            if id in above:
                assert label in spread and label in graph.labels_of(id)
            # Downwards Alembic starts from whichever descendant it met last; where those fork, its answer is chance.
            elif not any(graph.is_merge_point(each) or len(graph.children(each)) > 1 for each in above):
                assert (label in spread) == (label in graph.labels_of(id))


@given(st.data())
def test_names_mean_the_same(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    name = data.draw(names(graph, steps=False))
    assert_same(asked(loaded(graph).get_revisions, name), ours(lambda: resolve(graph, name)), name)


@given(st.data())
def test_upgrades_run_the_same_revisions(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    rows = rows_of(data, graph)
    name = data.draw(names(graph, steps=data.draw(st.booleans())))
    theirs = asked(loaded(graph).iterate_revisions, name, rows, implicit_base=True)
    assume("base-" not in name)
    mine = ours(lambda: reversed([move.revision for move in routes.upgrade_route(graph, rows, name)]))
    assert_same(theirs, mine, name)
    if mine is not None:
        assert sane(graph, mine)


@given(st.data())
def test_downgrades_run_the_same_revisions(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    rows = rows_of(data, graph)
    name = data.draw(names(graph, steps=data.draw(st.booleans())))
    assume("base-" not in name)
    theirs = asked(loaded(graph).iterate_revisions, rows, name, select_for_downgrade=True, assert_relative_length=True)
    mine = ours(lambda: [move.revision for move in routes.downgrade_route(graph, rows, name)])
    if mine is not None:
        assert sane(graph, mine)
    if "@" in name and (theirs is None or mine is None):
        # Here Alembic drops the branch from `label@head` and finds too many heads, takes a revision of another branch for one
        # of this, looks for beginnings of ids outside of the branch, and picks one of several rows on a branch.
        return
    if mine is None and name.startswith("-") and len(rows) > 1:
        # Alembic warns and takes one of the rows.
        with pytest.raises(SeveralHeads):
            routes.downgrade_route(graph, rows, name)
        return
    assert_same(theirs, mine, name)


@given(st.data())
def test_ranges_list_the_same_revisions(data: st.DataObject) -> None:
    graph = data.draw(graphs())
    lower = data.draw(st.sampled_from([*graph, "base"]))
    upper = data.draw(st.sampled_from([*graph, "heads", "+1", "+3"]))
    theirs = asked(loaded(graph).iterate_revisions, upper, lower, inclusive=True, assert_relative_length=False)
    mine = ours(lambda: routes.between(graph, lower, upper))
    assert_same(theirs, mine, f"{lower}:{upper}")
    if mine is not None:
        assert sane(graph, mine)


def assert_same(theirs: Answer, mine: Answer, name: str) -> None:
    if theirs is None or mine is None:
        assert theirs == mine, name
    else:
        assert set(theirs) == set(mine), name
        assert len(mine) == len(set(mine))
