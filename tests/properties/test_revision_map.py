"""RevisionMap under Alembic's name gives what Alembic's own gives, errors with their texts among it, on random graphs."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

from alembic.script import revision as theirs
from hypothesis import assume, given
from hypothesis import strategies as st

from gitmig.compat.alembic import revision as ours
from gitmig.graph import RevisionGraph
from tests.properties.graphs import graphs


def both(graph: RevisionGraph) -> tuple[ours.RevisionMap, theirs.RevisionMap]:
    nodes = list(graph.nodes.values())

    def load(module: Any) -> list[Any]:
        return [module.Revision(node.id, node.down or None, node.depends_on or None, node.labels or None) for node in nodes]

    return ours.RevisionMap(lambda: load(ours)), theirs.RevisionMap(lambda: load(theirs))


def answer(function: Callable[[], Any]) -> Any:
    """Ids, as a set where the order is free; an error as its class and text. What Alembic trips over is nobody's contract."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = function()
            if isinstance(found, Iterable) and not isinstance(found, str):
                return frozenset(each if isinstance(each, str) else each.revision for each in found)
            return found if found is None or isinstance(found, str) else found.revision
    except (ours.RevisionError, theirs.RevisionError) as error:
        return type(error).__name__, str(error)
    except (AssertionError, KeyError):
        assume(False)


def absolute(graph: RevisionGraph) -> st.SearchStrategy[str]:
    plain = [*graph, *graph.labels, *(id[:5] for id in graph), "head", "heads", "base", "zzz", "zzzzz"]
    branched = [f"{label}@{end}" for label in [*graph.labels, *graph] for end in ("head", "heads", "base")]
    return st.sampled_from([*plain, *branched])


@given(graphs(), st.data())
def test_a_name_means_the_same_or_fails_with_the_same_words(graph: RevisionGraph, data: st.DataObject) -> None:
    name = data.draw(absolute(graph))
    mine, alembics = both(graph)
    several = answer(lambda: alembics.get_revisions(name))
    mine_several = answer(lambda: mine.get_revisions(name))
    if isinstance(several, tuple) and several[1].startswith("Multiple revisions start with"):
        assert isinstance(mine_several, tuple)
        assert mine_several[1].startswith("Multiple revisions start with")  # three of them are named, in no order
    else:
        assert mine_several == several
        assert answer(lambda: mine.get_revision(name)) == answer(lambda: alembics.get_revision(name))


@given(graphs(), st.data())
def test_revisions_know_their_neighbours(graph: RevisionGraph, data: st.DataObject) -> None:
    mine, alembics = both(graph)
    id = data.draw(st.sampled_from(list(graph)))
    one, other = mine.get_revision(id), alembics.get_revision(id)
    assert one is not None
    assert other is not None
    for name in (
        "nextrev",
        "_all_nextrev",
        "down_revision",
        "dependencies",
        "is_head",
        "is_base",
        "is_branch_point",
        "is_merge_point",
        "_is_real_head",
        "_is_real_base",
        "_is_real_branch_point",
    ):
        assert getattr(one, name) == getattr(other, name), name
    assert set(one._all_down_revisions) == set(other._all_down_revisions)
    assert set(one._normalized_down_revisions) == set(other._normalized_down_revisions)


@given(graphs(), st.data())
def test_what_comes_up_to_a_target_is_the_same(graph: RevisionGraph, data: st.DataObject) -> None:
    mine, alembics = both(graph)
    upper = data.draw(st.sampled_from([*graph, "heads"]))
    reached = data.draw(st.lists(st.sampled_from(list(graph)), max_size=2, unique=True))
    lower = graph.maximal(graph.ancestors(*reached)) if reached else ()
    assert answer(lambda: mine.iterate_revisions(upper, lower, implicit_base=True)) == answer(
        lambda: alembics.iterate_revisions(upper, lower, implicit_base=True)
    )


@given(graphs(), st.data())
def test_what_goes_down_to_a_target_is_the_same(graph: RevisionGraph, data: st.DataObject) -> None:
    mine, alembics = both(graph)
    rows = graph.real_heads()
    lower = data.draw(st.sampled_from([*graph, "base"]))
    theirs_answer = answer(lambda: alembics.iterate_revisions(rows, lower, select_for_downgrade=True))
    mine_answer = answer(lambda: mine.iterate_revisions(rows, lower, select_for_downgrade=True))
    if isinstance(theirs_answer, tuple):
        assert isinstance(mine_answer, tuple)
        assert mine_answer[0] == theirs_answer[0] == "RangeNotAncestorError"
    else:
        assert mine_answer == theirs_answer


@given(graphs(labels=True), st.data())
def test_lineage_is_the_same(graph: RevisionGraph, data: st.DataObject) -> None:
    mine, alembics = both(graph)
    against = data.draw(st.sampled_from([*graph, *graph.labels]))
    dependencies = data.draw(st.booleans())
    targets = list(graph)
    assert answer(lambda: mine.filter_for_lineage(targets, against, dependencies)) == answer(
        lambda: alembics.filter_for_lineage(targets, against, dependencies)
    )
    assert answer(lambda: mine.get_current_head(against)) == answer(lambda: alembics.get_current_head(against))


@given(graphs(), st.data())
def test_what_a_database_is_at_is_the_same(graph: RevisionGraph, data: st.DataObject) -> None:
    mine, alembics = both(graph)
    reached = data.draw(st.lists(st.sampled_from(list(graph)), min_size=1, max_size=3, unique=True))
    rows = graph.maximal(graph.ancestors(*reached))
    assert answer(lambda: mine._get_all_current(rows)) == answer(lambda: alembics._get_all_current(rows))
