"""Models of every kind that freeze and thaw meet: each function fills a metadata."""

from __future__ import annotations

import enum
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mssql, mysql, oracle, postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.elements import quoted_name

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Money(sa.types.TypeDecorator[Any]):
    """Hands its arguments to the type that it decorates."""

    impl = sa.Numeric
    cache_ok = True


class Email(sa.types.TypeDecorator[Any]):
    """Has an argument of its own, which it keeps."""

    impl = sa.String
    cache_ok = True

    def __init__(self, length: int = 100, *, domain: str | None = None) -> None:
        self.domain = domain
        self.length = length
        super().__init__(length)


class Secret(sa.types.TypeDecorator[Any]):
    """Has an argument that no JSON can hold, and one that it does not keep."""

    impl = sa.LargeBinary
    cache_ok = True

    def __init__(self, key: Callable[[], bytes], size: int) -> None:
        self.key = key
        super().__init__(size)


class PerDialect(sa.types.TypeDecorator[Any]):
    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Any) -> Any:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(postgresql.JSONB())
        return dialect.type_descriptor(sa.Text())


class Vector(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, dim: int) -> None:
        self.dim = dim

    def get_col_spec(self, **kw: Any) -> str:
        return f"VECTOR({self.dim})"


class Point(sa.types.UserDefinedType[Any]):
    cache_ok = True


@compiles(Point)
def _point(type_: Point, compiler: Any, **kw: Any) -> str:
    return "POINT"


@compiles(Point, "postgresql")
def _point_postgresql(type_: Point, compiler: Any, **kw: Any) -> str:
    return "GEOMETRY(POINT, 4326)"


class LowerString(sa.String):
    """A subclass of one of SQLAlchemy's types, without a constructor."""


def plain(metadata: sa.MetaData) -> None:
    sa.Table(
        "users",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(255), nullable=False, unique=True, comment="it's where we write to"),
        sa.Column("name", sa.Unicode(50), index=True),
        sa.Column("active", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("created", sa.DateTime(timezone=True), server_default=sa.func.now()),
        comment="people: all of them",
    )
    sa.Table(
        "posts",
        metadata,
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE", onupdate="SET NULL"), nullable=False, index=True),
        sa.Column("body", sa.Text),
        sa.UniqueConstraint("user_id", "body", name="uq_user_body"),
        sa.CheckConstraint("id > 0", name="positive"),
        sa.CheckConstraint("id % 7 <> 3"),
    )


