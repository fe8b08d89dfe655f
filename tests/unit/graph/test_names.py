from __future__ import annotations

import pytest

from gitmig.graph import AmbiguousRevision, Node, NoRoute, RevisionGraph, SeveralHeads, UnknownRevision
from gitmig.graph.names import find, many, one, resolve, walk

GRAPH = RevisionGraph(
    [
        Node("4f2a91c07b3e"),
        Node("4f3b00000000", ("4f2a91c07b3e",), labels=("payments",)),
        Node("aa1100000000", ("4f3b00000000",)),
        Node("bb2200000000", ("4f2a91c07b3e",), labels=("release-1",)),
    ]
)


@pytest.mark.parametrize(
    ("name", "ids"),
    [
        ("4f2a91c07b3e", ("4f2a91c07b3e",)),
        ("4f2a", ("4f2a91c07b3e",)),
        ("aa", ("aa1100000000",)),
        ("base", ()),
        ("payments@base", ()),
        ("heads", ("aa1100000000", "bb2200000000")),
        ("payments", ("4f3b00000000",)),
        ("paym", ("4f3b00000000",)),
        ("payments@head", ("aa1100000000",)),
        ("payments@heads", ("aa1100000000",)),
        ("4f3b@head", ("aa1100000000",)),
        ("payments@4f2a", ("4f2a91c07b3e",)),
        ("release-1", ("bb2200000000",)),
        ("release-1@head", ("bb2200000000",)),
        ("release-1@head-1", ("4f2a91c07b3e",)),
        ("4f3b+1", ("aa1100000000",)),
        ("payments@4f2a+1", ("4f3b00000000",)),
        ("payments@head-1", ("4f3b00000000",)),
        ("payments@-2", ("4f2a91c07b3e",)),
        ("aa11-3", ()),
        ("base+1", ("4f2a91c07b3e",)),
    ],
)
def test_every_form_of_a_name_is_understood(name: str, ids: tuple[str, ...]) -> None:
    assert resolve(GRAPH, name) == ids


def test_head_with_several_heads_names_them_and_the_two_commands_that_help() -> None:
    with pytest.raises(SeveralHeads) as caught:
        resolve(GRAPH, "head")
    assert caught.value.heads == ("aa1100000000", "bb2200000000")
    assert "`gitmig merge heads`" in caught.value.hint and "`gitmig upgrade heads`" in caught.value.hint


def test_an_empty_graph_has_no_head() -> None:
    assert resolve(RevisionGraph(), "head") == ()
    assert one(RevisionGraph(), "heads") is None


def test_an_unknown_name_offers_near_ones() -> None:
    with pytest.raises(UnknownRevision) as caught:
        resolve(GRAPH, "4f2a91c07b3f")
    assert caught.value.near[0] == "4f2a91c07b3e"
    assert "Did you mean" in caught.value.hint


def test_a_short_unknown_name_is_told_to_be_short() -> None:
    with pytest.raises(UnknownRevision, match="at least 4 characters"):
        resolve(GRAPH, "zz")


def test_an_ambiguous_beginning_lists_what_it_begins() -> None:
    with pytest.raises(AmbiguousRevision, match="4f2a91c07b3e, 4f3b00000000") as caught:
        resolve(GRAPH, "4f")
    assert caught.value.exit_code == 2


def test_a_revision_of_another_branch_is_refused() -> None:
    with pytest.raises(UnknownRevision, match="'bb2200000000' is not on branch 'payments'"):
        resolve(GRAPH, "payments@bb2200000000")


@pytest.mark.parametrize("name", ["nope@head", "nope@base", "nope@aa11"])
def test_an_unknown_branch_is_told(name: str) -> None:
    with pytest.raises(UnknownRevision, match="there is no branch 'nope'"):
        resolve(GRAPH, name)


@pytest.mark.parametrize("name", ["", "payments@", "@"])
def test_a_name_without_a_revision_is_told(name: str) -> None:
    with pytest.raises(UnknownRevision, match="names no revision"):
        resolve(GRAPH, name)


def test_a_step_that_could_go_several_ways_lists_them() -> None:
    with pytest.raises(NoRoute, match="several ways at '4f2a91c07b3e': 4f3b00000000, bb2200000000"):
        resolve(GRAPH, "4f2a+1")


def test_too_many_steps_say_how_many_there_are() -> None:
    with pytest.raises(NoRoute, match=r"asks for 3 steps, and there is only 1 above"):
        resolve(GRAPH, "4f3b+3")
    assert walk(GRAPH, "4f3b00000000", 3, name="x", strict=False) == "aa1100000000"


def test_counting_from_the_database_means_nothing_without_one() -> None:
    with pytest.raises(UnknownRevision, match="counts from where the database is"):
        resolve(GRAPH, "+1")


def test_ids_of_three_characters_are_found_by_their_whole_name_only() -> None:
    graph = RevisionGraph([Node("abc")])
    assert resolve(graph, "abc") == ("abc",)
    with pytest.raises(UnknownRevision):
        resolve(graph, "ab")


def test_many_takes_each_id_once() -> None:
    assert many(GRAPH, ["heads", "aa11", "base"]) == ("aa1100000000", "bb2200000000")
    assert many(GRAPH, "aa11") == ("aa1100000000",)


def test_find_takes_ids_beginnings_and_labels() -> None:
    assert find(GRAPH, "release-1") == "bb2200000000"
    with pytest.raises(UnknownRevision):
        find(GRAPH, "head")
