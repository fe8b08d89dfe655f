"""The directives of ``op``, as operations."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from gitmig import op, ops
from gitmig.ops import UNSET
from gitmig.runtime.operations import Operations
from gitmig.runtime.run import activate
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Computed, Table, TableName

CONVENTION = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Collecting:
    """A run that keeps what it is given."""

    context = None
    keeps_unsaid = True

    def __init__(self, dialect: str = "postgresql", naming_convention: dict[str, str] | None = None) -> None:
        self.dialect = dialect_named(dialect)
        self.naming_convention = naming_convention
        self.performed: list[ops.Operation] = []
        self.executed: list[object] = []

    def perform(self, operation: ops.Operation) -> None:
        self.performed.append(operation)

    def execute(self, statement: object, execution_options: object = None) -> None:
        self.executed.append(statement)

    def bind(self) -> None:
        return None

    def table(self, name: TableName) -> Table | None:
        return None


def performed(call: object, dialect: str = "postgresql", naming_convention: dict[str, str] | None = None) -> list[ops.Operation]:
    run = Collecting(dialect, naming_convention)
    with activate(run):
        call()  # type: ignore[operator]
    return run.performed


def test_outside_of_a_run_a_directive_says_so_in_the_words_of_alembic() -> None:
    with pytest.raises(NameError, match=r"Can't invoke function 'add_column', as the proxy object has not yet been established"):
        op.add_column("users", sa.Column("x", sa.Integer))


def test_an_assigned_proxy_answers_where_no_run_is_active(monkeypatch: pytest.MonkeyPatch) -> None:
    run = Collecting()
    monkeypatch.setattr(op, "_proxy", Operations(run))
    op.drop_table("users")
    assert run.performed == [ops.DropTable(TableName("users"))]


def test_a_name_that_is_no_directive_is_no_attribute() -> None:
    with pytest.raises(AttributeError):
        op.create_tabel  # noqa: B018


def test_create_table_gives_the_table_that_bulk_insert_takes() -> None:
    run = Collecting()
    with activate(run):
        users = op.create_table("users", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(30)))
        op.bulk_insert(users, [{"id": 1, "name": "Ada"}])
    created, inserted = run.performed
    assert isinstance(created, ops.CreateTable)
    assert created.table.original is users
    assert isinstance(inserted, ops.InsertRows)
    assert (inserted.table, inserted.count, inserted.target) == (TableName("users"), 1, users)


@pytest.mark.parametrize("rows", [({"id": 1},), [("id", 1)]])
def test_bulk_insert_wants_a_list_of_dictionaries(rows: object) -> None:
    users = sa.table("users", sa.column("id"))
    with pytest.raises(TypeError, match="expected"):
        performed(lambda: op.bulk_insert(users, rows))  # type: ignore[arg-type]


def test_a_column_brings_its_keys_and_its_index_as_operations_of_their_own() -> None:
    column = sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id", ondelete="CASCADE"), unique=True)
    added, key, unique = performed(lambda: op.add_column("users", column))
    assert isinstance(added, ops.AddColumn)
    assert added.column.name == "team_id"
    assert isinstance(key, ops.AddConstraint)
    assert isinstance(unique, ops.AddConstraint)
    assert key.describe() == "add foreign key (team_id) on users"
    assert unique.describe() == "add unique constraint (team_id) on users"
    *_, index = performed(lambda: op.add_column("users", sa.Column("name", sa.String, index=True)))
    assert isinstance(index, ops.CreateIndex)
    assert index.index.name == "ix_users_name"


def test_inline_references_are_said_by_the_column() -> None:
    column = sa.Column("team_id", sa.Integer, sa.ForeignKey("teams.id"))
    (added,) = performed(lambda: op.add_column("users", column, inline_references=True))
    assert isinstance(added, ops.AddColumn)
    assert added.references is not None
    assert added.references.target == TableName("teams")


def test_a_check_in_the_column_is_said_by_the_column() -> None:
    (added,) = performed(lambda: op.add_column("users", sa.Column("age", sa.Integer, sa.CheckConstraint("age > 0", name="adult"))))
    assert isinstance(added, ops.AddColumn)
    assert [check.name for check in added.checks] == ["adult"]


def test_not_given_and_none_are_two_things_in_alter_column() -> None:
    (altered,) = performed(lambda: op.alter_column("users", "name", server_default=None, comment=None, nullable=False))
    assert isinstance(altered, ops.AlterColumn)
    assert altered.change.given() == {"nullable": False, "default": None, "comment": None}
    (renamed,) = performed(lambda: op.alter_column("users", "name", new_column_name="label"))
    assert isinstance(renamed, ops.AlterColumn)
    assert renamed.change.given() == {"name": "label"}


def test_alter_column_takes_what_real_files_pass_and_alembic_takes() -> None:
    (altered,) = performed(lambda: op.alter_column("users", "name", nullable=True, primary_key=True, unique=True, default=3, _type="x"))
    assert isinstance(altered, ops.AlterColumn)
    assert altered.change.given() == {"nullable": True}


def test_a_default_may_be_computed() -> None:
    (altered,) = performed(lambda: op.alter_column("users", "total", server_default=sa.Computed("a + b")))
    assert isinstance(altered, ops.AlterColumn)
    assert isinstance(altered.change.computed, Computed)
    assert altered.change.default is UNSET


def test_using_is_part_of_a_type_change() -> None:
    (altered,) = performed(lambda: op.alter_column("t", "c", type_=sa.Integer, existing_type=sa.String(), postgresql_using="c::integer"))
    assert isinstance(altered, ops.AlterColumn)
    assert altered.using == "c::integer"
    assert altered.existing.type is not UNSET


def test_names_come_from_the_naming_convention_unless_they_are_final() -> None:
    def script() -> None:
        op.create_unique_constraint(None, "users", ["email"])
        op.create_check_constraint("adult", "users", "age > 17")
        op.create_check_constraint(op.f("adult"), "users", "age > 17")
        op.create_foreign_key(None, "users", "teams", ["team_id"], ["id"])
        op.create_primary_key(None, "users", ["id"])
        op.create_index(None, "users", ["name"])
        op.drop_constraint("adult", "users", type_="check")

    names = [
        each.index.name if isinstance(each, ops.CreateIndex) else each.constraint.name if isinstance(each, ops.AddConstraint) else each.name
        for each in performed(script, naming_convention=CONVENTION)
        if isinstance(each, (ops.AddConstraint, ops.CreateIndex, ops.DropConstraint))
    ]
    assert names == ["uq_users_email", "ck_users_adult", "adult", "fk_users_team_id_teams", "pk_users", "ix_users_name", "ck_users_adult"]


def test_a_foreign_key_into_its_own_table_knows_its_columns() -> None:
    (added,) = performed(lambda: op.create_foreign_key("fk", "people", "people", ["boss_id"], ["id"], ondelete="SET NULL", use_alter=True))
    assert isinstance(added, ops.AddConstraint)
    assert added.constraint.original.table.name == "people"
    text = str(sa.schema.AddConstraint(added.constraint.original).compile(dialect=dialect_named("postgresql")))
    assert text == "ALTER TABLE people ADD CONSTRAINT fk FOREIGN KEY(boss_id) REFERENCES people (id) ON DELETE SET NULL"


def test_an_index_takes_names_text_and_expressions() -> None:
    def script() -> None:
        op.create_index(
            "ix", "t", ["a", sa.text("lower(b)"), sa.func.upper(sa.column("c"))], unique=True, postgresql_where=sa.text("a > 1")
        )

    (created,) = performed(script)
    assert isinstance(created, ops.CreateIndex)
    text = str(sa.schema.CreateIndex(created.index.original).compile(dialect=dialect_named("postgresql")))
    assert text == "CREATE UNIQUE INDEX ix ON t (a, lower(b), upper(c)) WHERE a > 1"


def test_what_drop_index_is_told_goes_with_it() -> None:
    (dropped,) = performed(lambda: op.drop_index("ix", table_name="t", postgresql_concurrently=True, if_exists=True))
    assert isinstance(dropped, ops.DropIndex)
    assert dropped.if_exists
    assert dropped.index is not None
    assert ("postgresql_concurrently", True) in dropped.index.options


def test_a_kind_of_constraint_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(TypeError, match="'type' can be one of"):
        performed(lambda: op.drop_constraint("x", "t", type_="primarykey"))


def test_a_batch_block_is_one_operation() -> None:
    def script() -> None:
        with op.batch_alter_table("t", recreate="always") as batch:
            batch.add_column(sa.Column("a", sa.Integer), insert_after="id")
            batch.drop_column("b")
            batch.drop_constraint("uq", type_="unique")

    (group,) = performed(script)
    assert isinstance(group, ops.AlterTable)
    assert group.recreate == "always"
    assert [type(each) for each in group.ops] == [ops.AddColumn, ops.DropColumn, ops.DropConstraint]


def test_a_batch_block_that_raises_does_nothing() -> None:
    run = Collecting()
    with activate(run), pytest.raises(ZeroDivisionError), op.batch_alter_table("t") as batch:
        batch.drop_column("b")
        raise ZeroDivisionError
    assert run.performed == []


def test_a_rebuild_cannot_drop_a_constraint_without_a_name() -> None:
    def script() -> None:
        with op.batch_alter_table("t") as batch:
            batch.drop_constraint(None, type_="unique")  # type: ignore[arg-type]

    with pytest.raises(ValueError, match="Constraint must have a name"):
        performed(script, "sqlite")


def test_batch_takes_only_the_three_words_for_recreate() -> None:
    with pytest.raises(ValueError, match="recreate"):
        performed(lambda: op.batch_alter_table("t", recreate="sometimes").__enter__())  # type: ignore[arg-type]


def test_execute_inside_a_batch_block_comes_first() -> None:
    run = Collecting()
    with activate(run), op.batch_alter_table("t") as batch:
        batch.drop_column("b")
        batch.execute("UPDATE t SET a = 1")
        assert run.performed == []
    assert run.executed == ["UPDATE t SET a = 1"]
    assert len(run.performed) == 1


def test_a_referenced_table_can_be_dropped_on_sqlite_only() -> None:
    (dropped,) = performed(lambda: op.drop_table("t"), "sqlite")
    assert isinstance(dropped, ops.DropTable)
    assert dropped.references == "dangle"
    (dropped,) = performed(lambda: op.drop_table("t"), "postgresql")
    assert isinstance(dropped, ops.DropTable)
    assert dropped.references == "refuse"


def test_an_inline_literal_stands_in_its_statement() -> None:
    run = Collecting()
    with activate(run):
        literal = op.inline_literal("O'Hara")
    statement = sa.update(sa.table("t", sa.column("c"))).values(c=literal)
    assert str(statement.compile()) == "UPDATE t SET c='O''Hara'"


def test_comments_of_tables() -> None:
    def script() -> None:
        op.create_table_comment("t", "People", existing_comment="Persons", schema="s")
        op.drop_table_comment("t")

    name = TableName("t", "s")
    assert performed(script) == [ops.SetTableComment(name, "People"), ops.SetTableComment(TableName("t"), None)]
