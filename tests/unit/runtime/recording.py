"""Recording the body of an ``upgrade()``, for tests."""

from __future__ import annotations

import textwrap
from typing import Any

from gitmig.ops import Operation
from gitmig.revision import Revision
from gitmig.runtime.recorder import Recorder
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, Table, TableName
from gitmig.script.header import read_header

_HEAD = """\
import sqlalchemy as sa
from gitmig import context, op
revision = "a1"
down_revision = None
"""


def source_of(body: str, before: str = "") -> bytes:
    """A revision file with ``body`` as its ``upgrade()``; the body begins at line 6."""
    return f"{_HEAD}{before}def upgrade():\n{textwrap.indent(textwrap.dedent(body).strip(), '    ')}\n".encode()


def recorder(dialect: str = "sqlite", schema: Schema | None = None, **settings: Any) -> Recorder:
    return Recorder(dialect_named(dialect), schema, **settings)


def record(run: Recorder, body: str, before: str = "") -> tuple[Operation, ...]:
    source = source_of(body, before)
    revision = Revision("a1", (), (), (), "versions/a1.py")
    return run.record(revision, source, "/project/versions/a1.py", read_header(source, "a1.py").declarations)


def made(body: str, dialect: str = "sqlite", **settings: Any) -> Schema:
    """The schema that a body makes of nothing."""
    run = recorder(dialect, **settings)
    record(run, body)
    return run.schema


def table(schema: Schema, name: str) -> Table:
    return schema.table(TableName(name))
