"""``alembic.autogenerate.compare``: what the models have and the database has not, as operation objects.

The difference is gitmig's own diff; comparators that packages have registered for schemas, tables and columns add theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.autogen.diff import diff
from gitmig.autogen.settings import Settings
from gitmig.autogen.steps import named_steps
from gitmig.compat.alembic import comparecolumns
from gitmig.compat.alembic.autogeneratecontext import AutogenContext
from gitmig.compat.alembic.compareenums import made_apart
from gitmig.compat.alembic.comparing import built_in, comparators, own_parts, registered_by_packages
from gitmig.compat.alembic.ddlimpl import DefaultImpl
from gitmig.compat.alembic.opsbase import MigrateOperation, MigrationScript, ModifyTableOps, UpgradeOps
from gitmig.compat.alembic.opscolumns import AlterColumnOp
from gitmig.compat.alembic.opsmap import NativeOp, grouped
from gitmig.compat.alembic.opstables import CreateTableOp, DropTableOp
from gitmig.compat.alembic.utildispatch import PriorityDispatcher
from gitmig.schema.freeze import freeze
from gitmig.schema.thaw import thaw_table
from gitmig.schema.values import Check, Column, Schema, Table, TableName

__all__ = [
    "_InspectorConv",
    "_autogen_for_tables",
    "_compare_columns",
    "_compare_schemas",
    "_compare_tables",
    "_populate_migration_script",
    "_produce_net_changes",
    "comparators",
]

_ENUM_KEEPERS = frozenset({"alembic_postgresql_enum", "alembic_autogenerate_enums"})
"""Packages that compare enumerated types of PostgreSQL by themselves: where one takes part, gitmig leaves them to it."""


def _produce_net_changes(autogen_context: AutogenContext, upgrade_ops: UpgradeOps) -> None:
    """Fills ``upgrade_ops`` in place."""
    autogen_context.comparators.dispatch("autogenerate", qualifier=autogen_context.dialect.name)(autogen_context, upgrade_ops)


def _populate_migration_script(autogen_context: AutogenContext, migration_script: MigrationScript) -> None:
    """Fills the last containers of a script, the way back being the opposite of the way on."""
    upgrade_ops = migration_script.upgrade_ops_list[-1]
    _produce_net_changes(autogen_context, upgrade_ops)
    upgrade_ops.reverse_into(migration_script.downgrade_ops_list[-1])


@built_in.dispatch_for("autogenerate")
def _compare_schemas(autogen_context: AutogenContext, upgrade_ops: UpgradeOps) -> None:
    """Decides which schemas are looked at, and calls the comparators of schemas."""
    schemas: set[str | None] = {None}
    if autogen_context.opts.get("include_schemas", False):
        default = autogen_context.dialect.default_schema_name
        names = [name for name in autogen_context.inspector.get_schema_names() if name != "information_schema"]
        schemas |= {name for name in names if name != default}
        schemas |= {table.schema for table in autogen_context.table_key_to_table.values() if table.schema != default}
    taken = {name for name in schemas if autogen_context.run_name_filters(name, "schema", {})}
    autogen_context.comparators.dispatch("schema", qualifier=autogen_context.dialect.name)(autogen_context, upgrade_ops, taken)


@built_in.dispatch_for("schema", subgroup="tables")
def _autogen_for_tables(autogen_context: AutogenContext, upgrade_ops: UpgradeOps, schemas: set[str | None]) -> None:
    """gitmig's own diff of the schemas, then the comparators of packages for each table that is on both sides."""
    before, after = _before(autogen_context, schemas), _after(autogen_context, schemas)
    upgrade_ops.ops.extend(differences(autogen_context, before, after))
    if registered_by_packages("table") or registered_by_packages("column"):
        _ask_packages(autogen_context, upgrade_ops, before)


