"""Which statements of a revision are evaluated where its code may not run, and which never are."""

from __future__ import annotations

import ast
import textwrap

import pytest

from gitmig.script.literal import UNKNOWN, literal_code

HEAD = """\
from typing import Sequence, Union
from alembic import op
import sqlalchemy as sa
from sqlalchemy import func, Column
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session
import os

revision: str = "a1"
TABLE = "users"
KINDS = ("a", "b")
PATH = os.getcwd()
"""


def read(body: str) -> list[str]:
    """The statements of ``upgrade()``; what is not evaluated as "? ..."."""
    source = HEAD + "\n\ndef upgrade() -> None:\n" + textwrap.indent(body, "    ")
    tree = literal_code(source.encode(), "versions/a1.py")
    function = next(each for each in tree.body if isinstance(each, ast.FunctionDef))
    compile(tree, "versions/a1.py", "exec")
    found = []
    for statement in function.body:
        match statement:
            case ast.Expr(ast.Call(ast.Name(id=name), [ast.Constant(words)])) if name == UNKNOWN:
                found.append(f"? {words}")
            case _:
                found.append(ast.unparse(statement))
    return found


@pytest.mark.parametrize(
    "statement",
    [
        "op.drop_table('users')",
        "op.drop_table(TABLE)",
        "op.create_table(TABLE, sa.Column('id', sa.Integer(), primary_key=True), Column('x', JSONB()))",
        "op.add_column('t', sa.Column('at', sa.DateTime(), server_default=sa.func.now()))",
        "op.add_column('t', sa.Column('at', sa.DateTime(), server_default=func.now()))",
        "op.add_column('t', sa.Column('k', sa.Enum(*KINDS, name='k'), server_default=sa.text('a' + 'b')))",
        "op.add_column('t', sa.Column('k', postgresql.ARRAY(sa.Text), nullable=False))",
        "op.add_column('t', sa.Column('j', sa.JSON().with_variant(JSONB(), 'postgresql')))",
        "op.create_index(op.f('ix'), 't', ['a', sa.text('lower(b)')], unique=True)",
        "op.alter_column('t', 'a', existing_type=sa.VARCHAR(length=10), type_=sa.Text, server_default=None)",
        "op.execute('UPDATE t SET a = -1')",
        "t = op.create_table('t', sa.Column('id', sa.Integer))",
        "op.bulk_insert(sa.table('t', sa.column('id', sa.Integer)), [{'id': -1}])",
    ],
)
def test_calls_with_literal_arguments_are_evaluated(statement: str) -> None:
    assert read(statement) == [statement]


@pytest.mark.parametrize(
    "statement",
    [
        "op.get_bind()",
        "print('x')",
        "os.system('true')",
        "open('x', 'w')",
        "op.drop_table(open('x').read())",
        "op.drop_table(PATH)",
        "op.drop_table(f'{PATH}')",
        "sa.create_engine('sqlite://')",
        "op.execute(sa.create_engine('sqlite://'))",
        "op.execute(sa.event.listen('x'))",
        "op.add_column('t', sa.engine.create_engine('x'))",
        "op.drop_table((lambda: 'x')())",
        "op.drop_table([x for x in 'ab'][0])",
        "op.drop_table(**{'table_name': 'x'})",
        "op.execute(Session())",
        "op._proxy()",
        "op.create_table.__globals__.get('x')",
        "op.execute(sa.text.__class__)",
        "postgresql.ENUM('a').create(op.get_bind())",
        "for each in KINDS:\n    op.drop_table(each)",
        "if TABLE:\n    op.drop_table(TABLE)",
        "del TABLE",
        "import subprocess",
    ],
)
def test_everything_else_is_not(statement: str) -> None:
    (found,) = read(statement)
    assert found.startswith("? "), found


def test_a_batch_is_read_statement_by_statement() -> None:
    body = "with op.batch_alter_table('t') as batch:\n    batch.drop_column('a')\n    batch.drop_column(PATH)\n"
    assert read(body) == [f"with op.batch_alter_table('t') as batch:\n    batch.drop_column('a')\n    {UNKNOWN}('batch.drop_column(PATH)')"]


def test_a_name_that_is_bound_anew_by_something_unknown_is_unknown() -> None:
    assert read("TABLE = PATH\nop.drop_table(TABLE)") == ["? TABLE = PATH", "? op.drop_table(TABLE)"]
    assert read("op = PATH\nop.drop_table('t')") == ["? op = PATH", "? op.drop_table('t')"]


def test_what_follows_a_return_does_not_run() -> None:
    assert read("op.drop_table('a')\nreturn\nop.drop_table('b')") == ["op.drop_table('a')"]


def test_nothing_of_the_module_runs_but_imports_of_sqlalchemy_and_literals() -> None:
    tree = literal_code((HEAD + "os.remove('x')\nclass X:\n    print('x')\n").encode(), "versions/a1.py")
    assert [type(each) for each in tree.body if not isinstance(each, (ast.Import, ast.ImportFrom))] == [ast.Assign] * 3
    imported = {alias.name for each in tree.body if isinstance(each, (ast.Import, ast.ImportFrom)) for alias in each.names}
    assert imported.isdisjoint({"os", "Session"})
