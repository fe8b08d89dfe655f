"""a09_inspection"""

import sqlalchemy as sa
from alembic import op
from app import helpers
from sqlalchemy.engine.reflection import Inspector

revision = "a09_inspection"
down_revision = "a08_alter"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    inspector = Inspector.from_engine(bind)
    assert "alt" in inspector.get_table_names()
    if not helpers.table_has_column("raw_one", "extra"):
        op.add_column("raw_one", sa.Column("extra", sa.Integer(), nullable=True, index=True))
    helpers.conditionally_drop_index("raw_one", "ix_raw_one")
    helpers.conditionally_drop_index("raw_one", "ix_not_there")
    for fk in sa.inspect(bind).get_foreign_keys("child"):
        if fk["referred_table"] == "parent" and not helpers.is_sqlite():
            op.drop_constraint(fk["name"], "child", type_="foreignkey")
            op.create_foreign_key(
                "fk_child_again", "child", "parent", fk["constrained_columns"], fk["referred_columns"], onupdate="CASCADE"
            )
    meta = sa.MetaData()
    types = sa.Table("types", meta, autoload_with=bind)
    assert "summed" in types.c
    if bind.dialect.has_table(bind, "not_there"):
        raise AssertionError
    meta.reflect(bind=bind, only=["job", "task"])
    bind.execute(meta.tables["task"].update().where(meta.tables["task"].c.job_id == 3).values(note="three"))
    uniques = [u["name"] for u in sa.inspect(bind).get_unique_constraints("types")]
    assert "uq_types_name_code" in uniques, uniques


def downgrade():
    bind = op.get_bind()
    if not helpers.is_sqlite():
        for fk in sa.inspect(bind).get_foreign_keys("child"):
            op.drop_constraint(fk["name"], "child", type_="foreignkey")
        op.create_foreign_key("fk_child_parent", "child", "parent", ["parent_id"], ["id"])
    with op.batch_alter_table("raw_one") as batch_op:
        batch_op.drop_index("ix_raw_one_extra")
