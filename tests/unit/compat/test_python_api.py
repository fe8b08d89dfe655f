"""gitmig's Python API, and what happens where Alembic itself was imported first."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parents[3]


def run(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    start = f"import sys; sys.path[:0] = [{str(folder)!r}, {str(ROOT)!r}]\n"
    return subprocess.run([sys.executable, "-c", start + code], capture_output=True, text=True, check=False, cwd=folder)


def test_importing_gitmig_imports_nothing_else(tmp_path: Path) -> None:
    done = run("before = set(sys.modules)\nimport gitmig\nprint(sorted(set(sys.modules) - before - {'__future__'}))", tmp_path)
    assert done.stdout.strip() == "['gitmig']", done.stderr


def test_op_brings_neither_the_runner_nor_the_stand_in_for_alembic(tmp_path: Path) -> None:
    code = """
import gitmig.op
from gitmig import op
assert op is gitmig.op and callable(op.create_table)
ours = ("gitmig.compat", "gitmig.commands", "gitmig.cli", "gitmig.adapters", "gitmig.runtime.runner")
theirs = {"mako", "git", "click", "rich", "sqlglot"}
print([name for name in sys.modules if name.startswith(ours) or name in theirs])
"""
    assert run(code, tmp_path).stdout.strip() == "[]"


def test_every_name_of_the_api_is_there(tmp_path: Path) -> None:
    code = """
import gitmig, gitmig.command, gitmig.context
for name in gitmig.__all__:
    assert getattr(gitmig, name) is not None, name
assert gitmig.command.upgrade is gitmig.command.upgrade
print(gitmig.context.__name__, gitmig.command.__name__)
"""
    done = run(code, tmp_path)
    assert done.stdout.split() == ["gitmig.runtime.context", "gitmig.compat.alembic.command"], done.stderr


def test_an_application_upgrades_its_database_over_its_own_connection(tmp_path: Path) -> None:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "one.py").write_text(
        "from alembic import op\nimport sqlalchemy as sa\nrevision = 'aaaa11'\ndown_revision = None\n\n\n"
        "def upgrade():\n    op.create_table('one', sa.Column('id', sa.Integer))\n\n\ndef downgrade():\n    raise KeyError('never')\n"
    )
    (versions.parent / "env.py").write_text(
        "from gitmig import context\ncontext.configure(connection=context.config.attributes['connection'])\n"
        "with context.begin_transaction():\n    context.run_migrations()\n"
    )
    (tmp_path / "pyproject.toml").write_text('[tool.gitmig]\nscript_location = "migrations"\nurl = "sqlite:///app.db"\n')
    code = """
import sqlalchemy as sa
from gitmig import CommandError, Config, command
config = Config(toml_file="pyproject.toml")
with sa.create_engine("sqlite://").connect() as connection:
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    print(sorted(sa.inspect(connection).get_table_names()))
    try:
        command.downgrade(config, "base")
    except KeyError as error:
        print("its own error", error)
    try:
        command.upgrade(config, "zzzz")
    except CommandError as error:
        print(error.message)
"""
    done = run(code, tmp_path)
    assert done.stdout.splitlines() == [
        "['alembic_version', 'gitmig_history', 'one']",
        "its own error 'never'",
        "Can't locate revision identified by 'zzzz'",
    ], done.stderr


def test_names_that_were_taken_of_alembic_itself_are_bound_anew_and_told(tmp_path: Path) -> None:
    pytest.importorskip("alembic")
    (tmp_path / "application.py").write_text(
        "import alembic\nfrom alembic import command, op\nfrom alembic.config import Config\nmine = 1\n"
    )
    code = """
import application
import gitmig.compat.alembic as shim
shim.install()
import alembic.config
from gitmig.runtime import op
print(application.op is op, application.Config is alembic.config.Config, application.alembic.gitmig_shim, application.mine)
"""
    done = run(code, tmp_path)
    assert done.stdout.split() == ["True", "True", "True", "1"], done.stderr
    assert "application.Config" in done.stderr
    assert "application.op" in done.stderr


def test_a_command_line_can_be_extended(tmp_path: Path) -> None:
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "alembic.ini").write_text("[alembic]\nscript_location = migrations\n[other]\nscript_location = nowhere\n")
    code = """
import gitmig.compat.alembic
gitmig.compat.alembic.install()
from alembic.config import CommandLine

class Own(CommandLine):
    def run_cmd(self, config, options):
        print("before", options.cmd[0].__name__, options.x)
        super().run_cmd(config, options)

def greet(config, revision, verbose=False, unknown=None):
    '''Say it.

    More of it.
    '''
    config.print_stdout("%s %s %s", revision, verbose, config.get_main_option("script_location"))

line = Own(prog="own")
line.register_command(greet)
line.main(["-x", "a=1", "greet", "head", "-v"])
line.main(["-n", "other", "greet", "base"])
line.main(["-n", "other", "heads"])
"""
    done = run(code, tmp_path)
    assert done.stdout.splitlines() == [
        "before greet ['a=1']",
        "head True migrations",
        "before greet None",
        "base False nowhere",
        "before heads None",
        "FAILED: Path doesn't exist: " + str(tmp_path / "nowhere") + ".  Please use the 'init' command to create a new scripts folder.",
    ], done.stderr
    assert done.returncode == 255


def test_a_context_of_its_own_raises_what_alembic_raises(tmp_path: Path) -> None:
    """Programs catch these by class; the texts are those that Alembic 1.20 says."""
    from gitmig import CommandError, MigrationContext
    from gitmig.runtime.operations import Operations

    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        for statement in ("CREATE TABLE t (id INTEGER)", "CREATE TABLE alembic_version (version_num VARCHAR(32))"):
            connection.execute(sa.text(statement))
        connection.execute(sa.text("INSERT INTO alembic_version VALUES ('a'), ('b')"))
        with pytest.raises(CommandError, match="has more than one head present; please use get_current_heads"):
            context.get_current_revision()
        with pytest.raises(CommandError, match="Can't use literal_binds setting without as_sql mode"):
            MigrationContext.configure(connection, opts={"literal_binds": True})
        with pytest.raises(CommandError, match="expected to be a sqlalchemy"):
            MigrationContext.configure(engine)
        op = Operations(context)
        with pytest.raises(ValueError, match="No such constraint: 'x'"), op.batch_alter_table("t") as batch:
            batch.drop_constraint("x")
        with pytest.raises(KeyError, match="no column x"), op.batch_alter_table("t") as batch:
            batch.drop_column("x")
        with pytest.raises(sa.exc.NoSuchTableError), op.batch_alter_table("gone") as batch:
            batch.drop_column("x")
        with pytest.raises(CommandError, match="please specify recreate='always'"), op.batch_alter_table("t") as batch:
            batch.add_column(sa.Column("x", sa.Integer()), insert_after="id")
    for dialect, keywords, said in (
        ("mysql", {"nullable": True}, "All MySQL CHANGE/MODIFY COLUMN operations require the existing type"),
        ("mssql", {"nullable": True}, "require the existing_type or a new type_ be passed"),
        ("postgresql", {"postgresql_using": "x"}, "postgresql_using must be used with the type_ parameter"),
    ):
        offline = MigrationContext.configure(dialect_name=dialect, opts={"as_sql": True, "output_buffer": io.StringIO()})
        with pytest.raises(CommandError, match=said):
            Operations(offline).alter_column("t", "c", **keywords)  # type: ignore[arg-type]
