"""A random directive with random arguments prints in offline mode what Alembic prints.

Left out are the pairs that ``tests/dialects/directives/deviations.py`` names: what differs there is meant, and said there.
"""

# ruff: noqa: B008, RUF005
from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.dialects.directives.alembicoffline import alembics
from tests.dialects.directives.case import DIALECTS, Case
from tests.dialects.directives.deviations import RAISES
from tests.dialects.directives.offline import gitmigs
from tests.dialects.directives.tables import NAMED

Draw = Callable[[st.SearchStrategy[Any]], Any]

NAMES = st.sampled_from(["t", "u", "order", "Some Name", "a_b", "é", "x1"])
COLUMNS = st.sampled_from(["c", "d", "from", "C c", "e_f"])
SCHEMAS = st.sampled_from([None, "s", "S s"])
WORDS = st.sampled_from(["", "x", "it's", "50%", "a:b", "\\", "two\nlines"])
CONSTRAINTS = st.sampled_from([None, "k", "Key k", "group"])
TYPES = st.sampled_from(
    [sa.Integer, sa.BigInteger, sa.String(20), sa.String(7, collation="C"), sa.Text, sa.Boolean, sa.DateTime, sa.Numeric(10, 2), sa.Date]
    + [sa.LargeBinary, sa.Float, sa.JSON, sa.Uuid, sa.Enum("x", "y", name="kind"), sa.DateTime(timezone=True)]
)
DEFAULTS = st.sampled_from(
    [None, "x", "it's", "5", sa.text("5"), sa.text("(1 + 2)"), sa.func.now(), sa.true(), sa.text("CURRENT_TIMESTAMP")]
)
ACTIONS = st.sampled_from([None, "CASCADE", "SET NULL", "no action"])
FLAGS = st.sampled_from([None, True, False])
CONDITIONS = st.sampled_from(["a > 5", sa.text("a > 5"), sa.column("a") > 5, sa.column("a").in_(["x", "it's"]), sa.column("a").is_(None)])


def given_only(draw: Draw, **strategies: st.SearchStrategy[Any]) -> dict[str, Any]:
    """Keywords, each given or not."""
    return {name: draw(strategy) for name, strategy in strategies.items() if draw(st.booleans())}


def column(draw: Draw, dialect: str) -> Callable[[], sa.Column[Any]]:
    """Makes the column: each tool gets one of its own."""
    keywords = given_only(draw, nullable=st.booleans(), server_default=DEFAULTS, unique=st.booleans(), primary_key=st.booleans())
    if dialect == "mssql":  # its text for a comment is between those of the column and its keys, which is meant
        keywords.pop("unique", None)
    keys = (
        [sa.ForeignKey("other.id", **given_only(draw, name=CONSTRAINTS, ondelete=ACTIONS, onupdate=ACTIONS))] if draw(st.booleans()) else []
    )
    return sa.Column(draw(COLUMNS), draw(TYPES), *keys, **keywords)


def create_table(draw: Draw, dialect: str) -> Any:
    names = draw(st.lists(COLUMNS, unique=True, max_size=3))
    columns = [(name, draw(TYPES), given_only(draw, nullable=st.booleans(), server_default=DEFAULTS)) for name in names]
    keywords = given_only(draw, if_not_exists=FLAGS, schema=SCHEMAS, mysql_engine=st.just("InnoDB"), sqlite_with_rowid=st.booleans())
    return lambda op, name=draw(NAMES): op.create_table(name, *(sa.Column(*each, **kw) for *each, kw in columns), **keywords)


def add_column(draw: Draw, dialect: str) -> Any:
    added = column(draw, dialect)
    keywords = given_only(draw, schema=SCHEMAS, inline_references=FLAGS, inline_primary_key=FLAGS)
    if dialect != "sqlite":
        keywords |= given_only(draw, if_not_exists=FLAGS)
    return lambda op, name=draw(NAMES): op.add_column(name, added(), **keywords)


def drop_column(draw: Draw, dialect: str) -> Any:
    keywords = given_only(draw, schema=SCHEMAS) | ({} if dialect == "sqlite" else given_only(draw, if_exists=FLAGS))
    return lambda op, name=draw(NAMES), of=draw(COLUMNS): op.drop_column(name, of, **keywords)


def alter_column(draw: Draw, dialect: str) -> Any:
    keywords = given_only(
        draw,
        nullable=st.booleans(),
        server_default=DEFAULTS,
        new_column_name=st.sampled_from(["new", "New n"]),
        type_=TYPES,
        existing_type=TYPES,
        existing_nullable=st.booleans(),
        existing_server_default=DEFAULTS,
        autoincrement=st.booleans(),
        existing_autoincrement=st.booleans(),
        schema=SCHEMAS,
    )
    if dialect not in ("mssql", "oracle"):  # which schema a comment names is not the same there
        keywords |= given_only(draw, comment=st.none() | WORDS, existing_comment=WORDS)
    if dialect == "sqlite":
        keywords = {"new_column_name": draw(st.sampled_from(["new", "New n"])), **given_only(draw, schema=SCHEMAS, existing_type=TYPES)}
    if "type_" in keywords:
        keywords |= given_only(draw, postgresql_using=st.sampled_from(["c::integer", "f(c, ':x', '%')"]))
    names = NAMES
    if dialect == "mssql":  # gitmig quotes names inside of its texts too
        names, keywords["schema"] = st.sampled_from(["t", "u"]), draw(st.sampled_from([None, "s"]))
    return lambda op, name=draw(names), of=draw(COLUMNS): op.alter_column(name, of, **keywords)