def types(metadata: sa.MetaData) -> None:
    generic: list[Any] = [
        sa.BigInteger(),
        sa.Boolean(),
        sa.Boolean(create_constraint=True, name="bool_ck"),
        sa.Boolean(create_constraint=True),
        sa.Date(),
        sa.DateTime(),
        sa.Double(53),
        sa.Enum("a", "b", name="letters"),
        sa.Enum(Colour),
        sa.Enum(Colour, values_callable=lambda e: [m.value for m in e], name="colour_value"),
        sa.Enum("a", "it's", "100%", native_enum=False, create_constraint=True, name="chars", length=30),
        sa.Enum("x", "y", native_enum=False),
        sa.Enum("x", "y", name="in_schema", schema="shop"),
        sa.Float(),
        sa.Float(24),
        sa.Integer(),
        sa.Interval(),
        sa.Interval(second_precision=3, day_precision=2),
        sa.JSON(),
        sa.JSON(none_as_null=True),
        sa.LargeBinary(),
        sa.LargeBinary(100),
        sa.Numeric(),
        sa.Numeric(10, 2),
        sa.Numeric(10, 2, asdecimal=False),
        sa.PickleType(),
        sa.SmallInteger(),
        sa.String(20),
        sa.String(20, collation="de_DE"),
        sa.Text(),
        sa.Time(),
        sa.Unicode(20),
        sa.UnicodeText(),
        sa.Uuid(),
        sa.Uuid(as_uuid=False, native_uuid=False),
        sa.CHAR(3),
        sa.TIMESTAMP(timezone=True),
        sa.String(50).with_variant(mysql.TEXT(charset="utf8mb4"), "mysql", "mariadb").with_variant(postgresql.CITEXT(), "postgresql"),
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    ]
    # The name of an unnamed Boolean check is made per dialect; of an unnamed Enum it would be missing on PostgreSQL.
    generic[11].name = "not_native"
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(generic)]
    sa.Table("generic_types", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def user_types(metadata: sa.MetaData) -> None:
    sa.Table(
        "user_types",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("money", Money(12, 4)),
        sa.Column("email", Email(120, domain="example.org")),
        sa.Column("secret", Secret(lambda: b"key", 64)),
        sa.Column("vector", Vector(1536)),
        sa.Column("point", Point()),
        sa.Column("lower", LowerString(30, collation="C")),
        sa.Column("either", PerDialect()),
        sa.Column("flag", sa.String(5).with_variant(Vector(3), "postgresql")),
    )


def postgresql_types(metadata: sa.MetaData) -> None:
    kinds: list[Any] = [
        postgresql.ARRAY(sa.Integer),
        postgresql.ARRAY(sa.Enum("u", "v", name="held"), dimensions=2),
        postgresql.BIT(8),
        postgresql.BIT(8, varying=True),
        postgresql.BYTEA(),
        postgresql.CIDR(),
        postgresql.CITEXT(),
        postgresql.DOMAIN("positive_int", sa.Integer, check="VALUE > 0"),
        postgresql.DOUBLE_PRECISION(),
        postgresql.ENUM("a", "b", name="pg_letters"),
        postgresql.ENUM("a", "b", name="not_ours", create_type=False),
        postgresql.HSTORE(),
        postgresql.INET(),
        postgresql.INT4RANGE(),
        postgresql.INTERVAL(fields="DAY TO SECOND", precision=3),
        postgresql.JSONB(none_as_null=True),
        postgresql.JSONPATH(),
        postgresql.MACADDR(),
        postgresql.MONEY(),
        postgresql.OID(),
        postgresql.REGCLASS(),
        postgresql.TIME(timezone=True, precision=2),
        postgresql.TIMESTAMP(timezone=True, precision=3),
        postgresql.TSTZRANGE(),
        postgresql.TSVECTOR(),
        postgresql.UUID(as_uuid=False),
    ]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(kinds)]
    sa.Table("pg_types", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def mysql_types(metadata: sa.MetaData) -> None:
    kinds: list[Any] = [
        mysql.BIGINT(unsigned=True),
        mysql.BIT(3),
        mysql.CHAR(3, charset="latin1"),
        mysql.DATETIME(fsp=6),
        mysql.DECIMAL(10, 3, unsigned=True, zerofill=True),
        mysql.DOUBLE(10, 3),
        mysql.ENUM("a", "b'c", charset="latin1", collation="latin1_bin"),
        mysql.FLOAT(10, 3),
        mysql.INTEGER(display_width=5, zerofill=True),
        mysql.LONGBLOB(),
        mysql.LONGTEXT(charset="utf8mb4", collation="utf8mb4_bin"),
        mysql.MEDIUMINT(),
        mysql.NVARCHAR(20),
        mysql.SET("x", "y"),
        mysql.TIME(fsp=3),
        mysql.TIMESTAMP(fsp=3),
        mysql.TINYINT(1),
        mysql.TINYTEXT(),
        mysql.VARCHAR(20, binary=True),
        mysql.YEAR(),
    ]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(kinds)]
    sa.Table("my_types", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def other_types(metadata: sa.MetaData) -> None:
    sqlserver: Any = mssql
    ora: Any = oracle
    lite: Any = sqlite
    kinds: list[Any] = [
        sqlserver.BIT(),
        sqlserver.DATETIME2(3),
        sqlserver.DATETIMEOFFSET(4),
        sqlserver.IMAGE(),
        sqlserver.MONEY(),
        sqlserver.NTEXT(),
        sqlserver.SQL_VARIANT(),
        sqlserver.TIME(2),
        sqlserver.TINYINT(),
        sqlserver.UNIQUEIDENTIFIER(),
        sqlserver.VARBINARY("max"),
        sqlserver.VARCHAR(None, collation="Latin1_General_CI_AS"),
        sqlserver.XML(),
        ora.BINARY_DOUBLE(),
        ora.CLOB(),
        ora.DATE(),
        ora.FLOAT(binary_precision=53),
        ora.INTERVAL(day_precision=2, second_precision=6),
        ora.NUMBER(10, 2),
        ora.NVARCHAR2(20),
        ora.RAW(16),
        ora.TIMESTAMP(local_timezone=True),
        ora.VARCHAR2(20),
        lite.DATETIME(truncate_microseconds=True),
        lite.JSON(),
    ]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(kinds)]
    sa.Table("other_types", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def defaults(metadata: sa.MetaData) -> None:
    sa.Table(
        "defaults",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("word", sa.String(20), server_default="it's 100%"),
        sa.Column("empty", sa.String(20), server_default=""),
        sa.Column("number", sa.Integer, server_default="0"),
        sa.Column("text", sa.Integer, server_default=sa.text("0")),
        sa.Column("colon", sa.String(20), server_default=sa.text(r"'a\:b'")),
        sa.Column("percent", sa.Integer, server_default=sa.text("7 % 4")),
        sa.Column("now", sa.DateTime, server_default=sa.func.now()),
        sa.Column("stamp", sa.DateTime, server_default=sa.func.current_timestamp()),
        sa.Column("touched", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")),
        sa.Column("lower", sa.String(20), server_default=sa.func.lower("ABC")),
        sa.Column("yes", sa.Boolean, server_default=sa.true()),
        sa.Column("no", sa.Boolean, server_default=sa.false()),
        sa.Column("five", sa.Integer, server_default=sa.literal(5)),
        sa.Column("nothing", sa.Integer, server_default=sa.null()),
        sa.Column("cast", sa.String(20), server_default=sa.cast(sa.literal("5"), sa.String(20))),
        sa.Column("trigger", sa.Integer, server_default=sa.FetchedValue()),
        sa.Column("python", sa.Integer, default=7),
    )
    sa.Table("python_key", metadata, sa.Column("id", sa.Integer, primary_key=True, default=lambda: 5))
    sa.Table("python_auto", metadata, sa.Column("id", sa.Integer, primary_key=True, default=5, autoincrement=True))


def generated(metadata: sa.MetaData) -> None:
    sa.Table(
        "generated",
        metadata,
        sa.Column("id", sa.Integer, sa.Identity(start=10, increment=5, maxvalue=1000, cycle=True, cache=3), primary_key=True),
        sa.Column("Width", sa.Integer),
        sa.Column("area", sa.Integer, sa.Computed("2 * 3", persisted=True)),
        sa.Column("side", sa.Integer, sa.Computed("7 % 3", persisted=False)),
        sa.Column("open", sa.Integer, sa.Computed(sa.func.abs(sa.literal_column("id")))),
    )
    sa.Table("always", metadata, sa.Column("id", sa.BigInteger, sa.Identity(always=True, nominvalue=True), primary_key=True))
    sa.Table("identity_null", metadata, sa.Column("id", sa.Integer, sa.Identity(), nullable=True), sa.Column("x", sa.Integer))


def sequences(metadata: sa.MetaData) -> None:
    sa.Sequence("alone", metadata=metadata, start=5, increment=2, cycle=True)
    sa.Sequence("typed", metadata=metadata, data_type=sa.BigInteger, schema="shop")
    sa.Table("with_sequence", metadata, sa.Column("id", sa.Integer, sa.Sequence("its_seq", start=3), primary_key=True))
    sa.Table("optional", metadata, sa.Column("id", sa.Integer, sa.Sequence("opt_seq", optional=True), primary_key=True))


def keys(metadata: sa.MetaData) -> None:
    sa.Table(
        "parents",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.String(10)),
        sa.PrimaryKeyConstraint("b", "a", name="parents_key"),
    )
    sa.Table(
        "children",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pb", sa.String(10)),
        sa.Column("pa", sa.Integer),
        sa.Column("mother", sa.Integer, sa.ForeignKey("children.id", deferrable=True, initially="DEFERRED", match="FULL")),
        sa.ForeignKeyConstraint(["pb", "pa"], ["parents.b", "parents.a"], name="to_parents", ondelete="SET NULL"),
        sa.UniqueConstraint("pa", name="u1", deferrable=True, initially="IMMEDIATE"),
        sa.UniqueConstraint("pb", "pa"),
    )
    sa.Table(
        "hen",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("egg_id", sa.Integer, sa.ForeignKey("egg.id", use_alter=True, name="hen_egg")),
    )
    sa.Table(
        "egg",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("hen_id", sa.Integer, sa.ForeignKey("hen.id", name="egg_hen")),
    )
    sa.Table("no_key", metadata, sa.Column("x", sa.Integer))
    sa.Table("two", metadata, sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))
    sa.Table("nullable_key", metadata, sa.Column("a", sa.Integer, primary_key=True, nullable=True))


