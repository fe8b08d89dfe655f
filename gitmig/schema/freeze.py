"""SQLAlchemy's schema objects as values: ``freeze``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import InvalidRequestError, NoReferenceError
from sqlalchemy.sql import operators
from sqlalchemy.sql.elements import ColumnClause, ColumnElement, UnaryExpression
from sqlalchemy.types import TypeDecorator

from gitmig.schema.enumtypes import ENUMS, enum_behind
from gitmig.schema.freezeoptions import (
    add_dialects,
    add_info,
    add_quote,
    by_name,
    dialect_options,
    final_name,
    freeze_identity,
    freeze_sequence,
)
from gitmig.schema.freezetypes import freeze_type, is_sqlalchemy, plain_value
from gitmig.schema.spelling import DIALECTS, IndexKey, WrittenSql, dialect_named, sql_of
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    Constraint,
    ConstraintKind,
    Enum,
    Exclude,
    ForeignKey,
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
    Type,
    Unique,
    kind_of,
    options,
)

_SORTS = {
    operators.desc_op: "DESC",
    operators.asc_op: "ASC",
    operators.nulls_first_op: "NULLS FIRST",
    operators.nulls_last_op: "NULLS LAST",
}
_SORTED_TEXT = re.compile(r"\s*(.*?\S)(\s+(?:ASC|DESC)(?:\s+NULLS\s+(?:FIRST|LAST))?|\s+NULLS\s+(?:FIRST|LAST))\s*", re.I | re.S)


def freeze(metadata: sa.MetaData, *, dialect: Any = None) -> Schema:
    """Every table, enumerated type and sequence of ``metadata``, names as the naming convention makes them.

    ``dialect`` is the one whose spelling SQL expressions take (None: SQLAlchemy's default); types and texts that other dialects write
    otherwise keep knowing so. Enumerated types are told of unless the dialect has none that stand alone.
    """
    freezer = _Freezer(dialect)
    tables = {}
    for table in metadata.tables.values():
        frozen = freezer.table(table)
        tables[frozen.name] = frozen
    sequences = {}
    for sequence in getattr(metadata, "_sequences", {}).values():
        value = freeze_sequence(sequence)
        sequences[value.key()] = value
    found = schema_of(tables.values(), sequences.values(), dialect=dialect)
    if dialect is None or dialect.name == "postgresql":
        for enum in _bound_enums(metadata):
            if enum.key() not in found.enums:
                found = replace(found.with_enum(enum), schemas=found.schemas | ({enum.schema} if enum.schema else set()))
    return found


def _bound_enums(metadata: sa.MetaData) -> Iterator[Enum]:
    """The types that are bound to the metadata itself (``Enum(metadata=...)``): it creates them whether or not a column has them."""
    for listener in metadata.dispatch.before_create:
        # A bound method, or SQLAlchemy's portable_instancemethod, which stood for one before 2.1.
        type_ = getattr(listener, "__self__", None) or getattr(listener, "target", None)
        if isinstance(type_, sa.Enum) and type_.metadata is metadata:
            yield from native_enums(freeze_type(type_))


def schema_of(tables: Iterable[Table], sequences: Iterable[Sequence] = (), *, dialect: Any = None) -> Schema:
    """The schema of these tables, with the enumerated types, sequences and schemas that they use."""
    by_name = {table.name: table for table in tables}
    found = {sequence.key(): sequence for sequence in sequences}
    enums: dict[TableName, Enum] = {}
    for table in by_name.values():
        for column in table.columns:
            if dialect is None or dialect.name == "postgresql":
                for enum in native_enums(column.type):
                    enums.setdefault(enum.key(), enum)
            for name, value in column.options:
                if name == "sequence" and isinstance(value, Sequence):
                    found.setdefault(value.key(), value)
    names = {key.schema for key in (*by_name, *enums, *found) if key.schema is not None}
    return Schema(by_name, enums, found, frozenset(names))


def native_enums(type_: Type) -> Iterator[Enum]:
    """The enumerated types that PostgreSQL creates for a column type: itself, what it holds (ARRAY) or decorates, its variant there.

    One that says ``create_type=False`` is somebody else's and is left out.
    """
    variants = dict(type_.variants)
    if "postgresql" in variants:
        yield from native_enums(variants["postgresql"])
        return
    if type_.original is not None and isinstance(type_.original, TypeDecorator) and not is_sqlalchemy(type(type_.original)):
        yield from native_enums(freeze_type(type_.original.impl_instance))
        return
    type_ = enum_behind(type_)
    arguments = dict(type_.args)
    if type_.path in ENUMS:
        name, members, schema = arguments.get("name"), arguments.get("*", ()), arguments.get("schema")
        native = arguments.get("native_enum") is not False and arguments.get("create_type") is not False
        if native and isinstance(name, str) and isinstance(members, tuple):
            yield Enum(name, tuple(map(str, members)), schema if isinstance(schema, str) else None)
    else:
        for value in arguments.values():
            if isinstance(value, Type):
                yield from native_enums(value)


def freeze_table(table: sa.Table, *, dialect: Any = None) -> Table:
    """The table as a value, with its constraints and indexes. Foreign keys keep their target by name, present or not."""
    return _Freezer(dialect).table(table)


def freeze_column(column: sa.Column[Any], *, dialect: Any = None) -> Column:
    """The column as a value. Keys and indexes that it declares belong to its table: freeze that for them."""
    return _Freezer(dialect).column(column, in_key=column.primary_key)


def freeze_index(index: sa.Index, *, dialect: Any = None) -> Index:
    return _Freezer(dialect).index(index)


def freeze_constraint(constraint: sa.Constraint, *, dialect: Any = None) -> Constraint:
    """The constraint as a value. Raises TypeError for a kind that is none of the five."""
    return _Freezer(dialect).constraint(constraint)


def freeze_default(default: Any, *, dialect: Any = None) -> ServerDefault | None:
    """A ``server_default`` in any form that SQLAlchemy takes: string, text(), expression, DefaultClause, FetchedValue; None for none."""
    if default is None or default is False:
        return None
    if isinstance(default, sa.DefaultClause):
        argument = default.arg
    elif isinstance(default, sa.FetchedValue):
        return ServerDefault("fetched", original=default)
    else:
        argument = default
    if isinstance(argument, str):
        return ServerDefault("literal", str(argument), original=default)
    sql = sql_of(argument, dialect)
    return ServerDefault("sql", sql.text, expression=sql.expression, spelled=sql.spelled, original=sql.original)


class _Freezer:
    """One run over a metadata: types that are equal are frozen once."""

    def __init__(self, dialect: Any) -> None:
        self._dialect = dialect
        self._types: dict[Any, Type] = {}

    def type(self, type_: Any) -> Type:
        cls = type_.__class__
        if not is_sqlalchemy(cls):
            return freeze_type(type_)
        # Two types of SQLAlchemy's with the same state are the same; those whose state cannot be hashed (Enum) are frozen each.
        try:
            key = (cls, tuple(type_.__dict__.items()))
            found = self._types.get(key)
        except TypeError:
            return freeze_type(type_)
        if found is None:
            found = self._types[key] = freeze_type(type_)
        return found

    def table(self, table: sa.Table) -> Table:
        key = table.primary_key
        in_key = {column.name for column in key.columns}
        found: dict[ConstraintKind, list[Any]] = {"unique": [], "check": [], "exclude": [], "foreignkey": []}
        written: list[ConstraintKind] = []
        for constraint in sorted(table.constraints, key=lambda each: each._creation_order):
            if constraint is key:
                continue
            value = self.constraint(constraint)
            kind = kind_of(value)
            found[kind].append(value)
            written.append(kind)
        checks = found["check"]
        columns = []
        for column in table.columns:
            columns.append(self.column(column, in_key=column.name in in_key))
            for constraint in sorted(column.constraints, key=lambda each: each._creation_order):
                if isinstance(constraint, sa.CheckConstraint):
                    checks.append(self._check(constraint, column=str(column.name)))
                    written.append("check")
        usual = [kind for kind in found for _ in found[kind]]
        indexes = [self.index(index) for index in table.indexes]
        if len(indexes) > 1:
            indexes.sort(key=lambda index: (index.name or "", [str(element) for element in index.elements]))
        return Table(
            TableName(str(table.name), None if table.schema is None else str(table.schema)),
            tuple(columns),
            self._primary_key(key) if in_key else None,
            tuple(found["foreignkey"]),
            tuple(found["unique"]),
            tuple(checks),
            tuple(found["exclude"]),
            tuple(indexes),
            table.comment,
            self._table_options(table),
            written=tuple(written) if written != usual else (),
            original=table,
        )

    def _table_options(self, table: sa.Table) -> Options:
        found = dialect_options(table, self._dialect)
        prefixes = getattr(table, "_prefixes", ())
        if prefixes:
            found["prefixes"] = tuple(str(prefix) for prefix in prefixes)
        add_quote(table.name, found)
        schema_quote = getattr(table.schema, "quote", None)
        if schema_quote is not None:
            found["quote_schema"] = bool(schema_quote)
        add_info(table, found)
        return options(found) if found else ()

    def column(self, column: sa.Column[Any], *, in_key: bool) -> Column:
        computed, identity, default = column.computed, column.identity, column.server_default
        found = dialect_options(column, self._dialect)
        if column.system:
            found["system"] = True
        autoincrement = column.autoincrement
        if column.default is not None:
            if isinstance(column.default, sa.Sequence):
                found["sequence"] = freeze_sequence(column.default)
            elif in_key and autoincrement is not True:
                # SQLAlchemy makes no SERIAL or AUTO_INCREMENT of a column whose values Python supplies.
                autoincrement = False
            elif in_key:
                found["python_default"] = True
        add_quote(column.name, found)
        add_info(column, found)
        if default is None or default is computed or default is identity:
            value = None
        else:
            value = freeze_default(default, dialect=self._dialect)
        return Column(
            str(column.name),
            self.type(column.type),
            bool(column.nullable),
            value,
            self._computed(computed) if computed is not None else None,
            freeze_identity(identity) if identity is not None else None,
            autoincrement,
            column.comment,
            options(found) if found else (),
            original=column,
        )

    def _computed(self, computed: sa.Computed) -> Computed:
        return Computed(sql_of(computed.sqltext, self._dialect), computed.persisted, original=computed)

    def index(self, index: sa.Index) -> Index:
        elements = tuple(self._element(expression) for expression in index.expressions)
        found = dialect_options(index, self._dialect)
        if "postgresql_ops" in found and index.table is not None:
            found["postgresql_ops"] = by_name(found["postgresql_ops"], index.table)
        add_dialects(index, found)
        add_quote(index.name, found)
        name, conventional = final_name(index)
        return Index(name, elements, bool(index.unique), options(found) if found else (), conventional=conventional, original=index)

    def _element(self, expression: Any) -> IndexElement:
        if isinstance(expression, sa.Column):
            return IndexElement(str(expression.name))
        if isinstance(expression, str):
            return IndexElement(str(expression))
        sorts: list[str] = []
        inner = expression
        label = None
        while True:
            if isinstance(inner, UnaryExpression) and inner.modifier in _SORTS:
                sorts.insert(0, _SORTS[inner.modifier])
                inner = inner.element
            elif isinstance(inner, sa.Label):
                label = str(inner.name)
                inner = inner.element
            else:
                break
        sort = " ".join(sorts)
        if isinstance(inner, ColumnClause) and not inner.is_literal:
            return IndexElement(str(inner.name), None, sort, label)
        if not sorts and label is None and isinstance(inner, ColumnElement) and not isinstance(inner, WrittenSql):
            inner = IndexKey(inner)
        sql = sql_of(inner, self._dialect)
        written = _SORTED_TEXT.fullmatch(sql.text) if not sorts and not sql.expression else None
        if written is not None:  # text("a DESC"): the direction is no part of what can stand in parentheses
            return IndexElement(None, Sql(written[1]), " ".join(written[2].upper().split()), label)
        return IndexElement(None, sql, sort, label)

    def constraint(self, constraint: sa.Constraint) -> Constraint:
        if isinstance(constraint, sa.ForeignKeyConstraint):
            return self._foreign_key(constraint)
        if isinstance(constraint, sa.PrimaryKeyConstraint):
            return self._primary_key(constraint)
        # By name: importing PostgreSQL's dialect, drivers and all, would be felt in every commit of projects without it.
        if constraint.__visit_name__ == "exclude_constraint":
            return self._exclude(constraint)
        if isinstance(constraint, sa.UniqueConstraint):
            name, conventional = final_name(constraint)
            return Unique(
                tuple(str(column.name) for column in constraint.columns),
                name,
                constraint.deferrable,
                constraint.initially,
                self._constraint_options(constraint),
                conventional=conventional,
                original=constraint,
            )
        if isinstance(constraint, sa.CheckConstraint):
            return self._check(constraint)
        raise TypeError(f"{type(constraint).__name__} is not a kind of constraint that can be frozen")

    def _constraint_options(self, constraint: Any) -> Options:
        found = dialect_options(constraint, self._dialect)
        add_quote(constraint.name, found)
        if getattr(constraint, "comment", None) is not None:
            found["comment"] = constraint.comment
        add_dialects(constraint, found)
        return options(found) if found else ()

    def _primary_key(self, key: sa.PrimaryKeyConstraint) -> PrimaryKey:
        name, conventional = final_name(key)
        found = dict(self._constraint_options(key))
        if key.deferrable is not None:
            found["deferrable"] = key.deferrable
        if key.initially is not None:
            found["initially"] = key.initially
        columns = tuple(str(column.name) for column in key.columns)
        return PrimaryKey(columns, name, options(found), conventional=conventional, original=key)

    def _foreign_key(self, constraint: sa.ForeignKeyConstraint) -> ForeignKey:
        name, conventional = final_name(constraint)
        found = dict(self._constraint_options(constraint))
        columns, targets = [], []
        target = TableName("")
        for element in constraint.elements:
            parent = getattr(element, "parent", None)
            columns.append(str(parent.name) if parent is not None else "")
            target, column, quote = _referred(element, constraint)
            targets.append(column)
            if quote is not None:
                found["target_quote"] = quote
        if "" in columns:
            columns = [str(each) for each in constraint.column_keys]
        return ForeignKey(
            tuple(columns),
            target,
            tuple(targets),
            name,
            constraint.ondelete,
            constraint.onupdate,
            constraint.deferrable,
            constraint.initially,
            constraint.match,
            bool(constraint.use_alter),
            options(found),
            conventional=conventional,
            original=constraint,
        )

    def _check(self, constraint: sa.CheckConstraint, column: str | None = None) -> Check:
        name, conventional = final_name(constraint)
        found = dict(self._constraint_options(constraint))
        type_bound = bool(getattr(constraint, "_type_bound", False))
        if type_bound:
            column = constraint.info.get("gitmig_column") or next((str(each.name) for each in constraint.columns), column)
        if type_bound and "dialects" not in found:
            found["dialects"] = tuple(each for each in DIALECTS if made_on(constraint, dialect_named(each)))
        return Check(
            sql_of(constraint.sqltext, self._dialect),
            name,
            constraint.deferrable,
            constraint.initially,
            column,
            type_bound,
            options(found),
            conventional=conventional,
            original=constraint,
        )

    def _exclude(self, constraint: Any) -> Exclude:
        name, conventional = final_name(constraint)
        found = dict(self._constraint_options(constraint))
        if constraint.ops:
            found["ops"] = by_name(plain_value(dict(constraint.ops)), constraint.table)
        where = constraint.where
        return Exclude(
            tuple((_excluded(expression, self._dialect), str(operator)) for expression, _, operator in constraint._render_exprs),
            name,
            constraint.using,
            sql_of(where, self._dialect) if where is not None else None,
            constraint.deferrable,
            constraint.initially,
            options(found),
            conventional=conventional,
            original=constraint,
        )


def made_on(constraint: Any, dialect: Any) -> bool:
    """True when a dialect needs the check that a type (Boolean, Enum) brought: those with a native type do not."""
    rule = constraint._create_rule
    return rule is None or bool(rule(SimpleNamespace(dialect=dialect)))


def _excluded(expression: Any, dialect: Any) -> Sql:
    if isinstance(expression, sa.Column):
        return Sql(dialect_named("postgresql").identifier_preparer.quote(expression.name))
    return sql_of(expression, dialect)


def _referred(element: sa.ForeignKey, constraint: sa.ForeignKeyConstraint) -> tuple[TableName, str, bool | None]:
    """Table and column that a foreign key's element points to, by name; and the quote flag of the table's name where it is set."""
    try:
        column = element.column
    except (NoReferenceError, InvalidRequestError):
        return (*_named_target(element, constraint), None)
    table = column.table
    schema = None if table.schema is None else str(table.schema)
    quote = getattr(table.name, "quote", None)
    return TableName(str(table.name), schema), str(column.name), None if quote is None else bool(quote)


def _named_target(element: sa.ForeignKey, constraint: sa.ForeignKeyConstraint) -> tuple[TableName, str]:
    """The target of a foreign key whose table is not here, from its text: "[schema.]table[.column]"."""
    parts = element.target_fullname.split(".")
    table = getattr(constraint, "table", None) if getattr(constraint, "parent", None) is not None else None
    default = getattr(getattr(table, "metadata", None), "schema", None)
    if len(parts) == 1:
        return TableName(parts[0], default), str(getattr(getattr(element, "parent", None), "name", ""))
    schema = ".".join(parts[:-2]) or default
    return TableName(parts[-2], schema), parts[-1]
