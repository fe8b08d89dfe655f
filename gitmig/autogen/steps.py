"""Operations of a diff as steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from gitmig import ops
from gitmig.schema.madenames import with_made_name, with_made_names
from gitmig.schema.spelling import dialect_names
from gitmig.schema.values import Schema


def named_steps(before: Schema, operations: Iterable[ops.Operation], dialect: Any) -> tuple[ops.Step, ...]:
    """The steps from ``before`` on. Constraints that they make without a name know the one that the server will give, because the way
    back drops them by it."""
    family = dialect_names(dialect)[0]
    result: list[ops.Step] = []
    for operation in operations:
        match operation:
            case ops.CreateTable(table):
                operation = replace(operation, table=with_made_names(table, before, family))
            case ops.AddConstraint(name, constraint):
                operation = replace(operation, constraint=with_made_name(constraint, before.table(name), before, family))
            case _:
                pass
        after = operation.apply(before)
        result.append(ops.Step(operation, before, after))
        before = after
    return tuple(result)
