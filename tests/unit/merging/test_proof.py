"""What a proof says of two branches, case by case."""

from __future__ import annotations

from functools import partial

from gitmig import ops
from gitmig.merging.acts import Side, acts_of
from gitmig.merging.proof import Proof, prove
from gitmig.ops import Place
from gitmig.schema.normal import normalise
from gitmig.schema.spelling import dialect_named
from gitmig.schema.values import Column, Index, IndexElement, PrimaryKey, Schema, Sql, Table, TableName, Type, Unique

USERS, ORDERS = TableName("users"), TableName("orders")
INTEGER, TEXT = Type("sqlalchemy.Integer"), Type("sqlalchemy.Text")


def table(name: TableName) -> Table:
    return Table(name, (Column("id", INTEGER, nullable=False), Column("email", TEXT)), PrimaryKey(("id",)))


BASE = Schema({USERS: table(USERS), ORDERS: table(ORDERS)})


def proof(left: list[ops.Operation], right: list[ops.Operation], base: Schema = BASE) -> Proof:
    sides = [
        Side(head, acts_of(head, found, [Place(f"versions/{head}.py", 10 + line) for line in range(len(found))]))
        for head, found in (("aaa", left), ("bbb", right))
    ]
    return prove(base, sides[0], sides[1], partial(normalise, dialect=dialect_named("postgresql")))


def test_two_columns_added_on_two_branches_are_independent() -> None:
    found = proof([ops.AddColumn(USERS, Column("a", TEXT))], [ops.AddColumn(USERS, Column("b", TEXT))])
    assert found.verdict == "independent"
    assert found.schema is not None
    assert {column.name for column in found.schema.table(USERS).columns} == {"id", "email", "a", "b"}


def test_an_index_and_a_changed_type_of_one_column_meet_and_agree() -> None:
    index = ops.CreateIndex(USERS, Index("ix_email", (IndexElement(column="email"),)))
    found = proof([index], [ops.AlterColumn(USERS, "email", ops.ColumnChange(nullable=False))])
    assert found.verdict == "same"


def test_one_column_added_on_both_sides_is_a_duplicate() -> None:
    found = proof([ops.AddColumn(USERS, Column("age", INTEGER))], [ops.AddColumn(USERS, Column("age", INTEGER))])
    assert found.verdict == "duplicates"
    (duplicate,) = found.duplicates
    assert (duplicate.left.place, duplicate.right.place) == (Place("versions/aaa.py", 10), Place("versions/bbb.py", 10))


def test_one_column_added_with_two_types_is_a_conflict() -> None:
    found = proof([ops.AddColumn(USERS, Column("age", INTEGER))], [ops.AddColumn(USERS, Column("age", TEXT))])
    assert found.verdict == "conflict"
    (conflict,) = found.conflicts
    assert [ref.part for ref in conflict.refs] == ["column:age"]
    assert "rename" in conflict.proposal


def test_a_column_altered_in_two_ways_is_a_conflict_of_order() -> None:
    found = proof(
        [ops.AlterColumn(USERS, "email", ops.ColumnChange(type=INTEGER))],
        [ops.AlterColumn(USERS, "email", ops.ColumnChange(type=Type("sqlalchemy.Boolean")))],
    )
    assert found.verdict == "conflict"
    assert "order" in found.conflicts[0].reason


def test_a_column_altered_the_same_way_twice_is_no_conflict() -> None:
    change = ops.AlterColumn(USERS, "email", ops.ColumnChange(nullable=False))
    assert proof([change], [change]).verdict == "same"


def test_dropping_what_the_other_side_uses_is_a_conflict_that_names_the_dropper() -> None:
    unique = ops.AddConstraint(USERS, Unique(("email",), "uq_email"))
    found = proof([ops.DropColumn(USERS, "email")], [unique])
    (conflict,) = found.conflicts
    assert conflict.left.operation.describe() == "drop column users.email"
    assert "take the removal out of aaa" in conflict.proposal


def test_only_the_first_of_a_chain_of_failures_is_told() -> None:
    more = Column("more", TEXT)
    found = proof(
        [ops.DropTable(USERS)],
        [ops.AddColumn(USERS, more), ops.AlterColumn(USERS, "more", ops.ColumnChange(nullable=False))],
    )
    assert found.verdict == "conflict"
    assert [each.right.operation.describe() for each in found.conflicts] == ["add column users.more"]


def test_rows_are_unproved_but_no_conflict() -> None:
    rows = ops.Execute(Sql("UPDATE users SET email = ''"), "data", touches=(USERS,))
    found = proof([rows], [ops.AddColumn(ORDERS, Column("a", TEXT))])
    assert (found.verdict, found.conflicts) == ("unproved", ())
    assert str(found.unproved[0].act.place) == "versions/aaa.py:10"


def test_what_cannot_be_read_is_safe_only_beside_a_side_that_does_nothing() -> None:
    unread = ops.Opaque("asks the database for rows")
    assert proof([unread], []).verdict == "independent"
    assert proof([unread], [ops.DropTable(ORDERS)]).verdict == "unproved"


def test_a_contradiction_beside_something_unreadable_is_still_told() -> None:
    unread = ops.Opaque("asks the database for rows")
    found = proof([unread, ops.DropTable(USERS)], [ops.AddColumn(USERS, Column("a", TEXT))])
    assert (found.verdict, len(found.unproved)) == ("conflict", 1)


def test_what_an_author_declared_meets_only_what_he_named() -> None:
    declared = ops.Opaque("executes SQL", None, (USERS,))
    assert proof([declared], [ops.AddColumn(ORDERS, Column("a", TEXT))]).verdict == "independent"
    assert proof([declared], [ops.AddColumn(USERS, Column("a", TEXT))]).verdict == "unproved"


def test_the_members_of_a_batch_are_told_apart() -> None:
    batch = ops.AlterTable(USERS, (ops.AddColumn(USERS, Column("a", TEXT)), ops.DropColumn(USERS, "email")))
    found = proof([batch], [ops.AlterColumn(USERS, "email", ops.ColumnChange(nullable=False))])
    assert [each.left.operation.describe() for each in found.conflicts] == ["drop column users.email"]


def test_a_table_renamed_on_one_side_and_used_on_the_other_is_a_conflict() -> None:
    found = proof([ops.RenameTable(USERS, TableName("people"))], [ops.AddColumn(USERS, Column("a", TEXT))])
    assert found.verdict == "conflict"
    assert "new name" in found.conflicts[0].proposal


def test_the_same_column_dropped_on_both_sides_beside_a_change_of_it_is_no_conflict() -> None:
    change, drop = ops.AlterColumn(USERS, "email", ops.ColumnChange(nullable=False)), ops.DropColumn(USERS, "email")
    found = proof([change, drop], [drop])
    assert found.verdict == "conflict", "a database that dropped it first cannot run the change"
    assert proof([drop], [drop]).verdict == "duplicates"
