"""What turns one schema into another: ``diff``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from gitmig import ops
from gitmig.autogen.enums import enum_changes
from gitmig.autogen.filtering import filtered
from gitmig.autogen.keptindexes import with_kept_indexes
from gitmig.autogen.order import creation_order
from gitmig.autogen.pairs import Pair, made_here
from gitmig.autogen.settings import PLAIN, Settings
from gitmig.autogen.tableoptions import option_operations
from gitmig.autogen.tables import TableChange, table_change
from gitmig.schema.normal import normalise
from gitmig.schema.values import ForeignKey, Schema, Sequence, Table, TableName


def diff(before: Schema, after: Schema, dialect: Any, settings: Settings = PLAIN) -> tuple[ops.Operation, ...]:
    """The operations that turn ``before`` (replayed or reflected) into ``after`` (frozen models) on a SQLAlchemy dialect.

    They come in an order in which they can be done, the same for the same input. What the dialect cannot hold is no difference.
    Indexes of new tables are operations of their own, as scripts write them.
    """
    before, after = filtered(before, after, dialect, settings)
    return with_kept_indexes(before, _operations(before, after, dialect, settings), dialect)


def _operations(before: Schema, after: Schema, dialect: Any, settings: Settings) -> tuple[ops.Operation, ...]:
    schemas = _schemas(before, after, dialect)
    enums = enum_changes(before, after, dialect)
    for operation in enums.first:
        before = operation.apply(before)
    asked = settings.differs is not None
    common = [table for table in after if table.name in before.tables and (asked or table != before.tables[table.name])]
    changes = [change for pair in _pairs(before, common, dialect, settings) if (change := table_change(pair, dialect, settings))]
    new = [table for table in after if table.name not in before.tables]
    gone = [table for table in before if table.name not in after.tables]
    plan = _Plan(before, after, dialect, changes, settings)
    late = plan.late(new)
    return (
        *(ops.CreateSchema(name, if_not_exists=True) for name in schemas[0]),
        *enums.first,
        *_new_sequences(before, after, dialect),
        *plan.keys_first(gone),
        *plan.created([table for table in new if table.name not in late]),
        *option_operations(before, after, dialect),
        *plan.altered(late),
        *plan.created([table for table in new if table.name in late]),
        *plan.keys_last(late),
        *plan.dropped(gone),
        *_old_sequences(before, after, dialect),
        *enums.last,
        *(ops.DropSchema(name) for name in schemas[1]),
    )


def _pairs(before: Schema, tables: Iterable[Table], dialect: Any, settings: Settings) -> Iterator[Pair]:
    """Only the tables that differ as they were given are normalised."""
    after = {table.name: table for table in tables}
    if not after:
        return
    old = normalise(replace(before, tables={name: before.tables[name] for name in after}), dialect)
    new = normalise(Schema(after), dialect)
    for name, table in sorted(after.items(), key=lambda pair: pair[0].sort_key()):
        if old.tables[name] != new.tables[name] or settings.differs is not None:
            yield Pair(before.tables[name], table, old.tables[name], new.tables[name])


@dataclass(slots=True)
class _Plan:
    """The order of everything that concerns tables."""

    before: Schema
    after: Schema
    dialect: Any
    changes: list[TableChange]
    settings: Settings
    _apart: tuple[tuple[TableName, ForeignKey], ...] = ()

    def __post_init__(self) -> None:
        by_name = {change.name: change for change in self.changes}
        order = creation_order((change.pair.after for change in self.changes), separate=True)
        self.changes = [by_name[table.name] for table in order.tables]
        self._detach_resting_keys(by_name)

    def _separate(self) -> bool:
        """SQLite does not ask whether a key's target is there (https://www.sqlite.org/foreignkeys.html), and cannot add a key later."""
        if self.settings.separate_cycles is not None:
            return self.settings.separate_cycles
        return bool(self.dialect.name != "sqlite")

    def _detach_resting_keys(self, by_name: dict[TableName, TableChange]) -> None:
        """Foreign keys that stay, but rest on something that changes, are dropped before and added after.

        PostgreSQL refuses to drop the key or index that a foreign key rests on; MySQL also refuses to retype the columns of one
        (https://dev.mysql.com/doc/refman/8.4/en/create-table-foreign-keys.html, "Conditions and Restrictions").
        """
        if self.dialect.name == "sqlite":
            return
        for table in self.before:
            kept = self.after.tables.get(table.name)
            if kept is None:
                continue
            for key in table.foreign_keys:
                change = by_name.get(table.name)
                if change is not None and key in change.removed_keys:
                    continue
                if self._rests_on_change(table.name, key, by_name):
                    self._detach(table, kept, key, by_name)

    def _detach(self, table: Table, kept: Table, key: ForeignKey, by_name: dict[TableName, TableChange]) -> None:
        if table.name not in by_name:
            by_name[table.name] = TableChange(Pair(table, kept, table, kept))
            self.changes.append(by_name[table.name])
        change = by_name[table.name]
        change.removed_keys.append(key)
        change.added_keys.append(next((each for each in kept.foreign_keys if each.columns == key.columns), key))

    def _rests_on_change(self, owner: TableName, key: ForeignKey, by_name: dict[TableName, TableChange]) -> bool:
        target, own = by_name.get(key.target), by_name.get(owner)
        columns = frozenset(key.target_columns)
        if target is not None and any(frozenset(gone) == columns for gone in target.keys_gone):
            return True
        retyped = (target is not None and bool(target.retyped & columns)) or (own is not None and bool(own.retyped & set(key.columns)))
        if self.dialect.name not in ("mysql", "mariadb"):
            return retyped and own is not None and target is not None and self._cross_typed(own, target)
        # InnoDB keeps an index for every key and lets none of them go.
        bare = own is not None and any(gone[: len(key.columns)] == key.columns for gone in own.indexes_gone)
        return retyped or bare

    def _cross_typed(self, own: TableChange, target: TableChange) -> bool:
        """Both ends change: half way through they may not be comparable."""
        return bool(own.retyped) and bool(target.retyped)

    def keys_first(self, gone: Iterable[Table]) -> Iterator[ops.Operation]:
        """Keys that go before anything else: into tables that change, and between dropped tables that refer to each other."""
        for change in self.changes:
            for key in change.removed_keys:
                if not self._stays_in_place(change, key):
                    yield _drop(change.name, key)
        apart = list(creation_order(gone).apart) if self._separate() else []
        for name, key in apart:
            yield _drop(name, key)
        by_name = {change.name: change for change in self.changes}
        for table in gone:
            resting = [key for key in table.foreign_keys if (table.name, key) not in apart and self._rests_on_loss(key, by_name)]
            if resting and self.dialect.name == "sqlite":
                self._gone_early.add(table.name)  # it has no DROP CONSTRAINT
                yield ops.DropTable(table.name, references="dangle")
                continue
            for key in resting:
                yield _drop(table.name, key)

    def _rests_on_loss(self, key: ForeignKey, by_name: dict[TableName, TableChange]) -> bool:
        """The foreign key of a table that goes, into a column or key that goes before it."""
        target = by_name.get(key.target)
        return target is not None and (bool(target.lost & set(key.target_columns)) or self._rests_on_change(TableName(""), key, by_name))

    def created(self, new: Iterable[Table]) -> Iterator[ops.Operation]:
        ordered = creation_order(new, separate=self._separate())
        self._apart = (*self._apart, *ordered.apart)
        for table in ordered.tables:
            later = [key for name, key in ordered.apart if name == table.name]
            keys = tuple(key for key in table.foreign_keys if key not in later)
            yield ops.CreateTable(self._for_this_dialect(replace(table, foreign_keys=keys, indexes=()), table))
            for index in table.indexes:
                if made_here(index, self.dialect):
                    yield ops.CreateIndex(table.name, index)

    def _for_this_dialect(self, table: Table, given: Table) -> Table:
        """Without the constraints that are meant for other dialects; those of types know it themselves."""
        table = replace(
            table,
            uniques=tuple(each for each in table.uniques if made_here(each, self.dialect)),
            checks=tuple(each for each in table.checks if each.type_bound or made_here(each, self.dialect)),
            excludes=tuple(each for each in table.excludes if made_here(each, self.dialect)),
        )
        return given if table == given else replace(table, original=None)

    def late(self, new: Iterable[Table]) -> frozenset[TableName]:
        """The new tables that refer to something which an old one gets only now, and those that refer to them."""
        changing = {change.name: change for change in self.changes}
        found: set[TableName] = set()
        tables = list(new)
        while True:
            more = {
                table.name
                for table in tables
                if table.name not in found
                and any(
                    key.target in found or (key.target in changing and changing[key.target].brings(key.target_columns))
                    for key in table.foreign_keys
                )
            }
            if not more:
                return frozenset(found)
            found |= more

    def altered(self, late: frozenset[TableName]) -> Iterator[ops.Operation]:
        done: set[TableName] = set()
        for change in self.changes:
            for key in change.removed_keys:
                if self._stays_in_place(change, key):
                    yield _drop(change.name, key)
            yield from change.body
            done.add(change.name)
            for key in change.added_keys:
                if self._ready(key, done, late):
                    yield ops.AddConstraint(change.name, key)

    def keys_last(self, late: frozenset[TableName]) -> Iterator[ops.Operation]:
        """Keys into what is there only now."""
        done: set[TableName] = set()
        for change in self.changes:
            done.add(change.name)
            for key in change.added_keys:
                if not self._ready(key, done, late):
                    yield ops.AddConstraint(change.name, key)
        for name, key in self._apart:
            yield ops.AddConstraint(name, key)

    def dropped(self, gone: Iterable[Table]) -> Iterator[ops.Operation]:
        references: Literal["refuse", "dangle"] = "refuse" if self._separate() else "dangle"
        rest = [table for table in gone if table.name not in self._gone_early]
        for table in reversed(creation_order(rest, separate=self._separate()).tables):
            yield ops.DropTable(table.name, references=references)

    def _stays_in_place(self, change: TableChange, key: ForeignKey) -> bool:
        """A key that goes with the other changes of its table, because its target's have nothing to do with it."""
        return key.target == change.name or key.target not in {other.name for other in self.changes}

    def _ready(self, key: ForeignKey, done: set[TableName], late: frozenset[TableName]) -> bool:
        return key.target not in late and (key.target in done or key.target not in {other.name for other in self.changes})

    _gone_early: set[TableName] = field(default_factory=set)


