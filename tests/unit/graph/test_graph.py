from __future__ import annotations

import subprocess
import sys
from types import FrameType

import pytest

from gitmig.graph import BrokenGraph, Node, RevisionGraph


def line(*ids: str) -> list[Node]:
    return [Node(id, ids[place - 1 : place]) for place, id in enumerate(ids)]


def test_a_line_has_one_base_and_one_head() -> None:
    graph = RevisionGraph(line("a", "b", "c"))
    assert graph.bases() == ("a",)
    assert graph.heads() == ("c",)
    assert graph.sorted(graph) == ("c", "b", "a")
    assert graph.ancestors("b") == {"a", "b"}
    assert graph.descendants("b") == {"b", "c"}


def test_a_head_that_another_revision_depends_on_is_no_real_head() -> None:
    graph = RevisionGraph([Node("a"), Node("b", depends_on=("a",))])
    assert graph.heads() == ("a", "b")
    assert graph.real_heads() == ("b",)
    assert graph.real_bases() == ("a",)


def test_a_dependency_may_be_a_branch_label() -> None:
    graph = RevisionGraph([Node("a", labels=("pay",)), Node("b", ("a",)), Node("c", depends_on=("pay",))])
    assert graph.dependencies("c") == ("a",)
    assert graph.dependents("a") == ("c",)


def test_a_missing_parent_is_told_with_the_file_and_near_names() -> None:
    with pytest.raises(BrokenGraph) as caught:
        RevisionGraph([Node("4f2a91c0", source="v/one.py"), Node("b", ("4f2a91c1",), source="v/two.py")])
    assert "v/two.py: revision 'b' names the parent '4f2a91c1', which no file defines" in caught.value.message
    assert "4f2a91c0" in caught.value.hint and "`down_revision`" in caught.value.hint
    assert caught.value.exit_code == 2


def test_a_missing_dependency_is_told_as_such() -> None:
    with pytest.raises(BrokenGraph, match="names the dependency 'x'") as caught:
        RevisionGraph([Node("b", depends_on=("x",))])
    assert "`depends_on`" in caught.value.hint


def test_an_id_used_twice_names_both_files() -> None:
    with pytest.raises(BrokenGraph, match=r"'a' is used twice: v/one\.py and v/two\.py"):
        RevisionGraph([Node("a", source="v/one.py"), Node("a", source="v/two.py")])


def test_a_circle_names_its_revisions_and_nobody_elses() -> None:
    nodes = [Node("base"), Node("a", ("c",), source="a.py"), Node("b", ("a",)), Node("c", ("b",)), Node("d", ("c",))]
    with pytest.raises(BrokenGraph, match="form a circle") as caught:
        RevisionGraph(nodes)
    assert "a.py" in caught.value.message
    assert "base" not in caught.value.message and "'d'" not in caught.value.message
    assert sorted(caught.value.ids) == ["a", "b", "c"]


def test_a_circle_through_a_dependency_is_a_circle() -> None:
    with pytest.raises(BrokenGraph, match="form a circle"):
        RevisionGraph([Node("a", depends_on=("b",)), Node("b", ("a",))])


def test_a_revision_that_is_its_own_parent_is_told_so() -> None:
    with pytest.raises(BrokenGraph, match="'a' is its own parent"):
        RevisionGraph([Node("a", ("a",))])


def test_a_label_belongs_to_one_revision() -> None:
    with pytest.raises(BrokenGraph, match="branch label 'pay' of revision 'b' is already used by revision 'a'"):
        RevisionGraph([Node("a", labels=("pay",)), Node("b", labels=("pay",))])


def test_a_label_cannot_be_the_id_of_a_revision() -> None:
    with pytest.raises(BrokenGraph, match="already used by revision 'b'"):
        RevisionGraph([Node("a", labels=("b",)), Node("b")])


def test_a_label_reaches_up_all_the_way_and_down_to_the_branch_point() -> None:
    nodes = [*line("root", "below", "owner", "above"), Node("other", ("root",))]
    nodes[2] = Node("owner", ("below",), labels=("pay",))
    graph = RevisionGraph(nodes)
    assert [id for id in graph if "pay" in graph.labels_of(id)] == ["below", "owner", "above"]


def test_a_merge_carries_the_labels_of_both_sides() -> None:
    graph = RevisionGraph([Node("a", labels=("x",)), Node("b", labels=("y",)), Node("m", ("a", "b"))])
    assert graph.labels_of("m") == ("x", "y")


def test_a_parent_named_twice_is_one_parent() -> None:
    graph = RevisionGraph([Node("a"), Node("b", ("a", "a"))])
    assert graph.down("b") == ("a",)
    assert not graph.is_branch_point("a") and not graph.is_merge_point("b")


def test_merge_bases_of_a_criss_cross_are_both() -> None:
    graph = RevisionGraph([Node("r"), Node("a", ("r",)), Node("b", ("r",)), Node("m", ("a", "b")), Node("n", ("a", "b"))])
    assert set(graph.merge_bases("m", "n")) == {"a", "b"}
    assert graph.merge_bases("m", "a") == ("a",)
    assert graph.merge_bases("a", "b") == ("r",)


def test_union_joins_what_two_branches_added() -> None:
    base = RevisionGraph(line("a", "b"))
    left, right = base | RevisionGraph(line("a", "b", "c")), RevisionGraph([*line("a", "b"), Node("d", ("b",))])
    assert (left | right).heads() == ("c", "d")


def test_union_refuses_one_id_with_two_meanings() -> None:
    with pytest.raises(BrokenGraph, match="'b' is used twice"):
        RevisionGraph(line("a", "b")).union(RevisionGraph([Node("b")]))


def test_the_source_of_a_node_is_not_part_of_its_meaning() -> None:
    assert RevisionGraph([Node("a", source="x.py")]) == RevisionGraph([Node("a", source="y.py")])


def test_importing_the_graph_brings_no_sqlalchemy() -> None:
    code = "import sys, gitmig.graph.routes; print([m for m in sys.modules if m.split('.')[0] in ('sqlalchemy', 'click', 'mako', 'git')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_many_diamonds_take_steps_in_proportion() -> None:
    def diamonds(count: int) -> RevisionGraph:
        nodes = [Node("j0")]
        for place in range(count):
            nodes += [
                Node(f"l{place}", (f"j{place}",)),
                Node(f"r{place}", (f"j{place}",)),
                Node(f"j{place + 1}", (f"l{place}", f"r{place}")),
            ]
        return RevisionGraph(nodes)

    def lines(count: int) -> int:
        """How many lines of Python run."""
        ran = 0

        def trace(frame: FrameType, event: str, argument: object) -> object:
            nonlocal ran
            ran += event == "line"
            return trace

        before = sys.gettrace()
        sys.settrace(trace)
        try:
            graph = diamonds(count)
            graph.sorted(graph)
            graph.merge_bases(f"l{count - 1}", f"r{count - 1}")
        finally:
            sys.settrace(before)
        return ran

    # Eight times as many take eight times as many; were it quadratic, sixty-four times.
    assert lines(800) < 12 * lines(100)
