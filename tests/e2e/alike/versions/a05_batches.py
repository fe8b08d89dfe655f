"""a05_batches"""

import sqlalchemy as sa
from alembic import op

revision = "a05_batches"
down_revision = "a04_data_migration"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "parent",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("a", sa.String(10), unique=True),
        sa.Column("b", sa.Integer()),
    )
    op.create_table(
        "child",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("parent_id", sa.Integer(), sa.ForeignKey("parent.id", name="fk_child_parent", ondelete="SET NULL")),
        sa.Column("x", sa.Integer(), nullable=True),
        sa.Column("y", sa.String(20), server_default="why"),
        sa.Column("flag", sa.Boolean(create_constraint=True, name="ck_child_flag")),
        sa.CheckConstraint("y <> 'zz'", name="ck_child_y"),
        sa.UniqueConstraint("x", "y", name="uq_child"),
    )
    op.execute("INSERT INTO parent (id, a, b) VALUES (1, 'one', 1), (2, 'two', 2)")
    op.execute("INSERT INTO child (id, parent_id, x, y) VALUES (1, 1, 5, 'q'), (2, 2, 6, 'r')")
    with op.batch_alter_table("child", recreate="auto") as batch_op:
        batch_op.add_column(sa.Column("z", sa.Integer(), nullable=True))
        batch_op.alter_column("x", new_column_name="xx", existing_type=sa.Integer())
        batch_op.drop_constraint("uq_child", type_="unique")
        batch_op.create_unique_constraint("uq_child_z", ["z", "y"])
        batch_op.create_check_constraint("ck_child_z", "z < 100")
    with op.batch_alter_table("child") as batch_op:
        batch_op.alter_column("y", type_=sa.Text(), existing_type=sa.String(20), existing_server_default="why", server_default=None)
        batch_op.alter_column(
            "z", type_=sa.BigInteger(), existing_type=sa.Integer(), server_default="3"
        ) if op.get_bind().dialect.name == "sqlite" else None
    with op.batch_alter_table("parent") as batch_op:
        batch_op.add_column(sa.Column("c", sa.Boolean(create_constraint=True, name="ck_parent_c"), nullable=True))
        batch_op.add_column(sa.Column("d", sa.DateTime(), server_default=sa.text("'2020-01-01 00:00:00'"), nullable=False))


def downgrade():
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint("fk_child_parent", type_="foreignkey")
        batch_op.drop_column("parent_id")
    op.drop_table("child")
    op.drop_table("parent")
