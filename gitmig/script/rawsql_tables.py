"""CREATE TABLE and ALTER TABLE in raw SQL, as operations. Every word has to be understood; else ``Unread``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.ops import ColumnChange, Operation
from gitmig.schema import freeze
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.spelling import text_element
from gitmig.schema.tableoptions import replacing
from gitmig.schema.values import Column, Constraint, Index, IndexElement, PrimaryKey, Schema, Table, TableName, Unique
from gitmig.script.rawsql_index import index_elements, index_value
from gitmig.script.rawsql_options import altered_options, table_options
from gitmig.script.rawsql_tokens import Reader
from gitmig.script.rawsql_types import read_type

_STOPS = (
    "CONSTRAINT",
    "NOT",
    "NULL",
    "PRIMARY",
    "UNIQUE",
    "CHECK",
    "REFERENCES",
    "GENERATED",
    "AUTO_INCREMENT",
    "COMMENT",
    "COLLATE",
    "ON",
    "FIRST",
    "AFTER",
    "USING",
    "DEFERRABLE",
)
_MYSQL = ("mysql", "mariadb")


@dataclass(slots=True)
class Parts:
    """What a table's definition holds, as SQLAlchemy's objects; keys without columns of their own and MySQL's KEYs come after it."""

    columns: list[sa.Column[Any]] = field(default_factory=list)
    constraints: list[Any] = field(default_factory=list)
    keys: list[tuple[str | None, tuple[IndexElement, ...], dict[str, Any]]] = field(default_factory=list)
    keywords: dict[str, Any] = field(default_factory=dict)
    counting: set[str] = field(default_factory=set)


def create_table(reader: Reader, schema: Schema) -> list[Operation]:
    """What follows CREATE TABLE."""
    if_not_exists = reader.takes("IF", "NOT", "EXISTS")
    name = TableName(*reader.path())
    reader.need("(")
    parts = Parts()
    while True:
        if not _table_constraint(reader, schema, name, parts):
            _column(reader, schema, name, parts)
        if not reader.takes(","):
            break
    reader.need(")")
    keywords = {**table_options(reader), **parts.keywords}
    reader.end()
    table = sa.Table(name.name, sa.MetaData(), *parts.columns, *parts.constraints, schema=name.schema, **keywords)
    frozen = _counting(freeze.freeze_table(table), parts, reader.dialect)
    indexes = _keys(name, [column.name for column in parts.columns], parts)
    frozen = replace(frozen, indexes=(*frozen.indexes, *indexes), original=None)
    return [ops.CreateTable(_settled(frozen, schema, reader), if_not_exists)]


def _counting(table: Table, parts: Parts, dialect: str) -> Table:
    """A key that does not say so does not count by itself, as SQLAlchemy's integer keys do; SQLite's always does."""
    if dialect == "sqlite" or (table.primary_key is None and not parts.counting):
        return table
    in_key = table.primary_key.columns if table.primary_key is not None else ()
    columns = []
    for column in table.columns:
        counts = column.name in parts.counting
        if counts and dialect == "postgresql" and in_key != (column.name,):
            column = replace(column, autoincrement="auto", serial=True, original=None)
        elif column.name in in_key:
            column = replace(column, autoincrement="auto" if counts else False, original=None)
        columns.append(column)
    return replace(table, columns=tuple(columns), original=None)


def _keys(table: TableName, columns: list[str], parts: Parts) -> list[Index]:
    """MySQL's KEYs, named after their first column where they have no name."""
    return [index_value(name or elements[0].column, table, columns, elements, **extra) for name, elements, extra in parts.keys]


def _settled(table: Table, schema: Schema, reader: Reader) -> Table:
    """Foreign keys that leave their target's columns out refer to its primary key."""
    keys = []
    for key in table.foreign_keys:
        if key.target_columns == (_PRIMARY,):
            target = schema.tables.get(key.target) or (table if key.target == table.name else None)
            if target is None or target.primary_key is None or len(target.primary_key.columns) != len(key.columns):
                raise reader.unread()
            key = replace(key, target_columns=target.primary_key.columns, original=None)
        keys.append(key)
    return replace(table, foreign_keys=tuple(keys))


_PRIMARY = "gitmig:primary key"


