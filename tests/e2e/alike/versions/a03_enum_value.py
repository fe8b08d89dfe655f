"""a03_enum_value"""

import sqlalchemy as sa
from alembic import op

revision = "a03_enum_value"
down_revision = "a02_enum_by_hand"
branch_labels = None
depends_on = None


def upgrade():
    if op.get_context().dialect.name == "postgresql":
        with op.get_context().autocommit_block():
            op.execute("ALTER TYPE job_status ADD VALUE IF NOT EXISTS 'stale' AFTER 'new'")
    else:
        with op.batch_alter_table("job") as batch_op:
            batch_op.alter_column(
                "status",
                existing_type=sa.Enum("new", "old", name="job_status"),
                type_=sa.Enum("new", "stale", "old", name="job_status"),
                existing_nullable=False,
                existing_server_default="new",
            )
    op.execute("UPDATE job SET status = 'stale' WHERE id > 5")


def downgrade():
    op.execute("UPDATE job SET status = 'old' WHERE status = 'stale'")
