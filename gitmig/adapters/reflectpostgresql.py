"""PostgreSQL's tables: the Inspector's, and what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gitmig.adapters.reflectother import Parts
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.thawtypes import type_written
from gitmig.schema.values import Column, Enum, Exclude, Index, IndexElement, Options, Sql, Table, Type, Unique, Value, options
from gitmig.schema.values import Sequence as SequenceValue

_HERE = "n.nspname = coalesce(:schema, current_schema())"

# https://www.postgresql.org/docs/current/catalog-pg-class.html: partitions say so themselves; a temporary table is nobody's.
_TABLES = sa.text(f"""
    SELECT c.relname, c.relkind, pg_get_partkeydef(c.oid) AS partition_by, t.spcname AS tablespace, c.reloptions,
        (SELECT array_agg(p.relname ORDER BY i.inhseqno) FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
         WHERE i.inhrelid = c.oid) AS parents
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
    WHERE {_HERE} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
    AND (CAST(:names AS text[]) IS NULL OR c.relname = ANY(CAST(:names AS text[])))
""")
_UNKNOWN_TYPES = sa.text(f"""
    SELECT a.attname, format_type(a.atttypid, a.atttypmod) AS ddl
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_HERE} AND c.relname = :table AND a.attnum > 0 AND NOT a.attisdropped
""")
# A sequence that belongs to a column (deptype "a", "i": internal, of an identity) is part of it.
_OWNED = sa.text(f"""
    SELECT c.relname, a.attname, s.relname AS sequence
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class c ON c.oid = d.refobjid
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_HERE} AND d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'
""")
_SEQUENCES = sa.text(f"""
    SELECT c.relname, format_type(s.seqtypid, NULL) AS type, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_HERE} AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i'))
    ORDER BY c.relname
""")
_DEFERRABLE = sa.text(f"""
    SELECT c.relname, o.conname, o.contype, o.condeferred
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_HERE} AND o.contype IN ('p', 'u') AND o.condeferrable
""")
_EXCLUDES = sa.text(f"""
    SELECT c.relname, o.conname, o.condeferrable, o.condeferred, m.amname, pg_get_expr(i.indpred, i.indrelid) AS predicate,
        ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, false) FROM generate_series(1, i.indnkeyatts) k) AS keys,
        ARRAY(SELECT p.oprname::text FROM unnest(o.conexclop) WITH ORDINALITY e(op, place) JOIN pg_operator p ON p.oid = e.op
              ORDER BY e.place) AS operators,
        ARRAY(SELECT CASE WHEN l.opcdefault THEN NULL ELSE l.opcname::text END
              FROM unnest(i.indclass) WITH ORDINALITY e(class, place) JOIN pg_opclass l ON l.oid = e.class ORDER BY e.place) AS classes
    FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_index i ON i.indexrelid = o.conindid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
    WHERE {_HERE} AND o.contype = 'x' ORDER BY o.conname
""")
_CLASSES = sa.text(f"""
    SELECT c.relname, x.relname AS index, e.place - 1 AS place, l.opcname
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN LATERAL unnest(i.indclass::oid[]) WITH ORDINALITY e(class, place) ON true
    JOIN pg_opclass l ON l.oid = e.class AND NOT l.opcdefault
    WHERE {_HERE} AND NOT i.indisprimary
""")

# SQLAlchemy reads these since 2.1.
_COLUMN_COLLATIONS = sa.text(f"""
    SELECT c.relname, a.attname, l.collname
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_type t ON t.oid = a.atttypid JOIN pg_collation l ON l.oid = a.attcollation
    WHERE {_HERE} AND a.attnum > 0 AND a.attcollation <> t.typcollation AND c.relkind IN ('r', 'p')
""")
# Of plain columns only: an expression says its collation itself.
_COLLATIONS = sa.text(f"""
    SELECT c.relname, x.relname AS index, a.attname, quote_ident(a.attname) || ' COLLATE ' || quote_ident(l.collname) AS key
    FROM pg_index i JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_class c ON c.oid = i.indrelid
    JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN LATERAL unnest(i.indcollation::oid[], (i.indkey::smallint[])[0:i.indnkeyatts - 1]) e(coll, attnum) ON true
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = e.attnum AND a.attcollation <> e.coll
    JOIN pg_collation l ON l.oid = e.coll
    WHERE {_HERE}
