"""A table that SQLite has to rebuild keeps all that the change does not name, and loses no row, here or elsewhere."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gitmig import ddl, ops
from gitmig.errors import SchemaError
from gitmig.ops import ColumnChange
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    ForeignKey,
    PrimaryKey,
    Schema,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
)
from tests.dialects.execution import database, execute

T = TableName("t")
INTEGER = Type("sqlalchemy.Integer")
TEXT = Type("sqlalchemy.Text")

NOT_NULL = ops.AlterColumn(T, "a", ColumnChange(nullable=False))


def definition(connection: sa.Connection, name: str = "t") -> str:
    text = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = ?", (name,)).scalar_one()
    return " ".join(text.replace('"t"', "t").split()).replace("( ", "(").replace(" )", ")")


def rows(connection: sa.Connection, query: str) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.exec_driver_sql(query)]


def objects(connection: sa.Connection, kind: str) -> dict[str, str]:
    return dict(rows(connection, f"SELECT name, sql FROM sqlite_master WHERE type = '{kind}' AND sql IS NOT NULL ORDER BY name"))  # type: ignore[arg-type]


def test_children_with_on_delete_cascade_survive_while_foreign_keys_are_enforced_before_and_after(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        "CREATE TABLE child (id INTEGER PRIMARY KEY, t_id INTEGER NOT NULL REFERENCES t(id) ON DELETE CASCADE)",
        "INSERT INTO t VALUES (1, 'x'), (2, 'y')",
        "INSERT INTO child VALUES (1, 1), (2, 1), (3, 2)",
    )
    with database(sqlite_url, *setup) as connection:
        execute(connection, [NOT_NULL])
        assert rows(connection, "SELECT * FROM child") == [(1, 1), (2, 1), (3, 2)]
        assert rows(connection, "PRAGMA foreign_key_list(child)")[0][2] == "t"
        connection.exec_driver_sql("DELETE FROM t WHERE id = 1")
        assert rows(connection, "SELECT * FROM child") == [(3, 2)]


def test_rows_that_refer_to_rows_of_the_same_table_survive(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, up INTEGER REFERENCES t(id) ON DELETE CASCADE)",
        "INSERT INTO t VALUES (1, 'x', NULL), (2, 'y', 1), (3, 'z', 2)",
    )
    with database(sqlite_url, *setup) as connection:
        execute(connection, [NOT_NULL])
        assert rows(connection, "SELECT id, up FROM t") == [(1, None), (2, 1), (3, 2)]
        assert "REFERENCES t(id) ON DELETE CASCADE" in definition(connection)


def test_a_rebuild_of_a_table_that_others_refer_to_says_that_foreign_keys_must_be_off(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)",
        'CREATE TABLE child (t_id INTEGER REFERENCES "T" (id))',
        "CREATE TABLE u (a TEXT)",
    )
    with database(sqlite_url, *setup) as connection:
        for table, expected in (("t", True), ("u", False)):
            op = ops.AlterColumn(TableName(table), "a", ColumnChange(nullable=False))
            query = ddl.live_query(op, connection.dialect)
            assert query is not None
            live = [tuple(row) for row in connection.execute(query)]
            statements = ddl.statements(ops.Step(op, Schema(), Schema()), connection.dialect, live=live)
            assert {statement.foreign_keys_off for statement in statements} == {expected}


def test_indexes_triggers_and_views_stay(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
        "CREATE TABLE log (line TEXT)",
        "CREATE INDEX ix_lower ON t (lower(a), b DESC)",
        "CREATE UNIQUE INDEX ix_part ON t (b COLLATE NOCASE) WHERE a IS NOT NULL",
        "CREATE TRIGGER after_t AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a || ';' || new.b); END",
        "CREATE TRIGGER after_log AFTER INSERT ON log BEGIN UPDATE t SET a = a; END",
        "CREATE VIEW v AS SELECT a FROM t",
        "CREATE VIEW w AS SELECT * FROM v JOIN t USING (a)",
        "INSERT INTO t VALUES (1, 'x', 'y')",
        "DELETE FROM log",
    )
    with database(sqlite_url, *setup) as connection:
        before = {kind: objects(connection, kind) for kind in ("index", "trigger", "view")}
        execute(connection, [NOT_NULL])
        assert {kind: objects(connection, kind) for kind in ("index", "trigger", "view")} == before
        assert rows(connection, "SELECT a FROM w") == [("x",)]
        assert rows(connection, "SELECT * FROM log") == []
        connection.exec_driver_sql("INSERT INTO t VALUES (2, 'p', 'q')")
        assert rows(connection, "SELECT * FROM log") == [("p;q",)]


def test_what_only_the_text_of_the_definition_says_stays(sqlite_url: str) -> None:
    table = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT COLLATE NOCASE, b TEXT NOT NULL ON CONFLICT REPLACE DEFAULT 'z', "
        "c INTEGER UNIQUE ON CONFLICT IGNORE CHECK (c <> 13), d INTEGER AS (c * 2) STORED, e INTEGER AS (c + 1), "
        "[odd name] BLOB DEFAULT X'00', CHECK (length(b) < 100), UNIQUE (a, b) ON CONFLICT ROLLBACK) STRICT"
    )
    with database(sqlite_url, table, "INSERT INTO t (a, c, [odd name]) VALUES ('x', 1, X'FF')") as connection:
        expected = definition(connection).replace("a TEXT COLLATE NOCASE,", "a TEXT COLLATE NOCASE NOT NULL,")
        execute(connection, [NOT_NULL])
        assert definition(connection) == expected
        assert rows(connection, "SELECT * FROM t") == [(1, "x", "z", 1, 2, 2, b"\xff")]


def test_without_rowid_stays(sqlite_url: str) -> None:
    with database(sqlite_url, "CREATE TABLE t (k TEXT PRIMARY KEY, a TEXT) WITHOUT ROWID", "INSERT INTO t VALUES ('x', 'y')") as connection:
        execute(connection, [NOT_NULL])
        assert definition(connection).endswith(") WITHOUT ROWID")
        assert rows(connection, "SELECT * FROM t") == [("x", "y")]


def test_autoincrement_goes_on_where_it_was_even_when_the_last_rows_are_gone(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, a TEXT)",
        "INSERT INTO t (a) VALUES ('x'), ('y'), ('z')",
        "DELETE FROM t",
    )
    with database(sqlite_url, *setup) as connection:
        execute(connection, [NOT_NULL])
        connection.exec_driver_sql("INSERT INTO t (a) VALUES ('new')")
        assert rows(connection, "SELECT id FROM t") == [(4,)]
        assert rows(connection, "SELECT * FROM sqlite_sequence") == [("t", 4)]


def test_forbidding_null_where_there_are_nulls_fails_and_changes_nothing(sqlite_url: str) -> None:
    with database(sqlite_url, "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)", "INSERT INTO t VALUES (1, NULL)") as connection:
        before = definition(connection)
        with pytest.raises(sa.exc.IntegrityError, match="NOT NULL"):
            execute(connection, [NOT_NULL])
        connection.rollback()
        assert definition(connection) == before
        assert rows(connection, "SELECT * FROM t") == [(1, None)]
        assert objects(connection, "table").keys() == {"t"}


def test_a_table_left_over_by_an_interrupted_batch_is_named(sqlite_url: str) -> None:
    setup = ("CREATE TABLE t (a TEXT)", "CREATE TABLE _alembic_tmp_t (a TEXT)")
    with database(sqlite_url, *setup) as connection, pytest.raises(SchemaError, match="_alembic_tmp_t stands in the way"):
        execute(connection, [NOT_NULL])


def test_renaming_a_column_changes_what_speaks_of_it(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, UNIQUE (a, b), CHECK (a <> b))",
        "CREATE TABLE child (x TEXT, y TEXT, FOREIGN KEY (x, y) REFERENCES t (a, b))",
        "CREATE INDEX ix ON t (upper(a))",
        "CREATE VIEW v AS SELECT a FROM t",
        "INSERT INTO t VALUES (1, 'x', 'y')",
    )
    group = ops.AlterTable(
        T,
        (
            ops.AlterColumn(T, "a", ColumnChange(name="new name", nullable=False)),
            ops.AddConstraint(T, Unique(("new name",), "uq")),
        ),
    )
    with database(sqlite_url, *setup) as connection:
        execute(connection, [group])
        assert 'UNIQUE ("new name", b)' in definition(connection)
        assert 'CONSTRAINT uq UNIQUE ("new name")' in definition(connection)
        assert "new name" in definition(connection, "ix")
        assert "new name" in definition(connection, "v")
        assert rows(connection, "PRAGMA foreign_key_list(child)")[0][4] == "new name"
        assert rows(connection, 'SELECT "new name" FROM t') == [("x",)]


def test_two_columns_exchange_their_names(sqlite_url: str) -> None:
    group = ops.AlterTable(
        T,
        tuple(ops.AlterColumn(T, old, ColumnChange(name=new)) for old, new in (("a", "x"), ("b", "a"), ("x", "b"))),
    )
    with database(sqlite_url, "CREATE TABLE t (a TEXT, b TEXT)", "INSERT INTO t VALUES ('a', 'b')") as connection:
        execute(connection, [group])
        assert rows(connection, "SELECT b, a FROM t") == [("a", "b")]


def test_dropping_a_column_takes_its_keys_and_indexes_along_and_leaves_the_others(sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE u (id INTEGER PRIMARY KEY)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER UNIQUE REFERENCES u(id), b TEXT UNIQUE,"
        " CONSTRAINT ck CHECK (a > 0), CHECK (b <> ''))",
        "CREATE INDEX ix_a ON t (b, a)",
        "CREATE INDEX ix_b ON t (b) WHERE b > 'a'",
        "INSERT INTO t VALUES (1, NULL, 'x')",
    )
    with database(sqlite_url, *setup) as connection:
        execute(connection, [ops.DropColumn(T, "a")])
        assert definition(connection).split("(", 1)[1] == "id INTEGER PRIMARY KEY, b TEXT UNIQUE, CHECK (b <> ''))"
        assert objects(connection, "index").keys() == {"ix_b"}
        assert rows(connection, "SELECT * FROM t") == [(1, "x")]


def test_a_column_that_nothing_speaks_of_is_dropped_in_place() -> None:
    dialect = dialect_named("sqlite")
    live = [("table", "t", "t", "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT, CHECK (b <> 'a'))")]
    (statement,) = ddl.statements(ops.Step(ops.DropColumn(T, "a"), Schema(), Schema()), dialect, live=live)
    assert str(statement.executable.compile(dialect=dialect)) == "ALTER TABLE t DROP COLUMN a"  # type: ignore[union-attr]


def test_text_that_is_no_number_is_kept_when_its_column_becomes_one(sqlite_url: str) -> None:
    setup = ("CREATE TABLE t (a TEXT, b TEXT)", "INSERT INTO t VALUES ('12', '2024-05-01'), ('x', '7')")
    with database(sqlite_url, *setup) as connection:
        execute(
            connection,
            [ops.AlterColumn(T, "a", ColumnChange(type=INTEGER)), ops.AlterColumn(T, "b", ColumnChange(type=Type("sqlalchemy.Date")))],
        )
        assert rows(connection, "SELECT a, b FROM t") == [(12, "2024-05-01"), ("x", 7)]


def test_numbers_become_text_and_fractions_integers(sqlite_url: str) -> None:
    with database(sqlite_url, "CREATE TABLE t (a INTEGER, b FLOAT)", "INSERT INTO t VALUES (12, 3.7)") as connection:
        execute(connection, [ops.AlterColumn(T, "a", ColumnChange(type=TEXT)), ops.AlterColumn(T, "b", ColumnChange(type=INTEGER))])
        assert rows(connection, "SELECT a, b FROM t") == [("12", 3)]


def test_the_check_of_an_enum_goes_with_its_type(sqlite_url: str) -> None:
    kind = Type("sqlalchemy.Enum", (("*", ("x", "y", "z")), ("create_constraint", True), ("name", "kind")))
    with database(sqlite_url, "CREATE TABLE t (a VARCHAR(1), CHECK (a IN ('x', 'y')))", "INSERT INTO t VALUES ('x')") as connection:
        execute(connection, [ops.AlterColumn(T, "a", ColumnChange(type=kind))])
        assert definition(connection) == "CREATE TABLE t (a VARCHAR(1), CONSTRAINT kind CHECK (a IN ('x', 'y', 'z')))".replace("( a", "(a")
        connection.exec_driver_sql("INSERT INTO t VALUES ('z')")


@pytest.mark.parametrize(
    ("drop", "left"),
    [
        (ops.DropConstraint(T, None, "unique", Unique(("b",))), "id INTEGER PRIMARY KEY, a TEXT, b TEXT REFERENCES u(x), CHECK (a > '')"),
        (
            ops.DropConstraint(T, None, "foreignkey", ForeignKey(("b",), TableName("u"), ("x",))),
            "id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE, CHECK (a > '')",
        ),
        (ops.DropConstraint(T, None, "check", Check(Sql("a > ''"))), "id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE REFERENCES u(x)"),
        (ops.DropConstraint(T, None, "primary"), "id INTEGER, a TEXT, b TEXT UNIQUE REFERENCES u(x), CHECK (a > '')"),
    ],
)
def test_a_constraint_without_a_name_is_dropped_by_what_it_is(drop: ops.DropConstraint, left: str, sqlite_url: str) -> None:
    setup = (
        "CREATE TABLE u (x TEXT UNIQUE)",
        "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE REFERENCES u(x), CHECK (a > ''))",
    )
    with database(sqlite_url, *setup) as connection:
        execute(connection, [drop])
        assert definition(connection) == f"CREATE TABLE t ({left})"


def test_a_constraint_that_is_not_there_is_named_with_those_that_are(sqlite_url: str) -> None:
    table = "CREATE TABLE t (a TEXT, CONSTRAINT uq UNIQUE (a))"
    with database(sqlite_url, table) as connection, pytest.raises(SchemaError, match=r"No such constraint: 'nope'.*constraints are: uq"):
        execute(connection, [ops.DropConstraint(T, "nope", "unique")])


def test_an_expression_as_default_of_a_new_column_takes_a_rebuild(sqlite_url: str) -> None:
    now = Column("at", Type("sqlalchemy.DateTime"), False, ServerDefault("sql", "datetime('now')"))
    with database(sqlite_url, "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x')") as connection:
        execute(connection, [ops.AddColumn(T, now)])
        assert rows(connection, "SELECT a, at > '2020' FROM t") == [("x", 1)]


def test_a_stored_generated_column_is_added_changed_and_made_plain(sqlite_url: str) -> None:
    with database(sqlite_url, "CREATE TABLE t (a INTEGER)", "INSERT INTO t VALUES (3)") as connection:
        execute(connection, [ops.AddColumn(T, Column("b", INTEGER, computed=Computed(Sql("a * 2"), True)))])
        assert rows(connection, "SELECT a, b FROM t") == [(3, 6)]
        execute(connection, [ops.AlterColumn(T, "b", ColumnChange(computed=Computed(Sql("a * 5"), True)))])
        assert rows(connection, "SELECT a, b FROM t") == [(3, 15)]
        execute(connection, [ops.AlterColumn(T, "b", ColumnChange(computed=None))])
        connection.exec_driver_sql("UPDATE t SET a = 0")
        assert rows(connection, "SELECT a, b FROM t") == [(0, 15)]


def test_a_column_is_put_where_it_was_asked_for(sqlite_url: str) -> None:
    group = ops.AlterTable(T, (ops.AddColumn(T, Column("m", INTEGER), after_column="a"),), recreate="always")
    with database(sqlite_url, "CREATE TABLE t (a TEXT, b TEXT)", "INSERT INTO t VALUES ('x', 'y')") as connection:
        execute(connection, [group])
        assert rows(connection, "SELECT * FROM t") == [("x", None, "y")]


def test_all_columns_are_replaced_and_the_rows_stay(sqlite_url: str) -> None:
    group = ops.AlterTable(
        T, (ops.DropColumn(T, "a"), ops.AddColumn(T, Column("b", INTEGER, False, ServerDefault("sql", "5")))), recreate="always"
    )
    with database(sqlite_url, "CREATE TABLE t (a TEXT)", "INSERT INTO t VALUES ('x'), ('y')") as connection:
        execute(connection, [group])
        assert rows(connection, "SELECT * FROM t") == [(5,), (5,)]


def test_a_group_that_changes_nothing_rebuilds_nothing() -> None:
    dialect = dialect_named("sqlite")
    live = [("table", "t", "t", "CREATE TABLE t (a TEXT NOT NULL)")]
    group = ops.AlterTable(T, (NOT_NULL, ops.SetTableComment(T, "words")))
    assert ddl.statements(ops.Step(group, Schema(), Schema()), dialect, live=live) == ()


def test_a_table_in_an_attached_database_is_rebuilt_there(sqlite_url: str, tmp_path: object) -> None:
    name = TableName("t", "side")
    with database(sqlite_url, f"ATTACH DATABASE '{tmp_path}/side.db' AS side", "CREATE TABLE t (x TEXT)") as connection:
        for statement in ("CREATE TABLE side.t (a TEXT)", "CREATE INDEX side.ix ON t (a)", "INSERT INTO side.t VALUES ('x')"):
            connection.exec_driver_sql(statement)
        execute(connection, [ops.AlterColumn(name, "a", ColumnChange(nullable=False))])
        assert "a TEXT NOT NULL" in rows(connection, "SELECT sql FROM side.sqlite_master WHERE name = 't'")[0][0]  # type: ignore[operator]
        assert rows(connection, "SELECT name FROM side.sqlite_master ORDER BY name") == [("ix",), ("t",)]
        assert rows(connection, "SELECT name FROM main.sqlite_master") == [("t",)]


def test_names_that_need_quotes(sqlite_url: str) -> None:
    name = TableName("od\"d ta'ble")
    setup = ('CREATE TABLE "od""d ta\'ble" ("sel ect" INTEGER PRIMARY KEY AUTOINCREMENT, "Größe" TEXT, `group` TEXT)',)
    with database(sqlite_url, *setup, "INSERT INTO \"od\"\"d ta'ble\" VALUES (7, 'x', 'y')") as connection:
        execute(
            connection, [ops.AlterColumn(name, "Größe", ColumnChange(nullable=False)), ops.AddConstraint(name, Unique(("group", "Größe")))]
        )
        assert rows(connection, 'SELECT * FROM "od""d ta\'ble"') == [(7, "x", "y")]
        assert rows(connection, "SELECT * FROM sqlite_sequence") == [(name.name, 7)]


def test_offline_a_rebuild_is_written_from_what_replay_knows() -> None:
    dialect = dialect_named("sqlite")
    create = ops.CreateTable(Table(T, (Column("id", INTEGER, False), Column("a", TEXT)), PrimaryKey(("id",))))
    before = create.apply(Schema())
    step = ops.Step(NOT_NULL, before, NOT_NULL.apply(before))
    texts = [str(each.executable.compile(dialect=dialect)) for each in ddl.statements(step, dialect, offline=True)]  # type: ignore[union-attr]
    assert texts == [
        "CREATE TABLE _alembic_tmp_t (\n\tid INTEGER NOT NULL, \n\ta TEXT NOT NULL, \n\tPRIMARY KEY (id)\n)",
        "INSERT INTO _alembic_tmp_t (id, a) SELECT id, a FROM t",
        "DROP TABLE t",
        "PRAGMA legacy_alter_table = ON",
        "ALTER TABLE _alembic_tmp_t RENAME TO t",
        "PRAGMA legacy_alter_table = OFF",
    ]


def test_offline_without_a_definition_the_user_is_told_to_give_it() -> None:
    with pytest.raises(SchemaError, match="copy_from"):
        ddl.statements(ops.Step(NOT_NULL, Schema(), Schema()), dialect_named("sqlite"), offline=True)
