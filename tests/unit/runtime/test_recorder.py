"""What a revision does, read without a database: its operations, its inspection, and where reading ends."""

from __future__ import annotations

import sys

import pytest

import gitmig
from gitmig import context, op, ops
from gitmig.ops import Place
from gitmig.replay import Recorded, touched, unread
from gitmig.revision import Revision
from gitmig.schema.values import Enum, TableName
from tests.unit.runtime.recording import made, record, recorder, source_of, table

USERS = """
op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(30), server_default="x"))
"""


def opaque(operations: tuple[ops.Operation, ...]) -> list[tuple[str, int]]:
    """Reason and line of what could not be read."""
    found = unread(Recorded("a1", operations))
    return [(each.reason, each.place.line if each.place else 0) for each in found]


def test_operations_are_recorded_and_applied() -> None:
    run = recorder("postgresql")
    operations = record(run, USERS + 'op.add_column("users", sa.Column("age", sa.Integer))')
    assert [type(each) for each in operations] == [ops.CreateTable, ops.AddColumn]
    assert [column.name for column in table(run.schema, "users").columns] == ["id", "name", "age"]


def test_a_later_revision_meets_what_an_earlier_one_made() -> None:
    run = recorder()
    record(run, USERS)
    assert opaque(record(run, 'op.rename_table("users", "people")')) == []
    assert set(run.schema.tables) == {TableName("people")}


def test_every_operation_has_its_line() -> None:
    run = recorder()
    operations = record(
        run, USERS + 'with op.batch_alter_table("users") as batch:\n    batch.drop_column("name")\nop.execute("DROP TABLE users")'
    )
    assert len(operations) == len(run.places) == 3
    assert [place.line for place in run.places if place] == [6, 7, 9]


def test_an_operation_that_does_not_fit_ends_the_reading_there() -> None:
    run = recorder()
    operations = record(run, USERS + 'op.drop_column("users", "age")\nop.drop_table("users")')
    assert opaque(operations) == [("does not fit the schema that earlier revisions make: table users has no column age to drop", 7)]
    assert TableName("users") in run.schema.tables


def test_an_exception_is_no_traceback_but_a_line() -> None:
    run = recorder()
    operations = record(run, USERS + "1 / 0\nop.drop_table('users')")
    assert opaque(operations) == [("raises ZeroDivisionError: division by zero", 7)]
    assert TableName("users") in run.schema.tables


def test_a_module_that_cannot_be_imported_is_told_with_its_line() -> None:
    assert opaque(record(recorder(), "pass", before="import no_such_module_at_all\n")) == [
        ("raises ModuleNotFoundError: No module named 'no_such_module_at_all'", 5)
    ]


def test_sys_exit_in_a_revision_ends_only_its_reading() -> None:
    assert opaque(record(recorder(), "import sys\nsys.exit(3)")) == [("raises SystemExit: 3", 7)]


@pytest.mark.parametrize(
    "query",
    [
        'op.get_bind().execute(sa.text("SELECT id FROM users")).fetchall()',
        'op.get_bind().scalar(sa.text("SELECT count(*) FROM users"))',
        'op.get_bind().execute(sa.select(sa.table("users", sa.column("id")))).mappings().all()',
        'op.get_bind().exec_driver_sql("SELECT id FROM users").first()',
        'list(op.get_bind().execute(sa.text("SELECT id FROM users")))',
    ],
)
def test_a_query_for_rows_ends_the_reading(query: str) -> None:
    run = recorder()
    record(run, USERS)
    ((reason, line),) = opaque(record(run, f"{query}\nop.drop_table('users')"))
    assert reason.startswith("asks the database for rows: SELECT")
    assert line == 6
    assert TableName("users") in run.schema.tables


