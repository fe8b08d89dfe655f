"""Models before and after a change; each function fills a metadata for one of the two stages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from tests.unit.schema.corpus import CONVENTION

Change = Callable[[sa.MetaData, str, bool], None]
"""(metadata, family, whether it is the stage after)."""


def _users(metadata: sa.MetaData, *more: Any, **keywords: Any) -> sa.Table:
    return sa.Table("users", metadata, sa.Column("id", sa.Integer, primary_key=True), *more, **keywords)


def added_columns(metadata: sa.MetaData, family: str, after: bool) -> None:
    more: list[Any] = []
    if after:
        more = [
            sa.Column("nick", sa.String(20)),
            sa.Column("age", sa.Integer, nullable=False, server_default="0"),
            sa.Column("born", sa.DateTime, server_default=sa.func.now()),
            sa.Column("size", sa.Integer, sa.CheckConstraint("size > 0")),
            sa.Column("email", sa.String(50), unique=True),
            sa.Column("code", sa.String(50), index=True),
            sa.Column("boss_id", sa.ForeignKey("users.id", ondelete="SET NULL")),
            sa.Column("double", sa.Integer, sa.Computed("age * 2")) if family != "postgresql" else None,
        ]
    _users(metadata, sa.Column("name", sa.String(50)), *filter(lambda each: each is not None, more))


def dropped_columns(metadata: sa.MetaData, family: str, after: bool) -> None:
    added_columns(metadata, family, not after)


def types(metadata: sa.MetaData, family: str, after: bool) -> None:
    _users(
        metadata,
        sa.Column("name", sa.String(100 if after else 50), nullable=False),
        sa.Column("count", sa.BigInteger if after else sa.Integer),
        sa.Column("word", sa.Integer if after else sa.String(10)),
        sa.Column("price", sa.Numeric(12, 2) if after else sa.Numeric(10, 2), nullable=False),
        sa.Column("flag", sa.Boolean if after else sa.Integer),
        sa.Column("at", sa.DateTime if after else sa.Date),
    )


def nullability(metadata: sa.MetaData, family: str, after: bool) -> None:
    _users(
        metadata,
        sa.Column("name", sa.String(50), nullable=not after, server_default="x"),
        sa.Column("count", sa.Integer, nullable=after),
    )


def defaults(metadata: sa.MetaData, family: str, after: bool) -> None:
    _users(
        metadata,
        sa.Column("a", sa.Integer, server_default="2" if after else "1"),
        sa.Column("b", sa.Integer, server_default="1" if after else None),
        sa.Column("c", sa.String(20), server_default=None if after else "it's 50%"),
        sa.Column("d", sa.DateTime, server_default=sa.func.now() if after else None),
        sa.Column("e", sa.Integer if after else sa.String(5), server_default="7"),
    )


def comments(metadata: sa.MetaData, family: str, after: bool) -> None:
    _users(
        metadata,
        sa.Column("name", sa.String(50), nullable=False, server_default="x", comment="it's new: 100%" if after else "old"),
        sa.Column("other", sa.String(50), comment=None if after else "gone"),
        comment="people" if after else None,
    )


def keys(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Keys and checks with names that come, go and change."""
    sa.Table("groups", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", sa.String(10), unique=True))
    table = _users(
        metadata,
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.Column("group_id", sa.Integer),
        sa.UniqueConstraint("a", "b", name="uq_ab") if after else sa.UniqueConstraint("a", name="uq_a"),
        sa.CheckConstraint("a > 1" if after else "a > 0", name="positive"),
    )
    if after:
        table.append_constraint(sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="to_group", ondelete="CASCADE"))
        sa.Index("ix_b", table.c.b, table.c.a)
    else:
        table.append_constraint(sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name="to_group"))
        sa.Index("ix_b", table.c.b)
        sa.Index("ix_old", table.c.a, unique=True)


