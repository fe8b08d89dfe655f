"""Batch blocks on SQLite: gitmig and Alembic lead to the same table, and to the same rows."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import Operations as AlembicOperations
from alembic.runtime.migration import MigrationContext

from gitmig import ddl, ops
from gitmig.runtime.operations import Operations
from gitmig.schema.sqlitesql import read_table
from gitmig.schema.values import Schema

SETUP = (
    "CREATE TABLE u (id INTEGER NOT NULL, PRIMARY KEY (id))",
    # Line by line, as SQLAlchemy writes it: the reflection of its first 2.0 versions, and so Alembic, reads nothing else.
    "CREATE TABLE t (\n\tid INTEGER NOT NULL, \n\ta VARCHAR(20), \n\tb INTEGER DEFAULT '3' NOT NULL, \n\tc INTEGER, "
    "\n\td DATETIME DEFAULT CURRENT_TIMESTAMP, \n\tPRIMARY KEY (id), \n\tUNIQUE (a), "
    "\n\tFOREIGN KEY(c) REFERENCES u (id) ON DELETE cascade, \n\tCONSTRAINT ck CHECK (b > 0), \n\tCONSTRAINT uu UNIQUE (b, c)\n)",
    "CREATE INDEX ix_a ON t (a)",
    "CREATE UNIQUE INDEX ix_p ON t (c) WHERE c > 0",
    "INSERT INTO u VALUES (1), (2)",
    "INSERT INTO t (id, a, b, c, d) VALUES (1, 'x', 3, 1, '2024-01-01'), (2, 'y', 4, 2, NULL)",
)
CONVENTION = {
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


class Run:
    """As much of a run as a batch block asks for."""

    naming_convention = None
    keeps_unsaid = True
    context: Any = None

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        self.dialect = connection.dialect
        self.memo: dict[str, Any] = {}

    def perform(self, operation: ops.Operation) -> None:
        query = ddl.live_query(operation, self.dialect)
        live = None if query is None else [tuple(row) for row in self.connection.execute(query)]
        for statement in ddl.statements(ops.Step(operation, Schema(), Schema()), self.dialect, live=live):
            statement.run(self.connection, self.memo)

    def execute(self, statement: Any, execution_options: Any = None) -> None:
        self.connection.execute(sa.text(statement) if isinstance(statement, str) else statement)

    def bind(self) -> sa.Connection:
        return self.connection

    def table(self, name: Any) -> None:
        return None


def seen(connection: sa.Connection) -> dict[str, Any]:
    """The table as the pragmas tell it, its constraints as text, its other objects, its rows."""

    def rows(query: str) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in connection.exec_driver_sql(query)]

    text = read_table(connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 't'").scalar_one())
    inline = [clause.text for column in text.columns for clause in column.clauses if clause.kind in ("unique", "check", "foreignkey")]
    return {
        "columns": rows("SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo('t')"),
        "keys": sorted(rows('SELECT "table", "from", "to", on_update, on_delete FROM pragma_foreign_key_list(\'t\')')),
        "constraints": sorted(re.sub(r"\s+", " ", clause.text) for clause in text.constraints),
        "inline": inline,
        "indexes": sorted(rows("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL")),
        "rows": rows("SELECT * FROM t ORDER BY 1"),
    }


def result(script: Callable[[Any], Any], operations: Callable[[sa.Connection], Any]) -> dict[str, Any]:
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        for statement in SETUP:
            connection.exec_driver_sql(statement)
        script(operations(connection))
        found = seen(connection)
    engine.dispose()
    return found


def batch(block: Callable[[Any], Any], first: tuple[str, ...] = (), **arguments: Any) -> Callable[[Any], None]:
    def script(op: Any) -> None:
        for statement in first:
            op.execute(statement)
        with op.batch_alter_table("t", **arguments) as b:
            block(b)

    return script


def copied() -> sa.Table:
    return sa.Table(
        "t",
        sa.MetaData(),
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(30), server_default="x"),
        sa.CheckConstraint("length(a) < 100"),
        sa.Index("ixx", "a"),
    )


KEY_OF_THREE = (
    "DROP TABLE t",
    "CREATE TABLE t (id INTEGER NOT NULL, k INTEGER NOT NULL, l INTEGER NOT NULL, x TEXT, CONSTRAINT pp PRIMARY KEY (l, k, id))",
)
# Columns whose types SQLAlchemy reads back as others.
TYPES = (
    "DROP TABLE t",
    "CREATE TABLE t (id INTEGER NOT NULL, a VARCHAR(20), b INT, c BINARY(16), d BOOL, e TINYINT(1), f DOUBLE PRECISION, "
    "g CHARACTER(20), h UUID, j int8, PRIMARY KEY (id))",
)


CASES: dict[str, Callable[[], Callable[[Any], Any]]] = {
    "nothing": lambda: batch(lambda b: None, recreate="always"),
    "forbid NULL": lambda: batch(lambda b: b.alter_column("a", nullable=False)),
    "change a type": lambda: batch(lambda b: b.alter_column("a", type_=sa.Text())),
    "make a number text": lambda: batch(lambda b: b.alter_column("b", type_=sa.String(20))),
    "set a default": lambda: batch(lambda b: b.alter_column("b", server_default="7")),
    "set a default that is a call": lambda: batch(lambda b: b.alter_column("d", server_default=sa.text("(datetime('now'))"))),
    "drop a default": lambda: batch(lambda b: b.alter_column("d", server_default=None)),
    "rename": lambda: batch(lambda b: b.alter_column("a", new_column_name="aa")),
    "rename and forbid NULL": lambda: batch(lambda b: b.alter_column("a", new_column_name="group", nullable=False)),
    "add a column": lambda: batch(lambda b: b.add_column(sa.Column("z", sa.Integer, server_default="1", nullable=False))),
    "add a column and change another": lambda: batch(
        lambda b: [b.add_column(sa.Column("z", sa.Integer)), b.alter_column("a", nullable=False)]
    ),
    "add a column with a key": lambda: batch(
        lambda b: b.add_column(sa.Column("z", sa.Integer, sa.ForeignKey("u.id", name="fkz", ondelete="SET NULL")))
    ),
    "add a column with a check of its type": lambda: batch(
        lambda b: b.add_column(sa.Column("z", sa.Boolean(create_constraint=True, name="zz")))
    ),
    "add a column with an expression as default": lambda: batch(
        lambda b: b.add_column(sa.Column("z", sa.Integer, server_default=sa.text("(1+2)")))
    ),
    "add computed columns": lambda: batch(
        lambda b: [
            b.add_column(sa.Column("y", sa.Integer, sa.Computed("b+1", persisted=True))),
            b.add_column(sa.Column("z", sa.Integer, sa.Computed("b+1"))),
        ]
    ),
    "add a column at a place": lambda: batch(lambda b: b.add_column(sa.Column("z", sa.Integer), insert_after="id"), recreate="always"),
    "order columns": lambda: batch(
        lambda b: b.add_column(sa.Column("z", sa.Integer)), partial_reordering=[("id", "z", "a")], recreate="always"
    ),
    "drop a column": lambda: batch(lambda b: b.drop_column("d")),
    "drop a column, then the constraints that went with it": lambda: batch(
        lambda b: [
            b.drop_column("c"),
            b.drop_index("ix_p"),
            b.drop_constraint("fk_t_c_u", type_="foreignkey"),
            b.drop_constraint("uu", type_="unique"),
        ],
        naming_convention=CONVENTION,
    ),
    "drop a constraint as another kind than it is": lambda: batch(lambda b: b.drop_constraint("uu", type_="foreignkey")),
    "drop one of the key's columns": lambda: batch(lambda b: b.drop_column("k"), KEY_OF_THREE),
    "another column for the key": lambda: batch(
        lambda b: [b.drop_column("id"), b.add_column(sa.Column("id", sa.String(9), primary_key=True))], ("DELETE FROM t",)
    ),
    "another column for a named key": lambda: batch(
        lambda b: [b.add_column(sa.Column("n", sa.String(9), primary_key=True)), *map(b.drop_column, ("id", "k", "l"))], KEY_OF_THREE
    ),
    "another column and another name for the key": lambda: batch(
        lambda b: [
            b.drop_column("id"),
            b.drop_constraint("pk_t", type_="primary"),
            b.add_column(sa.Column("id", sa.String(9), nullable=False)),
            b.create_primary_key("new", ["id"]),
        ],
        ("DELETE FROM t",),
        naming_convention=CONVENTION,
    ),
    "a column for the key that says so, alone": lambda: batch(
        lambda b: b.add_column(sa.Column("n", sa.Integer, primary_key=True)), ("DROP TABLE t", "CREATE TABLE t (id INTEGER, a TEXT)")
    ),
    "a column for the key that says so, in a table made anew": lambda: batch(
        lambda b: b.add_column(sa.Column("n", sa.Integer, primary_key=True)),
        ("DROP TABLE t", "CREATE TABLE t (id INTEGER, a TEXT)"),
        recreate="always",
    ),
    "types that reflection spells in its own way": lambda: batch(lambda b: b.alter_column("a", nullable=False), TYPES),
    "a default left out while it is reflected": lambda: batch(
        lambda b: b.alter_column("a", nullable=False),
        reflect_kwargs={"listeners": [("column_reflect", lambda i, t, c: c.update(default=None) if c["name"] == "b" else None)]},
    ),
    "drop a unique constraint": lambda: batch(lambda b: b.drop_constraint("uu", type_="unique")),
    "drop a check": lambda: batch(lambda b: b.drop_constraint("ck", type_="check")),
    "drop a unique constraint by its conventional name": lambda: batch(
        lambda b: b.drop_constraint("uq_t_a", type_="unique"), naming_convention=CONVENTION
    ),
    "drop a foreign key by its conventional name": lambda: batch(
        lambda b: b.drop_constraint("fk_t_c_u", type_="foreignkey"), naming_convention=CONVENTION
    ),
    "drop the primary key by its conventional name": lambda: batch(
        lambda b: b.drop_constraint("pk_t", type_="primary"), naming_convention=CONVENTION
    ),
    "name what has no name": lambda: batch(lambda b: b.alter_column("a", nullable=False), naming_convention=CONVENTION),
    "add a unique constraint": lambda: batch(lambda b: b.create_unique_constraint("q", ["a", "b"])),
    "add a check": lambda: batch(lambda b: b.create_check_constraint("q", "b < 50")),
    "add a foreign key": lambda: batch(
        lambda b: b.create_foreign_key(
            "q", "u", ["b"], ["id"], ondelete="cascade", onupdate="SET NULL", deferrable=True, initially="DEFERRED"
        )
    ),
    "add a foreign key to itself": lambda: batch(lambda b: b.create_foreign_key("q", "t", ["c"], ["id"])),
    "add a primary key": lambda: batch(lambda b: b.create_primary_key("q", ["id", "b"])),
    "indexes": lambda: batch(
        lambda b: [b.create_index("ix_t_b", ["b"], unique=True), b.drop_index("ix_a"), b.alter_column("a", nullable=False)]
    ),
    "indexes alone": lambda: batch(lambda b: [b.create_index("ix_t_b", ["b"]), b.drop_index("ix_a")]),
    "arguments of the table": lambda: batch(
        lambda b: None,
        table_args=(sa.UniqueConstraint("a", "b", name="q"), sa.CheckConstraint("b < 9", name="q2"), sa.Column("z", sa.Integer)),
        table_kwargs={"sqlite_autoincrement": True},
        recreate="always",
    ),
    "a table to copy from": lambda: batch(lambda b: b.alter_column("a", nullable=False), copy_from=copied()),
    "columns said in place of reflected ones": lambda: batch(
        lambda b: b.alter_column("c", nullable=False), reflect_args=[sa.Column("a", sa.Enum("x", "y", name="ee", create_constraint=True))]
    ),
    "columns changed as they are reflected": lambda: batch(
        lambda b: b.alter_column("c", nullable=False),
        reflect_kwargs={
            "listeners": [("column_reflect", lambda i, t, c: c.update(type=sa.Unicode(99)) if isinstance(c["type"], sa.String) else None)]
        },
    ),
    "an enum": lambda: batch(lambda b: b.alter_column("a", type_=sa.Enum("x", "y", name="ee"))),
    "an enum with a named check": lambda: batch(lambda b: b.alter_column("a", type_=sa.Enum("x", "y", name="ee", create_constraint=True))),
    "an enum with a check": lambda: batch(lambda b: b.alter_column("a", type_=sa.Enum("x", "y", create_constraint=True))),
}


@pytest.mark.filterwarnings("ignore::UserWarning", "ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.parametrize("case", CASES)
def test_a_batch_block_leads_to_the_same_table_as_with_alembic(case: str) -> None:
    expected = result(CASES[case](), lambda connection: AlembicOperations(MigrationContext.configure(connection)))
    assert result(CASES[case](), lambda connection: Operations(Run(connection))) == expected


def test_keys_of_columns_stand_behind_the_columns_after_a_block_and_lose_nothing() -> None:
    def script(op: Any) -> None:
        op.execute("ALTER TABLE t ADD COLUMN z INTEGER CONSTRAINT ckz CHECK (z > 0) REFERENCES u (id) ON DELETE SET NULL")
        with op.batch_alter_table("t") as b:
            b.alter_column("a", nullable=False)

    found = result(script, lambda connection: Operations(Run(connection)))
    assert "CONSTRAINT ckz CHECK (z > 0)" in found["constraints"]
    assert "FOREIGN KEY(z) REFERENCES u (id) ON DELETE SET NULL" in found["constraints"]
    assert found["inline"] == []
