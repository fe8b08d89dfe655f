"""Several databases in one command: tenants, Alembic's multidb template, databases with models of their own, Flask's binds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.databases import fresh_database
from tests.e2e.runkit import ROOT

ALEMBIC = "import sys; sys.argv[0] = 'alembic'; from alembic.config import main; sys.exit(main())"


class Shop:
    """A folder with configuration and revisions; commands run in processes of their own."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        self.folder = folder
        (folder / "migrations" / "versions").mkdir(parents=True)
        if settings:
            self.write("pyproject.toml", settings)
        self.environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}

    def write(self, path: str, text: str) -> None:
        (self.folder / path).write_text(text)

    def revision(self, id: str, down: str | None, table: str) -> None:
        self.write(
            f"migrations/versions/{id}.py",
            f"import sqlalchemy as sa\nfrom gitmig import op\nrevision = {id!r}\ndown_revision = {down!r}\n"
            f"def upgrade():\n    op.create_table({table!r}, sa.Column('id', sa.Integer(), primary_key=True))\n"
            f"def downgrade():\n    op.drop_table({table!r})\n",
        )

    def parts(self, id: str, down: str | None, tables: dict[str, str]) -> None:
        """A revision in the form of the multidb template: a function for each database."""
        lines = ["import sqlalchemy as sa", "from alembic import op", f"revision = {id!r}", f"down_revision = {down!r}"]
        lines += [f"def {way}(engine_name):\n    globals()[f'{way}_{{engine_name}}']()" for way in ("upgrade", "downgrade")]
        for name, table in tables.items():
            lines.append(f"def upgrade_{name}():\n    op.create_table({table!r}, sa.Column('id', sa.Integer(), primary_key=True))")
            lines.append(f"def downgrade_{name}():\n    op.drop_table({table!r})")
        self.write(f"migrations/versions/{id}.py", "\n".join(lines) + "\n")

    def gitmig(self, *words: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "-m", "gitmig", *words], expect)

    def alembic(self, *words: str) -> subprocess.CompletedProcess[str]:
        return self._run([sys.executable, "-c", ALEMBIC, *words], 0)

    def json(self, *words: str, expect: int = 0) -> Any:
        return json.loads(self.gitmig(*words, "--json", expect=expect).stdout)

    def _run(self, words: list[str], expect: int) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(words, cwd=self.folder, env=self.environment, text=True, capture_output=True, check=False)
        assert done.returncode == expect, f"{words}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


def tables(url: str, schema: str | None = None) -> set[str]:
    with sa.create_engine(url, poolclass=sa.NullPool).connect() as connection:
        return set(sa.inspect(connection).get_table_names(schema=schema)) - {"gitmig_history"}


def execute(url: str, *statements: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    with sa.create_engine(url, poolclass=sa.NullPool).begin() as connection:
        for statement in statements:
            result = connection.execute(sa.text(statement))
            rows = [tuple(row) for row in result] if result.returns_rows else []
    return rows


# -- tenants


@pytest.fixture(params=["sqlite", pytest.param("mariadb", marks=pytest.mark.mariadb)])
def tenant_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[str]]:
    """A database for each of three tenants, whose names are those of the databases."""
    with ExitStack() as stack:
        yield [stack.enter_context(fresh_database(request.param, tmp_path)) for _ in range(3)]


