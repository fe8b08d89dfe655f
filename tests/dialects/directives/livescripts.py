"""Revisions for a live database: each with an upgrade and a downgrade, over the tables of `SETUP`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

ALL = ("sqlite", "postgresql", "mariadb")
SERVERS = ("postgresql", "mariadb")
POSTGRESQL = ("postgresql",)


@dataclass(frozen=True)
class Revision:
    """On SQLite what is no batch block is left to what SQLite itself can do, as with Alembic."""

    up: Callable[[Any], Any]
    down: Callable[[Any], Any]
    databases: tuple[str, ...] = ALL


def setup(op: Any) -> None:
    """The tables ``u`` and ``t``, with rows in them."""
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(5), nullable=False))
    t = op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20)),
        sa.Column("b", sa.Integer, nullable=False, server_default="3"),
        sa.Column("c", sa.Integer, sa.ForeignKey("u.id", name="fk_c")),
        sa.Column("d", sa.String(20), server_default="1"),
        sa.CheckConstraint("b > 0", name="ck_b"),
        sa.UniqueConstraint("a", name="uq_a"),
    )
    op.create_index("ix_b", "t", ["b"])
    op.execute("INSERT INTO u (id, code) VALUES (1, 'x'), (2, 'y')")
    op.bulk_insert(t, [{"id": 1, "a": "one", "b": 5, "c": 1, "d": "7"}, {"id": 2, "a": None, "b": 6, "c": None, "d": "8"}])


def batch(up: Callable[[Any], Any], down: Callable[[Any], Any], databases: tuple[str, ...] = ALL, **keywords: Any) -> Revision:
    """A revision of two batch blocks over ``t``."""

    def within(block: Callable[[Any], Any]) -> Callable[[Any], None]:
        def script(op: Any) -> None:
            with op.batch_alter_table("t", **keywords) as b:
                block(b)

        return script

    return Revision(within(up), within(down), databases)


INTEGER, TEXT = sa.Integer(), sa.String(20)

REVISIONS: dict[str, Revision] = {
    "a table with all": Revision(
        lambda op: op.create_table(
            "w",
            sa.Column("id", sa.Integer, primary_key=True),
            sa.Column("u_id", sa.Integer, sa.ForeignKey("u.id", ondelete="CASCADE"), index=True),
            sa.Column("k", sa.Enum("x", "y", name="kind")),
            sa.Column("f", sa.Boolean(create_constraint=True, name="flag"), server_default=sa.false(), nullable=False),
            sa.Column("n", sa.Numeric(8, 2), server_default="1.5", comment="it's"),
            sa.Column("at", sa.DateTime, server_default=sa.func.now()),
            sa.UniqueConstraint("u_id", "k", name="uq_w"),
            sa.CheckConstraint("n > 0", name="ck_n"),
            comment="words",
        ),
        lambda op: op.drop_table("w"),
    ),
    "rename a table": Revision(lambda op: op.rename_table("t", "z"), lambda op: op.rename_table("z", "t")),
    "a table if it is not there": Revision(
        lambda op: [op.create_table(name, sa.Column("id", sa.Integer), if_not_exists=True) for name in ("t", "w")],
        lambda op: [op.drop_table(name, if_exists=True) for name in ("w", "nobody")],
    ),
    "comments": Revision(
        lambda op: [op.create_table_comment("t", "it's"), op.alter_column("t", "a", comment="words", existing_type=TEXT)],
        lambda op: [op.drop_table_comment("t"), op.alter_column("t", "a", comment=None, existing_type=TEXT, existing_comment="words")],
        SERVERS,
    ),
    "columns": Revision(
        lambda op: [
            op.add_column("t", sa.Column("e", sa.String(5), nullable=False, server_default="x")),
            op.add_column("t", sa.Column("f", sa.Integer, index=True)),
        ],
        lambda op: [op.drop_index("ix_t_f", table_name="t"), op.drop_column("t", "f"), op.drop_column("t", "e")],
    ),
    "a column with a key": Revision(
        lambda op: op.add_column("t", sa.Column("e", sa.Integer, sa.ForeignKey("u.id", name="fk_e", ondelete="SET NULL"), unique=True)),
        lambda op: [op.drop_constraint("fk_e", "t", type_="foreignkey"), op.drop_column("t", "e")],
        SERVERS,
    ),
    "a column with a key of its own": Revision(
        lambda op: op.add_column("t", sa.Column("e", sa.Integer, sa.ForeignKey("u.id", ondelete="CASCADE")), inline_references=True),
        lambda op: None,
    ),
    "a column with a key to its own table": Revision(
        lambda op: op.add_column("t", sa.Column("parent", sa.Integer, sa.ForeignKey("t.id", name="fk_p"))),
        lambda op: [op.drop_constraint("fk_p", "t", type_="foreignkey"), op.drop_column("t", "parent")],
        SERVERS,
    ),
    "a column with a check": Revision(
        lambda op: op.add_column("t", sa.Column("e", sa.Integer, sa.CheckConstraint("e > 0", name="ck_e"))),
        lambda op: op.drop_column("t", "e"),
        POSTGRESQL,
    ),
    "a column with a check of its type": Revision(
        lambda op: op.add_column("t", sa.Column("e", sa.Enum("x", "y", name="ck_e", native_enum=False, create_constraint=True))),
        lambda op: [op.drop_constraint("ck_e", "t", type_="check"), op.drop_column("t", "e")],
        SERVERS,
    ),
    "a counted column": Revision(
        lambda op: op.add_column("t", sa.Column("e", sa.BigInteger, sa.Identity(start=5, increment=5))),
        lambda op: op.drop_column("t", "e"),
        POSTGRESQL,
    ),
    "a computed column": Revision(
        lambda op: op.add_column("t", sa.Column("e", sa.Integer, sa.Computed("b + 1", persisted=True))),
        lambda op: op.drop_column("t", "e"),
        SERVERS,
    ),
    "columns if they are there": Revision(
        lambda op: [op.add_column("t", sa.Column(name, sa.Integer), if_not_exists=True) for name in ("b", "e")],
        lambda op: [op.drop_column("t", name, if_exists=True) for name in ("e", "nobody")],
        SERVERS,
    ),
    "null": Revision(
        lambda op: op.alter_column("t", "d", nullable=False, existing_type=TEXT, existing_server_default="1"),
        lambda op: op.alter_column("t", "d", nullable=True, existing_type=TEXT, existing_server_default="1"),
        SERVERS,
    ),
    "a type": Revision(
        lambda op: op.alter_column("t", "a", type_=sa.String(50), existing_type=TEXT),
        lambda op: op.alter_column("t", "a", type_=TEXT, existing_type=sa.String(50)),
        SERVERS,
    ),
    "a type with an expression": Revision(
        lambda op: [
            op.alter_column("t", "d", server_default=None, existing_type=TEXT),
            op.alter_column("t", "d", type_=sa.Integer(), existing_type=TEXT, postgresql_using="replace(d, ':', '')::integer"),
        ],
        lambda op: [
            op.alter_column("t", "d", type_=TEXT, existing_type=INTEGER),
            op.alter_column("t", "d", server_default="1", existing_type=TEXT),
        ],
        SERVERS,
    ),
    "a default": Revision(
        lambda op: [op.alter_column("t", "b", server_default="9"), op.alter_column("t", "d", server_default=None)],
        lambda op: [op.alter_column("t", "b", server_default=sa.text("3")), op.alter_column("t", "d", server_default="1")],
        SERVERS,
    ),
    "a name": Revision(
        lambda op: op.alter_column("t", "b", new_column_name="Group", existing_type=INTEGER, existing_nullable=False),
        lambda op: op.alter_column("t", "Group", new_column_name="b", existing_type=INTEGER, existing_nullable=False),
        SERVERS,
    ),
    "everything of a column": Revision(
        lambda op: op.alter_column(
            "t", "d", new_column_name="e", type_=sa.String(9), nullable=False, server_default="5", comment="w", existing_type=TEXT
        ),
        lambda op: op.alter_column(
            "t", "e", new_column_name="d", type_=TEXT, nullable=True, server_default="1", comment=None, existing_type=sa.String(9)
        ),
        SERVERS,
    ),
    "an identity": Revision(
        lambda op: [
            op.alter_column("t", "b", server_default=None),
            op.alter_column("t", "b", server_default=sa.Identity(start=20), existing_server_default=None),
            op.alter_column("t", "b", server_default=sa.Identity(start=30, always=True), existing_server_default=sa.Identity(start=20)),
        ],
        lambda op: [
            op.alter_column("t", "b", server_default=None, existing_server_default=sa.Identity()),
            op.alter_column("t", "b", server_default="3"),
        ],
        POSTGRESQL,
    ),
    "counting": Revision(
        lambda op: [
            op.create_table("w", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)),
            op.alter_column("w", "id", autoincrement=True, existing_type=INTEGER, existing_nullable=False),
        ],
        lambda op: op.drop_table("w"),
        SERVERS,
    ),
    "constraints": Revision(
        lambda op: [
            op.create_unique_constraint("uq_bc", "t", ["b", "c"]),
            op.create_check_constraint("ck_a", "t", sa.func.length(sa.column("a")) > 1),
            op.create_foreign_key("fk_c2", "t", "u", ["c"], ["id"], ondelete="CASCADE", onupdate="SET NULL"),
        ],
        lambda op: [
            op.drop_constraint("fk_c2", "t", type_="foreignkey"),
            op.drop_constraint("ck_a", "t", type_="check"),
            op.drop_constraint("uq_bc", "t", type_="unique"),
        ],
        SERVERS,
    ),
    "a primary key": Revision(
        lambda op: [
            op.create_table("w", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.Integer, nullable=False)),
            op.create_primary_key("pk_w", "w", ["a", "b"]),
        ],
        lambda op: [op.drop_constraint("pk_w", "w", type_="primary"), op.drop_table("w")],
        SERVERS,
    ),
    "constraints of postgresql": Revision(
        lambda op: [
            op.create_exclude_constraint("ex", "t", ("b", "="), using="btree", where=sa.text("b > 100")),
            op.create_check_constraint("ck_v", "t", "b < 1000", postgresql_not_valid=True),
            op.create_unique_constraint("uq_d", "t", ["d"], deferrable=True, initially="DEFERRED"),
        ],
        lambda op: [op.drop_constraint(name, "t", if_exists=True) for name in ("ex", "ck_v", "uq_d", "nobody")],
        POSTGRESQL,
    ),
    "indexes": Revision(
        lambda op: [op.create_index("ix_1", "t", ["a", "b"], unique=True), op.create_index("ix_1", "t", ["a"], if_not_exists=True)],
        lambda op: [op.drop_index("ix_1", table_name="t"), op.drop_index("ix_1", table_name="t", if_exists=True)],
    ),
    "indexes with options": Revision(
        lambda op: [
            op.create_index("ix_1", "t", ["a"], mysql_length=3, postgresql_where=sa.text("b > 0"), sqlite_where=sa.text("b > 0")),
            op.create_index("ix_2", "t", ["b"], postgresql_using="hash", postgresql_concurrently=False),
        ],
        lambda op: [op.drop_index(name, table_name="t") for name in ("ix_1", "ix_2")],
    ),
    "an index of an expression": Revision(
        lambda op: op.create_index("ix_1", "t", [sa.text("lower(a)"), sa.column("b").desc()]),
        lambda op: op.drop_index("ix_1", table_name="t"),
        POSTGRESQL,
    ),
    "an enumerated type": Revision(
        lambda op: [
            postgresql.ENUM("1", "7", "8", name="kind").create(op.get_bind()),
            op.alter_column("t", "d", server_default=None),
            op.alter_column("t", "d", type_=sa.Enum("1", "7", "8", name="kind"), postgresql_using="d::kind"),
        ],
        lambda op: [
            op.alter_column("t", "d", type_=TEXT, postgresql_using="d::text", server_default="1"),
            postgresql.ENUM(name="kind").drop(op.get_bind()),
        ],
        POSTGRESQL,
    ),
    "rows": Revision(
        lambda op: [
            op.bulk_insert(
                sa.table("u", sa.column("id", INTEGER), sa.column("code", TEXT)), [{"id": 8, "code": "p%"}, {"id": 9, "code": "q"}]
            ),
            op.bulk_insert(
                sa.table("u", sa.column("id", INTEGER), sa.column("code", TEXT)),
                [{"id": 7, "code": op.inline_literal("it's")}],
                multiinsert=False,
            ),
            op.execute(sa.text("UPDATE u SET code = :c WHERE id = 9").bindparams(c="z")),
            op.execute("UPDATE t SET a = 'x\\:y' WHERE id = 1"),
        ],
        lambda op: op.execute("DELETE FROM u WHERE id > 5"),
    ),
    "a batch": batch(
        lambda b: [
            b.add_column(sa.Column("e", sa.Integer, server_default="4")),
            b.alter_column("a", new_column_name="aa", existing_type=TEXT),
            b.alter_column("d", nullable=False, existing_type=TEXT, existing_server_default="1"),
            b.create_unique_constraint("uq_b", ["b"]),
            b.create_index("ix_e", ["e"]),
        ],
        lambda b: [
            b.drop_index("ix_e"),
            b.drop_constraint("uq_b", type_="unique"),
            b.alter_column("d", nullable=True, existing_type=TEXT, existing_server_default="1"),
            b.alter_column("aa", new_column_name="a", existing_type=TEXT),
            b.drop_column("e"),
        ],
    ),
    "a batch of constraints": batch(
        lambda b: [
            b.drop_constraint("fk_c", type_="foreignkey"),
            b.create_foreign_key("fk_new", "u", ["c"], ["id"], ondelete="CASCADE"),
            b.create_check_constraint("ck_new", "b < 100"),
            b.drop_constraint("uq_a", type_="unique"),
        ],
        lambda b: [
            b.create_unique_constraint("uq_a", ["a"]),
            b.drop_constraint("ck_new", type_="check"),
            b.drop_constraint("fk_new", type_="foreignkey"),
            b.create_foreign_key("fk_c", "u", ["c"], ["id"]),
        ],
    ),
}
