"""Operation objects of packages as gitmig's operations: written by the package's renderer, and undone by its ``reverse()``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from gitmig import ops
from gitmig.compat.alembic.autogeneratecontext import AutogenContext
from gitmig.compat.alembic.operations import Operations
from gitmig.compat.alembic.opsbase import MigrateOperation
from gitmig.compat.alembic.render import render_op, renderers
from gitmig.compat.alembic.util import CommandError
from gitmig.errors import SchemaError
from gitmig.ops.footprint import Footprint
from gitmig.runtime.migrationcontext import MigrationContext
from gitmig.schema.values import Schema, Sql, Table, TableName

DEFAULT_OPTS: Mapping[str, Any] = {
    "sqlalchemy_module_prefix": "sa.",
    "alembic_module_prefix": "op.",
    "user_module_prefix": None,
    "render_as_batch": False,
    "include_schemas": False,
}
"""What ``context.configure()`` says where env.py does not."""


@dataclass(frozen=True, slots=True)
class Packaged:
    """An operation object of a package's. ``effects`` is what it does to the schema as far as gitmig knows: for views, functions and the
    like nothing."""

    words: str
    lines: tuple[str, ...]
    import_lines: tuple[str, ...] = ()
    effects: tuple[ops.Operation, ...] = ()
    made: Any = field(default=None, compare=False, hash=False, repr=False)
    context: Any = field(default=None, compare=False, hash=False, repr=False)

    def apply(self, schema: Schema) -> Schema:
        for each in self.effects:
            schema = each.apply(schema)
        return schema

    def invert(self, before: Schema) -> ops.Operation:
        """Raises SchemaError where the package says no way back."""
        try:
            reverse = self.made.reverse()
        except (NotImplementedError, ValueError) as error:
            raise SchemaError(
                f"the package of {type(self.made).__name__} says nothing that undoes it", "Give the class a method reverse()."
            ) from error
        return package_operation(reverse, self.context)

    def footprint(self) -> Footprint:
        found = Footprint()
        for each in self.effects:
            found = found | each.footprint()
        return found

    def describe(self) -> str:
        return self.words

    def statements(self, dialect: Any) -> tuple[Any, ...]:
        """What it executes, as far as that can be said without a database."""
        from gitmig.ddl import Statement, statements

        run = _Gathering(dialect, self.context.migration_context)
        Operations(run).invoke(self.made)
        found = [each for op in run.operations for each in statements(ops.Step(op, Schema(), Schema()), dialect, offline=True)]
        return tuple(each.executable for each in found if isinstance(each, Statement))

    def source(self) -> tuple[str, ...]:
        return self.lines

    def imports(self) -> tuple[str, ...]:
        return self.import_lines


def is_a_packages(operation: MigrateOperation) -> bool:
    """Whether a package, or env.py, says how the object is written."""
    renderer = renderers.find(operation)
    return renderer is not None and renderer.__module__.partition(".")[0] != "gitmig"


def package_operation(
    operation: MigrateOperation, context: AutogenContext, effects: tuple[ops.Operation, ...] | None = None
) -> ops.Operation:
    """The object as an operation; ``effects`` None are found by what the class is a kind of. Raises CommandError without a renderer."""
    if renderers.find(operation) is None:
        raise CommandError(f"nobody knows how to write a {type(operation).__name__}: a renderer is missing (renderers.dispatch_for)")
    before, context.imports = context.imports, set()
    lines = tuple(line for text in render_op(context, operation) for line in text.split("\n"))
    imports, context.imports = tuple(sorted(context.imports)), before
    if effects is None:
        effects = _effects(operation, context)
    made = Packaged(_words(operation), lines, imports, effects, operation, context)
    return cast(ops.Operation, made)


def context_of(options: Mapping[str, Any], dialect: Any, metadatas: tuple[Any, ...], connection: Any = None) -> AutogenContext:
    """What renderers and comparators are given where gitmig makes a revision."""
    opts = {**DEFAULT_OPTS, **{name: value for name, value in options.items() if value is not None}}
    opts.pop("as_sql", None)
    opts.pop("literal_binds", None)
    metadata = metadatas[0] if len(metadatas) == 1 else list(metadatas)
    migration = MigrationContext(dialect, connection, {**opts, "target_metadata": metadata})
    return AutogenContext(migration, metadata, opts=migration.opts)


def _words(operation: MigrateOperation) -> str:
    """ "CreateOp PGFunction public.twice" for people: the class, and what it is of."""
    target = vars(operation).get("target")
    named = getattr(target, "identity", None) or vars(operation).get("name") or vars(operation).get("table_name") or ""
    return " ".join(each for each in (type(operation).__name__, type(target).__name__ if target is not None else "", str(named)) if each)


def _effects(operation: MigrateOperation, context: AutogenContext) -> tuple[ops.Operation, ...]:
    """Of a subclass of one of gitmig's own kinds what that kind does."""
    ours = next((each for each in type(operation).__mro__ if each.__module__.startswith("gitmig.")), MigrateOperation)
    implementation = None if ours is MigrateOperation else Operations._to_impl.find(ours)
    if implementation is None:
        return ()
    run = _Gathering(context.dialect, context.migration_context)
    implementation(Operations(run), operation)
    return tuple(run.operations)


class _Gathering:
    """A run on which nothing happens."""

    keeps_unsaid = True

    def __init__(self, dialect: Any, context: Any) -> None:
        self.dialect = dialect
        self.context = context
        self.operations: list[ops.Operation] = []

    @property
    def naming_convention(self) -> Mapping[str, Any] | None:
        convention: Mapping[str, Any] | None = self.context.naming_convention
        return convention

    def perform(self, operation: ops.Operation) -> None:
        self.operations.append(operation)

    natively = perform

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        self.operations.append(ops.Execute(Sql(str(statement)), "beside", statement=statement, options=execution_options))

    def bind(self) -> Any:
        raise CommandError("what this operation does can only be told by a database")

    def table(self, name: TableName) -> Table | None:
        return None
