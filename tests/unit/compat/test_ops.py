"""Operation objects, side by side with Alembic's: constructors, what they are made from and made into, what undoes them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.operations import ops as theirs
from sqlalchemy.dialects import postgresql

from gitmig.compat.alembic import ops as ours
from gitmig.compat.alembic.opsconstraints import CreateExcludeConstraintOp

OPS = [name for name in vars(theirs) if isinstance(getattr(theirs, name), type) and getattr(theirs, name).__module__ == theirs.__name__]


def described(thing: Any) -> Any:
    """What can be compared of an operation object, of what it holds, and of SQLAlchemy's things."""
    if isinstance(thing, (theirs.MigrateOperation, ours.MigrateOperation)):
        return type(thing).__name__, {name: described(value) for name, value in sorted(vars(thing).items())}
    if isinstance(thing, (sa.Constraint, sa.Index)):
        table = thing.table if isinstance(thing, sa.Index) else thing.parent
        return type(thing).__name__, str(thing.name), getattr(table, "schema", None), getattr(table, "name", None)
    if isinstance(thing, sa.Table):
        parts = sorted(map(str, map(described, thing.constraints)))
        return "Table", thing.fullname, [described(each) for each in thing.columns], parts, thing.comment, thing.info, thing._prefixes
    if isinstance(thing, sa.Column):
        return "Column", thing.name, repr(thing.type), thing.nullable, thing.comment
    if isinstance(thing, sa.MetaData):
        return "MetaData"
    if isinstance(thing, (list, tuple)):
        return sorted((described(each) for each in thing), key=str)
    if isinstance(thing, dict):
        return {name: described(value) for name, value in thing.items()}
    return str(thing) if isinstance(thing, sa.ClauseElement) else repr(thing)


def metadata() -> sa.MetaData:
    made = sa.MetaData(naming_convention={"uq": "uq_%(table_name)s_%(column_0_name)s"})
    sa.Table("parent", made, sa.Column("id", sa.Integer, primary_key=True), schema="s")
    sa.Table(
        "child",
        made,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(5), index=True, comment="words"),
        sa.Column("b", sa.ForeignKey("s.parent.id", ondelete="CASCADE", name="fk_b")),
        sa.Column("u", sa.Integer, unique=True),
        sa.Column("kind", sa.Enum("x", "y", name="kinds", native_enum=False, create_constraint=True)),
        sa.UniqueConstraint("a", "b", name="uq_ab", deferrable=True),
        sa.CheckConstraint("a > 'a'", name="ck_a"),
        comment="a table",
        info={"x": 1},
        prefixes=["TEMP"],
        schema="s",
        mysql_engine="InnoDB",
    )
    return made


def attempt(call: Callable[[], Any]) -> Any:
    try:
        return described(call())
    except (ValueError, NotImplementedError) as error:
        return type(error).__name__, str(error)


def parameters(function: Any) -> list[inspect.Parameter]:
    return [each.replace(annotation=each.empty) for each in inspect.signature(function).parameters.values()]


@pytest.mark.parametrize("name", OPS)
def test_the_classes_have_the_same_methods_with_the_same_arguments(name: str) -> None:
    mine = getattr(ours, name)
    for member, value in vars(getattr(theirs, name)).items():
        function = value.__func__ if isinstance(value, classmethod) else value
        if not inspect.isfunction(function) or (member.startswith("_") and member != "__init__"):
            continue
        expected = [
            each.replace(annotation=each.empty) for each in inspect.signature(getattr(getattr(theirs, name), member)).parameters.values()
        ]
        found = [each.replace(annotation=each.empty) for each in inspect.signature(getattr(mine, member)).parameters.values()]
        assert found == expected, member


@pytest.mark.parametrize("reverse", [0, 1, 2])
def test_tables_constraints_indexes_and_columns_become_the_same_operations(reverse: int) -> None:
    table = metadata().tables["s.child"]
    index = next(iter(table.indexes))
    expression = sa.Index("ix_lower", sa.func.lower(table.c.a), table.c.b.desc(), unique=True, postgresql_using="btree")

    def every(module: Any) -> list[Any]:
        made = [module.AddConstraintOp.from_constraint(each) for each in sorted(table.constraints, key=lambda each: str(each.name))]
        made += [module.CreateIndexOp.from_index(index), module.CreateIndexOp.from_index(expression)]
        made += [module.DropIndexOp.from_index(index), module.CreateTableOp.from_table(table), module.DropTableOp.from_table(table)]
        made += [module.AddColumnOp.from_column(table.c.a), module.DropColumnOp.from_column_and_tablename("s", "child", table.c.b)]
        made += [module.DropConstraintOp.from_constraint(each) for each in sorted(table.constraints, key=lambda each: str(each.name))]
        for _ in range(reverse):
            made = [each.reverse() for each in made]
        return made

    assert [described(each) for each in every(ours)] == [described(each) for each in every(theirs)]
    assert [described(each.to_diff_tuple()) for each in every(ours)] == [described(each.to_diff_tuple()) for each in every(theirs)]


