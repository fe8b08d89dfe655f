"""Tables, columns, constraints and indexes as the Python expressions that make them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from sqlalchemy.schema import AddConstraint, PrimaryKeyConstraint, UniqueConstraint

from gitmig.schema.enumtypes import enum_behind
from gitmig.schema.spelling import compiled, dialect_named, text_element
from gitmig.schema.sqltext import unwrapped
from gitmig.schema.thaw import thaw_table
from gitmig.schema.values import (
    Check,
    Column,
    Constraint,
    Exclude,
    ForeignKey,
    Index,
    IndexElement,
    Options,
    PrimaryKey,
    Sequence,
    Table,
    TableName,
    Type,
    Unique,
    Value,
    kind_of,
    option,
)
from gitmig.script.layout import Argument, Call, Code, Display, Method, call, listing, literal, quoted
from gitmig.script.typesource import OMITTED, Writer, native_enum

# Options that are not keywords of a dialect: what they mean is said otherwise, or is nothing that a database holds.
_OWN = frozenset({"comment", "deferrable", "dialects", "info", "initially", "ops", "prefixes", "python_default", "quote"})
_OWN |= {"quote_schema", "sequence", "system", "target_quote"}
_TIMING = ("deferrable", "initially")
# What env.py's `render_item` is told of a constraint.
_HOOKED = {"primary": "primary_key", "foreignkey": "foreign_key", "unique": "unique", "check": "check", "exclude": "exclude"}
_NAME = r"(?:[^\W\d][\w$]*|\"[^\"]+\"|`[^`]+`)"
_KEY = re.compile(rf"(?!not\s){_NAME}(?:\(\d+\)|\s+(?!(?:isnull|notnull)$){_NAME}(?:\.{_NAME})?)?", re.IGNORECASE)
_CLASS = re.compile(rf"(?:{_NAME}(?:\.{_NAME})?)?(\(.*\))\s+({_NAME}(?:\.{_NAME})?)", re.DOTALL)


def name_of(thing: Constraint | Index, owner: str = "op") -> Code | None:
    """The name of a constraint or index; one that a naming convention made is final, which ``op.f`` says."""
    if thing.name is None:
        return None
    return Call(f"{owner}.f", (Argument(quoted(thing.name)),)) if thing.conventional else quoted(thing.name)


def keywords(pairs: Iterable[tuple[str, Code | None]]) -> tuple[Argument, ...]:
    """The keyword arguments that are given."""
    return tuple(Argument(value, name) for name, value in pairs if value is not None)


def _scalar(value: str | bool | None) -> Code | None:
    return None if value is None else literal(value)


def schema_keyword(name: TableName) -> tuple[Argument, ...]:
    return keywords([("schema", _scalar(name.schema))])


def dialect_keywords(writer: Writer, options: Options) -> tuple[Argument, ...]:
    """The options that SQLAlchemy takes as keywords of a dialect."""
    return tuple(Argument(writer.value(value), key) for key, value in options if key not in _OWN)


def column(writer: Writer, value: Column, checks: Iterable[Check] = (), bound: Check | None = None) -> Code:
    """``sa.Column(...)``; ``checks`` are those of the column's own definition, ``bound`` is the one that its type makes."""
    hooked = writer.hooked("column", value.original)
    if hooked is not None:
        return hooked
    # On PostgreSQL the name is the enumerated type's own.
    named_by_type = bound is None or not bound.conventional or (native_enum(enum_behind(value.type)) and writer.on_postgresql())
    bound_name = None if bound is None or named_by_type else name_of(bound)
    positional: list[Code] = [quoted(value.name), writer.type(value.type, bound_name)]
    if value.computed is not None:
        positional.append(writer.computed(value.computed))
    if value.identity is not None:
        positional.append(writer.identity(value.identity))
    sequence = option(value.options, "sequence")
    if isinstance(sequence, Sequence):
        positional.append(writer.sequence(sequence))
    positional += [constraint(writer, check) for check in checks]
    named = keywords(
        [
            ("server_default", None if value.default is None else writer.default(value.default)),
            ("primary_key", "True" if value.serial else None),  # of no key yet: in ADD COLUMN it is what makes SERIAL
            ("autoincrement", "True" if value.serial else autoincrement(value)),
            ("nullable", literal(value.nullable)),
            ("system", "True" if option(value.options, "system") else None),
            ("comment", _scalar(value.comment)),
            ("quote", _flag(option(value.options, "quote"))),
        ]
    )
    return Call("sa.Column", (*map(Argument, positional), *named, *dialect_keywords(writer, value.options)))


