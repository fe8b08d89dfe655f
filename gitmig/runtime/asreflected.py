"""A column's type as reflection of a live database would give it: the dialect's own, not the generic one that the script wrote."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from gitmig.schema.thawtypes import thaw_type
from gitmig.schema.values import Type


def reflected_type(type_: Type, dialect: Any) -> Any:
    """The SQLAlchemy type that reflection would put on the column."""
    thawed = thaw_type(type_)
    try:
        text = dialect.type_compiler_instance.process(thawed)
    except SQLAlchemyError:
        return thawed
    stem, _, rest = text.partition("(")
    name = stem.strip().upper()
    known = dialect.ischema_names.get(stem.strip()) or dialect.ischema_names.get(name) or dialect.ischema_names.get(name.lower())
    if known is None:
        return thawed
    arguments = [part.strip() for part in rest.rpartition(")")[0].split(",")] if rest else []
    try:
        if arguments and all(part.isdigit() for part in arguments):
            return known(*map(int, arguments))
        return thawed if arguments else sa.types.to_instance(known)
    except TypeError:
        return thawed
