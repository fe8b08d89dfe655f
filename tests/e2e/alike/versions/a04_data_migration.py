"""a04_data_migration"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Note(Base):
    __tablename__ = "note"
    id = sa.Column(sa.Integer, primary_key=True)
    text = sa.Column(sa.String(60), nullable=False)


revision = "a04_data_migration"
down_revision = "a03_enum_value"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    session = orm.Session(bind=bind)
    op.add_column("task", sa.Column("owner", sa.String(30), nullable=True))
    task = sa.table("task", sa.column("id"), sa.column("job_id"), sa.column("owner"), sa.column("note"))
    for row in bind.execute(sa.text("SELECT id FROM job ORDER BY id")).fetchall():
        bind.execute(task.insert().values(id=row.id * 10, job_id=row[0], owner=f"o{row.id}"))
    session.add_all([Note(text=f"n{n}") for n in range(3)]) if sa.inspect(bind).has_table("note") else Base.metadata.create_all(bind)
    session.add(Note(text="it's 100%: yes"))
    session.flush()
    session.query(Note).filter(Note.text.like("it%")).update({"text": "50% :done"}, synchronize_session=False)
    session.commit()
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.alter_column("owner", existing_type=sa.String(length=30), nullable=False, server_default="nobody")
        batch_op.create_index(batch_op.f("ix_task_owner"), ["owner"], unique=False)
    op.execute(sa.text("UPDATE task SET note = :note WHERE id = :id").bindparams(note="a:b", id=10))
    op.execute("UPDATE task SET note = '12\\:30' WHERE id = 20")
    result = bind.exec_driver_sql("SELECT count(*) FROM task").scalar()
    assert result == 7, result


def downgrade():
    with op.batch_alter_table("task") as batch_op:
        batch_op.drop_index("ix_task_owner")
        batch_op.drop_column("owner")
    op.drop_table("note")