def autoincrement(value: Column) -> Code | None:
    """SQLAlchemy makes no SERIAL of a column whose values Python supplies; a revision has no such default and says it itself."""
    if option(value.options, "python_default"):
        return "False"
    return None if value.autoincrement == "auto" else literal(value.autoincrement)


def _flag(value: Value) -> Code | None:
    return literal(value) if isinstance(value, bool) else None


def constraint(writer: Writer, value: Constraint, owner: str = "op") -> Code:
    """The constraint as it stands inside ``op.create_table``."""
    hooked = writer.hooked(_HOOKED[kind_of(value)], value.original)
    if hooked is not None:
        return hooked
    named: list[tuple[str, Code | None]] = [("name", name_of(value, owner))]
    extra = dialect_keywords(writer, value.options)
    match value:
        case PrimaryKey(columns=columns):
            named += [(key, _option_code(value.options, key)) for key in _TIMING]
            return Call("sa.PrimaryKeyConstraint", (*_quoted(columns), *keywords(named), *extra))
        case Unique(columns=columns):
            named += timing(value)
            return Call("sa.UniqueConstraint", (*_quoted(columns), *keywords(named), *extra))
        case Check():
            named += timing(value)
            return Call("sa.CheckConstraint", (Argument(check_sql(writer, value)), *keywords(named), *extra))
        case ForeignKey():
            here = listing(map(quoted, value.columns))
            there = listing(quoted(each) for each in _targets(value))
            named += reference(value)
            return Call("sa.ForeignKeyConstraint", (Argument(here), Argument(there), *keywords(named), *extra))
        case Exclude():
            writer.imports.add("from sqlalchemy.dialects import postgresql")
            named += exclude_keywords(writer, value)
            elements = tuple(Argument(each) for each in exclude_elements(value))
            return Call("postgresql.ExcludeConstraint", (*elements, *keywords(named), *extra))


def _quoted(names: Iterable[str]) -> tuple[Argument, ...]:
    return tuple(Argument(quoted(name)) for name in names)


def _option_code(options: Options, key: str) -> Code | None:
    value = option(options, key)
    return literal(value) if isinstance(value, (str, bool)) else None


def timing(value: Unique | Check | Exclude | ForeignKey) -> list[tuple[str, Code | None]]:
    return [("deferrable", _scalar(value.deferrable)), ("initially", _scalar(value.initially))]


def key_sql(name: TableName, key: PrimaryKey | Unique, writer: Writer) -> str | None:
    """PostgreSQL's statement for a key of a table that is there, where Alembic's directive cannot say all of it: ``op.create_primary_key``
    takes a name and columns, and neither DEFERRABLE nor options; ``op.create_unique_constraint`` fails on INCLUDE."""
    said = {each for each, value in key.options if value is not None}
    beyond = {each for each in said if each == "postgresql_include" or (isinstance(key, PrimaryKey) and _of_postgresql(each))}
    if not beyond or not writer.on_postgresql():
        return None
    beside = option(key.options, "postgresql_include")
    named = dict.fromkeys((*key.columns, *(map(str, beside) if isinstance(beside, tuple) else ())))
    columns = tuple(Column(each, Type("sqlalchemy.types.NullType")) for each in named)
    key = replace(key, original=None)
    whole = Table(name, columns, key) if isinstance(key, PrimaryKey) else Table(name, columns, uniques=(key,))
    kind = PrimaryKeyConstraint if isinstance(key, PrimaryKey) else UniqueConstraint
    made = next(each for each in thaw_table(whole).constraints if isinstance(each, kind))
    return compiled(AddConstraint(made), dialect_named("postgresql"))


def _of_postgresql(option_name: str) -> bool:
    return option_name in _TIMING or option_name.startswith("postgresql_")


