from __future__ import annotations

import pytest

from gitmig.graph import Node, NoRoute, RevisionGraph, SeveralHeads, UnknownRevision
from gitmig.graph.routes import Move, between, downgrade_route, stamp_route, upgrade_route
from gitmig.graph.rows import Delete, Insert, Update, applied

FORK = RevisionGraph(
    [
        Node("root"),
        Node("left", ("root",), labels=("lab",)),
        Node("left2", ("left",)),
        Node("right", ("root",)),
        Node("side", depends_on=("right",), labels=("dep",)),
        Node("side2", ("side",)),
    ]
)


def ids(moves: tuple[Move, ...]) -> list[str]:
    return [move.revision for move in moves]


def test_an_upgrade_from_nothing_inserts_then_updates_one_row() -> None:
    graph = RevisionGraph([Node("a"), Node("b", ("a",))])
    moves = upgrade_route(graph, (), "head")
    assert [move.changes for move in moves] == [(Insert("a"),), (Update("a", "b"),)]
    assert [move.after for move in moves] == [("a",), ("b",)]
    assert all(move.direction == "upgrade" for move in moves)


def test_an_upgrade_to_what_is_applied_is_nothing() -> None:
    assert upgrade_route(FORK, ("left2",), "root") == ()
    assert upgrade_route(FORK, ("left2",), "base") == ()


def test_an_upgrade_takes_dependencies_along() -> None:
    assert ids(upgrade_route(FORK, (), "side2")) == ["root", "right", "side", "side2"]
    moves = upgrade_route(FORK, (), "side2")
    assert moves[-1].after == ("side2",)
    assert moves[2].changes == (Update("right", "side"),)


@pytest.mark.parametrize(
    ("rows", "target", "wanted"),
    [
        (("left",), "+1", ["left2"]),
        (("root",), "lab@+1", ["left"]),
        (("root",), "lab@+2", ["left", "left2"]),
        ((), "lab@+1", ["root"]),
        (("right",), "lab@+1", ["left"]),
        (("root",), "dep@+1", ["right", "side"]),
        (("left", "right"), "lab@+1", ["left2"]),
        (("root",), "left+1", ["left", "left2"]),
    ],
)
def test_steps_count_from_the_database_or_from_the_name(rows: tuple[str, ...], target: str, wanted: list[str]) -> None:
    assert ids(upgrade_route(FORK, rows, target)) == wanted


def test_steps_up_from_several_rows_are_ambiguous() -> None:
    with pytest.raises(NoRoute, match="several revisions that the database is at: left, right"):
        upgrade_route(FORK, ("left", "right"), "+1")


def test_steps_down_are_no_upgrade_and_steps_up_no_downgrade() -> None:
    with pytest.raises(NoRoute, match="leads down"):
        upgrade_route(FORK, ("left",), "-1")
    with pytest.raises(NoRoute, match="leads up"):
        downgrade_route(FORK, ("left",), "+1")


def test_a_merge_joins_rows_and_stepping_back_over_it_brings_them_back() -> None:
    graph = RevisionGraph([Node("r"), Node("a", ("r",)), Node("b", ("r",)), Node("m", ("a", "b"))])
    up = upgrade_route(graph, ("a", "b"), "head")
    assert up[0].changes == (Delete("a"), Update("b", "m"))
    down = downgrade_route(graph, ("m",), "a")
    assert ids(down) == ["m"]
    assert down[0].changes == (Insert("a"), Update("m", "b"))


def test_stepping_back_over_a_merge_by_count_is_ambiguous_but_by_name_is_not() -> None:
    graph = RevisionGraph([Node("r"), Node("a", ("r",)), Node("b", ("r",)), Node("m", ("a", "b"))])
    with pytest.raises(NoRoute, match="several ways at 'm': a, b"):
        downgrade_route(graph, ("m",), "-1")


@pytest.mark.parametrize(
    ("rows", "target", "wanted"),
    [
        (("left2",), "-1", ["left2"]),
        (("left2",), "-3", ["left2", "left", "root"]),
        (("left2", "right"), "lab@-1", ["left2"]),
        (("left2", "right"), "lab@root", ["left2", "left"]),
        (("left2", "right"), "left", ["left2"]),
        (("left2", "right"), "left2-2", ["left2", "left", "right"]),
        (("left2", "side2"), "dep@base", ["side2", "side"]),
        (("side2",), "-2", ["side2", "side"]),
        (("left2", "right"), "left2", []),
        ((), "base", []),
    ],
)
def test_a_downgrade_drops_what_stands_above_the_target(rows: tuple[str, ...], target: str, wanted: list[str]) -> None:
    assert sorted(ids(downgrade_route(FORK, rows, target))) == sorted(wanted)