def test_no_except_of_a_script_swallows_the_end() -> None:
    body = """
    for statement in ("SELECT 1", "SELECT 2"):
        try:
            op.get_bind().execute(sa.text(statement)).scalar()
        except Exception:
            op.create_table("guessed", sa.Column("id", sa.Integer))
    """
    run = recorder()
    ((_, line),) = opaque(record(run, body))
    assert line == 8
    assert run.schema.tables == {}


def test_even_a_bare_except_changes_nothing_any_more() -> None:
    body = """
    try:
        op.get_bind().execute(sa.text("SELECT 1")).scalar()
    except:
        pass
    op.create_table("guessed", sa.Column("id", sa.Integer))
    """
    run = recorder()
    assert len(opaque(record(run, body))) == 1
    assert run.schema.tables == {}


def test_a_session_of_the_orm_is_read_up_to_its_first_query() -> None:
    body = """
    from sqlalchemy import orm
    session = orm.Session(bind=op.get_bind())
    session.execute(sa.text("UPDATE users SET name = 'y'"))
    session.commit()
    op.add_column("users", sa.Column("age", sa.Integer))
    session.execute(sa.text("SELECT 1")).all()
    """
    run = recorder()
    record(run, USERS)
    ((_, line),) = opaque(record(run, body))
    assert line == 11
    assert table(run.schema, "users").has_column("age")


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql", "mysql"])
def test_rows_that_a_session_adds_are_data(dialect: str) -> None:
    body = """
    from sqlalchemy import orm
    Base = orm.declarative_base()
    class User(Base):
        __tablename__ = "users"
        id = sa.Column(sa.Integer, primary_key=True)
        name = sa.Column(sa.String(30))
    session = orm.Session(bind=op.get_bind())
    session.add(User(name="Ada"))
    session.add_all([User(name="Bob"), User(name="Cid")])
    session.commit()
    op.add_column("users", sa.Column("age", sa.Integer))
    """
    run = recorder(dialect)
    record(run, USERS)
    assert opaque(record(run, body)) == []
    assert table(run.schema, "users").has_column("age")


def test_statements_on_rows_are_skipped() -> None:
    body = """
    users = sa.table("users", sa.column("id"), sa.column("name"))
    op.bulk_insert(users, [{"id": 1, "name": "a"}])
    op.execute(users.update().values(name="b"))
    op.get_bind().execute(users.delete().where(users.c.id == 1))
    op.execute("DELETE FROM users WHERE id = 2")
    """
    run = recorder()
    record(run, USERS)
    before = run.schema
    operations = record(run, body)
    assert opaque(operations) == []
    assert run.schema == before
    assert all(isinstance(each, (ops.InsertRows, ops.Execute)) for each in operations)


def test_inspection_answers_from_what_was_replayed() -> None:
    body = """
    inspector = sa.inspect(op.get_bind())
    assert inspector.has_table("users") and not inspector.has_table("people")
    assert "users" in inspector.get_table_names()
    assert [c["name"] for c in inspector.get_columns("users")] == ["id", "name"]
    assert isinstance(inspector.get_columns("users")[1]["type"], sa.VARCHAR)
    assert inspector.get_pk_constraint("users")["constrained_columns"] == ["id"]
    assert inspector.get_indexes("users") == [{"name": "ix", "column_names": ["name"], "unique": True}]
    assert inspector.get_foreign_keys("users") == [] and inspector.get_unique_constraints("users") == []
    op.add_column("users", sa.Column("age", sa.Integer))
    inspector.clear_cache()
    assert "age" in [c["name"] for c in inspector.get_columns("users")]
    if not op.get_bind().dialect.has_table(op.get_bind(), "people"):
        op.create_table("people", sa.Column("id", sa.Integer))
    """
    run = recorder()
    record(run, USERS + 'op.create_index("ix", "users", ["name"], unique=True)')
    assert opaque(record(run, body)) == []
    assert TableName("people") in run.schema.tables


def test_inspection_of_a_table_that_is_not_there_raises_as_live() -> None:
    body = """
    try:
        sa.inspect(op.get_bind()).get_columns("nowhere")
    except sa.exc.NoSuchTableError:
        op.create_table("nowhere", sa.Column("id", sa.Integer))
    """
    assert TableName("nowhere") in made(body).tables


