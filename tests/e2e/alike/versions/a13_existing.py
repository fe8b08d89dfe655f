"""a13_existing"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a13_existing"
down_revision = "a12_transactions"
branch_labels = None
depends_on = None


def upgrade():
    op.drop_table("missing_one", if_exists=True)
    op.create_table("maybe", sa.Column("id", sa.Integer, primary_key=True), if_not_exists=True)
    op.create_table("maybe", sa.Column("id", sa.Integer, primary_key=True), if_not_exists=True)
    op.create_index("ix_maybe", "maybe", ["id"], if_not_exists=True) if op.get_bind().dialect.name != "mysql" else op.create_index(
        "ix_maybe", "maybe", ["id"]
    )
    op.drop_index("ix_not", "maybe", if_exists=True) if op.get_bind().dialect.name != "mysql" else None
    if op.get_bind().dialect.name == "postgresql":
        op.add_column("maybe", sa.Column("c", sa.Integer), if_not_exists=True)
        op.add_column("maybe", sa.Column("c", sa.Integer), if_not_exists=True)
        op.drop_column("maybe", "nope", if_exists=True)
        op.drop_constraint("nope", "maybe", if_exists=True)
        op.execute("CREATE SCHEMA other")
        op.create_table(
            "far",
            sa.Column("id", sa.Integer, sa.Identity(start=5), primary_key=True),
            sa.Column("t", sa.Integer, sa.ForeignKey("maybe.id")),
            schema="other",
        )
        op.create_index("ix_far", "far", ["t"], schema="other", postgresql_using="btree", postgresql_include=["id"])
        op.create_unique_constraint("uq_far", "far", ["t"], schema="other", postgresql_nulls_not_distinct=True)
        op.alter_column("far", "t", schema="other", existing_type=sa.Integer, type_=sa.BigInteger, nullable=False)
        op.add_column("far", sa.Column("r", postgresql.INT8RANGE()), schema="other")
        op.create_exclude_constraint("ex_far", "far", ("r", "&&"), schema="other", using="gist")
        op.rename_table("far", "farther", schema="other")
        op.create_foreign_key(
            "fk_cross", "maybe", "farther", ["c"], ["id"], referent_schema="other", initially="DEFERRED", deferrable=True, use_alter=True
        )
        op.add_column("maybe", sa.Column("arr", sa.ARRAY(sa.String(5)), server_default="{}", nullable=False))
        op.execute("CREATE SEQUENCE s_maybe OWNED BY maybe.c")
        op.alter_column("maybe", "c", server_default=sa.text("nextval('s_maybe')"))


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_cross", "maybe")
        op.drop_table("farther", schema="other")
        op.execute("DROP SCHEMA other CASCADE")
    op.drop_table("maybe")
