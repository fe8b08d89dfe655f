"""The revision graph as a value: ids, their parents, dependencies and labels. It knows no files, no SQL, no git.

Words: a revision's *down* revisions are its parents; it may also *depend on* others. What counts only parents is called
versioned (as Alembic does), what counts dependencies too is called real.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from gitmig.graph.errors import BrokenGraph, Circle

NOT_IN_IDS = "@-+:"
"""Characters that the grammar of names uses and that an id therefore cannot hold."""


@dataclass(frozen=True, slots=True)
class Node:
    """One revision. ``depends_on`` are ids or branch labels as written; ``source`` (a path) only serves messages."""

    id: str
    down: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    source: str = field(default="", compare=False)


class RevisionGraph:
    """An immutable graph of revisions; everything it answers is in a defined order and costs at most time linear in its size.

    The order of the nodes given decides between revisions that could stand either way. Equality looks at the nodes, not at
    their order. Raises BrokenGraph for an id or label used twice, a missing parent, or a circle.
    """

    __slots__ = (
        "_children",
        "_dependencies",
        "_dependents",
        "_labels",
        "_nodes",
        "_normal",
        "_owners",
        "_rank",
    )

    def __init__(self, nodes: Iterable[Node] = ()) -> None:
        found: dict[str, Node] = {}
        for node in nodes:
            if node.id in found:
                raise _repeated(found[node.id], node)
            if len(node.down) > 1 and len(set(node.down)) < len(node.down):
                node = replace(node, down=tuple(dict.fromkeys(node.down)))
            found[node.id] = node
        self._nodes = found
        self._owners = _label_owners(found)
        self._children: dict[str, list[str]] = {id: [] for id in found}
        self._dependents: dict[str, list[str]] = {}
        self._dependencies: dict[str, tuple[str, ...]] = {}
        for node in found.values():
            for parent in node.down:
                if parent not in self._children:
                    raise _missing(found, node, parent, "parent")
                self._children[parent].append(node.id)
            if node.depends_on:
                resolved = tuple(dict.fromkeys(self._dependency(node, name) for name in node.depends_on))
                self._dependencies[node.id] = resolved
                for name in resolved:
                    self._dependents.setdefault(name, []).append(node.id)
        self._rank = self._ranked()
        self._labels: dict[str, tuple[str, ...]] | None = None
        self._normal: dict[str, tuple[str, ...]] | None = None

    def _dependency(self, node: Node, name: str) -> str:
        owner = name if name in self._nodes else self._owners.get(name)
        if owner is None:
            raise _missing(self._nodes, node, name, "dependency")
        return owner

    def _ranked(self) -> dict[str, int]:
        """Every id with its place in an order in which parents and dependencies come first. Raises BrokenGraph for a circle."""
        nodes, dependencies, dependents = self._nodes, self._dependencies, self._dependents
        children = self._children
        waiting = {id: len(node.down) for id, node in nodes.items()}
        for id, names in dependencies.items():
            waiting[id] += len(names)
        ready = [id for id, count in waiting.items() if not count]
        rank: dict[str, int] = {}
        for id in ready:
            rank[id] = len(rank)
            for child in children[id]:
                waiting[child] -= 1
                if not waiting[child]:
                    ready.append(child)
            for child in dependents.get(id, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    ready.append(child)
        if len(rank) != len(nodes):
            raise self._circle({id for id in nodes if id not in rank})
        return rank

    def _circle(self, stuck: set[str]) -> Circle:
        """Every stuck revision has a stuck parent, so walking from one to the next must come back to where it was."""
        here = next(id for id in self._nodes if id in stuck)
        trail: dict[str, None] = {}
        while here not in trail:
            trail[here] = None
            here = next(parent for parent in self.parents(here) if parent in stuck)
        path = list(trail)
        circle = path[path.index(here) :]
        if len(circle) == 1:
            said = f"{_place(self._nodes[here])}revision '{here}' is its own parent"
        else:
            said = "the revisions form a circle: " + " -> ".join(f"{id}{_in(self._nodes[id])}" for id in [*circle, circle[0]])
        return Circle(said, "Correct the `down_revision` or `depends_on` of one of them.", ids=circle, field="down_revision")

    # -- the nodes ------------------------------------------------------------------------------------------------

    @property
    def nodes(self) -> Mapping[str, Node]:
        """The nodes by id, in the order given."""
        return MappingProxyType(self._nodes)

    def __contains__(self, id: object) -> bool:
        return id in self._nodes

    def __iter__(self) -> Iterator[str]:
        return iter(self._nodes)

    def __len__(self) -> int:
        return len(self._nodes)

    def __getitem__(self, id: str) -> Node:
        return self._nodes[id]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RevisionGraph) and self._nodes == other._nodes

    def __hash__(self) -> int:
        return hash(frozenset(self._nodes.values()))

    def __repr__(self) -> str:
        return f"RevisionGraph({list(self._nodes.values())!r})"

    # -- one step ---------------------------------------------------------------------------------------------------

    def down(self, id: str) -> tuple[str, ...]:
        """The parents of ``id`` as written; empty for a base."""
        return self._nodes[id].down

    def dependencies(self, id: str) -> tuple[str, ...]:
        """The ids that ``id`` depends on; a label stands for the revision that declares it."""
        return self._dependencies.get(id, ())

    def parents(self, id: str) -> tuple[str, ...]:
        """Parents and dependencies of ``id``."""
        depends = self._dependencies.get(id)
        return self._nodes[id].down if not depends else tuple(dict.fromkeys(self._nodes[id].down + depends))

    def normal_parents(self, id: str) -> tuple[str, ...]:
        """Parents, and those dependencies that no versioned ancestor already depends on: what version rows count."""
        if not self._dependencies:
            return self._nodes[id].down
        if self._normal is None:
            self._normal = self._normalised()
        normal = self._normal.get(id)
        return self._nodes[id].down if normal is None else normal

    def _normalised(self) -> dict[str, tuple[str, ...]]:
        bits: dict[str, int] = {}
        inherited: dict[str, int] = {}
        normal: dict[str, tuple[str, ...]] = {}
        for id in self._rank:
            mask = 0
            for parent in self._nodes[id].down:
                mask |= inherited[parent]
            depends = self._dependencies.get(id, ())
            if depends:
                fresh = [name for name in depends if not mask & bits.get(name, 0)]
                normal[id] = tuple(dict.fromkeys((*self._nodes[id].down, *fresh)))
                for name in depends:
                    mask |= bits.setdefault(name, 1 << len(bits))
            inherited[id] = mask
        return normal

    def children(self, id: str) -> tuple[str, ...]:
        """The revisions that name ``id`` as a parent."""
        return tuple(self._children[id])

    def dependents(self, id: str) -> tuple[str, ...]:
        """The revisions that depend on ``id``."""
        return tuple(self._dependents.get(id, ()))

    # -- ends and branch points ---------------------------------------------------------------------------------------------

    def heads(self) -> tuple[str, ...]:
        """The revisions that are nobody's parent."""
        children = self._children
        return tuple(id for id in self._nodes if not children[id])

    def real_heads(self) -> tuple[str, ...]:
        """The revisions that are nobody's parent and that nobody depends on."""
        dependents = self._dependents
        return tuple(id for id in self.heads() if id not in dependents)

    def bases(self) -> tuple[str, ...]:
        """The revisions without a parent."""
        return tuple(id for id, node in self._nodes.items() if not node.down)

    def real_bases(self) -> tuple[str, ...]:
        """The revisions without parent and dependency."""
        return tuple(id for id in self.bases() if id not in self._dependencies)

    def is_head(self, id: str) -> bool:
        return not self._children[id]

    def is_real_head(self, id: str) -> bool:
        return not self._children[id] and id not in self._dependents

    def is_base(self, id: str) -> bool:
        return not self._nodes[id].down

    def is_branch_point(self, id: str) -> bool:
        """Whether several revisions name ``id`` as a parent."""
        return len(self._children[id]) > 1

    def is_merge_point(self, id: str) -> bool:
        """Whether ``id`` has several parents."""
        return len(self._nodes[id].down) > 1

    def branch_points(self) -> tuple[str, ...]:
        """Every branch point, newest first."""
        return self.sorted(id for id in self._nodes if self.is_branch_point(id))

    # -- far -----------------------------------------------------------------------------------------------------------

    def ancestors(self, *ids: str, dependencies: bool = True) -> frozenset[str]:
        """``ids`` and everything below them; ``dependencies=False`` follows parents only."""
        seen = set(ids)
        stack = list(seen)
        nodes, depends = self._nodes, self._dependencies
        while stack:
            id = stack.pop()
            below = nodes[id].down
            if dependencies and id in depends:
                below += depends[id]
            for parent in below:
                if parent not in seen:
                    seen.add(parent)
                    stack.append(parent)
        return frozenset(seen)

    def descendants(self, *ids: str, dependencies: bool = True) -> frozenset[str]:
        """``ids`` and everything above them; ``dependencies=False`` follows parents only."""
        seen = set(ids)
        stack = list(seen)
        children, dependents = self._children, self._dependents
        while stack:
            id = stack.pop()
            above: Iterable[str] = children[id]
            if dependencies and id in dependents:
                above = (*above, *dependents[id])
            for child in above:
                if child not in seen:
                    seen.add(child)
                    stack.append(child)
        return frozenset(seen)

    def lineage(self, *ids: str, dependencies: bool = False) -> frozenset[str]:
        """Ancestors and descendants of ``ids``, and ``ids``."""
        return self.ancestors(*ids, dependencies=dependencies) | self.descendants(*ids, dependencies=dependencies)

    def merge_bases(self, a: str, b: str) -> tuple[str, ...]:
        """The newest common ancestors of ``a`` and ``b`` (dependencies counted): those below which all the others lie."""
        return self.maximal(self.ancestors(a) & self.ancestors(b))

    def maximal(self, ids: Iterable[str]) -> tuple[str, ...]:
        """Those of ``ids`` above which none other of ``ids`` lies, newest first."""
        among = frozenset(ids)
        below = {parent for id in among for parent in self.parents(id)}
        return self.sorted(among - self.ancestors(*below)) if below else self.sorted(among)

    def sorted(self, ids: Iterable[str]) -> tuple[str, ...]:
        """``ids`` newest first: each before all that it builds on, and a line of revisions kept together where possible."""
        among = frozenset(ids)
        waiting = dict.fromkeys(among, 0)
        outside: set[str] = set()
        for id in among:
            for parent in self.parents(id):
                if parent in waiting:
                    waiting[parent] += 1
                else:
                    outside.add(parent)
        if outside and not among.isdisjoint(self.ancestors(*outside)):
            # A path between two of them leaves the set: counting steps inside it would lose their order.
            return tuple(sorted(among, key=self._rank.__getitem__, reverse=True))
        ready = deque(id for id in self._nodes if waiting.get(id) == 0)
        order: list[str] = []
        while ready:
            id = ready.popleft()
            order.append(id)
            follows = True
            for parent in self.parents(id):
                if parent in waiting:
                    waiting[parent] -= 1
                    if not waiting[parent]:
                        if follows:
                            ready.appendleft(parent)
                            follows = False
                        else:
                            ready.append(parent)
        return tuple(order)

    # -- labels --------------------------------------------------------------------------------------------------------

    def label_owner(self, label: str) -> str | None:
        """The revision that declares ``label``."""
        return self._owners.get(label)

    @property
    def labels(self) -> Mapping[str, str]:
        """Every branch label with the revision that declares it."""
        return MappingProxyType(self._owners)

    def labels_of(self, id: str) -> tuple[str, ...]:
        """The labels of the branches that ``id`` lies on, sorted: its own, those of ancestors, and those of descendants up
        to a branch point or merge point."""
        if not self._owners:
            return ()
        if self._labels is None:
            self._labels = self._spread()
        return self._labels.get(id, ())

    def _spread(self) -> dict[str, tuple[str, ...]]:
        spread: dict[str, set[str]] = {}
        for label, owner in self._owners.items():
            for id in self.descendants(owner, dependencies=False):
                spread.setdefault(id, set()).add(label)
            here = owner
            while self._is_plain(here):
                spread.setdefault(here, set()).add(label)
                if self.is_base(here):
                    break
                here = self._nodes[here].down[0]
        return {id: tuple(sorted(labels)) for id, labels in spread.items()}

    def _is_plain(self, id: str) -> bool:
        """Whether one line of revisions runs through ``id``: neither a merge point nor followed by several."""
        above = {*self._children[id], *self._dependents.get(id, ())}
        return len(above) < 2 and not self.is_merge_point(id)

    # -- together -------------------------------------------------------------------------------------------------------

    def union(self, other: RevisionGraph) -> RevisionGraph:
        """The revisions of both. Raises BrokenGraph where one id means two revisions, or the whole is no graph."""
        for id, node in other._nodes.items():
            mine = self._nodes.get(id)
            if mine is not None and mine != node:
                raise _repeated(mine, node)
        return RevisionGraph((self._nodes | {id: node for id, node in other._nodes.items() if id not in self}).values())

    __or__ = union


