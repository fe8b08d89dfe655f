"""What has to be done to a table that stands on both sides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from gitmig import ops
from gitmig.autogen.columns import ColumnDiff, column_diff, judged
from gitmig.autogen.pairs import Changed, Pair, changed_parts, made_here
from gitmig.autogen.settings import Settings
from gitmig.ops import UNSET
from gitmig.ops.constraints import columns_of
from gitmig.schema.casting import crosses, postgresql_ddl
from gitmig.schema.normal import counts_down
from gitmig.schema.values import Check, Column, Constraint, ForeignKey, Identity, PrimaryKey, Table, TableName, Unique, kind_of


@dataclass(slots=True)
class TableChange:
    """The operations on one table, foreign keys apart, because they may have to go before other tables change, or come after.

    What foreign keys of other tables may rest on: ``retyped`` columns get another type, ``lost`` columns go and others ``come``,
    ``keys_gone`` are the columns of keys that go and ``keys_come`` those of new ones.
    """

    pair: Pair
    removed_keys: list[ForeignKey] = field(default_factory=list)
    added_keys: list[ForeignKey] = field(default_factory=list)
    body: list[ops.Operation] = field(default_factory=list)
    retyped: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    keys_gone: tuple[tuple[str, ...], ...] = ()
    indexes_gone: tuple[tuple[str, ...], ...] = ()
    come: frozenset[str] = frozenset()
    keys_come: tuple[tuple[str, ...], ...] = ()

    @property
    def name(self) -> TableName:
        return self.pair.after.name

    def takes_away(self, columns: tuple[str, ...]) -> bool:
        """Whether a foreign key into these columns cannot stay."""
        wanted = frozenset(columns)
        return bool(wanted & (self.lost | self.retyped)) or any(frozenset(gone) == wanted for gone in self.keys_gone)

    def brings(self, columns: tuple[str, ...]) -> bool:
        """Whether a foreign key into these columns can only come afterwards."""
        wanted = frozenset(columns)
        return bool(wanted & (self.come | self.retyped)) or any(frozenset(new) == wanted for new in self.keys_come)

    def __bool__(self) -> bool:
        return bool(self.removed_keys or self.added_keys or self.body)


def table_change(pair: Pair, dialect: Any, settings: Settings) -> TableChange:
    """Everything that differs, in the order in which it can be done."""
    name = pair.after.name
    before, after = pair.before, pair.after
    diffs = {column.name: _column_diff(pair, column, dialect, settings) for column in before.columns if after.has_column(column.name)}
    remade = {column for column, diff in diffs.items() if diff.remade}
    parts = _with_remade(changed_parts(pair), pair, remade, dialect)
    lost = [column for column in before.columns if not after.has_column(column.name)]
    change = TableChange(
        pair,
        [each for each in parts.removed if isinstance(each, ForeignKey)],
        [each for each in parts.added if isinstance(each, ForeignKey)],
        retyped=frozenset(column for column, diff in diffs.items() if diff.change.type is not UNSET),
        lost=frozenset(column.name for column in lost),
        keys_gone=tuple(each.columns for each in parts.removed if isinstance(each, (PrimaryKey, Unique))),
        indexes_gone=tuple(each.columns() for each in parts.removed_indexes),
        come=frozenset(column.name for column in after.columns if not before.has_column(column.name)),
        keys_come=tuple(each.columns for each in parts.added if isinstance(each, (PrimaryKey, Unique))),
    )
    rekeyed = any(isinstance(each, PrimaryKey) for each in (*parts.removed, *parts.added))
    body = change.body
    uncounted = [column_name for column_name, diff in diffs.items() if rekeyed and diff.change.autoincrement is False]
    uncounted += [column.name for column in lost if rekeyed and _counts(pair.normal_before, column, dialect)]
    body += [ops.AlterColumn(name, column_name, ops.ColumnChange(autoincrement=False)) for column_name in uncounted]
    body += [ops.DropIndex(name, index.name, index) for index in parts.removed_indexes]
    body += [ops.DropConstraint(name, each.name, kind_of(each), each) for each in _leaving(parts.removed)]
    body += [ops.DropColumn(name, column.name) for column in before.columns if column.name in remade]
    come = [column for column in after.columns if not before.has_column(column.name) or column.name in remade]
    come.sort(key=lambda column: column.computed is not None)  # others than generated ones first: those may speak of them
    lost.sort(key=lambda column: column.computed is None)
    for column in come:
        if dialect.name == "postgresql" and pair.normal_after.column(column.name).autoincrement is True:
            column = replace(column, serial=True)  # its key comes after it, and makes no sequence
        body.append(ops.AddColumn(name, column, checks=_own_checks(pair, column, dialect)))
    inline = {check for operation in body if isinstance(operation, ops.AddColumn) for check in operation.checks}
    for column_name, diff in diffs.items():
        if rekeyed:  # a column of MySQL's counts by itself only while it is a key
            diff = replace(diff, change=replace(diff.change, autoincrement=UNSET))
        body += _alterations(pair, before.column(column_name), diff, dialect)
    added = [each for each in parts.added if not isinstance(each, ForeignKey) and each not in inline]
    body += [ops.AddConstraint(name, each) for each in added]
    counted = [column_name for column_name, diff in diffs.items() if rekeyed and diff.change.autoincrement is True]
    counted += [column.name for column in come if rekeyed and _counts(pair.normal_after, column, dialect)]
    body += [ops.AlterColumn(name, column_name, ops.ColumnChange(autoincrement=True)) for column_name in counted]
    body += [ops.CreateIndex(name, index) for index in parts.added_indexes]
    body += [ops.DropColumn(name, column.name) for column in lost]
    if pair.normal_before.comment != pair.normal_after.comment:
        body.append(ops.SetTableComment(name, pair.normal_after.comment))
    return change


def _counts(normal: Table, column: Column, dialect: Any) -> bool:
    """Whether a column that comes or goes is MySQL's AUTO_INCREMENT one, which it can be only while its key is there."""
    return dialect.name in ("mysql", "mariadb") and normal.column(column.name).autoincrement is True


