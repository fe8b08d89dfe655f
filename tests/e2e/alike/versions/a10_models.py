"""a10_models"""

import sqlalchemy as sa
from alembic import op
from app.models import Base, Setting
from sqlalchemy.orm import Session, sessionmaker

revision = "a10_models"
down_revision = "a09_inspection"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    Base.metadata.create_all(bind=bind, checkfirst=True)
    session = sessionmaker(bind=bind)()
    session.add_all([Setting(name="a", value="1", enabled=True), Setting(name="b", enabled=False)])
    session.commit()
    names = [name for (name,) in session.query(Setting.name).order_by(Setting.name)]
    assert names == ["a", "b"]
    with Session(bind) as inner:
        inner.execute(sa.update(Setting).values(value="2"))
        inner.commit()
    Setting.__table__.create(bind, checkfirst=True)


def downgrade():
    Setting.__table__.drop(op.get_bind())
