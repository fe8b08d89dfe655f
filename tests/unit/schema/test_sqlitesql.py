"""SQLite's definitions read into pieces that are put together again to the letter."""

from __future__ import annotations

import pytest

from gitmig.errors import SchemaError
from gitmig.schema.sqlitesql import (
    in_schema,
    mentions,
    of_table,
    read_column,
    read_constraint,
    read_table,
    renamed,
    with_loud_actions,
)

EVERYTHING = """CREATE TABLE "we ird"(id INTEGER PRIMARY KEY AUTOINCREMENT, [a b] VARCHAR(20) COLLATE NOCASE
  DEFAULT 'it''s' NOT NULL ON CONFLICT IGNORE, /* a comment, ) */
  `c` DECIMAL(10,2) DEFAULT -1.5e-3 CHECK ("c" > 0) REFERENCES u(id) ON DELETE SET NULL ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED,
  d DEFAULT (1+2), e AS (c*2) STORED, f BLOB DEFAULT X'00' NULL, g INTEGER CONSTRAINT nn NOT NULL CONSTRAINT uq UNIQUE, -- to the end, )
  h INTEGER GENERATED ALWAYS AS (g + 1) VIRTUAL REFERENCES v NOT DEFERRABLE, "i" DATETIME DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT x CHECK (g IN ('a)','b')) UNIQUE ("a b" COLLATE nocase DESC, c) ON CONFLICT REPLACE,
  FOREIGN KEY (c, d) REFERENCES z(q, r) MATCH FULL NOT DEFERRABLE INITIALLY IMMEDIATE, PRIMARY KEY(g)) WITHOUT ROWID, STRICT"""


def test_every_clause_of_the_grammar_is_read() -> None:
    table = read_table(EVERYTHING)
    assert table.name == "we ird"
    assert [(column.name, column.type) for column in table.columns] == [
        ("id", "INTEGER"),
        ("a b", "VARCHAR(20)"),
        ("c", "DECIMAL(10,2)"),
        ("d", ""),
        ("e", ""),
        ("f", "BLOB"),
        ("g", "INTEGER"),
        ("h", "INTEGER"),
        ("i", "DATETIME"),
    ]
    assert [[clause.kind for clause in column.clauses] for column in table.columns] == [
        ["primary"],
        ["collate", "default", "notnull"],
        ["default", "check", "foreignkey"],
        ["default"],
        ["generated"],
        ["default", "null"],
        ["notnull", "unique"],
        ["generated", "foreignkey"],
        ["default"],
    ]
    assert [(each.kind, each.name, each.columns) for each in table.constraints] == [
        ("check", "x", ("g",)),
        ("unique", None, ("a b", "c")),
        ("foreignkey", None, ("c", "d")),
        ("primary", None, ("g",)),
    ]
    assert table.constraints[2].target_columns == ("q", "r")
    assert table.options == "WITHOUT ROWID, STRICT"
    assert table.counts


def test_what_is_written_reads_the_same() -> None:
    table = read_table(EVERYTHING)
    assert read_table(table.render('"we ird"')) == table


@pytest.mark.parametrize(
    "body", ["-1.5e-3", "X'00'", "'it''s'", "(1+2)", "CURRENT_TIMESTAMP", "+5", '"double"', "datetime('now', '-1 day')"]
)
def test_defaults_are_read_whole(body: str) -> None:
    column = read_column(f"a INTEGER DEFAULT {body} NOT NULL")
    assert [(clause.kind, clause.body) for clause in column.clauses] == [("default", body), ("notnull", "")]


def test_what_is_left_over_is_an_error_with_the_text() -> None:
    with pytest.raises(SchemaError, match=r"at 'PLUS': a INTEGER DEFAULT 1 PLUS"):
        read_column("a INTEGER DEFAULT 1, PLUS".replace(",", "") + "")


@pytest.mark.parametrize("sql", ["CREATE VIRTUAL TABLE t USING fts5(a)", "CREATE TABLE t (a", "CREATE VIEW v AS SELECT 1", ""])
def test_what_is_no_table_is_an_error(sql: str) -> None:
    with pytest.raises(SchemaError, match="cannot be read"):
        read_table(sql)


def test_a_renamed_column_is_found_in_every_spelling_and_text_is_left_alone() -> None:
    assert renamed("A > 0 AND \"a\" <> 'a' AND [a] < a(1) -- a", "a", '"new name"') == (
        '"new name" > 0 AND "new name" <> \'a\' AND "new name" < a(1) -- a'
    )


def test_the_schema_goes_before_the_name_of_an_index_or_trigger() -> None:
    assert in_schema("CREATE UNIQUE INDEX ix ON t (a)", 'si"de') == 'CREATE UNIQUE INDEX "si""de".ix ON t (a)'
    assert in_schema("create trigger if not exists tr after insert on t begin select 1; end", "s").startswith(
        'create trigger if not exists "s".tr'
    )
    assert in_schema("CREATE INDEX ix ON t (a)", None) == "CREATE INDEX ix ON t (a)"


def test_a_function_of_the_same_name_is_no_mention_of_a_column() -> None:
    assert mentions("lower(b) > 1", ("B",))
    assert not mentions("lower(b) = 'lower'", ("lower",))


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        ("a TEXT UNIQUE ON CONFLICT IGNORE", "UNIQUE (a) ON CONFLICT IGNORE"),
        ('"a b" TEXT CONSTRAINT "unique" UNIQUE', 'CONSTRAINT "unique" UNIQUE ("a b")'),
        ("a TEXT CONSTRAINT ck CHECK (a > '(')", "CONSTRAINT ck CHECK (a > '(')"),
        ("a TEXT REFERENCES u(id) ON DELETE CASCADE", "FOREIGN KEY(a) REFERENCES u (id) ON DELETE CASCADE"),
        ('a TEXT CONSTRAINT fk REFERENCES "u v"', 'CONSTRAINT fk FOREIGN KEY(a) REFERENCES "u v"'),
        ("a TEXT REFERENCES u NOT DEFERRABLE", "FOREIGN KEY(a) REFERENCES u NOT DEFERRABLE"),
    ],
)
def test_a_clause_of_a_column_as_a_constraint_of_the_table(column: str, expected: str) -> None:
    read = read_column(column)
    assert of_table(read, read.clauses[0]).text == expected


def test_actions_are_said_loudly_and_names_are_not() -> None:
    clause = read_constraint("constraint cascade foreign key (cascade) references cascade (cascade) on delete cascade on update set null")
    assert with_loud_actions(clause.text) == (
        "constraint cascade foreign key (cascade) references cascade (cascade) ON DELETE CASCADE ON UPDATE SET NULL"
    )
