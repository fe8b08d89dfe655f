"""Inspection of a database that is not there: a dialect's reflection methods over the replayed schema."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.engine import default, reflection
from sqlalchemy.exc import NoSuchTableError

from gitmig.runtime.asreflected import reflected_type
from gitmig.schema.values import Check, Column, ForeignKey, Index, PrimaryKey, Schema, Table, TableName, Type, Unique

_LISTS = {"postgresql", "mysql", "mariadb"}
"""Dialects that report a unique constraint among the indexes too."""


class Answers:
    """Goes before a dialect class. ``gitmig_sink`` gives the schema, and is told of what is not modelled."""

    gitmig_sink: Any
    name: str
    default_schema_name: str | None

    # SQLAlchemy asks for several tables at once, and some dialects answer that with one query of their own.
    get_multi_columns = default.DefaultDialect.get_multi_columns
    get_multi_pk_constraint = default.DefaultDialect.get_multi_pk_constraint
    get_multi_foreign_keys = default.DefaultDialect.get_multi_foreign_keys
    get_multi_indexes = default.DefaultDialect.get_multi_indexes
    get_multi_unique_constraints = default.DefaultDialect.get_multi_unique_constraints
    get_multi_check_constraints = default.DefaultDialect.get_multi_check_constraints
    get_multi_table_comment = default.DefaultDialect.get_multi_table_comment
    get_multi_table_options = default.DefaultDialect.get_multi_table_options

    def _schema(self) -> Schema:
        return self.gitmig_sink.schema  # type: ignore[no-any-return]

    def _name(self, table: str, schema: str | None) -> TableName:
        name = TableName(str(table), schema)
        if schema is not None and name not in self._schema().tables and schema == self.default_schema_name:
            return TableName(str(table))
        return name

    def _table(self, table: str, schema: str | None) -> Table:
        found = self._schema().tables.get(self._name(table, schema))
        if found is None and self._is_version_table(table, schema):
            return _version_table(table)
        if found is None:
            raise NoSuchTableError(f"{schema}.{table}" if schema else table)
        return found

    def _is_version_table(self, table: str, schema: str | None) -> bool:
        return table == self.gitmig_sink.version_table and schema in (None, self.default_schema_name)

    def has_table(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> bool:
        return self._name(table_name, schema) in self._schema().tables or self._is_version_table(table_name, schema)

    def has_multi_table(self, connection: Any, table_names: Iterable[str], schema: str | None = None, **kw: Any) -> Any:
        """Asked by SQLAlchemy 2.1."""
        return {(schema, name): self.has_table(connection, name, schema) for name in table_names}

    def has_index(self, connection: Any, table_name: str, index_name: str, schema: str | None = None, **kw: Any) -> bool:
        found = self._schema().tables.get(self._name(table_name, schema))
        return found is not None and any(each["name"] == index_name for each in self._indexes(found))

    def has_sequence(self, connection: Any, sequence_name: str, schema: str | None = None, **kw: Any) -> bool:
        return TableName(str(sequence_name), schema) in self._schema().sequences

    def has_schema(self, connection: Any, schema_name: str, **kw: Any) -> bool:
        return schema_name in self.get_schema_names(connection)

    def has_type(self, connection: Any, type_name: str, schema: str | None = None, **kw: Any) -> bool:
        return TableName(str(type_name), schema) in self._schema().enums

    @reflection.cache
    def get_schema_names(self, connection: Any, **kw: Any) -> list[str]:
        own = [self.default_schema_name] if self.default_schema_name else []
        return sorted({*self._schema().schemas, *own})

    @reflection.cache
    def get_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        wanted = None if schema == self.default_schema_name else schema
        names = [name.name for name in self._schema().tables if name.schema in (schema, wanted)]
        if wanted is None:
            names.append(self.gitmig_sink.version_table)
        return sorted(set(names))

    def get_view_names(self, connection: Any, schema: str | None = None, **kw: Any) -> Any:
        self.gitmig_sink.unknown("asks for views")

    get_materialized_view_names = get_view_names

    def get_temp_table_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        return []

    get_temp_view_names = get_temp_table_names

    def get_view_definition(self, connection: Any, view_name: str, schema: str | None = None, **kw: Any) -> Any:
        self.gitmig_sink.unknown("asks for a view")

    @reflection.cache
    def get_sequence_names(self, connection: Any, schema: str | None = None, **kw: Any) -> list[str]:
        return sorted(key.name for key in self._schema().sequences if key.schema == schema)

    @reflection.cache
    def get_columns(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        table = self._table(table_name, schema)
        key = table.primary_key.columns if table.primary_key else ()
        found = []
        for column in table.columns:
            answer: dict[str, Any] = {
                "name": column.name,
                "type": reflected_type(column.type, self),
                "nullable": column.nullable and column.name not in key,
                "default": _default_text(column.default),
                "comment": column.comment,
                "autoincrement": "auto",
            }
            if self.name == "sqlite":
                answer["primary_key"] = key.index(column.name) + 1 if column.name in key else 0
            if column.computed is not None:
                answer["computed"] = {"sqltext": column.computed.sql.text, "persisted": bool(column.computed.persisted)}
            if column.identity is not None:
                answer["identity"] = {"always": column.identity.always, **dict(column.identity.options)}
            found.append(answer)
        return found

    @reflection.cache
    def get_pk_constraint(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> dict[str, Any]:
        key = self._table(table_name, schema).primary_key
        if key is None:
            return {"constrained_columns": [], "name": None}
        return {"constrained_columns": list(key.columns), "name": None if self.name in ("mysql", "mariadb") else key.name or key.made}

    @reflection.cache
    def get_foreign_keys(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        return [self._foreign_key(each) for each in self._table(table_name, schema).foreign_keys]

    def _foreign_key(self, key: ForeignKey) -> dict[str, Any]:
        rules = {"ondelete": key.ondelete, "onupdate": key.onupdate, "deferrable": key.deferrable, "initially": key.initially}
        return {
            "name": key.name or key.made,
            "constrained_columns": list(key.columns),
            "referred_schema": key.target.schema,
            "referred_table": key.target.name,
            "referred_columns": list(key.target_columns),
            "options": {name: value for name, value in rules.items() if value is not None},
        }

    @reflection.cache
    def get_indexes(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        return self._indexes(self._table(table_name, schema))

    def _indexes(self, table: Table) -> list[dict[str, Any]]:
        found = [_index(each) for each in table.indexes]
        if self.name in _LISTS:
            found += [_as_index(each, self.name) for each in table.uniques]
        return sorted(found, key=lambda each: str(each["name"]))

    @reflection.cache
    def get_unique_constraints(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        table = self._table(table_name, schema)
        found = [{"name": each.name or each.made, "column_names": list(each.columns)} for each in table.uniques]
        if self.name in ("mysql", "mariadb"):
            found += [_as_unique(each) for each in table.indexes if each.unique]
        return found

    @reflection.cache
    def get_check_constraints(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> list[dict[str, Any]]:
        table = self._table(table_name, schema)
        return [{"name": each.name or each.made, "sqltext": each.sql.text} for each in _made(table.checks, self.name)]

    @reflection.cache
    def get_table_comment(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> dict[str, Any]:
        return {"text": self._table(table_name, schema).comment}

    @reflection.cache
    def get_table_options(self, connection: Any, table_name: str, schema: str | None = None, **kw: Any) -> dict[str, Any]:
        self._table(table_name, schema)
        return {}

    def _load_enums(self, connection: Any, schema: str | None = None, info_cache: Any = None) -> list[dict[str, Any]]:
        """What PostgreSQL's Inspector.get_enums() asks."""
        wanted = [each for each in self._schema().enums.values() if schema in (None, "*", each.schema)]
        return [
            {
                "name": each.name,
                "schema": each.schema or self.default_schema_name,
                "visible": each.schema is None,
                "labels": list(each.values),
            }
            for each in wanted
        ]


