"""The parts of two tables of one name put beside each other: which constraints and indexes go, which come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from gitmig.schema.values import Check, Constraint, Exclude, ForeignKey, Index, PrimaryKey, Table, Unique, option

_T = TypeVar("_T", bound="Constraint | Index")


@dataclass(frozen=True, slots=True)
class Pair:
    """A table before and after: as it was given, and normalised for the dialect. What is emitted is taken from the first two."""

    before: Table
    after: Table
    normal_before: Table
    normal_after: Table


@dataclass(frozen=True, slots=True)
class Changed:
    """What goes and what comes, each in the order of its table."""

    removed: tuple[Constraint, ...] = ()
    added: tuple[Constraint, ...] = ()
    removed_indexes: tuple[Index, ...] = ()
    added_indexes: tuple[Index, ...] = ()


def changed_parts(pair: Pair) -> Changed:
    """Constraints and indexes that differ. A name that the server made is no difference; unnamed checks are not compared."""
    old, new = pair.normal_before, pair.normal_after
    removed: list[Constraint | Index] = []
    added: list[Constraint | Index] = []
    keys = [(old.primary_key,) if old.primary_key else (), (new.primary_key,) if new.primary_key else ()]
    groups: list[tuple[Sequence[Any], Sequence[Any], Callable[[Any], Any]]] = [
        (keys[0], keys[1], _bare),
        (old.uniques, new.uniques, _bare),
        (_named_checks(old.checks, new.checks), _named_checks(new.checks, old.checks), _bare_check),
        (old.excludes, new.excludes, _bare),
        (old.foreign_keys, new.foreign_keys, _bare_key),
    ]
    for before, after, bare in groups:
        gone, come = _unmatched(before, after, bare)
        removed += [_given(each, pair.before) for each in gone]
        added += [_given(each, pair.after) for each in come]
    gone_indexes, come_indexes = _unmatched(old.indexes, new.indexes, _bare)
    return Changed(
        tuple(each for each in removed if not isinstance(each, Index)),
        tuple(each for each in added if not isinstance(each, Index)),
        (*(_raw(each, pair.before.indexes) for each in gone_indexes), *(each for each in removed if isinstance(each, Index))),
        (*(_raw(each, pair.after.indexes) for each in come_indexes), *(each for each in added if isinstance(each, Index))),
    )


def made_here(thing: Constraint | Index, dialect: Any) -> bool:
    """Whether the dialect is one of those that the constraint or index is meant for (``ddl_if``, types that bring checks)."""
    only = option(thing.options, "dialects")
    if not isinstance(only, tuple):
        return True
    return dialect.name in only or (dialect.name == "mysql" and getattr(dialect, "is_mariadb", False) and "mariadb" in only)


def _unmatched(before: Sequence[_T], after: Sequence[_T], bare: Callable[[_T], Any]) -> tuple[list[_T], list[_T]]:
    """What has no counterpart on the other side: equal but for a name that one side leaves out."""
    left, right = list(before), list(after)
    for same_name in (True, False):
        for each in list(left):
            for other in right:
                names_agree = each.name == other.name if same_name else each.name is None or other.name is None
                if names_agree and bare(each) == bare(other):
                    left.remove(each)
                    right.remove(other)
                    break
    return left, right


def _bare(thing: Any) -> Any:
    return replace(thing, name=None)


def _bare_key(key: ForeignKey) -> ForeignKey:
    return replace(key, name=None, use_alter=False)


def _bare_check(check: Check) -> Check:
    return replace(check, name=None, column=None, type_bound=False, options=())


def _named_checks(checks: Iterable[Check], others: Iterable[Check]) -> list[Check]:
    """The named ones, and those without a name that are the counterpart of a named one."""
    named = {_bare_check(each) for each in others if each.name is not None}
    return [each for each in checks if each.name is not None or _bare_check(each) in named]


def _given(constraint: Constraint, table: Table) -> Constraint | Index:
    """On MySQL a unique index is a unique constraint to the server, and is told as the index that it was."""
    if isinstance(constraint, Unique):
        indexes = [index for index in table.indexes if index.unique and index.columns() == constraint.columns]
        if constraint not in table.uniques and any(index.name == constraint.name for index in indexes):
            return next(index for index in indexes if index.name == constraint.name)
    return _raw(constraint, table.constraints())


def _raw(thing: _T, given: Iterable[Constraint | Index]) -> _T:
    """The part of the table as it was given, of which ``thing`` is the normal form."""
    same = [each for each in given if type(each) is type(thing)]
    for test in (_same_original, _same_name, _same_columns):
        for each in same:
            if test(each, thing):
                return each
    return thing


def _same_original(one: Any, other: Any) -> bool:
    return one.original is not None and one.original is other.original


def _same_name(one: Any, other: Any) -> bool:
    return one.name is not None and one.name == other.name


def _same_columns(one: Any, other: Any) -> bool:
    match one, other:
        case (PrimaryKey(), PrimaryKey()):
            return True
        case (Unique(), Unique()):
            return bool(one.columns == other.columns)
        case (ForeignKey(), ForeignKey()):
            return bool(one.columns == other.columns and one.target_columns == other.target_columns)
        case (Check(), Check()):
            return bool(one.sql == other.sql)
        case (Exclude(), Exclude()):
            return bool(one.elements == other.elements)
        case _:
            return bool(one == other)
