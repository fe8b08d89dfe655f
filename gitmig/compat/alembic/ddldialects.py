"""The classes of SQLAlchemy's own dialects, as packages subclass them. What they do is gitmig's own DDL."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

import sqlalchemy as sa
from sqlalchemy.sql.functions import FunctionElement

from gitmig.compat.alembic.ddlimpl import DefaultImpl

__all__ = ["MSSQLImpl", "MariaDBImpl", "MySQLImpl", "OracleImpl", "PostgresqlImpl", "SQLiteImpl"]


class PostgresqlImpl(DefaultImpl):
    __dialect__ = "postgresql"

    transactional_ddl = True
    type_synonyms: ClassVar[tuple[set[str], ...]] = (*DefaultImpl.type_synonyms, {"FLOAT", "DOUBLE PRECISION"})

    def render_ddl_sql_expr(self, expr: Any, is_server_default: bool = False, is_index: bool = False, **kw: Any) -> str:
        if is_index and not isinstance(expr, sa.ColumnClause):
            expr = expr.self_group()
        return super().render_ddl_sql_expr(expr, is_server_default=is_server_default, **kw)

    def render_type(self, type_obj: Any, autogen_context: Any) -> str | Literal[False]:
        """Types that hold others, and domains, are written with what they hold."""
        from gitmig.compat.alembic.rendertypes import _render_type_w_subtype

        if not type(type_obj).__module__.startswith("sqlalchemy.dialects.postgresql"):
            return False
        held = {"HSTORE": "text_type", "JSON": "astext_type", "JSONB": "astext_type", "ARRAY": "item_type", "DOMAIN": "data_type"}
        name = type_obj.__visit_name__
        if name not in held:
            return False
        before = {"HSTORE": r"(.+?\(.*text_type=)", "JSON": r"(.+?\(.*astext_type=)", "JSONB": r"(.+?\(.*astext_type=)"}
        found = _render_type_w_subtype(type_obj, autogen_context, held[name], before.get(name, r"(.+?\()"))
        return found if isinstance(found, str) else False


class MySQLImpl(DefaultImpl):
    __dialect__ = "mysql"

    type_synonyms: ClassVar[tuple[set[str], ...]] = (*DefaultImpl.type_synonyms, {"BOOL", "TINYINT"}, {"JSON", "LONGTEXT"})
    type_arg_extract: ClassVar[Any] = [r"character set ([\w\-_]+)", r"collate ([\w\-_]+)"]

    def render_ddl_sql_expr(self, expr: Any, is_server_default: bool = False, is_index: bool = False, **kw: Any) -> str:
        """An index's expression that is a function's value stands in parentheses of its own, as MySQL asks."""
        text = super().render_ddl_sql_expr(expr, is_server_default=is_server_default, **kw)
        return f"({text})" if is_index and isinstance(expr, FunctionElement) else text


class MariaDBImpl(MySQLImpl):
    __dialect__ = "mariadb"


class SQLiteImpl(DefaultImpl):
    __dialect__ = "sqlite"

    def render_ddl_sql_expr(self, expr: Any, is_server_default: bool = False, **kw: Any) -> str:
        """A default that is an expression stands in parentheses, as SQLite asks."""
        text = super().render_ddl_sql_expr(expr, is_server_default=is_server_default, **kw)
        return f"({text})" if is_server_default and _bare_expression(text) else text


class MSSQLImpl(DefaultImpl):
    __dialect__ = "mssql"

    transactional_ddl = True
    batch_separator = "GO"
    type_synonyms: ClassVar[tuple[set[str], ...]] = (*DefaultImpl.type_synonyms, {"VARCHAR", "NVARCHAR"})
    identity_attrs_ignore: ClassVar[tuple[str, ...]] = (
        *DefaultImpl.identity_attrs_ignore,
        "minvalue",
        "maxvalue",
        "nominvalue",
        "nomaxvalue",
        "cycle",
        "cache",
    )

    def emit_begin(self) -> None:
        self.static_output(f"BEGIN TRANSACTION{self.command_terminator}")

    def emit_commit(self) -> None:
        super().emit_commit()
        self.static_output(self.batch_separator)


class OracleImpl(DefaultImpl):
    __dialect__ = "oracle"

    batch_separator = "/"
    command_terminator = ""
    type_synonyms: ClassVar[tuple[set[str], ...]] = (
        *DefaultImpl.type_synonyms,
        {"VARCHAR", "VARCHAR2"},
        {"BIGINT", "INTEGER", "SMALLINT", "DECIMAL", "NUMERIC", "NUMBER"},
        {"DOUBLE", "FLOAT", "DOUBLE_PRECISION"},
    )
    identity_attrs_ignore: ClassVar[tuple[str, ...]] = ()

    def emit_begin(self) -> None:
        self.static_output(f"SET TRANSACTION READ WRITE\n\n{self.batch_separator}")

    def emit_commit(self) -> None:
        self.static_output(f"COMMIT\n\n{self.batch_separator}")


def _bare_expression(text: str) -> bool:
    """Whether it is neither in parentheses, nor a word, a number or a string."""
    import re

    return not re.fullmatch(r"\(.*\)|'.*'|\".*\"|[\w.+-]+", text, re.DOTALL)
