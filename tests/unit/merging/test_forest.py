"""The revisions of many branches in one graph."""

from __future__ import annotations

import random

import pytest

from gitmig.errors import GraphError
from gitmig.graph import Node, RevisionGraph
from gitmig.merging.forest import Forest, Reading, Stand, forest_from_json


def stand(id: str, *down: str, oid: str = "", labels: tuple[str, ...] = (), depends_on: tuple[str, ...] = ()) -> Stand:
    return Stand(id, down, depends_on, labels, f"versions/{id}.py", oid or f"blob of {id}")


def ids(forest: Forest, numbers: tuple[int, ...]) -> list[str]:
    return [forest.nodes[each].id for each in numbers]


def seen(forest: Forest, *readings: Reading) -> list[tuple[list[str], list[tuple[list[str], list[str]]]]]:
    forks = forest.forks(head for each in readings for head in each.heads)
    return [(ids(forest, fork.on), [(ids(forest, side.first), ids(forest, side.heads)) for side in fork.sides]) for fork in forks]


def test_branches_fork_on_the_last_revision_that_both_have() -> None:
    forest = Forest()
    main = forest.read([stand("a"), stand("b", "a"), stand("c", "b")])
    one = forest.read_like(main, [stand("c", "b")], [stand("d", "b"), stand("e", "d")])
    two = forest.read_like(main, [], [stand("f", "c")])
    assert [ids(forest, each.heads) for each in (main, one, two)] == [["c"], ["e"], ["f"]]
    assert seen(forest, main, one, two) == [(["b"], [(["c"], ["c", "f"]), (["d"], ["e"])])]


def test_one_branch_on_top_of_the_other_is_no_fork() -> None:
    forest = Forest()
    main = forest.read([stand("a"), stand("b", "a")])
    assert seen(forest, main, forest.read_like(main, [stand("b", "a")], []), forest.read_like(main, [], [stand("c", "b")])) == []


def test_a_merge_that_both_have_is_where_they_fork() -> None:
    forest = Forest()
    main = forest.read([stand("a"), stand("b", "a"), stand("c", "a"), stand("m", "b", "c")])
    one, two = (forest.read_like(main, [], [stand(each, "m")]) for each in ("x", "y"))
    assert seen(forest, one, two) == [(["m"], [(["x"], ["x"]), (["y"], ["y"])])]


def test_criss_cross_merges_fork_on_all_that_is_common() -> None:
    forest = Forest()
    common = [stand("a"), stand("b", "a"), stand("c", "a")]
    one, two = forest.read([*common, stand("x", "b", "c")]), forest.read([*common, stand("y", "b", "c")])
    assert seen(forest, one, two) == [(["b", "c"], [(["x"], ["x"]), (["y"], ["y"])])]


def test_branches_that_labels_keep_apart_are_no_fork() -> None:
    forest = Forest()
    main = forest.read([stand("a", labels=("users",)), stand("b", labels=("orders",))])
    other = forest.read_like(main, [], [stand("c", "a")])
    assert seen(forest, main, other) == []
    third = forest.read_like(main, [], [stand("d", "a")])
    assert seen(forest, other, third) == [(["a"], [(["c"], ["c"]), (["d"], ["d"])])]


def test_a_branch_and_what_was_pushed_of_it_before_a_rebase_are_no_fork() -> None:
    forest = Forest()
    main = forest.read([stand("a"), stand("b", "a")])
    pushed = forest.read([stand("a"), stand("f", "a", oid="1"), stand("g", "f")])
    rebased = forest.read_like(main, [], [stand("f", "b", oid="2"), stand("g", "f")])
    assert seen(forest, pushed, rebased) == []
    assert [sides for _, sides in seen(forest, main, pushed)] == [[(["b"], ["b"]), (["f"], ["g"])]]


def test_a_dependency_by_label_is_stood_on() -> None:
    forest = Forest()
    main = forest.read([stand("a", labels=("users",)), stand("b", depends_on=("users",))])
    assert forest.beneath[main.numbers["b"]] >> main.numbers["a"] & 1
    assert ids(forest, main.heads) == ["a", "b"]
    assert seen(forest, main) == []


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        ([stand("b", "a")], "in no file"),
        ([stand("a", "b"), stand("b", "a")], "follows itself"),
        ([stand("a"), Stand("a", (), (), (), "versions/other.py", "x")], "and in versions/other.py"),
    ],
)
def test_a_broken_branch_says_why(stands: list[Stand], words: str) -> None:
    with pytest.raises(GraphError, match=words):
        Forest().read(stands)


def test_heads_by_difference_are_those_of_the_whole() -> None:
    """Random branches read by what differs, beside the same read in full and beside the graph that the other commands use."""
    chance = random.Random(7)
    for _ in range(300):
        forest = Forest()
        base = grown(chance, [], chance.randint(1, 8), "b")
        main = forest.read(base)
        kept = [each for each in base if chance.random() < 0.7]
        there = {each.id for each in kept}
        kept = [each for each in kept if all(parent in there for parent in below(base, each.id))]
        changed = grown(chance, kept, chance.randint(0, 4), "n")
        gone = [each for each in base if each not in changed]
        come = [each for each in changed if each not in base]
        found = forest.read_like(main, gone, come)
        graph = RevisionGraph([Node(each.id, each.down, each.depends_on, each.labels, each.path) for each in changed])
        assert set(ids(forest, found.heads)) == set(graph.heads())
        for id, number in found.numbers.items():
            lower = {forest.nodes[place].id for place in range(len(forest.nodes)) if forest.beneath[number] >> place & 1}
            assert lower == graph.ancestors(id)
        again = forest_from_json(forest.to_json())
        assert (again.nodes, again.beneath, again.digests) == (forest.nodes, forest.beneath, forest.digests)


def grown(chance: random.Random, start: list[Stand], count: int, letter: str) -> list[Stand]:
    made = list(start)
    for place in range(count):
        parents = chance.sample([each.id for each in made], min(len(made), chance.randint(0, 2)))
        made.append(stand(f"{letter}{place}", *parents, oid=str(chance.randint(0, 1))))
    return made


def below(stands: list[Stand], id: str) -> set[str]:
    by_id = {each.id: each for each in stands}
    found: set[str] = set()
    waiting = [id]
    while waiting:
        for parent in by_id[waiting.pop()].down:
            if parent not in found:
                found.add(parent)
                waiting.append(parent)
    return found