def _version_table(name: str) -> Table:
    """The table that holds the current revision, as Alembic makes it."""
    column = Column("version_num", Type("sqlalchemy.String", (("length", 32),)), nullable=False)
    return Table(TableName(name), (column,), PrimaryKey(("version_num",), f"{name}_pkc"))


def _default_text(default: Any) -> str | None:
    if default is None:
        return None
    return "'" + default.text.replace("'", "''") + "'" if default.kind == "literal" else str(default.text)


def _index(index: Index) -> dict[str, Any]:
    answer: dict[str, Any] = {"name": index.name, "column_names": [each.column for each in index.elements], "unique": index.unique}
    if any(each.column is None for each in index.elements):
        answer["expressions"] = [each.column if each.column is not None else each.sql.text if each.sql else "" for each in index.elements]
    return answer


def _as_index(unique: Unique, dialect: str) -> dict[str, Any]:
    name = unique.name or unique.made
    answer: dict[str, Any] = {"name": name, "column_names": list(unique.columns), "unique": True}
    if dialect == "postgresql":
        answer["duplicates_constraint"] = name
    return answer


def _as_unique(index: Index) -> dict[str, Any]:
    return {"name": index.name, "column_names": list(index.columns()), "duplicates_index": index.name}


def _made(checks: Iterable[Check], dialect: str) -> list[Check]:
    """The checks that are there on this dialect: a type's own is not where the type is native."""
    return [each for each in checks if dialect in dict(each.options).get("dialects", (dialect,))]  # type: ignore[operator]