def _compare_tables(
    conn_table_names: Iterable[tuple[str | None, str]],
    metadata_table_names: Iterable[tuple[str | None, str]],
    inspector: Any,
    upgrade_ops: UpgradeOps,
    autogen_context: AutogenContext,
) -> None:
    """The differences of the tables named, as (schema, name)."""
    from gitmig.adapters.reflect import reflect

    names = {TableName(name, schema) for schema, name in conn_table_names}
    wanted = {TableName(name, schema) for schema, name in metadata_table_names}
    schemas: set[str | None] = {name.schema for name in names | wanted}
    known = reflect(autogen_context.connection, schemas=tuple(schemas), tables=names) if names else Schema()
    whole = _after(autogen_context, schemas)
    after = replace(whole, tables={name: table for name, table in whole.tables.items() if name in wanted})
    upgrade_ops.ops.extend(differences(autogen_context, known, after))


def _compare_columns(
    schema: str | None,
    tname: str,
    conn_table: sa.Table,
    metadata_table: sa.Table,
    modify_table_ops: ModifyTableOps,
    autogen_context: AutogenContext,
    inspector: Any,
) -> Iterable[None]:
    """The differences of one table's columns; a generator that is gone through once, as a context manager's body would be."""
    before, after = freeze_alone(conn_table), freeze_alone(metadata_table)
    found = differences(autogen_context, before, after)
    for each in found:
        modify_table_ops.ops.extend(each.ops if isinstance(each, ModifyTableOps) else [each])
    yield


def freeze_alone(table: sa.Table) -> Schema:
    """The schema in which this table stands alone, without keys and indexes: its columns are what matters."""
    from gitmig.schema.freeze import freeze_table

    value = replace(freeze_table(table), foreign_keys=(), indexes=(), uniques=(), checks=(), excludes=())
    return Schema({value.name: value})


# -- both sides


def _before(autogen_context: AutogenContext, schemas: set[str | None]) -> Schema:
    """The database. (Where autogenerate compares with the revisions, what they make.)"""
    known: Schema | None = autogen_context.opts.get("gitmig_before")
    if known is not None:
        return known
    from gitmig.adapters.reflect import reflect

    return reflect(autogen_context.connection, schemas=tuple(sorted(schemas, key=str)))


def _after(autogen_context: AutogenContext, schemas: set[str | None]) -> Schema:
    """The models, as far as the schemas that are looked at."""
    whole = Schema()
    default = autogen_context.dialect.default_schema_name
    for metadata in autogen_context.metadatas:
        part = freeze(metadata)
        tables = {
            name: table for name, table in part.tables.items() if name.schema in schemas or (name.schema == default and None in schemas)
        }
        whole = Schema({**whole.tables, **tables}, {**whole.enums, **part.enums}, {**whole.sequences, **part.sequences}, whole.schemas)
    return whole


def differences(autogen_context: AutogenContext, before: Schema, after: Schema) -> list[MigrateOperation]:
    """What turns one into the other, as operation objects."""
    settings = settings_of(autogen_context)
    parts = own_parts(autogen_context.opts.get("autogenerate_plugins"))
    if "checkconstraint_byname" not in parts and autogen_context.opts.get("autogenerate_plugins") is not None:
        before, after = _without_checks(before), _without_checks(after)
    steps = named_steps(before, diff(before, after, autogen_context.dialect, settings), autogen_context.dialect)
    wanted = [step for step in steps if _is_compared(step.op, parts)]
    found = grouped(wanted)
    if enums_kept_elsewhere():
        kinds = (ops.CreateEnum, ops.DropEnum, ops.SetEnumValues)
        return [each for each in found if not (isinstance(each, NativeOp) and isinstance(each.operation, kinds))]
    return [made_apart(each) for each in found] if autogen_context.dialect.name == "postgresql" else found


def enums_kept_elsewhere() -> bool:
    functions = [*registered_by_packages("schema"), *registered_by_packages("autogenerate")]
    return any(function.__module__.partition(".")[0] in _ENUM_KEEPERS for function in functions)


def settings_of(autogen_context: AutogenContext) -> Settings:
    """What env.py's ``configure()`` says of a comparison. Defaults are compared where it asks for that, as in Alembic."""
    opts = autogen_context.opts
    version = TableName(str(opts.get("version_table") or "alembic_version"), opts.get("version_table_schema"))
    filters, names = autogen_context._object_filters, autogen_context._name_filters
    parts = own_parts(opts.get("autogenerate_plugins"))
    return Settings(
        ours=Settings().ours | {version},
        types=opts.get("compare_type", True) is not False and "types" in parts,
        defaults=bool(opts.get("compare_server_default", False)) and "defaults" in parts,
        include_object=autogen_context.run_object_filters if filters else None,
        include_name=autogen_context.run_name_filters if names else None,
        differs=column_judge(autogen_context),
    )


