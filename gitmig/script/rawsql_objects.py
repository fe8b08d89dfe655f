"""Raw SQL on types, sequences, schemas, comments, and the dropping and renaming of tables, as operations. None: it is not modelled."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Literal

from gitmig import ops
from gitmig.errors import SchemaError
from gitmig.ops import ColumnChange, Operation
from gitmig.ops.objects import retyped
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.serial import sequence_asked
from gitmig.schema.values import Enum, Schema, Sequence, TableName, Type, Value, options
from gitmig.script.rawsql_tables import rename_index
from gitmig.script.rawsql_tokens import Reader
from gitmig.script.rawsql_types import read_type

_MYSQL = ("mysql", "mariadb")
Read = Callable[[Reader, Schema], "list[Operation] | None"]


def drop_tables(reader: Reader, schema: Schema) -> list[Operation]:
    """What follows DROP TABLE."""
    if_exists = reader.takes("IF", "EXISTS")
    names = [TableName(*reader.path())]
    while reader.takes(","):
        names.append(TableName(*reader.path()))
    cascade = reader.takes("CASCADE")
    reader.takes("RESTRICT")
    reader.end()
    references: Literal["refuse", "drop", "dangle"] = "refuse"
    if reader.dialect == "sqlite":
        references = "dangle"
    elif cascade and reader.dialect == "postgresql":
        references = "drop"
    return [ops.DropTable(name, if_exists, references) for name in names]


def rename_tables(reader: Reader, schema: Schema) -> list[Operation]:
    """What follows MySQL's RENAME TABLE."""
    found: list[Operation] = []
    while True:
        old = TableName(*reader.path())
        reader.need("TO")
        found.append(ops.RenameTable(old, TableName(*reader.path())))
        if not reader.takes(","):
            break
    reader.end()
    return found


def comment(reader: Reader, schema: Schema) -> list[Operation] | None:
    """What follows COMMENT."""
    reader.need("ON")
    if reader.takes("TABLE"):
        table = TableName(*reader.path())
        return [ops.SetTableComment(table, _commented(reader))]
    if reader.takes("COLUMN"):
        parts = [reader.name()]
        while reader.takes("."):
            parts.append(reader.name())
        if len(parts) not in (2, 3):
            raise reader.unread()
        table = TableName(parts[-2], parts[0] if len(parts) == 3 else None)
        if table not in schema.tables:
            return None  # a view's
        return [ops.AlterColumn(table, parts[-1], ColumnChange(comment=_commented(reader)))]
    return None


def _commented(reader: Reader) -> str | None:
    reader.need("IS")
    text = None if reader.takes("NULL") else reader.string()
    reader.end()
    return text


# -- types


def create_type(reader: Reader, schema: Schema) -> list[Operation] | None:
    """What follows CREATE TYPE; only enumerated types are modelled, and a table can only use what is."""
    name, owner = reader.path()
    if not reader.takes("AS", "ENUM"):
        return None
    reader.need("(")
    values: list[str] = []
    if not reader.sees(")"):
        values.append(reader.string())
        while reader.takes(","):
            values.append(reader.string())
    reader.need(")")
    reader.end()
    return [ops.CreateEnum(Enum(name, tuple(values), owner))]


def drop_type(reader: Reader, schema: Schema) -> list[Operation] | None:
    if_exists = reader.takes("IF", "EXISTS")
    names = [TableName(*reader.path())]
    while reader.takes(","):
        names.append(TableName(*reader.path()))
    cascade = reader.takes("CASCADE")
    reader.takes("RESTRICT")
    reader.end()
    for name in names:
        used = any(_uses(column.type, name) for table in schema for column in table.columns)
        if used and (cascade or name in schema.enums):
            raise reader.unread()  # CASCADE takes columns along; without it the server refuses
    return [ops.DropEnum(name, if_exists) for name in names if name in schema.enums or not if_exists]


def _uses(type_: Type, name: TableName) -> bool:
    return retyped(type_, name, ("gitmig", "no such member")) != type_