def test_a_downgrade_drops_what_depends_on_the_dropped_first() -> None:
    moves = downgrade_route(FORK, ("side2",), "root")
    assert ids(moves) == ["side2", "side", "right"]
    assert [move.changes for move in moves] == [
        (Update("side2", "side"),),
        (Update("side", "right"),),
        (Update("right", "root"),),
    ]


def test_a_dropped_revision_whose_parent_another_row_implies_only_deletes_its_row() -> None:
    moves = downgrade_route(FORK, ("left", "right"), "lab@root")
    assert moves[0].changes == (Delete("left"),)


def test_a_downgrade_by_count_from_several_rows_is_refused_with_what_to_type() -> None:
    with pytest.raises(SeveralHeads) as caught:
        downgrade_route(FORK, ("left2", "right"), "-1")
    assert "`gitmig downgrade left2-1`" in caught.value.hint


@pytest.mark.parametrize("target", ["left2", "side"])
def test_a_target_that_is_not_applied_is_no_target(target: str) -> None:
    with pytest.raises(NoRoute, match="not a valid downgrade target"):
        downgrade_route(FORK, ("root",), target)


def test_a_row_that_no_file_defines_is_told_with_what_to_do() -> None:
    with pytest.raises(UnknownRevision, match="the database is at revision 'lost'") as caught:
        upgrade_route(FORK, ("lost",), "heads")
    assert "gitmig stamp --purge" in caught.value.hint


def test_a_stamp_moves_the_row_of_its_line_and_leaves_other_branches() -> None:
    moves = stamp_route(FORK, ("left", "right"), "left2")
    assert moves[-1].after == ("left2", "right")
    assert moves[0].direction == "stamp"


def test_a_stamp_of_heads_from_below_gives_every_head_a_row() -> None:
    moves = stamp_route(FORK, ("root",), "heads")
    assert set(moves[-1].after) == {"left2", "side2"}


def test_a_stamp_of_base_empties_the_table_or_one_branch_of_it() -> None:
    assert stamp_route(FORK, ("left2", "right"), "base")[-1].after == ()
    assert stamp_route(FORK, ("left2", "side2"), "lab@base")[-1].after == ("side2",)


def test_a_stamp_where_the_database_is_changes_nothing() -> None:
    assert stamp_route(FORK, ("left",), "left") == ()


def test_several_rows_in_line_with_a_stamp_become_one() -> None:
    moves = stamp_route(FORK, ("left", "right"), "root")
    assert moves[0].changes == (Delete("left"), Update("right", "root"))


@pytest.mark.parametrize(
    ("lower", "upper", "wanted"),
    [
        ("base", "left2", ["left2", "left", "root"]),
        ("left", "left2", ["left2", "left"]),
        ("root", "+1", None),
        ("left", "+9", ["left2", "left"]),
        ("lab@base", "heads", ["left2", "left", "root"]),
        ("right", "side2", ["side2", "side", "right"]),
        ("left", "right", None),
    ],
)
def test_a_range_lists_both_ends_newest_first(lower: str, upper: str, wanted: list[str] | None) -> None:
    if wanted is None:
        with pytest.raises(NoRoute):
            between(FORK, lower, upper)
    else:
        assert list(between(FORK, lower, upper)) == wanted


def test_rows_keep_their_places() -> None:
    assert applied(("a", "b", "c"), [Update("b", "x"), Delete("a"), Insert("y")]) == ("x", "c", "y")


def test_five_thousand_revisions_and_a_second_branch_go_up_and_down() -> None:
    count = 5_000
    graph = RevisionGraph([Node("r"), Node("other", ("r",)), *(Node(f"n{i}", (f"n{i - 1}" if i else "r",)) for i in range(count))])
    up = upgrade_route(graph, (), "heads")
    assert len(up) == count + 2
    assert len(downgrade_route(graph, up[-1].after, "base")) == count + 2
