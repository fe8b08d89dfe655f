"""Which file is the configuration, what overlays what, and what each key means."""

from __future__ import annotations

import pytest

from gitmig.config import CommitSettings, Config, DatabaseSettings, Hook, read_config
from gitmig.errors import ConfigError

ROOT = "/srv/shop"


def read(files: dict[str, str], *, named: tuple[str, ...] = (), section: str | None = None) -> Config | None:
    return read_config(lambda path: files[path].encode() if path in files else None, ROOT, named=named, section=section)


def config(files: dict[str, str], *, named: tuple[str, ...] = (), section: str | None = None) -> Config:
    found = read(files, named=named, section=section)
    assert found is not None
    return found


def refused(files: dict[str, str], *, named: tuple[str, ...] = (), section: str | None = None) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        read(files, named=named, section=section)
    return caught.value


TOML = '[tool.gitmig]\nurl = "sqlite:///toml.db"\n'
INI = "[gitmig]\nsqlalchemy.url = sqlite:///ini.db\n"
ALEMBIC_TOML = '[tool.alembic]\nscript_location = "%(here)s/alembic_toml"\n'
ALEMBIC_INI = "[alembic]\nscript_location = %(here)s/alembic_ini\nsqlalchemy.url = sqlite:///alembic.db\n"


def test_a_folder_without_configuration_has_none() -> None:
    assert read({}) is None
    assert read({"pyproject.toml": '[project]\nname = "gitmig-like"\n'}) is None


def test_the_first_file_found_is_the_configuration() -> None:
    every = {"pyproject.toml": TOML + ALEMBIC_TOML, "gitmig.ini": INI, "alembic.ini": ALEMBIC_INI}
    assert config(every).source == "pyproject.toml [tool.gitmig]"
    assert config(every).url == "sqlite:///toml.db"
    without_toml = {"gitmig.ini": INI, "alembic.ini": ALEMBIC_INI}
    assert config(without_toml).source == "gitmig.ini [gitmig]"
    assert config(without_toml).url == "sqlite:///ini.db"
    alembic = {"pyproject.toml": ALEMBIC_TOML, "alembic.ini": ALEMBIC_INI}
    assert config(alembic).source == "pyproject.toml [tool.alembic]"
    assert config(alembic).script_location == "alembic_toml"
    assert config({"alembic.ini": ALEMBIC_INI}).source == "alembic.ini [alembic]"


def test_gitmigs_own_configuration_overlays_alembics_key_by_key() -> None:
    found = config({"pyproject.toml": '[tool.gitmig]\nmodels = ["app:Base"]\n', "alembic.ini": ALEMBIC_INI})
    assert (found.style, found.models) == ("gitmig", ("app:Base",))
    assert (found.script_location, found.url) == ("alembic_ini", "sqlite:///alembic.db")
    assert found.files == ("pyproject.toml", "alembic.ini")


def test_alembics_two_files_fill_each_other() -> None:
    found = config({"pyproject.toml": ALEMBIC_TOML, "alembic.ini": "[alembic]\nsqlalchemy.url = sqlite:///x.db\n"})
    assert (found.style, found.script_location, found.url) == ("alembic", "alembic_toml", "sqlite:///x.db")


def test_a_file_given_by_name_comes_before_those_that_are_found() -> None:
    files = {"pyproject.toml": TOML, "gitmig.ini": INI, "prod.ini": "[gitmig]\nurl = sqlite:///prod.db\n"}
    assert config(files, named=("prod.ini",)).url == "sqlite:///prod.db"
    assert config(files, named=("gitmig.ini",)).url == "sqlite:///ini.db"


def test_a_named_section_of_an_ini_is_read_in_place_of_the_usual_one() -> None:
    files = {"alembic.ini": ALEMBIC_INI + "[other]\nscript_location = elsewhere\n"}
    found = config(files, section="other")
    assert (found.script_location, found.ini_section) == ("elsewhere", "other")
    assert "[nothing]" in refused(files, section="nothing").message