def test_a_reflected_table_serves_for_data() -> None:
    body = """
    users = sa.Table("users", sa.MetaData(), autoload_with=op.get_bind())
    op.execute(users.update().values(name="y"))
    op.bulk_insert(users, [{"id": 1, "name": "z"}])
    """
    for dialect in ("sqlite", "postgresql", "mysql"):
        run = recorder(dialect)
        record(run, USERS)
        assert opaque(record(run, body)) == []


def test_views_are_not_known() -> None:
    assert opaque(record(recorder(), "sa.inspect(op.get_bind()).get_view_names()")) == [("asks for views", 6)]


def test_tables_made_by_metadata_are_recorded() -> None:
    body = """
    metadata = sa.MetaData()
    kind = sa.Enum("a", "b", name="kind")
    teams = sa.Table("teams", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind))
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("t", sa.ForeignKey("teams.id"), index=True))
    metadata.create_all(op.get_bind())
    teams.create(op.get_bind(), checkfirst=True)
    """
    schema = made(body, "postgresql")
    assert set(schema.tables) == {TableName("teams"), TableName("users")}
    assert [index.name for index in table(schema, "users").indexes] == ["ix_users_t"]
    assert schema.enums == {TableName("kind"): Enum("kind", ("a", "b"))}


def test_tables_dropped_by_metadata_are_gone() -> None:
    run = recorder("postgresql")
    record(run, USERS)
    record(run, 'sa.Table("users", sa.MetaData(), autoload_with=op.get_bind()).drop(op.get_bind())')
    assert run.schema.tables == {}


def test_the_bind_knows_its_dialect() -> None:
    body = """
    assert op.get_bind().dialect.name == op.get_context().dialect.name == op.get_bind().engine.name == "postgresql"
    assert context.get_context().bind.dialect.name == "postgresql"
    assert not context.is_offline_mode()
    assert isinstance(op.get_bind(), sa.engine.Connection)
    """
    assert opaque(record(recorder("postgresql"), body)) == []


def test_blocks_around_statements_pass() -> None:
    body = """
    with op.get_context().autocommit_block():
        op.create_index("ix", "users", ["name"], postgresql_concurrently=True)
    with op.get_bind().begin_nested():
        op.execute("UPDATE users SET name = 'y'")
    """
    run = recorder("postgresql")
    record(run, USERS)
    assert opaque(record(run, body)) == []
    assert [index.name for index in table(run.schema, "users").indexes] == ["ix"]


def test_arguments_of_run_migrations_reach_upgrade() -> None:
    run = recorder(arguments={"prefix": "zuul_"})
    source = b"""
from gitmig import op
import sqlalchemy as sa
def upgrade(prefix=""):
    op.create_table(prefix + "t", sa.Column("a", sa.Integer))
"""
    run.record(Revision("a1", (), (), (), "a1.py"), source, "/project/a1.py")
    assert set(run.schema.tables) == {TableName("zuul_t")}


# -- what servers do by themselves


def test_an_unnamed_constraint_is_dropped_by_the_name_that_postgresql_gave_it() -> None:
    body = """
    op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("users", sa.Column("t", sa.Integer, sa.ForeignKey("teams.id")), sa.Column("n", sa.String, unique=True),
        sa.CheckConstraint("t > 0"))
    op.rename_table("users", "people")
    op.drop_constraint("users_t_fkey", "people", type_="foreignkey")
    op.drop_constraint("users_n_key", "people", type_="unique")
    op.drop_constraint("users_t_check", "people")
    """
    people = table(made(body, "postgresql"), "people")
    assert (people.foreign_keys, people.uniques, people.checks) == ((), (), ())


