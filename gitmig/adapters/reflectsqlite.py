"""SQLite's tables, read from the text of their definitions: only it says collations, ON CONFLICT, AUTOINCREMENT and unnamed checks."""

from __future__ import annotations

import re
import warnings
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from gitmig.adapters import reflectother
from gitmig.errors import SchemaError
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.sqlitesql import Clause, ColumnText, TableText, Token, read_table, same, tokens, words
from gitmig.schema.sqltext import unwrapped
from gitmig.schema.thawtypes import thaw_type, type_written
from gitmig.schema.typecompare import canonical_ddl
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    ForeignKey,
    Index,
    IndexElement,
    Options,
    PrimaryKey,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
    Value,
    options,
)

_CONFLICT = re.compile(r"\bON\s+CONFLICT\s+(\w+)\s*(?:AUTOINCREMENT)?\s*$", re.I)


def tables(connection: Connection, schema: str | None, names: Sequence[str] | None) -> list[Table]:
    """The tables of a database file (None: the main one, else an attached one), or those of these names; sorted by name."""
    if schema is not None and schema not in {row.name for row in connection.execute(sa.text("PRAGMA database_list"))}:
        return []
    quote = connection.dialect.identifier_preparer.quote_identifier
    master = f"{quote(schema)}.sqlite_master" if schema else "sqlite_master"
    query = f"SELECT type, name, tbl_name, sql FROM {master} WHERE type IN ('table', 'index') ORDER BY name"
    rows = connection.execute(sa.text(query)).all()
    definitions = {str(row.name): row.sql for row in rows if row.type == "table" and not str(row.name).startswith("sqlite_")}
    indexes: dict[str, list[str]] = {}
    for row in rows:
        if row.type == "index" and row.sql:
            indexes.setdefault(str(row.tbl_name).lower(), []).append(str(row.sql))
    wanted = definitions if names is None else [name for name in definitions if any(same(name, each) for each in names)]
    found = []
    for name in wanted:
        try:
            text = read_table(str(definitions[name]))
        except SchemaError:
            # A virtual table: its columns are made by a module, and PRAGMA table_info knows them.
            found += reflectother.tables(connection, schema, [name])
            continue
        found.append(_Table(connection.dialect, TableName(name, schema), text, definitions).value(indexes.get(name.lower(), [])))
    return found


class _Table:
    def __init__(self, dialect: Any, name: TableName, text: TableText, definitions: dict[str, Any]) -> None:
        self._dialect = dialect
        self._name = name
        self._text = text
        self._definitions = definitions

    def value(self, indexes: Sequence[str]) -> Table:
        key: PrimaryKey | None = None
        uniques, checks, foreign_keys = [], [], []
        for column in self._text.columns:
            for clause in column.clauses:
                match clause.kind:
                    case "primary":
                        key = PrimaryKey(self._columns(clause), clause.name)
                    case "unique":
                        uniques.append(self._unique(clause))
                    case "check":
                        checks.append(Check(Sql(unwrapped(clause.body)), clause.name, column=column.name))
                    case "foreignkey":
                        foreign_keys.append(self._foreign_key(clause))
        for clause in self._text.constraints:
            match clause.kind:
                case "primary":
                    key = PrimaryKey(self._columns(clause), clause.name, _conflict(clause, "sqlite_on_conflict"))
                case "unique":
                    uniques.append(self._unique(clause))
                case "check":
                    checks.append(Check(Sql(unwrapped(clause.body)), clause.name))
                case "foreignkey":
                    foreign_keys.append(self._foreign_key(clause))
        in_key = key.columns if key else ()
        return Table(
            self._name,
            tuple(self._column(column, in_key) for column in self._text.columns),
            key,
            tuple(foreign_keys),
            tuple(uniques),
            tuple(checks),
            (),
            tuple(read_index(sql, self._text) for sql in indexes),
            None,
            self._options(),
        )

    def _columns(self, clause: Clause) -> tuple[str, ...]:
        """The columns that a clause names, as the table spells them."""
        known = [self._text.column(name) for name in clause.columns]
        return tuple(column.name if column else name for column, name in zip(known, clause.columns, strict=True))

    def _column(self, column: ColumnText, in_key: tuple[str, ...]) -> Column:
        default: ServerDefault | None = None
        computed: Computed | None = None
        collation: str | None = None
        found: dict[str, Value] = {}
        for clause in column.clauses:
            match clause.kind:
                case "default":
                    default = ServerDefault("sql", clause.body)
                case "generated":
                    computed = Computed(Sql(unwrapped(clause.body)), "STORED" in words(clause.text))
                case "collate":
                    collation = clause.body
                case "notnull":
                    found |= dict(_conflict(clause, "sqlite_on_conflict_not_null"))
                case "primary":
                    found |= dict(_conflict(clause, "sqlite_on_conflict_primary_key"))
                case "unique":
                    found |= dict(_conflict(clause, "sqlite_on_conflict_unique"))
        nullable = not column.has("notnull") and not (self._text.counts and column.name in in_key)
        return Column(column.name, column_type(self._dialect, column.type, collation), nullable, default, computed, options=options(found))

    def _unique(self, clause: Clause) -> Unique:
        return Unique(self._columns(clause), clause.name, options=_conflict(clause, "sqlite_on_conflict"))

    def _foreign_key(self, clause: Clause) -> ForeignKey:
        target = next((name for name in self._definitions if same(name, clause.target)), clause.target or "")
        spelled = " ".join(token.word for token in tokens(clause.text))
        initially = re.search(r"INITIALLY (\w+)", spelled)
        deferrable = None if "DEFERRABLE" not in spelled else "NOT DEFERRABLE" not in spelled
        match = re.search(r"MATCH (\w+)", spelled)
        return ForeignKey(
            self._columns(clause),
            TableName(target, self._name.schema),
            self._target_columns(clause, target),
            clause.name,
            _action(spelled, "DELETE"),
            _action(spelled, "UPDATE"),
            deferrable,
            initially[1] if initially else None,
            match[1] if match else None,
        )

    def _target_columns(self, clause: Clause, target: str) -> tuple[str, ...]:
        """Without columns, a foreign key refers to the primary key of its target."""
        try:
            text = read_table(str(self._definitions[target]))
        except (KeyError, SchemaError):
            return clause.target_columns or clause.columns
        if not clause.target_columns:
            keys = [each.columns for each in text.all_clauses() if each.kind == "primary"]
            return keys[0] if keys else clause.columns
        known = [text.column(name) for name in clause.target_columns]
        return tuple(column.name if column else name for column, name in zip(known, clause.target_columns, strict=True))

    def _options(self) -> Options:
        found: dict[str, Value] = {}
        if self._text.counts:
            found["sqlite_autoincrement"] = True
        after = words(self._text.options)
        if "ROWID" in after:
            found["sqlite_with_rowid"] = False
        if "STRICT" in after:
            found["sqlite_strict"] = True
        return options(found)


