"""More models before and after a change: what users of these databases write, beyond the plain. As in ``changecorpus``."""

from __future__ import annotations

import datetime
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql, postgresql
from sqlalchemy.schema import FetchedValue

from tests.dialects.changecorpus import Change


class Level(enum.Enum):
    low = "l"
    high = "h"


class State(sa.types.TypeDecorator[Any]):
    """A user's type around an enumerated one."""

    impl = sa.Enum("new", "done", name="state")
    cache_ok = True


class Wider(sa.types.TypeDecorator[Any]):
    impl = sa.Enum("new", "held", "done", name="state")
    cache_ok = True


class Mood(sa.types.TypeDecorator[Any]):
    impl = postgresql.ENUM("good", "bad", name="Mood")
    cache_ok = True


def decorated_enum(metadata: sa.MetaData, family: str, after: bool) -> None:
    sa.Table("jobs", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", Wider if after else State, nullable=False))
    if after:
        sa.Table("runs", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", Wider()))
        if family == "postgresql":
            sa.Table("moods", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("mood", Mood, server_default="good"))


def enum_arrays(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family != "postgresql":
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("e", sa.Enum(Level)))
        return
    members = ("a", "b", "c") if after else ("a", "c")
    letters = sa.Enum(*members, name="letters")
    more: list[Any] = []
    if after:
        more = [
            sa.Column("many", postgresql.ARRAY(sa.Enum("x", "y", name="only_array")), server_default="{x}"),
            sa.Column("deep", sa.ARRAY(sa.Enum("p", "q", name="deep"), dimensions=2)),
        ]
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("one", letters), *more)
    sa.Table("u", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("all", postgresql.ARRAY(letters), nullable=False))


def shared_enum(metadata: sa.MetaData, family: str, after: bool) -> None:
    """One type in two tables, and its last use but one goes; another comes in two new tables at once."""
    kind = sa.Enum("a", "b", name="kind")
    sa.Table("one", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind))
    if not after:
        sa.Table("two", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind))
        return
    size = sa.Enum("s", "m", name="size")
    sa.Table("three", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("size", size), sa.Column("other", size))
    sa.Table("four", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("size", size, server_default="m"))


