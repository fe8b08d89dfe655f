"""a15_sessions_again"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import orm


def automap(connection):
    meta = sa.MetaData()
    table = sa.Table("old_b", meta, sa.Column("id", sa.Integer, primary_key=True), sa.Column("s", sa.String(5)))

    class Record:
        pass

    orm.registry(metadata=meta).map_imperatively(Record, table)
    return Record


revision = "a15_sessions_again"
down_revision = "a14_use_alter"
branch_labels = None
depends_on = None


def upgrade():
    connection = op.get_bind()
    Record = automap(connection)
    session = orm.Session(bind=connection, future=True)
    for record in session.query(Record).order_by(Record.id).all():
        record.s = record.s.upper()
    session.commit()
    rows = (
        connection.execute(sa.select(sa.column("id"), sa.column("name")).select_from(sa.text("raw_one")).order_by(sa.column("id")))
        .mappings()
        .all()
    )
    for row in rows:
        connection.execute(sa.text("UPDATE raw_one SET name = :n WHERE id = :i"), {"n": (row["name"] or "")[:3], "i": row["id"]})
    op.drop_column("raw_one", "extra") if connection.dialect.name == "postgresql" else None
    stmt = sa.text("INSERT INTO raw_one (id, name) VALUES (:id, :name)").bindparams(sa.bindparam("name", type_=sa.String))
    connection.execute(stmt, {"id": 99, "name": "last"})


def downgrade():
    op.add_column("raw_one", sa.Column("extra", sa.Integer, index=True)) if op.get_bind().dialect.name == "postgresql" else None