def test_mysql_numbers_its_foreign_keys_and_renames_them_with_the_table() -> None:
    body = """
    op.create_table("teams", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("users", sa.Column("a", sa.Integer, sa.ForeignKey("teams.id")), sa.Column("b", sa.Integer, sa.ForeignKey("teams.id")))
    op.drop_constraint("users_ibfk_1", "users", type_="foreignkey")
    op.rename_table("users", "people")
    op.drop_constraint("people_ibfk_2", "people", type_="foreignkey")
    """
    assert table(made(body, "mysql"), "people").foreign_keys == ()


def test_a_dropped_column_leaves_the_keys_of_mysql() -> None:
    body = USERS + 'op.create_index("ix", "users", ["id", "name"])\nop.drop_column("users", "name")'
    (index,) = table(made(body, "mysql"), "users").indexes
    assert index.columns() == ("id",)
    assert table(made(body, "postgresql"), "users").indexes == ()


def test_modify_on_mysql_says_what_the_script_says_exists() -> None:
    body = USERS + 'op.alter_column("users", "name", nullable=False, existing_type=sa.String(60), existing_server_default="y")'
    column = table(made(body, "mysql"), "users").column("name")
    assert (column.nullable, dict(column.type.args)["length"], column.default.text if column.default else None) == (False, 60, "y")
    column = table(made(body, "postgresql"), "users").column("name")
    assert (column.nullable, dict(column.type.args)["length"], column.default.text if column.default else None) == (False, 30, "x")


def test_modify_on_mysql_drops_what_a_script_for_alembic_does_not_say() -> None:
    body = USERS + 'op.alter_column("users", "name", nullable=False, existing_type=sa.String(60))\n'
    body += 'op.alter_column("users", "id", new_column_name="key", existing_type=sa.Integer)'
    source = source_of(body).replace(b"from gitmig import", b"from alembic import")
    run = recorder("mysql")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("", ".op", ".context"):
            patch.setitem(sys.modules, f"alembic{name}", {"": gitmig, ".op": op, ".context": context}[name])
        run.record(Revision("a1", (), (), (), "versions/a1.py"), source, "/project/versions/a1.py")
    name, key = table(run.schema, "users").column("name"), table(run.schema, "users").column("key")
    assert (name.nullable, dict(name.type.args)["length"], name.default) == (False, 60, None)
    assert key.autoincrement is False


def test_enumerated_types_come_with_their_table_on_postgresql() -> None:
    body = """
    from sqlalchemy.dialects.postgresql import ENUM
    op.create_table("a", sa.Column("k", ENUM("x", "y", name="kind")))
    op.create_table("b", sa.Column("k", ENUM("x", "y", name="kind", create_type=False)))
    op.create_table("c", sa.Column("k", ENUM("x", "y", name="other", create_type=False)))
    op.drop_table("a")
    """
    assert set(made(body, "postgresql").enums) == {TableName("kind")}  # DROP TABLE leaves the type where it is
    assert made('op.create_table("a", sa.Column("k", sa.Enum("x", name="kind")))').enums == {}


def test_a_foreign_key_with_use_alter_is_not_part_of_create_table() -> None:
    body = 'op.create_table("t", sa.Column("a", sa.Integer), sa.ForeignKeyConstraint(["a"], ["u.id"], use_alter=True))'
    assert table(made(body, "postgresql"), "t").foreign_keys == ()
    assert len(table(made(body, "sqlite"), "t").foreign_keys) == 1


def test_a_rebuild_takes_the_arguments_of_its_block() -> None:
    body = (
        USERS
        + """
with op.batch_alter_table("users", recreate="always", table_args=[sa.UniqueConstraint("name", name="uq")],
        table_kwargs={"sqlite_autoincrement": True}):
    pass
"""
    )
    users = table(made(body), "users")
    assert [unique.name for unique in users.uniques] == ["uq"]
    assert ("sqlite_autoincrement", True) in users.options
    assert [unique.name for unique in table(made(body, "postgresql"), "users").uniques] == ["uq"]
    assert table(made(body.replace('recreate="always", ', ""), "postgresql"), "users").uniques == ()


