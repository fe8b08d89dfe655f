"""Values as SQLAlchemy's schema objects: ``thaw``.

What is made compiles to the DDL of what was frozen, on every dialect. Tables that a foreign key names and that are not there stand in
the metadata as stubs, since SQLAlchemy compiles no reference to a table it does not have.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.sql.elements import conv, quoted_name

from gitmig.schema.spelling import dialect_named, element_of, text_element
from gitmig.schema.thawtypes import WrittenType, python_value, thaw_type
from gitmig.schema.values import (
    Check,
    Column,
    Constraint,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    IndexElement,
    Options,
    PrimaryKey,
    Schema,
    Sequence,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Unique,
    Value,
    kind_of,
    option,
)

_STUB = "gitmig_stub"
# SQLAlchemy 2.1 made ORDER and ON NULL of sequences options of the dialect.
_ORACLE_OPTIONS = hasattr(sa.Sequence, "dialect_kwargs")
# Options that are no dialect keywords: each is put where it belongs by hand.
_OWN = frozenset({"comment", "deferrable", "dialects", "info", "initially", "ops", "prefixes", "python_default", "quote"})
_OWN |= {"quote_schema", "sequence", "system", "target_quote"}


def thaw(schema: Schema, metadata: sa.MetaData | None = None) -> sa.MetaData:
    """A metadata with every table and sequence of ``schema``."""
    metadata = sa.MetaData() if metadata is None else metadata
    for sequence in schema.sequences.values():
        thaw_sequence(sequence, metadata)
    for table in schema:
        _table(table, metadata)
    for table in schema:
        _stubs(table, metadata)
    return metadata


def thaw_table(table: Table, metadata: sa.MetaData | None = None) -> sa.Table:
    """The table, in ``metadata`` (None: one of its own), with its constraints and indexes. A stub of it there is replaced."""
    metadata = sa.MetaData() if metadata is None else metadata
    result = _table(table, metadata)
    _stubs(table, metadata)
    return result


def is_stub(table: sa.Table) -> bool:
    """True for a table that stands only so that foreign keys can name it."""
    return bool(table.info.get(_STUB))


def thaw_sequence(sequence: Sequence, metadata: sa.MetaData | None = None) -> sa.Sequence:
    arguments = _generator_options(sequence.options)
    return sa.Sequence(sequence.name, schema=_schema(sequence.schema), metadata=metadata, **arguments)


def thaw_column(column: Column) -> sa.Column[Any]:
    """The column, in no table. Whether it is part of a key is said by the table."""
    return _column(column, ())


def thaw_index(index: Index, table: sa.Table) -> sa.Index:
    """The index, attached to ``table``."""
    elements = [_element(each, table) for each in index.elements]
    result: Any = sa.Index(_name(index), *elements, unique=index.unique, **_keywords(index.options))
    if result.table is None:
        table.append_constraint(result)  # an index of expressions only finds no table by itself
    _only_on(result, index.options)
    return cast(sa.Index, result)


def thaw_constraint(constraint: Constraint, table: sa.Table | None = None) -> sa.Constraint:
    """The constraint, attached to ``table`` when one is given."""
    result: sa.Constraint = _constraint(constraint, table)
    if table is not None and result not in table.constraints:
        table.append_constraint(result)
    return result


def _table(table: Table, metadata: sa.MetaData) -> sa.Table:
    present = metadata.tables.get(_key(table.name))
    if present is not None and is_stub(present):
        metadata.remove(present)
    inline: dict[str, list[Check]] = {}
    for check in table.checks:
        if check.column is not None and not check.type_bound:
            inline.setdefault(check.column, []).append(check)
    columns = [_column(column, inline.get(column.name, ())) for column in table.columns]
    info = option(table.options, "info")
    quote_schema = option(table.options, "quote_schema")
    result = sa.Table(
        _quoted(table.name.name, table.options),
        metadata,
        *columns,
        schema=_schema(table.name.schema),
        comment=table.comment,
        prefixes=[str(each) for each in _tuple(option(table.options, "prefixes"))],
        info=python_value(info) if info else None,
        quote_schema=quote_schema if isinstance(quote_schema, bool) else None,
        **_keywords(table.options),
    )
    made = _made_by_types(result)
    if table.primary_key is not None:
        result.append_constraint(_constraint(table.primary_key, result))
        for column, value in zip(result.columns, table.columns, strict=True):
            column.nullable = value.nullable
    for constraint in _in_order(table):
        if isinstance(constraint, Check) and constraint.type_bound and made.get(constraint.column):
            own = made[constraint.column].pop(0)
            own.name = _name(constraint)
            sa.util.set_creation_order(own)
        elif not isinstance(constraint, Check) or constraint.type_bound or not table.has_column(constraint.column or ""):
            thaw_constraint(constraint, result)
    for left in made.values():
        result.constraints.difference_update(left)
    for index in table.indexes:
        thaw_index(index, result)
    return result


def _made_by_types(table: sa.Table) -> dict[str | None, list[Any]]:
    """The checks that the columns' types have put on the table, by column."""
    found: dict[str | None, list[Any]] = {}
    for constraint in table.constraints:
        if getattr(constraint, "_type_bound", False) and isinstance(constraint, sa.CheckConstraint):
            column = next((str(each.name) for each in constraint.columns), None)
            found.setdefault(column, []).append(constraint)
    return found