def test_a_database_for_each_tenant(tmp_path: Path, tenant_urls: list[str]) -> None:
    names = [url.rpartition("/")[2].removesuffix(".db") for url in tenant_urls]
    template = tenant_urls[0].replace(names[0], "{tenant}")
    settings = f'[tool.gitmig]\n[tool.gitmig.tenants]\nnames = {json.dumps(names)}\nurl = "{template}"\n'
    shop = Shop(tmp_path / "shop", settings)
    shop.revision("aaaa", None, "first")
    shop.revision("bbbb", "aaaa", "second")
    execute(tenant_urls[1], "CREATE TABLE second (x INTEGER)")

    done = shop.gitmig("upgrade", "--jobs", "2", expect=3)
    assert "[" + names[1] + "] revision 'bbbb' failed" in done.stderr and f"1 of 3 databases failed: {names[1]}." in done.stderr
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()}
    assert rows[names[0]] == rows[names[2]] == ["done", "bbbb", "2", "revisions"]
    assert rows[names[1]][0] == "failed"
    assert f"[{names[0]}] Running upgrade aaaa -> bbbb" in done.stderr
    for url in (tenant_urls[0], tenant_urls[2]):
        assert tables(url) == {"alembic_version", "first", "second"}

    execute(tenant_urls[1], "DROP TABLE second")
    told = shop.json("upgrade")
    assert told["failed"] == []
    assert [(each["name"], each["ok"], each["after"], len(each["steps"])) for each in told["databases"]] == [
        (names[0], True, ["bbbb"], 0),
        (names[1], True, ["bbbb"], 1),
        (names[2], True, ["bbbb"], 0),
    ]
    shop.gitmig("--database", names[2], "downgrade", "base")
    shop.gitmig("current", "--check-heads", expect=1)
    places = shop.json("current")["databases"]
    assert [(each["name"], each["rows"], each["at_heads"]) for each in places] == [
        (names[0], ["bbbb"], True),
        (names[1], ["bbbb"], True),
        (names[2], [], False),
    ]
    shop.gitmig("stamp", "aaaa", "--purge")
    assert {tuple(each["rows"]) for each in shop.json("current")["databases"]} == {("aaaa",)}


@pytest.mark.postgresql
def test_a_schema_for_each_tenant(tmp_path: Path, postgresql_url: str) -> None:
    execute(postgresql_url, "CREATE TABLE tenants (slug TEXT)", "INSERT INTO tenants VALUES ('acme'), ('glo-bex'), ('initech')")
    shop = Shop(
        tmp_path / "shop",
        f'[tool.gitmig]\nurl = "{postgresql_url}"\njobs = 3\n[tool.gitmig.tenants]\n'
        'query = "SELECT slug FROM public.tenants ORDER BY slug"\nschema = ["t_{tenant}", "public"]\n',
    )
    shop.revision("aaaa", None, "things")
    execute(postgresql_url, 'CREATE SCHEMA "t_initech"', 'CREATE TABLE "t_initech".things (x INTEGER)')
    told = shop.json("upgrade", expect=3)
    assert told["failed"] == ["initech"]
    for name in ("acme", "glo-bex"):
        assert tables(postgresql_url, f"t_{name}") == {"alembic_version", "things"}
    assert tables(postgresql_url) == {"tenants"}
    execute(postgresql_url, 'DROP TABLE "t_initech".things')
    assert shop.json("upgrade")["failed"] == []
    tables_of_history = execute(postgresql_url, "SELECT DISTINCT version_table FROM gitmig.gitmig_history ORDER BY 1")
    assert tables_of_history == [("t_acme.alembic_version",), ("t_glo-bex.alembic_version",), ("t_initech.alembic_version",)]
    shop.gitmig("--database", "acme", "downgrade", "base")
    assert tables(postgresql_url, "t_acme") == {"alembic_version"}
    assert tables(postgresql_url, "t_initech") == {"alembic_version", "things"}
    assert "glo-bex" in shop.gitmig("current").stdout


@pytest.mark.postgresql
def test_an_env_py_that_makes_its_own_engine_works_in_the_tenants_schema_too(tmp_path: Path, postgresql_url: str) -> None:
    settings = f'[tool.gitmig]\nurl = "{postgresql_url}"\n[tool.gitmig.tenants]\nnames = ["a", "b"]\nschema = "{{tenant}}"\n'
    shop = Shop(tmp_path / "shop", settings)
    shop.write(
        "migrations/env.py",
        "import sqlalchemy as sa\nfrom alembic import context\n"
        "assert context.get_x_argument(as_dictionary=True)['tenant'] in ('a', 'b')\n"
        f"with sa.create_engine({postgresql_url!r}).connect() as connection:\n"
        "    context.configure(connection=connection)\n    with context.begin_transaction():\n        context.run_migrations()\n",
    )
    shop.revision("aaaa", None, "things")
    shop.gitmig("upgrade")
    assert tables(postgresql_url, "a") == tables(postgresql_url, "b") == {"alembic_version", "things"}
    assert tables(postgresql_url) == set()


