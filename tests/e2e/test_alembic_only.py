"""A project that has only Alembic's files: nothing is added to it but the hook."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.e2e.gitkit import MODELS, Repo

INI = """\
[alembic]
script_location = %(here)s/alembic
prepend_sys_path = .
path_separator = os
sqlalchemy.url = sqlite:///app.db

[loggers]
keys = root

[handlers]
keys = console

[formatters]
keys = generic

[logger_root]
level = WARNING
handlers = console

[handler_console]
class = StreamHandler
args = (sys.stderr,)
formatter = generic

[formatter_generic]
format = %(levelname)-5.5s [%(name)s] %(message)s
"""
ENV = """\
from logging.config import fileConfig

from alembic import context
from sqlalchemy import engine_from_config, pool

from models import Base

config = context.config
if config.config_file_name is not None:
    fileConfig(config.config_file_name)
target_metadata = Base.metadata


def ours(object, name, type_, reflected, compare_to):
    return name != "left_alone"


def run_migrations_offline():
    url = config.get_main_option("sqlalchemy.url")
    context.configure(url=url, target_metadata=target_metadata, literal_binds=True, include_object=ours)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata, include_object=ours)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"""
MAKO = '''\
"""${message}

Revision ID: ${up_revision}
Revises: ${down_revision | comma,n}

"""
from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
'''


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Repo:
    repo = Repo(tmp_path / "repo", home)
    repo.top.mkdir()
    repo.git("init", "-q")
    repo.write(".gitignore", "__pycache__/\n*.db\n")
    repo.write("alembic.ini", INI)
    repo.write("alembic/env.py", ENV)
    repo.write("alembic/script.py.mako", MAKO)
    repo.write("models.py", MODELS)
    repo.gitmig("install")
    return repo


def test_a_commit_brings_the_revision_that_env_pys_metadata_asks_for(project: Repo) -> None:
    project.git("add", ".")
    project.git("commit", "-qm", "users")
    assert project.status() == ""
    text = project.new_revision("HEAD", "alembic/versions")
    assert "from alembic import op\n" in text
    project.gitmig("upgrade")
    with sqlite3.connect(project.top / "app.db") as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert names == {"users", "alembic_version"}


def test_the_staged_env_py_and_its_filters_count(project: Repo) -> None:
    project.git("add", ".")
    project.git("commit", "-qm", "users")
    project.add_table("left_alone")
    project.git("add", "models.py")
    project.write("alembic/env.py", ENV.replace('name != "left_alone"', "True"))
    project.git("commit", "-qm", "a table that env.py leaves alone")
    assert project.changed() == ["models.py"]
    project.git("add", "alembic/env.py")
    project.git("commit", "-qm", "it is ours now")
    assert '"left_alone"' in project.new_revision("HEAD", "alembic/versions")


def test_an_env_py_that_needs_a_variable_stops_the_commit_with_the_way_on(project: Repo) -> None:
    project.write(
        "alembic/env.py", ENV.replace("from models import Base\n", 'import os\n\nos.environ["NO_SUCH_THING"]\nfrom models import Base\n')
    )
    project.git("add", ".")
    ran = project.git("commit", "-qm", "users", check=False)
    assert ran.code != 0
    for word in ("alembic/env.py", 'os.environ["NO_SUCH_THING"]', "export NO_SUCH_THING", "GITMIG=0 git commit", "models ="):
        assert word in ran.err, ran.err
    project.git("commit", "-qm", "users", env={"NO_SUCH_THING": "1"})
    assert len(project.revisions("HEAD", "alembic/versions")) == 1
