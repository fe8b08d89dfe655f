"""What an operation reads and writes: two operations whose footprints do not meet can run in either order."""

from __future__ import annotations

from dataclasses import dataclass

from gitmig.schema.values import TableName


@dataclass(frozen=True, slots=True)
class Ref:
    """A thing in a schema: a whole table (``part`` empty), or one part of it: "column:email", "index:ix_a", "constraint:uq_a", "comment".

    ``kind`` is "table", "enum", "sequence", "schema" or "name": the last for names that live beside tables (indexes).
    """

    kind: str
    name: TableName
    part: str = ""

    def meets(self, other: Ref) -> bool:
        """A whole table meets each of its parts."""
        if self.kind != other.kind or self.name != other.name:
            return False
        return not self.part or not other.part or self.part == other.part


@dataclass(frozen=True, slots=True)
class Footprint:
    """``everything`` is the footprint of what cannot be read: it clashes with all that is not empty."""

    reads: frozenset[Ref] = frozenset()
    writes: frozenset[Ref] = frozenset()
    everything: bool = False

    def __or__(self, other: Footprint) -> Footprint:
        return Footprint(self.reads | other.reads, self.writes | other.writes, self.everything or other.everything)

    def meets(self, other: Footprint) -> bool:
        """True when one writes what the other reads or writes."""
        if self.everything or other.everything:
            return bool((self.everything or self.writes or self.reads) and (other.everything or other.writes or other.reads))
        return _clash(self.writes, other.writes) or _clash(self.writes, other.reads) or _clash(self.reads, other.writes)


def _clash(left: frozenset[Ref], right: frozenset[Ref]) -> bool:
    by_name: dict[tuple[str, TableName], list[Ref]] = {}
    for ref in right:
        by_name.setdefault((ref.kind, ref.name), []).append(ref)
    return any(ref.meets(other) for ref in left for other in by_name.get((ref.kind, ref.name), ()))


def table(name: TableName) -> Ref:
    return Ref("table", name)


def column(name: TableName, column_name: str) -> Ref:
    return Ref("table", name, f"column:{column_name}")


def columns(name: TableName, names: tuple[str, ...]) -> frozenset[Ref]:
    return frozenset(column(name, each) for each in names)


def constraint(name: TableName, constraint_name: str) -> Ref:
    return Ref("table", name, f"constraint:{constraint_name}")


def index(name: TableName, index_name: str) -> Ref:
    return Ref("table", name, f"index:{index_name}")


def comment(name: TableName) -> Ref:
    return Ref("table", name, "comment")
