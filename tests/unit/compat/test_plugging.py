"""What packages plug in: directives and implementations, rewriters, dialects, plug-ins.

Each case runs in a process of its own, since what is registered stays."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]

START = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
from gitmig.compat import alembic as shim
shim.install()
import io
import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations, MigrateOperation, Operations, ops
from alembic.runtime.migration import MigrationContext

engine = sa.create_engine("sqlite://")
connection = engine.connect()
context = MigrationContext.configure(connection)
"""


def said(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", START + code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_a_directive_of_ones_own_appears_on_op_at_once() -> None:
    code = """
@Operations.register_operation("twice")
class Twice(MigrateOperation):
    def __init__(self, value):
        self.value = value
    @classmethod
    def twice(cls, operations, value, *, more=0):
        "Doubles."
        return operations.invoke(cls(value + more))

try:
    op.twice(1)
except NameError as error:
    print(str(error)[:31])

@Operations.implementation_for(Twice)
def twice(operations, operation):
    return operations.get_bind().scalar(sa.text(f"SELECT {operation.value * 2}"))

with Operations.context(context):
    print(op.twice(20, more=1))
import inspect
print(inspect.signature(Operations.twice), Operations.twice.__doc__)
try:
    Operations(context).invoke(MigrateOperation())
except ValueError as error:
    print(str(error)[:31])
"""
    expected = ["Can't invoke function 'twice', ", "42", "(self, value, *, more=0) Doubles.", "no dispatch function for object"]
    assert said(code) == expected


def test_directives_reach_an_implementation_that_was_replaced() -> None:
    code = """
from alembic.operations.toimpl import create_table, drop_table

try:
    Operations.implementation_for(ops.CreateTableOp)(create_table)
except ValueError as error:
    print("already exists" in str(error))

@Operations.implementation_for(ops.CreateTableOp, replace=True)
def watched(operations, operation):
    print("create", operation.table_name)
    return create_table(operations, operation)

@Operations.implementation_for(ops.AddColumnOp, replace=True)
def added(operations, operation):
    print("add", operation.table_name, operation.column.name, type(operations).__name__)

with Operations.context(context) as directives:
    table = op.create_table("t", sa.Column("id", sa.Integer, primary_key=True))
    op.add_column("t", sa.Column("x", sa.Integer))
    with op.batch_alter_table("t") as batch:
        batch.add_column(sa.Column("y", sa.Integer))
    op.bulk_insert(table, [{"id": 1}])
print(connection.execute(sa.text("SELECT * FROM t")).keys())
"""
    assert said(code) == ["True", "create t", "add t x Operations", "add t y BatchOperations", "RMKeyView(['id'])"]


def test_operation_objects_are_carried_out() -> None:
    code = """
up = ops.UpgradeOps([
    ops.CreateTableOp("t", [sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5))]),
    ops.AddColumnOp("t", sa.Column("b", sa.Integer)),
    ops.CreateIndexOp("ix", "t", ["a"], unique=True),
    ops.RenameTableOp("t", "u"),
    ops.ExecuteSQLOp("INSERT INTO u (a) VALUES ('x')"),
    ops.DropIndexOp("ix", "u"),
])
operations = Operations(context)
for each in up.ops:
    operations.invoke(each)
print(connection.execute(sa.text("SELECT id, a, b FROM u")).all(), sa.inspect(connection).get_indexes("u"))
with operations.batch_alter_table("u") as batch:
    batch.invoke(ops.DropColumnOp("u", "b"))
print([each["name"] for each in sa.inspect(connection).get_columns("u")])
"""
    assert said(code) == ["[(1, 'x', None)] []", "['id', 'a']"]


def test_the_overrides_of_a_dialect_are_called() -> None:
    code = """
from alembic.ddl.sqlite import SQLiteImpl
from alembic.ddl.impl import DefaultImpl

class Taught(SQLiteImpl):
    __dialect__ = "sqlite"
    transactional_ddl = True
    type_synonyms = (*SQLiteImpl.type_synonyms, {"GEOMETRY", "POLYGON"})
    def add_column(self, table_name, column, **kw):
        print("add", table_name, column.name)
        super().add_column(table_name, column, **kw)
    def drop_table(self, table, **kw):
        print("drop", table.name)
        super().drop_table(table, **kw)
    def compare_type(self, inspector_column, metadata_column):
        print("compare", inspector_column.name)
        return False

context = MigrationContext.configure(connection)
print(type(context.impl).__name__, context.is_transactional_ddl(), DefaultImpl.get_by_dialect(engine.dialect).__name__)
operations = Operations(context)
operations.create_table("t", sa.Column("id", sa.Integer))
operations.add_column("t", sa.Column("x", sa.Integer))
print([each["name"] for each in sa.inspect(connection).get_columns("t")])
from alembic.autogenerate import compare_metadata
models = sa.MetaData()
sa.Table("t", models, sa.Column("id", sa.Integer), sa.Column("x", sa.String(9)))
print(compare_metadata(context, models))
operations.drop_table("t")
print(sa.inspect(connection).get_table_names())
"""
    found = said(code)
    assert found == ["Taught True Taught", "add t x", "['id', 'x']", "compare id", "compare x", "[]", "drop t", "[]"]


def test_a_rewriter_changes_each_operation_once_and_can_be_chained() -> None:
    code = """
from alembic.autogenerate import rewriter
first, second = rewriter.Rewriter(), rewriter.Rewriter()

@first.rewrites(ops.AddColumnOp)
def nullable(context, revision, op):
    return [op, ops.AlterColumnOp(op.table_name, op.column.name, modify_nullable=False)]

@first.rewrites(ops.DropColumnOp)
def never(context, revision, op):
    return []

@second.rewrites(ops.AlterColumnOp)
def commented(context, revision, op):
    op.modify_comment = "seen"
    return op

up = ops.UpgradeOps([ops.ModifyTableOps("t", [ops.AddColumnOp("t", sa.Column("q", sa.Integer))])])
script = ops.MigrationScript("r", up, up.reverse())
both = first.chain(second)
both(None, (), [script])
print([type(each).__name__ for each in up.ops[0].ops], up.ops[0].ops[1].modify_comment, script.downgrade_ops.ops[0].ops)
"""
    assert said(code) == ["['AddColumnOp', 'AlterColumnOp'] seen []"]


def test_plugins_are_chosen_by_their_names() -> None:
    code = """
from alembic.runtime.plugins import Plugin, _all_plugins
from alembic.util import CommandError, PriorityDispatcher, PriorityDispatchResult, DispatchPriority
from alembic.autogenerate import compare_metadata
models = sa.MetaData()
sa.Table("t", models, sa.Column("id", sa.Integer))
plugin = Plugin("mine.own")
plugin.add_autogenerate_comparator(lambda context, up, schemas: up.ops.append(ops.CreateTableCommentOp("t", "mine")), "schema")
try:
    Plugin("mine.own")
except ValueError:
    print("taken")
def found(**opts):
    return [each[0] for each in compare_metadata(MigrationContext.configure(connection, opts=opts), models)]
print(found())
print(found(autogenerate_plugins=["alembic.autogenerate.*"]), found(autogenerate_plugins=["mine.*"])[-1:])
try:
    found(autogenerate_plugins=["nowhere"])
except CommandError as error:
    print(error)
plugin.remove()
print(found())
"""
    expected = [
        "taken",
        "['add_table', 'add_table_comment']",
        "['add_table'] ['add_table_comment']",
        "Did not locate plugins: nowhere",
        "['add_table']",
    ]
    assert said(code) == expected


def test_comparators_run_by_priority_and_stop_their_group() -> None:
    code = """
from alembic.util import DispatchPriority, PriorityDispatcher, PriorityDispatchResult
dispatcher, seen = PriorityDispatcher(), []
def add(name, result=None, **keywords):
    dispatcher.dispatch_for("schema", **keywords)(lambda: (seen.append(name), result)[1])
add("m"); add("last", priority=DispatchPriority.LAST); add("first-pg", priority=DispatchPriority.FIRST, qualifier="pg")
add("first", priority=DispatchPriority.FIRST); add("m-pg", qualifier="pg")
add("x1", PriorityDispatchResult.STOP, subgroup="x"); add("x2", subgroup="x")
dispatcher.dispatch("schema", qualifier="pg")()
print(*seen)
"""
    assert said(code) == ["first-pg first m-pg m x1 last"]


def test_an_enumerated_type_of_postgresql_is_made_once(postgresql_url: str) -> None:
    code = f"""
from alembic.autogenerate import produce_migrations, render_python_code
engine = sa.create_engine({postgresql_url!r})
models = sa.MetaData()
sa.Table("t", models, sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum("a", "b", name="kinds")))
with engine.begin() as connection:
    context = MigrationContext.configure(connection)
    script = produce_migrations(context, models)
    up, down = (render_python_code(each, migration_context=context) for each in (script.upgrade_ops, script.downgrade_ops))
    print("postgresql.ENUM('a', 'b', name='kinds', create_type=False)" in up)
    from sqlalchemy.dialects import postgresql
    with Operations.context(context):
        for _ in range(2):
            exec("if True:\\n    " + up)
            print(sa.inspect(connection).get_table_names(), [each["name"] for each in sa.inspect(connection).get_enums()])
            exec("if True:\\n    " + down)
            print(sa.inspect(connection).get_table_names(), [each["name"] for each in sa.inspect(connection).get_enums()])
"""
    assert said(code) == ["True", *["['t'] ['kinds']", "[] []"] * 2]