def _column_diff(pair: Pair, column: Column, dialect: Any, settings: Settings) -> ColumnDiff:
    """Compared in the normal form, told in the form that was given."""
    before, after = pair.normal_before.column(column.name), pair.normal_after.column(column.name)
    found = column_diff(before, after, pair.after.column(column.name), dialect, settings)
    return found if settings.differs is None or found.remade else judged(found, column, pair.after, settings.differs)


def _with_remade(parts: Changed, pair: Pair, remade: set[str], dialect: Any) -> Changed:
    """A column that is dropped and added takes what rests on it along."""
    if not remade:
        return parts
    rest = [each for each in pair.after.constraints() if remade & set(columns_of(each)) and made_here(each, dialect)]
    rest = [each for each in rest if each not in parts.added and not isinstance(each, Check)]
    old = [each for each in pair.before.constraints() if remade & set(columns_of(each)) and each not in parts.removed]
    old = [each for each in old if not isinstance(each, Check) and made_here(each, dialect)]
    indexes = [each for each in pair.after.indexes if remade & set(each.columns()) and each not in parts.added_indexes]
    old_indexes = [each for each in pair.before.indexes if remade & set(each.columns()) and each not in parts.removed_indexes]
    return Changed((*parts.removed, *old), (*parts.added, *rest), (*parts.removed_indexes, *old_indexes), (*parts.added_indexes, *indexes))


def _leaving(removed: Iterable[Constraint]) -> Iterator[Constraint]:
    """Those but foreign keys; the primary key last, so that what rests on it is gone."""
    rest = [each for each in removed if not isinstance(each, ForeignKey)]
    yield from (each for each in rest if not isinstance(each, PrimaryKey))
    yield from (each for each in rest if isinstance(each, PrimaryKey))


def _own_checks(pair: Pair, column: Column, dialect: Any) -> tuple[Check, ...]:
    """The checks in the column's own definition."""
    return tuple(check for check in pair.after.checks if check.column == column.name and not check.type_bound and made_here(check, dialect))


def _alterations(pair: Pair, before: Column, diff: ColumnDiff, dialect: Any) -> Iterator[ops.Operation]:
    change, name = diff.change, pair.after.name
    if diff.remade or not change.given():
        return
    # What makes a column SERIAL is a default, which goes before another one comes, or an identity, and comes when those are gone.
    serial, change = change.serial, replace(change, serial=UNSET)
    if serial is False:
        yield ops.AlterColumn(name, before.name, ops.ColumnChange(serial=False))
    if isinstance(change.identity, Identity) and _turned(before.identity, change.identity):
        # Its sequence stands where the other direction does not go.
        yield ops.AlterColumn(name, before.name, ops.ColumnChange(identity=None))
    if dialect.name == "postgresql" and before.default is not None and _crosses(before, change):
        # A default is cast to the new type with the column, and between families there is no such cast: it goes first.
        yield ops.AlterColumn(name, before.name, ops.ColumnChange(default=None))
        given = change.given()
        given.setdefault("default", before.default)
        change = ops.ColumnChange(**given)
        if change.default is None:
            change = replace(change, default=UNSET)
    if change.given():
        yield ops.AlterColumn(name, before.name, change)
    if serial is True:
        yield ops.AlterColumn(name, before.name, ops.ColumnChange(serial=True))


def _turned(before: Identity | None, after: Identity) -> bool:
    return before is not None and counts_down(dict(before.options)) != counts_down(dict(after.options))


def _crosses(before: Column, change: ops.ColumnChange) -> bool:
    return change.type is not UNSET and crosses(postgresql_ddl(before.type), postgresql_ddl(change.type))
