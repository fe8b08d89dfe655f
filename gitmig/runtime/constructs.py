"""SQLAlchemy constraints and indexes on stand-in tables, as ``op`` directives need them: names and columns given, nothing reflected.

The tables live in a MetaData with the naming convention of env.py's, so SQLAlchemy itself gives the names that a script leaves out.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import BindParameter, ColumnElement, conv
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from gitmig.schema.values import ConstraintKind

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import ExcludeConstraint


class Constructs:
    """Builds constructs under one naming convention (SQLAlchemy's ``MetaData.naming_convention``; None is SQLAlchemy's own)."""

    def __init__(self, naming_convention: Mapping[str, Any] | None = None) -> None:
        self._naming_convention = naming_convention

    def metadata(self) -> sa.MetaData:
        if self._naming_convention:
            return sa.MetaData(naming_convention=dict(self._naming_convention))
        return sa.MetaData()

    def table(self, name: str, *items: Any, **keywords: Any) -> sa.Table:
        """A table of the columns and constraints given; targets of its foreign keys stand beside it as far as names need them."""
        metadata = self.metadata()
        unbound = [item._copy() if isinstance(item, sa.Column) and item.table is not None else item for item in items]
        table = sa.Table(name, metadata, *unbound, **keywords)
        for key in table.foreign_keys:
            _ensure_target(metadata, key)
        return table

    def constrain(self, table: sa.Table, constraint: Any) -> None:
        """Puts a constraint of another table onto ``table``, as a copy."""
        table.append_constraint(constraint._copy(target_table=table))
        for key in table.foreign_keys:
            _ensure_target(table.metadata, key)

    def with_column(self, name: str, column: sa.Column[Any], schema: str | None) -> tuple[sa.Table, sa.Column[Any]]:
        """A table of which one column is known whole; what a key of the column's names in the table itself stands beside it."""
        table = self.table(name, column, schema=schema)
        added = table.c[column.key]
        for target in _own_targets(table):
            if target not in table.c:
                table.append_column(*_columns((target,)))
        return table, added

    def stub(self, name: str, schema: str | None, columns: Iterable[str]) -> sa.Table:
        """A table of which only the columns' names are known."""
        return sa.Table(name, self.metadata(), *_columns(columns), schema=schema)

    def primary_key(
        self, name: str | None, table: str, columns: Sequence[str], schema: str | None, **keywords: Any
    ) -> sa.PrimaryKeyConstraint:
        target = sa.Table(table, self.metadata(), *_columns(columns), schema=schema)
        key = sa.PrimaryKeyConstraint(*(target.c[each] for each in dict.fromkeys(columns)), name=name, **keywords)
        target.append_constraint(key)
        return key

    def foreign_key(
        self,
        name: str | None,
        source: tuple[str, str | None],
        target: tuple[str, str | None],
        columns: Sequence[str],
        target_columns: Sequence[str],
        **keywords: Any,
    ) -> sa.ForeignKeyConstraint:
        """``source`` and ``target`` are (table, schema)."""
        metadata = self.metadata()
        here = [*columns, *target_columns] if source == target else columns
        source_table = sa.Table(source[0], metadata, *_columns(here), schema=source[1])
        target_table = source_table if source == target else sa.Table(target[0], metadata, *_columns(target_columns), schema=target[1])
        key = sa.ForeignKeyConstraint(list(columns), [target_table.c[each] for each in target_columns], name=name, **keywords)
        source_table.append_constraint(key)
        return key

    def unique(self, name: str | None, table: str, columns: Sequence[str], schema: str | None, **keywords: Any) -> sa.UniqueConstraint:
        target = self.stub(table, schema, columns)
        unique = sa.UniqueConstraint(*(target.c[each] for each in columns), name=name, **keywords)
        target.append_constraint(unique)
        return unique

    def check(self, name: str | None, table: str, condition: Any, schema: str | None, **keywords: Any) -> sa.CheckConstraint:
        target = self.stub(table, schema, ())
        # A condition over columns of another table (a model's) would go onto that one by itself.
        check = sa.CheckConstraint(condition, name=name, _autoattach=False, **keywords)
        target.append_constraint(check)
        return check

    def exclude(
        self, name: str | None, table: str, elements: Sequence[tuple[Any, str]], schema: str | None, **keywords: Any
    ) -> ExcludeConstraint:
        # Imported here: nobody else shall pay for the dialect.
        from sqlalchemy.dialects.postgresql import ExcludeConstraint

        columns = _named_columns([element for element, _operator in elements])
        target = self.stub(table, schema, columns)
        exclude = ExcludeConstraint(*elements, name=name, **keywords)
        target.append_constraint(exclude)
        return exclude

    def index(self, name: str | None, table: str, columns: Sequence[Any], schema: str | None, **keywords: Any) -> sa.Index:
        """``columns`` are names, text() or expressions over columns of any table of that name."""
        includes = [value or () for word, value in keywords.items() if word.endswith("_include")]
        included = [each for include in includes for each in include if isinstance(each, str)]
        target = self.stub(table, schema, [*_named_columns(columns), *included])
        known = {column.name: column for each in columns if not isinstance(each, str) for column in _table_columns(each)}
        for name_, column in known.items():
            target.c[name_].type, target.c[name_].comment = column.type, column.comment

        def here(element: Any, **_options: Any) -> Any:
            return target.c[element.name] if isinstance(element, sa.Column) and isinstance(element.table, sa.Table) else None

        keys = [target.c[each] if isinstance(each, str) else replacement_traverse(_element(each), {}, here) for each in columns]
        # With _table an index of expressions alone knows its table too.
        return sa.Index(name, *keys, _table=target, **keywords)

    def named(self, kind: ConstraintKind | None, name: str | None, table: str, schema: str | None) -> sa.Constraint:
        """A constraint of which the name (and perhaps the kind) is all that is known: what DROP CONSTRAINT needs."""
        target = self.stub(table, schema, ("x",) if kind == "foreignkey" else ())
        constraint: sa.Constraint
        match kind:
            case "primary":
                constraint = sa.PrimaryKeyConstraint(name=name)
            case "unique":
                constraint = sa.UniqueConstraint(name=name)
            case "foreignkey":
                other = sa.Table("y", target.metadata, *_columns(("x",))) if table != "y" else target
                constraint = sa.ForeignKeyConstraint(["x"], [other.c.x], name=name)
            case "check":
                constraint = sa.CheckConstraint("1 = 1", name=name)
            case "exclude" | None:
                constraint = sa.Constraint(name=name)
        target.append_constraint(constraint)
        return constraint


