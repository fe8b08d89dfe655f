"""Operation objects that are rendered by Alembic and by gitmig, side by side. ``o`` is the module of operation objects."""

# ruff: noqa: E501

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.sql.elements import conv


class Money(sa.types.TypeDecorator[Any]):
    impl = sa.Numeric
    cache_ok = True

    def __repr__(self) -> str:
        return "Money(12)"


class Plain(sa.types.UserDefinedType[Any]):
    cache_ok = True

    def __init__(self, size: int = 3) -> None:
        self.size = size


def tables() -> sa.MetaData:
    made = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s", "ck": "ck_%(table_name)s_%(constraint_name)s"})
    sa.Table("parent", made, sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer), schema="s")
    sa.Table(
        "child",
        made,
        sa.Column("id", sa.Integer, sa.Identity(always=True, start=5), primary_key=True, autoincrement=True),
        sa.Column("a", sa.String(5), server_default="it's", index=True, comment="words 'quoted'"),
        sa.Column(
            "b", sa.ForeignKey("s.parent.id", ondelete="CASCADE", onupdate="SET NULL", deferrable=True, initially="DEFERRED", name="fk_b")
        ),
        sa.Column("u", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), unique=True, nullable=False),
        sa.Column("kind", sa.Enum("x", "y", name="kinds", native_enum=False, create_constraint=True)),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="flagged"), server_default=sa.true()),
        sa.Column("when", sa.DateTime(timezone=True), server_default=sa.func.now()),
        sa.Column("text", sa.Text(collation="C"), server_default=sa.text("'x' || \"y\"")),
        sa.Column("n", sa.Numeric(10, 2), server_default=sa.FetchedValue()),
        sa.Column("total", sa.Integer, sa.Computed("u * 2", persisted=True)),
        sa.Column("money", Money()),
        sa.Column("plain", Plain(7)),
        sa.Column("sys", sa.Integer, system=True),
        sa.Column("kw", sa.String(3), sqlite_on_conflict_not_null="FAIL"),
        sa.Column(sa.quoted_name("Quoted", True), sa.LargeBinary),
        sa.UniqueConstraint("a", "b", name="uq_ab", deferrable=True, initially="IMMEDIATE"),
        sa.CheckConstraint("a > 'a%'", name="positive"),
        sa.ForeignKeyConstraint(["u"], ["child.id"], use_alter=True, name="fk_self"),
        sa.ForeignKeyConstraint(["a", "b"], ["other.p", "other.q"], match="FULL"),
        comment="a table's comment",
        info={"x": 1},
        prefixes=["TEMP", "MORE"],
        mysql_engine="InnoDB",
        sqlite_autoincrement=True,
    )
    sa.Table("other", made, sa.Column("p", sa.String), sa.Column("q", sa.Integer), sa.PrimaryKeyConstraint("p", "q", name="pk_other"))
    pg = sa.Table(
        "pg",
        made,
        sa.Column("a", postgresql.ARRAY(sa.Integer)),
        sa.Column("a2", sa.ARRAY(sa.String(3), dimensions=2)),
        sa.Column("j", postgresql.JSONB(astext_type=sa.Text())),
        sa.Column("j2", sa.JSON().with_variant(postgresql.JSONB(), "postgresql")),
        sa.Column("h", postgresql.HSTORE(text_type=sa.Text())),
        sa.Column("u", postgresql.UUID(as_uuid=True)),
        sa.Column("e", postgresql.ENUM("p", "q", name="pq", schema="s")),
        sa.Column("i", postgresql.INTERVAL(fields="DAY")),
        sa.Column("t", postgresql.TIMESTAMP(timezone=True, precision=3)),
        sa.Column("m", mysql.TINYINT(display_width=1, unsigned=True)),
        sa.Column("v", sa.Uuid()),
        sa.Column("enum", sa.Enum("a", "b", name="ab", inherit_schema=True)),
    )
    pg.append_constraint(
        postgresql.ExcludeConstraint((pg.c.u, "="), (sa.text("lower(h)"), "&&"), name="ex", using="gist", where=sa.text("a > 1"))
    )
    return made


