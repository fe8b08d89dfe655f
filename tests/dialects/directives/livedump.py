"""A database's shape and rows as its own catalogues tell them: nothing of gitmig's or Alembic's is asked."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

_POSTGRESQL = (
    """SELECT c.relname, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, pg_get_expr(d.adbin, d.adrelid),
       a.attidentity, a.attgenerated, col_description(c.oid, a.attnum), obj_description(c.oid)
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
       LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
       WHERE n.nspname IN ('public', 's') AND c.relkind IN ('r', 'p') ORDER BY 1, 2""",
    """SELECT conrelid::regclass::text, conname, contype, convalidated, pg_get_constraintdef(c.oid) FROM pg_constraint c
       JOIN pg_namespace n ON n.oid = c.connamespace WHERE n.nspname IN ('public', 's') ORDER BY 1, 2""",
    "SELECT schemaname, tablename, indexdef FROM pg_indexes WHERE schemaname IN ('public', 's') ORDER BY 1, 2, 3",
    "SELECT t.typname, e.enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid ORDER BY 1, e.enumsortorder",
    "SELECT schemaname, sequencename, increment_by, start_value FROM pg_sequences WHERE schemaname IN ('public', 's') ORDER BY 1, 2",
)


def dump(connection: sa.Connection) -> list[Any]:
    """Everything, in a stable order."""
    match connection.dialect.name:
        case "postgresql":
            found: list[Any] = [tuple(row) for query in _POSTGRESQL for row in connection.exec_driver_sql(query)]
        case "sqlite":
            found = _of_sqlite(connection)
        case _:
            names = sorted(row[0] for row in connection.exec_driver_sql("SHOW TABLES"))
            found = [connection.exec_driver_sql(f"SHOW CREATE TABLE `{name}`").one()[1] for name in names]
    inspector = sa.inspect(connection)
    quote = connection.dialect.identifier_preparer.quote
    for name in sorted(inspector.get_table_names()):
        rows = connection.exec_driver_sql(f"SELECT * FROM {quote(name)}").all()
        found += [name, sorted(map(repr, rows))]
    return found


def _of_sqlite(connection: sa.Connection) -> list[Any]:
    inspector = sa.inspect(connection)
    found: list[Any] = []
    for name in sorted(inspector.get_table_names()):
        columns = connection.exec_driver_sql(f"SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('{name}')")
        found += [name, [tuple(row) for row in columns], inspector.get_pk_constraint(name)]
        for part in ("get_foreign_keys", "get_unique_constraints", "get_check_constraints"):
            found += sorted(map(repr, getattr(inspector, part)(name)))
    indexes = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1")
    return [*found, *map(tuple, indexes)]