def test_tenants_that_a_function_names(tmp_path: Path) -> None:
    settings = '[tool.gitmig]\n[tool.gitmig.tenants]\ncall = "people:names"\nurl = "sqlite:///db/{tenant}.db"\n'
    shop = Shop(tmp_path / "shop", settings)
    shop.write("people.py", "def names():\n    return [line.strip() for line in open('names.txt')]\n")
    shop.write("names.txt", "")
    shop.revision("aaaa", None, "things")
    assert shop.gitmig("upgrade").stderr == "Nothing to do: there are no tenants.\n"
    shop.write("names.txt", "one\ntwo\n")
    shop.gitmig("upgrade")
    assert tables(f"sqlite:///{shop.folder}/db/one.db") == tables(f"sqlite:///{shop.folder}/db/two.db") == {"alembic_version", "things"}
    shop.write("names.txt", "one\n../two\n")
    assert "cannot be put into a URL" in shop.gitmig("upgrade", expect=2).stderr


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ('names = ["a"]\n', "where a tenant lives"),
        ('names = ["a"]\ncall = "x:y"\nurl = "sqlite:///{tenant}.db"\n', "which tenants there are"),
        ('names = ["a"]\nurl = "sqlite:///one.db"\n', "every tenant would live in"),
        ('name = ["a"]\nurl = "sqlite:///{tenant}.db"\n', "unknown key 'name'"),
        ('names = [1]\nurl = "sqlite:///{tenant}.db"\n', "'names' must be"),
        ('names = ["a"]\nschema = "{tenant}"\n', "PostgreSQL"),
    ],
)
def test_tenants_that_make_no_sense(tmp_path: Path, settings: str, said: str) -> None:
    shop = Shop(tmp_path / "shop", f'[tool.gitmig]\nurl = "sqlite:///app.db"\n[tool.gitmig.tenants]\n{settings}')
    shop.revision("aaaa", None, "things")
    done = shop.gitmig("upgrade", expect=3 if "PostgreSQL" in said else 2)
    assert said in done.stderr
    assert not (shop.folder / "app.db").exists() or tables(f"sqlite:///{shop.folder}/app.db") == set()


def test_what_is_for_one_database_wants_it_named(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", '[tool.gitmig]\n[tool.gitmig.tenants]\nnames = ["a", "b"]\nurl = "sqlite:///{tenant}.db"\n')
    shop.revision("aaaa", None, "things")
    for option in ("--sql", "--dry-run"):
        assert "--database NAME" in shop.gitmig("upgrade", option, expect=2).stderr
    assert "CREATE TABLE things" in shop.gitmig("--database", "a", "upgrade", "--sql").stdout
    said = shop.gitmig("--database", "c", "upgrade", expect=2).stderr
    assert "no database called 'c'" in said and "a, b" in said
    assert sorted(path.name for path in shop.folder.glob("*.db")) == []


# -- Alembic's multidb template


def multidb(folder: Path, urls: dict[str, str]) -> Shop:
    folder.mkdir()
    shop = Shop.__new__(Shop)
    shop.folder = folder
    shop.environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    shop.alembic("init", "-t", "multidb", "migrations")
    ini = (folder / "alembic.ini").read_text()
    start, end = ini.index("databases = "), ini.index("[post_write_hooks]")
    sections = "".join(f"[{name}]\nsqlalchemy.url = {url}\n" for name, url in urls.items())
    shop.write("alembic.ini", f"{ini[:start]}databases = {', '.join(urls)}\n{sections}{ini[end:]}")
    shop.parts("aaaa", None, {name: f"t_{name}" for name in urls})
    shop.parts("bbbb", "aaaa", {name: f"u_{name}" for name in urls})
    return shop


@pytest.fixture
def three(tmp_path: Path) -> Iterator[dict[str, str]]:
    """One database of each kind."""
    with ExitStack() as stack:
        kinds = {"lite": "sqlite", "post": "postgresql", "maria": "mariadb"}
        yield {name: stack.enter_context(fresh_database(kind, tmp_path)) for name, kind in kinds.items()}


@pytest.mark.postgresql
@pytest.mark.mariadb
def test_the_multidb_template_as_it_is(tmp_path: Path, three: dict[str, str]) -> None:
    shop = multidb(tmp_path / "shop", three)
    done = shop.gitmig("upgrade")
    assert [line.split()[:3] for line in done.stdout.splitlines()[1:]] == [[name, "done", "bbbb"] for name in three]
    for name, url in three.items():
        assert tables(url) == {"alembic_version", f"t_{name}", f"u_{name}"}
    assert "bbbb" in shop.alembic("current").stdout
    shop.gitmig("--database", "post", "downgrade", "aaaa")
    assert [each["rows"] for each in shop.json("current")["databases"]] == [["bbbb"], ["aaaa"], ["bbbb"]]
    shop.alembic("upgrade", "head")
    shop.gitmig("downgrade", "base", "--jobs", "1")
    for url in three.values():
        assert tables(url) == {"alembic_version"}


def test_one_of_multidb_fails_and_the_rest_finish(tmp_path: Path) -> None:
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "two", "three")}
    shop = multidb(tmp_path / "shop", urls)
    execute(urls["two"], "CREATE TABLE u_two (x INTEGER)")
    told = shop.json("upgrade", expect=3)
    assert told["failed"] == ["two"]
    assert tables(urls["one"]) == {"alembic_version", "t_one", "u_one"}
    assert tables(urls["three"]) == {"alembic_version", "t_three", "u_three"}
    assert "u_two" in told["databases"][1]["error"]["message"]


