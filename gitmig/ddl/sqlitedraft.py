"""The definition of an SQLite table while operations change it, as text: what no operation names stays as it was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.ddl import constructs
from gitmig.ddl.elements import format_server_default, format_type
from gitmig.ddl.sqlitecolumns import column_text, default_text, made_by_type, needs_cast, squeezed
from gitmig.errors import NoSuchColumn, NoSuchConstraint, SchemaError
from gitmig.ops import UNSET
from gitmig.schema.sqlitesql import (
    Clause,
    ClauseKind,
    ColumnText,
    TableText,
    read_column,
    read_constraint,
    renamed,
    same,
)
from gitmig.schema.values import Check, Constraint, ForeignKey, TableName, Type, kind_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect

_KINDS: frozenset[ClauseKind] = frozenset(["primary", "unique", "check", "foreignkey"])


class Draft:
    """Edited in place by one method an operation; ``columns``, ``constraints`` and ``options`` are the new table.

    Columns keep their old names in it: renames are left to SQLite itself, afterwards, because it knows every index, trigger, view and
    foreign key that says the old name. ``copied`` are the columns that take over their old values, ``casts`` those that do so over CAST.
    ``in_batch``: it is for a batch block, where a key goes on with the columns that are left of it; ``key_name``: that of a key that went
    with its last column.
    """

    def __init__(self, dialect: Dialect, table: TableName, old: TableText) -> None:
        self.dialect = dialect
        self.table = table
        self.old = old
        self.columns = list(old.columns)
        self.constraints = list(old.constraints)
        self.options = old.options
        self.copied = {column.name for column in old.columns if not column.generated}
        self.casts: set[str] = set()
        self.dropped: list[str] = []
        self.renames: list[tuple[str, str]] = []
        self.in_batch = False
        self.key_name: str | None = None
        self._gone: list[Clause] = []

    @property
    def compiler(self) -> Any:
        return self.dialect.ddl_compiler(self.dialect, None)  # type: ignore[arg-type]  # nothing is compiled as a whole

    def text(self) -> TableText:
        return TableText(self.old.name, tuple(self.columns), tuple(self.constraints), self.options)

    def resolve(self, name: str) -> str:
        """The column's name in the draft, from the one it has at this point of the group, or from its first one, as in Alembic."""
        for old, new in reversed(self.renames):
            if same(name, new):
                name = old
        for column in self.columns:
            if same(column.name, name):
                return column.name
        return name

    def position(self, name: str) -> int:
        wanted = self.resolve(name)
        for place, column in enumerate(self.columns):
            if column.name == wanted:
                return place
        raise NoSuchColumn(f"table {self.table} has no column {name}")

    # Columns

    def add_column(self, op: ops.AddColumn) -> None:
        if any(same(column.name, op.column.name) for column in self.columns):
            if op.if_not_exists:
                return
            raise SchemaError(
                f"table {self.table} has a column {op.column.name} already"
                if not self.renames
                else f"table {self.table}: column {op.column.name} is added in the group that renames the one of that name",
                "Put the renaming into a batch block of its own, before this one" if self.renames else "",
            )
        given = constructs.added_column(op)
        column = column_text(self.compiler, given, op.references is not None, op.primary_key)
        place = len(self.columns)
        if op.before_column is not None:
            place = self.position(op.before_column)
        elif op.after_column is not None:
            place = self.position(op.after_column) + 1
        if column.has("primary"):
            self.without_key()
        self.columns.insert(place, column)
        self.add_type_checks(column.name, given.type)

    def drop_column(self, op: ops.DropColumn) -> None:
        if op.if_exists and not any(same(column.name, self.resolve(op.name)) for column in self.columns):
            return
        place = self.position(op.name)
        taken = self.columns.pop(place)
        name = taken.name
        self.copied.discard(name)
        self.dropped.append(name)
        for clause in (*taken.clauses, *(each for each in self.text().all_clauses() if self._holds(each, name))):
            self._gone.append(clause)
            if clause.kind == "primary":
                self._cut_key(clause, name)
        self.constraints = [clause for clause in self.constraints if not self._holds(clause, name)]
        for i, column in enumerate(self.columns):
            kept = tuple(clause for clause in column.clauses if not (clause.kind != "generated" and self._holds(clause, name)))
            self.columns[i] = replace(column, clauses=kept)

    def _cut_key(self, key: Clause, column: str) -> None:
        """The key after one of its columns went."""
        left = [name for name in key.columns if not same(name, column)]
        if left and self.in_batch:
            self.append_key(key.name, left)
        elif not left:
            self.key_name = key.name

    def append_key(self, name: str | None, columns: Sequence[str]) -> None:
        text = f"PRIMARY KEY ({', '.join(map(self.quoted, columns))})"
        self.append(text if name is None else f"CONSTRAINT {self.quoted(name)} {text}")

    def _holds(self, clause: Clause, name: str) -> bool:
        if any(same(each, name) for each in clause.columns):
            return True
        return same(clause.target, self.table.name) and any(same(each, name) for each in clause.target_columns)

    def alter_column(self, op: ops.AlterColumn) -> None:
        change = op.change
        place = self.position(op.name)
        column = self.columns[place]
        if change.type is not UNSET:
            column = self._retyped(column, op, change.type)
        if change.nullable is not UNSET:
            column = column.without("notnull", "null")
            if not change.nullable:
                column = column.with_clause(Clause("notnull", "NOT NULL", columns=(column.name,)))
        if change.default is not UNSET:
            column = column.without("default")
            if change.default is not None:
                column = column.without("generated").with_clause(self.default_clause(column.name, constructs.default_of(change.default)))
        if change.computed is not UNSET:
            column = column.without("generated")
            if change.computed is not None:
                text = self.compiler.process(constructs.computed_of(change.computed))
                column = column.without("default").with_clause(Clause("generated", text, columns=(column.name,)))
        if column.generated:
            self.copied.discard(column.name)
        elif self.columns[place].generated:
            self.copied.add(column.name)  # what it computed last stays as its value
        self.columns[place] = column
        if change.type is not UNSET:
            self.add_type_checks(column.name, constructs.type_of(change.type))
        if isinstance(change.name, str) and change.name != op.name:
            self._rename(column.name, op.name, change.name)

    def _rename(self, drafted: str, old: str, new: str) -> None:
        current = next((later for earlier, later in reversed(self.renames) if same(earlier, drafted)), drafted)
        self.renames.append((current, new))

    def default_clause(self, column: str, default: Any) -> Clause:
        text = format_server_default(self.compiler, default)
        return Clause("default", f"DEFAULT {default_text(text)}", columns=(column,))

    def _retyped(self, column: ColumnText, op: ops.AlterColumn, new: Type) -> ColumnText:
        """With the new type, and without the collation of the old one and the check that the old one made."""
        read = read_column(f"x {format_type(self.compiler, constructs.type_of(new))}")
        if needs_cast(column.type, read.type):
            self.casts.add(column.name)
        else:
            self.casts.discard(column.name)
        existing = constructs.type_of(op.existing.type) if op.existing.type is not UNSET else None
        named = getattr(existing, "name", None) if getattr(existing, "create_constraint", False) else None
        self.constraints = [each for each in self.constraints if not made_by_type(each, column.name, named)]
        column = replace(
            column, type=read.type, clauses=tuple(each for each in column.clauses if not made_by_type(each, column.name, named))
        )
        return replace(column.without("collate"), clauses=(*read.clauses, *column.without("collate").clauses))

    def add_type_checks(self, column: str, type_: Any) -> None:
        """The checks that a type (Boolean, Enum with create_constraint) makes for itself."""
        table = sa.Table(self.table.name, sa.MetaData(), sa.Column(column, type_))
        for constraint in table.constraints:
            rule = getattr(constraint, "_create_rule", None)
            if getattr(constraint, "_type_bound", False) and (rule is None or rule(self.compiler)):
                self.append(self.compiler.process(constraint))

    # Constraints

    def add_constraint(self, op: ops.AddConstraint) -> None:
        constraint = op.constraint
        if isinstance(constraint, Check) and constraint.column is not None and self._said_by_column(constraint):
            return
        text = self.compiler.process(constructs.constraint_of(op.table, constraint))
        if not text:
            return  # SQLAlchemy has no form for it here: a foreign key into another database file
        for old, new in reversed(self.renames):
            text = renamed(text, new, self.dialect.identifier_preparer.quote(old))
        self.append(text)

    def _said_by_column(self, check: Check) -> bool:
        """Whether the column's own definition, added in the same group, holds the check."""
        column = next((each for each in self.columns if same(each.name, check.column)), None)
        if column is None or column.name in self.copied:
            return False
        return any(each.kind == "check" and each.name == check.name for each in column.clauses)

    def append(self, text: str) -> None:
        clause = read_constraint(text)
        if clause.kind == "primary":
            self.without_key()
        if clause.name is not None:
            self.constraints = [each for each in self.constraints if not same(each.name, clause.name)]
        if not any(each.text == clause.text for each in self.constraints):
            self.constraints.append(clause)

    def without_key(self) -> None:
        self.constraints = [each for each in self.constraints if each.kind != "primary"]
        self.columns = [column.without("primary") for column in self.columns]

    def drop_constraint(self, op: ops.DropConstraint) -> None:
        found = self._find(op)
        if found is None:
            if op.if_exists or self._went(op):
                return
            named = [each.name for each in self.text().all_clauses() if each.kind in _KINDS and each.name]
            raise NoSuchConstraint(
                f"No such constraint: '{op.name or op.describe()}' on table {self.table}",
                f"Its named constraints are: {', '.join(named)}" if named else "It has no named constraints",
            )
        self.constraints = [each for each in self.constraints if each is not found]
        self.columns = [replace(column, clauses=tuple(each for each in column.clauses if each is not found)) for column in self.columns]

    def _went(self, op: ops.DropConstraint) -> bool:
        """Whether the constraint went with a column that the same group drops."""
        found = [each for each in self._gone if op.name is not None and same(each.name, op.name)]
        if any(each.kind == "primary" for each in found):
            self.key_name = None
        return bool(found)

    def _find(self, op: ops.DropConstraint) -> Clause | None:
        clauses = [each for each in self.text().all_clauses() if each.kind in _KINDS]
        kind = op.kind or (kind_of(op.constraint) if op.constraint is not None else None)
        if op.name is not None:
            # By its name; the kind tells apart two of one name, and where it is none of them the name holds, as in Alembic.
            called = [clause for clause in clauses if same(clause.name, op.name)]
            for clause in (*(each for each in called if kind in (None, each.kind)), *called):
                return clause
        if kind == "primary":
            return next((each for each in clauses if each.kind == "primary"), None)
        unnamed = [each for each in clauses if each.name is None and each.kind == kind]
        if op.constraint is not None:
            return next((each for each in unnamed if self._is(each, op.constraint)), None)
        return unnamed[0] if op.name is None and len(unnamed) == 1 else None

    def _is(self, clause: Clause, constraint: Constraint) -> bool:
        if isinstance(constraint, Check):
            return squeezed(clause.body) == squeezed(f"({constraint.sql.text})")
        columns = tuple(self.resolve(name).lower() for name in getattr(constraint, "columns", ()))
        if tuple(name.lower() for name in clause.columns) != columns:
            return False
        return not isinstance(constraint, ForeignKey) or same(clause.target, constraint.target.name)

    def quoted(self, name: str) -> str:
        return self.dialect.identifier_preparer.quote(name)
