"""The names that servers give to constraints which have none: scripts drop them by these names.

PostgreSQL: makeObjectName in src/backend/commands/indexcmds.c and ChooseConstraintName in src/backend/catalog/pg_constraint.c, as described
under "CREATE TABLE" in its manual. MySQL and MariaDB: "FOREIGN KEY Constraints" in their manuals (table_ibfk_N), the first column for a
unique key. SQLite gives none.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import TypeVar

from gitmig.schema.values import Check, Constraint, Exclude, ForeignKey, PrimaryKey, Schema, Table, TableName, Unique

_C = TypeVar("_C", bound=Constraint)
_POSTGRESQL_LIMIT = 63
_ALIKE = 24  # so much is left of a table's name, however long the columns' are
_WORD = re.compile(r"\w+")


def with_made_names(table: Table, schema: Schema, dialect: str) -> Table:
    """A table that is about to be created, its unnamed constraints knowing the names that the server will give them."""
    taken = _taken(schema, table.name) if dialect == "postgresql" else set()
    own = [each.name for each in table.constraints() if each.name] + [each.name for each in table.indexes if each.name]
    taken |= {*own, table.name.name}

    def made(constraints: Iterable[_C]) -> tuple[_C, ...]:
        result = []
        for each in constraints:
            each = _made(each, table, taken, dialect)
            if each.made is not None:
                taken.add(each.made)
            result.append(each)
        return tuple(result)

    key = made((table.primary_key,)) if table.primary_key else ()
    return replace(
        table,
        primary_key=key[0] if key else None,
        uniques=made(table.uniques),
        checks=made(table.checks),
        excludes=made(table.excludes),
        foreign_keys=made(table.foreign_keys),
    )


def with_made_name(constraint: _C, table: Table, schema: Schema, dialect: str) -> _C:
    """The same for a constraint that is about to be added to ``table``."""
    taken = _taken(schema, table.name) if dialect == "postgresql" else _names_of(table)
    return _made(constraint, table, taken, dialect)


def _names_of(table: Table) -> set[str]:
    constraints = {name for each in table.constraints() for name in (each.name, each.made) if name}
    return constraints | {index.name for index in table.indexes if index.name}


def _taken(schema: Schema, name: TableName) -> set[str]:
    """The names that could stand in the way of one that begins with the table's: those of tables whose names begin alike."""
    stem = name.name[:_ALIKE]
    found: set[str] = set()
    for other, table in schema.tables.items():
        if other.schema == name.schema and (other.name.startswith(stem) or name.name.startswith(other.name)):
            found |= {other.name} | _names_of(table)
    return found


def _made(constraint: _C, table: Table, taken: Collection[str], dialect: str) -> _C:
    if constraint.name is not None or constraint.made is not None:
        return constraint
    name: str | None = None
    if dialect == "postgresql":
        name = _postgresql(constraint, table, taken)
    elif dialect in ("mysql", "mariadb"):
        name = _mysql(constraint, table, taken)
    return constraint if name is None else replace(constraint, made=name)


def _postgresql(constraint: Constraint, table: Table, taken: Collection[str]) -> str:
    columns: tuple[str, ...] = ()
    match constraint:
        case PrimaryKey():
            label = "pkey"
        case Unique():
            columns, label = constraint.columns, "key"
        case ForeignKey():
            columns, label = constraint.columns, "fkey"
        case Check(sql=sql):
            words = set(_WORD.findall(sql.text))
            named = tuple(column.name for column in table.columns if column.name in words)
            columns, label = (named if len(named) == 1 else ()), "check"
        case Exclude(elements=elements):
            columns, label = tuple(_key_name(sql.text) for sql, _ in elements), "excl"
    wanted, number = label, 0
    while (name := object_name(table.name.name, "_".join(columns), wanted)) in taken:
        number += 1
        wanted = f"{label}{number}"
    return name


def _key_name(text: str) -> str:
    """FigureIndexColname in src/backend/parser/parse_target.c: a column's name, a function's, else "expr"."""
    if match := re.fullmatch(r'(\w+)|"((?:[^"]|"")+)"|(\w+)\(.*\)', text, re.DOTALL):
        return match[1] or match[3] or match[2].replace('""', '"')
    return "expr"


def object_name(table: str, columns: str, label: str) -> str:
    """``table_columns_label`` in at most 63 bytes: the longer of the first two is cut, byte by byte."""
    first, second = table.encode(), columns.encode()
    room = _POSTGRESQL_LIMIT - len(label.encode()) - 1 - (1 if second else 0)
    while len(first) + len(second) > room:
        if len(first) > len(second):
            first = first[:-1]
        else:
            second = second[:-1]
    parts = [first.decode(errors="ignore"), second.decode(errors="ignore") if columns else "", label]
    return "_".join(part for part in parts if part)


def _mysql(constraint: Constraint, table: Table, taken: Collection[str]) -> str | None:
    match constraint:
        case PrimaryKey():
            return "PRIMARY"
        case ForeignKey():
            stem = f"{table.name.name}_ibfk_"
            used = [int(name.removeprefix(stem)) for name in taken if name.startswith(stem) and name.removeprefix(stem).isdigit()]
            return f"{stem}{max(used, default=0) + 1}"
        case Unique(columns=columns):
            name, number = columns[0], 1
            while name in taken:
                number += 1
                name = f"{columns[0]}_{number}"
            return name
        case Check(column=str(column), type_bound=False):
            return column
        case Check():
            number = 1
            while f"CONSTRAINT_{number}" in taken:
                number += 1
            return f"CONSTRAINT_{number}"
        case Exclude():
            return None