def bound_enum(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Bound to the metadata; with inherit_schema; in a schema of its own."""
    schema = "shop" if family == "postgresql" else None
    bound = sa.Enum("a", "b", *(["c"] if after else []), name="bound", metadata=metadata)
    own = sa.Enum("k", "l", *(["m"] if after else []), name="own", inherit_schema=True)
    apart = sa.Enum("u", "v", *(["w"] if after else []), name="apart", schema=schema)
    columns = [sa.Column("bound", bound), sa.Column("own", own), sa.Column("apart", apart)]
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns, schema=schema)
    if after:
        sa.Table("plain", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("bound", bound), sa.Column("apart", apart))
        sa.Enum("x", "y", name="unused", metadata=metadata)


def dropped_enum(metadata: sa.MetaData, family: str, after: bool) -> None:
    schema = "shop" if family == "postgresql" else None
    sa.Table("keep", metadata, sa.Column("id", sa.Integer, primary_key=True), schema=schema)
    if not after:
        gone = sa.Enum("a", "b", name="gone", inherit_schema=True)
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("gone", gone), schema=schema)
        sa.Table("u", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", State, server_default="new"))


def checked_enum(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Kept as text with a check."""
    members = ("a", "b", "it's") if after else ("a", "b")
    text = sa.Enum(*members, name="ck_text", native_enum=False, create_constraint=True, length=20)
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", text, nullable=False, server_default="a"))


def server_defaults(metadata: sa.MetaData, family: str, after: bool) -> None:
    json: Any = postgresql.JSONB if family == "postgresql" else sa.JSON
    day = sa.text("'2024-02-03'") if family == "mariadb" else sa.text("DATE '2024-02-03'") if family == "postgresql" else "2024-02-03"
    columns = [
        sa.Column("flag", sa.Boolean, server_default=sa.true() if after else sa.false(), nullable=False),
        sa.Column("off", sa.Boolean, server_default=sa.text("false") if after else None),
        sa.Column("doc", json, server_default=sa.text("'{\"a\": [1, 2]}'") if after else sa.text("'{}'"), nullable=False),
        sa.Column("plain", json, server_default="[]" if after else None),
        sa.Column("day", sa.Date, server_default=day if after else None),
        sa.Column("at", sa.DateTime, server_default=sa.func.current_timestamp() if after else None),
        sa.Column("price", sa.Numeric(10, 2), server_default="9.90" if after else "0"),
        sa.Column("share", sa.Float, server_default=sa.text("0.25") if after else "1.5"),
        sa.Column("odd", sa.String(50), server_default="50% of: 'x' \\ \"y\"" if after else ""),
        sa.Column("blank", sa.String(50), server_default="" if after else None),
        sa.Column("level", sa.Enum(Level), server_default="high" if after else "low"),
        sa.Column("negative", sa.Integer, server_default=sa.text("-1") if after else "-2"),
    ]
    if family == "postgresql":
        columns += [
            sa.Column("uid", sa.Uuid, server_default=sa.func.gen_random_uuid() if after else None),
            sa.Column("tags", postgresql.ARRAY(sa.String(10)), server_default="{}" if after else None),
            sa.Column("span", sa.Interval, server_default=sa.text("'1 day'::interval") if after else "02:00:00"),
            sa.Column("zone", sa.DateTime(timezone=True), server_default=sa.text("(now() at time zone 'utc')") if after else None),
            sa.Column("sum", sa.Integer, server_default=sa.text("(1 + 2) * 3") if after else None),
            sa.Column("low", sa.String(20), server_default=sa.func.lower("ABC") if after else None),
            sa.Column("data", sa.LargeBinary, server_default=sa.text("'\\x00ff'::bytea") if after else None),
        ]
    if family == "mariadb":
        columns.append(sa.Column("seen", mysql.DATETIME(fsp=3), server_default=sa.text("current_timestamp(3)") if after else None))
        ticking = sa.text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")
        columns.append(sa.Column("moved", sa.TIMESTAMP, server_default=ticking, server_onupdate=FetchedValue(), nullable=not after))
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def deferred_keys(metadata: sa.MetaData, family: str, after: bool) -> None:
    sa.Table("groups", metadata, sa.Column("a", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, primary_key=True))
    timing: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"} if after and family != "mariadb" else {}
    match: dict[str, Any] = {"match": "FULL"} if after and family == "postgresql" else {}
    sa.Table(
        "members",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer),
        sa.Column("n", sa.Integer),
        sa.Column("boss", sa.Integer),
        sa.ForeignKeyConstraint(
            ["a", "b"], ["groups.a", "groups.b"], name="to_group", onupdate="CASCADE" if after else None, **timing, **match
        ),
        sa.ForeignKeyConstraint(["boss"], ["members.id"], name="to_boss", ondelete="SET NULL" if after else "CASCADE", **timing),
        sa.UniqueConstraint("n", name="uq_n", **(timing if family == "postgresql" else {})),
    )


def keys_that_go(metadata: sa.MetaData, family: str, after: bool) -> None:
    """MariaDB keeps the index that it made for a key; where another begins with its columns, it made none."""
    sa.Table("groups", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer, unique=True))
    own: list[Any] = [] if after else [sa.ForeignKey("groups.id")]
    named: list[Any] = [] if after else [sa.ForeignKey("groups.id", name="to_group")]
    table = sa.Table(
        "members",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer, *own),
        sa.Column("b", sa.Integer, *named),
        sa.Column("c", sa.Integer, *([] if after else [sa.ForeignKey("groups.id", name="has_index")])),
        sa.Column("d", sa.Integer, *([] if after else [sa.ForeignKey("groups.id", name="gets_index")])),
        sa.Column("e", sa.Integer, sa.ForeignKey("groups.id", name="new_name" if after else "old_name")),
        sa.Column("f", sa.Integer),
    )
    sa.Index("ix_c", table.c.c, table.c.f)
    if after:
        sa.Index("ix_d", table.c.d, table.c.f)


