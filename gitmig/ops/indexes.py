"""Operations on indexes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gitmig.errors import SchemaError
from gitmig.ops import footprint as refs
from gitmig.ops.base import Nothing, Op
from gitmig.ops.footprint import Footprint, Ref
from gitmig.schema.values import Index, Schema, TableName


@dataclass(frozen=True, slots=True)
class CreateIndex:
    """CREATE INDEX."""

    table: TableName
    index: Index
    if_not_exists: bool = False

    def apply(self, schema: Schema) -> Schema:
        table = schema.table(self.table)
        if self.index.name is not None and any(each.name == self.index.name for each in table.indexes):
            if self.if_not_exists:
                return schema
            raise SchemaError(f"table {self.table} has an index {self.index.name} already")
        for column in self.index.columns():
            table.column(column)
        return schema.with_table(replace(table, indexes=(*table.indexes, self.index), original=None))

    def invert(self, before: Schema) -> Op:

        if self.apply(before) is before:
            return Nothing()
        return DropIndex(self.table, self.index.name, self.index)

    def footprint(self) -> Footprint:
        return Footprint(reads=refs.columns(self.table, self.index.columns()), writes=_refs(self.table, self.index.name))

    def describe(self) -> str:
        unique = "unique index" if self.index.unique else "index"
        return f"create {unique} {self.index.name or ''} on {self.table} ({', '.join(map(str, self.index.elements))})".replace("  ", " ")


@dataclass(frozen=True, slots=True)
class DropIndex:
    """DROP INDEX. ``table`` is None where a script left it out; ``index`` says what it is where that is known."""

    table: TableName | None
    name: str | None
    index: Index | None = None
    if_exists: bool = False
    schema: str | None = None

    def apply(self, schema: Schema) -> Schema:
        for table in schema:
            if self.table is not None and table.name != self.table:
                continue
            if self.table is None and table.name.schema != self.schema:
                continue
            for each in table.indexes:
                if each.name == self.name and (self.name is not None or each == self.index):
                    kept = tuple(other for other in table.indexes if other is not each)
                    return schema.with_table(replace(table, indexes=kept, original=None))
        if self.if_exists:
            return schema
        raise SchemaError(f"there is no index {self.name}" + (f" on {self.table}" if self.table else ""))

    def invert(self, before: Schema) -> Op:

        after = self.apply(before)
        for table in before:
            lost = [each for each in table.indexes if each not in after.table(table.name).indexes]
            if lost:
                return CreateIndex(table.name, lost[0])
        return Nothing()

    def footprint(self) -> Footprint:
        if self.table is None:
            return Footprint(everything=True)
        reads = refs.columns(self.table, self.index.columns()) if self.index else frozenset()
        return Footprint(reads=reads, writes=_refs(self.table, self.name))

    def describe(self) -> str:
        return f"drop index {self.name}" + (f" on {self.table}" if self.table else "")


def _refs(table: TableName, name: str | None) -> frozenset[Ref]:
    """An index is a part of its table, and on most databases a name of its own beside it."""
    if name is None:
        return frozenset({refs.index(table, "")})
    return frozenset({refs.index(table, name), Ref("name", TableName(name, table.schema))})