def _column(reader: Reader, schema: Schema, table: TableName, parts: Parts) -> sa.Column[Any]:
    """A column's definition."""
    name = reader.name()
    type_, serial = read_type(reader, schema)
    items: list[Any] = []
    keywords: dict[str, Any] = {"autoincrement": True} if serial else {}
    if serial:
        parts.counting.add(name)
    while (token := reader.token) is not None and not (token.kind == "sign" and token.text in (",", ")")):
        if reader.sees("FIRST") or reader.sees("AFTER") or reader.sees("USING"):
            break
        named = reader.name() if reader.takes("CONSTRAINT") else None
        if reader.takes("NOT", "NULL"):
            keywords["nullable"] = False
        elif reader.takes("NULL"):
            keywords["nullable"] = True
        elif reader.takes("DEFAULT"):
            keywords["server_default"] = _default(reader)
        elif reader.takes("PRIMARY", "KEY"):
            reader.takes("ASC")
            parts.constraints.append(sa.PrimaryKeyConstraint(name, name=named, **_key_options(reader)))
            if reader.dialect == "sqlite" and reader.takes("AUTOINCREMENT"):
                parts.keywords["sqlite_autoincrement"] = True
        elif reader.takes("AUTO_INCREMENT"):
            keywords["autoincrement"] = True
            parts.counting.add(name)
        elif reader.takes("UNIQUE"):
            reader.takes("KEY")
            parts.constraints.append(sa.UniqueConstraint(name, name=named, **_key_options(reader)))
        elif reader.takes("CHECK"):
            items.append(sa.CheckConstraint(text_element(reader.bracketed()), name=named))
        elif reader.takes("REFERENCES"):
            parts.constraints.append(_references(reader, table, [name], named))
        elif reader.takes("COMMENT"):
            keywords["comment"] = reader.string()
        elif reader.takes("GENERATED", "BY", "DEFAULT", "AS", "IDENTITY"):
            items.append(_identity(reader, always=False))
        elif reader.takes("GENERATED", "ALWAYS", "AS", "IDENTITY"):
            items.append(_identity(reader, always=True))
        elif reader.takes("GENERATED", "ALWAYS", "AS") or reader.takes("AS"):
            sql = reader.bracketed()
            stored = reader.takes_one("STORED", "PERSISTENT", "VIRTUAL")
            items.append(sa.Computed(text_element(sql), persisted=None if stored is None else stored != "VIRTUAL"))
        else:
            raise reader.unread()
    column = sa.Column(name, type_, *items, **keywords)
    parts.columns.append(column)
    return column


def _default(reader: Reader) -> Any:
    token = reader.token
    if token is not None and token.kind == "string":
        first = reader.at
        text = reader.expression(*_STOPS)
        return token.text if reader.at == first + 1 else text_element(text)
    text = reader.expression(*_STOPS)
    if text.upper() == "NULL":
        return None
    if reader.dialect in _MYSQL and reader.takes("ON", "UPDATE"):
        text += " ON UPDATE " + reader.expression(*_STOPS)
    return text_element(text)


def _identity(reader: Reader, always: bool) -> sa.Identity:
    if reader.sees("("):
        raise reader.unread()
    return sa.Identity(always=always)


def _references(reader: Reader, table: TableName, columns: list[str], name: str | None) -> sa.ForeignKeyConstraint:
    """What follows REFERENCES."""
    target = TableName(*reader.path())
    target_columns = reader.names() if reader.sees("(") else [_PRIMARY]
    rules: dict[str, Any] = {}
    while True:
        if reader.takes("ON", "DELETE"):
            rules["ondelete"] = _action(reader)
        elif reader.takes("ON", "UPDATE"):
            rules["onupdate"] = _action(reader)
        elif reader.takes("MATCH"):
            rules["match"] = reader.next().word
        elif timing := _timing(reader):
            rules |= timing
        else:
            break
    metadata = sa.MetaData()
    other = sa.Table(target.name, metadata, *(sa.Column(each, sa.types.NULLTYPE) for each in target_columns), schema=target.schema)
    if target_columns == [_PRIMARY] and len(columns) > 1:
        raise reader.unread()
    return sa.ForeignKeyConstraint(columns, [other.c[each] for each in target_columns], name=name, **rules)


def _key_options(reader: Reader) -> dict[str, Any]:
    """What PostgreSQL lets follow the columns of a primary key or unique constraint."""
    found: dict[str, Any] = {}
    if reader.dialect == "postgresql":
        if reader.takes("INCLUDE"):
            found["postgresql_include"] = reader.names()
        while timing := _timing(reader):
            found |= timing
    return found


