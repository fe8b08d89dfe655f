"""Raw SQL of revisions: what is read, what is known to be data, and what is opaque."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from gitmig.schema.freeze import freeze
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Enum, Schema, TableName
from gitmig.script.rawsql import Reading, read


def run(text: str, dialect: str, schema: Schema | None = None) -> Schema:
    """The schema after statements that must all be read."""
    schema = Schema() if schema is None else schema
    reading = read(text, dialect, schema)
    assert reading.kind in ("ddl", "beside", "data"), reading.reason
    for operation in reading.effects:
        schema = operation.apply(schema)
    return schema


def models(dialect: str, *tables: object) -> Schema:
    metadata = sa.MetaData()
    for name, *items in tables:  # type: ignore[misc]
        sa.Table(name, metadata, *items)
    return freeze(metadata, dialect=dialect_named(dialect))


def assert_same(found: Schema, wanted: Schema, dialect: str) -> None:
    here = dialect_named(dialect)
    assert normalise(found, here).tables == normalise(wanted, here).tables


@pytest.mark.parametrize(
    ("dialect", "text", "table"),
    [
        (
            "postgresql",
            """CREATE TABLE t (id serial PRIMARY KEY, name character varying(30) NOT NULL DEFAULT 'x'::character varying,
               born timestamp with time zone DEFAULT now(), tags text[], size numeric(10,2), data jsonb, ok boolean,
               CONSTRAINT positive CHECK (size > 0), UNIQUE (name))""",
            (
                "t",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("name", sa.String(30), nullable=False, server_default="x"),
                sa.Column("born", sa.DateTime(timezone=True), server_default=sa.func.now()),
                sa.Column("tags", sa.ARRAY(sa.Text)),
                sa.Column("size", sa.Numeric(10, 2)),
                sa.Column("data", JSONB),
                sa.Column("ok", sa.Boolean),
                sa.CheckConstraint("size > 0", name="positive"),
                sa.UniqueConstraint("name"),
            ),
        ),
        (
            "mysql",
            """CREATE TABLE `t` (`id` int(11) NOT NULL AUTO_INCREMENT, `name` varchar(30) NOT NULL DEFAULT 'x' COMMENT 'who',
               n int, PRIMARY KEY (`id`), KEY `ix` (`n`), UNIQUE KEY `uq` (`name`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4""",
            (
                "t",
                sa.Column("id", sa.Integer, primary_key=True),
                sa.Column("name", sa.String(30), nullable=False, server_default="x", comment="who"),
                sa.Column("n", sa.Integer),
                sa.UniqueConstraint("name", name="uq"),
                sa.Index("ix", "n"),
            ),
        ),
        (
            "sqlite",
            """CREATE TABLE "t" (id INTEGER PRIMARY KEY, name VARCHAR(30) NOT NULL UNIQUE, born DATETIME DEFAULT CURRENT_TIMESTAMP,
               FOREIGN KEY (id) REFERENCES u (x) ON DELETE SET NULL)""",
            (
                "t",
                sa.Column("id", sa.Integer, sa.ForeignKey("u.x", ondelete="SET NULL"), primary_key=True),
                sa.Column("name", sa.String(30), nullable=False, unique=True),
                sa.Column("born", sa.DateTime, server_default=sa.text("CURRENT_TIMESTAMP")),
            ),
        ),
    ],
)
def test_create_table_is_the_table_that_sqlalchemy_would_make(dialect: str, text: str, table: tuple[object, ...]) -> None:
    assert_same(run(text, dialect), models(dialect, table), dialect)


def test_alter_table_on_postgresql() -> None:
    before = run("CREATE TABLE t (id int PRIMARY KEY, a varchar(5), b text, c int); CREATE TABLE u (id int PRIMARY KEY)", "postgresql")
    text = """
    ALTER TABLE ONLY public_t.t RENAME TO t;
    """
    assert read(text, "postgresql", before).kind == "opaque"
    after = run(
        """ALTER TABLE t ADD COLUMN d int NOT NULL DEFAULT 3, DROP COLUMN IF EXISTS zzz, ALTER COLUMN a TYPE text USING a::text,
             ALTER b SET DEFAULT 'y', ALTER b SET NOT NULL, ADD CONSTRAINT fk FOREIGN KEY (c) REFERENCES u (id) ON UPDATE CASCADE NOT VALID,
             ADD UNIQUE (a), ADD CHECK (c > 0);
           ALTER TABLE t RENAME COLUMN a TO aa; ALTER TABLE t RENAME TO tt; ALTER TABLE IF EXISTS gone DROP COLUMN x;
           COMMENT ON TABLE tt IS 'things'; COMMENT ON COLUMN tt.aa IS 'first'; CREATE INDEX ix ON tt USING gin (lower(b) DESC, c)
             INCLUDE (d) WHERE c > 3;
           ALTER INDEX ix RENAME TO iy; ALTER TABLE tt OWNER TO someone, VALIDATE CONSTRAINT fk""",
        "postgresql",
        before,
    )
    wanted = models(
        "postgresql",
        (
            "tt",
            sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("aa", sa.Text, comment="first"),
            sa.Column("b", sa.Text, server_default="y", nullable=False),
            sa.Column("c", sa.Integer),
            sa.Column("d", sa.Integer, nullable=False, server_default=sa.text("3")),
            sa.ForeignKeyConstraint(["c"], ["u.id"], name="fk", onupdate="CASCADE"),
            sa.UniqueConstraint("aa"),
            sa.CheckConstraint("c > 0"),
            sa.Index(
                "iy", sa.text("lower(b) DESC"), "c", postgresql_using="gin", postgresql_include=["d"], postgresql_where=sa.text("c > 3")
            ),
        ),
        ("u", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)),
    )
    commented = replace(wanted.table(TableName("tt")), comment="things")
    assert_same(after, wanted.with_table(commented), "postgresql")


def test_when_postgresql_checks_a_key_is_read() -> None:
    found = run(
        """CREATE TABLE t (id int, a int UNIQUE DEFERRABLE NOT NULL, b int, UNIQUE (b) NOT DEFERRABLE);
           ALTER TABLE t ADD CONSTRAINT k PRIMARY KEY (id, b) DEFERRABLE INITIALLY DEFERRED;
           CREATE TABLE u (id int PRIMARY KEY INITIALLY IMMEDIATE)""",
        "postgresql",
    )
    wanted = models(
        "postgresql",
        (
            "t",
            sa.Column("id", sa.Integer, autoincrement=False),
            sa.Column("a", sa.Integer, nullable=False),
            sa.Column("b", sa.Integer),
            sa.PrimaryKeyConstraint("id", "b", name="k", deferrable=True, initially="DEFERRED"),
            sa.UniqueConstraint("a", deferrable=True),
            sa.UniqueConstraint("b"),
        ),
        ("u", sa.Column("id", sa.Integer, primary_key=True, autoincrement=False)),
    )
    assert_same(found, wanted, "postgresql")


def test_alter_table_on_mysql() -> None:
    before = run("CREATE TABLE t (id int PRIMARY KEY, a int, b int, KEY ka (a), UNIQUE KEY kb (b))", "mysql")
    after = run(
        """ALTER TABLE t MODIFY a bigint NOT NULL COMMENT 'x', CHANGE b c varchar(9) DEFAULT 'z', DROP INDEX ka, DROP KEY kb,
             ADD INDEX kc (c(3)), ADD COLUMN d int AFTER id; RENAME TABLE t TO tt""",
        "mysql",
        before,
    )
    table = after.table(TableName("tt"))
    assert [column.name for column in table.columns] == ["id", "d", "a", "c"]
    assert (table.column("a").nullable, table.column("a").comment) == (False, "x")
    assert [index.name for index in table.indexes] == ["kc"]
    assert table.uniques == ()


def test_types_of_postgresql() -> None:
    schema = run("CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE t (m mood, n mood[])", "postgresql")
    schema = run(
        "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'happy' AFTER 'ok'; ALTER TYPE mood RENAME VALUE 'sad' TO 'low'", "postgresql", schema
    )
    schema = run("ALTER TYPE mood RENAME TO feeling", "postgresql", schema)
    assert schema.enums == {TableName("feeling"): Enum("feeling", ("low", "ok", "happy"))}
    wanted = sa.Enum("low", "ok", "happy", name="feeling")
    assert_same(schema, models("postgresql", ("t", sa.Column("m", wanted), sa.Column("n", sa.ARRAY(wanted)))), "postgresql")
    assert read("DROP TYPE feeling", "postgresql", schema).kind == "opaque"  # columns use it: the server refuses
    assert run("DROP TABLE t; DROP TYPE feeling", "postgresql", schema) == Schema()


def test_sequences_and_schemas() -> None:
    schema = run("CREATE SCHEMA IF NOT EXISTS s; CREATE SEQUENCE s.q START WITH 3 INCREMENT BY 2", "postgresql")
    assert schema.schemas == {"s"}
    assert dict(schema.sequences[TableName("q", "s")].options) == {"start": 3, "increment": 2}
    assert run("DROP SEQUENCE s.q; DROP SCHEMA s", "postgresql", schema) == Schema()


def test_drop_table_cascade_takes_the_foreign_keys_of_others_along() -> None:
    schema = run("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (x int REFERENCES a (id))", "postgresql")
    assert read("DROP TABLE a", "postgresql", schema).kind == "opaque"
    after = run("DROP TABLE IF EXISTS a, nowhere CASCADE", "postgresql", schema)
    assert after.table(TableName("b")).foreign_keys == ()


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO t (a) SELECT b FROM u ON CONFLICT DO NOTHING",
        "UPDATE t SET a = lower(b) WHERE c IN (SELECT c FROM u)",
        "WITH old AS (SELECT 1) DELETE FROM t USING old",
        "UPDATE t SET a = :value WHERE b = 'x;y'",
        "TRUNCATE t",
    ],
)
def test_statements_on_rows_are_data(text: str) -> None:
    reading = read(text, "postgresql", Schema())
    assert (reading.kind, reading.effects) == ("data", ())


def test_data_says_which_table_it_writes() -> None:
    assert read("DELETE FROM s.t WHERE a = 1", "postgresql", Schema()).touches == (TableName("t", "s"),)


@pytest.mark.parametrize(
    "text",
    [
        "CREATE OR REPLACE VIEW v AS SELECT 1",
        "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN CREATE TABLE x (a int); END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE PROCEDURE f()",
        "CREATE EXTENSION IF NOT EXISTS hstore",
        "DROP VIEW IF EXISTS v CASCADE",
        "GRANT ALL ON t TO someone",
        "SET lock_timeout = '5s'",
        "SET search_path TO public",
        "LOCK TABLE t IN EXCLUSIVE MODE",
        "ALTER SEQUENCE t_id_seq OWNED BY t.id",
        "COMMIT",
        "CREATE TEMPORARY TABLE t (a int)",
    ],
)
def test_what_is_not_modelled_stands_beside(text: str) -> None:
    reading = read(text, "postgresql", Schema())
    assert reading.kind in ("beside", "data"), reading
    assert reading.effects == ()


def test_a_query_gives_rows_and_changes_nothing() -> None:
    assert read("SELECT count(*) FROM t WHERE lower(a) = 'x'", "postgresql", Schema()) == Reading("query")
    assert read("PRAGMA table_info(t)", "sqlite", Schema()) == Reading("query")
    assert read("SELECT setval('q', (SELECT max(id) FROM t))", "postgresql", Schema()) == Reading("query")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("DO $$ BEGIN CREATE TABLE x (a int); END $$", "begins with DO"),
        ("SELECT create_hypertable('t', 'at')", "create_hypertable"),
        ("SELECT * INTO u FROM t", "SELECT ... INTO"),
        ("CALL migrate_everything()", "begins with CALL"),
        ("SET search_path TO other", "search_path"),
        ("CREATE TABLE t AS SELECT 1", ""),
        ("CREATE TABLE t (LIKE u)", ""),
        ("CREATE TABLE t (a int) PARTITION BY RANGE (a)", "PARTITION"),
        ("CREATE TABLE t (a no_such_type)", "no_such_type"),
        ("CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY (START 3))", ""),
        ("DROP EXTENSION hstore CASCADE", "CASCADE"),
        ("ALTER TABLE t ATTACH PARTITION u DEFAULT", ""),
        ("CREATE TABLE t (a int); FROBNICATE t", "FROBNICATE"),
        ("not sql 'at all", "not SQL"),
    ],
)
def test_what_is_not_understood_to_its_end_is_opaque(text: str, reason: str) -> None:
    schema = run("CREATE TABLE u (a int)", "postgresql")
    reading = read(text, "postgresql", schema)
    assert (reading.kind, reading.effects) == ("opaque", ())
    assert reason in reading.reason


def test_a_dialect_that_sqlglot_is_not_asked_for_is_opaque() -> None:
    assert read("CREATE TABLE t (a int)", "snowflake", Schema()).kind == "opaque"


def test_names_are_folded_as_the_server_folds_them() -> None:
    schema = run('CREATE TABLE Users (Id int, "Name" text)', "postgresql")
    assert [column.name for column in schema.table(TableName("users")).columns] == ["id", "Name"]
    assert TableName("Users") in run("CREATE TABLE Users (Id int)", "mysql").tables


def test_triggers_of_sqlite_hold_semicolons() -> None:
    text = "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE t SET a = 1; DELETE FROM u; END; CREATE TABLE v (a INT)"
    assert set(run(text, "sqlite").tables) == {TableName("v")}


def test_comments_and_empty_statements_are_nothing() -> None:
    assert read("-- nothing\n;; /* at all */", "postgresql", Schema()).kind == "data"