@pytest.mark.parametrize("how", ["jobs 0", "two phases"])
def test_env_py_loops_by_itself_where_it_is_asked_to(tmp_path: Path, how: str) -> None:
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "two")}
    shop = multidb(tmp_path / "shop", urls)
    if how == "two phases":
        env = (shop.folder / "migrations" / "env.py").read_text()
        # SQLite has no two phases: what matters is that all databases are seen by one run of env.py.
        env = env.replace("USE_TWOPHASE = False", "USE_TWOPHASE = True").replace("if USE_TWOPHASE:", "if False:")
        shop.write("migrations/env.py", env)
    words = ["--jobs", "0"] if how == "jobs 0" else []
    done = shop.gitmig("upgrade", *words)
    assert "DATABASE" not in done.stdout
    for name, url in urls.items():
        assert tables(url) == {"alembic_version", f"t_{name}", f"u_{name}"}


def test_offline_multidb_writes_a_file_for_each_as_alembic_does(tmp_path: Path) -> None:
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("one", "two")}
    shop = multidb(tmp_path / "shop", urls)
    shop.gitmig("upgrade", "--sql")
    for name in urls:
        assert f"CREATE TABLE u_{name}" in (shop.folder / f"{name}.sql").read_text()


# -- databases with models of their own, and Flask's binds


def test_databases_with_models_of_their_own_need_no_env_py(tmp_path: Path) -> None:
    shop = Shop(
        tmp_path / "shop",
        '[tool.gitmig]\n[tool.gitmig.databases.people]\nurl = "sqlite:///people.db"\nmodels = ["models:People"]\n'
        '[tool.gitmig.databases.goods]\nurl = "sqlite:///goods.db"\nmodels = "models:Goods"\n'
        '[tool.gitmig.databases.staging]\nurl = "sqlite:///staging.db"\n',
    )
    shop.parts("aaaa", None, {"people": "persons", "goods": "things"})
    shop.gitmig("upgrade")
    assert tables(f"sqlite:///{shop.folder}/people.db") == {"alembic_version", "persons"}
    assert tables(f"sqlite:///{shop.folder}/goods.db") == {"alembic_version", "things"}
    assert not (shop.folder / "staging.db").exists()
    assert "CREATE TABLE things" in shop.gitmig("--database", "goods", "upgrade", "--sql").stdout


def test_the_binds_of_a_flask_application(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", '[tool.gitmig]\napp = "shop:make"\nbinds = true\n')
    shop.write(
        "shop.py",
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
        "def make():\n    app = Flask(__name__)\n"
        f"    app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///{tmp_path}/main.db'\n"
        f"    app.config['SQLALCHEMY_BINDS'] = {{'users': 'sqlite:///{tmp_path}/users.db'}}\n"
        "    db.init_app(app)\n    return app\n",
    )
    shop.parts("aaaa", None, {"": "things", "users": "persons"})
    done = shop.gitmig("upgrade")
    assert [line.split()[:2] for line in done.stdout.splitlines()[1:]] == [["default", "done"], ["users", "done"]]
    assert tables(f"sqlite:///{tmp_path}/main.db") == {"alembic_version", "things"}
    assert tables(f"sqlite:///{tmp_path}/users.db") == {"alembic_version", "persons"}
    shop.gitmig("--database", "users", "downgrade", "base")
    assert tables(f"sqlite:///{tmp_path}/main.db") == {"alembic_version", "things"}
    assert tables(f"sqlite:///{tmp_path}/users.db") == {"alembic_version"}
    assert "no bind 'nobody'" in shop.gitmig("--database", "nobody", "current", expect=2).stderr


# -- revisions with a part for each database


def in_git(shop: Shop) -> None:
    for words in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *words], cwd=shop.folder, env=shop.environment, check=True)