def alter_type(reader: Reader, schema: Schema) -> list[Operation] | None:
    name = TableName(*reader.path())
    if name not in schema.enums:
        if reader.sees("OWNER"):
            return None
        raise SchemaError(f"there is no type {name} to change")
    values = list(schema.enums[name].values)
    if reader.takes("ADD", "VALUE"):
        if_not_exists = reader.takes("IF", "NOT", "EXISTS")
        value = reader.string()
        place = len(values)
        side = reader.takes_one("BEFORE", "AFTER")
        if side is not None:
            beside = reader.string()
            if beside not in values:
                raise reader.unread()
            place = values.index(beside) + (side == "AFTER")
        reader.end()
        if value in values:
            if if_not_exists:
                return []
            raise SchemaError(f"type {name} has a member {value} already")
        values.insert(place, value)
        return [ops.SetEnumValues(name, tuple(values), if_not_exists)]
    if reader.takes("RENAME", "VALUE"):
        old = reader.string()
        reader.need("TO")
        new = reader.string()
        reader.end()
        if old not in values:
            raise SchemaError(f"type {name} has no member {old}")
        return [ops.SetEnumValues(name, tuple(new if value == old else value for value in values))]
    if reader.takes("RENAME", "TO"):
        new_name = TableName(reader.name(), name.schema)
        reader.end()
        return rename_type(schema, name, new_name)
    if reader.takes("OWNER", "TO"):
        return None
    raise reader.unread()


def rename_type(schema: Schema, old: TableName, new: TableName) -> list[Operation]:
    """ALTER TYPE ... RENAME: every column that has the type says its new name."""
    found: list[Operation] = [ops.CreateEnum(replace(schema.enums[old], name=new.name))]
    for table in schema:
        for column in table.columns:
            if _uses(column.type, old):
                renamed = _renamed(column.type, old, new)
                found.append(ops.AlterColumn(table.name, column.name, ColumnChange(type=renamed)))
    return [*found, ops.DropEnum(old)]


def _renamed(type_: Type, old: TableName, new: TableName) -> Type:
    if not _uses(type_, old):
        return type_
    arguments: list[tuple[str, Value]] = []
    for key, value in type_.args:
        if key == "name" and value == old.name:
            value = new.name
        elif isinstance(value, Type):
            value = _renamed(value, old, new)
        elif isinstance(value, tuple):
            value = tuple(_renamed(each, old, new) if isinstance(each, Type) else each for each in value)
        arguments.append((key, value))
    return replace(type_, args=tuple(arguments), original=None)


# -- sequences and schemas


def create_sequence(reader: Reader, schema: Schema) -> list[Operation] | None:
    if_not_exists = reader.takes("IF", "NOT", "EXISTS")
    name, owner = reader.path()
    found: dict[str, Any] = {}
    owned = False
    while not reader.done:
        if reader.takes("START"):
            reader.takes_one("WITH", "=")
            found["start"] = reader.integer()
        elif reader.takes("INCREMENT"):
            reader.takes_one("BY", "=")
            found["increment"] = reader.integer()
        elif reader.takes("NO", "MINVALUE"):
            found["nominvalue"] = True
        elif reader.takes("NO", "MAXVALUE"):
            found["nomaxvalue"] = True
        elif reader.takes("MINVALUE"):
            found["minvalue"] = reader.integer()
        elif reader.takes("MAXVALUE"):
            found["maxvalue"] = reader.integer()
        elif reader.takes("CACHE"):
            found["cache"] = reader.integer()
        elif reader.takes("NO", "CYCLE"):
            found["cycle"] = False
        elif reader.takes("CYCLE"):
            found["cycle"] = True
        elif reader.takes("OWNED", "BY"):
            owned = _owner(reader) is not None
        elif reader.takes("AS"):
            found["data_type"] = freeze_type(read_type(reader, schema)[0])
        else:
            raise reader.unread()
    # One that belongs to a column is part of it.
    return [] if owned else [ops.CreateSequence(Sequence(name, owner, options(found)), if_not_exists)]


