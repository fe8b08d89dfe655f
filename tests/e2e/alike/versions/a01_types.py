"""a01_types"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "a01_types"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "types",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=True),
        sa.Column("uid", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Unicode(80), nullable=False, server_default="x'y"),
        sa.Column("code", sa.CHAR(4), server_default=sa.text("'abcd'")),
        sa.Column("big", sa.Numeric(20, 4), server_default="0.5"),
        sa.Column("ratio", sa.Float(precision=53)),
        sa.Column("flag", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("other", sa.Boolean(create_constraint=True, name="ck_types_other")),
        sa.Column("day", sa.Date()),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("ts", sa.TIMESTAMP(), server_default=sa.text("CURRENT_TIMESTAMP"), nullable=False),
        sa.Column("length", sa.Interval()),
        sa.Column("blob", sa.LargeBinary(length=200)),
        sa.Column("doc", sa.JSON(none_as_null=True)),
        sa.Column("jsonb", sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")),
        sa.Column("kind", sa.Enum("a", "b", "it's", name="types_kind", create_constraint=True)),
        sa.Column("plain", sa.Enum("p", "q", name="types_plain", native_enum=False, length=12)),
        sa.Column("time", sa.Time()),
        sa.Column("small", sa.SmallInteger(), sa.CheckConstraint("small > 0")),
        sa.Column("summed", sa.Integer(), sa.Computed("small + 1", persisted=True)),
        sa.Column(
            "said", sa.String(20, collation="utf8mb4_bin").with_variant(sa.String(20), "postgresql", "sqlite"), comment="what's said"
        ),
        sa.UniqueConstraint("uid"),
        sa.UniqueConstraint("name", "code", name="uq_types_name_code"),
        sa.CheckConstraint("name <> ''", name=op.f("ck_types_name")),
        sa.Index("ix_types_day", "day", unique=False),
        comment="all the types",
        mysql_engine="InnoDB",
        mysql_charset="utf8mb4",
        sqlite_autoincrement=True,
    )
    op.create_index(
        op.f("ix_types_name"), "types", [sa.text("lower(name)")] if op.get_bind().dialect.name != "mysql" else ["name"], unique=False
    )
    op.create_index("ix_types_big", "types", ["big"], postgresql_where=sa.text("big > 1"), sqlite_where=sa.text("big > 1"), mysql_length={})


def downgrade():
    op.drop_index("ix_types_big", table_name="types")
    op.drop_index(op.f("ix_types_name"), table_name="types")
    op.drop_table("types")
    if op.get_bind().dialect.name == "postgresql":
        sa.Enum(name="types_kind").drop(op.get_bind(), checkfirst=True)