def operations(o: Any) -> list[Any]:
    made = tables()
    child, parent, pg = made.tables["child"], made.tables["s.parent"], made.tables["pg"]
    index = next(iter(child.indexes))
    lower = sa.Index(
        "ix_lower",
        sa.func.lower(child.c.a),
        child.c.b.desc(),
        unique=True,
        postgresql_where=child.c.a == "x",
        postgresql_ops={"a": "text_pattern_ops"},
    )
    found: list[Any] = [o.CreateTableOp.from_table(each, _namespace_metadata=made) for each in (child, parent, pg, made.tables["other"])]
    found += [o.DropTableOp.from_table(each) for each in (child, parent)]
    found += [o.DropTableOp("gone", if_exists=True, schema="q"), o.CreateTableOp("e", [sa.Column("x", sa.Integer)], if_not_exists=True)]
    found += [o.CreateIndexOp.from_index(each) for each in (index, lower)]
    found += [o.DropIndexOp.from_index(each) for each in (index, lower)]
    found += [
        o.CreateIndexOp(conv("ix_final"), "t", ["a", sa.text("lower(b)")], schema="s", if_not_exists=True, unique=True),
        o.DropIndexOp("i", "t", if_exists=True),
    ]
    found += [o.CreateIndexOp("ix_label", "t", [sa.literal_column("x").label("y")], mysql_length={"x": 5}, postgresql_include=["q"])]
    for constraint in sorted((*child.constraints, *pg.constraints), key=lambda each: (type(each).__name__, str(each.name))):
        if not isinstance(constraint, sa.PrimaryKeyConstraint):
            found += [o.AddConstraintOp.from_constraint(constraint), o.DropConstraintOp.from_constraint(constraint)]
    found += [o.DropConstraintOp(conv("c"), "t", schema="s", if_exists=True), o.DropConstraintOp("c", "t", "foreignkey")]
    found += [
        o.CreateCheckConstraintOp("ck", "t", sa.column("a") > 5, schema="s"),
        o.CreateUniqueConstraintOp(None, "t", ["a"], postgresql_nulls_not_distinct=True),
    ]
    found += [o.CreateForeignKeyOp(None, "t", "p", ["a"], ["b"], source_schema="s1", referent_schema="s2", match="FULL")]
    columns: list[sa.Column[Any]] = [each for each in child.columns if each.name != "sys"]
    found += [o.AddColumnOp.from_column_and_tablename("s", "t", each) for each in columns]
    found += [
        o.AddColumnOp(
            "t", sa.Column("q", sa.Integer, primary_key=True), if_not_exists=True, inline_references=True, inline_primary_key=True
        )
    ]
    found += [o.AddColumnOp("t", sa.Column("q", sa.Integer, sa.ForeignKey("p.id")))]
    found += [o.DropColumnOp("t", "q", schema="s", if_exists=True, mssql_drop_default=True), o.DropColumnOp("t", "q")]
    found += [
        o.AlterColumnOp("t", "c", schema="s", modify_nullable=True, existing_nullable=False, modify_type=sa.String(5), existing_type=sa.Integer(), modify_server_default=None, existing_server_default="5", modify_comment="x", existing_comment="y", modify_name="z", autoincrement=True, existing_autoincrement=False),
        o.AlterColumnOp("t", "c", existing_type=sa.Integer(), modify_nullable=False),
        o.AlterColumnOp("t", "c", existing_type=postgresql.JSONB(), modify_comment=None, existing_comment="x", existing_nullable=True),
        o.AlterColumnOp("t", "c", modify_server_default=sa.text("now()"), existing_server_default=sa.text("1")),
        o.AlterColumnOp("t", "c", modify_server_default=sa.Computed("a + 1"), existing_server_default=False),
        o.AlterColumnOp("t", "c", modify_server_default=sa.Identity(start=3), existing_server_default=sa.Identity(always=True), existing_autoincrement=True),
        o.AlterColumnOp("t", "c", modify_type=Money(), existing_type=sa.VARCHAR(length=3), postgresql_using="c::int"),
        o.CreateTableCommentOp("t", "new", existing_comment="old", schema="s"),
        o.CreateTableCommentOp("t", "new"),
        o.DropTableCommentOp("t", existing_comment="old"),
        o.ExecuteSQLOp("select 'x'"),
        o.ExecuteSQLOp("select 1", execution_options={"x": 1}),
        o.CreateTableOp("wide", [sa.Column(f"c{number}", sa.Integer) for number in range(260)]),
    ]  # fmt: skip
    return found


CONTEXTS: dict[str, dict[str, Any]] = {
    "default": {},
    "postgresql": {"dialect": "postgresql"},
    "mysql": {"dialect": "mysql"},
    "prefixes": {"sqlalchemy_module_prefix": "sqlalchemy.", "alembic_module_prefix": "migrate.", "user_module_prefix": "app."},
}


def containers(o: Any) -> dict[str, Callable[[], Any]]:
    add = o.AddColumnOp("t", sa.Column("q", sa.Integer, nullable=False))
    return {
        "empty": lambda: o.UpgradeOps([]),
        "empty table": lambda: o.UpgradeOps([o.ModifyTableOps("t", [])]),
        "changes": lambda: o.UpgradeOps([
            o.CreateTableOp("n", [sa.Column("x", sa.Integer)]),
            o.ModifyTableOps("t", [add, o.DropColumnOp("t", "z"), o.AlterColumnOp("t", "y", modify_nullable=True, existing_type=sa.Integer())], schema="s"),
            o.ModifyTableOps("u", [o.CreateIndexOp("ix", "u", ["a"], unique=True), o.DropIndexOp("ix2", "u"), o.CreateUniqueConstraintOp("uq", "u", ["a"], schema="s"), o.DropConstraintOp("c", "u", "unique"), o.CreateForeignKeyOp("fk", "u", "p", ["a"], ["b"], source_schema="s", referent_schema="r"), o.CreateTableCommentOp("u", "c"), o.DropTableCommentOp("u"), o.CreateCheckConstraintOp(conv("ck"), "u", "a > 1")]),
            o.DropTableOp("n2"),
        ]),
        "downgrade": lambda: o.DowngradeOps([o.DropTableOp("n2"), o.ExecuteSQLOp("x")]),
    }  # fmt: skip
