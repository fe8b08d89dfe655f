"""Operations as statements, in the form that most databases understand; what a dialect says differently overrides a method."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from typing_extensions import assert_never

from gitmig import ops
from gitmig.ddl import constructs, elements
from gitmig.ddl.literals import InlineLiteral
from gitmig.ddl.statement import AnyStatement, Statement, TableEvent
from gitmig.errors import SchemaError
from gitmig.ops import UNSET
from gitmig.schema.madenames import with_made_name
from gitmig.schema.spelling import text_element
from gitmig.schema.tableoptions import alter_sql
from gitmig.schema.thaw import thaw_sequence
from gitmig.schema.values import Column, Constraint, Schema, Table, TableName, kind_of

if TYPE_CHECKING:
    from sqlalchemy.engine import Dialect


class Generic:
    """The writer of one dialect. ``offline``: the statements are printed, so rows stand in them as literals."""

    def __init__(self, dialect: Dialect, offline: bool = False) -> None:
        self.dialect = dialect
        self.offline = offline

    def statements(self, step: ops.Step) -> Iterator[AnyStatement]:
        op = step.op
        match op:
            case ops.CreateTable():
                yield from self.create_table(op)
            case ops.DropTable():
                yield from self.drop_table(op)
            case ops.RenameTable():
                yield Statement(elements.RenameTable(op.old.name, op.new.name, schema=op.old.schema))
            case ops.SetTableComment():
                yield from self.set_table_comment(op)
            case ops.AlterTable():
                yield from self.alter_table(step, op)
            case ops.AddColumn():
                yield from self.add_column(op)
            case ops.DropColumn():
                yield from self.drop_column(step, op)
            case ops.AlterColumn():
                yield from self.alter_column(step, op)
            case ops.AddConstraint():
                yield from self.add_constraint(step, op)
            case ops.DropConstraint():
                yield from self.drop_constraint(step, op)
            case ops.CreateIndex():
                yield self.create_index(op)
            case ops.DropIndex():
                yield self.drop_index(step, op)
            case ops.CreateEnum() | ops.DropEnum() | ops.SetEnumValues():
                yield from self.enum(step, op)
            case ops.CreateSequence():
                yield Statement(sa.schema.CreateSequence(thaw_sequence(op.sequence), if_not_exists=op.if_not_exists))
            case ops.DropSequence():
                yield Statement(sa.schema.DropSequence(sa.Sequence(op.name.name, schema=op.name.schema), if_exists=op.if_exists))
            case ops.CreateSchema():
                yield Statement(sa.schema.CreateSchema(op.name, if_not_exists=op.if_not_exists))
            case ops.DropSchema():
                yield Statement(sa.schema.DropSchema(op.name, cascade=op.cascade, if_exists=op.if_exists))
            case ops.Execute():
                yield self.execute(op)
            case ops.InsertRows():
                yield from self.insert_rows(op)
            case ops.Opaque() | ops.Nothing():
                return
            case ops.Custom():
                yield from (Statement(each) for each in op.statements(self.dialect))
            case _:
                assert_never(op)

    # Tables

    def create_table(self, op: ops.CreateTable) -> Iterator[AnyStatement]:
        """As SQLAlchemy's ``Table.create``: events, the table, its indexes, its comments."""
        table = constructs.table_of(op.table)
        # A script's table brings its types along; a table that is known as a value alone has operations for them beside it.
        scripted = table is op.table.original
        yield TableEvent("before_create", table, types=scripted)
        yield Statement(sa.schema.CreateTable(table, if_not_exists=op.if_not_exists))
        yield TableEvent("after_create", table, types=scripted)
        # A Table keeps its indexes in a set: theirs is the order in which the value has them, else that of their names.
        order = {index.name: position for position, index in enumerate(op.table.indexes)}
        for index in sorted(table.indexes, key=lambda index: (order.get(_text(index.name), len(order)), str(index.name))):
            yield Statement(sa.schema.CreateIndex(index))
        if self.dialect.supports_comments and not self.dialect.inline_comments:
            if table.comment:
                yield Statement(sa.schema.SetTableComment(table))
            yield from (Statement(sa.schema.SetColumnComment(column)) for column in table.columns if column.comment)

    def drop_table(self, op: ops.DropTable) -> Iterator[AnyStatement]:
        table = constructs.stub(op.name)
        yield TableEvent("before_drop", table)
        yield Statement(sa.schema.DropTable(table, if_exists=op.if_exists))
        yield TableEvent("after_drop", table)

    def set_table_comment(self, op: ops.SetTableComment) -> Iterator[AnyStatement]:
        table = constructs.stub(op.table, comment=op.comment)
        yield Statement(sa.schema.DropTableComment(table) if op.comment is None else sa.schema.SetTableComment(table))

    def alter_table(self, step: ops.Step, op: ops.AlterTable) -> Iterator[AnyStatement]:
        """One by one. ``recreate`` is a word for SQLite: elsewhere ALTER TABLE can do it all in place."""
        before = step.before
        for member in ops.members(op):
            after = advanced(before, member)
            yield from self.statements(ops.Step(member, before, after))
            before = after
        yield from self.table_options(op)

    def table_options(self, op: ops.AlterTable) -> Iterator[AnyStatement]:
        if op.table_options:  # a dialect that is not ours has none, and may not be known by its name
            yield from (Statement(text_element(sql)) for sql in alter_sql(op.table, op.table_options, self.dialect.name))

    # Columns

    def add_column(self, op: ops.AddColumn) -> Iterator[AnyStatement]:
        column = constructs.added_column(op)
        yield Statement(
            elements.AddColumn(
                op.table.name,
                column,
                schema=op.table.schema,
                if_not_exists=op.if_not_exists or None,
                inline_references=op.references is not None or None,
                inline_primary_key=op.primary_key or None,
            )
        )
        if column.comment and self.dialect.supports_comments and not self.dialect.inline_comments:
            yield Statement(sa.schema.SetColumnComment(_in_table(column, op.table)))

    def drop_column(self, step: ops.Step, op: ops.DropColumn) -> Iterator[AnyStatement]:
        column = constructs.stub(op.table, (op.name,)).columns[op.name]
        yield Statement(elements.DropColumn(op.table.name, column, schema=op.table.schema, if_exists=op.if_exists or None))

    def alter_column(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        """One statement an attribute; the new name comes last, so that the others speak of the old one."""
        change = op.change
        if change.nullable is not UNSET:
            yield self.column(op, elements.ColumnNullable, change.nullable)
        yield from self.alter_default(step, op)
        if change.type is not UNSET:
            yield self.column(op, elements.ColumnType, constructs.type_of(change.type))
        if change.comment is not UNSET:
            yield self.column(op, elements.ColumnComment, change.comment)
        if change.name is not UNSET and change.name != op.name:
            yield self.column(op, elements.ColumnName, change.name)

    def alter_default(self, step: ops.Step, op: ops.AlterColumn) -> Iterator[AnyStatement]:
        """What fills the column: a default, an expression, an identity."""
        change = op.change
        if change.computed is not UNSET:
            computed = constructs.computed_of(change.computed) if change.computed is not None else None
            yield self.column(op, elements.ComputedColumnDefault, computed)
        if change.identity is not UNSET:
            identity = constructs.identity_of(change.identity) if change.identity is not None else None
            yield self.column(op, elements.IdentityColumnDefault, identity)
        if change.default is not UNSET:
            yield self.column(op, elements.ColumnDefault, constructs.default_of(change.default))

    def column(self, op: ops.AlterColumn, element: Any, new: Any, **keywords: Any) -> Statement:
        """One ALTER COLUMN: ``element`` is the class, ``new`` what it sets."""
        return Statement(element(op.table.name, op.name, new, schema=op.table.schema, **existing_of(op), **keywords))

    # Constraints and indexes

    def add_constraint(self, step: ops.Step, op: ops.AddConstraint) -> Iterator[AnyStatement]:
        yield Statement(constructs.adding(constructs.constraint_of(op.table, op.constraint)))

    def drop_constraint(self, step: ops.Step, op: ops.DropConstraint) -> Iterator[AnyStatement]:
        name, kind = dropped(step.before, op, self.dialect)
        if name is None:
            raise SchemaError(
                f"{op.describe()}: the name that the server gave to it is not known",
                'Give the name in the script: op.drop_constraint("name", ...)',
            )
        constraint = constructs.named_constraint(op.table, name, kind)
        yield Statement(sa.schema.DropConstraint(constraint, if_exists=op.if_exists))

    def create_index(self, op: ops.CreateIndex) -> Statement:
        index = constructs.index_of(op.table, op.index)
        return Statement(sa.schema.CreateIndex(index, if_not_exists=op.if_not_exists), transactional=not self._concurrently(index))

    def drop_index(self, step: ops.Step, op: ops.DropIndex) -> Statement:
        given = op.index.original if op.index is not None else None
        table = op.table or owner_of_index(step.before, op)
        if isinstance(given, sa.Index) and given.table is not None and (op.table is not None or table is None):
            index = given
        else:
            # An index needs a column to be one; which does not matter here.
            keywords = dict(op.index.options) if op.index is not None else {}
            concurrently = {"postgresql_concurrently": True} if keywords.get("postgresql_concurrently") else {}
            stub = constructs.stub(table or TableName("no_table", op.schema), ("x",))
            index = sa.Index(op.name or _default_name(table, op), stub.c.x, **cast("dict[str, Any]", concurrently))
        return Statement(sa.schema.DropIndex(index, if_exists=op.if_exists), transactional=not self._concurrently(index))

    def _concurrently(self, index: sa.Index) -> bool:
        # An index is asked for PostgreSQL's options there only: the question imports that dialect.
        return self.dialect.name == "postgresql" and bool(index.dialect_options["postgresql"]["concurrently"])

    # The rest

    def enum(self, step: ops.Step, op: ops.CreateEnum | ops.DropEnum | ops.SetEnumValues) -> Iterator[AnyStatement]:
        """Enumerated types are things of their own on PostgreSQL only: elsewhere they are a part of the columns that have them."""
        return iter(())

    def execute(self, op: ops.Execute) -> Statement:
        statement = op.statement if op.statement is not None else op.sql.original
        if statement is None:
            statement = op.sql.text
        return Statement(sa.text(statement) if isinstance(statement, str) else statement, options=dict(op.options or {}))

    def insert_rows(self, op: ops.InsertRows) -> Iterator[AnyStatement]:
        """One INSERT for all rows; one a row where the script asks for that, and where they are printed, then with the values in it."""
        rows = list(op.rows or ())
        if not rows:
            return
        if not self.offline and op.multiinsert:
            yield Statement(sa.insert(op.target).inline(), parameters=rows)
            return
        for row in rows:
            values = {key: _literal(op.target, key, value) for key, value in row.items()} if self.offline else row
            yield Statement(sa.insert(op.target).inline().values(values))


def existing_of(op: ops.AlterColumn) -> dict[str, Any]:
    """What the script said of the column before, as the elements take it."""
    existing = op.existing
    default: Any = False
    if existing.computed is not UNSET and existing.computed is not None:
        default = constructs.computed_of(existing.computed)
    elif existing.identity is not UNSET and existing.identity is not None:
        default = constructs.identity_of(existing.identity)
    elif existing.default is not UNSET:
        default = constructs.default_of(existing.default)
    return {
        "existing_type": constructs.type_of(existing.type) if existing.type is not UNSET else None,
        "existing_nullable": existing.nullable if existing.nullable is not UNSET else None,
        "existing_server_default": default,
        "existing_comment": existing.comment if existing.comment is not UNSET else None,
    }


def advanced(before: Schema, op: ops.Operation) -> Schema:
    """``before`` with the operation applied, as far as its tables are known: a run hands over only those that statements depend on."""
    try:
        return op.apply(before)
    except SchemaError:
        # The table is not among those handed over, or a script knows better than what is known of it: the database will tell.
        return before


def column_before(step: ops.Step, op: ops.AlterColumn) -> Column | None:
    """The column as it was, None where the run does not know it."""
    table = step.before.tables.get(op.table)
    return table.column(op.name) if table is not None and table.has_column(op.name) else None


def dropped(before: Schema, op: ops.DropConstraint, dialect: Any) -> tuple[str | None, Any]:
    """Name and kind of the constraint that is dropped, as far as they are known: a name that the server made counts."""
    kind = op.kind or (kind_of(op.constraint) if op.constraint is not None else None)
    if op.name is not None and kind is not None:
        return op.name, kind
    table = before.tables.get(op.table)
    if table is None:
        alone = Table(op.table)
        return op.name or (_made_name(op.constraint, alone, dialect) if op.constraint is not None else None), kind
    found = op.find(table)
    if found is None and op.constraint is not None:
        # A server names it, and reports some of its clauses in words of its own: the one over the same columns.
        found = next((each for each in table.constraints() if _alike(each, op.constraint)), None)
    if found is None and op.name is None and kind is not None:
        only = [each for each in table.constraints() if kind_of(each) == kind]
        found = only[0] if len(only) == 1 else None
    if found is None:
        return op.name, kind
    return op.name or found.name or _made_name(found, table, dialect), kind or kind_of(found)


def _made_name(constraint: Constraint, table: Table, dialect: Any) -> str | None:
    return with_made_name(constraint, table, Schema(), dialect.name).made


def _alike(left: Constraint, right: Constraint) -> bool:
    columns = getattr(right, "columns", None)
    return type(left) is type(right) and columns is not None and getattr(left, "columns", None) == columns


def owner_of_index(before: Schema, op: ops.DropIndex) -> TableName | None:
    """The table whose index it is, for databases that ask."""
    for table in before:
        if table.name.schema == op.schema and any(index.name == op.name for index in table.indexes):
            return table.name
    return None


def _default_name(table: TableName | None, op: ops.DropIndex) -> str | None:
    """The name that SQLAlchemy gives to an index without one."""
    columns = op.index.columns() if op.index is not None else ()
    return f"ix_{table.name}_{'_'.join(columns)}" if table is not None and columns else None


def _text(name: Any) -> str | None:
    return None if name is None else str(name)


def _in_table(column: sa.Column[Any], name: TableName) -> sa.Column[Any]:
    """The column in a table of that name: a script's column may stand in a table that has been renamed since."""
    if column.table.name == name.name and column.table.schema == name.schema:
        return column
    return constructs.stub(name, (column.name,)).columns[column.name]


def _is_sql(value: Any) -> bool:
    return hasattr(value, "__clause_element__") or isinstance(value, sa.sql.ClauseElement)


def _literal(target: Any, key: str, value: Any) -> Any:
    if _is_sql(value):
        return value
    type_ = target.c[key].type if key in target.c else None
    # A column without a type says nothing of its values, which say something themselves.
    return InlineLiteral(None, value, type_=None if isinstance(type_, sa.types.NullType) else type_, unique=True)
