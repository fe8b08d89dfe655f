"""The applied set: what ran, what other tools brought, what was skipped."""

from __future__ import annotations

from gitmig.graph import Node, RevisionGraph
from gitmig.graph.applied import Comparison, compare


def line(*ids: str) -> RevisionGraph:
    return RevisionGraph([Node(id, (ids[place - 1],) if place else ()) for place, id in enumerate(ids)])


def test_what_ran_under_rows_that_nobody_moved_is_no_news() -> None:
    assert compare(line("a", "b", "c"), ("b",), ("b",), ["a", "b"]) == Comparison()


def test_a_revision_put_under_an_applied_one_is_skipped() -> None:
    assert compare(line("a", "x", "y", "c"), ("c",), ("c",), ["a", "c"]) == Comparison(skipped=("x", "y"))


def test_what_another_tool_ran_or_stamped_is_no_skip_and_what_lay_below_before_still_is() -> None:
    assert compare(line("a", "x", "c", "d", "e"), ("e",), ("c",), ["a", "c"]) == Comparison(came=("d", "e"), skipped=("x",))


def test_without_a_history_everything_came_with_another_tool() -> None:
    assert compare(line("a", "b"), ("b",), None, []) == Comparison(came=("a", "b"))


def test_a_restored_dump_that_is_older_than_the_history_took_revisions_back() -> None:
    assert compare(line("a", "b", "c"), ("a",), ("c",), ["a", "b", "c"]) == Comparison(gone=("c", "b"))


def test_a_dump_of_another_branch_skips_nothing() -> None:
    graph = RevisionGraph([Node("a"), Node("b", ("a",)), Node("c", ("a",))])
    assert compare(graph, ("c",), ("b",), ["a", "b"]) == Comparison(came=("c",), gone=("b",))


def test_what_no_file_defines_is_unknown_whether_a_row_says_so_or_only_the_history() -> None:
    assert compare(line("a"), ("z",), ("z",), ["a", "y", "z"]).unknown == ("y", "z")
    assert compare(line("a", "b"), ("b",), ("b",), ["a", "y", "b"]).unknown == ("y",)
    assert compare(line("a"), ("z",), None, []).unknown == ("z",)


def test_with_the_last_unknown_row_all_that_is_unknown_is_gone() -> None:
    assert compare(line("a"), ("a",), ("z",), ["a", "y", "z"]) == Comparison(gone=("y", "z"))
    assert compare(line("a"), ("y",), ("z",), ["a", "y", "z"]).unknown == ("y", "z")
