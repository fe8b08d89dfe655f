"""Operations as a server carries them out: the names that it gives, the types that it makes with a table, what goes with a column."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.ops import Operation
from gitmig.runtime import resolvedserial, resolvedsqlite
from gitmig.schema.freeze import native_enums
from gitmig.schema.madenames import with_made_name, with_made_names
from gitmig.schema.thaw import thaw_type
from gitmig.schema.values import ForeignKey, Index, Schema, Table, TableName, Type, Unique, kind_of

_MYSQL = ("mysql", "mariadb")


def resolved(operation: Operation, schema: Schema, dialect: Any) -> Iterator[Operation]:
    """The operations that stand for ``operation`` on ``dialect``, each for the schema that the one before it leaves.

    To be applied while they are drawn; an iterator, because a batch block's later members depend on what its earlier ones did.
    """
    if dialect.name != "postgresql":
        yield from _resolved(operation, schema, dialect)
        return
    for each in resolvedserial.counted(operation, schema, dialect):
        yield from _resolved(each, schema, dialect)


def _resolved(operation: Operation, schema: Schema, dialect: Any) -> Iterator[Operation]:
    name = dialect.name
    match operation:
        case ops.CreateTable(table) if table.name not in schema.tables:
            yield from _enums(tuple(column.type for column in table.columns), schema, name)
            if dialect.supports_alter and any(key.use_alter for key in table.foreign_keys):
                # SQLAlchemy leaves these to an ALTER TABLE, which nobody does in a revision.
                table = replace(table, foreign_keys=tuple(key for key in table.foreign_keys if not key.use_alter), original=None)
            yield replace(operation, table=with_made_names(table, schema, name))
        case ops.AddColumn(column=column) if name == "postgresql":
            yield from _enums((column.type,), schema, name)
            yield operation
        case ops.AddColumn(table_name) | ops.AlterColumn(table_name) if name == "sqlite" and table_name in schema.tables:
            yield from resolvedsqlite.alone(operation, schema, dialect)
        case ops.AddConstraint(table_name, constraint) if table_name in schema.tables:
            yield replace(operation, constraint=with_made_name(constraint, schema.tables[table_name], schema, name))
        case ops.RenameTable(old, new) if name in _MYSQL and old in schema.tables:
            yield operation
            yield from _made_anew(schema.tables[old], new)
        case ops.RenameTable(old, new) if name == "postgresql" and old in schema.tables:
            yield operation
            yield from _named_still(schema.tables[old], new)
        case ops.DropIndex(table=TableName() as table_name) if name in _MYSQL and table_name in schema.tables:
            yield from _unique_or_index(operation, schema.tables[table_name])
        case ops.AlterColumn() if name in _MYSQL:
            yield _restated(operation)
        case ops.DropColumn(table_name, column_name) if name in _MYSQL and table_name in schema.tables:
            yield from _drop_from_keys(schema.tables[table_name], column_name)
            yield operation
        case ops.DropSequence(sequence) if name == "postgresql" and sequence not in schema.sequences:
            if not resolvedserial.behind(sequence, schema):
                yield operation
        case ops.AlterTable():
            if name == "sqlite":
                operation = resolvedsqlite.in_batch(operation, schema, dialect)
            yield replace(operation, ops=_members(ops.members(operation), schema, dialect, in_group=name == "sqlite"))
        case ops.Execute(effects=effects) if effects:
            yield replace(operation, effects=_members(ops.members(operation), schema, dialect))
        case _:
            yield operation


def _members(group: tuple[Operation, ...], schema: Schema, dialect: Any, in_group: bool = False) -> tuple[Operation, ...]:
    """The members of a group resolved, each for what those before it leave; ``in_group``: checks of types are among them already."""
    found: list[Operation] = []
    for member in group:
        own = in_group and isinstance(member, (ops.AddColumn, ops.AlterColumn))
        for each in (member,) if own else resolved(member, schema, dialect):
            found.append(each)
            schema = each.apply(schema)
    return tuple(found)


def _unique_or_index(operation: ops.DropIndex, table: Table) -> Iterator[Operation]:
    """A unique constraint of MySQL's is an index, and goes as one. An index that no revision made is one that the server made for a foreign
    key, and kept when that went."""
    unique = ops.DropConstraint(table.name, operation.name, "unique")
    if any(index.name == operation.name for index in table.indexes):
        yield operation
    elif unique.find(table) is not None:
        yield unique


def _made_anew(table: Table, new: TableName) -> Iterator[Operation]:
    """InnoDB renames the foreign keys that it named itself (manual, RENAME TABLE: "internally generated foreign key constraint names")."""
    stem = f"{table.name.name}_ibfk_"
    for key in table.foreign_keys:
        given = key.name or key.made or ""
        if given.startswith(stem):
            name = f"{new.name}_ibfk_{given.removeprefix(stem)}"
            old = replace(key, target=new if key.target == table.name else key.target, original=None)
            yield ops.DropConstraint(new, key.name, "foreignkey", old)
            yield ops.AddConstraint(new, replace(old, name=name) if key.name else replace(old, made=name))


def _named_still(table: Table, new: TableName) -> Iterator[Operation]:
    """PostgreSQL renames nothing along with a table: names that it made after the old one are from now on names like any other."""
    for key in table.constraints():
        if key.name is None and key.made is not None:
            old = replace(key, target=new, original=None) if isinstance(key, ForeignKey) and key.target == table.name else key
            yield ops.DropConstraint(new, None, kind_of(key), old)
            yield ops.AddConstraint(new, replace(old, name=key.made, original=None))


def _restated(operation: ops.AlterColumn) -> ops.AlterColumn:
    """MySQL's MODIFY says the whole column: what the script says of it as existing is made so (see ddl.mysql)."""
    change, existing = operation.change, operation.existing.given()
    type_ = change.type if change.type is not ops.UNSET else operation.existing.type
    clock = type_ is not ops.UNSET and change.default is not None and issubclass(thaw_type(type_)._type_affinity, sa.DateTime)
    if not isinstance(change.name, str) and not clock and set(change.given()) <= {"default"} and change.given():
        return operation  # ALTER COLUMN SET DEFAULT
    return replace(operation, change=replace(change, **{each: value for each, value in existing.items() if each not in change.given()}))


def _enums(types: tuple[Type, ...], schema: Schema, dialect: str) -> Iterator[Operation]:
    """PostgreSQL's types come with the first table that uses them."""
    if dialect != "postgresql":
        return
    seen = set(schema.enums)
    for type_ in types:
        for enum in native_enums(type_):
            if enum.key() not in seen:
                seen.add(enum.key())
                yield ops.CreateEnum(enum)


def _drop_from_keys(table: Table, column: str) -> Iterator[Operation]:
    """MySQL takes a dropped column out of each key, and drops the key only when none is left
    (https://dev.mysql.com/doc/refman/8.4/en/alter-table.html: "If columns are dropped from a table, the columns are also removed from
    any index of which they are a part")."""
    for index in table.indexes:
        if column in index.columns() and len(index.elements) > 1:
            kept: Index = replace(index, elements=tuple(each for each in index.elements if each.column != column), original=None)
            yield ops.DropIndex(table.name, index.name, index)
            yield ops.CreateIndex(table.name, kept)
    for unique in table.uniques:
        if column in unique.columns and len(unique.columns) > 1:
            fewer: Unique = replace(unique, columns=tuple(each for each in unique.columns if each != column), original=None)
            yield ops.DropConstraint(table.name, unique.name, constraint=unique)
            yield ops.AddConstraint(table.name, fewer)
