"""Packages that define operations, comparators, renderers and dialects of their own, as they are released, on gitmig:
`gitmig revision --autogenerate`, `upgrade` and `downgrade`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.runkit import Project

ENV = """
from alembic import context
from sqlalchemy import engine_from_config, pool

from app import target_metadata
{more}

config = context.config
if context.is_offline_mode():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata, literal_binds=True{options})
    with context.begin_transaction():
        context.run_migrations()
else:
    connectable = engine_from_config(config.get_section(config.config_ini_section, {{}}), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata{options})
        with context.begin_transaction():
            context.run_migrations()
"""


def project(folder: Path, url: str, app: str, *, more: str = "", options: str = "") -> Project:
    made = Project(folder, url)
    made.write("app.py", app)
    made.write("migrations/env.py", ENV.format(more=more, options=options))
    return made


def generated(made: Project, message: str) -> str:
    """The text of the revision that the models ask for, the database being asked too."""
    before = set((made.folder / "migrations" / "versions").iterdir())
    done = made.gitmig("revision", "--autogenerate", "--against", "database", "-m", message)
    new = set((made.folder / "migrations" / "versions").glob("*.py")) - before
    assert len(new) == 1, done.stdout + done.stderr
    return new.pop().read_text()


ENTITIES = """
import sqlalchemy as sa
from alembic_utils.pg_function import PGFunction
from alembic_utils.pg_trigger import PGTrigger
from alembic_utils.pg_view import PGView
from alembic_utils.replaceable_entity import register_entities

target_metadata = sa.MetaData()
sa.Table("users", target_metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))

function = PGFunction(
    schema="public",
    signature="shout(words text)",
    definition="RETURNS text AS $$ SELECT upper(words) || '{mark}' $$ LANGUAGE SQL",
)
stamp = PGFunction(
    schema="public",
    signature="stamp()",
    definition="RETURNS trigger AS $$ BEGIN NEW.name := upper(NEW.name); RETURN NEW; END; $$ LANGUAGE plpgsql",
)
view = PGView(schema="public", signature="loud", definition="SELECT id, shout(name) AS name FROM users")
trigger = PGTrigger(
    schema="public",
    signature="stamped",
    on_entity="public.users",
    definition="BEFORE INSERT ON public.users FOR EACH ROW EXECUTE FUNCTION stamp()",
)
register_entities({entities})
"""


def test_alembic_utils(tmp_path: Path, postgresql_url: str) -> None:
    pytest.importorskip("alembic_utils")
    made = project(tmp_path, postgresql_url, ENTITIES.format(mark="!", entities="[]"))
    assert "op.create_table(" in generated(made, "users")
    made.gitmig("upgrade")

    made.write("app.py", ENTITIES.format(mark="!", entities="[function, stamp, view, trigger]"))
    text = generated(made, "entities")
    assert "from alembic_utils.pg_function import PGFunction" in text
    assert text.count("op.create_entity(") == 4
    assert text.count("op.drop_entity(") == 4
    made.gitmig("upgrade")
    made.execute("INSERT INTO users (name) VALUES ('ada')")
    assert made.query("SELECT name FROM loud") == [("ADA!",)]
    assert "nothing" in made.gitmig("revision", "--autogenerate", "--against", "database", "-m", "more").stdout.lower()

    made.write("app.py", ENTITIES.format(mark="?", entities="[function, stamp, view, trigger]"))
    text = generated(made, "softer")
    assert text.count("op.replace_entity(") == 2
    made.gitmig("upgrade")
    assert made.query("SELECT name FROM loud") == [("ADA?",)]
    made.gitmig("downgrade", "-1")
    assert made.query("SELECT name FROM loud") == [("ADA!",)]
    made.gitmig("downgrade", "-1")
    assert made.query("SELECT count(*) FROM pg_views WHERE viewname = 'loud'") == [(0,)]
    assert made.query("SELECT count(*) FROM pg_proc WHERE proname IN ('shout', 'stamp')") == [(0,)]


def test_what_needs_a_database_is_named_where_none_is_asked(tmp_path: Path, postgresql_url: str) -> None:
    pytest.importorskip("alembic_utils")
    made = project(tmp_path, postgresql_url, ENTITIES.format(mark="!", entities="[function]"))
    done = made.gitmig("revision", "--autogenerate", "-m", "users")
    assert "alembic_utils compare needs a database" in done.stderr + done.stdout
    assert len(list((tmp_path / "migrations" / "versions").glob("*.py"))) == 1


ENUMS = """
import sqlalchemy as sa