def test_every_key_has_its_type_in_toml() -> None:
    found = config(
        {
            "pyproject.toml": """
[tool.gitmig]
script_location = "%(here)s/db/migrations"
url = "postgresql://me:${PASSWORD}@h/d?x=100%25"
models = ["app.models:Base", "other.**"]
dialect = ["postgresql", "sqlite"]
app = "app:create_app"
version_table = "v"
history_table = ""
published = ["origin/main"]
file_template = "%(year)d_%(rev)s"
truncate_slug_length = 10
timezone = "UTC"
version_locations = ["%(here)s/a", "b", "pkg:c"]
recursive_version_locations = true
prepend_sys_path = ["src"]
output_encoding = "latin-1"
sourceless = true
revision_environment = true
[tool.gitmig.commit]
autogenerate = "review"
unsafe = "check"
missing = "fail"
[tool.gitmig.merge]
heads = "rebase"
[tool.gitmig.checkout]
sync = "auto"
[tool.gitmig.databases.staging]
url = "${STAGING_URL}"
role = "shared"
[[tool.gitmig.post_write_hooks]]
name = "ruff"
type = "exec"
executable = "%(here)s/.venv/bin/ruff"
"""
        }
    )
    assert found.script_location == "db/migrations"
    assert found.url == "postgresql://me:${PASSWORD}@h/d?x=100%25"
    assert found.models == ("app.models:Base", "other.**")
    assert found.dialects == ("postgresql", "sqlite")
    assert (found.app, found.version_table, found.history_table) == ("app:create_app", "v", "")
    assert (found.published, found.file_template) == (("origin/main",), "%(year)d_%(rev)s")
    assert (found.truncate_slug_length, found.timezone) == (10, "UTC")
    assert found.version_locations == ("a", "b", "pkg:c")
    assert found.recursive_version_locations and found.sourceless and found.revision_environment
    assert (found.prepend_sys_path, found.output_encoding) == (("src",), "latin-1")
    assert found.commit == CommitSettings("review", "check", "fail")
    assert found.databases == (DatabaseSettings("staging", "${STAGING_URL}", "shared"),)
    assert found.hooks == (Hook("ruff", {"type": "exec", "executable": f"{ROOT}/.venv/bin/ruff"}),)


def test_every_key_has_its_type_in_an_ini() -> None:
    found = config(
        {
            "gitmig.ini": """
[DEFAULT]
who = me
[gitmig]
script_location = %(here)s/db
sqlalchemy.url = mysql://%(who)s:p%%40ss@h/d
sqlalchemy.echo = true
models = app.models:Base
    other.**
file_template = %%(rev)s
truncate_slug_length = 10
version_locations = %(here)s/one:%(here)s/two
path_separator = :
prepend_sys_path = src:lib
recursive_version_locations = true
sourceless =
my_own_key = kept for env.py
[gitmig.commit]
unsafe = stage
[gitmig.databases.live]
url = x://y
role = production
[post_write_hooks]
hooks = black
black.type = console_scripts
black.entrypoint = black
[formatter_generic]
format = %(levelname)s
"""
        }
    )
    assert (found.script_location, found.url) == ("db", "mysql://me:p%40ss@h/d")
    assert found.models == ("app.models:Base", "other.**")
    assert (found.file_template, found.truncate_slug_length) == ("%(rev)s", 10)
    assert (found.version_locations, found.prepend_sys_path) == (("one", "two"), ("src", "lib"))
    assert found.recursive_version_locations and not found.sourceless
    assert found.commit.unsafe == "stage"
    assert found.databases == (DatabaseSettings("live", "x://y", "production"),)
    assert found.hooks == (Hook("black", {"type": "console_scripts", "entrypoint": "black"}),)
    assert found.main_options["my_own_key"] == "kept for env.py"
    assert found.main_options["sqlalchemy.echo"] == "true"


@pytest.mark.parametrize("separator", ["", "path_separator = space\n", "path_separator = newline\n"])
def test_lists_are_split_as_alembic_splits_them(separator: str) -> None:
    between = "\n    " if "newline" in separator else " "
    found = config({"alembic.ini": f"[alembic]\nscript_location = a\nversion_locations = one{between}two\n{separator}"})
    assert found.version_locations == ("one", "two")


def test_paths_in_the_project_are_relative_and_others_absolute() -> None:
    found = config({"alembic.ini": "[alembic]\nscript_location = %(here)s/../other/migrations\n"})
    assert found.script_location == "/srv/other/migrations"
    assert config({"alembic.ini": "[alembic]\nscript_location = ./migrations/\n"}).script_location == "migrations"
    assert config({"alembic.ini": "[alembic]\nscript_location = app:migrations\n"}).script_location == "app:migrations"


