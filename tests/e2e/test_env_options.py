"""What env.py gives to ``context.configure()`` counts where revisions are made: by command and by the hook, without a database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.gitkit import MODELS, Repo
from tests.e2e.test_alembic_only import MAKO

INI = "[alembic]\nscript_location = migrations\nsqlalchemy.url = sqlite:///app.db\n"
ENV = """\
from alembic import context
from alembic.operations import ops
from sqlalchemy import engine_from_config, pool

from models import Base

config = context.config


{functions}


def online():
    engine = engine_from_config(config.get_section(config.config_ini_section, {{}}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, {options})
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=Base.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    online()
"""
ASYNC = """\
import asyncio

from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine

from models import Base


def leave_empty(context, revision, directives):
    directives[:] = []


def run(connection):
    context.configure(connection=connection, target_metadata=Base.metadata, process_revision_directives=leave_empty)
    with context.begin_transaction():
        context.run_migrations()


async def online():
    engine = create_async_engine("postgresql+asyncpg://nobody@nowhere.invalid/none")
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


if context.is_offline_mode():
    context.configure(url="sqlite://", target_metadata=Base.metadata)
    context.run_migrations()
else:
    asyncio.run(online())
"""
SAYS = """\
def process(context, revision, directives):
    (script,) = directives
    assert context.config is config
    with open("calls.log", "a") as file:
        operations = [type(each).__name__ for group in script.upgrade_ops.ops for each in getattr(group, "ops", [group])]
        print(revision, script.message, context.dialect.name, config.cmd_opts.autogenerate, operations, file=file)
"""


def set_env(repo: Repo, functions: str = "", options: str = "") -> None:
    repo.write("migrations/env.py", ENV.format(functions=functions, options=options))


def directives(repo: Repo, body: str) -> None:
    set_env(repo, f"{SAYS}    {body}\n", "process_revision_directives=process")


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Repo:
    repo = Repo(tmp_path / "repo", home)
    repo.top.mkdir()
    repo.git("init", "-q")
    repo.write(".gitignore", "__pycache__/\n*.db\n*.log\n")
    repo.write("alembic.ini", INI)
    repo.write("migrations/script.py.mako", MAKO)
    repo.write("models.py", MODELS)
    set_env(repo)
    repo.gitmig("install")
    repo.git("add", ".")
    repo.git("commit", "-qm", "users")
    return repo


def files(repo: Repo) -> list[str]:
    return sorted(path.name for path in (repo.top / "migrations/versions").glob("*.py"))


def revise(repo: Repo, *words: str) -> str | None:
    """Run `gitmig revision`; the text of the file that it wrote."""
    before = set(files(repo))
    repo.gitmig("revision", *words)
    new = set(files(repo)) - before
    return repo.read(f"migrations/versions/{new.pop()}") if new else None


def test_directives_given_only_where_env_py_connects_are_called(project: Repo) -> None:
    directives(project, "pass")
    project.add_columns("email")
    text = revise(project, "--autogenerate", "-m", "mail")
    assert text is not None
    assert '"email"' in text
    (head,) = project.revisions()
    (id,) = [line.split("'")[1] for line in project.read(head).splitlines() if line.startswith("revision =")]
    assert project.read("calls.log") == f"('{id}',) mail sqlite True ['AddColumnOp']\n"
    assert not (project.top / "app.db").exists()


def test_directives_are_called_by_the_hook_and_by_a_revision_for_no_change(project: Repo) -> None:
    directives(project, "pass")
    project.git("add", ".")
    project.add_columns("email")
    project.git("commit", "-qam", "email")
    assert "add users.email sqlite True ['AddColumnOp']" in project.read("calls.log")
    assert revise(project, "--autogenerate") is None
    assert project.read("calls.log").endswith(" None sqlite True []\n")


@pytest.mark.parametrize(
    "body", ["directives[:] = []", "script.upgrade_ops.ops = []; script.downgrade_ops.ops = []", "script.upgrade_ops = ops.UpgradeOps([])"]
)
def test_an_emptied_revision_is_not_written(project: Repo, body: str) -> None:
    directives(project, body)
    project.add_columns("email")
    assert revise(project, "--autogenerate") is None
    project.git("add", ".")
    project.git("commit", "-qm", "email")
    assert sorted(project.changed()) == ["migrations/env.py", "models.py"]
    assert project.status() == ""


def test_another_id_message_and_import_are_written(project: Repo) -> None:
    directives(project, "script.rev_id = '0002'; script.message = 'My words'; script.imports.add('import decimal')")
    project.add_columns("email")
    project.git("commit", "-qam", "email")
    (path,) = [each for each in project.changed() if "versions" in each]
    assert path == "migrations/versions/0002_my_words.py"
    assert "import decimal\n" in project.read(path)
    assert project.status() == ""


def test_an_id_counted_from_the_script_directory(project: Repo) -> None:
    body = (
        "from alembic.script import ScriptDirectory\n"
        "    script.rev_id = 'after_' + ScriptDirectory.from_config(context.config).get_current_head()"
    )
    directives(project, body)
    project.add_columns("email")
    assert "after_" in (revise(project, "--autogenerate") or "")


def test_operations_taken_out_added_and_changed(project: Repo) -> None:
    project.add_columns("email", "phone", "town")
    body = (
        "columns = script.upgrade_ops.ops[0].ops\n"
        "    columns[:] = [each for each in columns if each.column.name != 'phone']\n"
        "    columns[1].column.comment = 'where'\n"
        "    script.upgrade_ops.ops.append(ops.ExecuteSQLOp(\"UPDATE users SET email = 'none'\"))\n"
        "    script.downgrade_ops.ops[:] = [ops.DropColumnOp('users', 'town'), ops.DropColumnOp('users', 'email')]"
    )
    directives(project, body)
    text = revise(project, "--autogenerate")
    assert text is not None
    up, down = text.split("def downgrade")
    assert '"email"' in up
    assert '"phone"' not in text
    assert 'comment="where"' in up
    assert "UPDATE users SET email = 'none'" in up
    assert down.index('"town"') < down.index('"email"')
    project.gitmig("upgrade")
    project.gitmig("downgrade", "-1")


def test_directives_that_fail_stop_the_commit_with_their_line(project: Repo) -> None:
    directives(project, "raise RuntimeError('not today')")
    project.add_columns("email")
    project.git("add", ".")
    done = project.git("commit", "-qm", "email", check=False)
    assert done.code != 0
    assert "not today" in done.err
    assert "migrations/env.py:" in done.err
    assert project.status() == "M  migrations/env.py\nM  models.py\n"


def test_an_asynchronous_env_py_is_read_too(project: Repo) -> None:
    pytest.importorskip("asyncpg")
    project.write("migrations/env.py", ASYNC)
    project.add_columns("email")
    assert revise(project, "--autogenerate") is None


def test_options_that_cannot_be_read_without_a_database_are_told(project: Repo) -> None:
    set_env(project, options="include_object=open('no such file')")
    project.add_columns("email")
    done = project.gitmig("revision", "--autogenerate")
    assert "include_object" in done.err
    assert "no such file" in done.err


def test_a_function_for_compare_type_has_the_first_word(project: Repo) -> None:
    function = (
        "def compare(context, inspected, model, inspected_type, model_type):\n    return {'name': False, 'note': True}.get(model.name)\n"
    )
    project.write("models.py", MODELS + "    name: Mapped[str | None]\n    note: Mapped[str | None]\n    size: Mapped[int | None]\n")
    project.git("commit", "-qam", "columns")
    set_env(project, function, "compare_type=compare")
    assert "note" in (revise(project, "--autogenerate") or "")
    (path,) = [each for each in files(project) if f"migrations/versions/{each}" not in project.revisions()]
    (project.top / "migrations/versions" / path).unlink()
    project.write("models.py", MODELS + "    name: Mapped[int | None]\n    note: Mapped[str | None]\n    size: Mapped[str | None]\n")
    text = revise(project, "--autogenerate") or ""
    assert '"name"' not in text
    assert '"note"' in text
    assert '"size"' in text


def test_a_function_for_compare_server_default_has_the_first_word(project: Repo) -> None:
    function = "def compare(context, inspected, model, known, default, rendered):\n    return False if model.name == 'a' else None\n"
    column = "    {name}: Mapped[str] = mapped_column(server_default='{value}')\n"
    project.write("models.py", MODELS + column.format(name="a", value=1) + column.format(name="b", value=1))
    project.git("commit", "-qam", "columns")
    project.write("models.py", MODELS + column.format(name="a", value=2) + column.format(name="b", value=2))
    set_env(project, function, "compare_server_default=compare")
    text = revise(project, "--autogenerate") or ""
    assert '"a"' not in text
    assert '"b"' in text


def test_render_item_and_filters(project: Repo) -> None:
    functions = (
        "def render(kind, thing, context):\n"
        "    if kind == 'type' and thing.__class__.__name__ == 'String':\n"
        "        context.imports.add('from words import Words')\n        return 'Words()'\n    return False\n\n\n"
        "def wanted(thing, name, kind, reflected, compare_to):\n    return name != 'secret'\n"
    )
    set_env(project, functions, "render_item=render, include_object=wanted")
    project.add_columns("email", "secret")
    text = revise(project, "--autogenerate") or ""
    assert "from words import Words\n" in text
    assert 'sa.Column("email", Words()' in text
    assert "secret" not in text


def test_prefixes_and_tokens_are_those_of_env_py(project: Repo) -> None:
    functions = (
        "def render(kind, thing, context):\n"
        "    if kind == 'type' and thing.__class__.__name__ == 'String':\n"
        "        return context.opts['sqlalchemy_module_prefix'] + 'Text()'\n"
        "    return None if kind == 'unique' else False\n"
    )
    prefixes = "sqlalchemy_module_prefix='db.', alembic_module_prefix=None, upgrade_token='ups', downgrade_token='downs'"
    set_env(project, functions, f"{prefixes}, render_item=render")
    models = MODELS + "\n\nclass Shop(Base):\n    __tablename__ = 'shops'\n    __table_args__ = (UniqueConstraint('code', name='uq'),)\n"
    models += "    code: Mapped[str] = mapped_column(primary_key=True)\n"
    project.write("models.py", f"from sqlalchemy import UniqueConstraint\n{models}")
    assert "it lacks the variable ups" in project.gitmig("revision", "--autogenerate", check=False).err
    mako = MAKO.replace("upgrades", "ups").replace("downgrades", "downs").replace("downups", "downs")
    mako = mako.replace("from alembic import op\n", "from alembic.op import *\n").replace("sqlalchemy as sa", "sqlalchemy as db")
    project.write("migrations/script.py.mako", mako)
    text = revise(project, "--autogenerate") or ""
    assert '    create_table(\n        "shops",\n        db.Column("code", db.Text(), nullable=False),\n' in text
    assert "uq" not in text.partition('"shops"')[2]  # None leaves a constraint out, as in Alembic
    assert '    drop_table("shops")\n' in text
    assert "sa." not in text and "op." not in text


def test_a_comparator_inspects_what_the_revisions_make_and_is_named_where_it_wants_rows(project: Repo) -> None:
    comparator = (
        "from alembic.autogenerate import comparators\n\n\n"
        "@comparators.dispatch_for('schema')\n"
        "def grants(context, upgrade_ops, schemas):\n"
        "    for table in {*context.inspector.get_table_names()} - {'alembic_version'}:\n"
        "        columns = [each['name'] for each in context.inspector.get_columns(table)]\n"
        "        upgrade_ops.ops.append(ops.CreateTableCommentOp(table, ' '.join(columns)))\n"
    )
    set_env(project, comparator)
    project.add_columns("email")
    text = revise(project, "--autogenerate") or ""
    assert "create_table_comment(" in text and "'id" in text
    set_env(project, comparator + "    context.connection.scalar('SELECT 1')\n")
    project.add_columns("phone")
    done = project.gitmig("diff", check=False)
    assert "what env.py compare needs a database, so it is left out here" in done.out + done.err
    assert "users.phone" in done.out


@pytest.fixture
def environment(project: Repo) -> Repo:
    """With `revision_environment`, a template that shows what env.py gives it, and two heads."""
    project.write("alembic.ini", INI + "revision_environment = true\n")
    project.write("migrations/script.py.mako", MAKO + "# for ${customer}, ${config.get_main_option('script_location')}\n")
    directives(project, "script.message = (script.message or '') + '!'")
    env = project.read("migrations/env.py").replace("literal_binds=True", "literal_binds=True, template_args={'customer': 'Ada'}")
    project.write("migrations/env.py", env)
    return project


def test_env_py_runs_for_a_plain_revision(environment: Repo) -> None:
    text = revise(environment, "-m", "by hand") or ""
    assert text.startswith('"""by hand!\n')
    assert text.endswith("# for Ada, migrations\n")
    assert environment.read("calls.log").endswith(" by hand sqlite False []\n")
    assert not (environment.top / "app.db").exists()


def test_env_py_runs_for_a_merge_whose_directives_are_not_asked(environment: Repo) -> None:
    revise(environment, "-m", "one", "--head", "base")
    (environment.top / "calls.log").unlink()
    before = set(files(environment))
    environment.gitmig("merge", "heads", "-m", "joined")
    (new,) = set(files(environment)) - before
    text = environment.read(f"migrations/versions/{new}")
    assert text.startswith('"""joined\n')
    assert text.endswith("# for Ada, migrations\n")
    assert not (environment.top / "calls.log").exists()


def test_a_plain_revision_that_env_py_wants_none_of(environment: Repo) -> None:
    directives(environment, "directives.clear()")
    env = environment.read("migrations/env.py").replace("literal_binds=True", "literal_binds=True, template_args={'customer': 'Ada'}")
    environment.write("migrations/env.py", env)
    before = files(environment)
    done = environment.gitmig("revision", "-m", "by hand")
    assert "process_revision_directives" in done.out
    assert files(environment) == before


def test_without_revision_environment_a_plain_revision_runs_nothing(project: Repo) -> None:
    project.write("migrations/env.py", "raise SystemExit('env.py ran')\n")
    assert revise(project, "-m", "by hand") is not None