def test_a_block_with_a_naming_convention_names_what_has_no_name() -> None:
    body = """
    op.create_table("users", sa.Column("id", sa.Integer), sa.Column("name", sa.String), sa.UniqueConstraint("name"))
    with op.batch_alter_table("users", naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"}) as batch:
        batch.drop_constraint("uq_users_name", type_="unique")
    """
    assert table(made(body), "users").uniques == ()


# -- declarations


def test_a_query_declared_as_pure_data_gives_no_rows() -> None:
    body = """
    # gitmig: pure data
    for row in op.get_bind().execute(sa.text("SELECT id, name FROM users")):
        op.execute(sa.text("UPDATE users SET name = :name").bindparams(name=row.name.upper()))
    op.drop_column("users", "name")
    """
    run = recorder()
    record(run, USERS)
    assert opaque(record(run, body)) == []
    assert not table(run.schema, "users").has_column("name")


def test_a_declaration_above_upgrade_speaks_for_all_of_it() -> None:
    body = """
    ids = [row.id for row in op.get_bind().execute(sa.text("SELECT id FROM users"))]
    largest = op.get_bind().scalar(sa.text("SELECT max(id) FROM users"))
    op.execute(f"UPDATE users SET id = id + {largest + 1}")
    """
    run = recorder()
    record(run, USERS)
    assert opaque(record(run, body, before="# gitmig: pure data\n")) == []


def test_a_declaration_speaks_for_its_statement_only() -> None:
    body = """
    # gitmig: pure data
    op.get_bind().execute(sa.text("SELECT 1")).all()
    op.get_bind().execute(sa.text("SELECT 2")).all()
    """
    assert [line for _, line in opaque(record(recorder(), body))] == [8]


def test_what_raises_for_want_of_rows_is_told_where_more_follows() -> None:
    body = """
    largest = op.get_bind().scalar(sa.text("SELECT 1"))  # gitmig: pure data
    next_one = largest + 1
    op.create_table("t", sa.Column("id", sa.Integer))
    """
    assert [line for _, line in opaque(record(recorder(), body))] == [7]


def test_declared_tables_are_told_and_the_reading_goes_on() -> None:
    body = """
    # gitmig: touches users, audit.log
    op.execute("DO $$ BEGIN PERFORM 1; END $$")
    op.create_table("t", sa.Column("id", sa.Integer))
    """
    run = recorder("postgresql")
    operations = record(run, body)
    assert opaque(operations) == []
    assert set(touched(operations)) == {TableName("users"), TableName("log", "audit")}
    assert TableName("t") in run.schema.tables


def test_sql_that_cannot_be_read_is_named_and_the_reading_goes_on() -> None:
    body = """
    op.execute("DO $$ BEGIN PERFORM 1; END $$")
    op.create_table("t", sa.Column("id", sa.Integer))
    """
    run = recorder("postgresql")
    operations = record(run, body)
    assert opaque(operations) == [("SQL that cannot be read (a statement that begins with DO)", 6)]
    assert TableName("t") in run.schema.tables


def test_raw_ddl_is_what_it_says() -> None:
    schema = made('op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, n VARCHAR(10) NOT NULL UNIQUE)")')
    assert [column.name for column in table(schema, "t").columns] == ["id", "n"]
    assert table(schema, "t").uniques[0].columns == ("n",)


def test_the_place_is_that_of_the_innermost_line_of_the_file() -> None:
    operations = record(recorder(), "helper()", before="def helper():\n    op.get_bind().execute(sa.text('SELECT 1')).all()\n")
    (found,) = unread(Recorded("a1", operations))
    assert found.place == Place("versions/a1.py", 6)


def test_a_unique_constraint_of_mysql_goes_as_an_index() -> None:
    body = """
    op.create_table("users", sa.Column("name", sa.String(30), unique=True))
    op.drop_index("name", table_name="users")
    """
    assert table(made(body, "mysql"), "users").uniques == ()


