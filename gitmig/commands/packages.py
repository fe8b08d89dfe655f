"""The part that packages have in a new revision: the comparators and renderers that they, or env.py, have registered with Alembic.

A comparator is given the operations that gitmig found, as objects, and adds to them or changes them. Where the models are compared with
the revisions alone, its inspector answers from what they make. A database there is none then: if one asks for rows, what packages find is
left out, and they are named.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from gitmig import ops
from gitmig.adapters.database import connected
from gitmig.adapters.packages import has_entry_points
from gitmig.commands.baseline import Baseline
from gitmig.commands.envcontext import AsksDatabase, NoDatabase
from gitmig.commands.loading import Models
from gitmig.schema.values import Schema

if TYPE_CHECKING:
    from gitmig.compat.alembic.autogeneratecontext import AutogenContext

_TARGETS = ("autogenerate", "schema", "table", "column")
_ENUMS = (ops.CreateEnum, ops.DropEnum, ops.SetEnumValues)


def take_part(models: Models, base: Baseline, dialect: Any, steps: tuple[ops.Step, ...]) -> tuple[tuple[ops.Step, ...], tuple[str, ...]]:
    """The steps with what packages make of them, and notes for the user. Without packages the steps as they are."""
    if not _imported():
        return steps, ()
    from gitmig.compat.alembic.opscustom import context_of

    with _connection(base, dialect) as connection:
        context = context_of(models.options, dialect, models.metadatas, connection)
        if base.url is None:
            context.inspect_with(_inspector(base, dialect, str(models.options.get("version_table") or "alembic_version")))
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

    if not any(registered_by_packages(target) for target in _TARGETS):
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
        functions = [each for target in _TARGETS for each in registered_by_packages(target)]
        names = sorted({_name(each) for each in functions})
        note = (
            f"what {', '.join(names)} compare needs a database, so it is left out here: "
            "`gitmig revision --autogenerate --against database` lets it take part"
        )
        return steps, (note,)
    return objects.read(upgrade_ops, base.schema), ()


def _name(function: Any) -> str:
    """Of the package that a comparator stands in; env.py has no name of its own."""
    package = str(function.__module__).partition(".")[0]
    return "env.py" if package == "env_py" else package


@dataclass(frozen=True, slots=True)
class _Replayed:
    """What an inspector is asked from: the schema that the revisions make, and nothing besides."""

    schema: Schema
    version_table: str

    def statement(self, text: str, execution: Any) -> NoReturn:
        raise AsksDatabase(f"no database is asked here: {text}")

    def rows(self, statement: str) -> NoReturn:
        raise AsksDatabase(f"no database is asked here: {statement}")

    def unknown(self, what: str) -> NoReturn:
        raise AsksDatabase(f"no database is asked here ({what})")


def _inspector(base: Baseline, dialect: Any, version_table: str) -> Any:
    from sqlalchemy import inspect

    from gitmig.runtime.standins import StandinEngine, standin_dialect

    sink = _Replayed(base.schema, version_table)
    return inspect(StandinEngine(standin_dialect(dialect, sink), sink).connect())


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
