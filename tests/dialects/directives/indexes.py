"""create_index and drop_index."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.dialects.directives.case import Case, Family
from tests.dialects.directives.tables import NAMED


def index(*arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> Case:
    return Case(lambda op: op.create_index(*arguments, **keywords), options or {})


def drop(*arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> Case:
    return Case(lambda op: op.drop_index(*arguments, **keywords), options or {})


CASES: Family = {
    "create an index": index("ix", "t", ["a"]),
    "create an index of two columns": index("ix", "t", ["a", "B b"], unique=False),
    "create a unique index": index("ix", "t", ["a"], unique=True, schema="s"),
    "create an index unless it is there": index("ix", "t", ["a"], if_not_exists=True),
    "create a unique index unless it is there": index("ix", "t", ["a"], if_not_exists=True, unique=True, schema="s"),
    "create an index of an expression": index("ix", "t", [sa.text("lower(a)")]),
    "create an index of mixed things": index("ix", "t", ["a", sa.text("lower(b)"), sa.func.upper(sa.column("c")), sa.column("d").desc()]),
    "create an index of a cast": index("ix", "t", [sa.cast(sa.column("a"), sa.Integer)]),
    "create an index without a name": index(None, "t", ["a"]),
    "create an index under a convention": index(None, "t", ["a", "b"], options=NAMED),
    "create a named index under a convention": index("ix", "t", ["a"], options=NAMED),
    "create an index concurrently": index("ix", "t", ["a"], postgresql_concurrently=True),
    "create an index concurrently unless it is there": index("ix", "t", ["a"], postgresql_concurrently=True, if_not_exists=True),
    "create an index of part of the rows": index(
        "ix", "t", ["a"], postgresql_where=sa.text("a > 0"), sqlite_where=sa.text("a > 0"), mssql_where=sa.text("a > 0")
    ),
    "create an index of part of the rows by an expression": index(
        "ix", "t", ["a"], postgresql_where=sa.column("a").isnot(None), sqlite_where=sa.column("a") > 5, mssql_where=sa.column("a") > 5
    ),
    "create an index with the options of postgresql": index(
        "ix",
        "t",
        ["a"],
        postgresql_using="gin",
        postgresql_ops={"a": "gin_trgm_ops"},
        postgresql_include=["b"],
        postgresql_with={"fillfactor": 50},
        postgresql_tablespace="space",
    ),
    "create an index of an expression with a class": index(
        "ix", "t", [sa.text("lower(a) text_pattern_ops")], postgresql_using="btree", unique=True
    ),
    "create an index where nulls are equal": index("ix", "t", ["a"], unique=True, postgresql_nulls_not_distinct=True),
    "create an index with the options of mysql": index(
        "ix", "t", ["a", "b"], mysql_length={"a": 10}, mysql_prefix="FULLTEXT", mysql_using="hash", mysql_with_parser="ngram"
    ),
    "create an index with a length": index("ix", "t", ["a"], mysql_length=20, mariadb_length=30),
    "create an index with the options of mssql": index("ix", "t", ["a"], mssql_clustered=True, mssql_include=["b", "c"]),
    "create an index of columns": index("ix", "t", ["a"], mssql_columnstore=True),
    "create an index with the options of oracle": index("ix", "t", ["a"], oracle_bitmap=True, oracle_compress=1),
    "create an index whose name is quoted": index("Ix x", "t", ["a"], quote=True),
    "create an index by keywords": index(index_name="ix", table_name="t", columns=["a"], schema=None),
    "drop an index": drop("ix"),
    "drop an index of a table": drop("ix", "t"),
    "drop an index of a table by keyword": drop("ix", table_name="t", schema="s"),
    "drop an index of a schema": drop("ix", schema="s"),
    "drop an index if it is there": drop("ix", table_name="t", if_exists=True),
    "drop an index concurrently": drop("ix", table_name="t", postgresql_concurrently=True),
    "drop an index concurrently if it is there": drop("ix", table_name="t", postgresql_concurrently=True, if_exists=True),
    "drop an index with keywords of its creation": drop(
        "ix", table_name="t", postgresql_where=sa.text("a > 0"), postgresql_using="gin", mysql_length=3, sqlite_where=sa.text("a > 0")
    ),
    "drop an index under a convention": drop("ix", table_name="t", options=NAMED),
    "drop a quoted index": drop("Ix x", table_name="order"),
    "drop an index by keywords": drop(index_name="ix", table_name="t", schema=None, if_exists=None),
}
