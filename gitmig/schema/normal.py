"""Schemas as one database sees them: what it folds together is written one way, what it does not know is left out.

Two schemas are the same to a database when their normal forms are equal. The rules beyond types, defaults and expressions (for those see
``schema.typecompare`` and ``schema.sqltext``):

- The order of columns, of constraints and of indexes says nothing.
- A name that the server makes for a constraint without one is no name (see ``schema.madenames``); a conventional name is cut to the
  dialect's longest, as SQLAlchemy cuts it. MySQL and MariaDB do not keep the name of a primary key.
- Options of other dialects are left out, and those that repeat the dialect's default (``using=btree``).
- ON DELETE / ON UPDATE NO ACTION, MATCH SIMPLE, NOT DEFERRABLE and INITIALLY IMMEDIATE are the defaults of the SQL standard. MySQL and
  MariaDB: RESTRICT is NO ACTION (manual, "FOREIGN KEY Constraints"); they know neither DEFERRABLE nor MATCH.
- PostgreSQL: ASC has NULLS LAST, DESC has NULLS FIRST unless said otherwise (manual, "Indexes and ORDER BY").
- PostgreSQL: CREATE TABLE makes one index of a primary key and of a unique constraint with the same columns, under the name that one of
  them has (transformIndexConstraints in src/backend/parser/parse_utilcmd.c). So for ``Column(primary_key=True, unique=True)``.
- MySQL and MariaDB: a unique constraint and a unique index are the same thing; the index that the server makes for a foreign key
  is part of the key.
- Checks that belong to a type (Boolean, Enum) exist only where the dialect has no such type itself.
- A comment where the dialect keeps none, and an empty one, is none.
- Whether a column counts up by itself is said outright, as SQLAlchemy decides it: SERIAL, AUTO_INCREMENT, SQLite's INTEGER PRIMARY KEY;
  on PostgreSQL it is what the column was made with (see ``schema.serial``).
- Enumerated types stand alone on PostgreSQL only; sequences on dialects that have them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.sql.elements import conv

from gitmig.schema.indexkeys import normal_keys
from gitmig.schema.madenames import with_made_name
from gitmig.schema.serial import made_sequence, sequence_asked
from gitmig.schema.spelling import dialect_names
from gitmig.schema.sqltext import canonical_sql
from gitmig.schema.typecompare import canonical_default, canonical_type, sql_for, thawed
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    Exclude,
    ForeignKey,
    Identity,
    Index,
    Options,
    PrimaryKey,
    Schema,
    Sequence,
    ServerDefault,
    Sql,
    Table,
    Type,
    Unique,
    Value,
    option,
    options,
)

_C = TypeVar("_C", PrimaryKey, ForeignKey, Unique, Check, Exclude)
_MYSQL = ("mysql", "mariadb")
# How a statement is run, not what it leaves behind.
_MANNERS = frozenset({"concurrently", "if_not_exists", "if_exists", "not_valid", "algorithm", "lock", "online"})
_DEFAULTS: dict[str, Value] = {
    "postgresql_using": "btree",
    "postgresql_nulls_not_distinct": False,
    "postgresql_with_oids": False,
    "mysql_using": "btree",
    "mysql_engine": "innodb",
    "mysql_charset": "utf8mb4",
    "sqlite_autoincrement": False,
    "sqlite_with_rowid": True,
    "sqlite_strict": False,
    "mssql_clustered": False,
}
_OWN = frozenset({"comment", "deferrable", "initially", "ops", "prefixes", "system"})
_RANGES = {"SMALLINT": 2**15 - 1, "INTEGER": 2**31 - 1, "BIGINT": 2**63 - 1}


def normalise(schema: Schema, dialect: Any) -> Schema:
    """The normal form of the schema on a SQLAlchemy dialect (connected or not)."""
    has_sequences = bool(getattr(dialect, "supports_sequences", False))
    default_schema = getattr(dialect, "default_schema_name", None)
    tables = [normal_table(table, dialect) for table in schema]
    enums = schema.enums if dialect.name == "postgresql" else {}
    kept = [each for each in schema.sequences.values() if has_sequences and not _left_out(each, dialect)]
    sequences = [_sequence(each, dialect) for each in kept]
    return Schema(
        {table.name: table for table in tables},
        {enum.key(): enum for enum in enums.values()},
        {sequence.key(): sequence for sequence in sequences},
        frozenset(name for name in schema.schemas if name != default_schema),
    )


def normal_table(table: Table, dialect: Any) -> Table:
    """The normal form of one table."""
    table = _without_made_names(table, dialect)
    in_key = frozenset(table.primary_key.columns) if table.primary_key else frozenset()
    columns = tuple(normal_column(column, table, dialect, in_key=column.name in in_key) for column in table.columns)
    foreign_keys = tuple(_foreign_key(key, dialect) for key in table.foreign_keys)
    indexes = [_index(index, table, dialect) for index in table.indexes if _made_here(index.options, dialect)]
    uniques = [_unique(unique, dialect) for unique in table.uniques if _made_here(unique.options, dialect)]
    key = table.primary_key
    if dialect.name in _MYSQL:
        uniques, indexes = _one_kind(uniques, indexes, table)
    elif dialect.name == "postgresql" and key is not None:
        uniques, key = _one_key(uniques, key)
    return Table(
        table.name,
        _sorted(columns),
        _primary_key(key, table, dialect) if key else None,
        _sorted(foreign_keys),
        _sorted(uniques),
        _sorted(_check(check, dialect) for check in table.checks if _exists(check, dialect)),
        _sorted(_exclude(exclude, dialect) for exclude in table.excludes) if dialect.name == "postgresql" else (),
        _sorted(indexes),
        _comment(table.comment, dialect),
        _options(table.options, dialect),
    )


def normal_column(column: Column, table: Table, dialect: Any, *, in_key: bool) -> Column:
    """The normal form of a column of ``table``."""
    identity = column.identity if getattr(dialect, "supports_identity_columns", False) else None
    counts = counts_up(column, table, dialect)
    nullable = column.nullable
    if (in_key and (dialect.name != "sqlite" or counts)) or (identity is not None and dialect.name == "postgresql"):
        nullable = False
    default = None if counts else canonical_default(column.default, column.type, dialect)
    return Column(
        column.name,
        Type("", options({"ddl": canonical_type(column.type, dialect)})),
        nullable,
        None if default is None else ServerDefault("sql", default),
        _computed(column.computed, dialect) if column.computed is not None else None,
        _identity(identity, column, dialect) if identity is not None else None,
        counts,
        _comment(column.comment, dialect),
        _options(column.options, dialect),
    )


def counts_up(column: Column, table: Table, dialect: Any) -> bool:
    """True when the database numbers the column by itself: SERIAL, AUTO_INCREMENT, an alias of SQLite's rowid (not an identity).

    As SQLAlchemy decides it: PrimaryKeyConstraint._autoincrement_column and the dialects' get_column_specification.
    """
    if column.identity is not None and getattr(dialect, "supports_identity_columns", False):
        return False
    if dialect.name == "postgresql":
        if column.serial is not None:
            return column.serial
        if column.default is not None and sequence_asked(column.default) == made_sequence(table.name, column.name):
            return True
    key = table.primary_key
    if key is None or column.name not in key.columns:
        return False
    if dialect.name == "sqlite":
        # https://www.sqlite.org/lang_createtable.html#rowid: the declared type must be exactly INTEGER.
        alone = len(key.columns) == 1 and option(table.options, "sqlite_with_rowid", True) is not False
        return alone and canonical_type(column.type, dialect) == "INTEGER"
    if not _is_autoincrement(column, table):
        return False
    sequence = option(column.options, "sequence")
    if isinstance(sequence, Sequence) and getattr(dialect, "supports_sequences", False):
        return option(sequence.options, "optional") is True
    if dialect.name == "postgresql":
        return option(column.options, "python_default") is not True
    return column.default is None


def _is_autoincrement(column: Column, table: Table) -> bool:
    affinity = thawed(column.type)._type_affinity
    numeric = affinity is not None and issubclass(affinity, (sa.Integer, sa.Numeric, sa.Float))
    if column.autoincrement is True:
        return numeric
    if column.autoincrement is False or table.primary_key is None or len(table.primary_key.columns) != 1:
        return False
    refers = any(column.name in key.columns for key in table.foreign_keys)
    if refers and column.autoincrement != "ignore_fk":
        return False
    whole = affinity is not None and issubclass(affinity, sa.Integer)
    return whole and column.default is None and column.computed is None


def _computed(computed: Computed, dialect: Any) -> Computed:
    persisted = computed.persisted
    if persisted is None:
        persisted = dialect.name == "postgresql"  # before version 18 it has no other; elsewhere VIRTUAL is the default
    return Computed(_sql(computed.sql, dialect), persisted)


def identity_defaults(found: Mapping[str, Value], type_: Type, dialect: Any) -> dict[str, Value]:
    """What an identity with these options has of those that it does not say (PostgreSQL's manual, "CREATE SEQUENCE")."""
    down = counts_down(found)
    top = _RANGES.get(canonical_type(type_, dialect), 2**63 - 1)
    low, high = (-top - 1, -1) if down else (1, top)
    start = found.get("maxvalue", high) if down else found.get("minvalue", low)
    return {"increment": 1, "minvalue": low, "maxvalue": high, "start": start, "cache": 1, "cycle": False}


def counts_down(found: Mapping[str, Value]) -> bool:
    """Whether options of an identity or a sequence say so."""
    return _number(found.get("increment"), 1) < 0


def _identity(identity: Identity, column: Column, dialect: Any) -> Identity:
    found = {key: value for key, value in identity.options if value is not None and not (key == "always" and value is False)}
    found.pop("order", None)
    usual = {**identity_defaults(found, column.type, dialect), "nominvalue": True, "nomaxvalue": True}
    kept = {key: value for key, value in found.items() if usual.get(key, _MANNERS) != value}
    return Identity(identity.always, None if dialect.name == "postgresql" else identity.on_null, options(kept))


def _sequence(sequence: Sequence, dialect: Any) -> Sequence:
    found = {key: value for key, value in sequence.options if value is not None and key not in ("order", "quote", "optional")}
    kind = found.pop("data_type", None)
    name = kind.path.rpartition(".")[2].upper() if isinstance(kind, Type) else "BIGINT"
    top = {"SMALLINTEGER": _RANGES["SMALLINT"], "SMALLINT": _RANGES["SMALLINT"], "INTEGER": _RANGES["INTEGER"]}.get(name, 2**63 - 1)
    down = counts_down(found)
    low, high = (-top - 1, -1) if down else (1, top)
    cache = 1
    if dialect.name in _MYSQL:
        # MariaDB's manual, "CREATE SEQUENCE": the ends leave room for one more, 1000 numbers are kept ready.
        low, high, cache = (-(2**63) + 1, -1, 1000) if down else (1, 2**63 - 2, 1000)
    start = found.get("maxvalue", high) if down else found.get("minvalue", low)
    usual: dict[str, Value] = {"increment": 1, "minvalue": low, "maxvalue": high, "start": start, "cache": cache, "cycle": False}
    usual |= {"nominvalue": True, "nomaxvalue": True}
    kept = {key: value for key, value in found.items() if usual.get(key, _MANNERS) != value}
    if top != 2**63 - 1:
        kept["top"] = top
    return Sequence(sequence.name, sequence.schema, options(kept))


def _left_out(sequence: Sequence, dialect: Any) -> bool:
    return option(sequence.options, "optional") is True and bool(getattr(dialect, "sequences_optional", False))


def _number(value: object, default: int) -> int:
    return value if isinstance(value, int) else default


def _primary_key(key: PrimaryKey, table: Table, dialect: Any) -> PrimaryKey:
    # SQLAlchemy writes PRIMARY KEY AUTOINCREMENT into the column's definition, where no name can stand.
    nameless = dialect.name in _MYSQL or (dialect.name == "sqlite" and option(table.options, "sqlite_autoincrement") is True)
    name = None if nameless else _final(key, dialect)
    kept = dict(_options(key.options, dialect))
    plain = dialect.name in (*_MYSQL, "sqlite")
    deferrable, initially = kept.pop("deferrable", None), kept.pop("initially", None)
    timing = {} if plain else {"deferrable": deferrable or None, "initially": _initially(initially if isinstance(initially, str) else None)}
    return PrimaryKey(key.columns, name, options(kept | {word: value for word, value in timing.items() if value is not None}))


def _foreign_key(key: ForeignKey, dialect: Any) -> ForeignKey:
    default_schema = getattr(dialect, "default_schema_name", None)
    target = replace(key.target, schema=None) if key.target.schema is not None and key.target.schema == default_schema else key.target
    plain = dialect.name in _MYSQL
    return ForeignKey(
        key.columns,
        target,
        key.target_columns,
        _final(key, dialect),
        _action(key.ondelete, dialect),
        _action(key.onupdate, dialect),
        None if plain else key.deferrable or None,
        None if plain else _initially(key.initially),
        None if plain or (key.match or "SIMPLE").upper() == "SIMPLE" else (key.match or "").upper(),
        options=_options(key.options, dialect),
    )


def _action(action: str | None, dialect: Any) -> str | None:
    words = " ".join((action or "").upper().split())
    none = ("", "NO ACTION", "RESTRICT") if dialect.name in _MYSQL else ("", "NO ACTION")
    return None if words in none else words


def _initially(initially: str | None) -> str | None:
    return None if initially is None or initially.upper() == "IMMEDIATE" else initially.upper()


def _unique(unique: Unique, dialect: Any) -> Unique:
    plain = dialect.name in (*_MYSQL, "sqlite")
    return Unique(
        unique.columns,
        _final(unique, dialect),
        None if plain else unique.deferrable or None,
        None if plain else _initially(unique.initially),
        _options(unique.options, dialect),
    )


def _exists(check: Check, dialect: Any) -> bool:
    """False for a type's check where the dialect makes none."""
    if check.type_bound and check.original is not None:
        rule = getattr(check.original, "_create_rule", None)
        if rule is not None:
            return bool(rule(SimpleNamespace(dialect=dialect)))
    return _made_here(check.options, dialect)


def _made_here(found: Options, dialect: Any) -> bool:
    """False when ``ddl_if(dialect=...)`` names other dialects."""
    only = option(found, "dialects")
    return not isinstance(only, tuple) or any(name in only for name in dialect_names(dialect))


def _check(check: Check, dialect: Any) -> Check:
    return Check(
        _sql(check.sql, dialect),
        _final(check, dialect),
        None if dialect.name != "oracle" else check.deferrable,
        options=_options(check.options, dialect),
    )


def _exclude(exclude: Exclude, dialect: Any) -> Exclude:
    return Exclude(
        tuple((_sql(sql, dialect), operator) for sql, operator in exclude.elements),
        _final(exclude, dialect),
        (exclude.using or "gist").lower(),
        _sql(exclude.where, dialect) if exclude.where is not None else None,
        exclude.deferrable or None,
        _initially(exclude.initially),
        _options(exclude.options, dialect),
    )


def _index(index: Index, table: Table, dialect: Any) -> Index:
    found = dict(_options(index.options, dialect))
    length = found.get("mysql_length")
    if isinstance(length, int):
        found["mysql_length"] = tuple((name, length) for name in index.columns())
    elements, classes = normal_keys(index.elements, table, dialect, found.pop("postgresql_ops", ()))
    if classes:
        found["postgresql_ops"] = classes
    return Index(_final(index, dialect), elements, index.unique, options(found))


def _one_kind(uniques: list[Unique], indexes: list[Index], table: Table) -> tuple[list[Unique], list[Index]]:
    """MySQL's indexes: plain unique ones as unique constraints, without those that the server keeps for foreign keys."""
    kept = []
    for index in indexes:
        plain = all(element.column is not None and not element.sort for element in index.elements) and not index.options
        if index.unique and plain:
            unique = Unique(index.columns(), index.name)
            if unique not in uniques:
                uniques.append(unique)
        elif not (plain and any(_serves(index, key) for key in table.foreign_keys)):
            kept.append(index)
    return uniques, kept


def _one_key(uniques: list[Unique], key: PrimaryKey) -> tuple[list[Unique], PrimaryKey]:
    """Without the unique constraints that only repeat the primary key, whose name then is theirs if it has none."""
    repeated = [unique for unique in uniques if unique.columns == key.columns and not unique.deferrable and not unique.options]
    if not repeated or key.options:
        return uniques, key
    return [unique for unique in uniques if unique not in repeated], replace(key, name=key.name or repeated[0].name)


def _serves(index: Index, key: ForeignKey) -> bool:
    """True for an index as the server makes it for a foreign key: named after the key (perhaps before its table was renamed), or after
    its first column."""
    if index.columns() != key.columns:
        return False
    return index.name in (key.name, key.made, key.columns[0]) or re.fullmatch(r".+_ibfk_\d+", index.name or "") is not None


def _sql(sql: Sql, dialect: Any) -> Sql:
    return Sql(canonical_sql(sql_for(sql, dialect), dialect.name))


def _comment(comment: str | None, dialect: Any) -> str | None:
    return comment or None if getattr(dialect, "supports_comments", False) else None


def _final(thing: Any, dialect: Any) -> str | None:
    """The name as it arrives: a conventional one may be cut."""
    name: str | None = thing.name
    if name is None or not thing.conventional:
        return name
    limit = dialect.max_index_name_length if isinstance(thing, Index) else dialect.max_constraint_name_length
    if len(name) <= (limit or dialect.max_identifier_length):
        return name
    preparer = dialect.identifier_preparer
    cut = preparer.truncate_and_render_index_name if isinstance(thing, Index) else preparer.truncate_and_render_constraint_name
    result: str | None = cut(conv(name))
    return result if result is None else result.strip('"`[]')


def _options(found: Options, dialect: Any) -> Options:
    """The options that this dialect knows, without those that say its default or only how a statement is run."""
    kept: dict[str, Value] = {}
    for key, plain in said_options(found, dialect).items():
        if _DEFAULTS.get(key, _MANNERS) != (plain.lower() if isinstance(plain, str) and key.endswith("_using") else plain):
            kept[key] = plain
    for key, value in found:
        if key in _OWN and value is not None:
            kept[key] = _plain(key, value, dialect)
    return options(kept)


def said_options(found: Options, dialect: Any) -> dict[str, Value]:
    """The options that this dialect knows, in one spelling, without those that only say how a statement is run."""
    kept: dict[str, Value] = {}
    for name in reversed(dialect_names(dialect)):
        for key, value in found:
            prefix, _, rest = key.partition("_")
            if prefix != name or rest in _MANNERS or value is None or value == ():
                continue
            key = f"{'mysql' if name == 'mariadb' else name}_{rest}"
            plain = _plain(key, value, dialect)
            if key.startswith("mysql_"):
                key, plain = _mysql_option(key, plain)
            kept[key] = plain
    return kept


def usual_option(key: str) -> Value:
    """What an option is where nobody says it; None where that is not known."""
    return _DEFAULTS.get(key)


def _mysql_option(key: str, value: Value) -> tuple[str, Value]:
    """A table's option in the words in which the server tells it; utf8 is what it calls utf8mb3 (manual, "The utf8mb3 Character Set")."""
    key = key.lower().replace("mysql_default_", "mysql_").replace("mysql_character_set", "mysql_charset")
    if isinstance(value, str) and key in ("mysql_engine", "mysql_charset", "mysql_collate", "mysql_row_format"):
        value = re.sub(r"^utf8(?=_|$)", "utf8mb3", value.lower())
    return key, value


def _plain(key: str, value: Value, dialect: Any) -> Value:
    if key == "postgresql_inherits" and isinstance(value, str):
        return (value,)
    if key == "postgresql_with" and isinstance(value, tuple):  # {"fillfactor": 50}, which the server tells as text
        return tuple(tuple(map(_storage_text, each)) if isinstance(each, tuple) else each for each in value)
    return _sql(value, dialect) if isinstance(value, Sql) else value


def _storage_text(value: Value) -> Value:
    return str(value).lower() if isinstance(value, (bool, int, float)) else value


def _without_made_names(table: Table, dialect: Any) -> Table:
    """Constraints named as the server would have named them stand without a name.

    The number that servers count up behind such a name says only which constraint came first.
    """
    if dialect.name == "sqlite" or all(each.name is None for each in table.constraints()):
        return table
    family = dialect_names(dialect)[0] if dialect.name in _MYSQL else dialect.name
    alone = Table(table.name, table.columns)

    def bare(constraint: _C) -> _C:
        if constraint.name is None:
            return constraint
        made = with_made_name(replace(constraint, name=None, made=None), alone, Schema(), family).made
        stem = re.escape(made.removesuffix("1") if made is not None and made.endswith(("_ibfk_1", "CONSTRAINT_1")) else made or "")
        counted = r"(_?\d+)?" if family in _MYSQL else r"\d*"
        if made is None or not re.fullmatch(stem + counted, constraint.name):
            return constraint
        return replace(constraint, name=None, made=constraint.name)

    return replace(
        table,
        primary_key=bare(table.primary_key) if table.primary_key else None,
        uniques=tuple(bare(each) for each in table.uniques),
        checks=tuple(bare(each) for each in table.checks),
        excludes=tuple(bare(each) for each in table.excludes),
        foreign_keys=tuple(bare(each) for each in table.foreign_keys),
    )


def _sorted(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(sorted(things, key=repr))
