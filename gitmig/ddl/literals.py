"""A value that is always written into its statement."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import BindParameter


class InlineLiteral(BindParameter[Any]):
    """A value rendered in place by its type."""

    inherit_cache = False


@compiles(InlineLiteral)
def _render(element: InlineLiteral, compiler: Any, **keywords: Any) -> str:
    keywords.pop("literal_binds", None)
    return str(compiler.render_literal_bindparam(element, **keywords))
