"""Keys, unique constraints, checks, exclude constraints; and their end."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from tests.dialects.directives.case import Case, Family
from tests.dialects.directives.tables import NAMED


def foreign(*arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> Case:
    return Case(lambda op: op.create_foreign_key(*arguments, **keywords), options or {})


def drop(*arguments: Any, options: dict[str, Any] | None = None, **keywords: Any) -> Case:
    return Case(lambda op: op.drop_constraint(*arguments, **keywords), options or {})


CASES: Family = {
    "add a primary key": Case(lambda op: op.create_primary_key("pk", "t", ["a", "b"])),
    "add a primary key in a schema": Case(lambda op: op.create_primary_key("pk", "t", ["a"], schema="s")),
    "add a primary key without a name": Case(lambda op: op.create_primary_key(None, "t", ["a"])),
    "add a primary key under a convention": Case(lambda op: op.create_primary_key(None, "t", ["a"]), NAMED),
    "add a primary key by keywords": Case(
        lambda op: op.create_primary_key(constraint_name="pk", table_name="order", columns=["A a"], schema=None)
    ),
    "add a foreign key": foreign("fk", "t", "u", ["a"], ["id"]),
    "add a foreign key of two columns": foreign("fk", "t", "u", ["a", "b"], ["x", "y"]),
    "add a foreign key across schemas": foreign("fk", "t", "u", ["a"], ["id"], source_schema="s", referent_schema="r"),
    "add a foreign key out of a schema": foreign("fk", "t", "u", ["a"], ["id"], source_schema="s"),
    "add a foreign key into a schema": foreign("fk", "t", "u", ["a"], ["id"], referent_schema="r"),
    "add a foreign key to the table itself": foreign("fk", "t", "t", ["a"], ["id"]),
    "add a foreign key to a namesake": foreign("fk", "t", "t", ["a"], ["id"], source_schema="s", referent_schema="r"),
    "add a foreign key to its own column": foreign("fk", "t", "t", ["a"], ["a"]),
    "add a foreign key without a name": foreign(None, "t", "u", ["a"], ["id"]),
    "add a foreign key under a convention": foreign(None, "t", "u", ["a"], ["id"], options=NAMED),
    "add a named foreign key under a convention": foreign("fk", "t", "u", ["a"], ["id"], options=NAMED),
    "add a foreign key with actions": foreign("fk", "t", "u", ["a"], ["id"], ondelete="CASCADE", onupdate="SET NULL"),
    "add a foreign key with actions in small letters": foreign("fk", "t", "u", ["a"], ["id"], ondelete="cascade", onupdate="no action"),
    "add a foreign key with a match": foreign("fk", "t", "u", ["a"], ["id"], match="FULL"),
    "add a deferred foreign key": foreign("fk", "t", "u", ["a"], ["id"], deferrable=True, initially="DEFERRED"),
    "add a foreign key that is not deferred": foreign("fk", "t", "u", ["a"], ["id"], deferrable=False, initially="IMMEDIATE"),
    "add a foreign key with use_alter": foreign("fk", "t", "u", ["a"], ["id"], use_alter=True),
    "add a foreign key that is not validated": foreign("fk", "t", "u", ["a"], ["id"], postgresql_not_valid=True),
    "add a foreign key between quoted names": foreign("f k", "order", "U u", ["from"], ["Id"]),
    "add a foreign key by keywords": foreign(
        constraint_name="fk", source_table="t", referent_table="u", local_cols=["a"], remote_cols=["id"]
    ),
    "add a unique constraint": Case(lambda op: op.create_unique_constraint("uq", "t", ["a", "b"])),
    "add a unique constraint in a schema": Case(lambda op: op.create_unique_constraint("uq", "t", ["a"], schema="s")),
    "add a unique constraint without a name": Case(lambda op: op.create_unique_constraint(None, "t", ["a"])),
    "add a unique constraint under a convention": Case(lambda op: op.create_unique_constraint(None, "t", ["a", "b"]), NAMED),
    "add a deferred unique constraint": Case(
        lambda op: op.create_unique_constraint("uq", "t", ["a"], deferrable=True, initially="DEFERRED")
    ),
    "add a unique constraint with options": Case(
        lambda op: op.create_unique_constraint(
            "uq",
            "t",
            ["a"],
            postgresql_nulls_not_distinct=True,
            postgresql_include=["b"],
            mssql_clustered=True,
            sqlite_on_conflict="IGNORE",
        )
    ),
    "add a check": Case(lambda op: op.create_check_constraint("ck", "t", "a > 5")),
    "add a check by an expression": Case(lambda op: op.create_check_constraint("ck", "t", sa.column("a") > 5)),
    "add a check by functions": Case(
        lambda op: op.create_check_constraint(
            "ck", "t", sa.and_(sa.func.length(sa.column("n")) > 5, sa.column("n").in_(["x's", "y%"]), sa.column("Q q").is_(None))
        )
    ),
    "add a check by text": Case(lambda op: op.create_check_constraint("ck", "t", sa.text("a > 5 AND b = 'x%'"), schema="s")),
    "add a deferred check": Case(lambda op: op.create_check_constraint("ck", "t", "a > 5", deferrable=True, initially="DEFERRED")),
    "add a check that is not validated": Case(lambda op: op.create_check_constraint("ck", "t", "a > 5", postgresql_not_valid=True)),
    "add a check without a name": Case(lambda op: op.create_check_constraint(None, "t", "a > 5")),
    "add a check under a convention": Case(lambda op: op.create_check_constraint("pos", "t", "a > 5"), NAMED),
    "add a check with its final name under a convention": Case(lambda op: op.create_check_constraint(op.f("pos"), "t", "a > 5"), NAMED),
    "add an exclude constraint": Case(
        lambda op: op.create_exclude_constraint("ex", "t", ("a", "="), ("b", "&&"), using="gist", where=sa.text("a > 1"))
    ),
    "add an exclude constraint with all": Case(
        lambda op: op.create_exclude_constraint(
            "ex", "t", (sa.column("a"), "="), schema="s", deferrable=True, initially="DEFERRED", where="a > 1"
        )
    ),
    "add an exclude constraint with an operator class": Case(
        lambda op: op.create_exclude_constraint("ex", "t", (sa.column("a"), "="), ops={"a": "x_ops"})
    ),
    "drop a foreign key": drop("c", "t", "foreignkey"),
    "drop a foreign key of a schema": drop("c", "t", type_="foreignkey", schema="s"),
    "drop a unique constraint": drop("c", "t", type_="unique"),
    "drop a check": drop("c", "t", type_="check"),
    "drop a primary key": drop("c", "t", type_="primary"),
    "drop a constraint of unknown kind": drop("c", "t"),
    "drop a constraint if it is there": drop("c", "t", type_="unique", if_exists=True),
    "drop a foreign key if it is there": drop("c", "t", type_="foreignkey", if_exists=True),
    "drop a check if it is there": drop("c", "t", type_="check", if_exists=True, schema="s"),
    "drop a constraint of a kind that there is not": drop("c", "t", type_="nothing"),
    "drop a check under a convention": drop("pos", "t", type_="check", options=NAMED),
    "drop a check by its final name under a convention": Case(lambda op: op.drop_constraint(op.f("pos"), "t", type_="check"), NAMED),
    "drop a unique constraint under a convention": drop("u", "t", type_="unique", options=NAMED),
    "drop a foreign key under a convention": drop("f", "t", type_="foreignkey", options=NAMED),
    "drop a constraint of unknown kind under a convention": drop("f", "t", options=NAMED),
    "drop a quoted constraint": drop("Order by", "from", type_="unique"),
    "drop by keywords": drop(constraint_name="c", table_name="t", type_="foreignkey", schema=None),
}
