"""Constraints as they stand in ``create_table``, to the letter as Alembic writes them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from gitmig.compat.alembic.autogeneratecontext import AutogenContext
from gitmig.compat.alembic.rendertypes import (
    _ident,
    _render_dialect_kwargs_items,
    _render_gen_name,
    _render_potential_expr,
    _sqlalchemy_autogenerate_prefix,
    _user_defined_render,
)
from gitmig.runtime.dispatch import Dispatcher

_constraint_renderers = Dispatcher()


def _render_constraint(constraint: sa.Constraint, autogen_context: AutogenContext, namespace_metadata: sa.MetaData | None) -> str | None:
    """None for a constraint that is not written where it stands: a type makes it, or it has no columns."""
    found = _constraint_renderers.find(constraint)
    if found is None:
        raise ValueError(f"no dispatch function for object: {constraint!r}")
    rendered: str | None = found(constraint, autogen_context, namespace_metadata)
    return rendered


def _call(autogen_context: AutogenContext, name: str, parts: list[str]) -> str:
    return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}{name}({', '.join(parts)})"


def _named(constraint: sa.Constraint, autogen_context: AutogenContext) -> list[str]:
    return [f"name={_render_gen_name(autogen_context, constraint.name)}"] if constraint.name else []


@_constraint_renderers.dispatch_for(sa.PrimaryKeyConstraint)
def _render_primary_key(
    constraint: sa.PrimaryKeyConstraint, autogen_context: AutogenContext, namespace_metadata: sa.MetaData | None
) -> str | None:
    rendered = _user_defined_render("primary_key", constraint, autogen_context)
    if rendered is not False:
        return None if rendered is None else str(rendered)
    if not constraint.columns:
        return None
    columns = [repr(_ident(column.name)) for column in constraint.columns]
    return _call(autogen_context, "PrimaryKeyConstraint", [*columns, *_named(constraint, autogen_context)])


@_constraint_renderers.dispatch_for(sa.ForeignKeyConstraint)
def _render_foreign_key(
    constraint: sa.ForeignKeyConstraint, autogen_context: AutogenContext, namespace_metadata: sa.MetaData | None
) -> str | None:
    rendered = _user_defined_render("foreign_key", constraint, autogen_context)
    if rendered is not False:
        return None if rendered is None else str(rendered)
    schema = namespace_metadata.schema if namespace_metadata is not None else None
    columns = [repr(_ident(element.parent.name)) for element in constraint.elements]
    targets = [repr(_fk_colspec(element, schema, namespace_metadata)) for element in constraint.elements]
    options = _named(constraint, autogen_context)
    options += [f"{name}={value!r}" for name, value in _populate_render_fk_opts(constraint)]
    options += _render_dialect_kwargs_items(autogen_context, constraint.dialect_kwargs)
    lists = [f"[{', '.join(columns)}]", f"[{', '.join(targets)}]"]
    return _call(autogen_context, "ForeignKeyConstraint", [*lists, *options])


def _populate_render_fk_opts(constraint: Any) -> list[tuple[str, Any]]:
    """The clauses of a key that are said, in their order."""
    names = ("onupdate", "ondelete", "initially", "deferrable", "use_alter", "match")
    return [(name, getattr(constraint, name)) for name in names if getattr(constraint, name)]


def _fk_colspec(fk: sa.ForeignKey, metadata_schema: str | None, namespace_metadata: sa.MetaData | None) -> str:
    """What the key refers to, by the names of the database: a column's key in Python may be another."""
    text = fk._get_colspec()
    *path, column = text.split(".")
    if metadata_schema is not None and len(path) == 1:
        path = [metadata_schema, *path]
    table = namespace_metadata.tables.get(".".join(path)) if namespace_metadata is not None else None
    if table is not None and column in table.c:
        column = table.c[column].name
    return ".".join([*path, column])


@_constraint_renderers.dispatch_for(sa.UniqueConstraint)
def _render_unique_constraint(
    constraint: sa.UniqueConstraint, autogen_context: AutogenContext, namespace_metadata: sa.MetaData | None
) -> str | None:
    rendered = _user_defined_render("unique", constraint, autogen_context)
    if rendered is not False:
        return None if rendered is None else str(rendered)
    columns = [repr(_ident(column.name)) for column in constraint.columns]
    options = [f"{name}={getattr(constraint, name)!r}" for name in ("deferrable", "initially") if getattr(constraint, name)]
    options += _named(constraint, autogen_context)
    options += _render_dialect_kwargs_items(autogen_context, constraint.dialect_kwargs)
    return _call(autogen_context, "UniqueConstraint", [*columns, *options])


@_constraint_renderers.dispatch_for(sa.CheckConstraint)
def _render_check_constraint(
    constraint: sa.CheckConstraint, autogen_context: AutogenContext, namespace_metadata: sa.MetaData | None
) -> str | None:
    rendered = _user_defined_render("check", constraint, autogen_context)
    if rendered is not False:
        return None if rendered is None else str(rendered)
    if constraint._type_bound:
        return None
    text = _render_potential_expr(constraint.sqltext, autogen_context, wrap_in_element=False)
    return _call(autogen_context, "CheckConstraint", [text, *_named(constraint, autogen_context)])


@_constraint_renderers.dispatch_for(ExcludeConstraint)
def _render_exclude_constraint(
    constraint: ExcludeConstraint, autogen_context: AutogenContext, namespace_metadata: sa.MetaData | None
) -> str | None:
    rendered = _user_defined_render("exclude", constraint, autogen_context)
    if rendered is not False:
        return None if rendered is None else str(rendered)
    autogen_context.imports.add("from sqlalchemy.dialects import postgresql")
    elements = [
        f"({exclude_element(expression, autogen_context)}, {operator!r})" for expression, _name, operator in constraint._render_exprs
    ]
    options = exclude_options(constraint, autogen_context) + _named(constraint, autogen_context)
    return f"postgresql.ExcludeConstraint({', '.join([*elements, *options])})"


def exclude_element(expression: Any, autogen_context: AutogenContext) -> str:
    """What an EXCLUDE compares, as it is written."""
    prefix = _sqlalchemy_autogenerate_prefix(autogen_context)
    if isinstance(expression, sa.ColumnClause):
        return f"{prefix}column({expression.name!r})"
    if isinstance(expression, str):
        return repr(expression)
    return _render_potential_expr(expression, autogen_context)


def exclude_options(given: Any, autogen_context: AutogenContext) -> list[str]:
    """``where`` and the clauses of an EXCLUDE, or of the keywords of its operation."""
    options = []
    if given.where is not None:
        options.append(f"where={_render_potential_expr(given.where, autogen_context)}")
    for name in ("deferrable", "initially", "using"):
        value = getattr(given, name)
        if value:
            options.append(f"{name}={value!r}")
    return options
