"""a12_transactions"""

import sqlalchemy as sa
from alembic import op

revision = "a12_transactions"
down_revision = "a11_old_names"
branch_labels = None
depends_on = None


def upgrade():
    bind = op.get_bind()
    with bind.begin_nested():
        bind.execute(sa.text("INSERT INTO raw_one (id, name) VALUES (60, 'nested')"))
    try:
        with bind.begin_nested():
            bind.execute(sa.text("INSERT INTO raw_one (id, name) VALUES (60, 'twice')"))
    except sa.exc.IntegrityError:
        pass
    try:
        op.drop_constraint("never_there", "raw_one", type_="unique") if bind.dialect.name == "mysql" else None
    except sa.exc.OperationalError as error:
        assert "never_there" in str(error)
    with op.get_context().autocommit_block():
        op.execute("UPDATE raw_one SET extra = 5 WHERE id = 60")
        if bind.dialect.name == "postgresql":
            op.create_index("ix_conc", "raw_one", ["extra"], postgresql_concurrently=True, if_not_exists=True)
    op.execute("UPDATE raw_one SET extra = 6 WHERE id = 50")
    op.create_table(
        "group",
        sa.Column("select", sa.Integer, primary_key=True),
        sa.Column("Mixed Case", sa.String(10)),
        sa.Column("per%cent", sa.String(3)),
    )
    op.create_index("ix Quoted", "group", ["Mixed Case"])
    op.bulk_insert(
        sa.table("group", sa.column("select"), sa.column("Mixed Case")),
        [{"select": 1, "Mixed Case": "100%"}, {"select": 2, "Mixed Case": "a:b"}],
        multiinsert=False,
    )
    op.add_column(
        "group", sa.Column("when", sa.DateTime(), server_default=sa.text("(CURRENT_TIMESTAMP)"))
    ) if bind.dialect.name != "sqlite" else None


def downgrade():
    op.drop_index("ix Quoted", "group")
    op.drop_table("group")
    if op.get_bind().dialect.name == "postgresql":
        op.drop_index("ix_conc", "raw_one", if_exists=True)