def same_name_in_two_schemas(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family != "postgresql":
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return
    for schema in (None, "shop"):
        more = [sa.Column("extra", sa.String(10), index=True, unique=schema is None, server_default="x")] if after else []
        sa.Table("items", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("n", sa.Integer), *more, schema=schema)
    target = "shop.items.id" if after else "items.id"
    own = sa.Column("item", sa.ForeignKey(target, name="to_item", ondelete="CASCADE"))
    sa.Table("lines", metadata, sa.Column("id", sa.Integer, primary_key=True), own, schema="shop")
    if after:
        back = sa.Column("line", sa.ForeignKey("shop.lines.id", name="to_line"), comment='it\'s 100%: a "line"')
        sa.Table("notes", metadata, sa.Column("id", sa.Integer, primary_key=True), back)
        sa.Index("ix_items_two", metadata.tables["shop.items"].c.n.desc(), metadata.tables["shop.items"].c.extra)


def collations(metadata: sa.MetaData, family: str, after: bool) -> None:
    name = {"sqlite": "NOCASE", "postgresql": "C", "mariadb": "utf8mb4_bin"}[family]
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.String(20, collation=name if after else None)),
        sa.Column("b", sa.String(20, collation=None if after else name), nullable=False, server_default="q"),
        sa.Column("c", sa.Text(collation=name if after else None)),
    )


def computed_columns(metadata: sa.MetaData, family: str, after: bool) -> None:
    stored = True if family == "postgresql" else not after
    columns: list[Any] = [
        sa.Column("a", sa.Integer, nullable=False),
        sa.Column("b", sa.String(20)),
        sa.Column("kind", sa.Integer, sa.Computed("a * 2", persisted=stored)),
        sa.Column("words", sa.String(60), sa.Computed("b || '%: x'" if family != "mariadb" else "concat(b, '%: x')", persisted=True)),
    ]
    if after:
        columns.append(sa.Column("new", sa.Integer, sa.Computed("a - 1", persisted=True), index=True))
    else:
        columns.append(sa.Column("old", sa.Integer, sa.Computed("a + 1", persisted=True), unique=True))
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def plain_becomes_computed(metadata: sa.MetaData, family: str, after: bool) -> None:
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.Integer),
        sa.Column("b", sa.Integer, *([sa.Computed("a + 1", persisted=True)] if after else [])),
        sa.Column("c", sa.Integer, *([] if after else [sa.Computed("a + 2", persisted=True)])),
    )


def identity_options(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family != "postgresql":
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return
    more = {"minvalue": 1, "maxvalue": 1000, "cycle": True, "cache": 7} if after else {"minvalue": 5, "start": 5, "increment": 2}
    sa.Table("t", metadata, sa.Column("id", sa.BigInteger, sa.Identity(always=not after, **more), primary_key=True))
    small = sa.BigInteger if after else sa.SmallInteger
    sa.Table("retyped", metadata, sa.Column("id", small, sa.Identity(always=True), primary_key=True))
    fewer = {} if after else {"start": 5, "minvalue": 3, "maxvalue": 99, "cache": 4, "cycle": True}
    sa.Table("fewer", metadata, sa.Column("id", sa.Integer, sa.Identity(**fewer), primary_key=True))
    sa.Table("down", metadata, sa.Column("n", sa.Integer, sa.Identity(increment=-1 if after else 1), nullable=False))


def unique_or_index(metadata: sa.MetaData, family: str, after: bool) -> None:
    """The same columns, as a constraint, as a unique index, as both with a plain one."""
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.String(20)) for name in "abcdef"),
    )
    if after:
        sa.Index("key_a", table.c.a, unique=True)
        table.append_constraint(sa.UniqueConstraint("b", name="key_b"))
        sa.Index("ix_c", table.c.c)
        table.append_constraint(sa.UniqueConstraint("c", name="uq_c"))
        sa.Index("ix_d", table.c.d)
        table.append_constraint(sa.UniqueConstraint("f", "e", name="uq_ef"))
    else:
        table.append_constraint(sa.UniqueConstraint("a", name="key_a"))
        sa.Index("key_b", table.c.b, unique=True)
        table.append_constraint(sa.UniqueConstraint("c", name="uq_c"))
        sa.Index("ix_d", table.c.d, unique=True)
        table.append_constraint(sa.UniqueConstraint("e", "f", name="uq_ef"))


