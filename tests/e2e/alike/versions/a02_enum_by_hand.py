"""a02_enum_by_hand"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

status = postgresql.ENUM("new", "old", name="job_status")

revision = "a02_enum_by_hand"
down_revision = "a01_types"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    if bind.dialect.name == "postgresql":
        status.create(bind, checkfirst=True)
        column = postgresql.ENUM("new", "old", name="job_status", create_type=False)
    else:
        column = sa.Enum("new", "old", name="job_status")
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("status", column, nullable=False, server_default="new"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_table(
        "task", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("job_id", sa.Integer()), sa.Column("note", sa.String(50))
    )
    op.create_foreign_key("fk_task_job", "task", "job", ["job_id"], ["id"], ondelete="CASCADE") if bind.dialect.name != "sqlite" else None
    op.bulk_insert(
        sa.table("job", sa.column("id", sa.Integer), sa.column("status", column)),
        [{"id": n, "status": "new" if n % 2 else "old"} for n in range(1, 8)],
    )


def downgrade():
    if op.get_context().dialect.name != "sqlite":
        op.drop_constraint("fk_task_job", "task", type_="foreignkey")
    op.drop_table("task")
    op.drop_table("job")
    if op.get_bind().dialect.name == "postgresql":
        status.drop(op.get_bind(), checkfirst=True)
