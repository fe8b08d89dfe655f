"""a14_use_alter"""

import sqlalchemy as sa
from alembic import op

revision = "a14_use_alter"
down_revision = "a13_existing"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "ua_a",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("b_id", sa.Integer, sa.ForeignKey("ua_b.id", name="fk_ua_a", use_alter=True)),
    )
    op.create_table(
        "ua_b",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a_id", sa.Integer),
        sa.ForeignKeyConstraint(["a_id"], ["ua_a.id"], name="fk_ua_b", use_alter=True),
    )
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key("fk_ua_later", "ua_a", "ua_b", ["b_id"], ["id"], use_alter=True)
    with op.batch_alter_table("ua_b") as batch_op:
        batch_op.add_column(sa.Column("yes", sa.Boolean(create_constraint=True, name="ck_ua_yes"), nullable=True))
        batch_op.add_column(sa.Column("kind", sa.Enum("k", "l", name="ua_kind", native_enum=False, create_constraint=True), nullable=True))
    with op.batch_alter_table("ua_b") as batch_op:
        batch_op.alter_column(
            "yes",
            existing_type=sa.Boolean(create_constraint=False),
            nullable=False,
            server_default="0" if op.get_bind().dialect.name != "postgresql" else sa.false(),
        )


def downgrade():
    if op.get_bind().dialect.name != "sqlite":
        op.drop_constraint("fk_ua_later", "ua_a", type_="foreignkey")
    op.drop_table("ua_b")
    op.drop_table("ua_a")
