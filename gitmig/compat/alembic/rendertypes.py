"""Types, defaults and expressions as Python, to the letter as Alembic writes them."""

from __future__ import annotations

import re
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ENUM
from sqlalchemy.sql.elements import ClauseElement, TextClause, conv
from sqlalchemy.sql.schema import DefaultClause

from gitmig.compat.alembic.utilsqla import _get_identity_options_dict


class RenderContext(Protocol):
    """What rendering needs of an AutogenContext."""

    opts: dict[str, Any]
    imports: set[str]
    _has_batch: bool

    @property
    def impl(self) -> Any: ...


_DIALECT = re.compile(r"sqlalchemy\.dialects\.(\w+)")


def _sqlalchemy_autogenerate_prefix(autogen_context: RenderContext) -> str:
    return autogen_context.opts["sqlalchemy_module_prefix"] or ""


def _alembic_autogenerate_prefix(autogen_context: RenderContext) -> str:
    return "batch_op." if autogen_context._has_batch else autogen_context.opts["alembic_module_prefix"] or ""


def _user_autogenerate_prefix(autogen_context: RenderContext, target: Any) -> str:
    prefix = autogen_context.opts["user_module_prefix"]
    return f"{type(target).__module__}." if prefix is None else str(prefix)


def _user_defined_render(type_: str, object_: Any, autogen_context: RenderContext) -> Any:
    """What env.py's ``render_item`` says, False where it says nothing."""
    render = autogen_context.opts.get("render_item")
    return render(type_, object_, autogen_context) if render else False


def _ident(name: Any) -> str | None:
    """A name as plain text: what SQLAlchemy knows of its quotes is not written."""
    return None if name is None else str(name)


def _render_gen_name(autogen_context: RenderContext, name: Any) -> str:
    """A name as it is written: one that a convention or the database has made is final."""
    if isinstance(name, conv):
        return f"{_alembic_autogenerate_prefix(autogen_context)}f({_ident(name)!r})"
    return repr(_ident(name) if isinstance(name, str) else None)


def _repr_type(type_: Any, autogen_context: RenderContext, _skip_variants: bool = False) -> str:
    rendered = _user_defined_render("type", type_, autogen_context)
    if rendered is not False:
        return str(rendered)
    own = autogen_context.impl.render_type(type_, autogen_context)
    if own:
        return str(own)
    module = type(type_).__module__
    dialect = _DIALECT.match(module)
    if not _skip_variants and type_._variant_mapping:
        return _render_variant_type(type_, autogen_context)
    if dialect is not None:
        name = dialect.group(1)
        if name != "_typing":
            autogen_context.imports.add(f"from sqlalchemy.dialects import {name}")
        text = repr(type_)
        if isinstance(type_, ENUM) and not type_.create_type and "create_type" not in text:
            text = f"{text[:-1]}, create_type=False)"  # its repr does not say that somebody else makes it
        return f"{name}.{text}"
    if module.startswith("sqlalchemy."):
        if type_.__visit_name__ == "ARRAY":
            prefix = _sqlalchemy_autogenerate_prefix(autogen_context)
            return str(_render_type_w_subtype(type_, autogen_context, "item_type", r"(.+?\()", prefix))
        return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}{type_!r}"
    return f"{_user_autogenerate_prefix(autogen_context, type_)}{type_!r}"


def _render_variant_type(type_: Any, autogen_context: RenderContext) -> str:
    text = _repr_type(type_, autogen_context, _skip_variants=True)
    for dialect in sorted(type_._variant_mapping):
        text += f".with_variant({_repr_type(type_._variant_mapping[dialect], autogen_context)}, {dialect!r})"
    return text


def _render_type_w_subtype(type_: Any, autogen_context: RenderContext, attrname: str, regexp: str, prefix: str | None = None) -> str | bool:
    """The type with the one that it holds as ``attrname`` rendered too; False where it holds none.

    ``regexp`` is what stands before that in the repr, as its first group.
    """
    outer = repr(type_)
    inner = getattr(type_, attrname, None)
    if inner is None:
        return False
    rendered = _repr_type(inner, autogen_context)
    text = re.sub(regexp + re.escape(repr(inner)), lambda found: found.group(1) + rendered, outer)
    if prefix is not None:
        return f"{prefix}{text}"
    module = type(type_).__module__
    dialect = _DIALECT.match(module)
    if dialect is not None:
        autogen_context.imports.add(f"from sqlalchemy.dialects import {dialect.group(1)}")
        return f"{dialect.group(1)}.{text}"
    if module.startswith("sqlalchemy."):
        return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}{text}"
    return f"{_user_autogenerate_prefix(autogen_context, type_)}{text}"


