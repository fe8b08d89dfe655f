"""The journal: what counts as a statement, and how MariaDB resumes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from gitmig.adapters.journal import _REPEATABLE, Journal, _kind, shortened
from gitmig.errors import StatementChanged

pytestmark = pytest.mark.mariadb


@pytest.fixture
def connection(mariadb_url: str) -> Iterator[sa.Connection]:
    with sa.create_engine(mariadb_url, poolclass=sa.NullPool).connect() as connection:
        yield connection


@pytest.fixture(params=["outside of transactions", "inside", "outside, rows unforeseen", "inside, rows unforeseen"])
def journal(request: pytest.FixtureRequest, connection: sa.Connection, monkeypatch: pytest.MonkeyPatch) -> Journal:
    """As on MariaDB, and as on MySQL or Galera; data statements foreseen or not."""
    outside = request.param.startswith("outside")
    monkeypatch.setattr(Journal, "_outside_transactions", lambda self: outside)
    journal = Journal(connection, "alembic_version")
    journal.create(rows=not request.param.endswith("unforeseen"))
    connection.commit()
    return journal


class Stop(Exception):
    pass


def run(connection: sa.Connection, journal: Journal, statements: list[str], stop_after: int | None = None) -> None:
    """The statements as one revision; after ``stop_after`` of them the process "dies": its transaction is rolled back."""
    left = journal.last()
    connection.rollback()
    connection.begin()
    try:
        with journal.following("aaaa", "upgrade", left):
            for place, statement in enumerate(statements):
                if place == stop_after:
                    raise Stop
                connection.execute(sa.text(statement))
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
    journal.remove()


SCRIPT = [
    "CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER)",
    "INSERT INTO t VALUES (1, 0)",
    "UPDATE t SET n = n + 1",
    "ALTER TABLE t ADD COLUMN more INTEGER",
    "UPDATE t SET n = n + 1",
    "SELECT * FROM t",
    "CREATE INDEX ix ON t (more)",
]


@pytest.mark.parametrize("stop_after", range(len(SCRIPT) + 1))
def test_a_script_that_was_stopped_anywhere_is_finished_once(connection: sa.Connection, journal: Journal, stop_after: int) -> None:
    if stop_after < len(SCRIPT):
        with pytest.raises(Stop):
            run(connection, journal, SCRIPT, stop_after)
    run(connection, journal, SCRIPT)
    assert connection.execute(sa.text("SELECT id, n, more FROM t")).all() == [(1, 2, None)]
    assert not journal.exists()
    assert sa.inspect(connection).get_table_names() == ["t"]


def test_a_statement_under_way_counts_as_done_if_it_was(connection: sa.Connection, journal: Journal) -> None:
    with pytest.raises(Stop):
        run(connection, journal, SCRIPT, 4)
    connection.execute(sa.text("UPDATE gitmig_journal SET done = 0 WHERE ordinal = 4"))
    connection.commit()
    left = journal.last()
    assert left is not None
    assert left.place() == ("3 statements of its upgrade were done, and this one was under way: ALTER TABLE t ADD COLUMN more INTEGER")
    run(connection, journal, SCRIPT)
    assert connection.execute(sa.text("SELECT id, n, more FROM t")).all() == [(1, 2, None)]


def test_a_statement_under_way_is_run_if_it_was_not_done(connection: sa.Connection, journal: Journal) -> None:
    with pytest.raises(Stop):
        run(connection, journal, SCRIPT, 4)
    connection.execute(sa.text("ALTER TABLE t DROP COLUMN more"))
    connection.execute(sa.text("UPDATE gitmig_journal SET done = 0 WHERE ordinal = 4"))
    connection.commit()
    run(connection, journal, SCRIPT)
    assert connection.execute(sa.text("SELECT id, n, more FROM t")).all() == [(1, 2, None)]


def test_the_first_statement_that_differs_is_named_and_nothing_runs(connection: sa.Connection, journal: Journal) -> None:
    with pytest.raises(Stop):
        run(connection, journal, SCRIPT, 5)
    changed = [*SCRIPT[:3], "ALTER TABLE t ADD COLUMN other INTEGER", *SCRIPT[4:]]
    with pytest.raises(
        StatementChanged, match=r"its statement 4 was `ALTER TABLE t ADD COLUMN more INTEGER`, and its script now says: .*other"
    ):
        run(connection, journal, changed)
    with pytest.raises(StatementChanged, match="its script ends before it"):
        run(connection, journal, SCRIPT[:2])
    run(connection, journal, SCRIPT)


def test_a_failed_statement_may_be_corrected(connection: sa.Connection, journal: Journal) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        run(connection, journal, [*SCRIPT[:4], "ALTER TABLE t ADD COLUMN bad NOTYPE"])
    run(connection, journal, [*SCRIPT[:4], "ALTER TABLE t ADD COLUMN good INTEGER"])
    assert [column["name"] for column in sa.inspect(connection).get_columns("t")] == ["id", "n", "more", "good"]


def test_an_insert_whose_row_is_returned_can_be_skipped(connection: sa.Connection, journal: Journal) -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer))
    connection.execute(sa.schema.CreateTable(table))
    connection.commit()

    def script(stop: bool) -> None:
        left = journal.last()
        connection.rollback()
        connection.begin()
        with journal.following("aaaa", "upgrade", left):
            connection.execute(table.insert().values(n=5))
            connection.execute(table.insert(), [{"n": 6}, {"n": 7}])
            connection.execute(sa.text("CREATE INDEX ix ON t (n)"))
            if stop:
                raise Stop
        connection.commit()

    with pytest.raises(Stop):
        script(True)
    connection.rollback()
    script(False)
    assert connection.execute(sa.text("SELECT n FROM t ORDER BY n")).scalars().all() == [5, 6, 7]


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("SELECT 1", "reading"),
        ("  -- a comment\n /* another */ (select 1)", "reading"),
        ("SET FOREIGN_KEY_CHECKS=0", "reading"),
        ("insert into t values (1)", "data"),
        ("WITH x AS (SELECT 1) DELETE FROM t", "data"),
        ("CREATE TABLE t (id int)", "ddl"),
        ("/*!50001 CREATE VIEW v AS SELECT 1 */", "ddl"),
        ("\nALTER TABLE t ADD c INT", "ddl"),
        ("OPTIMIZE TABLE t", "ddl"),
    ],
)
def test_kinds_of_statements(statement: str, kind: str) -> None:
    assert _kind(statement) == kind


def test_a_statement_is_shown_on_one_line() -> None:
    assert shortened("CREATE\n  TABLE t") == "CREATE TABLE t"
    assert len(shortened("x" * 500)) == 120


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("CREATE TABLE t (id int)", True),
        ("\nDROP INDEX ix ON t", True),
        ("RENAME TABLE t TO u", True),
        ("ALTER TABLE `a b` ADD COLUMN c INT", False),
        ("ALTER TABLE t ADD COLUMN c INT, ADD INDEX (c)", True),
        ("ALTER TABLE t ADD COLUMN IF NOT EXISTS c INT, ADD INDEX (c)", False),
        ("ALTER TABLE t MODIFY c BIGINT NOT NULL", True),
        ("ALTER TABLE t MODIFY c BIGINT,\nADD INDEX (c)", False),
        ("ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES u (id)", False),
        ("ALTER TABLE t CHANGE a b INT", False),
        ("ANALYZE TABLE t", False),
    ],
)
def test_what_the_server_refuses_the_second_time_or_may_run_twice_needs_no_mark(statement: str, refused: bool) -> None:
    assert (_REPEATABLE.match(statement) is not None) is refused
