"""a07_many_statements"""

import sqlalchemy as sa
from alembic import op

revision = "a07_many_statements"
down_revision = "a06_batch_options"
branch_labels = None
depends_on = None


def upgrade():
    for line in """
    CREATE TABLE raw_one (id INTEGER NOT NULL PRIMARY KEY, name VARCHAR(20) DEFAULT 'a;b');
    CREATE INDEX ix_raw_one ON raw_one (name);
    INSERT INTO raw_one (id, name) VALUES (1, 'x''y');
    """.strip().split("\n"):
        op.execute(line.rstrip(";"))
    if op.get_context().dialect.name == "postgresql":
        op.execute("CREATE TABLE raw_two (id int); CREATE INDEX ix_raw_two ON raw_two (id); INSERT INTO raw_two VALUES (1), (2)")
        op.execute("CREATE OR REPLACE FUNCTION f_two() RETURNS int AS $$ BEGIN RETURN 1; END; $$ LANGUAGE plpgsql")
        op.execute("CREATE VIEW v_two AS SELECT id FROM raw_two")
    elif op.get_context().dialect.name == "sqlite":
        op.execute("CREATE VIEW v_two AS SELECT id, name FROM raw_one")
        op.execute("CREATE TRIGGER t_raw AFTER INSERT ON raw_one BEGIN UPDATE raw_one SET name = 'z' WHERE id = new.id; END")
    else:
        op.execute("CREATE OR REPLACE VIEW v_two AS SELECT id, name FROM raw_one")
        op.execute("ALTER TABLE raw_one ADD COLUMN `order` INT NULL AFTER id, ADD KEY k_order (`order`)")


def downgrade():
    op.execute("DROP VIEW v_two")
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION f_two()")
        op.execute(sa.text("DROP TABLE raw_two"))
    op.execute("DROP TABLE raw_one")
