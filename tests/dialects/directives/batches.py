"""batch_alter_table where nothing is rebuilt, or where the table is given; rebuilt tables of a live SQLite stand in test_ddl_batch.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from tests.dialects.directives.case import Case, Family
from tests.dialects.directives.tables import CONVENTION, NAMED


def batch(block: Callable[[Any], Any], options: dict[str, Any] | None = None, **keywords: Any) -> Case:
    def script(op: Any) -> None:
        with op.batch_alter_table("t", **keywords) as b:
            block(b)

    return Case(script, options or {})


def positional(op: Any) -> None:
    with op.batch_alter_table("t", "s", "never", None, None, (), {}, (), {}, CONVENTION) as b:
        b.add_column(sa.Column("z", sa.Integer))


def raising(op: Any) -> None:
    try:
        with op.batch_alter_table("t", recreate="never") as b:
            b.add_column(sa.Column("z", sa.Integer))
            raise RuntimeError
    except RuntimeError:
        op.execute("SELECT 1")


def nested(op: Any) -> None:
    with op.batch_alter_table("t", recreate="never") as b:
        b.add_column(sa.Column("z", sa.Integer))
        b.execute("UPDATE t SET a = 1")
        with b.batch_alter_table("u", recreate="never") as c:
            c.add_column(sa.Column("y", sa.Integer))


INTEGER = sa.Integer()

CASES: Family = {
    "an empty block": batch(lambda b: None),
    "add columns in a block": batch(
        lambda b: [b.add_column(sa.Column("y", sa.Integer)), b.add_column(sa.Column("z", sa.String(5), comment="w"))]
    ),
    "add a column with keys in a block": batch(
        lambda b: b.add_column(sa.Column("z", sa.Integer, sa.ForeignKey("u.id", name="fk"), index=True)), recreate="never"
    ),
    "add a unique column in a block": batch(lambda b: b.add_column(sa.Column("z", sa.Integer, unique=True)), recreate="never"),
    "add a column in a block with all words": batch(
        lambda b: b.add_column(
            sa.Column("z", sa.Integer, sa.ForeignKey("u.id")), if_not_exists=True, inline_references=True, inline_primary_key=True
        ),
        recreate="never",
    ),
    "add a column at a place in a block": batch(lambda b: b.add_column(sa.Column("z", sa.Integer), insert_after="a"), recreate="never"),
    "alter columns in a block": batch(
        lambda b: [
            b.alter_column("a", nullable=False, existing_type=INTEGER),
            b.alter_column("b", new_column_name="c", existing_type=INTEGER),
            b.alter_column("d", type_=sa.Text(), existing_type=sa.String(5), existing_nullable=False, postgresql_using="d::text"),
            b.alter_column("e", server_default="5", comment="words", existing_type=INTEGER, existing_comment="old"),
        ],
        schema="s",
        recreate="never",
    ),
    "alter a column in a block with a place": batch(
        lambda b: b.alter_column("a", nullable=False, existing_type=INTEGER, insert_after="b"), recreate="never"
    ),
    "drop columns in a block": batch(
        lambda b: [b.drop_column("a"), b.drop_column("b", mssql_drop_default=True), b.drop_column("c", existing_type=INTEGER)],
        recreate="never",
    ),
    "constraints in a block": batch(
        lambda b: [
            b.create_primary_key("pk", ["a"]),
            b.create_foreign_key("fk", "u", ["a"], ["id"], referent_schema="r", ondelete="CASCADE", deferrable=True),
            b.create_unique_constraint("uq", ["a", "b"], deferrable=True),
            b.create_check_constraint("ck", "a > 5"),
        ],
        schema="s",
        recreate="never",
    ),
    "constraints in a block under a convention": batch(
        lambda b: [
            b.create_foreign_key(None, "u", ["a"], ["id"]),
            b.create_unique_constraint(None, ["a"]),
            b.create_check_constraint("pos", "a > 5"),
            b.create_check_constraint(b.f("final"), "a > 5"),
            b.create_index(None, ["a"]),
        ],
        NAMED,
        recreate="never",
    ),
    "constraints without names in a block": batch(lambda b: b.create_unique_constraint(None, ["a"]), recreate="never"),
    "a check without a name in a block": batch(lambda b: b.create_check_constraint(None, "a > 5"), recreate="never"),
    "an exclude constraint in a block": batch(
        lambda b: b.create_exclude_constraint("ex", ("a", "="), using="gist", where="a > 1"), schema="s"
    ),
    "drop constraints in a block": batch(
        lambda b: [
            b.drop_constraint("fk", "foreignkey"),
            b.drop_constraint("uq", type_="unique"),
            b.drop_constraint("ck", type_="check"),
            b.drop_constraint("pk", type_="primary"),
        ],
        schema="s",
        recreate="never",
    ),
    "indexes in a block": batch(
        lambda b: [
            b.create_index("ix", ["a", sa.text("lower(b)")], unique=True, postgresql_where=sa.text("a > 0")),
            b.create_index("ix2", ["a"], if_not_exists=True),
            b.drop_index("ix3"),
            b.drop_index("ix4", if_exists=True, postgresql_concurrently=True),
        ],
        schema="s",
    ),
    "comments in a block": batch(
        lambda b: [b.create_table_comment("new", existing_comment="old"), b.drop_table_comment(existing_comment="new")],
        schema="s",
        recreate="never",
    ),
    "never rebuild": batch(lambda b: b.add_column(sa.Column("z", sa.Integer)), recreate="never"),
    "rebuild in another word": batch(lambda b: None, recreate="sometimes"),
    "options that only a rebuild reads": batch(
        lambda b: b.add_column(sa.Column("z", sa.Integer)),
        table_args=(sa.UniqueConstraint("a"),),
        table_kwargs={"mysql_engine": "InnoDB"},
        reflect_args=(sa.Column("a", sa.Integer),),
        reflect_kwargs={"listeners": []},
        partial_reordering=[("a", "b")],
        copy_from=sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer)),
    ),
    "positional arguments": Case(positional),
    "a block that raises": Case(raising),
    "blocks in blocks": Case(nested),
    "rebuild without the table": batch(lambda b: b.alter_column("a", nullable=False), recreate="always"),
}
