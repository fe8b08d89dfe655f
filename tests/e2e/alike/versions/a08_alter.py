"""a08_alter"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql


def dialect():
    return op.get_bind().engine.name


revision = "a08_alter"
down_revision = "a07_many_statements"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "alt",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("a", sa.String(10), nullable=False, server_default="x", comment="first"),
        sa.Column("b", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("c", sa.DateTime(), nullable=False),
        sa.Column("d", sa.Boolean(), nullable=True),
        sa.Column("e", sa.Text(), nullable=True),
        sa.Column("f", sa.Numeric(10, 2), nullable=True, server_default="1.5"),
    )
    op.execute("INSERT INTO alt (id, a, b, c, e) VALUES (1, 'a', 2, '2020-01-01', 'told')")
    with op.batch_alter_table("alt") as batch_op:
        batch_op.alter_column("a", existing_type=sa.String(10), type_=sa.String(40))
    with op.batch_alter_table("alt") as batch_op:
        batch_op.alter_column("b", existing_type=sa.Integer(), nullable=True)
        batch_op.alter_column("c", existing_type=sa.DateTime(), server_default=sa.func.now())
        batch_op.alter_column("d", existing_type=sa.Boolean(), nullable=False, server_default=sa.false()) if dialect() == "x" else None
        batch_op.alter_column("f", existing_type=sa.Numeric(10, 2), new_column_name="ff", existing_server_default="1.5")
    with op.batch_alter_table("alt") as batch_op:
        batch_op.alter_column("c", existing_type=sa.DateTime(), server_default=None)
        batch_op.alter_column(
            "e", existing_type=sa.Text(), type_=sa.String(33), existing_nullable=True, nullable=False, server_default="e"
        ) if dialect() != "postgresql" else None
    if dialect() == "postgresql":
        op.execute("UPDATE alt SET e = 'x'")
        op.alter_column("alt", "e", type_=sa.Integer(), postgresql_using="length(e)", nullable=False)
        op.alter_column("alt", "a", comment="second", existing_comment="first", existing_type=sa.String(40))
        op.create_table_comment("alt", "told", existing_comment=None)
    if dialect() == "mysql":
        op.alter_column("alt", "a", comment="second", existing_comment="first", existing_type=sa.String(40), existing_nullable=False)
        op.alter_column("alt", "id", existing_type=sa.Integer(), nullable=False, autoincrement=True, existing_autoincrement=True)
        op.alter_column("alt", "b", existing_type=sa.Integer(), new_column_name="bb", nullable=False, server_default="7")
        op.alter_column("alt", "d", existing_type=sa.Boolean(), type_=mysql.TINYINT(display_width=2))
        op.alter_column("alt", "c", type_=mysql.DATETIME(fsp=6), existing_type=mysql.DATETIME(), existing_nullable=False)
        op.alter_column("alt", "ff", existing_type=sa.Numeric(10, 2), server_default="2.5")
        op.alter_column("alt", "e", existing_type=sa.String(33), comment=None)
        op.drop_table_comment("alt", existing_comment="x")


def downgrade():
    op.drop_table("alt")