def constraint(draw: Draw, dialect: str) -> Any:
    table, name = draw(NAMES), draw(CONSTRAINTS)
    columns = draw(st.lists(COLUMNS, min_size=1, max_size=2, unique=True))
    timing = given_only(draw, deferrable=FLAGS, initially=st.sampled_from(["DEFERRED", "IMMEDIATE"]))
    keywords = given_only(draw, schema=SCHEMAS)
    condition, target = draw(CONDITIONS), draw(NAMES)
    schemas = given_only(draw, source_schema=SCHEMAS, referent_schema=SCHEMAS)
    rules = given_only(draw, onupdate=ACTIONS, ondelete=ACTIONS, match=st.sampled_from(["FULL", "SIMPLE"]), use_alter=st.booleans())
    return draw(
        st.sampled_from(
            [
                lambda op: op.create_primary_key(name, table, columns, **keywords),
                lambda op: op.create_unique_constraint(name, table, columns, **keywords, **timing),
                lambda op: op.create_check_constraint(name, table, condition, **keywords, **timing),
                lambda op: op.create_foreign_key(name, table, target, columns, columns, **schemas, **rules, **timing),
            ]
        )
    )


def drop_constraint(draw: Draw, dialect: str) -> Any:
    keywords = given_only(draw, schema=SCHEMAS, if_exists=FLAGS)
    kind = draw(st.sampled_from([None, "foreignkey", "unique", "check", "primary"]))
    return lambda op, name=draw(st.sampled_from(["k", "Key k"])), table=draw(NAMES): op.drop_constraint(name, table, kind, **keywords)


def index(draw: Draw, dialect: str) -> Any:
    kinds = ["a", "B b", sa.text("lower(c)"), sa.func.upper(sa.column("d"))]
    elements = draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3, unique_by=str))
    plain = all(isinstance(each, str) for each in elements)  # of an expression Alembic takes its text into the name
    keywords = given_only(
        draw,
        schema=SCHEMAS,
        unique=st.booleans(),
        if_not_exists=FLAGS,
        postgresql_concurrently=st.booleans(),
        postgresql_using=st.sampled_from(["gin", "hash"]),
        postgresql_where=CONDITIONS.filter(lambda each: not isinstance(each, str)),
        postgresql_include=st.just(["z"]),
        sqlite_where=CONDITIONS.filter(lambda each: not isinstance(each, str)),
        mssql_include=st.just(["z"]),
        mssql_clustered=st.booleans(),
        mysql_prefix=st.just("FULLTEXT"),
        mysql_using=st.just("btree"),
    )
    return lambda op, name=draw(CONSTRAINTS if plain else st.just("k")), table=draw(NAMES): op.create_index(
        name, table, elements, **keywords
    )


def drop_index(draw: Draw, dialect: str) -> Any:
    keywords = given_only(draw, table_name=NAMES, schema=SCHEMAS, if_exists=FLAGS, postgresql_concurrently=st.booleans())
    return lambda op, name=draw(st.sampled_from(["k", "Key k"])): op.drop_index(name, **keywords)


def table(draw: Draw, dialect: str) -> Any:
    keywords, exists = given_only(draw, schema=SCHEMAS), given_only(draw, if_exists=FLAGS)
    comment, name, new = draw(WORDS), draw(NAMES), draw(NAMES)
    found = [lambda op: op.drop_table(name, **keywords, **exists), lambda op: op.rename_table(name, new, **keywords)]
    if dialect not in ("sqlite", "mssql"):
        found += [lambda op: op.create_table_comment(name, comment, **keywords), lambda op: op.drop_table_comment(name, **keywords)]
    return draw(st.sampled_from(found))


def rows(draw: Draw, dialect: str) -> Any:
    target = sa.table(draw(NAMES), sa.column("a", sa.Integer), sa.column("b", sa.String), schema=draw(SCHEMAS))
    values = draw(st.lists(st.fixed_dictionaries({"a": st.integers(), "b": st.none() | WORDS}), max_size=3))
    keywords = given_only(draw, multiinsert=st.booleans())
    return lambda op: op.bulk_insert(target, values, **keywords)


KINDS = (create_table, add_column, drop_column, alter_column, constraint, drop_constraint, index, drop_index, table, rows)


@st.composite
def calls(draw: Draw) -> tuple[str, Case]:
    dialect = draw(st.sampled_from(DIALECTS))
    return dialect, Case(draw(st.sampled_from(KINDS))(draw, dialect), NAMED if draw(st.booleans()) else {})


@given(calls())
def test_a_random_directive_prints_what_alembic_prints(call: tuple[str, Case]) -> None:
    dialect, case = call
    expected, found = alembics(case, dialect), gitmigs(case, dialect)
    if RAISES in expected:
        assert RAISES in found, f"{dialect}: Alembic {expected.strip()}, gitmig wrote {found.strip()}"
        assert expected.startswith(found.partition(RAISES)[0])
    else:
        assert found == expected, dialect