def _timing(reader: Reader) -> dict[str, Any]:
    """One clause on when a constraint is checked; nothing where none comes."""
    if reader.takes("NOT", "DEFERRABLE"):
        return {"deferrable": False}
    if reader.takes("DEFERRABLE"):
        return {"deferrable": True}
    if reader.takes("INITIALLY"):
        return {"initially": reader.next().word}
    return {}


def _action(reader: Reader) -> str:
    for words in (("NO", "ACTION"), ("SET", "NULL"), ("SET", "DEFAULT"), ("CASCADE",), ("RESTRICT",)):
        if reader.takes(*words):
            return " ".join(words)
    raise reader.unread()


def _table_constraint(reader: Reader, schema: Schema, table: TableName, parts: Parts) -> bool:
    """A constraint or MySQL's KEY among the columns. False where a column comes."""
    start = reader.at
    name = reader.name() if reader.takes("CONSTRAINT") else None
    if reader.takes("PRIMARY", "KEY"):
        columns = reader.names()
        parts.constraints.append(sa.PrimaryKeyConstraint(*columns, name=name, **_key_options(reader)))
    elif reader.takes("FOREIGN", "KEY"):
        if reader.dialect in _MYSQL and not reader.sees("("):
            name = name or reader.name()
        columns = reader.names()
        reader.need("REFERENCES")
        parts.constraints.append(_references(reader, table, columns, name))
    elif reader.takes("UNIQUE"):
        if reader.dialect in _MYSQL:
            reader.takes_one("KEY", "INDEX")
            name = name if reader.sees("(") else reader.name()
        columns = reader.names()
        parts.constraints.append(sa.UniqueConstraint(*columns, name=name, **_key_options(reader)))
    elif reader.takes("CHECK"):
        parts.constraints.append(sa.CheckConstraint(text_element(reader.bracketed()), name=name))
    elif reader.dialect in _MYSQL and (reader.takes("KEY") or reader.takes("INDEX")):
        index_name = reader.name() if not reader.sees("(") else None
        elements, extra = index_elements(reader)
        parts.keys.append((index_name, elements, extra))
    elif name is not None:
        raise reader.unread()
    else:
        reader.at = start
        return False
    reader.takes("USING", "BTREE")
    return True


# -- ALTER TABLE


def alter_table(reader: Reader, schema: Schema) -> list[Operation]:
    """What follows ALTER TABLE."""
    if_exists = reader.takes("IF", "EXISTS")
    reader.takes("ONLY")
    table = TableName(*reader.path())
    if if_exists and table not in schema.tables:
        return []
    found: list[Operation] = []
    while True:
        for operation in _action_of(reader, schema, table):
            found.append(operation)
            schema = operation.apply(schema)
            if isinstance(operation, ops.RenameTable):
                table = operation.new
        if not reader.takes(","):
            break
    reader.end()
    return found