def renamed_keys(metadata: sa.MetaData) -> None:
    """``key`` says otherwise than ``name``: everything goes by name."""
    target = sa.Table("keyed", metadata, sa.Column("ident", sa.Integer, key="id", primary_key=True), sa.Column("n", sa.Integer, key="m"))
    sa.Index("ix_keyed", target.c.m, postgresql_ops={"m": "int4_ops"})
    sa.Table(
        "keyed_child",
        metadata,
        sa.Column("ref", sa.Integer, sa.ForeignKey("keyed.id"), key="r"),
        sa.UniqueConstraint("r", name="keyed_unique"),
    )


def constraints_in_mixed_order(metadata: sa.MetaData) -> None:
    sa.Table("target", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "mixed",
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Boolean(create_constraint=True, name="b_is_bool")),
        sa.CheckConstraint("a > 1", name="c1"),
        sa.ForeignKeyConstraint(["a"], ["target.id"], name="f1"),
        sa.UniqueConstraint("a", name="u1"),
        sa.CheckConstraint("a > 2", name="c2"),
        sa.PrimaryKeyConstraint("a"),
        sa.UniqueConstraint("b", name="u2"),
    )


def checks(metadata: sa.MetaData) -> None:
    table = sa.Table(
        "checks",
        metadata,
        # One each: SQLAlchemy writes several of one column in no order.
        sa.Column("Age", sa.Integer, sa.CheckConstraint('"Age" > 0', name="inline_check")),
        sa.Column("when", sa.String(20), sa.CheckConstraint("1 = 1")),
        sa.CheckConstraint(r"'a\:b' <> 'c'", name="colon"),
    )
    table.append_constraint(sa.CheckConstraint(table.c.Age < 150, name="expression"))
    table.append_constraint(sa.CheckConstraint(table.c.when.like("2%"), name="percent"))
    table.append_constraint(sa.CheckConstraint(sa.func.length(table.c.when) > 3, name="postgresql_only").ddl_if(dialect="postgresql"))


