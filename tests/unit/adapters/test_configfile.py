"""Finding configuration on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitmig.adapters.configfile import find_configuration, folder_config
from gitmig.errors import ConfigError, UsageError

INI = "[gitmig]\nurl = sqlite:///x.db\n[gitmig.databases.live]\nurl = sqlite:///live.db\n"


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_the_root_is_the_folder_of_the_file(tmp_path: Path) -> None:
    write(tmp_path / "gitmig.ini", INI)
    assert find_configuration(tmp_path, environ={}).root == tmp_path.as_posix()


def test_parents_are_searched_up_to_the_top_of_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "gitmig.ini", INI)
    top = tmp_path / "repo"
    inner = top / "a" / "b"
    inner.mkdir(parents=True)
    (top / ".git").mkdir()
    with pytest.raises(ConfigError, match="no gitmig configuration") as caught:
        find_configuration(inner, environ={})
    assert "gitmig init" in caught.value.hint
    write(top / "gitmig.ini", INI)
    assert find_configuration(inner, environ={}).root == top.as_posix()
    write(top / "a" / "pyproject.toml", "[tool.gitmig]\n")
    assert find_configuration(inner, environ={}).root == (top / "a").as_posix()


def test_outside_a_repository_only_the_current_folder_counts(tmp_path: Path) -> None:
    write(tmp_path / "gitmig.ini", INI)
    (tmp_path / "inner").mkdir()
    with pytest.raises(ConfigError):
        find_configuration(tmp_path / "inner", environ={})


def test_a_named_file_makes_its_folder_the_root(tmp_path: Path) -> None:
    write(tmp_path / "conf" / "my own ü.ini", INI)
    found = find_configuration(tmp_path, files=["conf/my own ü.ini"], environ={})
    assert (found.root, found.files) == ((tmp_path / "conf").as_posix(), ("my own ü.ini",))


def test_gitmig_config_names_a_file_and_c_wins_over_it(tmp_path: Path) -> None:
    write(tmp_path / "a.ini", "[gitmig]\nurl = a://\n")
    write(tmp_path / "b.ini", "[gitmig]\nurl = b://\n")
    environ = {"GITMIG_CONFIG": "a.ini"}
    assert find_configuration(tmp_path, environ=environ).url == "a://"
    assert find_configuration(tmp_path, files=["b.ini"], environ=environ).url == "b://"


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        find_configuration(tmp_path, files=["nothing.ini"], environ={})


def test_alembics_relative_script_location_may_be_the_current_folders(tmp_path: Path) -> None:
    write(tmp_path / "conf" / "alembic.ini", "[alembic]\nscript_location = migrations\n")
    (tmp_path / "migrations").mkdir()
    assert find_configuration(tmp_path, files=["conf/alembic.ini"], environ={}).root == tmp_path.as_posix()
    (tmp_path / "conf" / "migrations").mkdir()
    assert find_configuration(tmp_path, files=["conf/alembic.ini"], environ={}).root == (tmp_path / "conf").as_posix()


def test_the_url_of_the_command_line_wins_over_the_environment_and_that_over_the_file(tmp_path: Path) -> None:
    write(tmp_path / "gitmig.ini", INI)
    environ = {"GITMIG_URL": "env://"}
    assert find_configuration(tmp_path, environ={}).url == "sqlite:///x.db"
    assert find_configuration(tmp_path, environ=environ).url == "env://"
    assert find_configuration(tmp_path, url="line://", environ=environ).url == "line://"
    assert find_configuration(tmp_path, database="live", environ=environ).url == "sqlite:///live.db"
    with pytest.raises(UsageError):
        find_configuration(tmp_path, url="line://", database="live", environ={})


def test_a_folder_named_like_a_configuration_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "gitmig.ini").mkdir()
    assert folder_config(tmp_path) is None


def test_a_sqlite_file_is_the_same_from_every_folder_of_the_project(tmp_path: Path) -> None:
    write(tmp_path / "gitmig.ini", INI)
    (tmp_path / ".git").mkdir()
    (tmp_path / "inner").mkdir()
    anchored = f"sqlite:///{tmp_path}/x.db"
    assert find_configuration(tmp_path / "inner", environ={}).url == anchored
    assert find_configuration(tmp_path / "inner", files=["../gitmig.ini"], environ={}).url == anchored
    assert find_configuration(tmp_path / "inner", url="sqlite:///y.db", environ={}).url == "sqlite:///y.db"


def test_alembics_sqlite_file_is_the_current_folders_when_c_names_the_file(tmp_path: Path) -> None:
    write(tmp_path / "conf" / "alembic.ini", "[alembic]\nscript_location = %(here)s/m\nsqlalchemy.url = sqlite:///x.db\n")
    assert find_configuration(tmp_path, files=["conf/alembic.ini"], environ={}).url == "sqlite:///x.db"


def test_an_ini_file_in_the_migrations_folder_needs_no_script_location(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "alembic.ini").write_text("[alembic]\nsqlalchemy.url = sqlite:///app.db\n")
    with pytest.raises(ConfigError, match="no script_location"):
        find_configuration(tmp_path, files=("migrations/alembic.ini",), environ={})
    (folder / "env.py").write_text("")
    config = find_configuration(tmp_path, files=("migrations/alembic.ini",), environ={})
    assert (config.root, config.script_location, config.style) == (tmp_path.as_posix(), "migrations", "alembic")
    inside = find_configuration(folder, files=("alembic.ini",), environ={})
    assert (inside.root, inside.script_location) == (folder.as_posix(), ".")
    (tmp_path / "pyproject.toml").write_text('[tool.gitmig]\nmodels = ["app:db"]\n')
    overlaid = find_configuration(tmp_path, files=("migrations/alembic.ini",), environ={})
    assert (overlaid.root, overlaid.script_location, overlaid.models) == (tmp_path.as_posix(), "migrations", ("app:db",))
