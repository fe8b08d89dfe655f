"""`gitmig baseline`: a database that was made by create_all or by hand gets its history."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.databases import fresh_database
from tests.e2e.runkit import Project

MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    metadata = sa.MetaData(naming_convention={"ix": "ix_%(column_0_label)s", "fk": "fk_%(table_name)s_%(column_0_name)s"})


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), unique=True, server_default="nobody")
    kind: Mapped[str] = mapped_column(sa.Enum("red", "green", name="kind"), index=True)
    born: Mapped[str | None] = mapped_column(sa.DateTime())


class Post(Base):
    __tablename__ = "posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    author: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    price: Mapped[str | None] = mapped_column(sa.Numeric(10, 2))
"""
CREATE = "import sqlalchemy as sa, sys, models; models.Base.metadata.create_all(sa.create_engine(sys.argv[1]))"


def new_project(folder: Path, url: str, *, filled: bool = True) -> Project:
    project = Project(folder, url)
    project.settings('models = ["models:Base"]\n')
    project.write("models.py", MODELS)
    if filled:
        subprocess.run([sys.executable, "-c", CREATE, url], cwd=folder, env=project.environment, check=True)
    return project


def files(project: Project) -> list[Path]:
    return sorted((project.folder / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def project(tmp_path: Path, any_database: str) -> Project:
    return new_project(tmp_path / "project", any_database)


@pytest.fixture
def lite(tmp_path: Path, sqlite_url: str) -> Project:
    return new_project(tmp_path / "project", sqlite_url)


def test_what_create_all_made_is_written_down_and_stamped(project: Project, any_database: str, tmp_path: Path) -> None:
    project.execute("INSERT INTO users (name, kind) VALUES ('ada', 'red')")
    done = project.gitmig("baseline")
    (file,) = files(project)
    id = file.name.partition("_")[0]
    assert done.stdout.splitlines()[0] == f"Wrote migrations/versions/{file.name}"
    assert done.stdout.endswith(f"is what it makes, and is stamped with {id}.\n")
    assert project.rows() == {id}
    assert project.query("SELECT name FROM users") == [("ada",)]
    assert project.gitmig("upgrade").stderr == f"Nothing to do: the database is at {id}.\n"
    project.gitmig("check", "--against", "database")

    kind = sa.engine.make_url(any_database).get_backend_name()
    with fresh_database("mariadb" if kind == "mysql" else kind, tmp_path) as other:
        project.gitmig("upgrade", url=other)
        engine = sa.create_engine(other, poolclass=sa.NullPool)
        for table in ("users", "posts"):
            assert _columns(engine, table) == _columns(project.engine(), table)


def _columns(engine: sa.Engine, table: str) -> list[tuple[str, str, bool]]:
    return [(each["name"], str(each["type"]), bool(each["nullable"])) for each in sa.inspect(engine).get_columns(table)]


def test_what_differs_is_shown_and_nothing_is_written(project: Project) -> None:
    on = " ON users" if project.url.startswith("mysql") else ""
    project.execute("CREATE INDEX extra ON users (born)", "ALTER TABLE posts ADD COLUMN note VARCHAR(10)", f"DROP INDEX ix_users_kind{on}")
    done = project.gitmig("baseline", expect=1)
    assert "drop index extra on users" in done.stdout
    assert "drop column posts.note" in done.stdout
    assert "ix_users_kind" in done.stdout
    assert "Nothing was written." in done.stderr
    assert files(project) == []
    assert project.rows() == set()
    told = json.loads(project.gitmig("baseline", "--json", expect=1).stdout)
    assert (told["equal"], told["path"], told["revision"], told["tables"]) == (False, None, None, 2)
    assert "drop column posts.note" in [each["summary"] for each in told["changes"]]


def test_a_type_is_compared_even_where_env_py_says_that_types_are_not(lite: Project) -> None:
    lite.write(
        "migrations/env.py",
        """
        from alembic import context
        from sqlalchemy import engine_from_config
        import models
        context_options = dict(target_metadata=models.Base.metadata, compare_type=False)
        config = context.config
        if context.is_offline_mode():
            context.configure(url=config.get_main_option("sqlalchemy.url"), **context_options)
            context.run_migrations()
        else:
            with engine_from_config(config.get_section(config.config_ini_section, {})).connect() as connection:
                context.configure(connection=connection, **context_options)
                context.run_migrations()
        """,
    )
    lite.write("models.py", MODELS.replace("sa.String(50)", "sa.String(60)"))
    assert "users.name" in lite.gitmig("baseline", expect=1).stdout
    assert files(lite) == []


def test_json_names_the_revision(lite: Project) -> None:
    told = lite.json("baseline", "-m", "as it is", "--rev-id", "first")
    assert (told["revision"], told["equal"], told["tables"], told["changes"]) == ("first", True, 2, [])
    assert told["path"] == "migrations/versions/first_as_it_is.py"
    assert lite.rows() == {"first"}


def test_a_database_with_a_history_is_refused(lite: Project) -> None:
    lite.gitmig("baseline")
    (file,) = files(lite)
    said = lite.gitmig("baseline", expect=2).stderr
    assert "revisions already" in said
    file.unlink()
    said = lite.gitmig("baseline", expect=2).stderr
    assert "has a history already" in said and "alembic_version" in said
    assert files(lite) == []


def test_an_empty_version_table_is_no_history(lite: Project) -> None:
    lite.gitmig("ensure-version")
    lite.gitmig("baseline")
    assert len(files(lite)) == 1


def test_a_database_without_tables_is_refused(tmp_path: Path, any_database: str) -> None:
    project = new_project(tmp_path / "project", any_database, filled=False)
    said = project.gitmig("baseline", expect=2).stderr
    assert "has no tables" in said and "gitmig upgrade" in said
    assert files(project) == []


def test_models_that_cannot_be_imported_are_told_with_their_line(lite: Project) -> None:
    lite.write("models.py", "import nowhere\n")
    said = lite.gitmig("baseline", expect=2).stderr
    assert "models.py:1" in said and "nowhere" in said
    assert files(lite) == []


def test_models_without_tables_are_told(lite: Project) -> None:
    lite.write("models.py", "import sqlalchemy as sa\nBase = sa.MetaData()\n")
    assert "have no tables" in lite.gitmig("baseline", expect=2).stderr


def test_a_stamp_that_fails_takes_the_file_back(lite: Project) -> None:
    lite.write(
        "migrations/env.py",
        """
        from alembic import context
        if not context.is_offline_mode():
            raise RuntimeError("no way in")
        context.configure(dialect_name="sqlite")
        context.run_migrations()
        """,
    )
    said = lite.gitmig("baseline", expect=2).stderr
    assert "no way in" in said
    assert files(lite) == []
    assert lite.rows() == set()