def _drop(name: TableName, key: ForeignKey) -> ops.DropConstraint:
    return ops.DropConstraint(name, key.name, "foreignkey", key)


def _schemas(before: Schema, after: Schema, dialect: Any) -> tuple[list[str], list[str]]:
    """The schemas to create, and those whose last table goes. On other databases a schema is no part of the migrated one."""
    if dialect.name != "postgresql":
        return [], []
    old, new = _schema_names(before, dialect), _schema_names(after, dialect)
    return sorted(new - old), sorted((old & before.schemas) - new)


def _schema_names(schema: Schema, dialect: Any) -> frozenset[str]:
    used = {name.schema for name in (*schema.tables, *schema.enums, *schema.sequences) if name.schema}
    default = getattr(dialect, "default_schema_name", None) or "public"
    return (schema.schemas | used) - {default, "public"}


def _new_sequences(before: Schema, after: Schema, dialect: Any) -> Iterator[ops.Operation]:
    if dialect.supports_sequences:
        for name in sorted(after.sequences.keys() - before.sequences.keys(), key=TableName.sort_key):
            if _stands_alone(after.sequences[name], dialect):
                yield ops.CreateSequence(after.sequences[name])


def _old_sequences(before: Schema, after: Schema, dialect: Any) -> Iterator[ops.Operation]:
    if dialect.supports_sequences:
        for name in sorted(before.sequences.keys() - after.sequences.keys(), key=TableName.sort_key):
            yield ops.DropSequence(name)


def _stands_alone(sequence: Sequence, dialect: Any) -> bool:
    """An optional sequence is made only where columns cannot count by themselves."""
    return not (dict(sequence.options).get("optional") and dialect.sequences_optional)
