"""``recreate="always"`` where ALTER TABLE can do it all: nothing is copied, and what the block was given is made all the same."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from gitmig.errors import SchemaError
from gitmig.runtime.executor import Executor
from gitmig.runtime.migration import MigrationContext
from gitmig.runtime.operations import Operations
from tests.databases import fresh_database
from tests.dialects.directives.livescripts import setup
from tests.dialects.scripts import written


def test_arguments_of_the_table_come_behind_the_rest(tmp_path: Path) -> None:
    """The rows of other tables refer to this one, and its sequence belongs to it: a copy could not be put in its place."""
    with fresh_database("postgresql", tmp_path) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            op = Operations(Executor(MigrationContext.configure(connection), connection))
            setup(op)
            op.create_table("other", sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id")))
            arguments = (sa.UniqueConstraint("b", "e", name="uq_be"), sa.Index("ix_d", "d"), sa.CheckConstraint("b < 100", name="ck_less"))
            with op.batch_alter_table("t", recreate="always", table_args=arguments, table_kwargs={"comment": "words"}) as batch:
                batch.add_column(sa.Column("e", sa.Integer), insert_after="id")
            inspector = sa.inspect(connection)
            assert {each["name"] for each in inspector.get_unique_constraints("t")} == {"uq_a", "uq_be"}
            assert {each["name"] for each in inspector.get_check_constraints("t")} == {"ck_b", "ck_less"}
            assert {each["name"] for each in inspector.get_indexes("t")} >= {"ix_b", "ix_d"}
            assert inspector.get_table_comment("t") == {"text": "words"}
            assert [each["name"] for each in inspector.get_columns("t")] == ["id", "a", "b", "c", "d", "e"]
            assert connection.scalar(sa.text("SELECT count(*) FROM t")) == 2
        engine.dispose()


def test_a_table_that_is_not_known_is_given_as_copy_from() -> None:
    def script(op: Operations, **keywords: object) -> None:
        with op.batch_alter_table("t", recreate="always", table_args=(sa.UniqueConstraint("a", name="q"),), **keywords):  # type: ignore[arg-type]
            pass

    with pytest.raises(SchemaError, match="table t is not known here"):
        written("postgresql", script)
    known = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    assert written("postgresql", lambda op: script(op, copy_from=known)) == ["ALTER TABLE t ADD CONSTRAINT q UNIQUE (a)"]


@pytest.mark.mariadb
def test_mariadb_puts_a_column_at_its_place_and_keeps_what_refers_to_the_table(tmp_path: Path) -> None:
    with fresh_database("mariadb", tmp_path) as url:
        engine = sa.create_engine(url, poolclass=sa.NullPool)
        with engine.connect() as connection:
            op = Operations(Executor(MigrationContext.configure(connection), connection))
            op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))
            op.create_table("other", sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id")))
            op.execute("INSERT INTO t VALUES (1, 2)")
            with op.batch_alter_table("t", recreate="always") as batch:
                batch.add_column(sa.Column("c", sa.Integer), insert_after="id")
                batch.add_column(sa.Column("b", sa.Integer, comment="it's"), insert_before="c")
                batch.add_column(sa.Column("z", sa.Integer), insert_before="id")
                batch.add_column(sa.Column("last", sa.Integer))
            inspector = sa.inspect(connection)
            assert [each["name"] for each in inspector.get_columns("t")] == ["z", "id", "b", "c", "a", "last"]
            assert inspector.get_columns("t")[2]["comment"] == "it's"
            assert [key["referred_table"] for key in inspector.get_foreign_keys("other")] == ["t"]
            assert connection.scalar(sa.text("SELECT a FROM t")) == 2
        engine.dispose()
