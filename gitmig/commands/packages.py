"""The part that packages have in a new revision: the comparators and renderers that they, or env.py, have registered with Alembic.

A comparator is given the operations that gitmig found, as objects, and adds to them or changes them. Most of them ask a database; where
the models are compared with the revisions alone there is none, and those that ask are left out and named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gitmig import ops
from gitmig.adapters.database import connected
from gitmig.adapters.packages import has_entry_points
from gitmig.commands.baseline import Baseline
from gitmig.commands.envcontext import AsksDatabase, NoDatabase
from gitmig.commands.loading import Models

if TYPE_CHECKING:
    from gitmig.compat.alembic.autogeneratecontext import AutogenContext

_ENUMS = (ops.CreateEnum, ops.DropEnum, ops.SetEnumValues)


def take_part(models: Models, base: Baseline, dialect: Any, steps: tuple[ops.Step, ...]) -> tuple[tuple[ops.Step, ...], tuple[str, ...]]:
    """The steps with what packages make of them, and notes for the user. Without packages the steps as they are."""
    if not _imported():
        return steps, ()
    from gitmig.compat.alembic.opscustom import context_of

    with _connection(base, dialect) as connection:
        context = context_of(models.options, dialect, models.metadatas, connection)
        if base.url is None:
            context.no_inspector(connection)
        found, notes = _compared(context, base, steps)
    return _rendered(context, base, found), notes


def _imported() -> bool:
    """Whether anything of Alembic's autogenerate was imported with the models or env.py: nothing can be registered without it."""
    return "alembic.autogenerate" in sys.modules or has_entry_points("alembic.plugins")


@contextmanager
def _connection(base: Baseline, dialect: Any) -> Iterator[Any]:
    """The database that was compared with, in a transaction that is rolled back; a stand-in where there was none."""
    if base.url is None:
        yield NoDatabase(dialect)
        return
    with connected(base.url) as connection:
        connection.begin()
        yield connection
        if connection.in_transaction():
            connection.rollback()


def _compared(context: AutogenContext, base: Baseline, steps: tuple[ops.Step, ...]) -> tuple[tuple[ops.Step, ...], tuple[str, ...]]:
    from gitmig.compat.alembic.compare import ask_packages, enums_kept_elsewhere
    from gitmig.compat.alembic.comparing import registered_by_packages
    from gitmig.compat.alembic.opsbase import UpgradeOps
    from gitmig.compat.alembic.rewriting import Objects

    if not any(registered_by_packages(target) for target in ("autogenerate", "schema", "table", "column")):
        return steps, ()
    given = steps
    if base.url is not None and enums_kept_elsewhere():
        given = ops.steps(base.schema, [step.op for step in steps if not isinstance(step.op, _ENUMS)])
    convention = context.migration_context.naming_convention
    objects = Objects(given, context.dialect, convention, context)
    upgrade_ops = UpgradeOps(objects.top)
    try:
        ask_packages(context, upgrade_ops, base.schema)
    except AsksDatabase:
        names = sorted({function.__module__.partition(".")[0] for function in registered_by_packages("schema")})
        note = (
            f"what {', '.join(names)} compare needs a database, so it is left out here: "
            "`gitmig revision --autogenerate --against database` lets it take part"
        )
        return steps, (note,)
    return objects.read(upgrade_ops, base.schema), ()


def _rendered(context: AutogenContext, base: Baseline, steps: tuple[ops.Step, ...]) -> tuple[ops.Step, ...]:
    """Steps whose kind a package or env.py writes in its own way are written so."""
    from gitmig.compat.alembic.opscustom import is_a_packages, package_operation
    from gitmig.compat.alembic.opsmap import operation_objects

    made: list[ops.Operation] = []
    for step in steps:
        objects = [] if isinstance(step.op, ops.Custom) else operation_objects(step)
        if len(objects) == 1 and is_a_packages(objects[0]):
            made.append(package_operation(objects[0], context, (step.op,)))
        else:
            made.append(step.op)
    return ops.steps(base.schema, made) if made != [step.op for step in steps] else steps