def reference(value: ForeignKey) -> list[tuple[str, Code | None]]:
    """What a foreign key says beyond its columns."""
    return [
        ("onupdate", _scalar(value.onupdate)),
        ("ondelete", _scalar(value.ondelete)),
        *timing(value),
        ("match", _scalar(value.match)),
    ]


def _targets(key: ForeignKey) -> list[str]:
    table = f"{key.target.schema}.{key.target.name}" if key.target.schema else key.target.name
    return [f"{table}.{column}" for column in key.target_columns]


def check_sql(writer: Writer, value: Check) -> Code:
    return quoted(writer.sql(value.sql))


def exclude_elements(value: Exclude) -> list[Code]:
    """(expression, operator) pairs."""
    return [
        Display("()", (call("sa.literal_column", quoted(text_element(sql.text).text)), quoted(operator)))
        for sql, operator in value.elements
    ]


def exclude_keywords(writer: Writer, value: Exclude) -> list[tuple[str, Code | None]]:
    ops = option(value.options, "ops")
    return [
        ("where", None if value.where is None else writer.text(value.where)),
        ("using", _scalar(value.using)),
        *timing(value),
        ("ops", writer.value(ops) if ops else None),
    ]


def index_element(writer: Writer, element: IndexElement) -> Code:
    """One key of an index: a column's name, or an expression with its order."""
    if element.column is not None and not element.sort and element.label is None:
        return quoted(element.column)
    if element.column is not None:
        code: Code = call("sa.column", quoted(element.column))
    elif element.sql is not None and not element.sort and element.label is None:
        return call("sa.text", quoted(_in_parentheses(writer.sql(element.sql))))
    else:
        code = call("sa.literal_column", quoted(_in_parentheses(writer.sql(element.sql)) if element.sql is not None else ""))
    if element.label is not None:
        code = Method(code, "label", (Argument(quoted(element.label)),))
    words = element.sort.lower().split()
    for word in words[:1]:
        if word in ("asc", "desc"):
            code = Method(code, word)
    if "nulls" in words:
        code = Method(code, f"nulls_{words[-1]}")
    return code


def _in_parentheses(sql: str) -> str:
    """An expression as a key of an index: PostgreSQL and MySQL want parentheses around all but some of them, and take them around all.

    What is more, or less, than an expression takes none: a name (MariaDB), one with a class of operators, one with a length (MySQL).
    """
    return sql if unwrapped(sql) != sql or _KEY.fullmatch(sql) or _with_class(sql) else f"({sql})"


def _with_class(sql: str) -> bool:
    """True for ``lower(a) text_pattern_ops`` and ``(a) jsonb_path_ops``."""
    found = _CLASS.fullmatch(sql)
    return found is not None and unwrapped(found[1]) != found[1] and found[2].lower() not in ("isnull", "notnull")


def table(writer: Writer, value: Table) -> Call:
    """``op.create_table(...)`` without its indexes, and without what ``render_item`` leaves out."""
    inline: dict[str, list[Check]] = {}
    for check in value.checks:
        if check.column is not None and not check.type_bound and value.has_column(check.column):
            inline.setdefault(check.column, []).append(check)
    bound = {check.column: check for check in value.checks if check.type_bound}
    items = [column(writer, each, inline.get(each.name, ()), bound.get(each.name)) for each in value.columns]
    items += [constraint(writer, each) for each in _constraints(value)]
    named = [
        *schema_keyword(value.name),
        *keywords([("comment", _scalar(value.comment)), ("prefixes", _prefixes(value.options))]),
        *keywords([(key, _flag(option(value.options, key))) for key in ("quote", "quote_schema")]),
        *dialect_keywords(writer, value.options),
    ]
    return Call("op.create_table", (Argument(quoted(value.name.name)), *(Argument(each) for each in items if each != OMITTED), *named))


def _constraints(value: Table) -> list[Constraint]:
    """Those that do not stand in a column: neither in its definition nor made by its type."""
    key = [value.primary_key] if value.primary_key else []
    checks = [check for check in value.checks if not check.type_bound and (check.column is None or not value.has_column(check.column))]
    return [*key, *value.foreign_keys, *value.uniques, *checks, *value.excludes]


def _prefixes(options: Options) -> Code | None:
    found = option(options, "prefixes")
    return listing(quoted(str(each)) for each in found) if isinstance(found, tuple) and found else None
