"""The shape of a database as values: frozen, compared by value, free of SQLAlchemy.

``original`` fields carry the SQLAlchemy object that a value was frozen from, inside one process: executing and rendering then use exactly
what the user gave. They are never compared, hashed or written to JSON. ``options`` carry what is not modelled (dialect keywords,
prefixes, info), as sorted pairs, so that nothing a user wrote is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeAlias, TypeVar

from gitmig.errors import SchemaError

Scalar: TypeAlias = "str | int | float | bool | None"
Value: TypeAlias = "Scalar | Sql | Type | Enum | Sequence | TableName | tuple[Value, ...]"
Options: TypeAlias = "tuple[tuple[str, Value], ...]"

_V = TypeVar("_V")


def original_field() -> Any:
    """A field for the SQLAlchemy object behind a value: kept, never compared, hashed or shown."""
    return field(default=None, compare=False, hash=False, repr=False, kw_only=True)


def spelled_field() -> Any:
    """A field for (dialect, text) pairs: how a SQLAlchemy expression reads on dialects where it differs from the value's own text."""
    return field(default=(), compare=False, hash=False, repr=False, kw_only=True)


def beside_field() -> Any:
    """A yes or no that says how a value was written, not what it is: never compared."""
    return field(default=False, compare=False, hash=False, repr=False, kw_only=True)


def made_field() -> Any:
    """A field for the name that the server gave to a constraint without one when it was made; never compared."""
    return field(default=None, compare=False, hash=False, repr=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class TableName:
    """A table's name; ``schema`` is None in the connection's default schema."""

    name: str
    schema: str | None = None

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name

    def sort_key(self) -> tuple[str, str]:
        return (self.schema or "", self.name)


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL as text, in the spelling of the source that it came from.

    ``expression``: it was a SQLAlchemy expression, not text; ``spelled`` then says how it reads elsewhere.
    """

    text: str
    expression: bool = beside_field()
    spelled: tuple[tuple[str, str], ...] = spelled_field()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Type:
    """A column type: import path of its class, constructor arguments that differ from the defaults, and variants by dialect.

    An argument named "*" holds the positional ones (the members of an Enum). ``source`` is how a user's type is written in Python (its
    repr), ``ddl`` its compiled text by dialect name, for processes that do not have the class; neither is compared. A user's type that
    cannot be built again from path and arguments has the one argument "*ddl", (dialect, text) pairs: so it is compared by its DDL.
    """

    path: str
    args: Options = ()
    variants: tuple[tuple[str, Type], ...] = ()
    source: str | None = field(default=None, compare=False)
    ddl: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class ServerDefault:
    """What the server fills in: a string that is quoted when emitted, SQL that is emitted as it is, or a value that a trigger makes."""

    kind: Literal["literal", "sql", "fetched"]
    text: str = ""
    expression: bool = beside_field()
    spelled: tuple[tuple[str, str], ...] = spelled_field()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Computed:
    """GENERATED ALWAYS AS (sql); ``persisted`` True STORED, False VIRTUAL, None the dialect's own default."""

    sql: Sql
    persisted: bool | None = None
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Identity:
    """GENERATED ... AS IDENTITY; ``options`` as SQLAlchemy's Identity names them (start, increment, minvalue, cycle, ...)."""

    always: bool = False
    on_null: bool | None = None
    options: Options = ()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Column:
    """A column. That it belongs to the primary key is said by its table alone.

    ``serial``: whether PostgreSQL's column counts by a sequence of its own, where that is not what ``autoincrement`` and the table's
    key say of a column that is made with them (see ``schema.serial``); None where it is.
    """

    name: str
    type: Type
    nullable: bool = True
    default: ServerDefault | None = None
    computed: Computed | None = None
    identity: Identity | None = None
    autoincrement: bool | Literal["auto", "ignore_fk"] = "auto"
    comment: str | None = None
    options: Options = ()
    serial: bool | None = None
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    columns: tuple[str, ...]
    name: str | None = None
    options: Options = ()
    conventional: bool = beside_field()
    made: str | None = made_field()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """``columns`` here refer, in order, to ``target_columns`` of ``target``."""

    columns: tuple[str, ...]
    target: TableName
    target_columns: tuple[str, ...]
    name: str | None = None
    ondelete: str | None = None
    onupdate: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    match: str | None = None
    use_alter: bool = False
    options: Options = ()
    conventional: bool = beside_field()
    made: str | None = made_field()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Unique:
    columns: tuple[str, ...]
    name: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    options: Options = ()
    conventional: bool = beside_field()
    made: str | None = made_field()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Check:
    """``column`` names the column whose definition holds the check, or whose type (Boolean, Enum) made it when ``type_bound``."""

    sql: Sql
    name: str | None = None
    deferrable: bool | None = None
    initially: str | None = None
    column: str | None = None
    type_bound: bool = False
    options: Options = ()
    conventional: bool = beside_field()
    made: str | None = made_field()
    original: Any = original_field()


@dataclass(frozen=True, slots=True)
class Exclude:
    """PostgreSQL's EXCLUDE: ``elements`` are (column or expression, operator) pairs."""

    elements: tuple[tuple[Sql, str], ...]
    name: str | None = None
    using: str | None = None
    where: Sql | None = None
    deferrable: bool | None = None
    initially: str | None = None
    options: Options = ()
    conventional: bool = beside_field()
    made: str | None = made_field()
    original: Any = original_field()