""")


def tables(connection: Connection, schema: str | None, names: Sequence[str] | None) -> list[Table]:
    """The tables of a schema, partitions aside, or those of these names; sorted by name."""
    asked = {"schema": schema, "names": None if names is None else list(names)}
    rows = {str(row.relname): row for row in connection.execute(_TABLES, asked)}
    if not rows:
        return []
    parts = Parts(connection, schema, sorted(rows))
    beside = _Beside(connection, schema)

    def type_of(table: str, column: str, type_: Any) -> Type:
        if isinstance(type_, sa.types.NullType):
            return type_written(beside.ddl(table, column), "postgresql")
        collation = beside.collations.get((table, column))
        found = freeze_type(type_)
        if collation is None or "collation" in dict(found.args):
            return found
        return Type(found.path, options({**dict(found.args), "collation": collation}))

    return [beside.completed(parts.table(name, type_of), rows[name]) for name in parts.names() if name in rows]


class _Beside:
    """What the catalogue says beside the Inspector; each query runs once, and only when it is needed."""

    def __init__(self, connection: Connection, schema: str | None) -> None:
        self._connection = connection
        self._schema = schema
        self._types: dict[str, dict[str, str]] = {}
        self._owned = {(row.relname, row.attname) for row in self._rows(_OWNED)}
        self._deferrable = {(row.relname, row.conname): "DEFERRED" if row.condeferred else None for row in self._rows(_DEFERRABLE)}
        self._excludes = self._rows(_EXCLUDES)
        self.collations = {(row.relname, row.attname): str(row.collname) for row in self._rows(_COLUMN_COLLATIONS)}
        self._collations = {(row.relname, row.index, row.attname): row.key for row in self._rows(_COLLATIONS)}
        self._classes: dict[tuple[str, str], dict[int, str]] = {}
        for row in self._rows(_CLASSES):
            self._classes.setdefault((row.relname, row.index), {})[row.place] = row.opcname

    def _rows(self, query: Any, **arguments: str) -> Sequence[Any]:
        return self._connection.execute(query, {"schema": self._schema, **arguments}).all()

    def ddl(self, table: str, column: str) -> str:
        """The DDL of a type that SQLAlchemy does not know."""
        if table not in self._types:
            self._types[table] = {row.attname: row.ddl for row in self._rows(_UNKNOWN_TYPES, table=table)}
        return self._types[table][column]

    def completed(self, table: Table, row: Any) -> Table:
        name = table.name.name
        key = table.primary_key
        if key is not None and (name, key.name) in self._deferrable:
            initially = self._deferrable[name, key.name]
            found: dict[str, Value] = {**dict(key.options), "deferrable": True}
            key = replace(key, options=options(found | ({"initially": initially} if initially else {})))
        return replace(
            table,
            columns=tuple(self._counted(column, table) for column in table.columns),
            primary_key=key,
            uniques=tuple(self._unique(name, unique) for unique in table.uniques),
            excludes=tuple(_exclude(each) for each in self._excludes if each.relname == name),
            indexes=tuple(self._index(name, index) for index in table.indexes),
            options=options({**dict(table.options), **dict(self._options(row))}),
            implied=(("postgresql_tablespace", "pg_default"),),
        )

    def _counted(self, column: Column, table: Table) -> Column:
        """SERIAL: a default from a sequence of the column's own."""
        in_key = table.primary_key is not None and column.name in table.primary_key.columns
        owned = (table.name.name, column.name) in self._owned
        if owned and column.default is not None and column.default.text.startswith("nextval("):
            return replace(column, default=None, autoincrement=True) if in_key else replace(column, default=None, serial=True)
        return replace(column, autoincrement=False if in_key and column.identity is None else "auto")

    def _unique(self, table: str, unique: Unique) -> Unique:
        if (table, unique.name) not in self._deferrable:
            return unique
        return replace(unique, deferrable=True, initially=self._deferrable[table, unique.name])

    def _index(self, table: str, index: Index) -> Index:
        if self._collations:
            keys = [self._collations.get((table, index.name, each.column)) for each in index.elements]
            elements = zip(index.elements, keys, strict=True)
            index = replace(index, elements=tuple(IndexElement(None, Sql(key), each.sort) if key else each for each, key in elements))
        classes = self._classes.get((table, index.name or ""))
        if not classes:
            return index
        # An expression is spoken of by a label.
        keyed = [
            replace(each, label=f"key_{place}") if place in classes and each.column is None else each
            for place, each in enumerate(index.elements)
        ]
        told = tuple((keyed[place].column or keyed[place].label or "", name) for place, name in sorted(classes.items()))
        return replace(index, elements=tuple(keyed), options=options({**dict(index.options), "postgresql_ops": told}))

    def _options(self, row: Any) -> Options:
        found: dict[str, Value] = {}
        if row.partition_by:
            found["postgresql_partition_by"] = row.partition_by
        if row.tablespace:
            found["postgresql_tablespace"] = row.tablespace
        if row.parents:
            found["postgresql_inherits"] = tuple(row.parents)
        return options(found)


def _exclude(row: Any) -> Exclude:
    found: dict[str, Value] = {}
    classes = tuple((key.strip('"'), name) for key, name in zip(row.keys, row.classes, strict=False) if name is not None)
    if classes:
        found["ops"] = classes
    return Exclude(
        tuple((Sql(key), operator) for key, operator in zip(row.keys, row.operators, strict=True)),
        row.conname,
        row.amname,
        Sql(row.predicate) if row.predicate else None,
        True if row.condeferrable else None,
        "DEFERRED" if row.condeferred else None,
        options(found),
    )


def enums(connection: Connection, schema: str | None) -> list[Enum]:
    """The enumerated types of a schema."""
    inspector: Any = sa.inspect(connection)
    found = inspector.get_enums(schema=schema)
    return [Enum(str(row["name"]), tuple(row["labels"]), schema) for row in found]


def sequences(connection: Connection, schema: str | None) -> list[SequenceValue]:
    """The sequences of a schema that belong to no column."""
    found = []
    for row in connection.execute(_SEQUENCES, {"schema": schema}):
        details: dict[str, Value] = {
            "start": row.seqstart,
            "increment": row.seqincrement,
            "minvalue": row.seqmin,
            "maxvalue": row.seqmax,
            "cache": row.seqcache,
            "cycle": row.seqcycle,
        }
        if row.type != "bigint":
            details["data_type"] = Type("sqlalchemy.SmallInteger" if row.type == "smallint" else "sqlalchemy.Integer")
        found.append(SequenceValue(str(row.relname), schema, options(details)))
    return found