def nameless_keys(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Those whose names are left to the server."""
    sa.Table("groups", metadata, sa.Column("id", sa.Integer, primary_key=True))
    columns: list[Any] = [
        sa.Column("a", sa.Integer, unique=not after),
        sa.Column("b", sa.Integer, unique=after),
    ]
    target = sa.ForeignKey("groups.id", ondelete="CASCADE" if after else None)
    _users(metadata, *columns, sa.Column("group_id", sa.Integer, target), sa.Column("other_id", sa.ForeignKey("groups.id")))


def primary_keys(metadata: sa.MetaData, family: str, after: bool) -> None:
    count: Any = False if family == "sqlite" else "auto"
    columns = [sa.Column("a", sa.Integer, nullable=False, autoincrement=count), sa.Column("b", sa.Integer, nullable=False)]
    sa.Table("pairs", metadata, *columns, sa.PrimaryKeyConstraint("b", "a") if after else sa.PrimaryKeyConstraint("a"))
    sa.Table(
        "keyless",
        metadata,
        sa.Column("x", sa.Integer, nullable=False, autoincrement=count),
        *([sa.PrimaryKeyConstraint("x")] if after else []),
    )


def deferrable_keys(metadata: sa.MetaData, family: str, after: bool) -> None:
    """PostgreSQL's keys that are checked at the end of a transaction; the other dialects have no such key."""

    def key(name: str | None, first: bool, then: bool, **schema: str) -> None:
        timing = {}
        if family == "postgresql" and (then if after else first):
            timing = {"deferrable": True, "initially": "DEFERRED" if after else None}
        columns = [sa.Column("a", sa.Integer, autoincrement=False), sa.Column("B %", sa.Integer)]
        table = f"{name or 'plain'}_{first:d}{then:d}"
        sa.Table(table, metadata, *columns, sa.PrimaryKeyConstraint("a", "B %", name=name, **timing), **schema)

    for first, then in ((False, True), (True, False), (True, True)):
        key(None, first, then)
        key(f"Key of {first:d}{then:d}", first, then)
    if family == "postgresql":
        key(None, False, True, schema="shop")
    if family == "postgresql" and "include" in dict(postgresql.dialect.construct_arguments).get(sa.PrimaryKeyConstraint, {}):
        more = {"postgresql_include": ["b"]} if after else {}
        columns = [sa.Column("a", sa.Integer, autoincrement=False), sa.Column("b", sa.Integer)]
        sa.Table(
            "including",
            metadata,
            *columns,
            sa.PrimaryKeyConstraint("a", name="k", **more),
            sa.UniqueConstraint("b", name="u", **more and {"postgresql_include": ["a"]}),
        )


def referred_key(metadata: sa.MetaData, family: str, after: bool) -> None:
    """The key that a foreign key rests on changes, the foreign key does not."""
    sa.Table(
        "parents",
        metadata,
        sa.Column("id", sa.BigInteger if after else sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("code", sa.String(20 if after else 10), unique=True, nullable=False),
    )
    sa.Table(
        "children",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.BigInteger if after else sa.Integer, sa.ForeignKey("parents.id", name="to_parent")),
        sa.Column("parent_code", sa.String(20 if after else 10), sa.ForeignKey("parents.code", name="to_code")),
    )


def tables(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Tables in a circle come, others go, and one that stays lets go of one that goes."""
    if after:
        sa.Table("hen", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("egg", sa.ForeignKey("egg.id", name="hen_egg")))
        sa.Table("egg", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("hen", sa.ForeignKey("hen.id", name="egg_hen")))
        _users(metadata, sa.Column("hen_id", sa.ForeignKey("hen.id", name="users_hen")))
        return
    sa.Table("cats", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mice", sa.ForeignKey("mice.id", name="cats_mice")))
    sa.Table("mice", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("cats", sa.ForeignKey("cats.id", name="mice_cats")))
    sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("user", sa.ForeignKey("users.id")))
    _users(metadata, sa.Column("cat_id", sa.ForeignKey("cats.id", name="users_cats")))


def indexes(metadata: sa.MetaData, family: str, after: bool) -> None:
    table = _users(metadata, sa.Column("name", sa.String(50)), sa.Column("age", sa.Integer))
    sa.Index("ix_text", sa.text("name DESC" if after else "name"), "age", _table=table)
    if family == "mariadb":
        sa.Index("ix_name", table.c.name, mysql_length=20 if after else 10)
        return
    sa.Index("ix_name", table.c.name.desc() if after else table.c.name)
    sa.Index("ix_lower", sa.func.lower(table.c.name) if after else sa.func.upper(table.c.name), unique=after)
    where = table.c.age > (5 if after else 3)
    sa.Index("ix_where", table.c.name, postgresql_where=where, sqlite_where=where)
    if family == "postgresql":
        sa.Index("ix_kind", table.c.age, postgresql_using="hash" if after else "btree")
        sa.Index("ix_more", table.c.age, postgresql_include=["name"] if after else ["id"])


def index_options(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Keys written as text with what is no expression, and PostgreSQL's options, come and go."""
    table = _users(metadata, sa.Column("a", sa.String(50)), sa.Column("b", sa.Integer))
    if not after:
        return
    sa.Index("ix_down", sa.text("a DESC"), "b", _table=table)
    if family != "mariadb":
        sa.Index("ix_lower", sa.text("lower(a) desc"), _table=table)
    if family == "postgresql":
        sa.Index("ix_last", sa.text("b desc nulls last"), _table=table)
        sa.Index("ix_where", "a", postgresql_where=sa.text("b > 5"), _table=table)
        sa.Index("ix_include", "a", postgresql_include=["b"], _table=table)
        sa.Index("ix_ops", "a", postgresql_ops={"a": "varchar_pattern_ops"}, _table=table)
        sa.Index("ix_with", "b", postgresql_with={"fillfactor": 50}, _table=table)
        sa.Index("ix_nulls", "a", "b", unique=True, postgresql_nulls_not_distinct=True, _table=table)


def enums(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Members added; a type that comes; one that goes."""
    members = ("new", "open", "held", "done") if after else ("open", "done")
    columns: list[Any] = [
        sa.Column("state", sa.Enum(*members, name="state"), server_default="open", nullable=False),
        sa.Column("mood", sa.Enum("good", "bad", name="mood")) if after else sa.Column("size", sa.Enum("s", "m", name="size")),
    ]
    _users(metadata, *columns)
    if after:
        sa.Table("others", metadata, sa.Column("state", sa.Enum(*members, name="state")))


def fewer_members(metadata: sa.MetaData, family: str, after: bool) -> None:
    members = ("done", "open") if after else ("open", "held", "done")
    more = [sa.Column("all", postgresql.ARRAY(sa.Enum(*members, name="state")))] if family == "postgresql" else []
    _users(metadata, sa.Column("state", sa.Enum(*members, name="state"), server_default="open", nullable=False), *more)


def new_member_used(metadata: sa.MetaData, family: str, after: bool) -> None:
    """PostgreSQL lets no transaction use a value that it added to a type."""
    members = ("open", "held", "done") if after else ("open", "done")
    state = sa.Enum(*members, name="state")
    _users(metadata, sa.Column("state", state, server_default="held" if after else "open", nullable=False))
    sa.Table("others", metadata, sa.Column("state", state))


def bound_checks(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Types that bring a check."""
    if after:
        _users(metadata, sa.Column("flag", sa.Boolean(create_constraint=True, name="flag_ck")))
    else:
        _users(metadata)


def generated(metadata: sa.MetaData, family: str, after: bool) -> None:
    _users(metadata, sa.Column("a", sa.Integer), sa.Column("b", sa.Integer, sa.Computed("a + 2" if after else "a + 1", persisted=True)))


def identities(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family != "postgresql":
        _users(metadata, sa.Column("a", sa.Integer if after else sa.String(5)))
        return
    options = {"always": True, "start": 5, "increment": 3} if after else {"start": 2}
    sa.Table("one", metadata, sa.Column("id", sa.Integer, sa.Identity(**options), primary_key=True))
    more = [sa.Identity()] if after else []
    sa.Table("two", metadata, sa.Column("n", sa.Integer, *more, nullable=False))
    more = [] if after else [sa.Identity()]
    sa.Table("three", metadata, sa.Column("n", sa.Integer, *more, nullable=False))


def counting(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Columns that count by themselves come to do so, and cease to."""
    if family == "sqlite":
        _users(metadata, sa.Column("a", sa.Integer if after else sa.String(5)))
        return
    sa.Table("moved", metadata, sa.Column("id", sa.Integer, primary_key=not after, nullable=False), sa.Column("k", sa.Integer))
    sa.Table("keyed", metadata, sa.Column("id", sa.BigInteger, primary_key=after, nullable=False))
    sa.Table("stopped", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=not after))
    sa.Table("started", metadata, sa.Column("Id", sa.SmallInteger, primary_key=True, autoincrement=after))
    more = sa.Column("id", sa.Integer, primary_key=True)
    sa.Table("grown", metadata, sa.Column("code", sa.String(5), primary_key=not after, nullable=False), *([more] if after else []))
    more = sa.Column("id", sa.Integer, primary_key=True)
    sa.Table("shrunk", metadata, sa.Column("code", sa.String(5), primary_key=after, nullable=False), *([] if after else [more]))
    default = "5" if after else None
    sa.Table("filled", metadata, sa.Column("id", sa.Integer, primary_key=True, server_default=default))
    sa.Table("parents", metadata, sa.Column("id", sa.Integer, primary_key=True))
    target = [sa.ForeignKey("parents.id", name="to_parent")] if after else []
    sa.Table("children", metadata, sa.Column("id", sa.Integer, *target, primary_key=True))
    if family == "postgresql":
        sa.Table("to identity", metadata, sa.Column("id", sa.Integer, *([sa.Identity(start=7)] if after else []), primary_key=True))
        sa.Table("from_identity", metadata, sa.Column("id", sa.Integer, *([] if after else [sa.Identity()]), primary_key=True))
        sa.Table("retyped", metadata, sa.Column("id", sa.String(10) if after else sa.Integer, primary_key=True))


def conventions(metadata: sa.MetaData, family: str, after: bool) -> None:
    metadata.naming_convention = CONVENTION
    sa.Table("base", metadata, sa.Column("id", sa.Integer, primary_key=True))
    more: list[Any] = [sa.Column("base_id", sa.ForeignKey("base.id")), sa.Column("code", sa.String(10), unique=True, index=True)]
    more.append(sa.CheckConstraint("code <> ''", name="filled"))
    _users(metadata, *(more if after else [sa.Column("base_id", sa.Integer), sa.Column("code", sa.String(10))]))


def schemas(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family == "postgresql" and after:
        sa.Table("lines", metadata, sa.Column("id", sa.Integer, primary_key=True), schema="shop")
        _users(metadata, sa.Column("line", sa.ForeignKey("shop.lines.id", name="to_line")))
    else:
        _users(metadata, sa.Column("line", sa.Integer))


def odd_names(metadata: sa.MetaData, family: str, after: bool) -> None:
    columns: list[Any] = [sa.Column("select", sa.String(20 if after else 10)), sa.Column("a b", sa.Integer, nullable=not after)]
    if after:
        columns.append(sa.Column("naïve", sa.Integer, sa.ForeignKey("Order Lines.Group", name="To Lines")))
    sa.Table("Order Lines", metadata, sa.Column("Group", sa.Integer, primary_key=True), *columns, sa.UniqueConstraint("a b", name="U 1"))


CHANGES: tuple[Change, ...] = (
    added_columns,
    dropped_columns,
    types,
    nullability,
    defaults,
    comments,
    keys,
    nameless_keys,
    primary_keys,
    deferrable_keys,
    referred_key,
    tables,
    indexes,
    index_options,
    enums,
    new_member_used,
    fewer_members,
    bound_checks,
    generated,
    identities,
    counting,
    conventions,
    schemas,
    odd_names,
)
