"""alter_column, argument by argument."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import mysql

from tests.dialects.directives.case import Case, Family


def alter(column: str = "c", **keywords: Any) -> Case:
    return Case(lambda op: op.alter_column("t", column, **keywords))


INTEGER, TEXT = sa.Integer(), sa.String(20)

CASES: Family = {
    "alter nothing": alter(),
    "alter nothing of what exists": alter(existing_type=INTEGER, existing_nullable=False, existing_server_default="5"),
    "forbid null": alter(nullable=False, existing_type=INTEGER),
    "forbid null without the type": alter(nullable=False),
    "forbid null with what exists": alter(nullable=False, existing_type=INTEGER, existing_nullable=True, existing_server_default="5"),
    "forbid null of a commented column": alter(nullable=False, existing_type=INTEGER, existing_comment="it's"),
    "allow null": alter(nullable=True, existing_type=TEXT, schema="s"),
    "allow null, it is": alter(nullable=True, existing_type=TEXT, existing_nullable=True),
    "change the type": alter(type_=sa.String(30), existing_type=TEXT, existing_nullable=False),
    "change the type without what exists": alter(type_=sa.Text()),
    "change the type by its class": alter(type_=sa.BigInteger, existing_type=sa.Integer),
    "change the type and nullability": alter(type_=sa.Text(), nullable=False),
    "change the type with a default that exists": alter(type_=sa.Text(), existing_type=TEXT, existing_server_default="x"),
    "change the type with a function that exists": alter(type_=sa.DateTime(), existing_server_default=sa.func.now()),
    "change the type with no default that exists": alter(type_=sa.Text(), existing_server_default=None),
    "change the type of a commented column": alter(type_=sa.Text(), existing_type=TEXT, existing_comment="words"),
    "change the type with an expression": alter(type_=INTEGER, postgresql_using="c::integer"),
    "change the type with an expression that has a colon": alter(type_=INTEGER, postgresql_using="f(c, ':x')", schema="s"),
    "an expression without a type": alter(nullable=True, existing_type=INTEGER, postgresql_using="c::integer"),
    "change the type with a collation": alter(type_=sa.String(9, collation="C")),
    "change to a type of mysql": alter(type_=sa.Text().with_variant(mysql.LONGTEXT(), "mysql", "mariadb"), existing_type=TEXT),
    "set a default": alter(server_default="x", existing_type=TEXT),
    "set a default without the type": alter(server_default="it's 5%"),
    "set a number as default": alter(server_default=sa.text("5"), existing_type=INTEGER, existing_nullable=False),
    "set a function as default": alter(server_default=sa.func.now(), existing_type=sa.DateTime()),
    "set a function as default of a timestamp": alter(
        server_default=sa.text("CURRENT_TIMESTAMP"), existing_type=sa.TIMESTAMP(), existing_nullable=False
    ),
    "set an expression as default": alter(server_default=sa.text("(1 + 2)"), existing_type=INTEGER),
    "set a boolean as default": alter(server_default=sa.false(), existing_type=sa.Boolean()),
    "replace a default": alter(server_default=sa.text("5"), existing_server_default="4", schema="s"),
    "replace a default, there was none": alter(server_default="5", existing_server_default=None),
    "replace a default of a given type": alter(server_default="5", existing_server_default="4", existing_type=INTEGER),
    "drop a default": alter(server_default=None),
    "drop a default of a given type": alter(server_default=None, existing_type=TEXT, existing_server_default="x", existing_nullable=False),
    "drop a default of a time": alter(server_default=None, existing_type=sa.DateTime(), existing_server_default=sa.func.now()),
    "rename": alter(new_column_name="d", existing_type=INTEGER),
    "rename without the type": alter(new_column_name="d"),
    "rename to a quoted name": alter("C c", new_column_name="Order", existing_type=INTEGER, schema="s"),
    "rename to its name": alter(new_column_name="c", existing_type=INTEGER),
    "rename with what exists": alter(
        new_column_name="d", existing_type=TEXT, existing_nullable=False, existing_server_default="x", existing_comment="words"
    ),
    "rename and change the type": alter(new_column_name="d", type_=sa.Text(), existing_type=TEXT, existing_nullable=False),
    "rename and change the type with an expression": alter(new_column_name="d", type_=INTEGER, postgresql_using="c::integer"),
    "rename and forbid null": alter(new_column_name="d", nullable=False, existing_type=TEXT),
    "rename and set a default": alter(new_column_name="d", server_default="x", existing_type=TEXT),
    "change everything": alter(
        new_column_name="d",
        type_=INTEGER,
        nullable=False,
        server_default="5",
        comment="words",
        existing_type=sa.SmallInteger(),
        existing_nullable=True,
        existing_server_default="4",
        existing_comment="old",
        schema="s",
    ),
    "comment": alter(comment="it's", existing_type=INTEGER, schema="s"),
    "comment with what exists": alter(comment="new", existing_comment="old", existing_type=INTEGER, existing_nullable=False, schema="s"),
    "comment without a schema": alter(comment="new", existing_type=INTEGER),
    "comment without the type": alter(comment="new", schema="s"),
    "comment with nothing": alter(comment="", existing_type=INTEGER, schema="s"),
    "drop the comment": alter(comment=None, existing_comment="old", existing_type=INTEGER, schema="s"),
    "drop the comment without what exists": alter(comment=None, existing_type=INTEGER, schema="s"),
    "count": alter(autoincrement=True, existing_type=INTEGER, existing_nullable=False),
    "count without the type": alter(autoincrement=True),
    "count no more": alter(autoincrement=False, existing_type=INTEGER, existing_autoincrement=True, existing_nullable=False),
    "widen a counted column": alter(type_=sa.BigInteger(), existing_type=INTEGER, existing_autoincrement=True, existing_nullable=False),
    "rename a counted column": alter(new_column_name="d", existing_type=INTEGER, existing_autoincrement=True, existing_nullable=False),
    "forbid null of a counted column": alter(nullable=False, autoincrement=True, existing_type=INTEGER),
    "make it an identity": alter(server_default=sa.Identity(start=3)),
    "make it an identity that had a default": alter(server_default=sa.Identity(always=True), existing_server_default=None),
    "make it an identity that had text": alter(server_default=sa.Identity(), existing_server_default="5", existing_type=INTEGER),
    "change an identity": alter(
        server_default=sa.Identity(start=5, increment=2, always=True), existing_server_default=sa.Identity(start=3)
    ),
    "change an identity to the same": alter(server_default=sa.Identity(start=3), existing_server_default=sa.Identity(start=3)),
    "change the limits of an identity": alter(
        server_default=sa.Identity(minvalue=1, maxvalue=90, cycle=True, cache=5), existing_server_default=sa.Identity(cache=9)
    ),
    "drop an identity": alter(server_default=None, existing_server_default=sa.Identity()),
    "an identity becomes a default": alter(server_default="5", existing_server_default=sa.Identity()),
    "make it computed": alter(server_default=sa.Computed("a + 1"), existing_type=INTEGER),
    "change what is computed": alter(
        server_default=sa.Computed("a + 2"), existing_server_default=sa.Computed("a + 1"), existing_type=INTEGER
    ),
    "change the type of what is computed": alter(
        type_=sa.BigInteger(), existing_server_default=sa.Computed("a + 1", persisted=True), existing_type=INTEGER
    ),
    "rename what is computed": alter(new_column_name="d", existing_server_default=sa.Computed("a + 1"), existing_type=INTEGER),
    "drop what is computed": alter(server_default=None, existing_server_default=sa.Computed("a + 1"), existing_type=INTEGER),
    "change to an enumerated type": alter(type_=sa.Enum("x", "y", name="kind"), existing_type=TEXT),
    "change to an enumerated type with a check": alter(
        type_=sa.Enum("x", "y", name="kind", create_constraint=True, native_enum=False), existing_type=TEXT
    ),
    "change from an enumerated type with a check": alter(
        existing_type=sa.Enum("x", "y", name="kind", create_constraint=True, native_enum=False), type_=TEXT
    ),
    "change an enumerated type with a check": alter(
        existing_type=sa.Enum("x", name="old", create_constraint=True, native_enum=False),
        type_=sa.Enum("x", "y", name="new", create_constraint=True, native_enum=False),
        new_column_name="d",
    ),
    "change a boolean with a check to a number": alter(existing_type=sa.Boolean(create_constraint=True, name="flag"), type_=INTEGER),
    "change a number to a boolean with a check": alter(
        type_=sa.Boolean(create_constraint=True, name="flag"), existing_type=INTEGER, schema="s"
    ),
    "change to a type with a check, nothing exists": alter(type_=sa.Boolean(create_constraint=True, name="flag")),
    "change from a boolean with a check without a name": alter(existing_type=sa.Boolean(create_constraint=True), type_=INTEGER),
    "keywords of others": alter(
        nullable=False, existing_type=INTEGER, unique=True, primary_key=True, default=5, do_rename=False, if_exists=True
    ),
    "alter by keywords": Case(lambda op: op.alter_column(table_name="t", column_name="c", nullable=True, existing_type=INTEGER)),
}