def test_a_key_that_env_py_completes_is_left_to_env_py() -> None:
    ini = "[alembic]\nscript_location = a\nsqlalchemy.url = pg://%(DB_USER)s@h\n"
    found = config({"alembic.ini": ini})
    assert found.url is None
    assert "sqlalchemy.url" not in found.main_options


def test_dollars_of_an_alembic_url_stay_what_they_are() -> None:
    from gitmig.config import expand_url

    found = config({"alembic.ini": "[alembic]\nscript_location = a\nsqlalchemy.url = pg://u:a$$b$@${HOST}/d\n"})
    assert found.url is not None
    assert expand_url(found.url, {"HOST": "h"}) == "pg://u:a$$b$@h/d"


BROKEN = [
    ("pyproject.toml", '[tool.gitmig]\nurl = "x\n', "pyproject.toml:2", "TOML"),
    ("pyproject.toml", '[tool.gitmig]\n\nscript_locaton = "x"\n', "pyproject.toml:3", "script_locaton"),
    ("pyproject.toml", "[tool.gitmig]\nsourceless = 1\n", "pyproject.toml:2", "true or false"),
    ("pyproject.toml", "[tool.gitmig]\nmodels = [1]\n", "pyproject.toml:2", "list of strings"),
    ("pyproject.toml", '[tool.gitmig.commit]\nunsafe = "maybe"\n', "pyproject.toml:2", "maybe"),
    ("pyproject.toml", '[tool.gitmig.commit]\nunsaef = "off"\n', "pyproject.toml:2", "unsaef"),
    ("pyproject.toml", "[tool.gitmig.comit]\n", "pyproject.toml:1", "comit"),
    ("pyproject.toml", "[tool.gitmig.databases.x]\nrole = 'local'\n", "pyproject.toml:1", "no url"),
    ("gitmig.ini", "url = x\n", "gitmig.ini:1", "section"),
    ("gitmig.ini", "[gitmig]\nurl = x\nurl = y\n", "gitmig.ini:3", "twice"),
    ("gitmig.ini", "[gitmig]\n[gitmig]\n", "gitmig.ini:2", "twice"),
    ("gitmig.ini", "[gitmig]\nurl = a%b\n", "gitmig.ini:2", "%%"),
    ("gitmig.ini", "[gitmig]\nwhat is this\n", "gitmig.ini:2", "key = value"),
    ("gitmig.ini", "[gitmig]\ntruncate_slug_length = many\n", "gitmig.ini:2", "whole number"),
    ("gitmig.ini", "[gitmig]\nscript_locaton = x\n", "gitmig.ini:2", "script_location"),
    ("gitmig.ini", "[gitmig]\npath_separator = comma\nversion_locations = a\n", "gitmig.ini:2", "path_separator"),
    ("gitmig.ini", "[other]\n", "gitmig.ini", "[gitmig]"),
    ("alembic.ini", "[alembic]\nsqlalchemy.url = x\n", "alembic.ini", "script_location"),
]


@pytest.mark.parametrize(("path", "text", "place", "word"), BROKEN)
def test_broken_configuration_is_named_with_file_and_line(path: str, text: str, place: str, word: str) -> None:
    error = refused({path: text})
    assert place in error.message
    assert word in str(error)
    assert error.hint


def test_a_file_that_is_not_utf8_is_named_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"gitmig\.ini:2: the file is not UTF-8"):
        read_config(lambda path: b"[gitmig]\nurl = \xff\n" if path == "gitmig.ini" else None, ROOT)


def test_a_byte_order_mark_is_no_part_of_the_file() -> None:
    found = read_config(lambda path: b"\xef\xbb\xbf[gitmig]\r\nurl = a://b\r\n" if path == "gitmig.ini" else None, ROOT)
    assert found is not None and found.url == "a://b"


def test_near_names_are_offered_for_an_unknown_key() -> None:
    assert "script_location" in refused({"pyproject.toml": '[tool.gitmig]\nscript_locatio = "x"\n'}).hint


def test_two_files_of_one_kind_are_refused() -> None:
    assert "one ini" in refused({}, named=("a.ini", "b.ini")).hint