def conventions(metadata: sa.MetaData) -> None:
    metadata.naming_convention = CONVENTION
    sa.Table("base", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("word", sa.String(5), index=True))
    sa.Table(
        "leaf",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("base_id", sa.Integer, sa.ForeignKey("base.id")),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flag_bool")),
        sa.Column("kind", sa.Enum("a", "b", name="kind", create_constraint=True, native_enum=False)),
        sa.UniqueConstraint("base_id", "flag"),
        sa.CheckConstraint("id > 0", name="positive"),
    )
    long = "a_name_that_goes_on_and_on_until_no_database_takes_it_any_more"
    sa.Table(long, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column(f"{long[:30]}", sa.Integer, unique=True))


def indexes(metadata: sa.MetaData) -> None:
    table = sa.Table(
        "indexed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("Name", sa.String(100)),
        sa.Column("age", sa.Integer),
        sa.Column("data", sa.JSON),
    )
    sa.Index("ix_plain", table.c.age, table.c.Name, unique=True)
    sa.Index("ix_desc", table.c.age.desc(), table.c.Name.asc())
    sa.Index("ix_nulls", table.c.age.desc().nulls_last(), table.c.Name.nulls_first())
    sa.Index("ix_lower", sa.func.lower(table.c.Name))
    sa.Index("ix_lower_desc", sa.func.lower(table.c.Name).desc(), table.c.age)
    sa.Index("ix_text", sa.text("age"), sa.text("id DESC"), _table=table)
    sa.Index("ix_cast", sa.cast(table.c.age, sa.String(10)))
    sa.Index("ix_where", table.c.age, postgresql_where=table.c.age > 5, sqlite_where=table.c.age > 5)
    sa.Index("ix_text_where", table.c.age, postgresql_where=sa.text('"Name" IS NOT NULL'), mssql_where=sa.text("age > 1"))
    sa.Index(
        "ix_options",
        table.c.Name,
        postgresql_using="gin",
        postgresql_ops={"Name": "gin_trgm_ops"},
        postgresql_with={"fastupdate": "off"},
        postgresql_include=["age"],
        postgresql_concurrently=True,
        postgresql_tablespace="fast",
        mysql_length={"Name": 10},
        mysql_using="btree",
        mssql_include=["age"],
        mssql_clustered=True,
        oracle_compress=1,
    )
    sa.Index("ix_label", sa.func.lower(table.c.Name).label("lowered"), postgresql_ops={"lowered": "text_pattern_ops"})
    sa.Index("ix_distinct", table.c.age, unique=True, postgresql_nulls_not_distinct=True)
    sa.Index("ix_fulltext", table.c.Name, mysql_prefix="FULLTEXT", mysql_length=20)
    sa.Index("ix_only", table.c.age).ddl_if(dialect="postgresql")
    sa.Index(quoted_name("ix_quoted", True), table.c.age)


