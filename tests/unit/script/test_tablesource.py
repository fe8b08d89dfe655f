"""Tables as scripts write them."""

from __future__ import annotations

import ast
import textwrap

import sqlalchemy as sa

from gitmig import ops
from gitmig.schema.freeze import freeze_table
from gitmig.schema.values import Schema
from gitmig.script.body import Section, statements
from gitmig.script.typesource import Style, Writer


def test_an_option_that_reflection_names_with_a_space_is_a_keyword() -> None:
    reflected = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer), **{"mysql_default charset": "utf8mb4"})
    steps = ops.steps(Schema(), [ops.CreateTable(freeze_table(reflected))])
    written = statements([Section(tuple(steps))], Writer(Style(("mysql",))))
    call = ast.parse(textwrap.dedent("\n".join(written)), mode="eval").body
    assert isinstance(call, ast.Call)
    assert {each.arg: ast.literal_eval(each.value) for each in call.keywords} == {"mysql_default_charset": "utf8mb4"}