def _only_on(thing: Any, options: Options) -> None:
    """DDL for the dialects named in the options only."""
    only = option(options, "dialects")
    if isinstance(only, tuple):
        thing.ddl_if(dialect=tuple(map(str, only)))


def _in_order(table: Table) -> Iterable[Constraint]:
    """The constraints but for the primary key, as they were written as far as that is still known."""
    groups: dict[str, list[Constraint]] = {}
    for constraint in table.constraints():
        if not isinstance(constraint, PrimaryKey):
            groups.setdefault(kind_of(constraint), []).append(constraint)
    for kind in table.written:
        if groups.get(kind):
            yield groups[kind].pop(0)
    for rest in groups.values():
        yield from rest


def _stubs(table: Table, metadata: sa.MetaData) -> None:
    for key in table.foreign_keys:
        _stub(key, metadata)


def _stub(key: ForeignKey, metadata: sa.MetaData) -> None:
    """The foreign key's target, unless it is there."""
    name = key.target
    table = metadata.tables.get(_key(name))
    if table is None:
        info = {_STUB: True}
        table = sa.Table(_target_name(key), metadata, schema=_schema(name.schema), info=info)
    if is_stub(table):
        for column in key.target_columns:
            if column not in table.columns:
                table.append_column(sa.Column(column, sa.types.NullType()))


def _target_name(key: ForeignKey) -> str:
    quote = option(key.options, "target_quote")
    return quoted_name(key.target.name, bool(quote)) if quote is not None else key.target.name


def _column(column: Column, checks: Iterable[Check]) -> sa.Column[Any]:
    arguments: list[Any] = []
    keywords = _keywords(column.options)
    sequence = option(column.options, "sequence")
    if isinstance(sequence, Sequence):
        arguments.append(thaw_sequence(sequence))
    if option(column.options, "python_default"):
        keywords["default"] = 0  # which value does not matter: that there is one keeps SERIAL away
    if column.computed is not None:
        arguments.append(sa.Computed(_sql(column.computed.sql), persisted=column.computed.persisted))
    if column.identity is not None:
        arguments.append(_identity(column.identity))
    arguments += [_constraint(check, None) for check in checks]
    if column.default is not None:
        keywords["server_default"] = thaw_default(column.default)
    if option(column.options, "system"):
        keywords["system"] = True
    info = option(column.options, "info")
    if info:
        keywords["info"] = python_value(info)
    return sa.Column(
        _quoted(column.name, column.options),
        thaw_type(column.type),
        *arguments,
        nullable=column.nullable,
        autoincrement=column.autoincrement,
        comment=column.comment,
        **keywords,
    )


def thaw_default(default: ServerDefault) -> Any:
    """What ``server_default`` takes."""
    match default.kind:
        case "literal":
            return default.text
        case "sql":
            return element_of(Sql(default.text, expression=default.expression, spelled=default.spelled, original=default.original))
        case "fetched":
            return default.original if default.original is not None else sa.FetchedValue()


def _identity(identity: Identity) -> sa.Identity:
    arguments = _generator_options(identity.options)
    if identity.on_null is not None:
        arguments["oracle_on_null" if _ORACLE_OPTIONS else "on_null"] = identity.on_null
    arguments.setdefault("always", identity.always)
    return sa.Identity(**arguments)


def _generator_options(options: Options) -> dict[str, Any]:
    found = {key: python_value(value) for key, value in options}
    if "order" in found and _ORACLE_OPTIONS:
        found["oracle_order"] = found.pop("order")
    return found