def column_judge(autogen_context: AutogenContext) -> Callable[[str, Column, Column, Table], bool | None] | None:
    """What env.py's ``compare_type`` and ``compare_server_default``, where they are functions, and a package's dialect say of a column:
    whether its "type" or "default" differs; None where they leave it to gitmig."""
    opts, impl = autogen_context.opts, autogen_context.impl
    asked = {"type": opts.get("compare_type"), "default": opts.get("compare_server_default")}
    methods = {"type": "compare_type", "default": "compare_server_default"}
    functions = {what: function for what, function in asked.items() if callable(function)}
    taught = {what for what, method in methods.items() if impl._is_overridden(method)} | ({"type"} if _own_synonyms(impl) else set())
    if not functions and not taught:
        return None

    def judge(what: str, before: Column, after: Column, table: Table) -> bool | None:
        if what not in functions and what not in taught:
            return None
        inspected, model = _in_table(table, before), _in_table(table, after)
        if what == "type":
            if what in functions:
                said = functions[what](autogen_context.migration_context, inspected, model, inspected.type, model.type)
                if said is not None:
                    return bool(said)
            return impl.compare_type(inspected, model) if what in taught else None
        rendered = comparecolumns._render_server_default_for_compare(model.server_default, autogen_context)
        known = comparecolumns._render_server_default_for_compare(inspected.server_default, autogen_context)
        if what in functions:
            said = functions[what](autogen_context.migration_context, inspected, model, known, model.server_default, rendered)
            if said is not None:
                return bool(said)
        return impl.compare_server_default(inspected, model, rendered, known) if what in taught else None

    return judge


def _own_synonyms(impl: DefaultImpl) -> bool:
    owner = next(each for each in type(impl).__mro__ if "type_synonyms" in vars(each))
    return owner.__module__.partition(".")[0] != "gitmig"


def _in_table(table: Table, column: Column) -> sa.Column[Any]:
    given = column.original
    if isinstance(given, sa.Column) and isinstance(given.table, sa.Table):
        return given
    return thaw_table(Table(table.name, (column,))).columns[column.name]


def _is_compared(op: ops.Operation, parts: frozenset[str]) -> bool:
    """Whether env.py has left the plug-in in that looks for such a thing."""
    match op:
        case ops.SetTableComment():
            return "comments" in parts
        case ops.AddConstraint() | ops.DropConstraint() | ops.CreateIndex() | ops.DropIndex():
            return "constraints" in parts
        case ops.AlterColumn(change=change) if "comments" not in parts:
            return set(change.given()) != {"comment"}
        case _:
            return True


def _without_checks(schema: Schema) -> Schema:
    """Without the checks that stand alone: those of types and columns stay."""

    def kept(check: Check) -> bool:
        return check.type_bound or check.column is not None

    tables = {name: replace(table, checks=tuple(filter(kept, table.checks))) for name, table in schema.tables.items()}
    return replace(schema, tables=tables)


# -- packages


def ask_packages(autogen_context: AutogenContext, upgrade_ops: UpgradeOps, before: Schema) -> None:
    """Lets the comparators of packages alone work on ``upgrade_ops``, which hold gitmig's own findings over ``before``."""
    dialect = autogen_context.dialect.name
    asked = [name for name in ("autogenerate", "schema") if registered_by_packages(name)]
    chosen = PriorityDispatcher()
    chosen.populate_with(autogen_context.comparators)
    for functions in chosen._registry.values():
        functions[:] = [(function, group) for function, group in functions if function not in (_compare_schemas, _autogen_for_tables)]
    schemas: set[str | None] = {None}
    if autogen_context.opts.get("include_schemas", False):
        schemas |= {table.schema for table in autogen_context.table_key_to_table.values()}
    _ask_packages(autogen_context, upgrade_ops, before)
    if "autogenerate" in asked:
        chosen.dispatch("autogenerate", qualifier=dialect)(autogen_context, upgrade_ops)
    if "schema" in asked:
        chosen.dispatch("schema", qualifier=dialect)(autogen_context, upgrade_ops, schemas)


