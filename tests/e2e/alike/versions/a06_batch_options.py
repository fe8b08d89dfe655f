"""a06_batch_options"""

import sqlalchemy as sa
from alembic import op

naming = {
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "pk": "pk_%(table_name)s",
}

revision = "a06_batch_options"
down_revision = "a05_batches"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_bind().dialect.name != "sqlite":
        return
    meta = sa.MetaData()
    op.create_table(
        "opt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("q", sa.Integer()),
        sa.Column("w", sa.String(8)),
        sa.ForeignKeyConstraint(["q"], ["parent.id"]),
        sa.UniqueConstraint("w"),
    )
    op.execute("INSERT INTO opt (id, q, w) VALUES (7, 1, 'seven')")
    with op.batch_alter_table("opt", naming_convention=naming) as batch_op:
        batch_op.drop_constraint("fk_opt_q_parent", type_="foreignkey")
        batch_op.drop_constraint("uq_opt_w", type_="unique")
    with op.batch_alter_table(
        "opt",
        recreate="always",
        table_args=(sa.CheckConstraint("q > -5", name="ck_opt_q"), sa.UniqueConstraint("w", name="uq_w")),
        table_kwargs={"sqlite_autoincrement": True},
    ) as batch_op:
        batch_op.add_column(sa.Column("before_w", sa.Integer()), insert_before="w")
        batch_op.add_column(sa.Column("after_id", sa.Integer()), insert_after="id")
    with op.batch_alter_table(
        "opt", recreate="always", reflect_args=[sa.Column("w", sa.String(99), nullable=True)], partial_reordering=[("w", "id")]
    ) as batch_op:
        batch_op.alter_column("q", nullable=False)
    copied = sa.Table(
        "opt", meta, sa.Column("id", sa.Integer(), primary_key=True), sa.Column("q", sa.Integer()), sa.Column("w", sa.String(99))
    )
    with op.batch_alter_table("opt", copy_from=copied) as batch_op:
        batch_op.alter_column("w", nullable=True, type_=sa.Text())
    with op.batch_alter_table("opt") as batch_op:
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", name="fk_opt_parent")))
        batch_op.create_foreign_key("fk_opt_child", "child", ["q"], ["id"], ondelete="CASCADE")


def downgrade():
    if op.get_bind().dialect.name == "sqlite":
        op.drop_table("opt")
