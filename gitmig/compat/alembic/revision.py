"""``alembic.script.revision``: revisions, the map of them, and what can be wrong with a name in it; over gitmig's own graph."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from gitmig.errors import GraphError
from gitmig.graph import AmbiguousRevision, BrokenGraph, Node, NoRoute, RevisionGraph, SeveralHeads, UnknownRevision
from gitmig.graph.errors import Circle
from gitmig.graph.names import SHORTEST_FULL_NAME, find, many, one, relative, resolve, split_label
from gitmig.graph.routes import between, downgrade_route, upgrade_targets

__all__ = [
    "CycleDetected",
    "DependencyCycleDetected",
    "DependencyLoopDetected",
    "LoopDetected",
    "MultipleHeads",
    "RangeNotAncestorError",
    "ResolutionError",
    "Revision",
    "RevisionError",
    "RevisionMap",
    "is_revision",
    "tuple_rev_as_scalar",
]

T = TypeVar("T")
Ids = str | Collection[str] | None
"""One id or name, several, or None for what is below every base."""


class RevisionError(Exception):
    """Something is wrong with the revisions, or with a name of them."""


class RangeNotAncestorError(RevisionError):
    """``lower`` does not lie under ``upper``."""

    def __init__(self, lower: Any, upper: Any) -> None:
        self.lower = lower
        self.upper = upper
        super().__init__(f"Revision {lower or 'base'} is not an ancestor of revision {upper or 'base'}")


class MultipleHeads(RevisionError):
    """``argument`` means one revision, and there are several ``heads``."""

    def __init__(self, heads: Sequence[str], argument: Any) -> None:
        self.heads = heads
        self.argument = argument
        super().__init__(f"Multiple heads are present for given argument '{argument}'; {', '.join(heads)}")


class ResolutionError(RevisionError):
    """``argument`` means no revision, or could mean several."""

    def __init__(self, message: str, argument: str) -> None:
        super().__init__(message)
        self.argument = argument


class CycleDetected(RevisionError):
    """Revisions are their own ancestors."""

    kind = "Cycle"

    def __init__(self, revisions: Sequence[str]) -> None:
        self.revisions = revisions
        super().__init__(f"{self.kind} is detected in revisions ({', '.join(revisions)})")


class DependencyCycleDetected(CycleDetected):
    kind = "Dependency cycle"


class LoopDetected(CycleDetected):
    kind = "Self-loop"

    def __init__(self, revision: str) -> None:
        super().__init__([revision])


class DependencyLoopDetected(DependencyCycleDetected, LoopDetected):
    kind = "Dependency self-loop"

    def __init__(self, revision: str) -> None:
        super().__init__(revision)


class Revision:
    """One revision. ``nextrev``, ``branch_labels`` with those of its whole branch, and what depends on it are known once a map holds it."""

    nextrev: frozenset[str] = frozenset()
    _all_nextrev: frozenset[str] = frozenset()

    def __init__(
        self,
        revision: str,
        down_revision: str | tuple[str, ...] | None,
        dependencies: str | tuple[str, ...] | None = None,
        branch_labels: str | tuple[str, ...] | None = None,
    ) -> None:
        self.verify_rev_id(revision)
        self.revision = revision
        self.down_revision = tuple_rev_as_scalar(_tuple(down_revision))
        self.dependencies = tuple_rev_as_scalar(_tuple(dependencies))
        self._orig_branch_labels = _tuple(branch_labels)
        self.branch_labels: set[str] = set(self._orig_branch_labels)
        self._resolved_dependencies: tuple[str, ...] = ()
        self._normalized_resolved_dependencies: tuple[str, ...] = ()

    @classmethod
    def verify_rev_id(cls, revision: str) -> None:
        """Raises RevisionError for characters that the grammar of names uses."""
        wrong = sorted(set(revision) & set("@-+:"))
        if wrong:
            raise RevisionError(f"Character(s) '{', '.join(wrong)}' not allowed in revision identifier '{revision}'")

    def __repr__(self) -> str:
        parts = [repr(self.revision), repr(self.down_revision)]
        if self.dependencies:
            parts.append(f"dependencies={self.dependencies!r}")
        if self.branch_labels:
            parts.append(f"branch_labels={self.branch_labels!r}")
        return f"{type(self).__name__}({', '.join(parts)})"

    def add_nextrev(self, revision: Revision) -> None:
        """``revision`` follows this one, or depends on it."""
        self._all_nextrev |= {revision.revision}
        if self.revision in revision._versioned_down_revisions:
            self.nextrev |= {revision.revision}

    @property
    def _versioned_down_revisions(self) -> tuple[str, ...]:
        return _tuple(self.down_revision)

    @property
    def _all_down_revisions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._versioned_down_revisions, *self._resolved_dependencies)))

    @property
    def _normalized_down_revisions(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self._versioned_down_revisions, *self._normalized_resolved_dependencies)))

    @property
    def is_head(self) -> bool:
        return not self.nextrev

    @property
    def _is_real_head(self) -> bool:
        return not self._all_nextrev

    @property
    def is_base(self) -> bool:
        return self.down_revision is None

    @property
    def _is_real_base(self) -> bool:
        return self.down_revision is None and self.dependencies is None

    @property
    def is_branch_point(self) -> bool:
        return len(self.nextrev) > 1

    @property
    def _is_real_branch_point(self) -> bool:
        return len(self._all_nextrev) > 1

    @property
    def is_merge_point(self) -> bool:
        return len(self._versioned_down_revisions) > 1


class RevisionMap:
    """The revisions that ``generator`` gives, as a graph; it is asked when something is first looked for."""

    def __init__(self, generator: Callable[[], Iterable[Revision]]) -> None:
        self._generator = generator
        self._found: dict[str, Revision] | None = None
        self._graph: RevisionGraph | None = None

    # -- what is there

    @property
    def revisions(self) -> dict[str, Revision]:
        """The revisions by id, in the order given."""
        self._load()
        assert self._found is not None
        return self._found

    @property
    def graph(self) -> RevisionGraph:
        """The same as gitmig's own graph. Raises RevisionError where they make none."""
        self._load()
        if self._graph is None:
            self._graph = self._connect()
        return self._graph

    def _load(self) -> None:
        if self._found is None:
            self._found = {revision.revision: revision for revision in self._generator()}

    def _connect(self) -> RevisionGraph:
        every = self.revisions
        with as_revision_errors():
            graph = RevisionGraph(_node(revision) for revision in every.values())
        for id, revision in every.items():
            revision.nextrev = frozenset(graph.children(id))
            revision._all_nextrev = revision.nextrev | frozenset(graph.dependents(id))
            revision.branch_labels = set(graph.labels_of(id))
            revision._resolved_dependencies = graph.dependencies(id)
            normal = graph.normal_parents(id)
            revision._normalized_resolved_dependencies = tuple(each for each in graph.dependencies(id) if each in normal)
        return graph

    def add_revision(self, revision: Revision, _replace: bool = False) -> None:
        """One more revision, or (``_replace``) one in the place of another with its id."""
        if revision.revision in self.revisions and not _replace:
            raise RevisionError(f"Revision {revision.revision} is present more than once")
        self.revisions[revision.revision] = revision
        self._graph = None
        self._graph = self._connect()

    @property
    def heads(self) -> tuple[str, ...]:
        """The revisions that are nobody's parent."""
        return self.graph.heads()

    @property
    def bases(self) -> tuple[str, ...]:
        return self.graph.bases()

    @property
    def _real_heads(self) -> tuple[str, ...]:
        return self.graph.real_heads()

    @property
    def _real_bases(self) -> tuple[str, ...]:
        return self.graph.real_bases()

    @property
    def _revision_map(self) -> dict[Any, Revision | None]:
        labels = {label: self.revisions[owner] for label, owner in self.graph.labels.items()}
        return {**self.revisions, **labels, None: None, (): None}

    # -- by name

    def get_current_head(self, branch_label: str | None = None) -> str | None:
        """The only head (of a branch); None where there is no revision. Raises MultipleHeads."""
        with as_revision_errors():
            return one(self.graph, "head" if branch_label is None else f"{branch_label}@head")

    def get_revision(self, id_: Ids) -> Revision | None:
        """The one revision that a name means; None for ``base``. Raises ResolutionError, MultipleHeads."""
        if isinstance(id_, list):
            raise RevisionError(f"revision identifier {id_!r} is not a string; ensure database driver settings are correct")
        found = self.get_revisions(id_)
        if len(found) > 1:
            raise MultipleHeads(tuple(revision.revision for revision in found), id_)
        return found[0] if found else None

    def get_revisions(self, id_: Ids) -> tuple[Revision, ...]:
        """The revisions that a name, or several, mean. Raises ResolutionError, MultipleHeads."""
        return tuple(self.revisions[id] for id in self._ids(id_))

    def _ids(self, names: Ids) -> tuple[str, ...]:
        with as_revision_errors():
            if names is None:
                return ()
            return resolve(self.graph, names) if isinstance(names, str) else many(self.graph, tuple(names))

    def _resolve_revision_number(self, id_: Ids) -> tuple[tuple[str, ...], str | None]:
        """The ids that a name means, and the label of the branch that it names."""
        return self._ids(id_), split_label(id_)[0] if isinstance(id_, str) else None

    def filter_for_lineage(self, targets: Iterable[T], check_against: str | None, include_dependencies: bool = False) -> tuple[T, ...]:
        """Those of ``targets`` (revisions or ids) that lie above or below the revision or branch ``check_against``."""
        if check_against is None:
            return tuple(targets)
        label, symbol = split_label(check_against)
        with as_revision_errors():
            lineage = self.graph.lineage(find(self.graph, label or symbol), dependencies=include_dependencies)
        return tuple(target for target in targets if (target.revision if isinstance(target, Revision) else target) in lineage)

    def _shares_lineage(self, target: Any, test_against_revs: Sequence[Any], include_dependencies: bool = False) -> bool:
        ids = [each.revision if isinstance(each, Revision) else self._ids(each)[0] for each in (target, *test_against_revs)]
        return not test_against_revs or ids[0] in self.graph.lineage(*ids[1:], dependencies=include_dependencies)

    # -- far

    def iterate_revisions(
        self,
        upper: Ids,
        lower: Ids,
        implicit_base: bool = False,
        inclusive: bool = False,
        assert_relative_length: bool = True,
        select_for_downgrade: bool = False,
    ) -> Iterator[Revision]:
        """The revisions from ``upper`` down to ``lower``, newest first; ``lower`` itself only if ``inclusive``.

        ``implicit_base``: what ``upper`` needs of other branches too. ``select_for_downgrade``: what has to go when the database is at
        ``upper`` and is to be at ``lower``. Raises RangeNotAncestorError, and as `get_revisions`.
        """
        graph = self.graph
        with as_revision_errors(upper=upper, lower=lower):
            if select_for_downgrade:
                ids = self._going(upper, lower, inclusive)
            elif implicit_base:
                ids = self._coming(upper, lower)
            else:
                ids = between(graph, "base" if lower is None else _names(lower), _names(upper, "base"))
                if not inclusive:
                    ids = tuple(id for id in ids if id not in graph.ancestors(*many(graph, _names(lower, "base"))))
        return iter([self.revisions[id] for id in ids])

    def _going(self, upper: Ids, lower: Ids, inclusive: bool) -> tuple[str, ...]:
        rows = self._ids(upper)
        target = "base" if lower is None else lower if isinstance(lower, str) else one(self.graph, next(iter(lower))) or "base"
        moves = downgrade_route(self.graph, rows, target)
        found = tuple(move.revision for move in moves)
        if inclusive and relative(self.graph, target) is None:
            found += self._ids(target)
        return found

    def _coming(self, upper: Ids, lower: Ids) -> tuple[str, ...]:
        graph, rows = self.graph, self._ids(lower)
        targets = upgrade_targets(graph, rows, _names(upper, "base"))
        return graph.sorted(graph.ancestors(*targets) - graph.ancestors(*rows))

    def _get_all_current(self, id_: Sequence[str]) -> set[Revision]:
        """The revisions that are applied and that nothing applied follows, where the version rows are ``id_``."""
        applied = self.graph.ancestors(*self._ids(id_))
        return {self.revisions[id] for id in applied if applied.isdisjoint(self.graph.children(id))}

    def _get_ancestor_nodes(
        self, targets: Collection[Revision | None], map_: Any = None, check: bool = False, include_dependencies: bool = True
    ) -> Iterator[Revision]:
        ids = [target.revision for target in targets if target is not None]
        return (self.revisions[id] for id in self.graph.sorted(self.graph.ancestors(*ids, dependencies=include_dependencies)))

    def _get_descendant_nodes(
        self,
        targets: Collection[Revision | None],
        map_: Any = None,
        check: bool = False,
        omit_immediate_dependencies: bool = False,
        include_dependencies: bool = True,
    ) -> Iterator[Revision]:
        ids = [target.revision for target in targets if target is not None] or list(self.graph.bases())
        return (self.revisions[id] for id in self.graph.sorted(self.graph.descendants(*ids, dependencies=include_dependencies)))

    def _topological_sort(self, revisions: Collection[Revision], heads: Any = None) -> list[str]:
        """The ids of ``revisions``, newest first."""
        return list(self.graph.sorted(revision.revision for revision in revisions))