MADE: dict[str, Callable[[Any], Any]] = {
    "drop column": lambda o: o.DropColumnOp("t", "c", if_exists=True),
    "drop index": lambda o: o.DropIndexOp("i", "t", postgresql_concurrently=True),
    "drop constraint": lambda o: o.DropConstraintOp("c", "t", "check"),
    "drop table": lambda o: o.DropTableOp("t", table_kw={"comment": "x", "mysql_engine": "y"}),
    "create table": lambda o: o.CreateTableOp("t", [sa.Column("a", sa.Integer, unique=True)], schema="s", comment="z"),
    "rename": lambda o: o.RenameTableOp("a", "b", schema="s"),
    "execute": lambda o: o.ExecuteSQLOp("select 1", execution_options={"x": 1}),
    "rows": lambda o: o.BulkInsertOp(None, []),
    "comment": lambda o: o.CreateTableCommentOp("t", "new", existing_comment="old", schema="s"),
    "first comment": lambda o: o.CreateTableCommentOp("t", "new"),
    "no comment": lambda o: o.DropTableCommentOp("t", existing_comment="old"),
    "alter": lambda o: o.AlterColumnOp(
        "t", "c", schema="s", modify_nullable=True, existing_nullable=False, modify_type=sa.String(5), existing_type=sa.Integer(),
        modify_server_default=None, existing_server_default="5", modify_comment="x", existing_comment="y", modify_name="z",
        autoincrement=True,
    ),
    "alter nothing": lambda o: o.AlterColumnOp("t", "c", existing_type=sa.Integer()),
    "alter something else": lambda o: o.AlterColumnOp("t", "c", modify_foo=1, existing_foo=2),
    "add column": lambda o: o.AddColumnOp("t", sa.Column("q", sa.Integer), schema="s", if_not_exists=True),
    "table": lambda o: o.ModifyTableOps("t", [o.AddColumnOp("t", sa.Column("q", sa.Integer))], schema="s"),
    "upgrade": lambda o: o.UpgradeOps([o.ModifyTableOps("t", [o.AddColumnOp("t", sa.Column("q", sa.Integer)), o.DropIndexOp("x", "t")])]),
    "bare": lambda o: o.MigrateOperation(),
    "foreign key": lambda o: o.CreateForeignKeyOp("fk", "t", "p", ["a"], ["b"], source_schema="s", ondelete="CASCADE"),
    "check": lambda o: o.CreateCheckConstraintOp("ck", "t", "a > 1", schema="s"),
}  # fmt: skip


@pytest.mark.parametrize("case", MADE)
def test_operations_made_by_hand_behave_the_same(case: str) -> None:
    mine, other = MADE[case](ours), MADE[case](theirs)
    assert described(mine) == described(other)
    assert attempt(mine.reverse) == attempt(other.reverse)
    assert attempt(mine.to_diff_tuple) == attempt(other.to_diff_tuple)
    if isinstance(mine, ours.OpContainer):
        assert described(mine.as_diffs()) == described(other.as_diffs())
        assert mine.is_empty() == other.is_empty()
    if isinstance(mine, ours.AlterColumnOp):
        assert mine.has_changes() == other.has_changes()


def test_an_exclude_constraint_keeps_the_one_it_was_made_from() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    constraint = postgresql.ExcludeConstraint((table.c.a, "="), name="ex", using="gist")
    table.append_constraint(constraint)
    made = ours.AddConstraintOp.from_constraint(constraint)
    assert isinstance(made, CreateExcludeConstraintOp)
    assert described(made) == described(theirs.AddConstraintOp.from_constraint(constraint))
    assert made.to_constraint() is constraint


def test_a_script_may_have_several_containers() -> None:
    up = ours.UpgradeOps([])
    script = ours.MigrationScript("r", up, up.reverse())
    assert (script.upgrade_ops, len(script.downgrade_ops_list), script.imports) == (up, 1, set())
    script.upgrade_ops = [up, ours.UpgradeOps([], "other_upgrades")]  # type: ignore[assignment]
    assert script.upgrade_ops_list[1].upgrade_token == "other_upgrades"
    with pytest.raises(ValueError, match="multiple-entry list for UpgradeOps; please use the upgrade_ops_list"):
        assert script.upgrade_ops


def test_info_is_a_dictionary_of_the_users_own() -> None:
    made = ours.ExecuteSQLOp("x")
    made.info["mine"] = 1
    assert made.info == {"mine": 1}
    assert ours.ExecuteSQLOp("x").info == {}