PEOPLE = """\
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class People(DeclarativeBase):
    pass


class Person(People):
    __tablename__ = "persons"

    id: Mapped[int] = mapped_column(primary_key=True)


class Goods(DeclarativeBase):
    pass


class Thing(Goods):
    __tablename__ = "things"

    id: Mapped[int] = mapped_column(primary_key=True)
"""
TWO = (
    '[tool.gitmig]\n[tool.gitmig.databases.people]\nurl = "sqlite:///people.db"\nmodels = ["models:People"]\n'
    '[tool.gitmig.databases.goods]\nurl = "sqlite:///goods.db"\nmodels = ["models:Goods"]\n'
)


def test_autogenerate_writes_a_part_for_each_database(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TWO)
    shop.write("models.py", PEOPLE)
    told = shop.json("diff", expect=1)
    assert [each["summary"] for each in told["changes"]] == ["people: create table persons", "goods: create table things"]
    shop.gitmig("revision", "--autogenerate", "--rev-id", "aaaa", "-m", "first")
    text = (shop.folder / "migrations" / "versions" / "aaaa_first.py").read_text()
    subprocess.run([sys.executable, "-m", "ruff", "format", "--isolated", "--check", "-"], input=text, text=True, check=True)
    assert text.index("def upgrade(engine_name: str)") < text.index("def upgrade_people()") < text.index('"persons"')
    shop.gitmig("check")
    shop.gitmig("upgrade")
    assert tables(f"sqlite:///{shop.folder}/people.db") == {"alembic_version", "persons"}
    assert tables(f"sqlite:///{shop.folder}/goods.db") == {"alembic_version", "things"}

    shop.write("models.py", PEOPLE + "    name: Mapped[str | None]\n")
    assert "goods: add column things.name" in shop.gitmig("check", expect=1).stdout
    shop.gitmig("revision", "--autogenerate", "--rev-id", "bbbb", "-m", "second")
    text = (shop.folder / "migrations" / "versions" / "bbbb_second.py").read_text()
    assert "def upgrade_people() -> None:\n    pass\n" in text
    shop.gitmig("upgrade")
    shop.gitmig("check", "--against", "database")
    shop.gitmig("downgrade", "-1")
    assert "leave out --database" in shop.gitmig("--database", "goods", "revision", "--autogenerate", expect=2).stderr.lower()
    shop.gitmig("revision", "--rev-id", "cccc", "-m", "by hand")
    assert "def upgrade_goods() -> None:\n    pass\n" in (shop.folder / "migrations" / "versions" / "cccc_by_hand.py").read_text()


def test_the_commit_hook_writes_a_part_for_each_database(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TWO)
    shop.write("models.py", PEOPLE)
    shop.write(".gitignore", "__pycache__/\n*.db\n")
    in_git(shop)
    shop.gitmig("install")
    subprocess.run(["git", "commit", "-q", "-m", "first"], cwd=shop.folder, env=shop.environment, check=True)
    shown = subprocess.run(
        ["git", "show", "--format=", "HEAD", "--", "migrations"],
        cwd=shop.folder,
        env=shop.environment,
        text=True,
        capture_output=True,
        check=True,
    ).stdout
    assert "+def upgrade_people()" in shown and "+def upgrade_goods()" in shown and '+        "things",' in shown
    shop.gitmig("upgrade")
    assert tables(f"sqlite:///{shop.folder}/goods.db") == {"alembic_version", "things"}


