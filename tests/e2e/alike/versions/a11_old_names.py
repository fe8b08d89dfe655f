"""a11_old_names"""

import sqlalchemy as sa
from alembic import context, op, util

revision = "a11_old_names"
down_revision = "a10_models"
branch_labels = None
depends_on = None


def upgrade():
    name = context.get_context().dialect.name
    assert context.get_context().bind.dialect.name == name == op.get_context().impl.dialect.name
    context.execute("INSERT INTO raw_one (id, name) VALUES (50, 'context')")
    assert not context.is_offline_mode()
    assert context.config.get_main_option("sqlalchemy.url")
    assert context.get_x_argument(as_dictionary=True) == {}
    op.create_table("old_a", sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer), sa.Column("s", sa.String(5)))
    op.create_index("ix_old", "old_a", ["n", sa.text("s DESC")] if name != "mysql" else ["n", "s"], unique=True)
    op.rename_table("old_a", "old_b")
    op.create_table(
        "old_c", sa.Column("id", sa.Integer, nullable=False), sa.Column("b_id", sa.Integer, nullable=True), mysql_engine="InnoDB"
    )
    if name != "sqlite":
        op.create_primary_key("pk_old_c", "old_c", ["id"])
        op.create_unique_constraint(None, "old_c", ["b_id"])
        op.create_foreign_key(
            None,
            source_table="old_c",
            referent_table="old_b",
            local_cols=["b_id"],
            remote_cols=["id"],
            deferrable=(True if name == "postgresql" else None),
        )
        op.create_check_constraint("ck_old_c", "old_c", sa.sql.column("id") > 3)
    op.get_bind().execute(
        sa.text("INSERT INTO old_b (id, n, s) VALUES (:a, :b, :c)"), [{"a": 1, "b": 2, "c": "x"}, {"a": 2, "b": 3, "c": "y"}]
    )
    op.execute(sa.sql.table("old_b", sa.sql.column("s")).update().values({"s": op.inline_literal("q")}))
    op.add_column("old_b", sa.Column("ref", sa.Integer, sa.ForeignKey("old_c.id"))) if name != "sqlite" else op.add_column(
        "old_b", sa.Column("ref", sa.Integer)
    )
    op.add_column("old_b", sa.Column("uniq", sa.String(9), unique=True)) if name != "sqlite" else None
    assert util.CommandError is not None


def downgrade():
    if context.get_context().dialect.name != "sqlite":
        op.drop_constraint(
            "old_b_ibfk_1" if context.get_context().dialect.name == "mysql" else "old_b_ref_fkey", "old_b", type_="foreignkey"
        )
    op.drop_table("old_c")
    op.drop_table("old_b")