def _label_owners(nodes: Mapping[str, Node]) -> dict[str, str]:
    owners: dict[str, str] = {}
    for node in nodes.values():
        for label in node.labels:
            other = owners.get(label, label if label in nodes else node.id)
            if other != node.id or label == node.id:
                raise BrokenGraph(
                    f"{_place(node)}branch label '{label}' of revision '{node.id}' "
                    f"is already used by revision '{other}'{_in(nodes[other])}",
                    "Give one of the two another label in `branch_labels`.",
                    ids=(node.id, other),
                    field="branch_labels",
                )
            owners[label] = node.id
    return owners


def _repeated(first: Node, second: Node) -> BrokenGraph:
    where = " and ".join(node.source for node in (first, second) if node.source)
    said = f"revision id '{first.id}' is used twice" + (f": {where}" if where else "")
    return BrokenGraph(said, "Delete one of the two, or give it another `revision`.", ids=(first.id,))


def _missing(nodes: Mapping[str, Node], node: Node, name: str, role: str) -> BrokenGraph:
    import difflib

    near = difflib.get_close_matches(name, nodes, n=3)
    field = "down_revision" if role == "parent" else "depends_on"
    said = f"{_place(node)}revision '{node.id}' names the {role} '{name}', which no file defines"
    more = f" (near names: {', '.join(near)})" if near else ""
    return BrokenGraph(said, f"Bring back that revision's file, or correct `{field}`{more}.", ids=(node.id,), field=field)


def _place(node: Node) -> str:
    return f"{node.source}: " if node.source else ""


def _in(node: Node) -> str:
    return f" ({node.source})" if node.source else ""