def test_autogenerate_with_the_multidb_template_makes_what_alembic_makes(tmp_path: Path) -> None:
    urls = {name: f"sqlite:///{tmp_path}/{name}.db" for name in ("people", "goods")}
    shop = multidb(tmp_path / "shop", urls)
    for path in (shop.folder / "migrations" / "versions").glob("*.py"):
        path.unlink()
    shop.write("models.py", PEOPLE)
    env = (shop.folder / "migrations" / "env.py").read_text()
    metadata = "import models\ntarget_metadata = {'people': models.People.metadata, 'goods': models.Goods.metadata}"
    shop.write("migrations/env.py", env.replace("\ntarget_metadata = {}", f"\n{metadata}"))
    shop.gitmig("revision", "--autogenerate", "--rev-id", "aaaa", "-m", "first")
    assert list(shop.folder.glob("*.sql")) == []
    text = (shop.folder / "migrations" / "versions" / "aaaa_first.py").read_text()
    (shop.folder / "migrations" / "versions" / "aaaa_first.py").unlink()
    shop.alembic("revision", "--autogenerate", "--rev-id", "aaaa", "-m", "first")
    theirs = (shop.folder / "migrations" / "versions" / "aaaa_first.py").read_text()
    defined = [line for line in theirs.splitlines() if line.startswith("def ")]
    assert [line for line in text.splitlines() if line.startswith("def ")] == defined
    shop.write("migrations/versions/aaaa_first.py", text)
    shop.gitmig("check")
    shop.gitmig("--database", "goods", "diff")
    shop.alembic("upgrade", "head")
    shop.alembic("check")
    shop.gitmig("upgrade")
    shop.gitmig("revision", "--rev-id", "bbbb", "-m", "empty")
    assert "def upgrade_goods() -> None:" in (shop.folder / "migrations" / "versions" / "bbbb_empty.py").read_text()


def test_a_template_for_one_database_is_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TWO)
    shop.write("models.py", PEOPLE)
    shop.write(
        "migrations/script.py.mako",
        '"""${message}"""\nfrom alembic import op\nimport sqlalchemy as sa\nrevision = ${repr(up_revision)}\n'
        "down_revision = ${repr(down_revision)}\nbranch_labels = ${repr(branch_labels)}\n\n\n"
        "def upgrade():\n    ${upgrades if upgrades else 'pass'}\n",
    )
    said = shop.gitmig("revision", "--autogenerate", expect=2).stderr
    assert "script.py.mako" in said and "people" in said
    assert list((shop.folder / "migrations" / "versions").iterdir()) == []


