"""What the values say, beside compiling to the same DDL."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql

from gitmig.schema.freeze import freeze, freeze_column, freeze_constraint, freeze_default, freeze_index, freeze_table
from gitmig.schema.freezetypes import freeze_type
from gitmig.schema.jsonform import strip
from gitmig.schema.spelling import dialect_named
from gitmig.schema.thaw import is_stub, thaw, thaw_column, thaw_constraint, thaw_index, thaw_table, thaw_type
from gitmig.schema.thawtypes import WrittenType
from gitmig.schema.values import (
    Check,
    Column,
    Computed,
    Enum,
    ForeignKey,
    Identity,
    Index,
    IndexElement,
    PrimaryKey,
    Sequence,
    ServerDefault,
    Sql,
    Table,
    TableName,
    Type,
    Unique,
    option,
)
from tests.unit.schema import corpus
from tests.unit.schema.corpus import CONVENTION, Email, Money, Secret, Vector


def test_a_model_becomes_plain_values() -> None:
    metadata = sa.MetaData()
    sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True))
    table = sa.Table(
        "posts",
        metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(start=3), primary_key=True),
        sa.Column("user_id", sa.ForeignKey("users.id", ondelete="CASCADE"), nullable=False, comment="who"),
        sa.Column("title", sa.String(50), server_default="none", index=True),
        sa.Column("words", sa.Integer, sa.Computed("length(title)", persisted=True)),
        sa.UniqueConstraint("title", name="one_title"),
        sa.CheckConstraint("words > 0", name="some"),
        comment="what they write",
    )
    assert freeze_table(table) == Table(
        TableName("posts"),
        (
            Column("id", Type("sqlalchemy.BigInteger"), False, identity=Identity(options=(("start", 3),))),
            Column("user_id", Type("sqlalchemy.Integer"), False, comment="who"),
            Column("title", Type("sqlalchemy.String", (("length", 50),)), default=ServerDefault("literal", "none")),
            Column("words", Type("sqlalchemy.Integer"), computed=Computed(Sql("length(title)"), True)),
        ),
        PrimaryKey(("id",)),
        (ForeignKey(("user_id",), TableName("users"), ("id",), ondelete="CASCADE"),),
        (Unique(("title",), "one_title"),),
        (Check(Sql("words > 0"), "some"),),
        (),
        (Index("ix_posts_title", (IndexElement("title"),)),),
        "what they write",
    )


def test_originals_are_kept_and_never_compared() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer))
    frozen = freeze_table(table)
    assert frozen.original is table
    assert frozen.columns[0].original is table.c.a
    assert strip(frozen) == frozen
    assert strip(frozen).original is None


def test_names_of_a_convention_are_final_and_known_as_such() -> None:
    metadata = sa.MetaData(naming_convention=CONVENTION)
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True))
    sa.Table(
        "b",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a_id", sa.ForeignKey("a.id"), index=True),
        sa.CheckConstraint("id > 0", name="positive"),
        sa.UniqueConstraint("id", "a_id", name="mine"),
    )
    table = freeze(metadata).table(TableName("b"))
    named = {each.name: each.conventional for each in (*table.constraints(), *table.indexes)}
    assert named == {"pk_b": True, "mine": False, "ck_b_positive": True, "fk_b_a_id_a": True, "ix_b_a_id": True}


def test_a_foreign_key_to_a_table_that_is_not_there_goes_by_name() -> None:
    metadata = sa.MetaData()
    table = sa.Table("t", metadata, sa.Column("x", sa.Integer, sa.ForeignKey("far.away.id")), sa.Column("y", sa.Integer))
    table.append_constraint(sa.ForeignKeyConstraint(["y"], ["near.id"]))
    targets = [(key.target, key.target_columns) for key in freeze_table(table).foreign_keys]
    assert targets == [(TableName("away", "far"), ("id",)), (TableName("near"), ("id",))]


def test_stubs_stand_for_tables_that_are_not_there_and_give_way() -> None:
    metadata = sa.MetaData()
    sa.Table("users", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True))
    key = ForeignKey(("u",), TableName("users"), ("id",))
    table = Table(TableName("t"), (Column("u", Type("sqlalchemy.Integer")),), foreign_keys=(key,))
    thawed = thaw_table(table, metadata)
    assert is_stub(metadata.tables["users"])
    assert "REFERENCES users (id)" in str(sa.schema.CreateTable(thawed))
    users = Table(TableName("users"), (Column("id", Type("sqlalchemy.Integer"), False),), PrimaryKey(("id",)))
    assert not is_stub(thaw_table(users, metadata))
    assert "REFERENCES users (id)" in str(sa.schema.CreateTable(thawed))


def test_native_enums_are_collected_wherever_they_are() -> None:
    metadata = sa.MetaData()
    sa.Table(
        "t",
        metadata,
        sa.Column("a", sa.Enum("x", "y", name="plain")),
        sa.Column("b", postgresql.ARRAY(sa.Enum("x", name="held"))),
        sa.Column("c", sa.String(5).with_variant(postgresql.ENUM("x", name="varied"), "postgresql")),
        sa.Column("d", postgresql.ENUM("x", name="elsewhere", schema="shop")),
        sa.Column("e", postgresql.ENUM("x", name="not_ours", create_type=False)),
        sa.Column("f", sa.Enum("x", name="not_native", native_enum=False)),
        sa.Column("g", Wrapped()),
        sa.Column("h", sa.Enum("x", name="not_there").with_variant(sa.Text(), "postgresql")),
    )
    names = {str(name) for name in freeze(metadata).enums}
    assert names == {"plain", "held", "varied", "shop.elsewhere", "wrapped"}
    assert freeze(metadata, dialect=dialect_named("postgresql")).enums == freeze(metadata).enums
    assert freeze(metadata, dialect=dialect_named("sqlite")).enums == {}
    assert freeze(metadata).enums[TableName("plain")] == Enum("plain", ("x", "y"))


class Wrapped(sa.types.TypeDecorator[Any]):
    impl = sa.Enum
    cache_ok = True

    def __init__(self) -> None:
        super().__init__("p", "q", name="wrapped")


def test_sequences_of_columns_and_of_the_metadata_are_collected() -> None:
    metadata = sa.MetaData()
    sa.Sequence("alone", metadata=metadata, start=5)
    sa.Table("t", metadata, sa.Column("id", sa.Integer, sa.Sequence("its", schema="shop"), primary_key=True))
    found = freeze(metadata)
    assert found.sequences[TableName("alone")] == Sequence("alone", options=(("start", 5),))
    assert option(found.table(TableName("t")).column("id").options, "sequence") == Sequence("its", "shop")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (None, None),
        ("0", ServerDefault("literal", "0")),
        (sa.text("now()"), ServerDefault("sql", "now()")),
        (sa.text(r"'a\:b'"), ServerDefault("sql", "'a:b'")),
        (sa.func.now(), ServerDefault("sql", "now()")),
        (sa.literal(5), ServerDefault("sql", "5")),
        (sa.true(), ServerDefault("sql", "true")),
        (sa.DefaultClause("x"), ServerDefault("literal", "x")),
        (sa.FetchedValue(), ServerDefault("fetched")),
    ],
)
def test_every_form_of_a_default(given: Any, expected: ServerDefault | None) -> None:
    assert freeze_default(given) == expected


def test_a_default_that_python_makes_keeps_serial_away() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True, default=5))
    assert freeze_table(table).column("id").autoincrement is False


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (sa.Integer, Type("sqlalchemy.Integer")),
        (sa.Enum("b", "a", name="e"), Type("sqlalchemy.Enum", (("*", ("b", "a")), ("name", "e")))),
        (postgresql.JSONB(), Type("sqlalchemy.dialects.postgresql.JSONB")),
        (mysql.SET("x", "y"), Type("sqlalchemy.dialects.mysql.SET", (("*", ("x", "y")),))),
        (Money(10, 2), Type("tests.unit.schema.corpus.Money", (("precision", 10), ("scale", 2)))),
        (Email(domain="x"), Type("tests.unit.schema.corpus.Email", (("domain", "x"),))),
        (Vector(3), Type("tests.unit.schema.corpus.Vector", (("dim", 3),))),
        (
            sa.String(5).with_variant(sa.Text(), "mysql", "mariadb"),
            Type(
                "sqlalchemy.String",
                (("length", 5),),
                (("mariadb", Type("sqlalchemy.Text")), ("mysql", Type("sqlalchemy.Text"))),
            ),
        ),
    ],
)
def test_types_are_path_and_arguments(given: Any, expected: Type) -> None:
    assert freeze_type(given) == expected
    assert repr(thaw_type(strip(freeze_type(given)))) == repr(given() if isinstance(given, type) else given)


def test_a_type_whose_arguments_have_no_json_is_told_by_its_ddl() -> None:
    frozen = freeze_type(Secret(lambda: b"key", 64))
    assert frozen == freeze_type(Secret(lambda: b"other", 64))
    assert frozen != freeze_type(Secret(lambda: b"key", 65))
    crossed = thaw_type(strip(frozen))
    assert isinstance(crossed, WrittenType)
    assert crossed.compile(dialect=dialect_named("postgresql")) == "BYTEA"
    assert thaw_type(frozen).key() == b"key"


def test_a_users_type_without_its_class_keeps_its_ddl() -> None:
    frozen = strip(freeze_type(Vector(3)))
    away = thaw_type(Type("a.module.not.loaded.Vector", frozen.args, ddl=frozen.ddl, source=frozen.source))
    assert away.compile(dialect=dialect_named("sqlite")) == "VECTOR(3)"
    assert freeze_type(away).path == "a.module.not.loaded.Vector"


def test_checks_of_types_say_where_they_are_made() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Boolean(create_constraint=True, name="b_bool")))
    (check,) = freeze_table(table).checks
    assert (check.name, check.column, check.type_bound) == ("b_bool", "b", True)
    assert "sqlite" in option(check.options, "dialects")  # type: ignore[operator]
    assert "postgresql" not in option(check.options, "dialects")  # type: ignore[operator]


def test_a_type_without_its_check_is_thawed_without_it() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("b", sa.Boolean(create_constraint=True, name="b_bool")))
    frozen = freeze_table(table)
    dropped = Table(frozen.name, frozen.columns, checks=())
    assert "CHECK" not in str(sa.schema.CreateTable(thaw_table(dropped)).compile(dialect=dialect_named("sqlite")))


def test_info_is_kept_where_it_is_plain() -> None:
    plain = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer, info={"b": [1, 2]}), info={"a": 1})
    assert freeze_table(plain) == freeze_table(thaw_table(strip(freeze_table(plain))))
    assert thaw_table(freeze_table(plain)).info == {"a": 1}
    objects = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), info={"a": object()})
    assert freeze_table(objects).options == ()


def test_expressions_read_as_each_dialect_writes_them_also_without_their_objects() -> None:
    table = sa.Table("t", sa.MetaData(), sa.Column("Name", sa.String(5)))
    index = strip(freeze_index(sa.Index("ix", sa.func.lower(table.c.Name))))
    for dialect, expected in (("postgresql", 'lower("Name")'), ("mysql", "(lower(`Name`))"), ("mssql", "lower([Name])")):
        thawed = thaw_index(index, sa.Table("t", sa.MetaData(), sa.Column("Name", sa.String(5))))
        assert expected in str(sa.schema.CreateIndex(thawed).compile(dialect=dialect_named(dialect)))


def test_single_parts_are_thawed_alone() -> None:
    column = thaw_column(Column("a", Type("sqlalchemy.Integer"), False, ServerDefault("literal", "1"), comment="c"))
    assert (column.name, column.nullable, column.comment) == ("a", False, "c")
    table = sa.Table("t", sa.MetaData(), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    unique = thaw_constraint(Unique(("b", "a"), "u"), table)
    assert unique in table.constraints
    assert freeze_constraint(unique) == Unique(("b", "a"), "u")
    assert freeze_column(table.c.a) == Column("a", Type("sqlalchemy.Integer"))
    loose = thaw_constraint(Check(Sql("a > 0"), "c"))
    assert freeze_constraint(loose) == Check(Sql("a > 0"), "c")


def test_a_metadata_with_a_default_schema_takes_tables_without_one() -> None:
    key = ForeignKey(("a",), TableName("t"), ("a",))
    table = Table(TableName("t"), (Column("a", Type("sqlalchemy.Integer")),), foreign_keys=(key,))
    thawed = thaw_table(table, sa.MetaData(schema="elsewhere"))
    assert thawed.schema is None
    assert freeze_table(thawed) == table


def test_a_kind_of_constraint_that_is_unknown_is_refused() -> None:
    class Strange(sa.Constraint):
        pass

    with pytest.raises(TypeError, match="Strange"):
        freeze_constraint(Strange())


def test_two_hundred_tables_freeze_and_cross_in_a_blink() -> None:
    """No judgement of time: that equal types are frozen once, and read once, is what makes it quick."""
    metadata = sa.MetaData()
    for number in range(20):
        sa.Table(f"t{number}", metadata, *[sa.Column(f"c{each}", sa.String(50)) for each in range(8)])
    frozen = freeze(metadata)
    assert len({id(column.type) for table in frozen for column in table.columns}) == 1
    assert len({id(column.type) for table in strip(frozen) for column in table.columns}) == 1


def test_every_model_of_the_corpus_has_something() -> None:
    for fill in corpus.MODELS:
        assert thaw(freeze(corpus.metadata_of(fill))).tables
