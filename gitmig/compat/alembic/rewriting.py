"""What ``process_revision_directives`` is given, and what it made of it: from steps to operation objects and back.

An object that nobody touched is the step that it was made of, so that a rewriting loses nothing of the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NoReturn

from gitmig import ops
from gitmig.compat.alembic.operations import Operations
from gitmig.compat.alembic.opsbase import MigrateOperation, MigrationScript, OpContainer
from gitmig.compat.alembic.opscustom import context_of, is_a_packages, package_operation
from gitmig.compat.alembic.opsmap import grouped, operation_objects
from gitmig.errors import ConfigError
from gitmig.schema.values import Schema, Sql, Table, TableName

Directives = Callable[[Any, tuple[str, ...], list[MigrationScript]], None]
_NOTES = ("info", "_mutations")


class Objects:
    """The steps of one direction as operation objects, and what they looked like when they were made."""

    def __init__(
        self,
        steps: Sequence[ops.Step],
        dialect: Any,
        naming_convention: Mapping[str, Any] | None,
        context: Any = None,
        *,
        options: Mapping[str, Any] | None = None,
    ) -> None:
        """``context`` is the AutogenContext of packages that are given the objects, ``options`` those of ``context.configure()``."""
        self._context = context
        self._options = dict(options or {})
        self.steps = tuple(steps)
        self.top = grouped(steps)
        self._dialect = dialect
        self._naming_convention = naming_convention
        self._made: list[tuple[ops.Step, list[tuple[MigrateOperation, str]]]] = []
        flat = list(_flat(self.top))
        for step in self.steps:
            count = len(operation_objects(step))
            self._made.append((step, [(each, _looks(each)) for each in flat[:count]]))
            del flat[:count]

    def read(self, container: OpContainer | None, start: Schema) -> tuple[ops.Step, ...]:
        """The steps of what ``container`` holds now. Raises ConfigError, and SchemaError for what does not fit."""
        found = [] if container is None else list(_flat(container.ops))
        if [(id(each), _looks(each)) for each in found] == [(id(each), looks) for _, objects in self._made for each, looks in objects]:
            return self.steps
        whole = {id(objects[0][0]): (step, objects) for step, objects in self._made if objects}
        gathering = Gathering(start, self._dialect, self._naming_convention)
        directives = Operations(gathering)
        place = 0
        while place < len(found):
            step, objects = whole.get(id(found[place]), (None, []))
            here = found[place : place + len(objects)]
            if step is not None and [(id(each), _looks(each)) for each in here] == [(id(each), looks) for each, looks in objects]:
                gathering.perform(step.op)
                place += len(objects)
                continue
            # What a package has changed is written as the package expects it to be: as Alembic does.
            if self._context is not None or is_a_packages(found[place]):
                context = self._context or context_of(self._options, self._dialect, ())
                gathering.perform(package_operation(found[place], context))
                place += 1
                continue
            try:
                directives.invoke(found[place])
            except ValueError as error:
                raise ConfigError(
                    f"process_revision_directives left a {type(found[place]).__name__}, which nobody knows how to carry out: {error}",
                    "Register an implementation (`Operations.implementation_for`), or leave it out.",
                ) from error
            place += 1
        return ops.steps(start, gathering.operations)


class Gathering:
    """The run on which operation objects become operations."""

    def __init__(self, schema: Schema, dialect: Any, naming_convention: Mapping[str, Any] | None) -> None:
        self.operations: list[ops.Operation] = []
        self.dialect = dialect
        self.naming_convention = naming_convention
        self.keeps_unsaid = True
        self.context: Any = None
        self._schema = schema

    def perform(self, operation: ops.Operation) -> None:
        self._schema = operation.apply(self._schema)
        self.operations.append(operation)

    def execute(self, statement: Any, execution_options: Mapping[str, Any] | None = None) -> None:
        text = statement if isinstance(statement, str) else str(statement.compile(dialect=self.dialect))
        self.perform(ops.Execute(Sql(text.strip()), statement=statement, options=execution_options))

    def bind(self) -> NoReturn:
        raise ConfigError("process_revision_directives left an operation that asks the database", "Leave it out.")

    def table(self, name: TableName) -> Table | None:
        return self._schema.tables.get(name)


def call_directives(
    directives: Directives, context: Any, heads: tuple[str, ...], script: MigrationScript, databases: int = 1
) -> MigrationScript | None:
    """What the project's function made of ``script``, which holds an UpgradeOps for each of so many databases; None where it wants no file.

    Raises ConfigError where it leaves several scripts, or something else; what the function itself raises is raised.
    """
    given = [script]
    directives(context, heads, given)
    if not given:
        return None
    if len(given) > 1 or not isinstance(given[0], MigrationScript):
        raise ConfigError(f"process_revision_directives left {len(given)} things, and gitmig writes one MigrationScript", "Leave one.")
    if databases == 1 and len(given[0].upgrade_ops_list) > 1:
        raise ConfigError("process_revision_directives left several UpgradeOps, and this project has one database", "Leave one.")
    return given[0]


def _flat(operations: Sequence[MigrateOperation]) -> Iterator[MigrateOperation]:
    for each in operations:
        if isinstance(each, OpContainer):
            yield from _flat(each.ops)
        else:
            yield each


def _looks(operation: MigrateOperation) -> str:
    """What a rewriting would change: the attributes, but for notes that are kept with the object."""
    return repr([(name, value) for name, value in sorted(vars(operation).items()) if name not in _NOTES])
