"""PostgreSQL's SERIAL in a diff and in a revision's source: made and taken away as a fact of its own, apart from the key."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from gitmig import ops
from gitmig.autogen.backward import backward
from gitmig.autogen.diff import diff
from gitmig.autogen.steps import named_steps
from gitmig.schema.freeze import freeze
from gitmig.schema.madenames import with_made_names
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, TableName
from gitmig.script.body import Section, statements
from gitmig.script.typesource import Style, Writer
from tests.unit.runtime.recording import record, recorder

POSTGRESQL = dialect_named("postgresql")


def models(*items: Any) -> Schema:
    metadata = sa.MetaData()
    sa.Table("t", metadata, *items)
    frozen = freeze(metadata)
    return Schema({name: with_made_names(table, Schema(), "postgresql") for name, table in frozen.tables.items()})


KEYED = models(sa.Column("id", sa.Integer, primary_key=True))
PLAIN = models(sa.Column("id", sa.Integer, nullable=False))
SILENT = models(sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))


def told(before: Schema, after: Schema) -> list[str]:
    return [operation.describe() for operation in diff(before, after, POSTGRESQL)]


def source(before: Schema, after: Schema) -> tuple[str, str]:
    """The text of upgrade() and of downgrade()."""
    steps = named_steps(before, diff(before, after, POSTGRESQL), POSTGRESQL)
    back = ops.steps(steps[-1].after, backward(steps, POSTGRESQL))
    writer = Writer(Style(("postgresql",)))
    up, down = (statements([Section(each)], writer) for each in (steps, back))
    return "\n".join(up), "\n".join(down)


def test_a_key_that_goes_takes_the_counting_along() -> None:
    assert told(KEYED, PLAIN) == ["drop primary key (id) on t", "change no SERIAL of t.id"]
    assert told(PLAIN, KEYED) == ["change SERIAL of t.id", "add primary key (id) on t"]


def test_autoincrement_of_an_existing_column_is_a_change() -> None:
    assert told(KEYED, SILENT) == ["change no SERIAL of t.id"]
    assert told(SILENT, KEYED) == ["change SERIAL of t.id"]


def test_the_source_makes_and_unmakes_the_sequence() -> None:
    up, down = source(SILENT, KEYED)
    assert 'op.execute("CREATE SEQUENCE t_id_seq AS INTEGER OWNED BY t.id")' in up
    assert "server_default=sa.text(\"nextval('t_id_seq'::regclass)\")" in up
    assert "setval('t_id_seq', coalesce(max(id), 0) + 1, false)" in up
    assert down.index("server_default=None") < down.index("DROP SEQUENCE IF EXISTS t_id_seq")


def test_what_the_source_does_is_what_replay_reads() -> None:
    for before, after in ((SILENT, KEYED), (KEYED, SILENT), (KEYED, PLAIN), (PLAIN, KEYED)):
        for text, start, end in zip(source(before, after), (before, after), (after, before), strict=True):
            run = recorder("postgresql", start)
            record(run, text)
            assert told(run.schema, end) == []


def test_a_new_key_column_counts_from_the_start() -> None:
    code = models(sa.Column("code", sa.String(5), primary_key=True))
    both = models(sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(5), nullable=False))
    up, down = source(code, both)
    assert "primary_key=True, autoincrement=True, nullable=False" in " ".join(up.split())
    assert 'op.drop_column("t", "id")' in down
    up, down = source(both, code)
    assert "primary_key=True, autoincrement=True" in " ".join(down.split())


def test_a_default_from_a_sequence_that_stands_alone_counts_too() -> None:
    run = recorder("postgresql")
    record(run, 'op.execute("CREATE SEQUENCE s")\nop.execute("CREATE TABLE t (id integer PRIMARY KEY DEFAULT nextval(\'s\'))")')
    assert told(Schema(run.schema.tables), KEYED) == []


def test_the_way_back_of_a_table_whose_key_moved_away_counts_again() -> None:
    run = recorder("postgresql", KEYED)
    record(run, 'op.drop_constraint("t_pkey", "t", type_="primary")')
    steps = named_steps(run.schema, (ops.DropTable(TableName("t")),), POSTGRESQL)
    back = backward(steps, POSTGRESQL)
    assert [type(each) for each in back] == [ops.CreateTable, ops.AlterColumn]
    assert told(run.schema, back[1].apply(back[0].apply(Schema()))) == []
