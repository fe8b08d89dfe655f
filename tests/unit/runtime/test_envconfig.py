"""`context.config` as env.py reads and sets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitmig.config import Config, read_config, use_url
from gitmig.errors import ConfigError
from gitmig.runtime.envconfig import EnvConfig

INI = """
[DEFAULT]
who = me
[alembic]
script_location = %(here)s/migrations
sqlalchemy.url = mysql://%(who)s:p%%40ss@h/d
databases = one, two
late = %(later)s
[one]
sqlalchemy.url = sqlite:///one.db
[formatter_generic]
format = %(levelname)s
"""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "alembic.ini").write_text(INI)
    found = read_config(lambda path: (tmp_path / path).read_bytes() if (tmp_path / path).exists() else None, tmp_path.as_posix())
    assert found is not None
    return found


def test_the_main_section_is_read_with_its_interpolation(config: Config) -> None:
    env = EnvConfig(config, {})
    assert env.config_ini_section == "alembic"
    assert env.config_file_name == f"{config.root}/alembic.ini"
    assert env.get_main_option("sqlalchemy.url") == "mysql://me:p%40ss@h/d"
    assert env.get_main_option("script_location") == f"{config.root}/migrations"
    assert env.get_main_option("nothing", "default") == "default"
    assert env.get_section("one", {})["sqlalchemy.url"] == "sqlite:///one.db"
    assert env.get_section("nothing", {"a": "b"}) == {"a": "b"}
    assert env.get_section_option("one", "who") == "me"


def test_a_name_that_env_py_sets_first_is_interpolated_then(config: Config) -> None:
    env = EnvConfig(config, {})
    env.set_section_option("alembic", "later", "now")
    assert env.get_main_option("late") == "now"


def test_what_env_py_sets_it_reads_back(config: Config) -> None:
    env = EnvConfig(config, {})
    env.set_main_option("sqlalchemy.url", "sqlite:///50%%.db")
    env.set_section_option("fresh", "a", "b")
    assert env.get_main_option("sqlalchemy.url") == "sqlite:///50%.db"
    assert env.get_section_option("fresh", "a") == "b"
    env.remove_main_option("databases")
    assert env.get_main_option("databases") is None


def test_a_url_given_on_the_command_line_is_read(config: Config) -> None:
    env = EnvConfig(use_url(config, "sqlite:///a%b$$c.db"), {})
    assert env.get_main_option("sqlalchemy.url") == "sqlite:///a%b$$c.db"
    env.set_main_option("later", "now")
    assert env.get_section("alembic")["sqlalchemy.url"] == "sqlite:///a%b$$c.db"


def test_toml_alone_gives_a_main_section_too(tmp_path: Path) -> None:
    toml = b'[tool.gitmig]\nurl = "sqlite:///${NAME}.db"\nmodels = ["a:b"]\n'
    config = read_config(lambda path: toml if path == "pyproject.toml" else None, tmp_path.as_posix())
    assert config is not None
    env = EnvConfig(config, {"NAME": "shop"})
    assert env.config_file_name is None
    assert env.get_section(env.config_ini_section)["sqlalchemy.url"] == "sqlite:///shop.db"


def test_an_unset_variable_is_an_error_only_when_connecting() -> None:
    config = Config("/srv", "gitmig.ini", url="x://${NO_SUCH}", main_options={"sqlalchemy.url": "x://${NO_SUCH}"})
    assert EnvConfig(config, {}).get_main_option("sqlalchemy.url") == "x://${NO_SUCH}"
    connecting = EnvConfig(config, {}, connecting=True)
    for read in (lambda: connecting.get_main_option("sqlalchemy.url"), lambda: connecting.get_section("alembic")):
        with pytest.raises(ConfigError, match="NO_SUCH"):
            read()
    connecting.set_main_option("sqlalchemy.url", "sqlite://")
    assert connecting.get_main_option("sqlalchemy.url") == "sqlite://"
