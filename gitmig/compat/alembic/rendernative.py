"""Operations of gitmig's that Alembic has no object for, as the lines that gitmig writes for them."""

from __future__ import annotations

from gitmig import ops
from gitmig.compat.alembic.autogeneratecontext import AutogenContext
from gitmig.compat.alembic.opsmap import NativeOp
from gitmig.compat.alembic.render import renderers
from gitmig.ddl.generic import advanced
from gitmig.script.body import Section, statements
from gitmig.script.typesource import Style, Writer


@renderers.dispatch_for(NativeOp)
def natively(autogen_context: AutogenContext, op: NativeOp) -> list[str]:
    writer = Writer(Style((autogen_context.dialect.name,), names_in_batch=True))
    step = ops.Step(op.operation, op.before, advanced(op.before, op.operation))
    lines = [line.removeprefix("    ") for line in statements([Section((step,), ())], writer)]
    autogen_context.imports |= writer.imports
    return lines
