"""The id and the message of a revision that nobody named."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any

from gitmig import ops

_SHOWN = 3


def canonical_text(operations: Iterable[ops.Operation]) -> str:
    """The operations in a form that other versions of gitmig, SQLAlchemy and Python write alike: what is compared, and of that what
    differs from its default, so that a field that comes later changes no id."""
    return json.dumps([_plain(each) for each in operations], ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        said = {"": type(value).__name__}
        for field in fields(value):
            inner = getattr(value, field.name)
            if field.compare and inner is not ops.UNSET and not _is_default(field, inner):
                said[field.name] = _plain(inner)
        return said
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    if isinstance(value, (set, frozenset)):
        return sorted(_plain(each) for each in value)
    return value


def _is_default(field: Field[Any], value: Any) -> bool:
    if field.default is not MISSING:
        return bool(value == field.default and type(value) is type(field.default))
    return field.default_factory is not MISSING and bool(value == field.default_factory())


def default_message(operations: Sequence[ops.Operation]) -> str:
    """What the operations do, short enough for a file's name: "add users.email", "create users, orders and 4 more"."""
    said = _said(operations)
    groups: dict[str, list[str]] = {}
    for verb, thing in said[:_SHOWN]:
        groups.setdefault(verb, []).append(thing)
    text = ", ".join(f"{verb} {_listed(things)}" for verb, things in groups.items())
    hidden = len(said) - _SHOWN
    return f"{text} and {hidden} more" if hidden > 0 else text


def _listed(things: Sequence[str]) -> str:
    return things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"


def _said(operations: Sequence[ops.Operation]) -> list[tuple[str, str]]:
    """(verb, thing) of each change that counts by itself: what comes with a new table or column does not."""
    created = {each.table.name for each in operations if isinstance(each, ops.CreateTable)}
    found: list[tuple[str, str]] = []
    small: list[tuple[str, str]] = []
    for operation in operations:
        match operation:
            case ops.CreateTable(table):
                found.append(("create", str(table.name)))
            case ops.DropTable(name):
                found.append(("drop", str(name)))
            case ops.AddColumn(table, column):
                found.append(("add", f"{table}.{column.name}"))
            case ops.DropColumn(name, column_name):
                found.append(("drop", f"{name}.{column_name}"))
            case ops.AlterColumn(name, column_name):
                found.append(("change", f"{name}.{column_name}"))
            case ops.AddConstraint(table=name) | ops.CreateIndex(table=name) if name in created:
                continue
            case ops.AddConstraint(name, constraint):
                small.append(("add", constraint.name or f"a constraint on {name}"))
            case ops.CreateIndex(name, index):
                small.append(("index", index.name or str(name)))
            case ops.DropConstraint(name, constraint_name):
                small.append(("drop", constraint_name or f"a constraint of {name}"))
            case ops.DropIndex(name=index_name):
                small.append(("drop index", index_name or ""))
            case ops.SetEnumValues(name):
                found.append(("change", str(name)))
            case ops.SetTableComment(name):
                small.append(("comment on", str(name)))
            case _:
                small.append((operation.describe().partition(" ")[0], operation.describe().partition(" ")[2]))
    return list(dict.fromkeys(found or small))
