"""Options of tables that change: what is generated, and what is said instead."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from gitmig import ops
from gitmig.autogen.backward import backward
from gitmig.autogen.diff import diff
from gitmig.autogen.settings import PLAIN
from gitmig.autogen.steps import named_steps
from gitmig.autogen.tableoptions import options_left
from gitmig.ddl import statements
from gitmig.schema.freeze import freeze
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Schema, options
from tests.unit.runtime.recording import made


def models(*more: Any, **keywords: Any) -> Schema:
    metadata = sa.MetaData()
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *more, **keywords)
    return freeze(metadata)


def live(schema: Schema, **implied: str) -> Schema:
    """As if reflected from a database that gives its tables these."""
    return Schema({name: replace(table, implied=options(implied)) for name, table in schema.tables.items()})


def told(before: Schema, after: Schema, dialect: str = "mysql") -> list[str]:
    """The statements of upgrade, then those of downgrade."""
    here = dialect_named(dialect)
    steps = named_steps(before, diff(before, after, here), here)
    back = ops.steps(steps[-1].after, backward(steps, here)) if steps else ()
    found: list[str] = []
    for step in (*steps, *back):
        found += [str(each.executable.compile(dialect=here)) for each in statements(step, here)]  # type: ignore[union-attr]
    return found


def test_an_engine_is_changed_both_ways() -> None:
    assert told(models(mysql_engine="MyISAM"), models(mysql_engine="InnoDB")) == [
        "ALTER TABLE t ENGINE=InnoDB",
        "ALTER TABLE t ENGINE=MyISAM",
    ]
    assert told(models(mysql_engine="MyISAM"), models()) == ["ALTER TABLE t ENGINE=InnoDB", "ALTER TABLE t ENGINE=MyISAM"]


def test_a_character_set_takes_the_columns_along() -> None:
    before, after = models(mysql_charset="latin1"), models(mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")
    up, down = told(before, after)
    assert up == "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
    assert down == "ALTER TABLE t CONVERT TO CHARACTER SET latin1"


def test_an_option_in_another_spelling_is_the_same_option() -> None:
    found = told(models(mysql_default_charset="latin1"), models(mysql_charset="utf8mb4"))
    assert found == ["ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "ALTER TABLE t CONVERT TO CHARACTER SET latin1"]


@pytest.mark.parametrize("keywords", [{}, {"mysql_engine": "InnoDB"}, {"mysql_charset": "utf8mb4"}, {"mysql_engine": "innodb"}])
def test_what_every_table_has_anyway_is_no_difference(keywords: dict[str, str]) -> None:
    assert told(models(), models(**keywords)) == []
    assert told(models(**keywords), models()) == []
    assert told(live(models(), mysql_engine="innodb", mysql_charset="utf8mb4"), models(**keywords)) == []


def test_a_database_whose_default_is_another_is_compared_with_that() -> None:
    latin = live(models(), mysql_engine="innodb", mysql_charset="latin1", mysql_collate="latin1_swedish_ci")
    assert told(latin, models()) == []
    assert told(latin, models(mysql_charset="latin1")) == []
    assert told(latin, models(mysql_charset="utf8mb4"))[0] == "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4"


def test_what_nobody_says_any_more_goes_back_to_the_default() -> None:
    assert told(models(mysql_charset="latin1"), models()) == [
        "ALTER TABLE t CONVERT TO CHARACTER SET DEFAULT",
        "ALTER TABLE t CONVERT TO CHARACTER SET latin1",
    ]
    latin = live(models(), mysql_engine="innodb", mysql_charset="latin1", mysql_collate="latin1_swedish_ci")
    assert told(latin, models(mysql_charset="utf8mb4"))[1] == "ALTER TABLE t CONVERT TO CHARACTER SET latin1"


def test_what_only_a_live_table_says_stays() -> None:
    assert told(live(models(mysql_engine="MyISAM"), mysql_engine="innodb"), models()) == []
    assert told(live(models(postgresql_tablespace="fast"), postgresql_tablespace="pg_default"), models(), "postgresql") == []


def test_a_tablespace_is_changed_both_ways() -> None:
    found = told(models(), models(postgresql_tablespace="Fast disk"), "postgresql")
    assert found == ['ALTER TABLE t SET TABLESPACE "Fast disk"', "ALTER TABLE t SET TABLESPACE pg_default"]


def test_what_no_alter_table_changes_is_said() -> None:
    (text,) = options_left(models(), models(sqlite_strict=True, sqlite_with_rowid=False), dialect_named("sqlite"), PLAIN)
    assert text.startswith("sqlite_strict, sqlite_with_rowid of table t differ from the models: sqlite cannot change that in place")
    assert diff(models(), models(sqlite_strict=True), dialect_named("sqlite")) == ()
    assert options_left(models(sqlite_strict=True), models(sqlite_strict=True), dialect_named("sqlite"), PLAIN) == ()


def test_columns_with_a_collation_of_their_own_are_not_converted_silently() -> None:
    own = sa.Column("a", sa.String(10, collation="latin1_bin"))
    before, after = (
        models(own, mysql_charset="latin1"),
        models(sa.Column("a", sa.String(10, collation="latin1_bin")), mysql_charset="utf8mb4"),
    )
    assert diff(before, after, dialect_named("mysql")) == ()
    assert "mysql_charset of table t differs" in options_left(before, after, dialect_named("mysql"), PLAIN)[0]


@pytest.mark.parametrize(
    ("sql", "after"),
    [
        ("ALTER TABLE t ENGINE=MyISAM", {"mysql_engine": "MyISAM"}),
        (
            "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
            {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_bin"},
        ),
        ("ALTER TABLE t DEFAULT CHARACTER SET = latin1", {"mysql_charset": "latin1"}),
        ("ALTER TABLE t ROW_FORMAT=COMPACT, ENGINE=InnoDB", {"mysql_row_format": "COMPACT"}),
    ],
)
def test_replay_reads_what_is_written(sql: str, after: dict[str, str]) -> None:
    body = f'op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))\nop.execute("{sql}")'
    assert told(made(body, "mysql"), models(**after)) == []
