"""Which headers change when one side's work is put on top of the other."""

from __future__ import annotations

from gitmig.graph import Node, RevisionGraph
from gitmig.merging.relink import own, relinked


def test_only_the_first_of_a_chain_gets_a_new_parent() -> None:
    graph = RevisionGraph([Node("a"), Node("m", ("a",)), Node("f1", ("a",)), Node("f2", ("f1",))])
    assert own(graph, "f2", ["m"]) == ("f2", "f1")
    assert relinked(graph, "f2", "m", ["m"]) == {"f1": ("m",)}


def test_every_root_of_a_side_with_a_merge_in_it_is_moved() -> None:
    nodes = [Node("a"), Node("m", ("a",)), Node("x", ("a",)), Node("y", ("a",)), Node("j", ("x", "y"))]
    assert relinked(RevisionGraph(nodes), "j", "m", ["m"]) == {"x": ("m",), "y": ("m",)}


def test_a_merge_with_one_foot_below_keeps_its_own_other_parent() -> None:
    nodes = [Node("a"), Node("m", ("a",)), Node("x", ("a",)), Node("j", ("x", "a"))]
    assert relinked(RevisionGraph(nodes), "j", "m", ["m"]) == {"x": ("m",), "j": ("m", "x")}


def test_a_base_of_its_own_is_put_on_top_too() -> None:
    assert relinked(RevisionGraph([Node("m"), Node("b"), Node("c", ("b",))]), "c", "m", ["m"]) == {"b": ("m",)}
