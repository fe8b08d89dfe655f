"""gitmig and Alembic on the same files and the same database, in turns."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.e2e.runkit import Project

SCRIPT = """
op.create_table(
    'users',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(50), nullable=False, server_default='x'),
    sa.Column('kind', sa.Enum('a', 'b', name='kind')),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name', name='uq_name'),
)
op.create_index('ix_users_kind', 'users', ['kind'])
op.execute("INSERT INTO users (id, name) VALUES (1, 'it''s')")
users = sa.table('users', sa.column('id', sa.Integer), sa.column('name', sa.String))
op.bulk_insert(users, [{'id': 2, 'name': 'b'}, {'id': 3, 'name': 'c'}])
"""
MORE = """
op.add_column('users', sa.Column('age', sa.Integer(), nullable=True))
with op.get_context().autocommit_block():
    op.execute("UPDATE users SET age = 1")
op.rename_table('users', 'people')
"""
LESS = """
op.rename_table('people', 'users')
op.drop_column('users', 'age')
"""


@pytest.fixture
def project(tmp_path: Path, any_database: str) -> Project:
    project = Project(tmp_path / "project", any_database)
    project.for_alembic()
    return project


def test_offline_text_is_that_of_alembic(project: Project) -> None:
    project.revision("aaaa", None, SCRIPT, "op.drop_table('users')", doc="make users")
    project.revision("bbbb", "aaaa", MORE, LESS)
    project.revision("cccc", "aaaa")
    project.revision("dddd", ("bbbb", "cccc"), doc="join")
    for arguments in (
        ("upgrade", "head", "--sql"),
        ("upgrade", "aaaa:bbbb", "--sql"),
        ("upgrade", "head:head", "--sql"),
        ("upgrade", "base:+1", "--sql"),
        # From the merge down Alembic's statements come in the order of a set.
        ("downgrade", "bbbb:base", "--sql"),
        ("downgrade", "bbbb:-1", "--sql"),
        ("stamp", "head", "--sql"),
        ("stamp", "bbbb:aaaa", "--sql"),
        ("stamp", "aaaa:base", "--sql"),
    ):
        assert project.gitmig(*arguments).stdout == project.alembic(*arguments).stdout, arguments
    assert project.gitmig("ensure-version", "--sql").stdout == project.alembic("ensure_version", "--sql").stdout
    assert project.table_names() == set()


def begin_repository(project: Project) -> None:
    (project.folder / ".git").mkdir()
    (project.folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")


def history(project: Project) -> list[tuple[str, str, str]]:
    """Revision, direction and kind: beside Alembic's files from the database only on PostgreSQL, where a schema hides it from Alembic."""
    if project.url.startswith("postgresql"):
        return project.history()
    (file,) = (project.folder / ".git/gitmig/history").glob("*.jsonl")
    rows = map(json.loads, file.read_text().splitlines())
    return [(row["revision"], row["direction"], row["kind"]) for row in rows]


def test_both_tools_take_turns_on_one_database(project: Project) -> None:
    begin_repository(project)
    project.tables("aaaa", "bbbb", "cccc", "dddd")
    project.alembic("upgrade", "+1")
    project.gitmig("upgrade", "+1")
    assert project.alembic("current").stdout == "bbbb\n"
    project.alembic("upgrade", "+1")
    project.gitmig("upgrade")
    assert project.rows() == {"dddd"}
    assert history(project) == [
        ("aaaa", "upgrade", "foreign"),
        ("bbbb", "upgrade", "ran"),
        ("cccc", "upgrade", "foreign"),
        ("dddd", "upgrade", "ran"),
    ]
    project.alembic("downgrade", "bbbb")
    project.gitmig("downgrade", "-1")
    assert project.rows() == {"aaaa"}
    assert history(project)[4:] == [
        ("dddd", "downgrade", "foreign"),
        ("cccc", "downgrade", "foreign"),
        ("bbbb", "downgrade", "ran"),
    ]
    project.alembic("upgrade", "head")
    assert project.gitmig("upgrade").stderr == "Nothing to do: the database is at dddd.\n"


def test_what_gitmig_upgrades_alembic_finds_unchanged(project: Project) -> None:
    project.revision("aaaa", None, SCRIPT, "op.drop_table('users')")
    env = project.folder / "migrations/env.py"
    env.write_text(
        "import sqlalchemy as sa\nmetadata = sa.MetaData()\nsa.Table('users', metadata, sa.Column('id', sa.Integer, primary_key=True), "
        "sa.Column('name', sa.String(50), nullable=False, server_default='x'), "
        "sa.Column('kind', sa.Enum('a', 'b', name='kind'), index=True), "
        "sa.UniqueConstraint('name', name='uq_name'))\n"
        + env.read_text().replace("connection=connection", "connection=connection, target_metadata=metadata")
    )
    project.gitmig("upgrade")
    checked = project.alembic("check", expect=None)
    assert "No new upgrade operations detected." in checked.stdout, "the history is out of Alembic's sight"


def test_a_project_of_alembics_files_alone_keeps_its_history_under_the_git_directory(project: Project) -> None:
    project.for_alembic(alone=True)
    project.tables("aaaa", "bbbb")
    begin_repository(project)
    project.gitmig("upgrade", "aaaa")
    project.gitmig("upgrade")
    kept = list((project.folder / ".git/gitmig/history").glob("*.jsonl")) if (project.folder / ".git/gitmig/history").exists() else []
    with project.engine().connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
    if project.url.startswith("postgresql"):
        assert kept == []
        assert project.history() == [("aaaa", "upgrade", "ran"), ("bbbb", "upgrade", "ran")]
    else:
        assert tables == {"alembic_version", "t_aaaa", "t_bbbb"}
        (file,) = kept
        assert [line.split('"')[3] for line in file.read_text().splitlines()] == ["aaaa", "bbbb"]
    project.gitmig("downgrade", "base")
    project.gitmig("upgrade")


def test_offline_a_range_knows_the_tables_that_lie_below_it(project: Project) -> None:
    project.revision(
        "aaaa", None, "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.String(9), nullable=False))"
    )
    project.revision(
        "bbbb",
        "aaaa",
        "op.alter_column('t', 'n', comment='said')\nop.alter_column('t', 'n', new_column_name='m')",
        "op.alter_column('t', 'm', new_column_name='n')",
    )
    up = project.gitmig("upgrade", "aaaa:bbbb", "--sql").stdout
    down = project.gitmig("downgrade", "bbbb:aaaa", "--sql").stdout
    if "mysql" in project.url:
        assert "ALTER TABLE t MODIFY n VARCHAR(9) NOT NULL COMMENT 'said';" in up
        assert "ALTER TABLE t CHANGE n m VARCHAR(9) NOT NULL COMMENT 'said';" in up
        assert "ALTER TABLE t CHANGE m n VARCHAR(9) NOT NULL COMMENT 'said';" in down
    else:
        assert "RENAME" in up and "RENAME" in down
