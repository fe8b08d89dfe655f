"""URLs as templates: variables, dollars, dialects."""

from __future__ import annotations

import pytest

from gitmig.config import (
    Config,
    DatabaseSettings,
    anchor_url,
    expand_url,
    import_paths,
    literal_url,
    main_options,
    replay_dialects,
    url_dialect,
    use_database,
    use_url,
)
from gitmig.errors import ConfigError

CONFIG = Config("/srv/shop", "gitmig.ini [gitmig]", url="postgresql://${USER}@h/d")


def test_variables_and_dollars_are_expanded() -> None:
    assert expand_url("a://${U}:$$$${U}$@h", {"U": "me"}) == "a://me:$${U}$@h"


def test_an_unset_variable_is_an_error_that_names_it_and_the_file() -> None:
    with pytest.raises(ConfigError, match=r"gitmig\.ini: .*NOPE, which is unset") as caught:
        expand_url("${NOPE}", {}, "gitmig.ini")
    assert "export NOPE" in caught.value.hint


@pytest.mark.parametrize("url", ["a://b", "a://u:$$x${Y}$@h"])
def test_a_literal_url_expands_to_itself(url: str) -> None:
    assert expand_url(literal_url(url), {"Y": "wrong"}) == url


@pytest.mark.parametrize(
    ("template", "environ", "dialect"),
    [
        ("postgresql+psycopg://${USER}:${PASSWORD}@h/d", {}, "postgresql"),
        ("sqlite://", {}, "sqlite"),
        ("${DATABASE_URL}", {}, None),
        ("${DATABASE_URL}", {"DATABASE_URL": "mysql+pymysql://h/d"}, "mysql"),
        ("nonsense", {}, None),
    ],
)
def test_the_dialect_is_told_by_the_scheme_alone(template: str, environ: dict[str, str], dialect: str | None) -> None:
    assert url_dialect(template, environ) == dialect


def test_the_dialect_key_wins_over_the_url() -> None:
    assert replay_dialects(Config("/", "x", url="sqlite://", dialects=("postgresql",)), {}) == ("postgresql",)
    assert replay_dialects(Config("/", "x", url="sqlite://"), {}, "mysql://h") == ("sqlite",)


def test_the_url_of_env_py_tells_the_dialect_where_configuration_does_not() -> None:
    assert replay_dialects(Config("/", "x"), {}, "mysql://h") == ("mysql",)
    placeholder = Config("/", "x", url="driver://user:pass@localhost/dbname")
    assert replay_dialects(placeholder, {}, "postgresql://h") == ("postgresql",)


@pytest.mark.parametrize("url", [None, "${DATABASE_URL}"])
def test_an_unknown_dialect_is_an_error_with_the_line_to_write(url: str | None) -> None:
    with pytest.raises(ConfigError) as caught:
        replay_dialects(Config("/", "gitmig.ini", url=url), {})
    assert "dialect =" in caught.value.hint


def test_a_url_from_the_command_line_is_what_env_py_reads_too() -> None:
    used = use_url(CONFIG, "mysql://u:p$$w@h")
    assert main_options(used, {})["sqlalchemy.url"] == "mysql://u:p$$w@h"
    assert used.url is not None and expand_url(used.url, {}) == "mysql://u:p$$w@h"


def test_main_options_leave_unset_variables_as_they_are() -> None:
    config = use_database(Config("/", "x", databases=(DatabaseSettings("a", "${A}://${B}"),)), "a")
    assert main_options(config, {"A": "sqlite"})["sqlalchemy.url"] == "sqlite://${B}"
    assert config.database == "a"


def test_an_unknown_database_is_answered_with_near_names() -> None:
    config = Config("/", "gitmig.ini", databases=(DatabaseSettings("staging", "x://"),))
    with pytest.raises(ConfigError, match="no database called 'stagin'") as caught:
        use_database(config, "stagin")
    assert "staging" in caught.value.hint


def test_the_root_is_importable_once_and_after_what_is_written() -> None:
    assert import_paths(Config("/srv/shop", "x")) == ("/srv/shop",)
    assert import_paths(Config("/srv/shop", "x", prepend_sys_path=("src", "."))) == ("/srv/shop/src", "/srv/shop")


@pytest.mark.parametrize(
    ("template", "anchored"),
    [
        ("sqlite:///app.db", "sqlite:////srv/a$$b/app.db"),
        ("sqlite+pysqlite:///../x y.db?mode=ro", "sqlite+pysqlite:////srv/x y.db?mode=ro"),
        ("sqlite:////abs/x.db", "sqlite:////abs/x.db"),
        ("sqlite:///C:/x.db", "sqlite:///C:/x.db"),
        ("sqlite:///${FOLDER}/x.db", "sqlite:///${FOLDER}/x.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
        ("sqlite:///file:x?uri=true", "sqlite:///file:x?uri=true"),
        ("postgresql://h/d", "postgresql://h/d"),
    ],
)
def test_only_a_relative_sqlite_file_is_anchored(template: str, anchored: str) -> None:
    assert anchor_url(template, "/srv/a$b") == anchored