def _constraint(constraint: Constraint, table: sa.Table | None) -> Any:
    keywords = _keywords(constraint.options)
    keywords["name"] = _name(constraint)
    comment = option(constraint.options, "comment")
    if comment is not None:
        keywords["comment"] = comment
    match constraint:
        case PrimaryKey():
            for key in ("deferrable", "initially"):
                keywords[key] = option(constraint.options, key)
            result: Any = sa.PrimaryKeyConstraint(*_columns(constraint.columns, table), **keywords)
        case ForeignKey():
            result = sa.ForeignKeyConstraint(
                constraint.columns,
                _targets(constraint, table),
                onupdate=constraint.onupdate,
                ondelete=constraint.ondelete,
                deferrable=constraint.deferrable,
                initially=constraint.initially,
                match=constraint.match,
                use_alter=constraint.use_alter,
                **keywords,
            )
        case Unique():
            result = sa.UniqueConstraint(
                *_columns(constraint.columns, table),
                deferrable=constraint.deferrable,
                initially=constraint.initially,
                **keywords,
            )
        case Check():
            result = sa.CheckConstraint(
                _sql(constraint.sql),
                deferrable=constraint.deferrable,
                initially=constraint.initially,
                **keywords,
            )
            if constraint.type_bound:
                # The type's class is not here to make it: what it would have made says so itself.
                result._type_bound = True
                result.info["gitmig_column"] = constraint.column
        case Exclude():
            result = _exclude(constraint, table, keywords)
    _only_on(result, constraint.options)
    return result


def _targets(key: ForeignKey, table: sa.Table | None) -> list[Any]:
    name = key.target
    dotted = any("." in part for part in (name.name, name.schema or "", *key.target_columns))
    if table is not None and (dotted or table.metadata.schema is not None):
        # SQLAlchemy reads "table.column" in the metadata's default schema, and cannot tell the dots of names from its own.
        _stub(key, table.metadata)
        return [table.metadata.tables[_key(name)].columns[column] for column in key.target_columns]
    prefix = f"{name.schema}." if name.schema is not None else ""
    return [f"{prefix}{name.name}.{column}" for column in key.target_columns]


def _exclude(constraint: Exclude, table: sa.Table | None, keywords: dict[str, Any]) -> Any:
    from sqlalchemy.dialects.postgresql import ExcludeConstraint

    quote = dialect_named("postgresql").identifier_preparer.quote
    by_text = {quote(column.name): column for column in table.columns} if table is not None else {}
    elements: list[Any] = []
    for sql, operator in constraint.elements:
        column = by_text.get(sql.text) if not sql.expression else None
        if column is not None:
            elements.append((column, operator))
        else:
            elements.append((element_of(sql) if sql.expression else sa.literal_column(sql.text), operator))
    if constraint.using is not None:
        keywords["using"] = constraint.using
    if constraint.where is not None:
        keywords["where"] = element_of(constraint.where)
    ops = option(constraint.options, "ops")
    if ops:
        keywords["ops"] = python_value(ops)
    return ExcludeConstraint(*elements, deferrable=constraint.deferrable, initially=constraint.initially, **keywords)


def _columns(names: tuple[str, ...], table: sa.Table | None) -> list[Any]:
    if table is None:
        return list(names)
    return [table.columns[name] for name in names]


def _element(element: IndexElement, table: sa.Table) -> Any:
    if element.column is not None:
        result: Any = table.columns[element.column]
    elif element.sql is not None:
        result = element_of(element.sql)
    else:
        result = text_element("")
    if element.label is not None:
        result = result.label(element.label)
    words = element.sort.upper()
    if "DESC" in words:
        result = _column_like(result).desc()
    elif "ASC" in words:
        result = _column_like(result).asc()
    if "NULLS FIRST" in words:
        result = _column_like(result).nulls_first()
    elif "NULLS LAST" in words:
        result = _column_like(result).nulls_last()
    return result


def _column_like(element: Any) -> Any:
    return sa.literal_column(element.text) if isinstance(element, sa.TextClause) else element


def _sql(sql: Sql) -> Any:
    return element_of(sql)


def _name(thing: Constraint | Index) -> Any:
    if thing.name is None:
        return None
    quote = option(thing.options, "quote")
    if quote is not None:
        return quoted_name(thing.name, bool(quote))
    return conv(thing.name) if thing.conventional else thing.name


def _quoted(name: str, options: Options) -> str:
    quote = option(options, "quote")
    return quoted_name(name, bool(quote)) if quote is not None else name


def _key(name: TableName) -> str:
    """SQLAlchemy's key of a table in its metadata."""
    return f"{name.schema}.{name.name}" if name.schema is not None else name.name


def _schema(name: str | None) -> Any:
    """No schema is said outright: a metadata's default schema must not slip in."""
    return sa.BLANK_SCHEMA if name is None else name


def _tuple(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else ()


def _keywords(options: Options) -> dict[str, Any]:
    """The options that SQLAlchemy takes as keywords of a dialect."""
    found = {}
    for key, value in options:
        if key in _OWN:
            continue
        found[key] = element_of(value) if isinstance(value, Sql) else python_value(value)
    return found


__all__ = [
    "WrittenType",
    "is_stub",
    "thaw",
    "thaw_column",
    "thaw_constraint",
    "thaw_default",
    "thaw_index",
    "thaw_sequence",
    "thaw_table",
    "thaw_type",
]