def _render_potential_expr(
    value: Any,
    autogen_context: RenderContext,
    *,
    wrap_in_element: bool = True,
    is_server_default: bool = False,
    is_index: bool = False,
) -> str:
    """An expression as the SQL of the dialect, other values as their repr."""
    if not isinstance(value, ClauseElement):
        return repr(value)
    label: sa.Label[Any] | None = value if is_index and isinstance(value, sa.Label) else None
    expression: Any = label.element if label is not None else value
    sql = autogen_context.impl.render_ddl_sql_expr(expression, is_server_default=is_server_default, is_index=is_index)
    if not wrap_in_element:
        return repr(sql)
    function = "literal_column" if is_index else "text"
    text = f"{_sqlalchemy_autogenerate_prefix(autogen_context)}{function}({sql!r})"
    return f"{text}.label({label.name!r})" if label is not None else text


def _render_server_default(default: Any, autogen_context: RenderContext, repr_: bool = True) -> str | None:
    rendered = _user_defined_render("server_default", default, autogen_context)
    if rendered is not False:
        return None if rendered is None else str(rendered)
    if isinstance(default, sa.Computed):
        return _render_computed(default, autogen_context)
    if isinstance(default, sa.Identity):
        return _render_identity(default, autogen_context)
    if isinstance(default, DefaultClause):
        if not isinstance(default.arg, str):
            return _render_potential_expr(default.arg, autogen_context, is_server_default=True)
        default = default.arg
    elif isinstance(default, sa.FetchedValue):
        return _render_fetched_value(autogen_context)
    elif isinstance(default, (TextClause, ClauseElement)):
        return _render_potential_expr(default, autogen_context, is_server_default=True)
    if isinstance(default, str) and repr_:
        return repr(re.sub(r"^'|'$", "", default))
    return None if default is None else str(default)


def _should_render_server_default_positionally(server_default: Any) -> bool:
    return isinstance(server_default, (sa.Computed, sa.Identity))


def _render_fetched_value(autogen_context: RenderContext) -> str:
    return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}FetchedValue()"


def _render_computed(computed: sa.Computed, autogen_context: RenderContext) -> str:
    text = _render_potential_expr(computed.sqltext, autogen_context, wrap_in_element=False)
    persisted = "" if computed.persisted is None else f"persisted={computed.persisted}"
    return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}Computed({text}, {persisted})"


def _render_identity(identity: sa.Identity, autogen_context: RenderContext) -> str:
    options = ", ".join(f"{key}={value}" for key, value in _get_identity_options_dict(identity, dialect_kwargs=True).items())
    return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}Identity({options})"


def _render_dialect_kwargs_items(autogen_context: RenderContext, dialect_kwargs: Any) -> list[str]:
    return [f"{key}={_render_potential_expr(value, autogen_context)}" for key, value in dialect_kwargs.items()]


def _render_column(column: sa.Column[Any], autogen_context: RenderContext) -> str:
    rendered = _user_defined_render("column", column, autogen_context)
    if rendered is not False:
        return str(rendered)
    parts = [repr(_ident(column.name)), _repr_type(column.type, autogen_context)]
    named: list[str] = []
    if column.server_default is not None:
        default = _render_server_default(column.server_default, autogen_context)
        if default and _should_render_server_default_positionally(column.server_default):
            parts.append(default)
        elif default:
            named.append(f"server_default={default}")
    if column.autoincrement is not None and column.autoincrement != "auto":
        named.append(f"autoincrement={column.autoincrement}")
    if column.nullable is not None:
        named.append(f"nullable={column.nullable}")
    if column.system:
        named.append("system=True")
    if column.comment:
        named.append(f"comment={column.comment!r}")
    named += _render_dialect_kwargs_items(autogen_context, column.dialect_kwargs)
    return f"{_sqlalchemy_autogenerate_prefix(autogen_context)}Column({', '.join([*parts, *named])})"
