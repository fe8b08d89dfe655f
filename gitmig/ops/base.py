"""What every operation offers, and the operation that does nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from gitmig.ops.footprint import Footprint
from gitmig.schema.values import Schema


class Op(Protocol):
    """The four methods of an operation. All are pure; readers that need to know every kind match over ``ops.union.Operation``."""

    def apply(self, schema: Schema) -> Schema:
        """The schema afterwards. Raises SchemaError when the operation does not fit."""
        ...

    def invert(self, before: Schema) -> Op:
        """The operation that undoes this one, given the schema that it met."""
        ...

    def footprint(self) -> Footprint:
        """What it reads and what it writes."""
        ...

    def describe(self) -> str:
        """A few words for people: "add column users.email"."""
        ...


@dataclass(frozen=True, slots=True)
class Nothing:
    """No operation: the inverse of one that found its work done."""

    def apply(self, schema: Schema) -> Schema:
        return schema

    def invert(self, before: Schema) -> Op:
        return self

    def footprint(self) -> Footprint:
        return Footprint()

    def describe(self) -> str:
        return "nothing"