def test_a_serial_whose_default_is_dropped_counts_no_more() -> None:
    body = USERS + 'op.alter_column("users", "id", server_default=None)\nop.execute("DROP SEQUENCE users_id_seq")'
    run = recorder("postgresql")
    assert opaque(record(run, body)) == []
    assert table(run.schema, "users").column("id").serial is False


@pytest.mark.parametrize(
    ("body", "serial"),
    [
        ('op.drop_constraint("users_pkey", "users", type_="primary")', True),
        ('op.alter_column("users", "id", type_=sa.Text())', True),
        ('op.alter_column("users", "id", type_=sa.BigInteger())', None),
        ('op.alter_column("users", "id", autoincrement=False)', True),
        ('op.create_foreign_key(None, "users", "others", ["id"], ["id"])', True),
        ('op.alter_column("users", "id", server_default="5")', False),
        ('op.alter_column("users", "id", new_column_name="key")', None),
        ('op.alter_column("users", "id", server_default=sa.text("nextval(\'users_id_seq\')"))', True),
        ('op.execute("ALTER TABLE users ALTER COLUMN id DROP DEFAULT")', False),
        ('op.add_column("users", sa.Column("n", sa.Integer))\nop.drop_column("users", "name")', None),
    ],
)
def test_a_serial_counts_on_until_its_default_goes(body: str, serial: bool | None) -> None:
    run = recorder("postgresql")
    assert opaque(record(run, USERS + body)) == []
    assert table(run.schema, "users").columns[0].serial is serial


@pytest.mark.parametrize(
    ("body", "serial"),
    [
        ('op.create_primary_key(None, "plain", ["id"])', False),
        ('op.execute("ALTER TABLE plain ADD PRIMARY KEY (id)")', False),
        (
            'op.execute("CREATE SEQUENCE s OWNED BY plain.id")\nop.alter_column("plain", "id", server_default=sa.text("nextval(\'s\')"))',
            True,
        ),
        ('op.execute("CREATE SEQUENCE s")\nop.alter_column("plain", "id", server_default=sa.text("nextval(\'s\')"))', None),
        (
            'op.execute("CREATE SEQUENCE s")\nop.alter_column("plain", "id", server_default=sa.text("nextval(\'s\')"))\n'
            'op.execute("ALTER SEQUENCE s OWNED BY plain.id")',
            True,
        ),
    ],
)
def test_a_plain_column_counts_only_when_a_sequence_of_its_own_fills_it(body: str, serial: bool | None) -> None:
    run = recorder("postgresql")
    plain = 'op.create_table("plain", sa.Column("id", sa.Integer, nullable=False))\n'
    assert opaque(record(run, plain + body)) == []
    assert table(run.schema, "plain").column("id").serial is serial
    assert (TableName("s") in run.schema.sequences) is (serial is None)


@pytest.mark.parametrize(
    "body",
    [
        'op.add_column("users", sa.Column("n", sa.Integer, primary_key=True))',
        'op.execute("ALTER TABLE users ADD COLUMN n SERIAL")',
        'op.drop_table("users")\nop.execute("CREATE TABLE users (id integer, n bigserial, PRIMARY KEY (id))")',
    ],
)
def test_a_serial_outside_of_the_key_counts(body: str) -> None:
    run = recorder("postgresql")
    assert opaque(record(run, USERS + body)) == []
    assert table(run.schema, "users").column("n").serial is True


def test_an_index_that_mysql_kept_for_a_foreign_key_can_be_dropped() -> None:
    body = """
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer))
op.create_foreign_key("fk", "t", "t", ["a"], ["id"])
op.drop_constraint("fk", "t", type_="foreignkey")
op.drop_index("fk", table_name="t")
"""
    run = recorder("mysql")
    assert opaque(record(run, body)) == []
    assert (table(run.schema, "t").foreign_keys, table(run.schema, "t").indexes) == ((), ())