def _owner(reader: Reader) -> tuple[TableName, str] | None:
    """The table and column behind OWNED BY; None for NONE."""
    if reader.takes("NONE"):
        return None
    names = [reader.name()]
    while reader.takes("."):
        names.append(reader.name())
    if len(names) not in (2, 3):
        raise reader.unread()
    return TableName(names[-2], names[0] if len(names) == 3 else None), names[-1]


def drop_sequence(reader: Reader, schema: Schema) -> list[Operation] | None:
    if_exists = reader.takes("IF", "EXISTS")
    names = [TableName(*reader.path())]
    while reader.takes(","):
        names.append(TableName(*reader.path()))
    if reader.takes("CASCADE"):
        raise reader.unread()
    reader.takes("RESTRICT")
    reader.end()
    # The sequence behind a SERIAL column is part of the column, and can only be dropped once the column counts no more.
    behind = {TableName(f"{table.name.name}_{column.name}_seq", table.name.schema) for table in schema for column in table.columns}
    return [ops.DropSequence(name, if_exists) for name in names if name in schema.sequences or name not in behind]


def alter_sequence(reader: Reader, schema: Schema) -> list[Operation] | None:
    """What changes where it goes on, or whose it is, is no part of the schema."""
    reader.takes("IF", "EXISTS")
    name = TableName(*reader.path())
    if reader.takes("RENAME", "TO"):
        new = TableName(reader.name(), name.schema)
        reader.end()
        known = schema.sequences.get(name)
        return [] if known is None else [ops.CreateSequence(replace(known, name=new.name)), ops.DropSequence(name)]
    if reader.takes("OWNED", "BY"):
        return _owned(name, _owner(reader), schema)
    if reader.takes_one("RESTART", "OWNER"):
        return None
    raise reader.unread()


def _owned(name: TableName, owner: tuple[TableName, str] | None, schema: Schema) -> list[Operation] | None:
    """A sequence that comes to belong to a column is part of it from then on, and what asks it for a default is SERIAL."""
    if owner is None or name not in schema.sequences:
        return None
    effects: list[Operation] = [ops.DropSequence(name)]
    table, column = owner
    if table in schema.tables and sequence_asked(schema.tables[table].column(column).default) == name:
        effects.append(ops.AlterColumn(table, column, ops.ColumnChange(default=None, serial=True)))
    return effects


def create_schema(reader: Reader, schema: Schema) -> list[Operation] | None:
    if_not_exists = reader.takes("IF", "NOT", "EXISTS")
    name = reader.name()
    if reader.takes("AUTHORIZATION"):
        reader.name()
    reader.end()
    return [ops.CreateSchema(name, if_not_exists)]


def drop_schema(reader: Reader, schema: Schema) -> list[Operation] | None:
    if_exists = reader.takes("IF", "EXISTS")
    name = reader.name()
    cascade = reader.takes("CASCADE")
    reader.takes("RESTRICT")
    reader.end()
    return [ops.DropSchema(name, if_exists, cascade)]


def alter_index(reader: Reader, schema: Schema) -> list[Operation] | None:
    """PostgreSQL's ALTER INDEX ... RENAME TO."""
    if_exists = reader.takes("IF", "EXISTS")
    name, owner = reader.path()
    if not reader.takes("RENAME", "TO"):
        return None
    new = reader.name()
    reader.end()
    for table in schema:
        keys = {each.name or each.made for each in (*table.uniques, *((table.primary_key,) if table.primary_key else ()))}
        if table.name.schema == owner and (name in keys or any(index.name == name for index in table.indexes)):
            return rename_index(schema, table.name, name, new, reader)
    if if_exists:
        return []
    raise SchemaError(f"there is no index {name}")


CREATED: Mapping[str, Read] = {"TYPE": create_type, "SEQUENCE": create_sequence, "SCHEMA": create_schema}
DROPPED: Mapping[str, Read] = {"TYPE": drop_type, "SEQUENCE": drop_sequence, "SCHEMA": drop_schema}
ALTERED: Mapping[str, Read] = {"TYPE": alter_type, "SEQUENCE": alter_sequence, "INDEX": alter_index}