def rich_indexes(metadata: sa.MetaData, family: str, after: bool) -> None:
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(50)),
        sa.Column("Age", sa.Integer),
        sa.Column("doc", postgresql.JSONB if family == "postgresql" else sa.JSON),
    )
    if not after:
        return
    sa.Index("ix_down", table.c.Age.desc(), table.c.name)
    if family == "mariadb":
        sa.Index("ix_length", table.c.name, table.c.Age, mysql_length={"name": 10})
        sa.Index("ix_word", table.c.name, mysql_prefix="FULLTEXT")
        return
    where = sa.and_(table.c.Age > 3, table.c.name != "it's: 5%")
    sa.Index("ix_where", table.c.name, unique=True, postgresql_where=where, sqlite_where=where)
    sa.Index("ix_sum", table.c.Age + 1, sa.func.coalesce(table.c.name, "x:y%"))
    if family == "postgresql":
        sa.Index("ix_gin", table.c.doc, postgresql_using="gin", postgresql_ops={"doc": "jsonb_path_ops"})
        sa.Index("ix_like", sa.func.lower(table.c.name).label("low"), postgresql_ops={"low": "text_pattern_ops"})
        sa.Index("ix_class", sa.text("lower(name) text_pattern_ops"), _table=table)
        sa.Index("ix_path", sa.text("(doc -> 'a') jsonb_path_ops"), postgresql_using="gin", _table=table)
        sa.Index("ix_bare", sa.text("name varchar_pattern_ops"), sa.text('"Age" DESC NULLS LAST'), _table=table)
        sa.Index("ix_include", table.c.Age, unique=True, postgresql_include=["name"], postgresql_nulls_not_distinct=True)
        sa.Index("ix_nulls", table.c.Age.desc().nulls_last(), table.c.name.asc().nulls_first())
        sa.Index("ix_lang", table.c.name.collate("C"))
        sa.Index("ix_doc", table.c.doc["a"].astext)


_LONG = "a_rather_long_name_of_sixty_three_characters_just_at_the_limit_"