def test_a_change_of_type_on_sqlite_makes_the_check_of_the_new_type() -> None:
    body = (
        USERS
        + """
with op.batch_alter_table("users") as batch:
    batch.alter_column("name", type_=sa.Enum("a", "b", name="kind", native_enum=False, create_constraint=True))
"""
    )
    (check,) = table(made(body), "users").checks
    assert (check.name, check.column) == ("kind", "name")


def test_what_a_revision_prints_logs_and_warns_of_is_not_shown(capfd: pytest.CaptureFixture[str], recwarn: pytest.WarningsRecorder) -> None:
    body = """
    import logging, warnings
    print("filling")
    logging.getLogger("mine").warning("slow")
    warnings.warn("old")
    """
    assert opaque(record(recorder(), body)) == []
    assert capfd.readouterr() == ("", "")
    assert len(recwarn) == 0


def test_read_literally_nothing_of_the_file_runs_and_the_rest_is_named() -> None:
    run = recorder("postgresql")
    body = USERS + "raise SystemExit\nop.add_column('users', sa.Column('age', sa.Integer))"
    operations = run.record(
        Revision("a1", (), (), (), "versions/a1.py"), source_of(body, "import no_such_module\n"), "a1.py", literally=True
    )
    assert [type(each).__name__ for each in operations] == ["CreateTable", "Opaque", "AddColumn"]
    assert opaque(operations) == [("is not evaluated: raise SystemExit", 8)]
    assert [column.name for column in table(run.schema, "users").columns] == ["id", "name", "age"]


def test_a_renamed_table_of_postgresql_keeps_the_names_that_the_server_made() -> None:
    body = """
    op.create_table("old", sa.Column("id", sa.Integer, primary_key=True), sa.Column("up", sa.Integer, sa.ForeignKey("old.id"), unique=True))
    op.rename_table("old", "new")
    op.create_unique_constraint(None, "new", ["up", "id"])
    op.drop_constraint("old_up_key", "new", type_="unique")
    """
    found = table(made(body, "postgresql"), "new")
    assert found.primary_key is not None
    assert found.primary_key.name == "old_pkey"
    assert [(key.name, key.target.name) for key in found.foreign_keys] == [("old_up_fkey", "new")]
    assert [(unique.name, unique.made) for unique in found.uniques] == [(None, "new_up_id_key")]


KEYED = """
op.create_table("t", sa.Column("a", sa.Integer), sa.Column("b", sa.Integer), sa.Column("x", sa.Integer),
    sa.PrimaryKeyConstraint("a", "b", name="pk"), sa.UniqueConstraint("x", name="uq"))
with op.batch_alter_table("t") as batch:
"""


@pytest.mark.parametrize(
    ("block", "columns", "name"),
    [
        ('batch.drop_column("b")', ("a",), "pk"),
        ('batch.drop_column("b"); batch.drop_column("a"); batch.add_column(sa.Column("n", sa.String(9), primary_key=True))', ("n",), "pk"),
        (
            'batch.drop_column("b"); batch.drop_column("a"); batch.drop_constraint("pk", type_="primary"); '
            'batch.add_column(sa.Column("n", sa.String(9), primary_key=True))',
            ("n",),
            None,
        ),
    ],
)
def test_the_key_after_a_block_on_sqlite(block: str, columns: tuple[str, ...], name: str | None) -> None:
    key = table(made(f"{KEYED}    {block}\n"), "t").primary_key
    assert key is not None and (key.columns, key.name) == (columns, name)


@pytest.mark.parametrize(
    "block", ['batch.drop_column("x"); batch.drop_constraint("uq", type_="unique")', 'batch.drop_constraint("uq", "check")']
)
def test_a_constraint_is_dropped_in_a_block_by_its_name_alone(block: str) -> None:
    assert table(made(f"{KEYED}    {block}\n"), "t").uniques == ()
