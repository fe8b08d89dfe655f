"""PostgreSQL's enumerated types as source: made, dropped, and given other members."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from gitmig import ops
from gitmig.ops.objects import retyped
from gitmig.schema.enumtypes import named_in_ddl
from gitmig.schema.spelling import dialect_named, text_element
from gitmig.schema.values import Check, Column, Index, Sql, Table, TableName, Type, option
from gitmig.script import tablesource as parts
from gitmig.script.layout import Argument, Call, Code, Method, call, listing, literal, quoted
from gitmig.script.typesource import Writer

_WORD = re.compile(r"\w+")


def type_call(name: TableName, values: Sequence[str], action: str) -> Code:
    """``sa.Enum(...).create(...)`` or ``.drop(...)``: on other databases than PostgreSQL these do nothing."""
    members = tuple(Argument(quoted(value)) for value in values)
    enum = Call("sa.Enum", (*members, Argument(quoted(name.name), "name"), *parts.schema_keyword(name)))
    return Method(enum, action, (Argument(call("op.get_bind")), Argument("True", "checkfirst")))


def set_enum_values(writer: Writer, step: ops.Step, op: ops.SetEnumValues, later: Iterable[ops.Step] = ()) -> Iterator[Code]:
    """New members are added in their places. One that goes or moves needs another type: the columns become text while it is made.
    So does one that the ``later`` steps of the same revision use: a value added to a type cannot be used before that transaction is over
    (PostgreSQL's manual, ALTER TYPE, Notes), while those of a new type can."""
    added = op.added(step.before)
    if added is not None and not any(_uses(each, value) for each in later for value in added):
        yield from _add_values(op, added)
        return
    changed = [
        (table.name, column)
        for table in step.before
        for column in table.columns
        if retyped(column.type, op.name, ("\0",)) != column.type or named_in_ddl(column.type, op.name)
    ]
    aside = [part for table in step.before for part in _speaking(table, {column.name for name, column in changed if name == table.name})]
    for name, part in aside:
        yield _drop(name, part)
    for name, column in changed:
        yield from _leave(writer, name, column)
    yield type_call(op.name, (), "drop")
    yield type_call(op.name, op.values, "create")
    for name, column in changed:
        yield from _enter(writer, op.name, name, column, step.after.table(name).column(column.name))
    for name, part in aside:
        yield _create(writer, name, part)


def _speaking(table: Table, columns: set[str]) -> Iterator[tuple[TableName, Index | Check]]:
    """What compares the columns with members of the type, which no text is: partial indexes, those on expressions, checks with a name."""
    for index in table.indexes:
        if any(set(_WORD.findall(text)) & columns for text in _index_texts(index)):
            yield table.name, index
    for check in table.checks:
        if (check.name or check.made) and not check.type_bound and set(_WORD.findall(check.sql.text)) & columns:
            yield table.name, check


def _drop(table: TableName, part: Index | Check) -> Code:
    if isinstance(part, Index):
        name = parts.name_of(part) or "None"
        return Call("op.drop_index", (Argument(name), Argument(quoted(table.name), "table_name"), *parts.schema_keyword(table)))
    name = parts.name_of(part) or quoted(str(part.made))
    arguments = (Argument(name), Argument(quoted(table.name)), Argument(quoted("check"), "type_"))
    return Call("op.drop_constraint", (*arguments, *parts.schema_keyword(table)))


def _create(writer: Writer, table: TableName, part: Index | Check) -> Code:
    if isinstance(part, Index):
        elements = listing(parts.index_element(writer, each) for each in part.elements)
        first = (Argument(parts.name_of(part) or "None"), Argument(quoted(table.name)), Argument(elements))
        more = (Argument(literal(part.unique), "unique"), *parts.schema_keyword(table), *parts.dialect_keywords(writer, part.options))
        return Call("op.create_index", (*first, *more))
    name = parts.name_of(part) or quoted(str(part.made))
    first = (Argument(name), Argument(quoted(table.name)), Argument(parts.check_sql(writer, part)))
    return Call("op.create_check_constraint", (*first, *parts.schema_keyword(table), *parts.keywords(parts.timing(part))))


def _uses(step: ops.Step, value: str) -> bool:
    """Whether a default, a generated column, a check or an index speaks of the value. That a type lists it is no use of it."""
    return any(text == value or _sql_text(value) in text for text in _texts(step))


def _texts(step: ops.Step) -> Iterator[str]:
    match step.op:
        case ops.CreateTable(table):
            yield from (check.sql.text for check in table.checks)
            for column in table.columns:
                yield from _column_texts(column)
            for index in table.indexes:
                yield from _index_texts(index)
        case ops.AddColumn(column=column, checks=checks):
            yield from (check.sql.text for check in checks)
            yield from _column_texts(column)
        case ops.AlterColumn(table=name, name=old, change=change):
            yield from _column_texts(step.after.table(name).column(change.name if isinstance(change.name, str) else old))
        case ops.AddConstraint(constraint=Check() as check):
            yield check.sql.text
        case ops.CreateIndex(index=index):
            yield from _index_texts(index)
        case _:
            return


def _column_texts(column: Column) -> Iterator[str]:
    if column.default is not None:
        yield column.default.text
    if column.computed is not None:
        yield column.computed.sql.text


def _index_texts(index: Index) -> Iterator[str]:
    yield from (element.sql.text for element in index.elements if element.sql is not None)
    yield from (value.text for _, value in index.options if isinstance(value, Sql))


def _add_values(op: ops.SetEnumValues, added: Sequence[str]) -> Iterator[Code]:
    for place, value in enumerate(op.values):
        if value not in added:
            continue
        where = ""
        following = next((each for each in op.values[place:] if each not in added), None)
        if following is not None:
            where = f" AFTER {_sql_text(op.values[place - 1])}" if place else f" BEFORE {_sql_text(following)}"
        sql = f"ALTER TYPE {_sql_name(op.name)} ADD VALUE IF NOT EXISTS {_sql_text(value)}{where}"
        yield call("op.execute", quoted(text_element(sql).text))


def _leave(writer: Writer, name: TableName, column: Column) -> Iterator[Code]:
    """A default is of the old type, and PostgreSQL casts none: it goes first."""
    existing = Argument(writer.type(column.type), "existing_type")
    if column.default is not None:
        yield _alter(name, column, existing, Argument("None", "server_default"))
    kind, array = _text_type(writer, column)
    using = f"{_sql_name(TableName(column.name))}::text{array}"
    nullable = Argument(literal(column.nullable), "existing_nullable")
    yield _alter(name, column, existing, Argument(kind, "type_"), nullable, Argument(quoted(using), "postgresql_using"))


def _enter(writer: Writer, enum: TableName, name: TableName, before: Column, after: Column) -> Iterator[Code]:
    kind, array = _text_type(writer, before)
    new = writer.type(after.type)
    using = f"{_sql_name(TableName(after.name))}::{_sql_name(enum)}{array}"
    nullable = Argument(literal(after.nullable), "existing_nullable")
    yield _alter(
        name, after, Argument(kind, "existing_type"), Argument(new, "type_"), nullable, Argument(quoted(using), "postgresql_using")
    )
    if after.default is not None:
        default = Argument(writer.default(after.default), "server_default")
        yield _alter(name, after, Argument(new, "existing_type"), default)


def _alter(name: TableName, column: Column, *arguments: Argument) -> Code:
    first = (Argument(quoted(name.name)), Argument(quoted(column.name)))
    return Call("op.alter_column", (*first, *arguments, *parts.schema_keyword(name)))


def _text_type(writer: Writer, column: Column) -> tuple[Code, str]:
    """The type that a column has while its enumerated type is made anew, and "[]" where it is an array."""
    if isinstance(option(column.type.args, "item_type"), Type):
        writer.imports.add("from sqlalchemy.dialects import postgresql")
        return call("postgresql.ARRAY", "sa.Text()"), "[]"
    return "sa.Text()", ""


def _sql_text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _sql_name(name: TableName) -> str:
    preparer = dialect_named("postgresql").identifier_preparer
    local = str(preparer.quote(name.name))
    return f"{preparer.quote(name.schema)}.{local}" if name.schema else local