target_metadata = sa.MetaData()
kind = sa.Enum({values}, name="kind")
sa.Table("things", target_metadata, sa.Column("id", sa.Integer, primary_key=True){column})
"""


def test_alembic_postgresql_enum(tmp_path: Path, postgresql_url: str) -> None:
    pytest.importorskip("alembic_postgresql_enum")
    column = ', sa.Column("kind", kind, server_default="a")'
    made = project(tmp_path, postgresql_url, ENUMS.format(values='"a", "b"', column=""), more="import alembic_postgresql_enum")
    generated(made, "things")
    made.gitmig("upgrade")
    made.write("app.py", ENUMS.format(values='"a", "b"', column=column))
    text = generated(made, "kind")
    assert "sa.Enum('a', 'b', name='kind').create(op.get_bind())" in text
    assert "create_type=False" in text
    made.gitmig("upgrade")
    made.execute("INSERT INTO things (kind) VALUES ('b')")

    made.write("app.py", ENUMS.format(values='"a", "b", "c"', column=column))
    text = generated(made, "third")
    assert "op.sync_enum_values(" in text
    made.gitmig("upgrade")
    labels = "SELECT enumlabel FROM pg_enum JOIN pg_type ON pg_type.oid = enumtypid WHERE typname = 'kind' ORDER BY enumsortorder"
    assert made.query(labels) == [("a",), ("b",), ("c",)]
    made.gitmig("downgrade", "-1")
    assert made.query(labels) == [("a",), ("b",)]
    assert made.query("SELECT kind FROM things") == [("b",)]
    made.gitmig("downgrade", "-1")
    assert made.query("SELECT count(*) FROM pg_type WHERE typname = 'kind'") == [(0,)]


DECLARED = """
import sqlalchemy as sa
from sqlalchemy_declarative_extensions import View, Views, declare_database, register_alembic_events

target_metadata = sa.MetaData()
users = sa.Table("users", target_metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)))
declare_database(target_metadata, views=Views().are({views}))
register_alembic_events(views=True)
"""


def test_sqlalchemy_declarative_extensions(tmp_path: Path, postgresql_url: str) -> None:
    pytest.importorskip("sqlalchemy_declarative_extensions")
    made = project(tmp_path, postgresql_url, DECLARED.format(views=""))
    generated(made, "users")
    made.gitmig("upgrade")
    made.write("app.py", DECLARED.format(views='View("names", "SELECT id, name FROM users")'))
    text = generated(made, "names")
    assert "CREATE VIEW" in text
    made.gitmig("upgrade")
    assert made.query("SELECT count(*) FROM names") == [(0,)]
    made.gitmig("downgrade", "-1")
    assert made.query("SELECT count(*) FROM pg_views WHERE viewname = 'names'") == [(0,)]


GEOMETRY = """
import sqlalchemy as sa
from geoalchemy2 import Geometry

target_metadata = sa.MetaData()
sa.Table(
    "lakes",
    target_metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("shape", Geometry("POLYGON", srid=4326, spatial_index=True), nullable=False),
)
"""


def test_geoalchemy2_without_a_spatial_database(tmp_path: Path, postgresql_url: str) -> None:
    """PostGIS is not there, so what its helpers write is looked at, and what it prints."""
    pytest.importorskip("geoalchemy2")
    options = (
        ", include_object=alembic_helpers.include_object, process_revision_directives=alembic_helpers.writer, "
        "render_item=alembic_helpers.render_item"
    )
    made = project(tmp_path, postgresql_url, GEOMETRY, more="from geoalchemy2 import alembic_helpers", options=options)
    text = generated(made, "lakes")
    assert "op.create_geospatial_table(" in text
    assert "Geometry(geometry_type='POLYGON', srid=4326" in text
    assert "op.drop_geospatial_table('lakes')" in text
    printed = made.gitmig("upgrade", "--sql").stdout
    assert "CREATE TABLE lakes" in printed
    assert "shape geometry(POLYGON,4326) NOT NULL" in printed
    assert "USING gist (shape)" in printed