def _node(revision: Revision) -> Node:
    return Node(revision.revision, revision._versioned_down_revisions, _tuple(revision.dependencies), revision._orig_branch_labels)


def _tuple(value: Any) -> tuple[str, ...]:
    return () if value is None else (value,) if isinstance(value, str) else tuple(value)


def _names(value: Ids, none: str = "base") -> str | tuple[str, ...]:
    return none if value is None else value if isinstance(value, str) else tuple(value)


def tuple_rev_as_scalar(rev: Sequence[str] | str | None) -> Any:
    """None for none, the id itself for one, a tuple for several."""
    if not rev:
        return None
    if isinstance(rev, str):
        return rev
    return rev[0] if len(rev) == 1 else rev


def is_revision(rev: Any) -> bool:
    """Whether it is a revision, and not what stands for the base."""
    return isinstance(rev, Revision)


@contextmanager
def as_revision_errors(upper: Any = None, lower: Any = None) -> Iterator[None]:
    """What gitmig's graph raises inside becomes Alembic's error of that kind; ``upper`` and ``lower`` are the ends that were asked for."""
    try:
        yield
    except GraphError as error:
        raise revision_error(error, upper, lower) from error


def revision_error(error: GraphError, upper: Any = None, lower: Any = None) -> RevisionError:
    """Alembic's error for one of gitmig's graph, in Alembic's words."""
    match error:
        case UnknownRevision(name=name):
            few = "; please ensure at least four characters are present for partial revision identifier matches"
            return ResolutionError(f"No such revision or branch '{name}'{few if len(name) < SHORTEST_FULL_NAME else ''}", name)
        case AmbiguousRevision(name=name, found=found):
            shown = ", ".join(f"'{each}'" for each in found[:3]) + ("..." if len(found) > 3 else "")
            return ResolutionError(f"Multiple revisions start with '{name}': {shown}", name)
        case SeveralHeads(name=name, heads=heads):
            return MultipleHeads(heads, name)
        case NoRoute(kind="short"):
            wanted = lower if isinstance(lower, str) and lower[:1] in "+-" else upper
            return RevisionError(f"Relative revision {wanted} didn't produce {str(wanted).lstrip('+-')} migrations")
        case NoRoute(kind="ways"):
            return RevisionError("Ambiguous walk")
        case NoRoute(kind="starts"):
            return RevisionError("Ambiguous upgrade from multiple current revisions")
        case NoRoute(kind="branch"):
            return RevisionError("Not a valid downgrade target from current heads")
        case NoRoute():
            return RangeNotAncestorError(_shown(lower), _shown(upper))
        case Circle(ids=ids):
            return LoopDetected(ids[0]) if len(ids) == 1 else CycleDetected(sorted(ids))
        case BrokenGraph() | _:
            return RevisionError(str(error))


def _shown(names: Any) -> str | None:
    return names if isinstance(names, str) or names is None else ", ".join(names)