def _ask_packages(autogen_context: AutogenContext, upgrade_ops: UpgradeOps, before: Schema) -> None:
    """Calls the comparators of tables and columns for each table on both sides, after gitmig's own changes of it."""
    dialect = autogen_context.dialect.name
    ask_table = autogen_context.comparators.dispatch("table", qualifier=dialect)
    ask_column = autogen_context.comparators.dispatch("column", qualifier=dialect)
    known = {(each.schema, each.table_name): each for each in upgrade_ops.ops if isinstance(each, ModifyTableOps)}
    created = {(each.schema, each.table_name): each for each in upgrade_ops.ops if isinstance(each, CreateTableOp)}
    for table in autogen_context.sorted_tables:
        name = TableName(table.name, table.schema)
        if name not in before.tables:
            if (table.schema, table.name) in created:
                changes = ModifyTableOps(table.name, [], schema=table.schema)
                ask_table(autogen_context, changes, table.schema, table.name, None, table)
                upgrade_ops.ops.extend([changes] if changes.ops else [])
            continue
        there = thaw_table(before.tables[name])
        changes = known.get((table.schema, table.name)) or ModifyTableOps(table.name, [], schema=table.schema)
        for column in table.columns:
            if column.name in there.columns:
                _ask_of_column(autogen_context, ask_column, changes, there.columns[column.name], column)
        ask_table(autogen_context, changes, table.schema, table.name, there, table)
        if changes.ops and (table.schema, table.name) not in known:
            upgrade_ops.ops.append(changes)
    for dropped in [each for each in upgrade_ops.ops if isinstance(each, DropTableOp)]:
        gone = ModifyTableOps(dropped.table_name, [], schema=dropped.schema)
        ask_table(autogen_context, gone, dropped.schema, dropped.table_name, dropped.to_table(), None)
        place = upgrade_ops.ops.index(dropped)
        upgrade_ops.ops[place:place] = [gone] if gone.ops else []


def _ask_of_column(
    autogen_context: AutogenContext, ask: Callable[..., None], changes: ModifyTableOps, there: sa.Column[Any], model: sa.Column[Any]
) -> None:
    made = next((each for each in changes.ops if isinstance(each, AlterColumnOp) and each.column_name == model.name), None)
    op = made or AlterColumnOp(
        changes.table_name,
        model.name,
        schema=changes.schema,
        existing_type=there.type,
        existing_nullable=there.nullable,
        existing_server_default=there.server_default if there.server_default is not None else False,
        existing_comment=there.comment,
    )
    ask(autogen_context, op, changes.schema, changes.table_name, model.name, there, model)
    if made is None and op.has_changes():
        changes.ops.append(op)


class _InspectorConv:
    """An inspector whose names of constraints and indexes are final: no naming convention touches them."""

    def __init__(self, inspector: Any) -> None:
        self.inspector = inspector

    def get_unique_constraints(self, tname: str, schema: str | None = None) -> Any:
        return _final(self.inspector.get_unique_constraints(tname, schema=schema))

    def get_indexes(self, tname: str, schema: str | None = None) -> Any:
        return _final(self.inspector.get_indexes(tname, schema=schema))

    def get_foreign_keys(self, tname: str, schema: str | None = None) -> Any:
        return _final(self.inspector.get_foreign_keys(tname, schema=schema))

    def get_check_constraints(self, tname: str, schema: str | None = None) -> Any:
        return _final(self.inspector.get_check_constraints(tname, schema=schema))

    def reflect_table(self, table: sa.Table) -> None:
        self.inspector.reflect_table(table, None)
        named: list[Any] = [*table.constraints, *table.indexes]
        for each in named:
            if isinstance(each.name, str):
                each.name = sa.sql.elements.conv(each.name)


def _final(found: Any) -> list[dict[str, Any]]:
    return [{**each, "name": sa.sql.elements.conv(each["name"]) if each.get("name") else None} for each in found]