def test_autogenerate_knows_the_binds_of_a_flask_application(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", '[tool.gitmig]\napp = "shop:make"\nbinds = true\n')
    shop.write(
        "shop.py",
        "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
        "class Thing(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
        "class Person(db.Model):\n    __bind_key__ = 'users'\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
        "def make():\n    app = Flask(__name__)\n"
        f"    app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///{tmp_path}/main.db'\n"
        f"    app.config['SQLALCHEMY_BINDS'] = {{'users': 'sqlite:///{tmp_path}/users.db'}}\n"
        "    db.init_app(app)\n    return app\n",
    )
    shop.gitmig("revision", "--autogenerate", "--rev-id", "aaaa", "-m", "first")
    text = (shop.folder / "migrations" / "versions" / "aaaa_first.py").read_text()
    assert "def upgrade_() -> None:" in text and "def upgrade_users() -> None:" in text
    shop.gitmig("upgrade")
    assert tables(f"sqlite:///{tmp_path}/main.db") == {"alembic_version", "thing"}
    assert tables(f"sqlite:///{tmp_path}/users.db") == {"alembic_version", "person"}
    shop.gitmig("check")


def test_baseline_resolve_and_merge_know_the_parts(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "shop", TWO)
    shop.write("models.py", PEOPLE)
    people, goods = f"sqlite:///{shop.folder}/people.db", f"sqlite:///{shop.folder}/goods.db"
    execute(people, "CREATE TABLE persons (id INTEGER NOT NULL, PRIMARY KEY (id))")
    execute(goods, "CREATE TABLE things (id INTEGER NOT NULL, PRIMARY KEY (id))", "CREATE TABLE extra (x INTEGER)")
    assert "  goods: drop table extra\n" in shop.gitmig("baseline", expect=1).stdout
    (shop.folder / "migrations" / "versions").mkdir(exist_ok=True)
    assert list((shop.folder / "migrations" / "versions").iterdir()) == []
    shop.gitmig("--database", "people", "baseline")
    assert [each["at_heads"] for each in shop.json("current")["databases"]] == [True, False]
    next((shop.folder / "migrations" / "versions").glob("*.py")).unlink()
    execute(goods, "DROP TABLE extra")
    execute(people, "DELETE FROM alembic_version")
    told = shop.json("baseline", "--rev-id", "aaaa")
    assert [(each["name"], each["tables"]) for each in told["databases"]] == [("people", 1), ("goods", 1)]
    shop.gitmig("current", "--check-heads")

    in_git(shop)
    subprocess.run(["git", "commit", "-qm", "base"], cwd=shop.folder, env=shop.environment, check=True)
    added = "import sqlalchemy as sa\nfrom alembic import op\nrevision = {!r}\ndown_revision = 'aaaa'\n"
    added += "def upgrade(engine_name): globals()['upgrade_' + engine_name]()\n"
    left = "def upgrade_people(): op.add_column('persons', sa.Column('a', sa.Integer()))\ndef upgrade_goods(): pass\n"
    right = "def upgrade_people(): pass\ndef upgrade_goods(): op.add_column('things', sa.Column('a', sa.Integer()))\n"
    shop.write("migrations/versions/left.py", added.format("left") + left)
    shop.write("migrations/versions/right.py", added.format("right") + right)
    asked = PEOPLE.replace("primary_key=True)\n", "primary_key=True)\n    a: Mapped[int | None]\n")
    shop.write("models.py", asked + "    b: Mapped[int | None]\n")
    told = shop.json("resolve", "--merge")
    assert (told["verdict"], sorted(told["proofs"])) == ("independent", ["goods", "people"])
    assert [each["summary"] for each in told["changes"]] == ["goods: add column things.b"]
    shop.gitmig("check")
    shop.gitmig("resolve", "--undo")
    # Both sides do the same to one database.
    shop.write("migrations/versions/right.py", added.format("right") + left)
    done = shop.gitmig("resolve", "--merge", expect=1)
    said = done.stdout + done.stderr
    assert "left and right do the same thing on people" in said and "independent on goods" in said
    shop.gitmig("merge", "heads", "--rev-id", "joined")
    assert "def upgrade_goods() -> None:\n    pass\n" in next((shop.folder / "migrations" / "versions").glob("joined*")).read_text()


def test_flask_migrates_own_env_py_for_binds(tmp_path: Path) -> None:
    settings = '[tool.gitmig]\nscript_location = "migrations"\napp = "shop:make"\n'
    shop = Shop(tmp_path / "shop", settings)
    models = (
        "from flask import Flask\nfrom flask_migrate import Migrate\nfrom flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n\n\n"
        "class Thing(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
        "class Person(db.Model):\n    __bind_key__ = 'users'\n    id = db.Column(db.Integer, primary_key=True)\n\n\n"
        "def make():\n    app = Flask(__name__)\n"
        f"    app.config['SQLALCHEMY_DATABASE_URI'] = 'sqlite:///{tmp_path}/main.db'\n"
        f"    app.config['SQLALCHEMY_BINDS'] = {{'users': 'sqlite:///{tmp_path}/users.db'}}\n"
        "    db.init_app(app)\n    Migrate(app, db)\n    return app\n"
    )
    shop.write("shop.py", models)
    shutil.rmtree(shop.folder / "migrations")
    shop._run([sys.executable, "-m", "flask", "--app", "shop:make", "db", "init", "--multidb"], 0)
    assert "`binds = true`" in shop.gitmig("check", expect=2).stderr
    shop.write("pyproject.toml", f"{settings}binds = true\n")
    env = (shop.folder / "migrations" / "env.py").read_text()
    seen = "script = directives[0]\n            print('asked of', [each.upgrade_token for each in script.upgrade_ops_list])\n"
    shop.write("migrations/env.py", env.replace("script = directives[0]\n", seen))
    done = shop.gitmig("revision", "--autogenerate", "--rev-id", "aaaa")
    assert "asked of ['_upgrades']\nasked of ['_upgrades', 'users_upgrades']\n" in done.stderr
    done = shop.gitmig("upgrade")
    assert [line.split()[:3] for line in done.stdout.splitlines()[1:]] == [["default", "done", "aaaa"], ["users", "done", "aaaa"]]
    assert tables(f"sqlite:///{tmp_path}/main.db") == {"alembic_version", "thing"}
    assert tables(f"sqlite:///{tmp_path}/users.db") == {"alembic_version", "person"}
    shop.gitmig("--database", "users", "downgrade", "base")
    assert [each["rows"] for each in shop.json("current")["databases"]] == [["aaaa"], []]
    # Nothing changed for both: Flask-Migrate's function empties the list when it has seen them all.
    assert "Nothing to do" in shop.gitmig("revision", "--autogenerate").stdout
