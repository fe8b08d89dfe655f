"""The text that a script makes in offline mode, and gitmig's own."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

from sqlalchemy.engine.default import DefaultDialect

from tests.dialects.directives.case import Case
from tests.dialects.directives.deviations import RAISES


def configured(dialect: str) -> dict[str, Any]:
    """What ``MigrationContext.configure`` takes for a dialect; SQLAlchemy's default one has no name of its own."""
    return {"dialect": DefaultDialect()} if dialect == "default" else {"dialect_name": dialect}


def gitmigs(case: Case, dialect: str) -> str:
    from gitmig.runtime.migration import MigrationContext
    from gitmig.runtime.operations import Operations

    def operations(options: Mapping[str, Any]) -> Any:
        context = MigrationContext.configure(**configured(dialect), opts=dict(options))
        return Operations(context.printer)  # type: ignore[arg-type]

    return text_of(case, operations)


def text_of(case: Case, operations: Any) -> str:
    """``operations`` makes an Operations object of the options."""
    buffer = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        op = operations({"as_sql": True, "output_buffer": buffer, **case.options})
        try:
            case.script(op)
        except Exception as error:
            return buffer.getvalue() + RAISES + type(error).__name__ + "\n\n"
    return buffer.getvalue()
