"""env.py read for what it configures: offline, without running a migration."""

from __future__ import annotations

import logging.config
from pathlib import Path

import pytest
import sqlalchemy as sa

from gitmig.adapters.disk import DiskTree
from gitmig.config import Config
from gitmig.errors import ModelsError
from gitmig.runtime.envcapture import Captured, capture_env
from gitmig.runtime.envconfig import EnvConfig

ONLINE = """
def online():
    engine = engine_from_config(config.get_section(config.config_ini_section), prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=target_metadata)
        with context.begin_transaction():
            context.run_migrations()
"""
GENERIC = f"""
from logging.config import fileConfig
from sqlalchemy import MetaData, engine_from_config, pool
from gitmig import context
config = context.config
fileConfig(config.config_file_name)
target_metadata = MetaData(naming_convention={{"pk": "pk_%(table_name)s"}})

def offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata, literal_binds=True,
        compare_type=False, include_object=lambda *a: True)
    with context.begin_transaction():
        context.run_migrations()
        raise RuntimeError("the migrations ran")
{ONLINE}
if context.is_offline_mode():
    offline()
else:
    online()
"""


def capture(root: Path, source: str, x: tuple[str, ...] = (), folder: str = "migrations") -> Captured:
    (root / folder).mkdir(parents=True, exist_ok=True)
    (root / folder / "env.py").write_text(source, "utf-8")
    options = {"sqlalchemy.url": "sqlite:///x.db", "own": "50%"}
    config = Config(
        root.as_posix(), "alembic.ini [alembic]", style="alembic", script_location=folder, main_options=options, url="sqlite:///x.db"
    )
    return capture_env(config, DiskTree(root), EnvConfig(config, {}), x_arguments=x)


def test_the_generic_env_py_gives_its_options(tmp_path: Path) -> None:
    before = logging.config.fileConfig
    found = capture(tmp_path, GENERIC)
    assert [metadata.naming_convention["pk"] for metadata in found.target_metadata] == ["pk_%(table_name)s"]
    assert found.options["url"] == "sqlite:///x.db"
    assert found.options["compare_type"] is False
    assert callable(found.options["include_object"])
    assert logging.config.fileConfig is before


def test_an_async_env_py_is_read_by_its_offline_half(tmp_path: Path) -> None:
    source = GENERIC.replace("def online():", "async def online():").replace("    online()", "    asyncio.run(online())")
    assert len(capture(tmp_path, f"import asyncio\n{source}").target_metadata) == 1


def test_target_metadata_may_be_a_list_or_nothing(tmp_path: Path) -> None:
    def given(target: str) -> int:
        source = f"import sqlalchemy as sa\nfrom gitmig import context\ncontext.configure(url='sqlite://', target_metadata={target})\n"
        return len(capture(tmp_path, source).target_metadata)

    assert given("None") == 0
    assert given("[sa.MetaData(), sa.MetaData()]") == 2


def test_what_surrounds_the_run_answers_as_alembic_does_offline(tmp_path: Path) -> None:
    source = """
from gitmig import context
assert context.is_offline_mode() and not context.requires_connection()
assert context.get_x_argument() == ["a=1", "b"]
assert context.get_x_argument(as_dictionary=True) == {"a": "1", "b": ""}
assert context.get_tag_argument() is None
assert context.config.get_main_option("own") == "50%"
context.config.set_main_option("sqlalchemy.url", "sqlite:///50%%.db")
context.configure(url=context.config.get_main_option("sqlalchemy.url"), target_metadata=None)
context.execute("SET search_path TO x")
assert context.get_bind() is None
assert context.get_context().opts["url"] == "sqlite:///50%.db"
with context.begin_transaction():
    context.run_migrations(engine_name="x")
"""
    assert capture(tmp_path, source, ("a=1", "b")).options["url"] == "sqlite:///50%.db"


def test_an_except_clause_of_env_py_does_not_stop_the_end_of_the_run(tmp_path: Path) -> None:
    source = """
from gitmig import context
context.configure(url="sqlite://")
try:
    context.run_migrations()
except Exception:
    raise SystemExit(9)
"""
    assert capture(tmp_path, source).options["url"] == "sqlite://"


def test_an_env_py_that_cannot_run_offline_is_told_with_the_line_to_write(tmp_path: Path) -> None:
    source = "from gitmig import context\nimport os\nurl = os.environ['NO_SUCH_URL_OF_TEST']\n"
    with pytest.raises(ModelsError, match=r"migrations/env\.py cannot be run without a database") as caught:
        capture(tmp_path, source)
    assert "NO_SUCH_URL_OF_TEST" in caught.value.message
    assert "migrations/env.py:3: url = os.environ" in caught.value.message
    assert "models = " in caught.value.hint


def test_an_env_py_that_configures_nothing_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelsError, match=r"never calls context\.configure\(\)"):
        capture(tmp_path, "from gitmig import context\n")


def test_a_missing_env_py_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        capture_env(Config(tmp_path.as_posix(), "x"), DiskTree(tmp_path), None)


def test_env_py_may_lie_at_the_root_and_in_folders_of_any_name(tmp_path: Path) -> None:
    source = "from gitmig import context\nassert __file__.endswith('env.py')\ncontext.configure(url='sqlite://')\n"
    assert capture(tmp_path, source, folder=".").options == {"url": "sqlite://"}
    assert capture(tmp_path, source, folder="die 'Züge'/alembic").options == {"url": "sqlite://"}


def test_the_metadata_keeps_its_identity(tmp_path: Path) -> None:
    metadata = capture(tmp_path, GENERIC).target_metadata[0]
    assert isinstance(metadata, sa.MetaData)
