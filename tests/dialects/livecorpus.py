"""Models that the three databases can create; each function may ask which database it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.unit.schema.corpus import CONVENTION, Colour, Email, Money, PerDialect


def family(metadata: Any) -> str:
    return str(metadata.info["family"])


def fill(build: Callable[[sa.MetaData], None], metadata: Any, engine: sa.Engine) -> None:
    """Runs ``build`` with the name of the database in ``metadata.info``."""
    name = engine.dialect.name
    metadata.info["family"] = "mariadb" if name == "mysql" else name
    build(metadata)


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
        sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE", onupdate="SET NULL"), nullable=True, index=True),
        sa.Column("title", sa.String(50)),
        sa.Column("body", sa.Text),
        sa.UniqueConstraint("user_id", "title", name="uq_user_title"),
        sa.CheckConstraint("title <> 'x' AND length(title) > 3", name="titled"),
        sa.CheckConstraint("length(title) % 7 <> 3"),
    )


def types(metadata: sa.MetaData) -> None:
    kinds: list[Any] = [
        sa.BigInteger(),
        sa.Boolean(),
        sa.Boolean(create_constraint=True, name="bool_ck"),
        sa.Date(),
        sa.DateTime(),
        sa.Double(),
        sa.Enum("a", "b", name="letters"),
        sa.Enum(Colour),
        sa.Enum("a", "it's", native_enum=False, create_constraint=True, name="chars", length=30),
        sa.Float(),
        sa.Float(24),
        sa.Integer(),
        sa.Interval(),
        sa.JSON(),
        sa.LargeBinary(),
        sa.Numeric(),
        sa.Numeric(10, 2),
        sa.PickleType(),
        sa.SmallInteger(),
        sa.String(20),
        sa.Text(),
        sa.Time(),
        sa.UnicodeText(),
        sa.Uuid(),
        sa.CHAR(3),
        sa.CHAR(),
        sa.TIMESTAMP(timezone=True),
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
        Money(12, 4),
        Email(120),
        PerDialect(),
    ]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(kinds)]
    sa.Table("generic_types", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def own_types(metadata: sa.MetaData) -> None:
    """The types of the database itself."""
    by_family: dict[str, list[Any]] = {
        "sqlite": [sa.String(20, collation="NOCASE"), sa.Text(collation="RTRIM"), Box()],
        "postgresql": [
            postgresql.ARRAY(sa.Integer),
            postgresql.ARRAY(sa.Enum("u", "v", name="held"), dimensions=2),
            postgresql.BIT(8),
            postgresql.BIT(8, varying=True),
            postgresql.BYTEA(),
            postgresql.CIDR(),
            postgresql.DOUBLE_PRECISION(),
            postgresql.ENUM("a", "b", name="pg_letters"),
            postgresql.INET(),
            postgresql.INT4RANGE(),
            postgresql.INTERVAL(precision=3),
            postgresql.INTERVAL(fields="DAY TO SECOND"),
            postgresql.JSONB(),
            postgresql.MACADDR(),
            postgresql.MONEY(),
            postgresql.REAL(),
            postgresql.TIME(timezone=True, precision=2),
            postgresql.TIMESTAMP(timezone=True, precision=3),
            postgresql.TSTZRANGE(),
            postgresql.TSVECTOR(),
            postgresql.UUID(),
            sa.String(20, collation="C"),
            Box(),
        ],
        "mariadb": [
            mysql.BIGINT(unsigned=True),
            mysql.BIT(3),
            mysql.CHAR(3, charset="latin1", collation="latin1_bin"),
            mysql.DATETIME(fsp=6),
            mysql.DECIMAL(10, 3, unsigned=True, zerofill=True),
            mysql.DOUBLE(10, 3),
            mysql.ENUM("a", "b'c"),
            mysql.FLOAT(10, 3),
            mysql.INTEGER(display_width=5, zerofill=True),
            mysql.LONGBLOB(),
            mysql.LONGTEXT(),
            mysql.MEDIUMINT(),
            mysql.SET("x", "y"),
            mysql.TIME(fsp=3),
            mysql.TINYINT(1),
            mysql.TINYINT(),
            mysql.TINYTEXT(),
            mysql.YEAR(),
        ],
    }
    kinds = by_family[family(metadata)]
    columns = [sa.Column(f"c{number}", type_) for number, type_ in enumerate(kinds)]
    sa.Table("own_types", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


class Box(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def get_col_spec(self, **kw: Any) -> str:
        return "BOX"


def defaults(metadata: sa.MetaData) -> None:
    columns: list[Any] = [
        sa.Column("word", sa.String(20), server_default="it's 100%"),
        sa.Column("empty", sa.String(20), server_default=""),
        sa.Column("number", sa.Integer, server_default="0"),
        sa.Column("negative", sa.Integer, server_default="-5"),
        sa.Column("text", sa.Integer, server_default=sa.text("0")),
        sa.Column("price", sa.Numeric(10, 2), server_default="1.5"),
        sa.Column("now", sa.DateTime, server_default=sa.func.now()),
        sa.Column("stamp", sa.DateTime, server_default=sa.func.current_timestamp()),
        sa.Column("yes", sa.Boolean, server_default=sa.true()),
        sa.Column("no", sa.Boolean, server_default=sa.false()),
        sa.Column("quoted", sa.Boolean, server_default="1" if family(metadata) != "postgresql" else "t"),
        sa.Column("five", sa.Integer, server_default=sa.literal(5)),
        sa.Column("void", sa.Integer, server_default=sa.null()),
        sa.Column("trigger", sa.Integer, server_default=sa.FetchedValue()),
    ]
    if family(metadata) == "mariadb":
        touched = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
        columns.append(sa.Column("touched", sa.DateTime, server_default=touched))
    else:
        columns.append(sa.Column("lower", sa.String(20), server_default=sa.func.lower("ABC")))
    sa.Table("defaults", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def generated(metadata: sa.MetaData) -> None:
    identity = [sa.Identity(start=10, increment=5, maxvalue=1000, cycle=True)] if family(metadata) == "postgresql" else []
    sa.Table(
        "generated",
        metadata,
        sa.Column("id", sa.Integer, *identity, primary_key=True),
        sa.Column("Width", sa.Integer),
        sa.Column("low", sa.Integer),
        sa.Column("area", sa.Integer, sa.Computed("low * 3 + 1", persisted=True)),
    )
    if family(metadata) == "postgresql":
        sa.Table("always", metadata, sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True))
    else:
        sa.Table("virtual", metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a + 1", persisted=False)))


def sequences(metadata: sa.MetaData) -> None:
    sa.Sequence("alone", metadata=metadata, start=5, increment=2, cycle=True)
    sa.Sequence("down", metadata=metadata, increment=-1)
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
    deferred: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if family(metadata) != "mariadb" else {}
    sa.Table(
        "children",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("pb", sa.String(10)),
        sa.Column("pa", sa.Integer),
        sa.Column("mother", sa.Integer, sa.ForeignKey("children.id", **deferred)),
        sa.ForeignKeyConstraint(["pb", "pa"], ["parents.b", "parents.a"], name="to_parents", ondelete="SET NULL"),
        sa.UniqueConstraint("pa", name="u1", deferrable=True if family(metadata) == "postgresql" else None),
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
        sa.Column("hen_id", sa.Integer, sa.ForeignKey("hen.id", name="egg_hen", onupdate="CASCADE", ondelete="RESTRICT")),
    )
    sa.Table("no_key", metadata, sa.Column("x", sa.Integer))
    sa.Table("two", metadata, sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))
    sa.Table("words", metadata, sa.Column("word", sa.String(20), primary_key=True))
    sa.Table("counted_by_python", metadata, sa.Column("id", sa.Integer, primary_key=True, default=5))
    sa.Table("many", metadata, *[sa.Column(f"k{n}", sa.Integer, sa.ForeignKey("words2.id")) for n in range(12)])
    sa.Table("words2", metadata, sa.Column("id", sa.Integer, primary_key=True))


def checks(metadata: sa.MetaData) -> None:
    table = sa.Table(
        "checks",
        metadata,
        sa.Column("age", sa.Integer, sa.CheckConstraint("age > 0")),
        sa.Column("kind", sa.String(20)),
        sa.CheckConstraint("kind IN ('a', 'b', 'c')", name="kinds"),
        sa.CheckConstraint("age BETWEEN 1 AND 150", name="ages"),
        sa.CheckConstraint("(age > 5 OR kind = 'a') AND kind != 'z'", name="grouped"),
        sa.CheckConstraint("kind IS NOT NULL", name="present"),
    )
    table.append_constraint(sa.CheckConstraint(table.c.age < 150, name="expression"))
    table.append_constraint(sa.CheckConstraint(table.c.kind.like("2%"), name="percent"))
    table.append_constraint(sa.CheckConstraint(sa.func.length(table.c.kind) > 3, name="postgresql_only").ddl_if(dialect="postgresql"))


def conventions(metadata: sa.MetaData) -> None:
    metadata.naming_convention = CONVENTION
    sa.Table("base", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("word", sa.String(5), index=True))
    sa.Table(
        "leaf",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("base_id", sa.Integer, sa.ForeignKey("base.id")),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flag_bool")),
        sa.UniqueConstraint("base_id", "flag"),
        sa.CheckConstraint("base_id > 0", name="positive"),
    )
    long = "a_name_that_goes_on_and_on_until_no_database_takes_it"
    sa.Table(long, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column(f"{long[:40]}", sa.Integer, unique=True, index=True))


def indexes(metadata: sa.MetaData) -> None:
    table = sa.Table(
        "indexed",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("Name", sa.String(100)),
        sa.Column("age", sa.Integer),
    )
    kind = family(metadata)
    sa.Index("ix_plain", table.c.age, table.c.Name)
    sa.Index("ix_unique", table.c.age, table.c.Name, unique=True)
    sa.Index("ix_age", table.c.age)
    if kind != "mariadb":
        sa.Index("ix_desc", table.c.age.desc(), table.c.Name.asc())
        sa.Index("ix_lower", sa.func.lower(table.c.Name))
        sa.Index("ix_lower_desc", sa.func.lower(table.c.Name).desc(), table.c.age)
        sa.Index("ix_sum", (table.c.age + table.c.id) * 2)
        sa.Index("ix_where", table.c.age, postgresql_where=table.c.age > 5, sqlite_where=table.c.age > 5)
        sa.Index("ix_text_where", table.c.age, postgresql_where=sa.text('"Name" IS NOT NULL'), sqlite_where=sa.text('"Name" IS NOT NULL'))
    if kind == "postgresql":
        sa.Index("ix_nulls", table.c.age.desc().nulls_last(), table.c.Name.nulls_first())
        sa.Index(
            "ix_options",
            table.c.Name,
            postgresql_ops={"Name": "varchar_pattern_ops"},
            postgresql_with={"fillfactor": "50"},
            postgresql_include=["age"],
        )
        sa.Index("ix_hash", table.c.age, postgresql_using="hash")
        sa.Index("ix_btree", table.c.age, postgresql_using="btree")
        sa.Index("ix_distinct", table.c.age, unique=True, postgresql_nulls_not_distinct=True)
        sa.Index("ix_collate", sa.collate(table.c.Name, "C"))
    if kind == "mariadb":
        sa.Index("ix_prefix", table.c.Name, mysql_length={"Name": 10})
        sa.Index("ix_fulltext", table.c.Name, mysql_prefix="FULLTEXT")
        sa.Index("ix_unique_prefix", table.c.Name, unique=True, mysql_length=10)


def options(metadata: sa.MetaData) -> None:
    sa.Table(
        "options",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, nullable=False, sqlite_on_conflict_not_null="IGNORE"),
        sa.UniqueConstraint("a", name="u", sqlite_on_conflict="REPLACE"),
        mysql_default_charset="latin1",
        mysql_engine="MyISAM",
        sqlite_autoincrement=True,
    )
    sa.Table("no_rowid", metadata, sa.Column("id", sa.Integer, primary_key=True), sqlite_with_rowid=False)
    if family(metadata) == "postgresql":
        sa.Table("measures", metadata, sa.Column("id", sa.Integer, primary_key=True), postgresql_partition_by="RANGE (id)")
        sa.Table("elder", metadata, sa.Column("id", sa.Integer))
        heir = sa.Table("heir", metadata, sa.Column("id", sa.Integer), sa.Column("x", sa.Integer), postgresql_inherits="elder")
        heir.add_is_dependent_on(metadata.tables["elder"])


def names(metadata: sa.MetaData) -> None:
    """Names that need quotes."""
    table = sa.Table(
        "Order Details",
        metadata,
        sa.Column("select", sa.Integer, primary_key=True),
        sa.Column('say "hi"', sa.Integer),
        sa.Column("naïve", sa.String(10), index=True),
        sa.Column("a.b", sa.Integer),
        sa.Column("100%", sa.Integer, unique=True),
        sa.CheckConstraint(sa.column('say "hi"') > 5, name="Check It"),
    )
    sa.Index("ix 1", table.c["a.b"])
    sa.Table("user", metadata, sa.Column("Group", sa.ForeignKey("Order Details.select")))


def schemas(metadata: sa.MetaData) -> None:
    if family(metadata) != "postgresql":
        sa.Table("items", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return
    sa.Table("items", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="shop")
    sa.Table("items", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "lines",
        metadata,
        sa.Column("item", sa.ForeignKey("shop.items.id")),
        sa.Column("kind", sa.Enum("x", name="kinds", schema="shop")),
        schema="Sales",
    )
    sa.Table("local", metadata, sa.Column("item", sa.ForeignKey("items.id"), index=True), schema="shop")


def excludes(metadata: sa.MetaData) -> None:
    table = sa.Table("rooms", metadata, sa.Column("Room", sa.Integer))
    if family(metadata) != "postgresql":
        return
    table.append_column(sa.Column("during", postgresql.TSRANGE))
    table.append_constraint(
        postgresql.ExcludeConstraint(
            (table.c.during, "&&"),
            name="no_overlap",
            using="gist",
            where=sa.text('"Room" > 5'),
            deferrable=True,
            initially="DEFERRED",
        )
    )
    table.append_constraint(postgresql.ExcludeConstraint((sa.func.abs(table.c.Room), "="), using="btree"))


MODELS: tuple[Callable[[sa.MetaData], None], ...] = (
    plain,
    types,
    own_types,
    defaults,
    generated,
    sequences,
    keys,
    checks,
    conventions,
    indexes,
    options,
    names,
    schemas,
    excludes,
)
