"""CREATE INDEX and DROP INDEX in raw SQL, as operations."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.ops import Operation
from gitmig.schema import freeze
from gitmig.schema.spelling import text_element
from gitmig.schema.values import Index, IndexElement, Schema, Sql, TableName
from gitmig.script.rawsql_tokens import Reader

_MYSQL = ("mysql", "mariadb")


def create_index(reader: Reader, schema: Schema, unique: bool) -> list[Operation]:
    """What follows CREATE [UNIQUE] INDEX."""
    concurrently = reader.takes("CONCURRENTLY")
    if_not_exists = reader.takes("IF", "NOT", "EXISTS")
    name, owner = (None, None) if reader.sees("ON") else reader.path()
    reader.need("ON")
    reader.takes("ONLY")
    table = TableName(*reader.path())
    if owner is not None and table.schema is None:
        table = TableName(table.name, owner)  # SQLite names the schema before the index
    keywords: dict[str, Any] = {}
    if reader.takes("USING"):
        keywords["postgresql_using"] = reader.name().lower()
    elements, extra = index_elements(reader)
    keywords.update(extra)
    if reader.takes("INCLUDE"):
        keywords["postgresql_include"] = reader.names()
    if reader.takes("WHERE"):
        keywords[f"{reader.dialect}_where"] = text_element(reader.expression())
    reader.end()
    if concurrently:
        keywords["postgresql_concurrently"] = True
    columns = [each.name for each in schema.table(table).columns]
    index = index_value(name or _default_name(table, elements), table, columns, elements, unique=unique, **keywords)
    return [ops.CreateIndex(table, index, if_not_exists)]


def index_value(name: str | None, table: TableName, columns: list[str], elements: tuple[IndexElement, ...], **keywords: Any) -> Index:
    """The index as SQLAlchemy's own would be frozen; ``columns`` are those of its table."""
    stub = sa.Table(table.name, sa.MetaData(), *(sa.Column(each, sa.types.NULLTYPE) for each in columns), schema=table.schema)
    index = sa.Index(name, *(_key(element, stub) for element in elements), _table=stub, **keywords)
    return freeze.freeze_index(index)


def _default_name(table: TableName, elements: tuple[IndexElement, ...]) -> str:
    """PostgreSQL's name for an index without one (CREATE INDEX in its manual)."""
    return "_".join([table.name, *(element.column or "expr" for element in elements), "idx"])


def _key(element: IndexElement, table: sa.Table) -> Any:
    if element.column is not None and element.column in table.c:
        key: Any = table.c[element.column]
        words = element.sort.split()
        if "DESC" in words:
            key = key.desc()
        if "FIRST" in words:
            key = key.nulls_first()
        if "LAST" in words:
            key = key.nulls_last()
        return key
    text = element.column if element.column is not None else element.sql.text if element.sql is not None else ""
    return text_element(f"{text} {element.sort}".strip())


def index_elements(reader: Reader) -> tuple[tuple[IndexElement, ...], dict[str, Any]]:
    """The keys in brackets, and the options that stand among them: MySQL's lengths, PostgreSQL's operator classes."""
    reader.need("(")
    found: list[IndexElement] = []
    lengths: dict[str, int] = {}
    classes: dict[str, str] = {}
    while True:
        column: str | None = None
        sql: Sql | None = None
        start = reader.at
        if not reader.sees("("):
            column = reader.name()
            if reader.sees("("):
                if reader.dialect in _MYSQL:
                    reader.need("(")
                    lengths[column] = reader.integer()
                    reader.need(")")
                else:
                    reader.bracketed()
                    column, sql = None, Sql(reader.text(start, reader.at))
        else:
            # The expression's own brackets are part of CREATE INDEX, not of the expression.
            sql = Sql(reader.bracketed())
        token = reader.token
        if reader.dialect == "postgresql" and column is not None and token is not None and token.word not in ("", "ASC", "DESC", "NULLS"):
            classes[column] = reader.name()
        sort = reader.takes_one("ASC", "DESC") or ""
        if reader.takes("NULLS"):
            sort = f"{sort} NULLS {reader.takes_one('FIRST', 'LAST') or ''}".strip()
        found.append(IndexElement(column, sql, "" if sort == "ASC" else sort))
        if not reader.takes(","):
            break
    reader.need(")")
    extra: dict[str, Any] = {}
    if lengths:
        extra["mysql_length"] = lengths
    if classes:
        extra["postgresql_ops"] = classes
    return tuple(found), extra


def drop_index(reader: Reader, schema: Schema) -> list[Operation]:
    """What follows DROP INDEX."""
    reader.takes("CONCURRENTLY")
    if_exists = reader.takes("IF", "EXISTS")
    found: list[Operation] = []
    while True:
        name, owner = reader.path()
        table = TableName(*reader.path()) if reader.takes("ON") else None
        where = table if table is not None else _owner(schema, name, owner)
        if where is not None:
            unique = ops.DropConstraint(where, name, "unique").find(schema.table(where))
            if unique is not None and reader.dialect in _MYSQL:
                found.append(ops.DropConstraint(where, name, "unique", if_exists=if_exists))
                break
        if where is not None or not if_exists:
            found.append(ops.DropIndex(where, name, if_exists=if_exists, schema=owner))
        if not reader.takes(","):
            break
    reader.takes_one("CASCADE", "RESTRICT")
    reader.end()
    return found


def _owner(schema: Schema, name: str, owner: str | None) -> TableName | None:
    for table in schema:
        if table.name.schema == owner and any(index.name == name for index in table.indexes):
            return table.name
    return None
