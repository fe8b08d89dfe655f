"""A difference as the operations in Python, or as the statements in SQL."""

from __future__ import annotations

import io
from typing import Literal

from gitmig import ops
from gitmig.autogen.several import shared
from gitmig.commands.autogenerate import Difference, sections, style_of, uses_alembic
from gitmig.commands.baseline import Source
from gitmig.commands.loading import Models
from gitmig.schema.spelling import dialect_named
from gitmig.script.body import statements
from gitmig.script.typesource import Writer

Form = Literal["table", "ops", "sql"]


def lines_of(source: Source, models: Models, difference: Difference, form: str) -> dict[str, list[str]]:
    """The lines of the form asked for: Python under "", SQL under each dialect's name; nothing for "table"."""
    match form:
        case "ops":
            style = style_of(models, tuple(difference.forward), alembic=uses_alembic(source))
            lines = statements(sections(shared(difference.forward), difference.forward), Writer(style))
            return {"": [line[4:] for line in lines]}
        case "sql":
            return {name: sql_lines(steps, name) for name, steps in difference.forward.items()}
        case _:
            return {}


def sql_lines(steps: tuple[ops.Step, ...], dialect_name: str) -> list[str]:
    """The statements on a dialect, each ended by a semicolon."""
    from sqlalchemy.engine.mock import MockConnection

    from gitmig.ddl import statements as statements_of

    dialect = dialect_named(dialect_name)
    output = io.StringIO()

    def dump(statement: object, *_more: object, **_options: object) -> None:
        compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
        output.write(str(compiled).replace("\t", "    ").strip() + ";\n")

    connection = MockConnection(dialect, dump)
    memo: dict[str, object] = {}
    for step in steps:
        for statement in statements_of(step, dialect, offline=True):
            statement.run(connection, memo)
    return output.getvalue().splitlines()