def column_type(dialect: Any, text: str, collation: str | None) -> Type:
    """The type of a column as it was declared; SQLAlchemy's class for it where that says the same."""
    ddl = f'{text} COLLATE "{collation}"' if collation is not None else text
    if not text and collation is None:
        return Type("sqlalchemy.types.NullType")
    found = freeze_type(_known(dialect, text)) if text else None
    if found is None:
        return type_written(ddl, "sqlite")
    if collation is not None:
        found = Type(found.path, options({**dict(found.args), "collation": collation}))
    try:
        again = str(thaw_type(found).compile(dialect=dialect))
    except (TypeError, sa.exc.SQLAlchemyError):
        return type_written(ddl, "sqlite")  # a number or a date with a collation: no class of SQLAlchemy's has one
    return found if canonical_ddl(again, "sqlite") == canonical_ddl(ddl, "sqlite") else type_written(ddl, "sqlite")


def _known(dialect: Any, text: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sa.exc.SAWarning)
        return dialect._resolve_type_affinity(text.upper())


def _conflict(clause: Clause, key: str) -> Options:
    found = _CONFLICT.search(clause.text)
    return ((key, found[1].upper()),) if found else ()


def _action(spelled: str, event: str) -> str | None:
    found = re.search(rf"ON {event} (CASCADE|RESTRICT|SET NULL|SET DEFAULT|NO ACTION)", spelled)
    return found[1] if found else None


def read_index(sql: str, table: TableText) -> Index:
    """CREATE INDEX, as SQLite keeps its text. Grammar: https://www.sqlite.org/lang_createindex.html."""
    read = tokens(sql)
    start = next(place for place, token in enumerate(read) if token.word == "ON") + 2
    name = read[start - 3].name
    groups, after = _groups(read, start)
    elements = tuple(_element(sql, group, table) for group in groups)
    found: Options = ()
    if after < len(read) and read[after].word == "WHERE":
        found = (("sqlite_where", Sql(sql[read[after].end : read[-1].end].strip().rstrip(";").strip())),)
    return Index(name, elements, any(token.word == "UNIQUE" for token in read[: start - 2]), found)


def _groups(read: list[Token], start: int) -> tuple[list[list[Token]], int]:
    """The comma-separated parts of the parentheses that open at ``start``, and the place behind them."""
    groups: list[list[Token]] = [[]]
    depth = 0
    for place in range(start, len(read)):
        token = read[place]
        depth += {"(": 1, ")": -1}.get(token.text, 0)
        if depth == 0:
            return groups, place + 1
        if token.text == "," and depth == 1:
            groups.append([])
        elif not (token.text == "(" and depth == 1 and place == start):
            groups[-1].append(token)
    return groups, len(read)


def _element(sql: str, group: list[Token], table: TableText) -> IndexElement:
    sort = ""
    if group[-1].word in ("ASC", "DESC"):
        sort = group[-1].word if group[-1].word == "DESC" else ""
        group = group[:-1]
    if len(group) == 1 and group[0].kind in ("word", "quoted"):
        column = table.column(group[0].name or "")
        if column is not None:
            return IndexElement(column.name, None, sort)
    return IndexElement(None, Sql(sql[group[0].start : group[-1].end]), sort)