def strange_names(metadata: sa.MetaData, family: str, after: bool) -> None:
    metadata.naming_convention = {
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
    longest = (_LONG + "x" * 63)[:63]
    columns: list[Any] = [sa.Column("order", sa.Integer), sa.Column("Group By", sa.String(20)), sa.Column("per%cent", sa.Integer)]
    if after:
        columns += [
            sa.Column("user", sa.ForeignKey("User.ID"), index=True),
            sa.Column("Größe", sa.Integer, comment="50% of 'it': \"so\" \\ {x}"),
            sa.Column("it's", sa.String(10), server_default="o'k"),
            sa.Column("a:b", sa.Integer, unique=True),
            sa.Column(longest, sa.Integer, index=True),
        ]
    sa.Table("User", metadata, sa.Column("ID", sa.Integer, primary_key=True), sa.Column("select", sa.String(10), unique=True))
    sa.Table("select", metadata, sa.Column("ID", sa.Integer, primary_key=True), *columns, comment='it\'s 100%: "x"' if after else "old")
    if after:
        sa.Table(longest, metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("other_id", sa.ForeignKey("select.ID")))
        sa.Table('quo"te', metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("x y", sa.ForeignKey("User.ID"), index=True))


def circles(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Keys in circles come between tables that stay, and composite keys that refer to their own table."""
    more = [sa.Column("b_id", sa.ForeignKey("b.id", name="a_to_b"))] if after else []
    sa.Table("a", metadata, sa.Column("id", sa.Integer, primary_key=True), *more)
    sa.Table("b", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a_id", sa.ForeignKey("a.id", name="b_to_a")))
    columns = [sa.Column("x", sa.Integer, primary_key=True, autoincrement=False), sa.Column("y", sa.Integer, primary_key=True)]
    parts: list[Any] = [sa.Column("px", sa.Integer), sa.Column("py", sa.Integer)]
    if after:
        parts.append(sa.ForeignKeyConstraint(["px", "py"], ["tree.x", "tree.y"], name="tree_to_tree"))
    sa.Table("tree", metadata, *columns, *parts)


def comments_of_all_kinds(metadata: sa.MetaData, family: str, after: bool) -> None:
    text = 'it\'s "50%": {x} \\ :name' if after else "old: 'x'"
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True, comment=text),
        sa.Column("a", sa.String(10), nullable=False, server_default="q", comment=text),
        sa.Column("b", sa.String(20), sa.Computed("a", persisted=True), comment=text),
        sa.Column("c", sa.Enum("x", "y", name="c_kind"), comment=None if after else text),
        comment=text,
    )


def dates(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Retyped with what they hold."""
    day: Any = datetime.date(2024, 1, 2)
    sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("a", sa.DateTime(timezone=True) if after else sa.DateTime, server_default=sa.func.now()),
        sa.Column("b", sa.Text if after else sa.String(20), nullable=after, server_default=None if after else str(day)),
        sa.Column("c", sa.LargeBinary if after else sa.Text),
        sa.Column("d", sa.Uuid if after else sa.String(36)),
    )


def table_options(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Engine, character set, collation and row format; said by one stage only, by both, by none."""
    engine = {"mysql_engine": "InnoDB" if after else "MyISAM"}
    charset = {"mysql_charset": "utf8mb4", "mysql_collate": "utf8mb4_unicode_ci"} if after else {"mysql_default_charset": "latin1"}
    collate = {"mysql_collate": "utf8mb4_bin" if after else "utf8mb4_unicode_ci"}
    row = {"mysql_row_format": "COMPACT" if after else "DYNAMIC"}
    less = {} if after else {"mysql_engine": "MyISAM"}
    same = {"mysql_engine": "INNODB", "mysql_charset": "utf8mb4"} if after else {}
    both = {"mysql_engine": "InnoDB", "mysql_charset": "latin1", "mysql_collate": "latin1_bin"}
    tables = {"engine t": engine, "charset_t": charset, "collate_t": collate, "row_t": row, "less_t": less, "same_t": same, "both_t": both}
    for name, told in tables.items():
        columns = [sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20), nullable=False, server_default="x")]
        more = [sa.Column("new", sa.Text)] if after and name == "charset_t" else []
        sa.Table(name, metadata, *columns, *more, **(told if family == "mariadb" else {}))


def borrowed_enum(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Another column makes the type; it stays while one that only borrows it is there."""
    members = ("a", "it's", "b") if after else ("a", "b")
    own = sa.Enum(*members, name="Kind Of")
    borrowed: Any = postgresql.ENUM(*members, name="Kind Of", create_type=False) if family == "postgresql" else own
    sa.Table("a_owner", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", own, server_default="a"))
    sa.Table("borrower", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", borrowed, server_default="b"))
    if after:
        sa.Table("c_new", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", borrowed))


def fewer_members_everywhere(metadata: sa.MetaData, family: str, after: bool) -> None:
    """A member goes while arrays, defaults, checks and partial indexes of another schema speak of the type."""
    members = ("b", "a") if after else ("a", "gone", "b")
    schema = "shop" if family == "postgresql" else None
    kind = sa.Enum(*members, name="kind", schema=schema)
    more: list[Any] = []
    if family == "postgresql":
        more.append(sa.Column("many", postgresql.ARRAY(kind), server_default="{a,b}", nullable=False))
    table = sa.Table(
        "things",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("kind", kind, server_default="a", nullable=False),
        sa.Column("n", sa.Integer),
        *more,
        schema=schema,
    )
    sa.Index("ix_kind", table.c.kind)
    if family == "postgresql":
        sa.Index("ix_only_a", table.c.n, postgresql_where=table.c.kind == "a")
        sa.Table("plain", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", kind))


def families_of_types(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Types that change their family, with defaults."""
    one, two = sa.Enum("x", "y", name="one_kind"), sa.Enum("y", "x", "z", name="two_kind")
    json: Any = postgresql.JSONB if family == "postgresql" else sa.JSON
    columns = [
        sa.Column("to_enum", one if after else sa.String(5), server_default="x"),
        sa.Column("from_enum", sa.String(5) if after else one, server_default="y", nullable=False),
        sa.Column("other_enum", two if after else one, server_default="x"),
        sa.Column("to_bool", sa.Boolean if after else sa.Integer, server_default=sa.true() if after else "0", nullable=False),
        sa.Column("to_text", sa.Text if after else sa.Integer),
        sa.Column("json", json if after else sa.Text),
        sa.Column("wide", sa.Numeric(20, 5) if after else sa.Integer, server_default="3"),
    ]
    sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)


def keys_in_other_schemas(metadata: sa.MetaData, family: str, after: bool) -> None:
    """Keys that move and count, under names that need quotes."""
    schema = "shop" if family == "postgresql" else None
    sa.Table(
        "Order",
        metadata,
        sa.Column("User Id", sa.BigInteger, primary_key=not after, nullable=False),
        sa.Column("code", sa.String(10), primary_key=after, nullable=False),
        schema=schema,
    )
    sa.Table("select", metadata, sa.Column("from", sa.Integer, primary_key=after, nullable=False), schema=schema)
    sa.Table(
        "pair",
        metadata,
        sa.Column("a", sa.Integer, primary_key=True, autoincrement=after and family != "sqlite"),
        sa.Column("b", sa.Integer, primary_key=True),
        schema=schema,
    )


def types_of_mariadb(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family != "mariadb":
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return
    quoted = ("it's", "50%", 'a"b', "c:d", "e\\f")
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", mysql.BIGINT(unsigned=True) if after else mysql.INTEGER(unsigned=True), primary_key=True, comment="key"),
        sa.Column("e", sa.Enum(*(quoted if after else quoted[:2])), nullable=False, server_default="50%", comment="it's"),
        sa.Column("s", mysql.SET("a", "b", "c") if after else mysql.SET("a", "b"), server_default="a"),
        sa.Column("t", mysql.MEDIUMTEXT if after else sa.Text),
        sa.Column(
            "at",
            mysql.TIMESTAMP(fsp=6) if after else sa.DateTime,
            nullable=False,
            server_default=sa.text("CURRENT_TIMESTAMP(6)" if after else "CURRENT_TIMESTAMP"),
        ),
        sa.Column("y", mysql.YEAR if after else sa.SmallInteger),
        sa.Column(
            "parent", mysql.BIGINT(unsigned=True) if after else mysql.INTEGER(unsigned=True), sa.ForeignKey("t.id", name="to_parent")
        ),
    )
    sa.Index("ix_t", table.c.t, mysql_length=30 if after else 20)
    sa.Index("ix_down", table.c.y.desc() if after else table.c.y, table.c.at)


def postgresql_keys(metadata: sa.MetaData, family: str, after: bool) -> None:
    if family != "postgresql":
        sa.Table("t", metadata, sa.Column("id", sa.Integer, primary_key=True))
        return
    table = sa.Table(
        "t",
        metadata,
        sa.Column("id", sa.Integer, autoincrement=True),
        sa.Column("a", sa.Integer),
        sa.Column("span", postgresql.INT4RANGE),
        sa.PrimaryKeyConstraint("id", name="the_key"),
        sa.UniqueConstraint("a", name="uq_a", postgresql_nulls_not_distinct=after),
        sa.CheckConstraint("a > 1 AND a < 10" if after else "a BETWEEN 1 AND 10", name="ck: 50%"),
        sa.CheckConstraint("NOT (a = 7)", name="steady"),
    )
    operator = "&&" if after else "="
    table.append_constraint(postgresql.ExcludeConstraint((table.c.span, operator), name="apart", using="gist"))


HOSTILE: tuple[Change, ...] = (
    decorated_enum,
    enum_arrays,
    shared_enum,
    bound_enum,
    dropped_enum,
    checked_enum,
    server_defaults,
    deferred_keys,
    keys_that_go,
    same_name_in_two_schemas,
    collations,
    computed_columns,
    plain_becomes_computed,
    identity_options,
    unique_or_index,
    rich_indexes,
    strange_names,
    circles,
    comments_of_all_kinds,
    dates,
    table_options,
    borrowed_enum,
    fewer_members_everywhere,
    families_of_types,
    keys_in_other_schemas,
    types_of_mariadb,
    postgresql_keys,
)