def _action_of(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    """One action of ALTER TABLE."""
    if reader.takes("RENAME", "COLUMN"):
        old = reader.name()
        reader.need("TO")
        return [ops.AlterColumn(table, old, ColumnChange(name=reader.name()))]
    if reader.takes("RENAME", "CONSTRAINT"):
        old = reader.name()
        reader.need("TO")
        return _rename_constraint(schema, table, old, reader.name(), reader)
    if reader.takes("RENAME", "INDEX") or reader.takes("RENAME", "KEY"):
        old = reader.name()
        reader.need("TO")
        return rename_index(schema, table, old, reader.name(), reader)
    if reader.takes("RENAME", "TO") or (reader.dialect in _MYSQL and reader.takes("RENAME")):
        reader.takes("AS")
        new = TableName(*reader.path())
        return [ops.RenameTable(table, TableName(new.name, table.schema))]
    if reader.takes("RENAME"):
        old = reader.name()
        reader.need("TO")
        return [ops.AlterColumn(table, old, ColumnChange(name=reader.name()))]
    if reader.dialect == "postgresql" and reader.takes("SET", "SCHEMA"):
        return [ops.RenameTable(table, TableName(table.name, reader.name()))]
    changed = altered_options(reader)
    if changed is not None:
        known = schema.tables.get(table)
        return [ops.AlterTable(table, (), table_options=replacing(known, changed) if known is not None else changed)]
    for word, action in _ACTIONS.items():
        if reader.takes(word):
            return action(reader, schema, table)
    raise reader.unread()


def _rename_constraint(schema: Schema, table: TableName, old: str, new: str, reader: Reader) -> list[Operation]:
    found = ops.DropConstraint(table, old).find(schema.table(table))
    if found is None and old.endswith("_not_null"):
        return []  # PostgreSQL 18's names for NOT NULL; before, there is none to be renamed
    if found is None:
        return rename_index(schema, table, old, new, reader)
    renamed = replace(found, name=new, made=None, original=None)
    return [ops.DropConstraint(table, old, constraint=found), ops.AddConstraint(table, renamed)]


def rename_index(schema: Schema, table: TableName, old: str, new: str, reader: Reader) -> list[Operation]:
    """RENAME INDEX, or PostgreSQL's ALTER INDEX ... RENAME, which renames a key's index with its key."""
    for index in schema.table(table).indexes:
        if index.name == old:
            return [ops.DropIndex(table, old, index), ops.CreateIndex(table, replace(index, name=new, original=None))]
    found = ops.DropConstraint(table, old).find(schema.table(table))
    if isinstance(found, (Unique, PrimaryKey)):
        return [ops.DropConstraint(table, old, constraint=found), ops.AddConstraint(table, replace(found, name=new, original=None))]
    raise reader.unread()


def _add(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    parts = Parts()
    if not reader.takes("COLUMN") and _table_constraint(reader, schema, table, parts):
        return _added(parts, schema, table, reader)
    if_not_exists = reader.takes("IF", "NOT", "EXISTS")
    if reader.dialect in _MYSQL and reader.sees("("):
        raise reader.unread()
    column = _column(reader, schema, table, parts)
    before = schema.table(table).columns[0].name if reader.takes("FIRST") and schema.table(table).columns else None
    after = reader.name() if reader.takes("AFTER") else None
    if if_not_exists and schema.table(table).has_column(column.name):
        return []
    frozen = freeze.freeze_table(sa.Table(table.name, sa.MetaData(), column, *parts.constraints, schema=table.schema))
    frozen = _settled(frozen, schema, reader)
    added = next(each for each in frozen.columns if each.name == column.name)
    if reader.dialect == "postgresql" and added.name in parts.counting:
        added = replace(added, autoincrement="auto", serial=True, original=None)
    add = ops.AddColumn(
        table,
        added,
        if_not_exists,
        checks=tuple(each for each in frozen.checks if each.column == column.name),
        before_column=before,
        after_column=after,
    )
    known = [each.name for each in schema.table(table).columns]
    return [add, *_constraints_of(frozen, table, [*known, column.name], parts)]


def _added(parts: Parts, schema: Schema, table: TableName, reader: Reader) -> list[Operation]:
    wanted = [name for each in parts.constraints for name in _local_columns(each)]
    columns = [sa.Column(name, sa.types.NULLTYPE) for name in dict.fromkeys(wanted)]
    frozen = freeze.freeze_table(sa.Table(table.name, sa.MetaData(), *columns, *parts.constraints, schema=table.schema))
    if reader.takes("NOT", "VALID"):
        pass  # says nothing of the shape: the constraint is there and holds for new rows
    known = [each.name for each in schema.table(table).columns]
    return _constraints_of(_settled(frozen, schema, reader), table, known, parts)


def _local_columns(constraint: Any) -> list[str]:
    if isinstance(constraint, sa.CheckConstraint):
        return []
    names: Any = getattr(constraint, "column_keys", None) or getattr(constraint, "_pending_colargs", ())
    return [str(getattr(each, "name", each)) for each in names]


def _constraints_of(frozen: Table, table: TableName, columns: list[str], parts: Parts) -> list[Operation]:
    keys: tuple[Constraint, ...] = (frozen.primary_key,) if frozen.primary_key is not None and frozen.primary_key.columns else ()
    given: tuple[Constraint, ...] = (*keys, *frozen.uniques, *frozen.foreign_keys, *(each for each in frozen.checks if each.column is None))
    return [*(ops.AddConstraint(table, each) for each in given), *(ops.CreateIndex(table, each) for each in _keys(table, columns, parts))]


def _drop(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    if reader.dialect in _MYSQL:
        if reader.takes("FOREIGN", "KEY"):
            return [ops.DropConstraint(table, reader.name(), "foreignkey")]
        if reader.takes("PRIMARY", "KEY"):
            key = schema.table(table).primary_key
            return [ops.DropConstraint(table, None, "primary", key)]
        if reader.takes("INDEX") or reader.takes("KEY"):
            name = reader.name()
            unique = ops.DropConstraint(table, name, "unique").find(schema.table(table))
            return [ops.DropConstraint(table, name, "unique") if unique is not None else ops.DropIndex(table, name)]
    if reader.takes("CONSTRAINT"):
        if_exists = reader.takes("IF", "EXISTS")
        name = reader.name()
        if reader.takes("CASCADE"):
            _no_key_refers(schema, table, reader)
        reader.takes("RESTRICT")
        return [ops.DropConstraint(table, name, if_exists=if_exists)]
    reader.takes("COLUMN")
    if_exists = reader.takes("IF", "EXISTS")
    name = reader.name()
    if reader.takes("CASCADE"):
        _no_key_refers(schema, table, reader)
    reader.takes("RESTRICT")
    return [ops.DropColumn(table, name, if_exists)]


def _no_key_refers(schema: Schema, table: TableName, reader: Reader) -> None:
    """CASCADE takes the foreign keys of other tables along; where there are some, which ones is not decided here."""
    if any(key.target == table for other in schema for key in other.foreign_keys if other.name != table):
        raise reader.unread()


def _alter(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    """ALTER [COLUMN]."""
    reader.takes("COLUMN")
    name = reader.name()
    if reader.takes("SET", "DEFAULT"):
        column = freeze.freeze_column(sa.Column(name, sa.types.NULLTYPE, server_default=_default(reader)))
        return [ops.AlterColumn(table, name, ColumnChange(default=column.default))]
    if reader.takes("DROP", "DEFAULT"):
        return [ops.AlterColumn(table, name, ColumnChange(default=None))]
    if reader.takes("SET", "NOT", "NULL"):
        return [ops.AlterColumn(table, name, ColumnChange(nullable=False))]
    if reader.takes("DROP", "NOT", "NULL"):
        return [ops.AlterColumn(table, name, ColumnChange(nullable=True))]
    if reader.takes("SET", "DATA", "TYPE") or reader.takes("TYPE"):
        type_, serial = read_type(reader, schema)
        if serial:
            raise reader.unread()
        using = reader.expression() if reader.takes("USING") else None
        return [ops.AlterColumn(table, name, ColumnChange(type=freeze_type(type_)), using=using)]
    raise reader.unread()


def _modify(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    """MySQL's MODIFY: the whole definition is given anew."""
    reader.takes("COLUMN")
    return _redefined(reader, schema, table, None)


def _change(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    """MySQL's CHANGE: MODIFY under a new name."""
    reader.takes("COLUMN")
    return _redefined(reader, schema, table, reader.name())


def _redefined(reader: Reader, schema: Schema, table: TableName, old: str | None) -> list[Operation]:
    parts = Parts()
    column = _column(reader, schema, table, parts)
    if parts.constraints or reader.sees("FIRST"):
        raise reader.unread()
    if reader.takes("AFTER"):
        reader.name()
    frozen: Column = freeze.freeze_column(column)
    change = ColumnChange(
        name=frozen.name if old is not None and old != frozen.name else ops.UNSET,
        type=frozen.type,
        nullable=frozen.nullable,
        default=frozen.default,
        computed=frozen.computed,
        autoincrement=frozen.autoincrement,
        comment=frozen.comment,
    )
    return [ops.AlterColumn(table, old or frozen.name, change)]


def _nothing_modelled(reader: Reader, schema: Schema, table: TableName) -> list[Operation]:
    """Owners, statistics, triggers and validation change nothing of the shape."""
    while reader.token is not None and not reader.sees(","):
        reader.next()
    return []


_ACTIONS: dict[str, Callable[[Reader, Schema, TableName], list[Operation]]] = {
    "ADD": _add,
    "DROP": _drop,
    "ALTER": _alter,
    "MODIFY": _modify,
    "CHANGE": _change,
    "OWNER": _nothing_modelled,
    "VALIDATE": _nothing_modelled,
    "ENABLE": _nothing_modelled,
    "DISABLE": _nothing_modelled,
    "FORCE": _nothing_modelled,
    "CLUSTER": _nothing_modelled,
    "AUTO_INCREMENT": _nothing_modelled,
    "REPLICA": _nothing_modelled,
}