def options(metadata: sa.MetaData) -> None:
    sa.Table(
        "options",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"),
        sa.UniqueConstraint("a", name="u", sqlite_on_conflict="REPLACE", postgresql_nulls_not_distinct=True, mssql_clustered=True),
        # By name: MySQL's options are written in the order in which they were given, which says nothing.
        mysql_default_charset="utf8mb4",
        mysql_engine="InnoDB",
        mariadb_engine="Aria",
        mysql_partition_by="HASH(id)",
        postgresql_partition_by="RANGE (id)",
        postgresql_with_oids=False,
        postgresql_tablespace="fast",
        sqlite_autoincrement=True,
        oracle_on_commit="PRESERVE ROWS",
        info={"owner": "ada", "object": object()},
    )
    since_2_0_37: dict[str, Any] = {"sqlite_strict": True} if not sa.__version__.startswith("2.0.3") else {}
    sa.Table("strict", metadata, sa.Column("id", sa.Integer, primary_key=True), sqlite_with_rowid=False, **since_2_0_37)
    sa.Table("temporary", metadata, sa.Column("id", sa.Integer), prefixes=["TEMPORARY"], info={"tags": {"a": 1}})
    sa.Table("heirs", metadata, sa.Column("x", sa.Integer, info={"b": 1}), postgresql_inherits=("options", "strict"))


def names(metadata: sa.MetaData) -> None:
    """Names that need quotes, or were told to have them."""
    metadata_table = sa.Table(
        "Order Details",
        metadata,
        sa.Column("select", sa.Integer, primary_key=True),
        sa.Column('say "hi"', sa.Integer),
        sa.Column("naïve", sa.String(10), index=True),
        sa.Column("a.b", sa.Integer),
        sa.Column("100%", sa.Integer, unique=True),
    )
    sa.Index("ix 1", metadata_table.c["a.b"])
    sa.Table("forced", metadata, sa.Column("low", sa.Integer, quote=True, primary_key=True), quote=True)
    sa.Table("Unquoted", metadata, sa.Column("High", sa.Integer, quote=False), quote=False)
    sa.Table("to_forced", metadata, sa.Column("low", sa.Integer, sa.ForeignKey("forced.low")))
    sa.Table("sys", metadata, sa.Column("xmin", sa.Integer, system=True), sa.Column("id", sa.Integer))
    sa.Table("dot.ted", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("to_dotted", metadata, sa.Column("id", sa.Integer), sa.ForeignKeyConstraint(["id"], [metadata.tables["dot.ted"].c.id]))


def schemas(metadata: sa.MetaData) -> None:
    sa.Table("items", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="shop")
    sa.Table("items", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("lines", metadata, sa.Column("item", sa.ForeignKey("shop.items.id")), sa.Column("x", sa.Integer), schema="Sales")
    sa.Table("local", metadata, sa.Column("item", sa.ForeignKey("items.id"), index=True), schema="shop")


def default_schema(metadata: sa.MetaData) -> None:
    metadata.schema = "main_schema"
    sa.Table("one", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table("two", metadata, sa.Column("one_id", sa.ForeignKey("one.id")), sa.Column("k", sa.Enum("a", name="e", metadata=metadata)))
    sa.Table("three", metadata, sa.Column("k", sa.Enum("a", name="e3", inherit_schema=True)), schema="elsewhere")


def excludes(metadata: sa.MetaData) -> None:
    table = sa.Table("rooms", metadata, sa.Column("Room", sa.Integer), sa.Column("during", postgresql.TSRANGE))
    table.append_constraint(
        postgresql.ExcludeConstraint(
            (table.c.Room, "="),
            (table.c.during, "&&"),
            name="no_overlap",
            using="gist",
            where=sa.text('"Room" > 5'),
            ops={"Room": "int4_ops"},
            deferrable=True,
            initially="DEFERRED",
        )
    )
    table.append_constraint(postgresql.ExcludeConstraint((sa.func.abs(table.c.Room), "="), (sa.literal_column("1"), "=")))


MODELS: tuple[Callable[[sa.MetaData], None], ...] = (
    plain,
    types,
    user_types,
    postgresql_types,
    mysql_types,
    other_types,
    defaults,
    generated,
    sequences,
    keys,
    renamed_keys,
    constraints_in_mixed_order,
    checks,
    conventions,
    indexes,
    options,
    names,
    schemas,
    default_schema,
    excludes,
)


def metadata_of(fill: Callable[[sa.MetaData], None]) -> sa.MetaData:
    metadata = sa.MetaData()
    fill(metadata)
    return metadata
