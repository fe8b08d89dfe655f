"""Schemas, and operations drawn from the schema that they meet.

``schemas()`` gives sound schemas: keys of columns that exist, foreign keys into keys of the same types, enumerated types in use.
``operations(schema)`` gives one operation that fits, ``histories()`` a schema with operations that fit one after the other.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from gitmig import ops
from gitmig.schema.freeze import native_enums, schema_of
from gitmig.schema.values import (
    Check,
    Column,
    Enum,
    ForeignKey,
    Index,
    IndexElement,
    PrimaryKey,
    Schema,
    Sequence,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
    options,
)

# Names that need quotes on one database or another stand among plain ones.
_WORDS = ("a", "b", "c", "id", "email", "user_id", "created", "Order", "select", "two words", "naïve", "x1")
_TABLES = ("users", "posts", "tags", "Line Items", "order", "t1", "t2")
_ENUMS = (Enum("mood", ("glad", "sad")), Enum("size", ("s", "m", "l")), Enum("Kind", ("it's", "100%")))

_PLAIN_TYPES = (
    Type("sqlalchemy.Integer"),
    Type("sqlalchemy.BigInteger"),
    Type("sqlalchemy.String", options({"length": 20})),
    Type("sqlalchemy.String", options({"length": 50})),
    Type("sqlalchemy.Numeric", options({"precision": 10, "scale": 2})),
    Type("sqlalchemy.DateTime"),
    Type("sqlalchemy.Date"),
    Type("sqlalchemy.Boolean"),
    Type("sqlalchemy.Float"),
)
_KEY_TYPES = _PLAIN_TYPES[:3]
_ACTIONS = (None, "CASCADE", "SET NULL")


def enum_type(enum: Enum) -> Type:
    return Type("sqlalchemy.Enum", options({"*": enum.values, "name": enum.name}))


def _enum_of(type_: Type) -> Enum | None:
    return next(iter(native_enums(type_)), None)


@st.composite
def types(draw: DrawFn, known: tuple[Enum, ...] = _ENUMS) -> Type:
    """A type that all three databases have; enumerated ones as ``known`` says."""
    chosen: Type = draw(st.sampled_from((*_PLAIN_TYPES, *(enum_type(enum) for enum in known))))
    return chosen


@st.composite
def defaults(draw: DrawFn, type_: Type) -> ServerDefault | None:
    """A server default that fits the type, or none."""
    name = type_.path.rpartition(".")[2]
    choices: dict[str, tuple[ServerDefault, ...]] = {
        "Integer": (ServerDefault("literal", "0"), ServerDefault("sql", "7"), ServerDefault("literal", "-1")),
        "BigInteger": (ServerDefault("sql", "7"),),
        "String": (ServerDefault("literal", ""), ServerDefault("literal", "it's"), ServerDefault("literal", "x")),
        "Numeric": (ServerDefault("literal", "1.5"),),
        "DateTime": (ServerDefault("sql", "CURRENT_TIMESTAMP"),),
    }
    found: ServerDefault | None = draw(st.sampled_from((None, None, *choices.get(name, ()))))
    return found


@st.composite
def columns(draw: DrawFn, name: str, known: tuple[Enum, ...] = _ENUMS) -> Column:
    type_ = draw(types(known))
    comment = draw(st.sampled_from((None, None, None, "a comment", "it's 100%")))
    return Column(name, type_, draw(st.booleans()), draw(defaults(type_)), comment=comment)


def known_enums(schema: Schema) -> tuple[Enum, ...]:
    """The enumerated types to draw from: as the schema has them where it has them."""
    return tuple(schema.enums.get(enum.key(), enum) for enum in _ENUMS)


@st.composite
def tables(draw: DrawFn, name: TableName, others: Schema) -> Table:
    """A table with keys and indexes, its foreign keys into ``others`` or itself."""
    names = draw(st.lists(st.sampled_from(_WORDS), min_size=1, max_size=5, unique=True))
    known = known_enums(others)
    made = [draw(columns(each, known)) for each in names]
    key: PrimaryKey | None = None
    if draw(st.integers(0, 4)):
        # A key of one or two columns of simple types.
        made[0] = Column(made[0].name, draw(st.sampled_from(_KEY_TYPES)), False)
        in_key = [made[0].name]
        if len(made) > 1 and draw(st.integers(0, 4)) == 0:
            made[1] = replace(made[1], type=_KEY_TYPES[0], nullable=False, default=None)
            in_key.append(made[1].name)
        key = PrimaryKey(tuple(in_key), draw(st.sampled_from((None, f"pk_{_plain(name.name)}"))))
    table = Table(name, tuple(made), key, comment=draw(st.sampled_from((None, None, "all of them"))))
    for _ in range(draw(st.integers(0, 2))):
        table = _with_foreign_key(draw, table, others)
    for number in range(draw(st.integers(0, 2))):
        unique = draw(uniques(table, f"uq_{_plain(name.name)}_{number}"))
        if not _repeats(table, unique):
            table = replace(table, uniques=(*table.uniques, unique))
    for number in range(draw(st.integers(0, 1))):
        table = replace(table, checks=(*table.checks, draw(checks(table, f"ck_{_plain(name.name)}_{number}"))))
    for number in range(draw(st.integers(0, 2))):
        index = draw(indexes(table, f"ix_{_plain(name.name)}_{number}"))
        table = replace(table, indexes=(*table.indexes, index))
    return table


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_")


def _with_foreign_key(draw: DrawFn, table: Table, others: Schema) -> Table:
    targets = [each for each in (*others, table) if each.primary_key and len(each.primary_key.columns) == 1]
    free = [word for word in _WORDS if not table.has_column(word)]
    if not targets or not free:
        return table
    target = draw(st.sampled_from(targets))
    assert target.primary_key is not None
    there = target.column(target.primary_key.columns[0])
    name = draw(st.sampled_from(free))
    column = Column(name, there.type)
    key = draw(foreign_keys(table.name, (name,), target))
    return replace(table, columns=(*table.columns, column), foreign_keys=(*table.foreign_keys, key))


@st.composite
def foreign_keys(draw: DrawFn, table: TableName, own: tuple[str, ...], target: Table) -> ForeignKey:
    assert target.primary_key is not None
    name = draw(st.sampled_from((None, f"fk_{_plain(table.name)}_{_plain(own[0])}")))
    return ForeignKey(own, target.name, target.primary_key.columns, name, draw(st.sampled_from(_ACTIONS)), draw(st.sampled_from(_ACTIONS)))


@st.composite
def uniques(draw: DrawFn, table: Table, name: str | None) -> Unique:
    return Unique(draw(_some_columns(table)), name)


def _repeats(table: Table, unique: Unique) -> bool:
    """PostgreSQL makes one of two keys of the same columns when they are created together, and two when they come one by one."""
    keys = [each.columns for each in (*table.uniques, table.primary_key) if each is not None]
    return unique.columns in keys


@st.composite
def checks(draw: DrawFn, table: Table, name: str | None) -> Check:
    column = draw(st.sampled_from(table.columns))
    quoted = '"' + column.name + '"'
    return Check(Sql(draw(st.sampled_from((f"{quoted} IS NOT NULL", f"{quoted} IS NULL OR {quoted} = {quoted}")))), name)


@st.composite
def indexes(draw: DrawFn, table: Table, name: str) -> Index:
    keys = draw(_some_columns(table))
    sorts = [draw(st.sampled_from(("", "", "DESC"))) for _ in keys]
    return Index(name, tuple(IndexElement(key, None, sort) for key, sort in zip(keys, sorts, strict=True)), draw(st.booleans()))


def _some_columns(table: Table) -> SearchStrategy[tuple[str, ...]]:
    names = [column.name for column in table.columns]
    return st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)


@st.composite
def schemas(draw: DrawFn, *, max_tables: int = 4) -> Schema:
    """A sound schema."""
    names = draw(st.lists(st.sampled_from(_TABLES), max_size=max_tables, unique=True))
    schema = Schema()
    for name in names:
        table = draw(tables(TableName(name), schema))
        schema = schema_of([*schema.tables.values(), table])
    if draw(st.integers(0, 3)) == 0:
        schema = schema.with_sequence(Sequence("numbers", None, options({"start": 5})))
    return schema


# ---------------------------------------------------------------------------------------------------------------------- operations


@st.composite
def operations(draw: DrawFn, schema: Schema) -> ops.Operation:
    """An operation that fits the schema."""
    makers = [_create_table, _enum_operation, _sequence_operation, _schema_operation]
    if schema.tables:
        makers += [_table_operation, _table_operation, _column_operation, _column_operation, _column_operation]
        makers += [_constraint_operation, _constraint_operation, _index_operation]
    operation: ops.Operation = draw(st.sampled_from(makers))(draw, schema)
    return operation


@st.composite
def histories(draw: DrawFn, *, max_operations: int = 6) -> tuple[Schema, tuple[ops.Operation, ...]]:
    """A schema, and operations that fit one after the other from there."""
    start: Schema = draw(schemas(max_tables=3))
    schema, found = start, []
    for _ in range(draw(st.integers(0, max_operations))):
        operation = draw(operations(schema))
        schema = operation.apply(schema)
        found.append(operation)
    return start, tuple(found)


def _choose(draw: DrawFn, things: Any) -> Any:
    """One of the things; where there is none, this example is given up."""
    found = list(things)
    assume(found)
    return draw(st.sampled_from(found))


def _flip(draw: Any) -> bool:
    return bool(draw(st.booleans()))


def _table_of(draw: DrawFn, schema: Schema) -> Table:
    table: Table = _choose(draw, schema)
    return table


def _referred(schema: Schema, name: TableName, *, by_others: bool = False) -> set[str]:
    """The columns of a table that foreign keys refer to."""
    tables_: list[Table] = [table for table in schema if not (by_others and table.name == name)]
    return {column for table in tables_ for key in table.foreign_keys if key.target == name for column in key.target_columns}


def _create_table(draw: DrawFn, schema: Schema) -> ops.Operation:
    name = TableName(_choose(draw, [each for each in _TABLES if TableName(each) not in schema.tables]))
    table = draw(tables(name, schema))
    taken = {index.name for each in schema for index in each.indexes}
    table = replace(table, indexes=tuple(index for index in table.indexes if index.name not in taken))
    missing = [enum for column in table.columns if (enum := _enum_of(column.type)) and enum.key() not in schema.enums]
    if missing:
        return ops.CreateEnum(missing[0])
    return ops.CreateTable(table)


def _table_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    table = _table_of(draw, schema)
    kind = draw(st.sampled_from(("drop", "rename", "comment", "group", "execute")))
    if kind == "drop" and not _referred(schema, table.name, by_others=True):
        return ops.DropTable(table.name)
    if kind == "rename":
        free = [TableName(each) for each in _TABLES if TableName(each) not in schema.tables]
        return ops.RenameTable(table.name, _choose(draw, free))
    if kind == "group":
        first = _column_operation(draw, schema)
        return ops.AlterTable(first.table, (first,)) if isinstance(first, (ops.AddColumn, ops.DropColumn, ops.AlterColumn)) else first
    if kind == "execute":
        return ops.Execute(Sql("UPDATE users SET x = 1"), "data", touches=(table.name,))
    return ops.SetTableComment(table.name, draw(st.sampled_from((None, "one", "two"))))


def _column_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    table = _table_of(draw, schema)
    kind = draw(st.sampled_from(("add", "drop", "alter", "alter", "rename")))
    free = [word for word in _WORDS if not table.has_column(word)]
    if kind == "add" and free:
        known = tuple(enum for enum in known_enums(schema) if enum.key() in schema.enums)
        return ops.AddColumn(table.name, draw(columns(draw(st.sampled_from(free)), known)))
    column: Column = draw(st.sampled_from(table.columns))
    in_checks = any(f'"{column.name}"' in check.sql.text for check in table.checks)
    if kind == "drop" and len(table.columns) > 1 and column.name not in _referred(schema, table.name) and not in_checks:
        return ops.DropColumn(table.name, column.name)
    if kind == "rename" and free and not in_checks:
        return ops.AlterColumn(table.name, column.name, ops.ColumnChange(name=draw(st.sampled_from(free))))
    in_key = table.primary_key is not None and column.name in table.primary_key.columns
    held = in_key or any(column.name in key.columns for key in table.foreign_keys)
    if held:
        return ops.AlterColumn(table.name, column.name, ops.ColumnChange(comment=draw(st.sampled_from((None, "new")))))
    change = draw(
        st.sampled_from(
            (
                ops.ColumnChange(nullable=not column.nullable),
                ops.ColumnChange(default=None),
                ops.ColumnChange(type=Type("sqlalchemy.String", options({"length": 50})), default=None),
                ops.ColumnChange(type=Type("sqlalchemy.Integer"), default=ServerDefault("sql", "7")),
                ops.ColumnChange(comment="new"),
            )
        )
    )
    return ops.AlterColumn(table.name, column.name, change)


def _constraint_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    table = _table_of(draw, schema)
    kind = draw(st.sampled_from(("unique", "check", "foreign", "drop", "drop")))
    taken = {each.name for each in table.constraints()}
    number = next(each for each in range(99) if not {f"{word}_new_{each}" for word in ("uq", "ck", "fk")} & taken)
    if kind == "unique":
        unique = draw(uniques(table, f"uq_new_{number}"))
        assume(not _repeats(table, unique))
        return ops.AddConstraint(table.name, unique)
    if kind == "check":
        return ops.AddConstraint(table.name, draw(checks(table, f"ck_new_{number}")))
    if kind == "foreign":
        pairs = [
            (column, target)
            for target in schema
            if target.primary_key and len(target.primary_key.columns) == 1
            for column in table.columns
            if column.type == target.column(target.primary_key.columns[0]).type
        ]
        column, target = _choose(draw, pairs)
        key = replace(draw(foreign_keys(table.name, (column.name,), target)), name=f"fk_new_{number}")
        assume(all((each.columns, each.target) != (key.columns, key.target) for each in table.foreign_keys))
        return ops.AddConstraint(table.name, key)
    referred = _referred(schema, table.name)
    droppable = [
        each
        for each in table.constraints()
        if each.name is not None and not (isinstance(each, (PrimaryKey, Unique)) and referred & set(each.columns))
    ]
    constraint = _choose(draw, droppable)
    return ops.DropConstraint(table.name, constraint.name, constraint=draw(st.sampled_from((None, constraint))))


def _index_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    table = _table_of(draw, schema)
    if table.indexes and _flip(draw):
        index = draw(st.sampled_from(table.indexes))
        return ops.DropIndex(draw(st.sampled_from((table.name, None))), index.name, index)
    taken = {index.name for each in schema for index in each.indexes}
    name = next(f"ix_new_{number}" for number in range(99) if f"ix_new_{number}" not in taken)
    return ops.CreateIndex(table.name, draw(indexes(table, name)))


def _enum_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    used = {enum.key() for table in schema for column in table.columns for enum in native_enums(column.type)}
    kind = draw(st.sampled_from(("create", "drop", "values")))
    if kind == "create":
        return ops.CreateEnum(_choose(draw, [enum for enum in _ENUMS if enum.key() not in schema.enums]))
    if kind == "drop":
        return ops.DropEnum(_choose(draw, [name for name in sorted(schema.enums, key=str) if name not in used]))
    enum: Enum = _choose(draw, [schema.enums[name] for name in sorted(schema.enums, key=str)])
    values = draw(st.sampled_from(((*enum.values, f"new{len(enum.values)}"), enum.values[::-1], enum.values[:1])))
    return ops.SetEnumValues(enum.key(), values)


def _sequence_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    if schema.sequences and _flip(draw):
        return ops.DropSequence(_choose(draw, sorted(schema.sequences, key=str)))
    free = [name for name in ("numbers", "more") if TableName(name) not in schema.sequences]
    return ops.CreateSequence(Sequence(_choose(draw, free), None, options({"start": 5})))


def _schema_operation(draw: DrawFn, schema: Schema) -> ops.Operation:
    if "shop" in schema.schemas:
        return ops.DropSchema("shop")
    return ops.CreateSchema("shop")


# ------------------------------------------------------------------------------------------------------------------------ soundness


def unsound(schema: Schema) -> list[str]:
    """What is wrong in a schema: a part that names something that is not there."""
    found: list[str] = []
    for table in schema:
        names = [column.name for column in table.columns]
        if len(set(names)) != len(names):
            found.append(f"{table.name} has a column twice")
        parts: list[tuple[object, tuple[str, ...]]] = [(unique, unique.columns) for unique in table.uniques]
        parts += [(foreign, foreign.columns) for foreign in table.foreign_keys]
        parts += [(index, index.columns()) for index in table.indexes]
        if table.primary_key:
            parts.append((table.primary_key, table.primary_key.columns))
            in_key = [column for column in table.columns if column.name in table.primary_key.columns]
            found += [f"{table.name}.{column.name} is in the key and nullable" for column in in_key if column.nullable]
        found += [f"{part} of {table.name} names a column that is not there" for part, held in parts if not set(held) <= set(names)]
        for foreign in table.foreign_keys:
            target = schema.tables.get(foreign.target)
            if target is None or not all(target.has_column(name) for name in foreign.target_columns):
                found.append(f"{foreign} of {table.name} refers to nothing")
        for column in table.columns:
            for enum in native_enums(column.type):
                if schema.enums.get(enum.key()) != enum:
                    found.append(f"{table.name}.{column.name} has a type {enum} that the schema has not")
        given = [each.name for each in table.constraints() if each.name is not None]
        if len(set(given)) != len(given):
            found.append(f"{table.name} has a constraint twice")
    return found


def nameless(schema: Schema) -> Schema:
    """Without the names of constraints: to a diff, a name that one side leaves to the server is no difference."""
    for table in schema:
        uniques_ = [replace(unique, name=None) for unique in table.uniques]
        foreign = [replace(key, name=None) for key in table.foreign_keys]
        key = replace(table.primary_key, name=None) if table.primary_key else None
        table = replace(table, primary_key=key, uniques=tuple(sorted(uniques_, key=repr)), foreign_keys=tuple(sorted(foreign, key=repr)))
        schema = schema.with_table(table)
    return replace(schema, schemas=frozenset())
