"""gitmig's operations as operation objects, as autogenerate hands them to packages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from typing_extensions import assert_never

from gitmig import ops
from gitmig.compat.alembic.opsbase import MigrateOperation, ModifyTableOps
from gitmig.compat.alembic.opscolumns import AddColumnOp, AlterColumnOp, BulkInsertOp, DropColumnOp, ExecuteSQLOp
from gitmig.compat.alembic.opsconstraints import AddConstraintOp, DropConstraintOp
from gitmig.compat.alembic.opstables import (
    CreateIndexOp,
    CreateTableCommentOp,
    CreateTableOp,
    DropIndexOp,
    DropTableCommentOp,
    DropTableOp,
    RenameTableOp,
)
from gitmig.ddl import constructs
from gitmig.ops import UNSET, ColumnChange
from gitmig.schema.thaw import thaw_column, thaw_table
from gitmig.schema.values import Column, Schema, Table, TableName, Type


class NativeOp(MigrateOperation):
    """An operation of gitmig's that Alembic has no object for: of an enumerated type, a sequence, a schema.

    ``operation`` is the value, ``before`` the schema that it meets.
    """

    def __init__(self, operation: ops.Operation, before: Schema) -> None:
        self.operation = operation
        self.before = before

    def reverse(self) -> NativeOp:
        return NativeOp(cast(ops.Operation, self.operation.invert(self.before)), self.operation.apply(self.before))

    def to_diff_tuple(self) -> tuple[str, Any]:
        """("create_enum", the operation) and the like."""
        return (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(self.operation).__name__).lower(), self.operation)


def grouped(steps: Iterable[ops.Step]) -> list[MigrateOperation]:
    """The steps in their order, those that follow each other on one table together as ModifyTableOps, as Alembic has them."""
    found: list[MigrateOperation] = []
    for step in steps:
        for made in operation_objects(step):
            name = _changed_table(made)
            if name is None:
                found.append(made)
                continue
            last = found[-1] if found else None
            if isinstance(last, ModifyTableOps) and (last.table_name, last.schema) == (name.name, name.schema):
                last.ops.append(made)
            else:
                found.append(ModifyTableOps(name.name, [made], schema=name.schema))
    return found


def _changed_table(made: MigrateOperation) -> TableName | None:
    """The table that is changed, None for what makes or drops one, or has none."""
    match made:
        case AlterColumnOp() | AddColumnOp() | DropColumnOp() | CreateTableCommentOp() | DropTableCommentOp() | DropConstraintOp():
            return TableName(made.table_name, made.schema)
        case CreateIndexOp():
            return TableName(made.table_name, made.schema)
        case DropIndexOp():
            return TableName(made.table_name, made.schema) if made.table_name else None
        case AddConstraintOp():
            table = made.to_constraint().parent
            return TableName(table.name, table.schema)
        case _:
            return None


def operation_objects(step: ops.Step) -> Sequence[MigrateOperation]:
    """The objects for one step: mostly one, those inside for a group."""
    before, op = step.before, step.op
    match op:
        case ops.CreateTable(table):
            made = CreateTableOp.from_table(constructs.table_of(table))
            made.if_not_exists = op.if_not_exists or None
            return [made]
        case ops.DropTable(name):
            return [_drop_table(before, op)]
        case ops.RenameTable(old, new):
            return [RenameTableOp(old.name, new.name, schema=old.schema)]
        case ops.SetTableComment(name, comment):
            existing = before.tables[name].comment if name in before.tables else None
            if comment is None:
                return [DropTableCommentOp(name.name, existing_comment=existing, schema=name.schema)]
            return [CreateTableCommentOp(name.name, comment, existing_comment=existing, schema=name.schema)]
        case ops.AlterTable():
            return _members(before, op)
        case ops.AddColumn(name):
            return [
                AddColumnOp(
                    name.name,
                    constructs.added_column(op),
                    schema=name.schema,
                    if_not_exists=op.if_not_exists or None,
                    inline_references=op.references is not None or None,
                    inline_primary_key=op.primary_key or None,
                )
            ]
        case ops.DropColumn(name, column_name):
            known = _known_column(before, name, column_name)
            reverse = AddColumnOp(name.name, _column_of(before, name, known), schema=name.schema) if known is not None else None
            return [DropColumnOp(name.name, column_name, schema=name.schema, if_exists=op.if_exists or None, _reverse=reverse)]
        case ops.AlterColumn():
            return [_alter_column(before, op)]
        case ops.AddConstraint(name, constraint):
            return [AddConstraintOp.from_constraint(constructs.constraint_of(name, constraint))]
        case ops.DropConstraint(name):
            return [_drop_constraint(before, op)]
        case ops.CreateIndex(name, index):
            made_index = CreateIndexOp.from_index(constructs.index_of(name, index))
            made_index.if_not_exists = op.if_not_exists or None
            return [made_index]
        case ops.DropIndex():
            return [_drop_index(before, op)]
        case ops.Execute():
            return [ExecuteSQLOp(op.sql.text if op.statement is None else op.statement, execution_options=op.options)]
        case ops.InsertRows():
            return [BulkInsertOp(op.target, list(op.rows or ()), multiinsert=op.multiinsert)]
        case ops.Nothing():
            return []
        case (
            ops.CreateEnum()
            | ops.DropEnum()
            | ops.SetEnumValues()
            | ops.CreateSequence()
            | ops.DropSequence()
            | ops.CreateSchema()
            | ops.DropSchema()
            | ops.Opaque()
        ):
            return [NativeOp(op, before)]
        case ops.Custom():
            return [NativeOp(op, before)]
        case _:
            assert_never(op)


def _members(before: Schema, op: ops.AlterTable) -> list[MigrateOperation]:
    found: list[MigrateOperation] = []
    for member in ops.members(op):
        after = member.apply(before)
        found += operation_objects(ops.Step(member, before, after))
        before = after
    return found


def _drop_table(before: Schema, op: ops.DropTable) -> DropTableOp:
    if op.name not in before.tables:
        return DropTableOp(op.name.name, schema=op.name.schema, if_exists=op.if_exists or None)
    made = DropTableOp.from_table(thaw_table(before.tables[op.name]))
    made.if_exists = op.if_exists or None
    return made


def _known_column(before: Schema, name: TableName, column: str) -> Column | None:
    table = before.tables.get(name)
    return table.column(column) if table is not None and table.has_column(column) else None


def _column_of(before: Schema, name: TableName, column: Column) -> Any:
    table: Table = before.tables[name]
    return thaw_table(table).columns[column.name]


def _drop_constraint(before: Schema, op: ops.DropConstraint) -> DropConstraintOp:
    table = before.tables.get(op.table)
    found = op.constraint if op.constraint is not None else op.find(table) if table is not None else None
    reverse = AddConstraintOp.from_constraint(constructs.constraint_of(op.table, found)) if found is not None else None
    kind = op.kind if op.kind != "exclude" else None
    return DropConstraintOp(op.name, op.table.name, kind, schema=op.table.schema, if_exists=op.if_exists or None, _reverse=reverse)


def _drop_index(before: Schema, op: ops.DropIndex) -> DropIndexOp:
    table = before.tables.get(op.table) if op.table is not None else None
    known = next((each for each in table.indexes if each.name == op.name), None) if table is not None else None
    index = known if known is not None else op.index
    if op.table is not None and index is not None and index.elements:
        made = DropIndexOp.from_index(constructs.index_of(op.table, index))
        made.index_name = op.name
    else:
        made = DropIndexOp(op.name, op.table.name if op.table else None, schema=op.table.schema if op.table else op.schema)
    made.if_exists = op.if_exists or None
    return made


def altered(op: ops.AlterColumn) -> AlterColumnOp:
    """The object for a change, with what the script itself says of the column before."""
    return _alter_column(Schema(), op)


def _alter_column(before: Schema, op: ops.AlterColumn) -> AlterColumnOp:
    """What the schema before says of the column goes into ``existing_*``, what the script says of it before that."""
    column = _known_column(before, op.table, op.name)
    known = ColumnChange() if column is None else ColumnChange(
        type=column.type, nullable=column.nullable, default=column.default, computed=column.computed,
        identity=column.identity, autoincrement=column.autoincrement, comment=column.comment,
    )  # fmt: skip
    had = ColumnChange(**{**known.given(), **op.existing.given()})
    keywords: dict[str, Any] = {}
    if op.change.autoincrement is not UNSET:
        keywords = {"autoincrement": op.change.autoincrement, "existing_autoincrement": had.autoincrement}
    if op.using is not None:
        keywords["postgresql_using"] = op.using
    existing_default = _default(had)
    return AlterColumnOp(
        op.table.name,
        op.name,
        schema=op.table.schema,
        existing_type=_type(had),
        existing_server_default=False if existing_default is None else existing_default,
        existing_nullable=None if had.nullable is UNSET else had.nullable,
        existing_comment=None if had.comment is UNSET else had.comment,
        modify_nullable=None if op.change.nullable is UNSET else op.change.nullable,
        modify_comment=False if op.change.comment is UNSET else op.change.comment,
        modify_server_default=_default(op.change),
        modify_name=None if op.change.name is UNSET else op.change.name,
        modify_type=_type(op.change),
        **keywords,
        **{name: value for name, value in op.options if value is not None},
    )


def _type(change: ColumnChange) -> Any:
    return None if change.type is UNSET else constructs.type_of(change.type)


def _default(change: ColumnChange) -> Any:
    """As ``server_default`` is given: False where nothing is said, None where there is none."""
    if change.computed is not UNSET and change.computed is not None:
        return constructs.computed_of(change.computed)
    if change.identity is not UNSET and change.identity is not None:
        return constructs.identity_of(change.identity)
    if change.default is not UNSET and change.default is not None:
        column = thaw_column(Column("x", Type("sqlalchemy.types.NullType"), default=change.default))
        return column.server_default
    said = (change.default, change.computed, change.identity)
    return False if all(each is UNSET for each in said) else None
