"""Which of gitmig's modules Alembic's modules of operations, autogenerate, DDL, scripts and helpers are made of."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

_HERE = "gitmig.compat.alembic."

_PARTS: Mapping[str, tuple[str, ...]] = {
    "alembic.autogenerate": ("autogenerate",),
    "alembic.autogenerate.api": ("autogenerate",),
    "alembic.autogenerate.compare": ("compare",),
    "alembic.autogenerate.compare.comments": ("comparecolumns",),
    "alembic.autogenerate.compare.constraints": ("comparecolumns",),
    "alembic.autogenerate.compare.server_defaults": ("comparecolumns",),
    "alembic.autogenerate.compare.tables": ("compare",),
    "alembic.autogenerate.compare.types": ("comparecolumns",),
    "alembic.autogenerate.compare.util": ("compare",),
    "alembic.autogenerate.render": ("render",),
    "alembic.autogenerate.rewriter": ("autogeneraterewriter",),
    "alembic.ddl": ("ddl: DefaultImpl",),
    "alembic.ddl._autogen": ("ddlautogen",),
    "alembic.ddl.base": ("ddlbase",),
    "alembic.ddl.impl": ("ddl",),
    "alembic.ddl.mssql": ("ddlbase", "ddldialects: MSSQLImpl"),
    "alembic.ddl.mysql": (
        "ddlbase",
        "ddldialects: MariaDBImpl, MySQLImpl",
        "gitmig.ddl.mysql: MySQLAlterDefault, MySQLChangeColumn, MySQLModifyColumn",
    ),
    "alembic.ddl.oracle": ("ddlbase", "ddldialects: OracleImpl"),
    "alembic.ddl.postgresql": (
        "ddlbase",
        "ddldialects: PostgresqlImpl",
        "opsconstraints: CreateExcludeConstraintOp",
        "gitmig.ddl.postgresql: PostgresqlColumnType, visit_column_comment, visit_column_type, visit_identity_column, visit_rename_table",
    ),
    "alembic.ddl.sqlite": ("ddlbase", "ddldialects: SQLiteImpl"),
    "alembic.operations": ("ops", "operations"),
    "alembic.operations.base": ("operations",),
    "alembic.operations.batch": ("operationsbatch",),
    "alembic.operations.ops": ("ops",),
    "alembic.operations.schemaobj": ("schemaobj",),
    "alembic.operations.toimpl": ("operationsimpl",),
    "alembic.runtime.plugins": ("plugins",),
    "alembic.util": ("util", "utildispatch", "utilmessaging", "utilnames"),
    "alembic.util.compat": ("utilcompat",),
    "alembic.util.editor": ("utileditor",),
    "alembic.util.exc": ("utilerrors",),
    "alembic.util.langhelpers": ("util", "utildispatch"),
    "alembic.util.messaging": ("utilmessaging",),
    "alembic.util.pyfiles": ("util",),
    "alembic.util.sqla_compat": ("utilsqla",),
}
"""Each is the names of ``__all__`` of modules here, or the names said after a module's."""


def _names(parts: tuple[str, ...]) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for part in parts:
        path, _, said = part.partition(": ")
        module = importlib.import_module(path if path.startswith("gitmig.") else _HERE + path)
        found.update({name: getattr(module, name) for name in (said.split(", ") if said else module.__all__)})
    return found


MODULES: Mapping[str, Callable[[], Mapping[str, Any]]] = {name: partial(_names, parts) for name, parts in _PARTS.items()}