def _columns(names: Iterable[str]) -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.types.NULLTYPE) for name in dict.fromkeys(names)]


def _element(expression: Any) -> ColumnElement[Any]:
    return expression.__clause_element__() if hasattr(expression, "__clause_element__") else expression  # type: ignore[no-any-return]


def _table_columns(expression: Any) -> list[sa.Column[Any]]:
    """The columns of tables that stand in an expression."""
    return [part for part in iterate(_element(expression)) if isinstance(part, sa.Column) and isinstance(part.table, sa.Table)]


def _named_columns(expressions: Iterable[Any]) -> list[str]:
    """The names of the columns in strings and expressions, each once."""
    names: list[str] = []
    for expression in expressions:
        if isinstance(expression, str):
            names.append(expression)
            continue
        for part in iterate(_element(expression)):
            if (
                isinstance(part, (sa.Column, sa.ColumnClause))
                and not isinstance(part, BindParameter)
                and not getattr(part, "is_literal", False)
            ):
                names.append(part.name)
    return list(dict.fromkeys(names))


def _own_targets(table: sa.Table) -> list[str]:
    """The columns of the table that its own foreign keys name by string."""
    full = f"{table.schema}.{table.name}" if table.schema else table.name
    found = [key._colspec.rpartition(".") for key in table.foreign_keys if isinstance(key._colspec, str)]
    return list(dict.fromkeys(column for target, _, column in found if target == full))


def _ensure_target(metadata: sa.MetaData, key: sa.ForeignKey) -> None:
    """The table that a foreign key names by string, with the column, so that SQLAlchemy can resolve it."""
    specification = key._colspec
    if not isinstance(specification, str):
        return
    *path, column = specification.split(".")
    name = path[-1]
    schema = ".".join(path[:-1]) or (metadata.schema if len(path) == 1 else None)
    full = f"{schema}.{name}" if schema else name
    if full not in metadata.tables:
        sa.Table(name, metadata, *_columns((column,)), schema=schema)
    elif column not in metadata.tables[full].c and key.parent is not None and metadata.tables[full] is not key.parent.table:
        metadata.tables[full].append_column(*_columns((column,)))


def final_name(name: str) -> conv:
    """``op.f``: a name that no naming convention touches."""
    return conv(name)