# ``made`` is what ``schema.madenames`` says.
# ``conventional`` on constraints and indexes: the name came from a naming convention (or op.f): it is final, and may be cut to length.
Constraint: TypeAlias = PrimaryKey | ForeignKey | Unique | Check | Exclude
ConstraintKind = Literal["primary", "foreignkey", "unique", "check", "exclude"]


def kind_of(constraint: Constraint) -> ConstraintKind:
    """Alembic's word for the kind, as in ``op.drop_constraint(type_=...)``."""
    match constraint:
        case PrimaryKey():
            return "primary"
        case ForeignKey():
            return "foreignkey"
        case Unique():
            return "unique"
        case Check():
            return "check"
        case Exclude():
            return "exclude"


@dataclass(frozen=True, slots=True)
class IndexElement:
    """One key of an index: a column, or an expression. ``sort`` is what follows it: "DESC", "ASC NULLS LAST", ..., "" for the default.
    ``label`` is the name by which options (postgresql_ops) speak of an expression."""

    column: str | None = None
    sql: Sql | None = None
    sort: str = ""
    label: str | None = None

    def __str__(self) -> str:
        text = self.column if self.column is not None else self.sql.text if self.sql else ""
        return f"{text} {self.sort}".strip()


@dataclass(frozen=True, slots=True)
class Index:
    name: str | None
    elements: tuple[IndexElement, ...]
    unique: bool = False
    options: Options = ()
    conventional: bool = beside_field()
    original: Any = original_field()

    def columns(self) -> tuple[str, ...]:
        """The plain columns among its keys."""
        return tuple(element.column for element in self.elements if element.column is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``written`` is the order of kinds in which its constraints were written, where that is not the one of ``constraints()``;
    ``implied`` are the options that a live table has because its database gives them to every one."""

    name: TableName
    columns: tuple[Column, ...] = ()
    primary_key: PrimaryKey | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    excludes: tuple[Exclude, ...] = ()
    indexes: tuple[Index, ...] = ()
    comment: str | None = None
    options: Options = ()
    written: tuple[ConstraintKind, ...] = field(default=(), compare=False, hash=False, repr=False, kw_only=True)
    implied: Options = field(default=(), compare=False, hash=False, repr=False, kw_only=True)
    original: Any = original_field()

    def column(self, name: str) -> Column:
        """Raises SchemaError when there is none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise SchemaError(f"table {self.name} has no column {name}")

    def has_column(self, name: str) -> bool:
        return any(column.name == name for column in self.columns)

    def constraints(self) -> tuple[Constraint, ...]:
        key = (self.primary_key,) if self.primary_key else ()
        return (*key, *self.uniques, *self.checks, *self.excludes, *self.foreign_keys)


@dataclass(frozen=True, slots=True)
class Enum:
    """A native enumerated type of PostgreSQL."""

    name: str
    values: tuple[str, ...]
    schema: str | None = None

    def key(self) -> TableName:
        return TableName(self.name, self.schema)


@dataclass(frozen=True, slots=True)
class Sequence:
    """A stand-alone sequence; ``options`` as SQLAlchemy's Sequence names them (start, increment, ...)."""

    name: str
    schema: str | None = None
    options: Options = ()
    original: Any = original_field()

    def key(self) -> TableName:
        return TableName(self.name, self.schema)


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything a database holds that migrations care for. The mappings are never changed in place: the ``with_`` methods copy."""

    tables: Mapping[TableName, Table] = field(default_factory=dict)
    enums: Mapping[TableName, Enum] = field(default_factory=dict)
    sequences: Mapping[TableName, Sequence] = field(default_factory=dict)
    schemas: frozenset[str] = frozenset()

    def __hash__(self) -> int:
        return hash(
            (
                frozenset(self.tables.items()),
                frozenset(self.enums.items()),
                frozenset(self.sequences.items()),
                self.schemas,
            )
        )

    def __iter__(self) -> Iterator[Table]:
        """The tables, sorted by name."""
        return iter(sorted(self.tables.values(), key=lambda table: table.name.sort_key()))

    def table(self, name: TableName) -> Table:
        """Raises SchemaError when there is none of that name."""
        found = self.tables.get(name)
        if found is None:
            raise SchemaError(f"there is no table {name}")
        return found

    def with_table(self, table: Table) -> Schema:
        return replace(self, tables={**self.tables, table.name: table})

    def without_table(self, name: TableName) -> Schema:
        return replace(self, tables=_without(self.tables, name))

    def with_enum(self, enum: Enum) -> Schema:
        return replace(self, enums={**self.enums, enum.key(): enum})

    def without_enum(self, name: TableName) -> Schema:
        return replace(self, enums=_without(self.enums, name))

    def with_sequence(self, sequence: Sequence) -> Schema:
        return replace(self, sequences={**self.sequences, sequence.key(): sequence})

    def without_sequence(self, name: TableName) -> Schema:
        return replace(self, sequences=_without(self.sequences, name))


def _without(mapping: Mapping[TableName, _V], name: TableName) -> dict[TableName, _V]:
    return {key: value for key, value in mapping.items() if key != name}


def options(pairs: Mapping[str, Value] | Iterable[tuple[str, Value]]) -> Options:
    """Options in their one form: sorted by name."""
    items = pairs.items() if isinstance(pairs, Mapping) else pairs
    return tuple(sorted(items, key=lambda pair: pair[0]))


def option(pairs: Options, name: str, default: Value = None) -> Value:
    """The value of one option, or ``default``."""
    for key, value in pairs:
        if key == name:
            return value
    return default
