"""Random revision graphs, as our value and as Alembic's."""

from __future__ import annotations

import warnings

from alembic.script.revision import Revision as AlembicRevision
from alembic.script.revision import RevisionMap
from hypothesis import strategies as st

from gitmig.graph import Node, RevisionGraph

LABELS = ("payments", "search", "lab", "auth")


@st.composite
def node_lists(draw: st.DrawFn, most: int = 9, labels: bool = True, dependencies: bool = True) -> tuple[Node, ...]:
    """The nodes of a sound graph, in any order."""
    count = draw(st.integers(1, most))
    ids = draw(
        st.lists(st.text("ab12", min_size=1, max_size=3).map("x".__add__), min_size=count, max_size=count, unique=True).map(
            lambda found: [f"{id}{place}q" for place, id in enumerate(found)]
        )
    )
    free = list(LABELS) if labels else []
    declared: list[tuple[str, str]] = []
    nodes: list[Node] = []
    for place, id in enumerate(ids):
        earlier = ids[:place]
        down = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True)) if earlier else []
        depends: list[str] = []
        if earlier and dependencies and draw(st.integers(0, 3)) == 0:
            depends = draw(st.lists(st.sampled_from(earlier), max_size=2, unique=True))
            if declared and draw(st.booleans()):
                label, owner = draw(st.sampled_from(declared))
                if owner not in depends:
                    depends.append(label)
        own: list[str] = []
        if free and draw(st.integers(0, 4)) == 0:
            own.append(free.pop())
            declared.append((own[0], id))
        nodes.append(Node(id, tuple(down), tuple(depends), tuple(own)))
    return tuple(draw(st.permutations(nodes)))


def graphs(most: int = 9, labels: bool = True, dependencies: bool = True) -> st.SearchStrategy[RevisionGraph]:
    return node_lists(most, labels, dependencies).map(RevisionGraph)


def alembic_map(graph: RevisionGraph) -> RevisionMap:
    """The same graph in Alembic."""
    nodes = list(graph.nodes.values())

    def load() -> list[AlembicRevision]:
        return [AlembicRevision(node.id, node.down or None, node.depends_on or None, node.labels or None) for node in nodes]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = RevisionMap(load)
        found.heads  # noqa: B018 - loads
    return found


def sane(graph: RevisionGraph, order: tuple[str, ...]) -> bool:
    """Whether ``order`` is newest first: nothing stands before what builds on it."""
    place = {id: index for index, id in enumerate(order)}
    return all(place[parent] > place[id] for id in order for parent in graph.ancestors(id) - {id} if parent in place)
