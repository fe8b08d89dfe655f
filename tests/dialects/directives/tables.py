"""create_table, drop_table, rename_table and the comments of tables."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from tests.dialects.directives.case import Case, Family

CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
NAMED = {"target_metadata": sa.MetaData(naming_convention=CONVENTION)}

CASES: Family = {
    "create a table": Case(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.String(50), nullable=False))
    ),
    "create a table in a schema": Case(lambda op: op.create_table("t", sa.Column("id", sa.Integer), schema="S s")),
    "create a table unless it is there": Case(lambda op: op.create_table("t", sa.Column("id", sa.Integer), if_not_exists=True)),
    "create a table, if_not_exists False": Case(lambda op: op.create_table("t", sa.Column("id", sa.Integer), if_not_exists=False)),
    "create a table with its index and comments": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True, comment="the key"),
            sa.Column("n", sa.String(20), nullable=False, server_default="x", comment="it's", index=True),
            comment="some words",
            schema="s",
        )
    ),
    "create a table with an index that is given": Case(
        lambda op: op.create_table("t", sa.Column("n", sa.String(20)), sa.Index("ix", sa.text("lower(n)"), unique=True))
    ),
    "create a table with every kind of constraint": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("a", sa.Integer, nullable=False),
            sa.Column("b", sa.Integer, sa.ForeignKey("u.id", name="fk_b", ondelete="CASCADE", onupdate="SET NULL"), nullable=False),
            sa.Column("c", sa.String(5), sa.CheckConstraint("c <> ''", name="ck_c"), unique=True),
            sa.PrimaryKeyConstraint("a", "b", name="pk"),
            sa.UniqueConstraint("b", "c", name="uq"),
            sa.CheckConstraint("a > b", name="ck"),
            sa.ForeignKeyConstraint(["a", "b"], ["s.v.x", "s.v.y"], name="fk_v", deferrable=True, initially="DEFERRED", match="FULL"),
        )
    ),
    "create a table with keys and checks without names": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("id", sa.Integer, sa.ForeignKey("u.id"), primary_key=True),
            sa.Column("b", sa.Integer, unique=True),
            sa.CheckConstraint("b > 0"),
            sa.ForeignKeyConstraint(["b"], ["t.id"]),
        )
    ),
    "create a table that refers to itself": Case(
        lambda op: op.create_table(
            "t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("p", sa.Integer, sa.ForeignKey("s.t.id")), schema="s"
        )
    ),
    "create a table with a key that is added later": Case(
        lambda op: op.create_table("t", sa.Column("a", sa.Integer), sa.ForeignKeyConstraint(["a"], ["u.id"], name="fk", use_alter=True))
    ),
    "create a table under a naming convention": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("a", sa.Integer, sa.ForeignKey("u.id"), unique=True, index=True),
            sa.Column("b", sa.Boolean(create_constraint=True, name="flag")),
            sa.CheckConstraint("a > 0", name="positive"),
            sa.CheckConstraint("a < 9", name=op.f("as_it_is")),
        ),
        NAMED,
    ),
    "create a table with enumerated and boolean columns": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("a", sa.Enum("x", "y", name="kind")),
            sa.Column("b", sa.Enum("x", "y", name="kind2", create_constraint=True, native_enum=False)),
            sa.Column("c", sa.Boolean(create_constraint=True, name="flag")),
            sa.Column("d", sa.Boolean()),
        )
    ),
    "create two tables with one enumerated type": Case(
        lambda op: [
            op.create_table("t", sa.Column("a", sa.Enum("x", "y", name="kind", schema="s"))),
            op.create_table("u", sa.Column("a", postgresql.ENUM("x", "y", name="kind", schema="s", create_type=False))),
        ]
    ),
    "create a table with server defaults": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("a", sa.Integer, server_default="5"),
            sa.Column("b", sa.DateTime, server_default=sa.func.now()),
            sa.Column("c", sa.String(9), server_default=sa.text("'it''s'")),
            sa.Column("d", sa.Boolean, server_default=sa.false()),
            sa.Column("e", sa.String(9), server_default="it's 5%"),
        )
    ),
    "create a table with an identity": Case(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer, sa.Identity(start=4, increment=2), primary_key=True))
    ),
    "create a table with a computed column": Case(
        lambda op: op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a + 1", persisted=True)))
    ),
    "create a table whose computed column is not stored": Case(
        lambda op: op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a + 1", persisted=False)))
    ),
    "create a table with a sequence": Case(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer, sa.Sequence("q"), primary_key=True, autoincrement=False))
    ),
    "create a table with the options of each dialect": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("id", sa.Integer, primary_key=True),
            mysql_engine="InnoDB",
            mysql_charset="utf8mb4",
            mysql_collate="utf8mb4_bin",
            mariadb_engine="Aria",
            postgresql_partition_by="RANGE (id)",
            postgresql_with={"fillfactor": 50},
            sqlite_autoincrement=True,
            sqlite_with_rowid=False,
            oracle_compress=True,
        )
    ),
    "create a table with prefixes and info": Case(
        lambda op: op.create_table("t", sa.Column("id", sa.Integer), prefixes=["TEMPORARY"], info={"a": 1}, implicit_returning=False)
    ),
    "create a table with types of dialects": Case(
        lambda op: op.create_table(
            "t",
            sa.Column("a", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
            sa.Column("b", sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb")),
            sa.Column("c", sa.Numeric(10, 2)),
            sa.Column("d", sa.DateTime(timezone=True)),
            sa.Column("e", sa.LargeBinary()),
            sa.Column("f", sa.Unicode(9, collation="C")),
            sa.Column("g", sa.Uuid()),
            sa.Column("h", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
        )
    ),
    "create a table of names that are quoted": Case(
        lambda op: op.create_table("order", sa.Column("from", sa.Integer, primary_key=True), sa.Column("Ä b", sa.Integer, index=True))
    ),
    "use the table that create_table returns": Case(
        lambda op: op.bulk_insert(
            op.create_table("t", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False), sa.Column("n", sa.String(9))),
            [{"id": 1, "n": "a"}, {"id": 2, "n": None}],
        )
    ),
    "drop a table": Case(lambda op: op.drop_table("t")),
    "drop a table of a schema": Case(lambda op: op.drop_table("t", schema="s")),
    "drop a table if it is there": Case(lambda op: op.drop_table("t", if_exists=True)),
    "drop a table with keywords of tables": Case(lambda op: op.drop_table("t", info={"a": 1}, mysql_engine="InnoDB", comment="c")),
    "rename a table": Case(lambda op: op.rename_table("t", "u")),
    "rename a table of a schema": Case(lambda op: op.rename_table("t", "order", schema="s")),
    "rename a table by keywords": Case(lambda op: op.rename_table(old_table_name="a b", new_table_name="c'd", schema=None)),
    "comment on a table": Case(lambda op: op.create_table_comment("t", "it's", schema="s")),
    "comment on a table that has one": Case(lambda op: op.create_table_comment("t", "new", existing_comment="old", schema="s")),
    "comment on a table without a schema": Case(lambda op: op.create_table_comment("t", "new")),
    "comment on a table with nothing": Case(lambda op: op.create_table_comment("t", "", schema="s")),
    "drop the comment of a table": Case(lambda op: op.drop_table_comment("t", existing_comment="old", schema="s")),
    "drop the comment of a table without a schema": Case(lambda op: op.drop_table_comment("t")),
}
